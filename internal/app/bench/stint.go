package bench

import (
	"context"
	"fmt"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/stint"
)

// starterLooks is how often the starter line is looked for.
const starterLooks = 30

// starter has somebody take a turn at the desk, in the store before the program runs, and asks for their starter line: found anew each time, and as it is kept for a minute.
func (b *bench) starter(ctx context.Context, a *app.App) error {
	var guest int64
	if err := a.DB.Write(ctx, func(tx *db.Tx) error {
		team, err := db.One[int64](ctx, tx, `SELECT team_id FROM ticket WHERE turn = 'ours' GROUP BY team_id ORDER BY count(*) DESC, team_id LIMIT 1`)
		if err != nil {
			return err
		}
		if guest, err = db.One[int64](ctx, tx, `SELECT max(id) FROM person WHERE role = 'requester' AND active`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO stint (team_id, person_id, kind, stage, state, from_at, until, begun_at, created_at) VALUES ($1, $2, 'stint', 'draft', 'running', $3, $4, $3, $3)`, team, guest, tx.Now, tx.Now.Add(8*time.Hour)); err != nil {
			return err
		}
		// What waits is nobody's.
		if _, err := tx.Exec(ctx, `UPDATE ticket SET assignee_id = NULL WHERE id IN (SELECT id FROM ticket WHERE turn = 'ours' AND team_id = $1 ORDER BY id DESC LIMIT 500)`, team); err != nil {
			return err
		}
		return person.LetIn(ctx, tx, guest, tx.Now, tx.Now.Add(8*time.Hour))
	}); err != nil {
		return err
	}
	if err := a.DB.Analyze(ctx); err != nil {
		return err
	}
	var cold, warm sample
	found, waiting := 0, 0
	if err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		waiting, err = db.One[int](ctx, tx, `SELECT count(*) FROM ticket t JOIN stint s ON s.team_id = t.team_id WHERE s.person_id = $1 AND t.turn = 'ours' AND t.assignee_id IS NULL AND t.messages <= 4`, guest)
		return err
	}); err != nil {
		return err
	}
	for range starterLooks {
		k := &stint.Keeper{DB: a.DB, Hours: a.Stints.Hours}
		for _, into := range []*sample{&cold, &warm} {
			if err := a.DB.Read(ctx, func(tx *db.Tx) error {
				who, err := person.ActorOf(ctx, tx, guest)
				if err != nil {
					return err
				}
				began := time.Now()
				all, err := k.Fitting(ctx, tx, who)
				into.took = append(into.took, time.Since(began))
				found = len(all)
				return err
			}); err != nil {
				return err
			}
		}
	}
	b.figures = append(b.figures,
		figure{key: "starter", name: fmt.Sprintf("the starter line of %d, found anew (%d fit)", waiting, found), p50: cold.percentile(50), p99: cold.percentile(99)},
		figure{key: "starter_kept", name: "… as it is kept for a minute", p50: warm.percentile(50), p99: warm.percentile(99)})
	return nil
}
