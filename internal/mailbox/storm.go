package mailbox

import (
	"bytes"
	"context"
	"errors"
	"html"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/spam"
	"goodturn/internal/ticket"
)

const (
	stormHour = time.Hour
	// A ticket that gathers mails ends with so many messages; another goes on.
	maxCollected = 2000
	// The same text from the same sender, so often within loopTime, is written by a program that answers itself.
	loopTexts = 3
	loopTime  = 10 * time.Minute
)

// collector is the ticket that gathers the mails of somebody who writes too many.
type collector struct {
	TicketID int64
	LastAt   clock.Instant
}

// collect adds a mail that would be one ticket too many to the ticket that gathers them, and tells whether it did. That
// ticket goes on gathering until an hour is quiet, somebody is done with it, or it is full.
func (p *Post) collect(ctx context.Context, tx *db.Tx, l *letter, requester person.Person, n ticket.New, guess *spam.Guess) (r result, done bool, err error) {
	if l.guard == nil || l.guard.exempts(requester.Address) {
		return r, false, nil
	}
	before, err := db.All[collector](ctx, tx, `SELECT ticket_id, last_at FROM collector WHERE person_id = $1`, requester.ID)
	if err != nil {
		return r, false, err
	}
	if len(before) > 0 && before[0].LastAt > tx.Now.Add(-stormHour) {
		kept, err := ticket.Kept(ctx, tx, before[0].TicketID)
		if err != nil {
			return r, false, err
		}
		t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, kept)
		if err != nil {
			return r, false, err
		}
		gathers := t.IsOpen || t.Turn.Aside() && n.Suspect
		if gathers && t.Messages < maxCollected && t.RequesterID == requester.ID {
			return p.gather(ctx, tx, l, requester, t)
		}
	} else {
		many, err := db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE t.requester_id = $1 AND t.activity_at > $2 AND t.created_at > $2 AND t.channel = 'mail' LIMIT $3) AS counted`,
			requester.ID, tx.Now.Add(-stormHour), l.guard.Tickets)
		if err != nil || many < l.guard.Tickets {
			return r, false, err
		}
	}
	if r, err = p.beginCollecting(ctx, tx, l, requester, n); err == nil && guess != nil {
		err = keepSuspicion(ctx, tx, r.ticketID, *guess)
	}
	return r, true, err
}

// beginCollecting makes the ticket, with the mail as its first message and a note that says why.
func (p *Post) beginCollecting(ctx context.Context, tx *db.Tx, l *letter, requester person.Person, n ticket.New) (r result, err error) {
	words := p.locale(ctx, "", "")
	from := orElse(requester.Address, requester.Name)
	n.Subject = i18n.T(words, "Many mails from {{.Address}} since {{.Time}}", "Address", from, "Time", i18n.Clock(words, tx.Now.Time()))
	n.Message = withSubject(l)
	by := ticket.By{Actor: person.Actor{ID: requester.ID, Name: requester.Name, Role: person.Requester}, Cause: CauseMail}
	t, err := p.Desk.Create(ctx, tx, by, n)
	if err != nil {
		return r, err
	}
	why := i18n.N(words, "{{.Address}} has made {{.Count}} ticket within an hour. What comes from there now is gathered here, each mail as a message with its files, until an hour is quiet or this ticket is solved. An administrator can exempt the address or change the limit.",
		"{{.Address}} has made {{.Count}} tickets within an hour. What comes from there now is gathered here, each mail as a message with its files, until an hour is quiet or this ticket is solved. An administrator can exempt the address or change the limit.",
		l.guard.Tickets, "Address", from)
	if _, err := p.Desk.Note(ctx, tx, ticket.By{Actor: person.System, Cause: "storm"}, t.ID, ticket.Draft{Text: why, Automatic: true, Channel: ticket.ByDesk}); err != nil {
		return r, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO collector (person_id, ticket_id, since, last_at) VALUES ($1, $2, $3, $3)
		ON CONFLICT (person_id) DO UPDATE SET ticket_id = excluded.ticket_id, since = excluded.since, last_at = excluded.last_at`, requester.ID, t.ID, tx.Now)
	return result{outcome: BecameTicket, ticketID: t.ID}, err
}

func (p *Post) gather(ctx context.Context, tx *db.Tx, l *letter, requester person.Person, t ticket.Ticket) (r result, done bool, err error) {
	actor, err := person.ActorOf(ctx, tx, requester.ID)
	if errors.Is(err, db.ErrNoRow) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	draft := withSubject(l)
	draft.Automatic = true // a storm does not wait for an answer to each mail
	m, err := p.Desk.Answer(ctx, tx, ticket.By{Actor: actor, Cause: CauseMail}, t.ID, draft)
	if err != nil {
		return r, true, err
	}
	_, err = tx.Exec(ctx, `UPDATE collector SET last_at = $2 WHERE person_id = $1`, requester.ID, tx.Now)
	return result{BecameAnswer, t.ID, m.ID}, true, err
}

// withSubject is a mail's draft with its own subject on top, for a ticket with another one.
func withSubject(l *letter) ticket.Draft {
	d, subject := l.draft, strings.TrimSpace(plainText(l.msg.Subject))
	if subject == "" {
		return d
	}
	d.Text = cut(subject+"\n\n"+d.Text, ticket.MaxText)
	if d.HTML != "" {
		d.HTML = "<p><strong>" + html.EscapeString(subject) + "</strong></p>" + d.HTML
	}
	return d
}

// loops tells whether a mail goes round: it passed here before, or its sender keeps writing the same on a ticket. Such a
// mail is kept like any other, but opens nothing again and gets no answer by itself.
func (p *Post) loops(ctx context.Context, tx *db.Tx, l *letter, author, ticketID int64) (bool, error) {
	d, err := p.directory(ctx)
	if err != nil {
		return false, err
	}
	if passedTwice(l.raw, d.ours) {
		return true, nil
	}
	if ticketID == 0 || strings.TrimSpace(l.draft.Text) == "" {
		return false, nil
	}
	texts, err := db.All[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND author_id = $2 AND inbound AND created_at > $3 ORDER BY seq DESC LIMIT 20`,
		ticketID, author, tx.Now.Add(-loopTime))
	if err != nil {
		return false, err
	}
	same := 0
	for _, text := range texts {
		if strings.TrimSpace(text) == strings.TrimSpace(strings.ReplaceAll(l.draft.Text, "\r\n", "\n")) {
			same++
		}
	}
	return same >= loopTexts, nil
}

// passedTwice reads the fields that deliveries leave: X-Loop with an address of ours, or Delivered-To twice with the
// same one.
func passedTwice(raw []byte, ours func(string) bool) bool {
	delivered := map[string]bool{}
	for line := range bytes.Lines(raw[:min(len(raw), 64<<10)]) {
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			return false
		}
		name, value, _ := strings.Cut(text, ":")
		value = strings.ToLower(strings.Trim(strings.TrimSpace(value), "<>"))
		switch strings.ToLower(name) {
		case "x-loop":
			if ours(value) {
				return true
			}
		case "delivered-to", "x-original-to":
			key := strings.ToLower(name) + value
			if ours(value) && delivered[key] {
				return true
			}
			delivered[key] = true
		}
	}
	return false
}
