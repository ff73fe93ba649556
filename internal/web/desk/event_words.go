package desk

import (
	"context"

	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/routing"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui"
)

// words tells an event in the reader's language, and why it happened when there is more to say; "" for one that only
// repeats what stands beside it.
func (c *conversation) words(ctx context.Context, at int) (text, why string) {
	e := c.events[at]
	name := c.actor(ctx, e)
	switch e.What {
	case ticket.Created:
		return c.createdWords(ctx, e, name), ""
	case ticket.StatusChanged:
		return c.statusWords(ctx, at, name), ""
	case ticket.PriorityChanged:
		return priorityWords(ctx, e, name), ""
	case ticket.KindChanged:
		return i18n.T(ctx, "{{.Name}} changed the kind from {{.From}} to {{.To}}", "Name", name, "From", ui.KindWord(ctx, e.FromValue), "To", ui.KindWord(ctx, e.ToValue)), ""
	case ticket.SubjectChanged:
		return i18n.T(ctx, "{{.Name}} changed the subject; it was “{{.Subject}}”", "Name", name, "Subject", e.FromValue), ""
	case ticket.TeamChanged:
		moved := i18n.T(ctx, "{{.Name}} moved it to {{.Team}}", "Name", name, "Team", c.teamName(ctx, e.ToValue))
		if r, ok := routing.ReadReason(e.Cause); ok {
			return moved, i18n.T(ctx, "by route {{.Number}}", "Number", r.Route)
		}
		return moved, ""
	case ticket.Assigned:
		return c.assigneeWords(ctx, e, name)
	case ticket.Offer:
		return c.offerWords(ctx, e), ""
	case ticket.Tagged:
		if e.Cause == "merge" {
			return "", "" // tags are united, which goes without saying
		}
		if born := c.events[0]; born.What == ticket.Created && born.At == e.At {
			return "", "" // it came with its tags
		}
		if e.ToValue == "" {
			return i18n.T(ctx, "{{.Name}} took the tag {{.Tag}} off", "Name", name, "Tag", e.FromValue), ""
		}
		return i18n.T(ctx, "{{.Name}} added the tag {{.Tag}}", "Name", name, "Tag", e.ToValue), ""
	case ticket.Followed:
		return c.followerWords(ctx, e, name), ""
	case ticket.AnswersMoved:
		return i18n.T(ctx, "{{.Name}} has the answers go to {{.Address}}", "Name", name, "Address", e.ToValue), ""
	case ticket.OutageLinked, ticket.OutageTold:
		return outageWords(ctx, e, name), ""
	case ticket.DeliveryFailed:
		return i18n.T(ctx, "Mail to {{.Address}} did not arrive", "Address", e.ToValue), e.Cause
	case ticket.TakenBack:
		return i18n.T(ctx, "{{.Name}} took back an answer before it was sent", "Name", name), ""
	case ticket.LookAsked:
		if e.ToValue == "" {
			return i18n.T(ctx, "{{.Name}} asks for a look at a draft", "Name", name), ""
		}
		return i18n.T(ctx, "{{.Name}} asks {{.Person}} for a look at a draft", "Name", name, "Person", c.who.short(idOf(e.ToValue), c.site)), ""
	case ticket.HandedBack:
		return c.handedBackWords(ctx, e, name), ""
	case ticket.WorkedSaid:
		if e.ToValue == "yes" {
			return i18n.T(ctx, "{{.Name}} says that it works", "Name", name), ""
		}
		return i18n.T(ctx, "{{.Name}} says that it is not fixed yet", "Name", name), ""
	case ticket.Thanked:
		return thanksWords(ctx, e, name), ""
	case ticket.FactSet:
		return factWords(ctx, e, name), ""
	case ticket.Suspected:
		return suspicionWords(ctx, e, name), ""
	case ticket.Trashed:
		return trashWords(ctx, e, name), ""
	case ticket.SnoozeChanged:
		return snoozeWords(ctx, e, name), ""
	case ticket.Overtook:
		return overtookWords(ctx, e, name, c.ticket.Channel == ticket.ByChat)
	case ticket.Warned:
		return i18n.T(ctx, "In danger of being late: {{.Promise}}", "Promise", ui.PromiseWord(ctx, e.ToValue)), ""
	case ticket.Breached:
		return i18n.T(ctx, "Late: {{.Promise}}", "Promise", ui.PromiseWord(ctx, e.ToValue)), ""
	case ticket.HandedOn:
		return i18n.T(ctx, "{{.Name}} handed this on for {{.Person}}, by the link or address that they share", "Name", name, "Person", c.who.short(c.ticket.RequesterID, c.site)), ""
	case ticket.ToldRequester:
		return i18n.T(ctx, "{{.Name}} told the requester: “{{.Text}}”", "Name", name, "Text", e.ToValue), ""
	case ticket.Untold:
		return i18n.T(ctx, "{{.Name}} took back what the requester was told", "Name", name), ""
	case ticket.NewsPromised:
		return newsWords(ctx, e, name), ""
	case ticket.NewsLate:
		return i18n.T(ctx, "Late: {{.Promise}}", "Promise", i18n.T(ctx, "news for the requester")), ""
	case ticket.ChatChanged:
		return chatEventWords(ctx, e, name), ""
	case ticket.LinkRevoked:
		return i18n.T(ctx, "{{.Name}} ended the links that {{.Person}} had", "Name", name, "Person", c.who.short(idOf(e.ToValue), c.site)), ""
	}
	return "", ""
}

// handedBackWords tells that somebody looked at a draft: with a yes to it, after which its author sends it, or without.
func (c *conversation) handedBackWords(ctx context.Context, e ticket.Event, name string) string {
	person := c.who.short(idOf(e.ToValue), c.site)
	if e.Cause == stint.CauseReview {
		return i18n.T(ctx, "{{.Name}} says yes to the draft of {{.Person}}", "Name", name, "Person", person)
	}
	return i18n.T(ctx, "{{.Name}} looked at the draft of {{.Person}} and handed it back", "Name", name, "Person", person)
}

// actor is who did it: a colleague by the first name, or the desk itself.
func (c *conversation) actor(ctx context.Context, e ticket.Event) string {
	if e.RuleID != 0 {
		return c.rules.subject(ctx, e.RuleID)
	}
	if e.PersonID == 0 {
		return i18n.T(ctx, "The desk")
	}
	return c.who.short(e.PersonID, c.site)
}

// createdWords tells of a ticket that somebody else wrote down; that it came is told by its first message.
func (c *conversation) createdWords(ctx context.Context, e ticket.Event, name string) string {
	switch e.Cause {
	case mailbox.CauseHandedOn:
		return i18n.T(ctx, "{{.Name}} handed this on for {{.Person}}, by forwarding a mail", "Name", name, "Person", c.who.short(c.ticket.RequesterID, c.site))
	case mailbox.CauseHandedUnverified:
		return i18n.T(ctx, "A mail from {{.Name}}’s address handed this on for {{.Person}}; nothing proves that {{.Name}} sent it", "Name", name, "Person", c.who.short(c.ticket.RequesterID, c.site))
	}
	if e.PersonID == 0 || e.PersonID == c.ticket.RequesterID || e.ToValue == string(ticket.ByForm) || e.ToValue == string(ticket.ByMail) {
		return ""
	}
	return i18n.T(ctx, "{{.Name}} wrote this down for {{.Person}}", "Name", name, "Person", c.who.short(c.ticket.RequesterID, c.site))
}

func (c *conversation) statusWords(ctx context.Context, at int, name string) string {
	e := c.events[at]
	from, to := ticket.Status(e.FromValue), ticket.Status(e.ToValue)
	switch to {
	case ticket.Solved:
		return i18n.T(ctx, "{{.Name}} solved it", "Name", name)
	case ticket.Closed:
		return i18n.T(ctx, "{{.Name}} closed it", "Name", name)
	case ticket.Pending:
		return i18n.T(ctx, "{{.Name}} waits for {{.Person}}", "Name", name, "Person", c.who.short(c.ticket.RequesterID, c.site))
	case ticket.OnHold:
		return i18n.T(ctx, "{{.Name}} put it on hold", "Name", name)
	}
	answered := c.answeredBy(at)
	switch {
	case e.Cause == ticket.DidNotWork:
		return i18n.T(ctx, "It is open again; what is still wrong stands below")
	case e.Cause == ticket.NotOnlyThanks:
		return i18n.T(ctx, "{{.Name}} opened it again: it was more than thanks", "Name", name)
	case from == ticket.StatusNew && c.besides(at):
		return "" // a new ticket that somebody takes or answers is open: the line beside it says so
	case answered != 0 && from == ticket.Pending:
		return i18n.T(ctx, "{{.Name}} answered, so it is our turn again", "Name", c.who.short(answered, c.site))
	case answered != 0:
		return i18n.T(ctx, "{{.Name}} answered, so it is open again", "Name", c.who.short(answered, c.site))
	case !from.IsOpen():
		return i18n.T(ctx, "{{.Name}} opened it again", "Name", name)
	}
	return i18n.T(ctx, "{{.Name}} changed the status from {{.From}} to {{.To}}", "Name", name, "From", ui.StatusWord(ctx, e.FromValue), "To", ui.StatusWord(ctx, e.ToValue))
}

// answeredBy gives whose message of the same moment caused an event, 0 for nobody's.
func (c *conversation) answeredBy(at int) int64 {
	for i := at - 1; i >= 0 && c.events[i].At == c.events[at].At; i-- {
		if e := c.events[i]; e.What == ticket.Messaged && e.ToValue == "in" {
			for _, m := range c.messages {
				if m.ID == e.MessageID {
					return m.AuthorID
				}
			}
		}
	}
	return 0
}

// besides tells whether the same moment has an event that explains this one.
func (c *conversation) besides(at int) bool {
	for i := at - 1; i >= 0 && c.events[i].At == c.events[at].At; i-- {
		switch c.events[i].What {
		case ticket.Messaged, ticket.Assigned:
			return true
		}
	}
	return false
}

func priorityWords(ctx context.Context, e ticket.Event, name string) string {
	from, to := ui.PriorityWord(ctx, e.FromValue), ui.PriorityWord(ctx, e.ToValue)
	if priorityRank(e.ToValue) > priorityRank(e.FromValue) {
		return i18n.T(ctx, "{{.Name}} raised the priority from {{.From}} to {{.To}}", "Name", name, "From", from, "To", to)
	}
	return i18n.T(ctx, "{{.Name}} lowered the priority from {{.From}} to {{.To}}", "Name", name, "From", from, "To", to)
}

func priorityRank(p string) int {
	for i, x := range ticket.Priorities() {
		if string(x) == p {
			return i
		}
	}
	return 0
}

// teamName is a team's name; one that the reader may not know of has none.
func (c *conversation) teamName(ctx context.Context, id string) string {
	return orElse(c.teams[idOf(id)], i18n.T(ctx, "another team"))
}

func (c *conversation) assigneeWords(ctx context.Context, e ticket.Event, name string) (text, why string) {
	from, to := idOf(e.FromValue), idOf(e.ToValue)
	if r, ok := routing.ReadReason(e.Cause); ok {
		return c.routedWords(ctx, r, from, to)
	}
	switch {
	case e.Cause == "private team":
		return i18n.T(ctx, "{{.Name}} no longer has it", "Name", c.who.short(from, c.site)), i18n.T(ctx, "not in this private team")
	case to != 0 && to == e.PersonID:
		return i18n.T(ctx, "{{.Name}} took it", "Name", name), ""
	case to != 0:
		return i18n.T(ctx, "{{.Name}} assigned it to {{.Person}}", "Name", name, "Person", c.who.short(to, c.site)), ""
	case from == e.PersonID:
		return i18n.T(ctx, "{{.Name}} gave it back", "Name", name), ""
	}
	return i18n.T(ctx, "{{.Name}} took it off {{.Person}}", "Name", name, "Person", c.who.short(from, c.site)), ""
}

func (c *conversation) followerWords(ctx context.Context, e ticket.Event, name string) string {
	come, gone := idOf(e.ToValue), idOf(e.FromValue)
	switch {
	case come == 0 && gone == e.PersonID:
		return i18n.T(ctx, "{{.Name}} no longer follows this ticket", "Name", c.who.full(gone, c.site))
	case come == 0:
		return i18n.T(ctx, "{{.Name}} took {{.Person}} off the followers", "Name", name, "Person", c.who.full(gone, c.site))
	case come == e.PersonID || e.PersonID == 0 && e.RuleID == 0:
		return i18n.T(ctx, "{{.Name}} follows this ticket", "Name", c.who.full(come, c.site))
	}
	return i18n.T(ctx, "{{.Name}} added {{.Person}} as a follower", "Name", name, "Person", c.who.full(come, c.site))
}
