package draft

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// Hook brings what somebody is writing on a ticket that becomes part of another to that one. Where they write there too, it
// stands beside that as a Copy, and the draft waits on its own ticket for the merge to be undone.
func Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, _ *ticket.Message) error {
		if e.What != ticket.Joined || e.FromValue == "" {
			return nil
		}
		gone, err := strconv.ParseInt(e.FromValue, 10, 64)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE draft SET ticket_id = $1 WHERE ticket_id = $2
			AND NOT EXISTS (SELECT 1 FROM draft k WHERE k.ticket_id = $1 AND k.person_id = draft.person_id AND k.internal = draft.internal)`, t.ID, gone)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO draft_copy (draft_id, writer, editor_id, text, html, at) SELECT k.id, $3, g.editor_id, g.text, g.html, g.updated_at
			FROM draft g JOIN draft k ON k.ticket_id = $1 AND k.person_id = g.person_id AND k.internal = g.internal WHERE g.ticket_id = $2 AND g.text <> '' ON CONFLICT DO NOTHING`, t.ID, gone, "#"+e.FromValue)
		return err
	}
}
