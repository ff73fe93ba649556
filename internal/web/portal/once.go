package portal

import (
	"context"
	"crypto/sha256"
	"time"

	"goodturn/internal/db"
)

// onceWindow is how long the same text from the same form is taken for the same thing.
const onceWindow = time.Minute

// sent is a form with its text as it was sent; the key is random and new with each page.
type sent [sha256.Size]byte

// sentOf gives the mark of a form; one without a key cannot be told from others and has none.
func sentOf(key, what, text string) (s sent, ok bool) {
	if len(key) < 16 || len(key) > 100 {
		return s, false
	}
	return sha256.Sum256([]byte(key + "\x00" + what + "\x00" + text)), true
}

// claim takes a form for this transaction. When it was sent before, within a minute, it gives the ticket made then.
func (s sent) claim(ctx context.Context, tx *db.Tx) (before int64, err error) {
	if _, err := tx.Exec(ctx, `DELETE FROM form_sent WHERE sent_at < $1`, tx.Now.Add(-onceWindow)); err != nil {
		return 0, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO form_sent (hash, sent_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, s[:], tx.Now)
	if err != nil || n == 1 {
		return 0, err
	}
	return db.One[int64](ctx, tx, `SELECT ticket_id FROM form_sent WHERE hash = $1`, s[:])
}

// made notes what a claimed form became.
func (s sent) made(ctx context.Context, tx *db.Tx, ticketID int64) error {
	_, err := tx.Exec(ctx, `UPDATE form_sent SET ticket_id = $2 WHERE hash = $1`, s[:], ticketID)
	return err
}
