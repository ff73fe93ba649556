package desk

import (
	"context"

	"goodturn/internal/i18n"
)

// doubtWords says why a mail from the address of a colleague is a note and did not go out as their answer; "" for no
// doubt.
func doubtWords(ctx context.Context, doubt, name string) string {
	switch doubt {
	case "":
		return ""
	case "unsigned":
		return i18n.T(ctx, "{{.Name}} wrote this, but the mail does not prove for whom: its signature leaves out the recipients, the date or the subject. So it is a note, and nothing of it went out.", "Name", name)
	case "elsewhere":
		return i18n.T(ctx, "{{.Name}} wrote this, but to somebody else or about another ticket, and it was sent on to here. So it is a note, and nothing of it went out.", "Name", name)
	case "old":
		return i18n.T(ctx, "{{.Name}} wrote this long before it came, or it does not say when. So it is a note, and nothing of it went out.", "Name", name)
	case "quotes":
		return i18n.T(ctx, "This mail by {{.Name}} repeats words of a note that only staff may see. So it is a note, too, and nothing of it went out.", "Name", name)
	case "empty":
		return i18n.T(ctx, "{{.Name}} wrote nothing in this mail beside what it quotes. So it is a note, and nothing of it went out.", "Name", name)
	}
	return i18n.T(ctx, "This came from {{.Name}}’s address, but nothing proves that {{.Name}} wrote it. So it is a note, and nothing of it went out.", "Name", name)
}
