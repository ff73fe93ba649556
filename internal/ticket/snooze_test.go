package ticket_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/job"
	"goodturn/internal/ticket"
)

func (f *fixture) snooze(id int64, s ticket.Snooze) {
	f.Helper()
	f.write(func(tx *db.Tx) error { return f.desk.Snooze(f.Context(), tx, by(f.amara), id, s) })
}

// lastSnooze is the last event of sleep and its cause.
func (f *fixture) lastSnooze(id int64) (to, cause string) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		for _, e := range must(ticket.Events(f.Context(), tx, id)) {
			if e.What == ticket.SnoozeChanged {
				to, cause = e.ToValue, e.Cause
			}
		}
		return nil
	})
	return to, cause
}

func TestWhatWakesATicket(t *testing.T) {
	later := clock.Now().Add(time.Hour)
	answer := func(m ticket.Draft) func(*fixture, *db.Tx, int64) error {
		return func(f *fixture, tx *db.Tx, id int64) error {
			_, err := f.desk.Answer(f.Context(), tx, by(f.hana), id, m)
			return err
		}
	}
	status := func(s ticket.Status) func(*fixture, *db.Tx, int64) error {
		return func(f *fixture, tx *db.Tx, id int64) error {
			return f.desk.SetStatus(f.Context(), tx, by(f.amara), id, s)
		}
	}
	cases := []struct {
		name   string
		snooze ticket.Snooze
		does   func(*fixture, *db.Tx, int64) error
		turn   ticket.Turn
		status ticket.Status
		cause  string
	}{
		{"an answer", ticket.Snooze{Mode: ticket.UntilAnswer}, answer(ticket.Draft{Text: "Now?"}), ticket.Ours, ticket.Open, ticket.WokenByAnswer},
		{"an answer before the moment", ticket.Snooze{Mode: ticket.UntilAnswer, Until: later}, answer(ticket.Draft{Text: "Now?"}), ticket.Ours, ticket.Open, ticket.WokenByAnswer},
		{"a program's answer", ticket.Snooze{Mode: ticket.UntilAnswer}, answer(ticket.Draft{Text: "I am away", Automatic: true}), ticket.Snoozed, ticket.Pending, ""},
		{"an answer, but only the moment counts", ticket.Snooze{Mode: ticket.UntilMoment, Until: later}, answer(ticket.Draft{Text: "Now?"}), ticket.Snoozed, ticket.Open, ""},
		{"a status", ticket.Snooze{Mode: ticket.UntilMoment, Until: later}, status(ticket.OnHold), ticket.Hold, ticket.OnHold, ticket.WokenByStatus},
		{"the same status", ticket.Snooze{Mode: ticket.UntilAnswer}, status(ticket.Pending), ticket.Theirs, ticket.Pending, ticket.WokenByStatus},
		{"solving", ticket.Snooze{Mode: ticket.UntilAnswer}, status(ticket.Solved), ticket.NoTurn, ticket.Solved, ticket.WokenByStatus},
		{"a reply", ticket.Snooze{Mode: ticket.UntilMoment, Until: later}, func(f *fixture, tx *db.Tx, id int64) error {
			_, err := f.desk.Reply(f.Context(), tx, by(f.jonas), id, ticket.Draft{Text: "Here I am"}, "")
			return err
		}, ticket.Theirs, ticket.Pending, ticket.WokenByReply},
		{"a note", ticket.Snooze{Mode: ticket.UntilMoment, Until: later}, func(f *fixture, tx *db.Tx, id int64) error {
			_, err := f.desk.Note(f.Context(), tx, by(f.jonas), id, ticket.Draft{Text: "Hm"})
			return err
		}, ticket.Snoozed, ticket.Pending, ""},
		{"somebody", ticket.Snooze{Mode: ticket.UntilMoment, Until: later}, func(f *fixture, tx *db.Tx, id int64) error {
			return f.desk.Wake(f.Context(), tx, by(f.jonas), id)
		}, ticket.Theirs, ticket.Pending, ""},
		{"spam", ticket.Snooze{Mode: ticket.UntilMoment, Until: later}, func(f *fixture, tx *db.Tx, id int64) error {
			return f.desk.MarkSpam(f.Context(), tx, by(f.jonas), id)
		}, ticket.Spam, ticket.Closed, ""},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		for _, c := range cases {
			x := f.create("The printer")
			f.write(func(tx *db.Tx) error { return f.desk.SetStatus(f.Context(), tx, by(f.amara), x.ID, ticket.Pending) })
			f.snooze(x.ID, c.snooze)
			if x = f.get(x.ID); x.Turn != ticket.Snoozed || x.Status != ticket.Pending || !x.IsOpen {
				t.Fatalf("%s: asleep it is %+v", c.name, x)
			}
			f.write(func(tx *db.Tx) error { return c.does(f, tx, x.ID) })
			x = f.get(x.ID)
			if x.Turn != c.turn || x.Status != c.status || (x.Snooze == "") != (c.turn != ticket.Snoozed) || x.Snooze == "" && x.SnoozedUntil != 0 {
				t.Errorf("%s: then it is %+v", c.name, x)
			}
			if to, cause := f.lastSnooze(x.ID); c.turn != ticket.Spam && ((to == "") != (c.turn != ticket.Snoozed) || cause != c.cause) {
				t.Errorf("%s: the spine says %q because of %q", c.name, to, cause)
			}
		}
	})
}

func TestSnoozeThatCannotBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		x := f.create("The printer")
		now := clock.Now()
		for _, s := range []ticket.Snooze{
			{},
			{Mode: "sometime"},
			{Mode: ticket.UntilMoment},
			{Mode: ticket.UntilMoment, Until: now.Add(-time.Minute)},
			{Mode: ticket.UntilAnswer, Until: 1},
			{Mode: ticket.UntilMoment, Until: now.Add(6 * 366 * 24 * time.Hour)},
			{Mode: ticket.UntilAnswer, Until: -1},
		} {
			f.refused(fault.KindInvalid, func(tx *db.Tx) error { return f.desk.Snooze(t.Context(), tx, by(f.amara), x.ID, s) })
		}
		good := ticket.Snooze{Mode: ticket.UntilAnswer}
		f.refused(fault.KindNotFound, func(tx *db.Tx) error { return f.desk.Snooze(t.Context(), tx, by(f.hana), x.ID+1, good) })
		f.refused(fault.KindDenied, func(tx *db.Tx) error { return f.desk.Snooze(t.Context(), tx, by(f.hana), x.ID, good) })
		f.write(func(tx *db.Tx) error { return f.desk.Solve(t.Context(), tx, by(f.amara), x.ID) })
		f.refused(fault.KindConflict, func(tx *db.Tx) error { return f.desk.Snooze(t.Context(), tx, by(f.amara), x.ID, good) })
	})
}

// TestTicketsWakeInTime lets the queue run: what sleeps to the same moment wakes together, and what was told to sleep
// longer sleeps on.
func TestTicketsWakeInTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		f.desk.Queue = job.NewQueue(d, slog.New(slog.DiscardHandler), 1)
		f.desk.Handlers(d)
		until := clock.Now().Add(3 * time.Second)
		woken := make(chan int64, 100)
		f.desk.Hooks = []ticket.Hook{func(_ context.Context, tx *db.Tx, e ticket.Event, x ticket.Ticket, _ *ticket.Message) error {
			if e.What == ticket.SnoozeChanged && e.ToValue == "" {
				if e.At < until || e.Cause != ticket.WokenByTime || e.Actor != "system" {
					t.Errorf("ticket %d woke with %+v", x.ID, e)
				}
				tx.AfterCommit(func() { woken <- x.ID })
			}
			return nil
		}}
		longer := f.create("Longer")
		f.snooze(longer.ID, ticket.Snooze{Mode: ticket.UntilMoment, Until: until})
		f.snooze(longer.ID, ticket.Snooze{Mode: ticket.UntilMoment, Until: until.Add(time.Hour)})
		want := map[int64]bool{}
		f.write(func(tx *db.Tx) error {
			for i := range 60 {
				x := must(f.desk.Create(t.Context(), tx, by(f.hana), ticket.New{Requester: f.hana.ID, Team: f.open, Message: ticket.Draft{Text: "x"}}))
				mode := ticket.UntilMoment
				if i%2 == 0 {
					mode = ticket.UntilAnswer
				}
				want[x.ID] = true
				if err := f.desk.Snooze(t.Context(), tx, by(f.amara), x.ID, ticket.Snooze{Mode: mode, Until: until}); err != nil {
					return err
				}
			}
			return nil
		})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = f.desk.Queue.Run(ctx) }()
		for len(want) > 0 {
			id := <-woken
			if !want[id] {
				t.Fatalf("ticket %d woke", id)
			}
			delete(want, id)
		}
		stop()
		<-done
		if x := f.get(longer.ID); x.Turn != ticket.Snoozed || x.SnoozedUntil != until.Add(time.Hour) {
			t.Errorf("the one that sleeps longer is %+v", x)
		}
	})
}

// TestSendAndSnooze sends an answer with which the ticket falls asleep, at once and after the moment in which it can be
// taken back.
func TestSendAndSnooze(t *testing.T) {
	later := clock.Now().Add(time.Hour)
	for _, undo := range []time.Duration{0, time.Hour} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			f, id := holding(t, d, undo)
			draft := ticket.Draft{Text: "I look again tomorrow.", Snooze: &ticket.Snooze{Mode: ticket.UntilAnswer, Until: later}}
			f.write(func(tx *db.Tx) error {
				h, err := f.desk.Hold(t.Context(), tx, by(f.amara), id, draft, ticket.Pending)
				if err != nil || undo == 0 {
					return err
				}
				return f.desk.Give(t.Context(), tx, h.ID)
			})
			if x := f.get(id); x.Turn != ticket.Snoozed || x.SnoozedUntil != later || x.Status != ticket.Pending || x.Messages != 2 {
				t.Errorf("undo %s: %+v", undo, x)
			}
			draft.Snooze = &ticket.Snooze{Mode: ticket.UntilMoment, Until: 1}
			f.refused(fault.KindInvalid, func(tx *db.Tx) error {
				_, err := f.desk.Hold(t.Context(), tx, by(f.amara), id, draft, ticket.Pending)
				return err
			})
		})
	}
}

// TestHeldAnswerLetsSleep: who holds an answer and then snoozes the ticket does not find it woken by that answer.
func TestHeldAnswerLetsSleep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, id := holding(t, d, time.Hour)
		h := f.hold(id, "Good night.", "")
		f.snooze(id, ticket.Snooze{Mode: ticket.UntilAnswer})
		f.write(func(tx *db.Tx) error { return f.desk.Give(t.Context(), tx, h.ID) })
		if x := f.get(id); x.Turn != ticket.Snoozed || x.Messages != 2 || x.Status != ticket.Open {
			t.Errorf("it is %+v", x)
		}
	})
}
