package page

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Action is something that an agent can do with a key, or by its name in the command palette. What it does is said by
// the script that knows: act("reply", …) in js/keys.js.
type Action struct {
	// ID is the action's word in scripts and in what people chose: "reply".
	ID string
	// Key is what does it unless somebody chose another: a sign, or two typed one after the other ("g o"); "" for none.
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

// Groups lists them.
func Groups() []Group { return []Group{InList, InTicket, Anywhere} }

// Label is the heading in the reader's language.
func (g Group) Label(ctx context.Context) string {
	switch g {
	case InList:
		return i18n.T(ctx, "In a list")
	case InTicket:
		return i18n.T(ctx, "On a ticket")
	}
	return i18n.T(ctx, "Anywhere")
}

// Actions lists every action of the desk in the order in which they are shown, with the keys that everybody begins with.
func Actions(ctx context.Context) []Action {
	return []Action{
		{"next", "j", InList, i18n.T(ctx, "next ticket in the list")},
		{"previous", "k", InList, i18n.T(ctx, "previous ticket in the list")},
		{"select", "x", InList, i18n.T(ctx, "choose the ticket, for doing something with many")},
		{"select-range", "X", InList, i18n.T(ctx, "choose all from the last chosen one to here")},
		{"select-all", "", InList, i18n.T(ctx, "choose every ticket of the list, on every page")},
		{"select-none", "", InList, i18n.T(ctx, "choose none")},

		{"reply", "r", InTicket, i18n.T(ctx, "write a reply")},
		{"note", "n", InTicket, i18n.T(ctx, "write a note that only staff see")},
		{"take", "i", InTicket, i18n.T(ctx, "take the ticket")},
		{"solve", "e", InTicket, i18n.T(ctx, "solve the ticket, or have it open again")},
		{"assign", "a", InTicket, i18n.T(ctx, "choose who has it")},
		{"status", "s", InTicket, i18n.T(ctx, "change the status")},
		{"priority", "p", InTicket, i18n.T(ctx, "change the priority")},
		{"tag", "t", InTicket, i18n.T(ctx, "add a tag")},
		{"merge", "m", InTicket, i18n.T(ctx, "merge the ticket with another")},
		{"link", "", InTicket, i18n.T(ctx, "link the ticket with another")},
		{"outage", "O", InTicket, i18n.T(ctx, "link the ticket to an outage, or post one")},
		{"papercut", "B", InTicket, i18n.T(ctx, "note something small that bugs them")},
		{"split", "", InTicket, i18n.T(ctx, "split the last message off")},
		{"move", "", InTicket, i18n.T(ctx, "move the ticket to another team")},
		{"subject", "", InTicket, i18n.T(ctx, "change the subject")},
		{"list", "b", InTicket, i18n.T(ctx, "back to the list")},
		{"message-next", "J", InTicket, i18n.T(ctx, "next message")},
		{"message-previous", "K", InTicket, i18n.T(ctx, "previous message")},
		{"newest", "G", InTicket, i18n.T(ctx, "to the newest message")},
		{"first-unread", "U", InTicket, i18n.T(ctx, "to the first message that is new")},
		{"use-answer", ".", InTicket, i18n.T(ctx, "use the answer of the most similar ticket")},
		{"link-article", "A", InTicket, i18n.T(ctx, "link the article that may help")},
		{"link-similar", ",", InTicket, i18n.T(ctx, "link the most similar ticket")},
		{"copy-link", "y", InTicket, i18n.T(ctx, "copy the link to the ticket")},
		{"print", "", InTicket, i18n.T(ctx, "print the ticket")},
		{"snooze", "h", InTicket, i18n.T(ctx, "snooze the ticket")},
		{"wake", "", InTicket, i18n.T(ctx, "wake the ticket now")},
		{"trash", "#", InTicket, i18n.T(ctx, "to the trash")},
		{"unread", "u", InTicket, i18n.T(ctx, "mark as unread")},
		{"tell", "", InTicket, i18n.T(ctx, "tell the requester what is happening")},
		{"pin", "", InTicket, i18n.T(ctx, "pin the ticket, or take the pin off")},
		{"macro", "M", InTicket, i18n.T(ctx, "use a macro")},
		{"undo", "z", InTicket, i18n.T(ctx, "take back what you just did")},

		{"go-ours", "g o", Anywhere, i18n.T(ctx, "go to: our turn")},
		{"go-mine", "g m", Anywhere, i18n.T(ctx, "go to: mine")},
		{"go-unassigned", "g u", Anywhere, i18n.T(ctx, "go to: unassigned")},
		{"go-team", "g t", Anywhere, i18n.T(ctx, "go to: my teams")},
		{"go-waiting", "g w", Anywhere, i18n.T(ctx, "go to: waiting")},
		{"go-snoozed", "g s", Anywhere, i18n.T(ctx, "go to: snoozed")},
		{"go-followed", "g f", Anywhere, i18n.T(ctx, "go to: followed")},
		{"go-suspect", "g p", Anywhere, i18n.T(ctx, "go to: suspect")},
		{"go-all", "g a", Anywhere, i18n.T(ctx, "go to: all tickets")},
		{"go-done", "g d", Anywhere, i18n.T(ctx, "go to: done")},

		{"search", "/", Anywhere, i18n.T(ctx, "search")},
		{"palette", "", Anywhere, i18n.T(ctx, "find everything, and do everything by its name")},
		{"take-next", "N", Anywhere, i18n.T(ctx, "take the next ticket")},
		{"call", "", Anywhere, i18n.T(ctx, "begin or end a long call: nothing is given to you")},
		{"cover", "", Anywhere, i18n.T(ctx, "ask a colleague to cover for you")},
		{"rota", "g r", Anywhere, i18n.T(ctx, "go to: the rota")},
		{"new", "c", Anywhere, i18n.T(ctx, "new ticket, for somebody on the phone")},
		{"account", "", Anywhere, i18n.T(ctx, "your account")},
		{"keys", "?", Anywhere, i18n.T(ctx, "this list")},
	}
}

// ActionsWith is Actions with the keys that somebody chose, by id; a chosen "" takes an action's key away.
func ActionsWith(ctx context.Context, chosen map[string]string) []Action {
	all := Actions(ctx)
	for i := range all {
		if key, ok := chosen[all[i].ID]; ok {
			all[i].Key = key
		}
	}
	return all
}

// actionsOf are the actions of one group with the keys of the person who looks.
func (n Nav) actionsOf(ctx context.Context, g Group) (out []Action) {
	for _, a := range ActionsWith(ctx, n.Keys) {
		if a.Group == g {
			out = append(out, a)
		}
	}
	return out
}

// Strokes are the signs of a key, to be typed one after the other.
func (a Action) Strokes() []string { return strings.Fields(a.Key) }

// CheckKeys reads the keys that somebody wants, by id, and gives those that are not as everybody begins. Keys that
// cannot be, or that would be in each other's way, are fault.Invalid with a field for each.
func CheckKeys(ctx context.Context, wanted map[string]string) (chosen map[string]string, err error) {
	chosen = map[string]string{}
	var wrong []fault.Field
	var before []Action
	for _, a := range Actions(ctx) {
		key, usual := strings.Join(strings.Fields(wanted[a.ID]), " "), a.Key
		if _, ok := wanted[a.ID]; !ok {
			key = usual
		}
		if a.Key = key; key != usual {
			chosen[a.ID] = key
		}
		if !typable(a.Strokes()) {
			wrong = append(wrong, fault.F(a.ID, i18n.M("A key is one sign, or two with a space between: e, or g o.")))
			continue
		}
		for _, b := range before {
			if inTheWay(a.Key, b.Key) {
				wrong = append(wrong, fault.F(a.ID, i18n.M("{{.Key}} is taken by: {{.Action}}.", "Key", b.Key, "Action", b.Label)))
				break
			}
		}
		before = append(before, a)
	}
	return chosen, fault.Check(wrong)
}

func typable(strokes []string) bool {
	for _, s := range strokes {
		if r, size := utf8.DecodeRuneInString(s); size != len(s) || !unicode.IsGraphic(r) || r == utf8.RuneError {
			return false
		}
	}
	return len(strokes) <= 2
}

// inTheWay tells that two keys are the same, or that one begins the other.
func inTheWay(a, b string) bool {
	return a != "" && b != "" && (a == b || strings.HasPrefix(a, b+" ") || strings.HasPrefix(b, a+" "))
}
