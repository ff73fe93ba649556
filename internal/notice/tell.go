package notice

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// told is somebody who is to be told something.
type told struct {
	person int64
	kind   Kind
	// instead is a kind that says less of the same and was told a moment ago, or "".
	instead Kind
	// mailed says that a mail about it goes to them anyway.
	mailed bool
}

// what is told: of a ticket, or of a page.
type what struct {
	ticket *ticket.Ticket // nil for none
	by     int64          // 0 for the desk itself
	event  int64          // 0 for none
	topic  string
	source string
	text   string
	link   string
}

// Tell tells people of a ticket what no event of it says by itself, such as that it is offered to them. text may be "". Who may not
// see the ticket is not told.
func (c *Center) Tell(ctx context.Context, tx *db.Tx, t ticket.Ticket, people []int64, kind Kind, text string) error {
	return c.tellAll(ctx, tx, what{ticket: &t, text: text}, toAll(people, kind))
}

// TellByRule tells people of a ticket because a rule says so, in the words of the rule; text may be "". Of one rule on one ticket there
// is one unread notice for each of them, which counts. Who may not see the ticket is not told.
func (c *Center) TellByRule(ctx context.Context, tx *db.Tx, t ticket.Ticket, ruleID int64, ruleName string, people []int64, text string) error {
	return c.tellAll(ctx, tx, what{ticket: &t, topic: strconv.FormatInt(ruleID, 10), source: oneLine(ruleName), text: text}, toAll(people, ByRule))
}

// TellAbout tells people what is no ticket's: that a rule of theirs fails. link is the path of the page where they see more, and text
// says what it is, in one sentence. Of one kind and link there is one unread notice, which counts and has the newest text.
func (c *Center) TellAbout(ctx context.Context, tx *db.Tx, people []int64, kind Kind, link, text string) error {
	if !strings.HasPrefix(link, "/") || strings.HasPrefix(link, "//") {
		return fault.Invalid(fault.F("link", i18n.M("Please give a page of the desk.")))
	}
	return c.tellAll(ctx, tx, what{topic: link, link: link, text: text}, toAll(people, kind))
}

// TellFrom is TellAbout of what somebody did, who is not told themselves.
func (c *Center) TellFrom(ctx context.Context, tx *db.Tx, by int64, people []int64, kind Kind, link, text string) error {
	people = slices.DeleteFunc(slices.Clone(people), func(id int64) bool { return id == by })
	return c.tellAll(ctx, tx, what{topic: link, link: link, by: by, text: text}, toAll(people, kind))
}

func toAll(people []int64, kind Kind) []told {
	all := make([]told, len(people))
	for i, id := range people {
		all[i] = told{person: id, kind: kind}
		if kind == Handed {
			all[i].instead = Assigned
		}
	}
	return all
}

// tellAll notes one thing for each of those who may see what it is about and want to be told.
func (c *Center) tellAll(ctx context.Context, tx *db.Tx, w what, all []told) error {
	if len(all) == 0 {
		return nil
	}
	ids := make([]int64, len(all))
	for i, x := range all {
		ids[i] = x.person
	}
	actors, err := person.ActorsOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	choices, err := choicesOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, x := range all {
		a, ok := actors[x.person]
		if !ok || !a.Staff() || w.ticket != nil && !person.Can(a, person.SeeTicket, w.ticket.Thing()) {
			continue
		}
		if err := c.tell(ctx, tx, w, x, a, choices[x.person]); err != nil {
			return err
		}
	}
	return nil
}

// The states of a notice on its way out.
const (
	notSent = 0
	waiting = 1
	sent    = 2
	atOnce  = 3 // of mail: it waits to be sent alone
)

// tell notes one thing for one person who may know of it, if they want to be told.
func (c *Center) tell(ctx context.Context, tx *db.Tx, w what, x told, a person.Actor, choice Choice) error {
	var ticketID, by, event any
	urgent := false
	if w.ticket != nil {
		ticketID, urgent = w.ticket.ID, w.ticket.Priority == ticket.Urgent
	}
	if w.by != 0 {
		by = w.by
	}
	if w.event != 0 {
		event = w.event
	}
	if x.instead != "" {
		if _, err := tx.Exec(ctx, `DELETE FROM notice WHERE person_id = $1 AND ticket_id = $2 AND kind = $3 AND at = $4 AND read_at = 0`, x.person, ticketID, x.instead, tx.Now); err != nil {
			return err
		}
	}
	n := row{onPage: choice.Page[x.kind]}
	if c.Mail != nil && !x.mailed {
		switch {
		case choice.Now[x.kind]:
			n.mail = atOnce
		case choice.Mail[x.kind] && choice.Digest != Off:
			n.mail = waiting
		}
	}
	if choice.Chat[x.kind] && c.Out != nil {
		n.chat = waiting
	}
	if !n.onPage && n.mail == notSent && n.chat == notSent {
		return nil
	}
	if n.mail == atOnce || n.chat == waiting {
		n.due = c.atOnce(tx.Now, a, choice, urgent)
	}
	_, err := tx.Exec(ctx, `INSERT INTO notice (person_id, ticket_id, kind, topic, by_id, event_id, source, text, link, at, on_page, mail, chat, due_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (person_id, (coalesce(ticket_id, 0)), kind, topic) WHERE read_at = 0 DO UPDATE SET by_id = excluded.by_id, event_id = excluded.event_id, source = excluded.source,
		text = excluded.text, at = excluded.at, count = notice.count + 1, on_page = excluded.on_page, mail = excluded.mail, chat = excluded.chat, due_at = excluded.due_at`,
		x.person, ticketID, x.kind, w.topic, by, event, w.source, oneLine(w.text), w.link, tx.Now, n.onPage, n.mail, n.chat, n.due)
	if err != nil {
		return err
	}
	tx.Signal(Signal, x.person)
	return c.plan(ctx, tx, a, choice, n)
}

// row is where a notice goes, and when what goes at once does.
type row struct {
	onPage     bool
	mail, chat int
	due        clock.Instant
}

// maxText is the longest text of a notice, in bytes.
const maxText = 300

// oneLine makes one line of a text, and cuts it.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if len(text) <= maxText {
		return text
	}
	text = text[:maxText-3]
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text + "…"
}
