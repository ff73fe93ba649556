package notice

import (
	"context"

	"goodturn/internal/i18n"
)

// Words say what happened, in the reader's language: "Hana Sato answered".
func (n Notice) Words(ctx context.Context) string {
	name := n.ByName
	if name == "" {
		switch n.Kind {
		case Assigned:
			return i18n.T(ctx, "A ticket was given to you")
		case Taken:
			return i18n.T(ctx, "A ticket of yours was given on")
		case Woke:
			return i18n.T(ctx, "It woke up, as you wanted")
		case Undelivered:
			return i18n.T(ctx, "An answer did not arrive")
		}
		name = i18n.T(ctx, "The desk")
	}
	switch n.Kind {
	case Assigned:
		return i18n.T(ctx, "{{.Name}} gave it to you", "Name", name)
	case Taken:
		return i18n.T(ctx, "{{.Name}} took it off you", "Name", name)
	case Mentioned:
		return i18n.T(ctx, "{{.Name}} mentioned you", "Name", name)
	case Answered:
		return i18n.T(ctx, "{{.Name}} answered", "Name", name)
	case Back:
		return i18n.T(ctx, "{{.Name}} answered, so it is back", "Name", name)
	case Woke:
		return i18n.T(ctx, "{{.Name}} woke it up", "Name", name)
	case Undelivered:
		return i18n.T(ctx, "An answer did not arrive")
	case Replied:
		return i18n.T(ctx, "{{.Name}} sent an answer", "Name", name)
	}
	return i18n.T(ctx, "{{.Name}} wrote a note", "Name", name)
}

// Label names a kind for choosing.
func (k Kind) Label(ctx context.Context) string {
	switch k {
	case Assigned:
		return i18n.T(ctx, "A ticket is given to me")
	case Taken:
		return i18n.T(ctx, "A ticket of mine is given to somebody else")
	case Mentioned:
		return i18n.T(ctx, "Somebody mentions me")
	case Answered:
		return i18n.T(ctx, "The requester answers on a ticket that I have or follow")
	case Back:
		return i18n.T(ctx, "A ticket of mine that was done comes back")
	case Woke:
		return i18n.T(ctx, "A ticket of mine that slept wakes up")
	case Undelivered:
		return i18n.T(ctx, "An answer on a ticket of mine does not arrive")
	case Replied:
		return i18n.T(ctx, "A colleague answers on a ticket that I have or follow")
	}
	return i18n.T(ctx, "A colleague writes a note on a ticket that I have or follow")
}
