package intake

import (
	"context"
	"time"

	"goodturn/internal/db"
)

// figureSpan is what the figures are about.
const figureSpan = 30 * 24 * time.Hour

// Figures say how vague requests reached an agent.
type Figures struct {
	// Acted is how many somebody of the desk first did something about within the last 30 days; Complete those of them of which thing and
	// symptom were known by then.
	Acted, Complete int
}

// FiguresOf counts them, in an index that holds vague requests only.
func FiguresOf(ctx context.Context, tx *db.Tx) (Figures, error) {
	return db.One[Figures](ctx, tx, `SELECT count(*) AS acted, count(*) FILTER (WHERE complete) AS complete FROM intake WHERE acted_at > 0 AND acted_at >= $1`, tx.Now.Add(-figureSpan))
}

// Mailed notes that a question went out by mail.
func Mailed(ctx context.Context, tx *db.Tx, askID int64) error {
	_, err := tx.Exec(ctx, `UPDATE intake_ask SET mailed_at = $2 WHERE id = $1 AND mailed_at = 0`, askID, tx.Now)
	return err
}
