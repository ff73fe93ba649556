package ticket

import (
	"context"
	"errors"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/search"
)

// follow brings to a ticket what belongs to the messages that lie there now.
func follow(ctx context.Context, tx *db.Tx, ticketID int64) error {
	for _, s := range []string{
		`UPDATE event SET ticket_id = $1 WHERE message_id IN (SELECT id FROM message WHERE ticket_id = $1) AND ticket_id <> $1`,
		`UPDATE attachment SET ticket_id = $1 WHERE message_id IN (SELECT id FROM message WHERE ticket_id = $1) AND ticket_id <> $1`,
	} {
		if _, err := tx.Exec(ctx, s, ticketID); err != nil {
			return err
		}
	}
	return nil
}

// forget takes all messages of a ticket out of the index, before they are moved or numbered anew.
func forget(ctx context.Context, tx *db.Tx, t Ticket) error {
	for seq := range min(t.Messages, lastDocument) + 1 {
		if err := search.Remove(ctx, tx, document(t.ID, seq)); err != nil {
			return err
		}
	}
	return nil
}

// unread is the first message that somebody has not read yet; 0 for none.
type unread struct {
	PersonID  int64
	MessageID int64
}

// unreadOf gives, before a ticket is numbered anew, what those who read it have not read of what lies there.
func unreadOf(ctx context.Context, tx *db.Tx, ticketID int64) ([]unread, error) {
	return db.All[unread](ctx, tx, `SELECT r.person_id, coalesce((SELECT m.id FROM message m WHERE m.ticket_id = $1 AND m.seq > r.seq ORDER BY m.seq LIMIT 1), 0) AS message_id
		FROM ticket_read r WHERE r.ticket_id = $1`, ticketID)
}

// unreadOfBoth is unreadOf for a ticket of which gone is about to become a part. What was done without somebody is
// nothing for them to catch up with.
func unreadOfBoth(ctx context.Context, tx *db.Tx, keptID int64, gone Ticket) ([]unread, error) {
	never := gone.Messages
	if gone.IsOpen {
		never = 0
	}
	return db.All[unread](ctx, tx, `SELECT r.person_id, coalesce((SELECT m.id FROM message m WHERE (m.ticket_id = $1 AND m.seq > r.seq) OR (m.ticket_id = $2 AND m.seq > coalesce(g.seq, $3))
		ORDER BY m.created_at, m.id LIMIT 1), 0) AS message_id FROM ticket_read r LEFT JOIN ticket_read g ON g.ticket_id = $2 AND g.person_id = r.person_id WHERE r.ticket_id = $1`, keptID, gone.ID, never)
}

// renumber numbers the messages of a ticket anew, in the order of time, and brings its row in step with them, and the
// marks of those who read it.
func renumber(ctx context.Context, tx *db.Tx, t *Ticket, marks []unread) error {
	for _, s := range []string{
		`UPDATE message SET seq = -id WHERE ticket_id = $1`,
		`UPDATE message SET seq = n.place FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM message WHERE ticket_id = $1) AS n WHERE message.id = n.id`,
	} {
		if _, err := tx.Exec(ctx, s, t.ID); err != nil {
			return err
		}
	}
	type sum struct {
		Messages   int64
		AnsweredAt clock.Instant
	}
	all, err := db.One[sum](ctx, tx, `SELECT count(*) AS messages, coalesce(min(created_at) FILTER (WHERE NOT internal AND NOT inbound AND NOT automatic), 0) AS answered_at FROM message WHERE ticket_id = $1`, t.ID)
	if err != nil {
		return err
	}
	type said struct {
		Text string
		Name string
	}
	last, err := db.One[said](ctx, tx, `SELECT m.text, p.name FROM message m LEFT JOIN person p ON p.id = m.author_id WHERE m.ticket_id = $1 AND NOT m.internal ORDER BY m.seq DESC LIMIT 1`, t.ID)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	t.Messages, t.AnsweredAt, t.LastText, t.LastBy = all.Messages, all.AnsweredAt, oneLine(last.Text, 160), last.Name
	_, err = tx.Exec(ctx, `UPDATE ticket SET messages = $2, answered_at = $3, last_text = $4, last_by = $5, activity_at = $6 WHERE id = $1`, t.ID, t.Messages, t.AnsweredAt, t.LastText, t.LastBy, t.ActivityAt)
	if err != nil {
		return err
	}
	for _, u := range marks {
		if _, err := tx.Exec(ctx, `UPDATE ticket_read SET seq = coalesce((SELECT seq - 1 FROM message WHERE id = $3), $4) WHERE ticket_id = $1 AND person_id = $2`, t.ID, u.PersonID, u.MessageID, t.Messages); err != nil {
			return err
		}
	}
	return nil
}

// reindex puts all words of a ticket into the index, which knows of as many messages as it had. The subject of a ticket that became part of it stands with that
// one's first message.
func reindex(ctx context.Context, tx *db.Tx, t Ticket, had int64) error {
	type words struct {
		Seq     int64
		Text    string
		HomeID  int64
		Subject string
	}
	all, err := db.All[words](ctx, tx, `SELECT m.seq, m.text, m.home_id, coalesce(h.subject, '') AS subject FROM message m LEFT JOIN ticket h ON h.id = m.home_id WHERE m.ticket_id = $1 ORDER BY m.seq`, t.ID)
	if err != nil {
		return err
	}
	if err := indexSubject(ctx, tx, t); err != nil {
		return err
	}
	named := map[int64]bool{0: true}
	subjects := []string{}
	for i, m := range all {
		if !named[m.HomeID] {
			named[m.HomeID], subjects = true, append(subjects, m.Subject)
		}
		if m.Seq >= lastDocument && i < len(all)-1 {
			continue // they share a place, which the last of them has
		}
		if err := search.Put(ctx, tx, search.Document{ID: document(t.ID, m.Seq), Subject: strings.Join(subjects, " "), Body: m.Text}); err != nil {
			return err
		}
		subjects = subjects[:0]
	}
	for seq := t.Messages + 1; seq <= min(had, lastDocument); seq++ {
		if err := search.Remove(ctx, tx, document(t.ID, seq)); err != nil {
			return err
		}
	}
	return nil
}
