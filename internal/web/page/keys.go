package page

import (
	"context"

	"goodturn/internal/i18n"
)

// Action is something that an agent can do with a key, or by its name in the command palette. What it does is said by
// the script that knows: act("reply", …) in js/keys.js.
type Action struct {
	// ID is the action's word in scripts and in what people chose: "reply".
	ID string
	// Key is what does it unless somebody chose another: a letter, or two typed one after the other ("g o"); "" for none.
	Key string
	// Group is the heading under which it is listed.
	Group Group
	Label string
}

// Group is a heading in the list of keys.
type Group int

// The groups, in their order.
const (
	InList Group = iota
	InTicket
	Anywhere
)

func (g Group) label(ctx context.Context) string {
	switch g {
	case InList:
		return i18n.T(ctx, "In a list")
	case InTicket:
		return i18n.T(ctx, "On a ticket")
	}
	return i18n.T(ctx, "Anywhere")
}

// Actions lists every action of the desk in the order in which they are shown.
func Actions(ctx context.Context) []Action {
	return []Action{
		{"next", "j", InList, i18n.T(ctx, "next ticket in the list")},
		{"previous", "k", InList, i18n.T(ctx, "previous ticket in the list")},

		{"reply", "r", InTicket, i18n.T(ctx, "write a reply")},
		{"note", "n", InTicket, i18n.T(ctx, "write a note that only staff see")},
		{"undo", "z", InTicket, i18n.T(ctx, "take back what you just did")},

		{"search", "/", Anywhere, i18n.T(ctx, "search")},
		{"new", "c", Anywhere, i18n.T(ctx, "new ticket, for somebody on the phone")},
		{"keys", "?", Anywhere, i18n.T(ctx, "this list")},
	}
}

func actionsOf(ctx context.Context, g Group) (out []Action) {
	for _, a := range Actions(ctx) {
		if a.Group == g {
			out = append(out, a)
		}
	}
	return out
}
