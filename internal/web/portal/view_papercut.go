package portal

import (
	"context"

	"goodturn/internal/i18n"
	"goodturn/internal/papercut"
)

// cutPeople says how many have it; "" where only the reader does.
func cutPeople(ctx context.Context, s papercut.Shown) string {
	switch {
	case s.Mine && s.People > 1:
		return i18n.N(ctx, "You and {{.Count}} other said so.", "You and {{.Count}} others said so.", s.People-1)
	case s.Mine:
		return ""
	}
	return i18n.N(ctx, "{{.Count}} person said so.", "{{.Count}} people said so.", s.People)
}

// cutStands says where it stands.
func cutStands(ctx context.Context, s papercut.Shown) string {
	switch s.State {
	case papercut.HandedOn:
		return i18n.T(ctx, "Handed on to those who can mend it.")
	case papercut.Gone:
		return i18n.T(ctx, "Gone.")
	case papercut.Stays:
		return i18n.T(ctx, "It stays as it is: {{.Reason}}", "Reason", s.Reason)
	}
	return ""
}

// notedWords says what happens with what was just said.
func notedWords(ctx context.Context, v PapercutView) string {
	switch {
	case v.Noted.State == papercut.Stays:
		return i18n.T(ctx, "We know of it. {{.Stands}} It is counted all the same.", "Stands", cutStands(ctx, *v.Noted))
	case v.Known && !v.Hushed:
		return i18n.T(ctx, "It is counted. No ticket was made, and you need do nothing more. We tell you when it is gone.")
	}
	return i18n.T(ctx, "It is counted. No ticket was made, and you need do nothing more.")
}
