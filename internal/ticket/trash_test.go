package ticket_test

import (
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestTrash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.create("Half pages")
		trash := func() { f.write(func(tx *db.Tx) error { return f.desk.Trash(ctx, tx, by(f.amara), x.ID) }) }
		f.snooze(x.ID, ticket.Snooze{Mode: ticket.UntilMoment, Until: clock.Now().Add(time.Hour)})
		trash()
		if got := f.get(x.ID); got.Turn != ticket.Trash || got.IsOpen || got.TrashedAt == 0 || got.Status != ticket.StatusNew {
			t.Fatalf("in the trash it is %+v", got)
		}
		for _, q := range []string{"", "status:unsolved", "status:new", "half", "turn:snoozed", "-is:spam", "number:1001"} {
			if ids := f.listed(f.amara, person.SeeTicket, q); len(ids) != 0 {
				t.Errorf("%q lists %v", q, ids)
			}
		}
		if ids := f.listed(f.amara, person.SeeTicket, "is:trash"); len(ids) != 1 {
			t.Errorf("the trash lists %v", ids)
		}
		if ids := f.listed(f.hana, person.SeeOwn, ""); len(ids) != 0 {
			t.Errorf("its requester lists %v", ids)
		}
		f.refused(fault.KindNotFound, func(tx *db.Tx) error {
			_, err := ticket.Get(ctx, tx, f.hana, person.SeeOwn, x.ID)
			return err
		})
		f.write(func(tx *db.Tx) error { return f.desk.Restore(ctx, tx, by(f.amara), x.ID) })
		if got := f.get(x.ID); got.Turn != ticket.Snoozed || !got.IsOpen || got.TrashedAt != 0 {
			t.Fatalf("restored it is %+v", got)
		}
		trash()
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Answer(ctx, tx, by(f.hana), x.ID, ticket.Draft{Text: "I am away", Automatic: true})
			return err
		})
		if got := f.get(x.ID); got.Turn != ticket.Trash {
			t.Fatalf("what a program writes restores it: %+v", got)
		}
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Answer(ctx, tx, by(f.hana), x.ID, ticket.Draft{Text: "Still half"})
			return err
		})
		if got := f.get(x.ID); got.Turn == ticket.Trash || got.TrashedAt != 0 || !got.IsOpen || got.Messages != 3 {
			t.Fatalf("after the answer it is %+v", got)
		}
		f.write(func(tx *db.Tx) error { return f.desk.MarkSpam(ctx, tx, by(f.amara), x.ID) })
		trash()
		f.write(func(tx *db.Tx) error { return f.desk.Restore(ctx, tx, by(f.amara), x.ID) })
		if got := f.get(x.ID); got.Turn != ticket.Spam || got.IsOpen {
			t.Fatalf("restored spam is %+v", got)
		}
		trash()
		f.write(func(tx *db.Tx) error { return f.desk.Reopen(ctx, tx, by(f.amara), x.ID) })
		if got := f.get(x.ID); got.Turn != ticket.Ours || got.TrashedAt != 0 {
			t.Fatalf("opened again it is %+v", got)
		}
	})
}

func TestWhoMayEmptyTheTrash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := t.Context()
		x := f.create("Half pages")
		purge := func(a person.Actor) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := f.desk.Purge(ctx, tx, by(a), x.ID)
				return err
			}
		}
		admin := f.amara
		admin.Role = person.Administrator
		f.refused(fault.KindDenied, func(tx *db.Tx) error { return f.desk.Trash(ctx, tx, by(f.hana), x.ID) })
		f.refused(fault.KindConflict, purge(admin))
		f.write(func(tx *db.Tx) error { return f.desk.Trash(ctx, tx, by(f.amara), x.ID) })
		f.refused(fault.KindDenied, purge(f.amara))
		f.write(purge(admin))
		f.refused(fault.KindNotFound, purge(admin))
	})
}

// TestHeldAnswerIsNotSentFromTheTrash: throwing a ticket away takes back what was about to be sent.
func TestHeldAnswerIsNotSentFromTheTrash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, id := holding(t, d, time.Hour)
		h := f.hold(id, "Good morning.", "")
		f.write(func(tx *db.Tx) error { return f.desk.Trash(t.Context(), tx, by(f.amara), id) })
		f.write(func(tx *db.Tx) error { return f.desk.Give(t.Context(), tx, h.ID) })
		if x := f.get(id); x.Turn != ticket.Trash || x.Messages != 1 {
			t.Errorf("it is %+v", x)
		}
	})
}
