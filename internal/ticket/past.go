package ticket

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/search"
)

// Past is a ticket that was worked on elsewhere, with what was said on it, oldest first.
type Past struct {
	Subject      string
	Status       Status
	Priority     Priority
	Kind         Kind
	Channel      Channel
	Team         int64
	Assignee     int64
	Requester    int64
	Organisation int64
	At           clock.Instant
	Messages     []PastMessage
}

// PastMessage is something that was said on a Past.
type PastMessage struct {
	Author     int64
	AuthorName string
	Internal   bool
	Inbound    bool
	Text       string
	At         clock.Instant
}

// BringIn stores tickets as they were, many at once, and gives the number of the first; the others follow.
// Hooks are not called: nothing of this happens now.
func BringIn(ctx context.Context, tx *db.Tx, all []Past) (first int64, err error) {
	last, err := db.One[int64](ctx, tx, `UPDATE counter SET value = value + $1 WHERE name = 'ticket' RETURNING value`, len(all))
	if err != nil {
		return 0, err
	}
	first = last - int64(len(all)) + 1
	var b batch
	for i, p := range all {
		b.add(first+int64(i), p)
	}
	return first, b.store(ctx, tx)
}

// batch gathers the rows of many tickets.
type batch struct {
	tickets, messages, events [][]any
	documents                 []search.Document
}

func (b *batch) add(id int64, p Past) {
	t := Ticket{ActivityAt: p.At, WaitingSince: p.At}
	p.Subject = CleanSubject(p.Subject, firstText(p.Messages))
	b.documents = append(b.documents, search.Document{ID: document(id, 0), Subject: p.Subject})
	b.event(id, p.At, p.Requester, Created, "", string(p.Channel))
	for i, m := range p.Messages {
		seq, text := int64(i+1), tidy(m.Text)
		b.messages = append(b.messages, []any{id, seq, orNull(m.Author), m.Internal, m.Inbound, false, p.Channel, text, "", "", "", m.At})
		if seq <= lastDocument {
			b.documents = append(b.documents, search.Document{ID: document(id, seq), Body: text})
		}
		what, direction := Messaged, "out"
		switch {
		case m.Internal:
			what, direction = Noted, ""
		case m.Inbound:
			direction = "in"
			if t.WaitingSince == 0 {
				t.WaitingSince = m.At
			}
		default:
			t.WaitingSince = 0
			if t.AnsweredAt == 0 {
				t.AnsweredAt = m.At
			}
		}
		b.event(id, m.At, m.Author, what, "", direction)
		if !m.Internal {
			t.ActivityAt = max(t.ActivityAt, m.At)
			t.LastText, t.LastBy = oneLine(text, 160), m.AuthorName
		}
	}
	if !p.Status.IsOpen() {
		t.SolvedAt, t.WaitingSince = t.ActivityAt, 0
		if p.Status == Closed {
			t.ClosedAt = t.ActivityAt
		}
	}
	statusAt := p.At
	if p.Status != StatusNew {
		statusAt = t.ActivityAt
		b.event(id, t.ActivityAt, 0, StatusChanged, string(StatusNew), string(p.Status))
	}
	b.tickets = append(b.tickets, []any{
		id, p.Subject, p.Status, p.Status.IsOpen(), p.Status.Turn(), p.Priority, p.Kind, p.Channel, p.Team, orNull(p.Assignee), p.Requester, orNull(p.Organisation),
		t.LastText, t.LastBy, len(p.Messages), t.WaitingSince, t.AnsweredAt, t.SolvedAt, t.ClosedAt, p.At, statusAt, t.ActivityAt,
	})
}

func (b *batch) event(id int64, at clock.Instant, person int64, what What, from, to string) {
	actor := "person"
	if person == 0 {
		actor = "system"
	}
	b.events = append(b.events, []any{id, at, actor, orNull(person), what, from, to, "import"})
}

func (b *batch) store(ctx context.Context, tx *db.Tx) error {
	for _, t := range []struct {
		into string
		rows [][]any
	}{
		{"ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, assignee_id, requester_id, organisation_id, last_text, last_by, messages, waiting_since, answered_at, solved_at, closed_at, created_at, status_at, activity_at)", b.tickets},
		{"message (ticket_id, seq, author_id, internal, inbound, automatic, channel, text, quoted, html, rfc_message_id, created_at)", b.messages},
		{"event (ticket_id, at, actor, person_id, what, from_value, to_value, cause)", b.events},
	} {
		if err := db.InsertRows(ctx, tx, t.into, t.rows); err != nil {
			return err
		}
	}
	return search.AddMany(ctx, tx, b.documents)
}

func firstText(all []PastMessage) string {
	if len(all) == 0 {
		return ""
	}
	return all[0].Text
}
