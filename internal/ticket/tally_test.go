package ticket_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// errOnPurpose undoes a transaction, or a part of one.
var errOnPurpose = errors.New("on purpose")

// TestKeptCountsAreExact has several people do at once what changes counts, in transactions of which some fail, while
// differences are folded; whatever happened, the kept counts are what counting finds.
func TestKeptCountsAreExact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		for range 12 {
			f.create("a ticket")
		}
		for round := range 4 {
			var all sync.WaitGroup
			for worker := range 4 {
				all.Go(func() { f.churn(rand.New(rand.NewPCG(uint64(round), uint64(worker))), 40) })
			}
			all.Go(func() {
				for range 20 {
					if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := ticket.FoldTally(t.Context(), tx); return err }); err != nil {
						t.Error(err)
					}
				}
			})
			all.Wait()
			f.countsAreExact()
		}
	})
}

// countsAreExact compares the kept counts with counting, whole and as two people see them.
func (f *fixture) countsAreExact() {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for _, wrong := range must(ticket.CheckTally(f.Context(), tx)) {
			f.Error(wrong)
		}
		tally := must(ticket.ReadTally(f.Context(), tx))
		for _, a := range []person.Actor{f.amara, f.jonas} {
			for text, which := range map[string]ticket.Which{
				"turn:ours": {Turns: []ticket.Turn{ticket.Ours}}, "assignee:me status:unsolved": {Assignee: a.ID}, "assignee:nobody status:unsolved": {Assignee: ticket.Nobody},
				"is:suspect": {Turns: []ticket.Turn{ticket.Suspect}}, "is:trash": {Turns: []ticket.Turn{ticket.Trash}}, "team:payroll turn:ours": {Turns: []ticket.Turn{ticket.Ours}, Teams: []int64{f.private}},
			} {
				if len(which.Teams) > 0 && a.ID == f.amara.ID {
					continue // for her there is no such team
				}
				rows := must(ticket.List(f.Context(), tx, a, person.SeeTicket, ticket.Page{Filter: text, Size: ticket.MaxPage}))
				if n := tally.Count(a, which); n != len(rows.Items) && len(rows.Items) < ticket.MaxPage {
					f.Errorf("%s: %s is kept as %d, the list has %d", a.Name, text, n, len(rows.Items))
				}
			}
		}
		return nil
	})
}

// churn does random things to random tickets. What the rules refuse is part of it.
func (f *fixture) churn(r *rand.Rand, times int) {
	ctx := f.Context()
	who := []int64{0, f.amara.ID, f.jonas.ID}
	for range times {
		err := f.d.Write(ctx, func(tx *db.Tx) error {
			id, by := 1001+r.Int64N(20), ticket.By{Actor: person.System}
			step := func() error {
				switch r.IntN(12) {
				case 0:
					_, err := f.desk.Create(ctx, tx, by, ticket.New{Requester: f.hana.ID, Team: f.open, Suspect: r.IntN(3) == 0, Followers: []int64{f.amara.ID}, Message: ticket.Draft{Text: "one more"}})
					return err
				case 1:
					_, err := ticket.BringIn(ctx, tx, []ticket.Past{{Subject: "old", Status: ticket.Statuses()[r.IntN(6)], Priority: ticket.Low, Team: f.private, Requester: f.hana.ID, Assignee: who[r.IntN(3)]}, {Subject: "older", Status: ticket.Open, Priority: ticket.Low, Team: f.open, Requester: f.hana.ID}})
					return err
				case 2, 3:
					return f.desk.SetStatus(ctx, tx, by, id, ticket.Statuses()[1+r.IntN(5)])
				case 4, 5:
					return f.desk.Assign(ctx, tx, by, id, who[r.IntN(3)])
				case 6:
					return f.desk.MoveTo(ctx, tx, by, id, []int64{f.open, f.private}[r.IntN(2)])
				case 7:
					return f.desk.Follow(ctx, tx, by, id, who[1+r.IntN(2)])
				case 8:
					return f.desk.Unfollow(ctx, tx, by, id, who[1+r.IntN(2)])
				case 9:
					return f.desk.MarkSpam(ctx, tx, by, id)
				case 10:
					return f.desk.MarkWanted(ctx, tx, by, id)
				}
				_, err := tx.Exec(ctx, `UPDATE ticket SET turn = 'trash', is_open = FALSE WHERE id = $1`, id)
				return err
			}
			if r.IntN(4) == 0 {
				if err := tx.Try(ctx, func() error { return errors.Join(step(), errOnPurpose) }); !errors.Is(err, errOnPurpose) {
					return err
				}
			}
			if err := step(); err != nil || r.IntN(6) > 0 {
				return err
			}
			return errOnPurpose
		})
		var known *fault.Error
		if err != nil && !errors.Is(err, errOnPurpose) && !errors.As(err, &known) {
			f.Error(err)
		}
	}
}
