package draft

import (
	"context"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

const maxComment = 2000

// Ask shows a draft of one's own to a colleague, or with 0 to everybody on the ticket: they may change it, send it or hand it
// back. What makes it known is the caller's.
func Ask(ctx context.Context, tx *db.Tx, a person.Actor, p Place, colleague int64, comment string) (Draft, error) {
	d, err := Find(ctx, tx, a, p)
	if err != nil {
		return d, err
	}
	if d.PersonID != a.ID {
		return d, fault.Denied(i18n.M("Only who wrote this draft can ask others for a look."))
	}
	if strings.TrimSpace(d.Text) == "" && d.HTML == "" && len(d.Files) == 0 {
		return d, fault.Invalid(fault.F("text", i18n.M("Please write something first.")))
	}
	comment = strings.TrimSpace(tidy(comment))
	if len(comment) > maxComment {
		return d, fault.Invalid(fault.F("comment", i18n.M("Please keep the question to {{.Count}} letters.", "Count", maxComment)))
	}
	var asked any
	if colleague != 0 {
		asked = colleague
	}
	_, err = tx.Exec(ctx, `UPDATE draft SET shared = TRUE, asked_id = $2, comment = $3, updated_at = $4 WHERE id = $1`, d.ID, asked, comment, tx.Now)
	d.Shared, d.AskedID, d.Comment = true, colleague, comment
	return d, err
}

// Return ends the look: the draft is its author's alone again.
func Return(ctx context.Context, tx *db.Tx, a person.Actor, p Place) (Draft, error) {
	d, err := Find(ctx, tx, a, p)
	if err != nil || !d.Shared {
		return d, err
	}
	_, err = tx.Exec(ctx, `UPDATE draft SET shared = FALSE, asked_id = NULL, comment = '', updated_at = $2 WHERE id = $1`, d.ID, tx.Now)
	return d, err
}

// Kept is how long a draft waits that nobody touches.
const Kept = 90 * 24 * time.Hour

// Sweep drops drafts that nobody has touched for as long as they are Kept, some at a time. The program calls it now and then.
func Sweep(ctx context.Context, tx *db.Tx) error {
	ids, err := db.All[int64](ctx, tx, `SELECT id FROM draft WHERE updated_at < $1 ORDER BY updated_at LIMIT 500`, tx.Now.Add(-Kept))
	for _, id := range ids {
		if err == nil {
			err = drop(ctx, tx, id)
		}
	}
	return err
}
