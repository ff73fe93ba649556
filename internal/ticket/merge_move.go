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

// settle numbers the messages of a ticket anew, in the order of time, and brings its row and its words in step with
// them. had is how many there were that the index still knows.
func settle(ctx context.Context, tx *db.Tx, t *Ticket, had int64) error {
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
	had = max(had, t.Messages)
	t.Messages, t.AnsweredAt, t.LastText, t.LastBy = all.Messages, all.AnsweredAt, oneLine(last.Text, 160), last.Name
	_, err = tx.Exec(ctx, `UPDATE ticket SET messages = $2, answered_at = $3, last_text = $4, last_by = $5, activity_at = $6 WHERE id = $1`, t.ID, t.Messages, t.AnsweredAt, t.LastText, t.LastBy, t.ActivityAt)
	if err != nil {
		return err
	}
	return reindex(ctx, tx, *t, had)
}

// reindex puts all words of a ticket into the index. The subject of a ticket that became part of it stands with that
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
	if err := search.Put(ctx, tx, search.Document{ID: document(t.ID, 0), Subject: t.Subject}); err != nil {
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
