package livechat

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"goodturn/internal/db"
)

// Key tells what a page sends from all else: it is random, made by the page, and the same each time the page tries.
type Key [sha256.Size]byte

// KeyOf makes a key of the page's own, and of what it is for. ok is false for one too short to be told from others.
func KeyOf(random string, what ...string) (k Key, ok bool) {
	if len(random) < 16 || len(random) > 100 {
		return k, false
	}
	return sha256.Sum256([]byte(random + "\x00" + strings.Join(what, "\x00"))), true
}

// sentLife is how long what was sent is known, so that it is not taken twice.
const sentLife = 7 * 24 * time.Hour

// Once takes what a page sends for this transaction; taken before, it gives the ticket that it went to, else 0.
func Once(ctx context.Context, tx *db.Tx, key Key) (before int64, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO live_chat_sent (hash, ticket_id, at) VALUES ($1, 0, $2) ON CONFLICT (hash) DO NOTHING`, key[:], tx.Now)
	if err != nil || n == 1 {
		return 0, err
	}
	return db.One[int64](ctx, tx, `SELECT ticket_id FROM live_chat_sent WHERE hash = $1`, key[:])
}

// Went notes to which ticket went what Once took.
func Went(ctx context.Context, tx *db.Tx, key Key, ticketID int64) error {
	_, err := tx.Exec(ctx, `UPDATE live_chat_sent SET ticket_id = $2 WHERE hash = $1`, key[:], ticketID)
	return err
}

// Sweep forgets what was sent long ago.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM live_chat_sent WHERE at < $1`, tx.Now.Add(-sentLife))
	return err
}
