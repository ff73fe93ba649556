package outcome

import (
	"context"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// What is counted, by the day on which it was solved; the faces by the day on which they were chosen.
const (
	CountSolved   = "solved"
	CountYes      = "yes"
	CountNo       = "no"
	CountReopened = "reopened"
	CountAgain    = "again" // had to be explained again
)

func countFace(f Face) string { return "face" + strconv.FormatInt(int64(f), 10) }

const day = 24 * time.Hour

func dayOf(at clock.Instant) int64 { return int64(at) / day.Milliseconds() }

// add notes that there is more or less of something on the day of a moment.
func add(ctx context.Context, tx *db.Tx, at clock.Instant, what string, by int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO outcome_count (day, what, n) VALUES ($1, $2, $3)`, dayOf(at), what, by)
	return err
}

// Again is for fixnote.Book.Count.
func (k *Keeper) Again(ctx context.Context, tx *db.Tx, by int64) error {
	return add(ctx, tx, tx.Now, CountAgain, by)
}

// Figures are what requesters said of the desk as a whole.
type Figures struct {
	Solved, Yes, No, Reopened, Again int64
	Good, Fair, Bad                  int64
}

// Silent is how many said neither.
func (f Figures) Silent() int64 { return max(0, f.Solved-f.Yes-f.No) }

// Since gives the figures of the last so many days, today among them. It reads a row a day and thing, whatever the desk holds.
func Since(ctx context.Context, tx *db.Tx, days int) (f Figures, err error) {
	type row struct {
		What string
		N    int64
	}
	all, err := db.All[row](ctx, tx, `SELECT what, CAST(sum(n) AS BIGINT) AS n FROM outcome_count WHERE day > $1 GROUP BY what`, dayOf(tx.Now)-int64(days))
	of := map[string]int64{}
	for _, r := range all {
		of[r.What] = max(0, r.N)
	}
	return Figures{
		Solved: of[CountSolved], Yes: of[CountYes], No: of[CountNo], Reopened: of[CountReopened], Again: of[CountAgain],
		Good: of[countFace(Good)], Fair: of[countFace(Fair)], Bad: of[countFace(Bad)],
	}, err
}

// foldFrom is how many rows of one day and thing are made one.
const foldFrom = 50

// fold makes one row of many that count the same.
func fold(ctx context.Context, tx *db.Tx) error {
	type pile struct {
		Day  int64
		What string
	}
	all, err := db.All[pile](ctx, tx, `SELECT day, what FROM outcome_count GROUP BY day, what HAVING count(*) >= $1 LIMIT 20`, foldFrom)
	if err != nil {
		return err
	}
	for _, p := range all {
		// What is counted at this moment elsewhere is neither seen nor deleted.
		gone, err := db.All[int64](ctx, tx, `DELETE FROM outcome_count WHERE day = $1 AND what = $2 RETURNING n`, p.Day, p.What)
		if err != nil {
			return err
		}
		sum := int64(0)
		for _, n := range gone {
			sum += n
		}
		if _, err := tx.Exec(ctx, `INSERT INTO outcome_count (day, what, n) VALUES ($1, $2, $3)`, p.Day, p.What, sum); err != nil {
			return err
		}
	}
	return nil
}
