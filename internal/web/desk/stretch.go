package desk

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// A conversation of up to wholeMessages is shown at once; of a longer one a stretch around what is new. A reader who
// unfolds more and more has up to maxMessages on one page.
const (
	wholeMessages   = 80
	stretchMessages = 40
	maxMessages     = 500
	readContext     = 10 // messages shown before the first unread one
	shownEvents     = 1000
)

// stretch is a part of a conversation by the numbers of its messages, both included. to is 0 for one that goes on with
// what is said from now on; the zero value leaves the choice to the desk.
type stretch struct{ from, to int64 }

// reading is where a reader stands in a conversation.
type reading struct {
	mark   int64 // the last message read
	ever   bool  // opened before
	unread int64 // the first message that is new to them, 0 for none
}

// readingOf loads where the visitor stands. since is the mark of when the page was opened, which a page that brings itself
// up to date goes on with; 0 for none.
func readingOf(ctx context.Context, tx *db.Tx, a person.Actor, t ticket.Ticket, since int64) (r reading, err error) {
	if r.mark, r.ever, err = ticket.ReadTo(ctx, tx, a.ID, t.ID); err != nil {
		return r, err
	}
	if since > 0 && since < r.mark {
		r.mark = since
	}
	if r.mark < t.Messages {
		r.unread, err = ticket.FirstUnread(ctx, tx, a.ID, t.ID, r.mark)
	}
	return r, err
}

// chosen is the stretch to show: the one that was asked for, within bounds, or else one around what is new.
func (s stretch) chosen(total int64, r reading) stretch {
	if s.from <= 0 && s.to <= 0 {
		return usualStretch(total, r)
	}
	s.from = max(1, min(s.from, total))
	if s.to >= total {
		s.to = 0
	}
	switch {
	case s.to == 0 && total-s.from >= maxMessages:
		s.to = s.from + maxMessages - 1
	case s.to != 0:
		s.to = max(s.from, min(s.to, s.from+maxMessages-1))
	}
	return s
}

func usualStretch(total int64, r reading) stretch {
	if total <= wholeMessages {
		return stretch{from: 1}
	}
	at := total
	if r.unread != 0 {
		at = max(1, r.unread-readContext)
	}
	if last := total - stretchMessages + 1; at >= last {
		return stretch{from: last}
	}
	return stretch{from: at, to: at + stretchMessages - 1}
}

// stretchAround is the stretch to show a message of a ticket in; the zero value for one that is not there, or where all of
// the conversation is shown anyway.
func stretchAround(ctx context.Context, tx *db.Tx, t ticket.Ticket, message int64) (stretch, error) {
	at, err := db.All[int64](ctx, tx, `SELECT seq FROM message WHERE ticket_id = $1 AND id = $2`, t.ID, message)
	if err != nil || len(at) == 0 || t.Messages <= wholeMessages {
		return stretch{}, err
	}
	return usualStretch(t.Messages, reading{unread: at[0]}), nil
}

// last is the number of the last message of the stretch.
func (s stretch) last(total int64) int64 {
	if s.to == 0 {
		return total
	}
	return s.to
}

// before and after are the stretches that lie next to this one; ok is false where nothing does.
func (s stretch) before() (b stretch, ok bool) {
	return stretch{from: max(1, s.from-stretchMessages), to: s.from - 1}, s.from > 1
}

func (s stretch) after(total int64) (a stretch, ok bool) {
	if s.to == 0 {
		return a, false
	}
	return stretch{from: s.to + 1, to: min(total, s.to+stretchMessages)}, true
}

// query is the stretch as part of the query of an address.
func (s stretch) query() string {
	q := ""
	if s.from > 0 {
		q += "&from=" + decimal(s.from)
	}
	if s.to > 0 {
		q += "&to=" + decimal(s.to)
	}
	return q
}

// loadSaid loads the messages of the stretch, and the events from the first of them until the one after the last.
func (c *conversation) loadSaid(ctx context.Context, tx *db.Tx) error {
	var err error
	c.messages, err = db.All[ticket.Message](ctx, tx, `SELECT id, ticket_id, seq, author_id, internal, inbound, automatic, channel, text, quoted, html, rfc_message_id, created_at, home_id
		FROM message WHERE ticket_id = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq`, c.ticket.ID, c.stretch.from, c.stretch.last(c.ticket.Messages))
	if err != nil {
		return err
	}
	first, next := int64(0), int64(1)<<62
	if c.stretch.from > 1 {
		if first, err = eventOf(ctx, tx, c.ticket.ID, c.stretch.from, first); err != nil {
			return err
		}
	}
	if c.stretch.to != 0 {
		if next, err = eventOf(ctx, tx, c.ticket.ID, c.stretch.to+1, next); err != nil {
			return err
		}
	}
	// The newest of too many events are shown.
	c.events, err = db.All[ticket.Event](ctx, tx, `SELECT id, ticket_id, at, actor, person_id, rule_id, what, from_value, to_value, cause, message_id FROM (
		SELECT id, ticket_id, at, actor, person_id, rule_id, what, from_value, to_value, cause, message_id
		FROM event WHERE ticket_id = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4) AS e ORDER BY id`, c.ticket.ID, first, next, shownEvents)
	return err
}

// eventOf gives the event of a message by the message's number: the one that tells of it, or for a message that was
// imported the first of its time; other when there is none.
func eventOf(ctx context.Context, tx *db.Tx, ticketID, seq, other int64) (int64, error) {
	type found struct{ ID, Later int64 }
	f, err := db.All[found](ctx, tx, `SELECT (SELECT coalesce(min(e.id), 0) FROM event e WHERE e.ticket_id = m.ticket_id AND e.message_id = m.id) AS id,
		(SELECT coalesce(min(e.id), 0) FROM event e WHERE e.ticket_id = m.ticket_id AND e.at >= m.created_at) AS later FROM message m WHERE m.ticket_id = $1 AND m.seq = $2`, ticketID, seq)
	switch {
	case err != nil || len(f) == 0:
		return other, err
	case f[0].ID != 0:
		return f[0].ID, nil
	case f[0].Later != 0:
		return f[0].Later, nil
	}
	return other, nil
}

// fill puts the conversation on the page.
func (c *conversation) fill(ctx context.Context, v *TicketView) {
	v.Timeline = c.entries(ctx)
	v.Read = c.reading.mark
	last := c.stretch.last(c.ticket.Messages)
	v.Part = Part{From: c.stretch.from, To: last, All: c.ticket.Messages, Fixed: c.stretch.from > 1 || c.stretch.to != 0, Newest: "#end"}
	if s, ok := c.stretch.before(); ok {
		v.Part.Earlier = c.partURL(s)
	}
	if s, ok := c.stretch.after(c.ticket.Messages); ok {
		v.Part.Later = c.partURL(s)
		v.Part.Newest = c.partURL(stretch{from: c.ticket.Messages - stretchMessages + 1}) + "#end"
	}
	if c.reading.ever {
		v.FirstUnread = c.reading.unread
	}
	open := c.reading.unread
	for _, e := range v.Timeline {
		if e.Message == nil {
			continue
		}
		if v.OpenAt = e.Message.ID; open != 0 && e.Message.Seq >= open {
			break
		}
	}
}

func (c *conversation) partURL(s stretch) string {
	how := c.showing
	how.stretch, how.since = s, 0
	return c.url(how)
}
