package notice

import (
	"context"
	"fmt"

	"goodturn/internal/i18n"
)

// Words say what happened, in the reader's language: "Hana Sato answered".
func (n Notice) Words(ctx context.Context) string {
	switch n.Kind {
	case Warned, Breached:
		return n.promise(ctx)
	case Threatened:
		return i18n.T(ctx, "A threat against people: “{{.Text}}”", "Text", n.Text)
	case Offered:
		return i18n.T(ctx, "Nobody took it: would you?")
	case Chatting:
		return i18n.T(ctx, "Somebody is there and asks for a live chat")
	case Undelivered:
		return i18n.T(ctx, "An answer did not arrive")
	case NewsDue:
		return i18n.T(ctx, "News is due: {{.Title}}", "Title", n.Text)
	case Missed:
		return i18n.T(ctx, "A reader misses something: {{.Title}}", "Title", n.Text)
	case Failing, Turn, Cover, Rota:
		return n.Text
	case ByRule:
		if n.Text == "" {
			return i18n.T(ctx, "Rule “{{.Name}}”", "Name", n.Source)
		}
		return i18n.T(ctx, "Rule “{{.Name}}”: {{.Text}}", "Name", n.Source, "Text", n.Text)
	}
	if n.ByName == "" {
		return n.wordsOfDesk(ctx)
	}
	return wordsBy(ctx, n.Kind, n.ByName)
}

// promise says which promise is in danger, or was not kept; Text is its code on the spine.
func (n Notice) promise(ctx context.Context) string {
	late := n.Kind == Breached
	switch n.Text {
	case "first_answer":
		if late {
			return i18n.T(ctx, "The first answer is late")
		}
		return i18n.T(ctx, "The first answer is due soon")
	case "next_answer":
		if late {
			return i18n.T(ctx, "The next answer is late")
		}
		return i18n.T(ctx, "The next answer is due soon")
	case "solve":
		if late {
			return i18n.T(ctx, "It should have been solved by now")
		}
		return i18n.T(ctx, "It should be solved soon")
	case "news":
		return i18n.T(ctx, "The requester was promised news, and heard nothing yet")
	case "team":
		if late {
			return i18n.T(ctx, "The team's part is late")
		}
		return i18n.T(ctx, "The team's part is due soon")
	}
	if late {
		return i18n.T(ctx, "A promise was not kept")
	}
	return i18n.T(ctx, "A promise is in danger")
}

// wordsOfDesk say what happened by itself.
func (n Notice) wordsOfDesk(ctx context.Context) string {
	switch n.Kind {
	case Assigned:
		return i18n.T(ctx, "A ticket was given to you")
	case Handed:
		return i18n.T(ctx, "A ticket was handed over to you")
	case Taken:
		return i18n.T(ctx, "A ticket of yours was given on")
	case Woke:
		return i18n.T(ctx, "It woke up, as you wanted")
	}
	return wordsBy(ctx, n.Kind, i18n.T(ctx, "The desk"))
}

// wordsBy say what somebody did.
func wordsBy(ctx context.Context, k Kind, name string) string {
	switch k {
	case Assigned:
		return i18n.T(ctx, "{{.Name}} gave it to you", "Name", name)
	case Handed:
		return i18n.T(ctx, "{{.Name}} is away and handed it over to you", "Name", name)
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
	case Thanked:
		return i18n.T(ctx, "{{.Name}} sent you a thank-you card", "Name", name)
	case Replied:
		return i18n.T(ctx, "{{.Name}} sent an answer", "Name", name)
	}
	return i18n.T(ctx, "{{.Name}} wrote a note", "Name", name)
}

// About is what the notice is about: the ticket, or "" for what has none.
func (n Notice) About() string {
	if n.TicketID == 0 {
		return ""
	}
	return fmt.Sprintf("#%d %s", n.TicketID, n.Subject)
}

// Path is the page that the notice leads to.
func (n Notice) Path() string {
	if n.Link != "" {
		return n.Link
	}
	return fmt.Sprintf("/tickets/%d", n.TicketID)
}
