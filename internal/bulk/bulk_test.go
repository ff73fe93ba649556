package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"goodturn/internal/bulk"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

type house struct {
	*testing.T
	db            *db.DB
	desk          *ticket.Desk
	queue         *job.Queue
	runner        *bulk.Runner
	hana          person.Actor
	amara, jonas  person.Actor
	open, private int64
}

func setUp(t *testing.T, d *db.DB) *house {
	h := &house{T: t, db: d, desk: &ticket.Desk{}, queue: job.NewQueue(d, slog.New(slog.DiscardHandler), 2)}
	h.runner = &bulk.Runner{DB: d, Desk: h.desk, Queue: h.queue, Log: slog.New(slog.DiscardHandler)}
	h.runner.Handlers()
	h.write(func(ctx context.Context, tx *db.Tx) error {
		h.open = must(person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"}))
		h.private = must(person.SaveTeam(ctx, tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		ids := map[string]int64{}
		for name, role := range map[string]person.Role{"Hana": person.Requester, "Amara": person.Agent, "Jonas": person.Agent} {
			ids[name] = must(person.Create(ctx, tx, person.New{Name: name, Addresses: []string{name + "@example.org"}, Role: role})).ID
		}
		if err := person.SetMembers(ctx, tx, h.private, []int64{ids["Jonas"]}); err != nil {
			return err
		}
		h.hana, h.amara, h.jonas = must(person.ActorOf(ctx, tx, ids["Hana"])), must(person.ActorOf(ctx, tx, ids["Amara"])), must(person.ActorOf(ctx, tx, ids["Jonas"]))
		return nil
	})
	return h
}

func (h *house) write(fn func(ctx context.Context, tx *db.Tx) error) {
	h.Helper()
	if err := h.db.Write(h.Context(), func(tx *db.Tx) error { return fn(h.Context(), tx) }); err != nil {
		h.Fatal(err)
	}
}

// make makes tickets of a team and gives their numbers.
func (h *house) make(n int, team int64) (ids []int64) {
	h.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) error {
		for i := range n {
			t, err := h.desk.Create(ctx, tx, ticket.By{Actor: h.hana}, ticket.New{Requester: h.hana.ID, Team: team, Message: ticket.Draft{Text: fmt.Sprint("Printer ", i)}})
			if err != nil {
				return err
			}
			ids = append(ids, t.ID)
		}
		return nil
	})
	return ids
}

func (h *house) get(id int64) (t ticket.Ticket) {
	h.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
		return err
	})
	return t
}

// ended has the jobs run until a change is over.
func (h *house) ended(a person.Actor, id int64) (b bulk.Bulk) {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), time.Minute)
	defer cancel()
	over := make(chan struct{})
	go func() { defer close(over); _ = h.queue.Run(ctx) }()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !b.Over() {
		<-tick.C
		h.write(func(ctx context.Context, tx *db.Tx) (err error) {
			b, err = bulk.Get(ctx, tx, a, id)
			return err
		})
		if ctx.Err() != nil {
			h.Fatalf("it is not over: %+v", b)
		}
	}
	cancel()
	<-over
	return b
}

func do(pairs ...string) (out []ticket.Action) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, ticket.Action{Do: ticket.Deed(pairs[i]), Value: pairs[i+1]})
	}
	return out
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestASelectionIsChangedAndTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := setUp(t, d)
		ids, hidden := h.make(3, h.open), h.make(1, h.private)
		before := h.get(ids[0])
		b, err := h.runner.Start(t.Context(), h.amara, bulk.New{Tickets: append(append([]int64{ids[0]}, ids...), hidden...), Actions: do("assignee", "me", "status", "solved", "tag", "VPN")})
		if err != nil {
			t.Fatal(err)
		}
		if b.State != bulk.Done || b.Total != 4 || b.Done != 4 || b.Changed != 3 || b.Failed != 1 || !b.CanUndo() {
			t.Fatalf("after it: %+v", b)
		}
		h.write(func(ctx context.Context, tx *db.Tx) error {
			failures, err := bulk.Failures(ctx, tx, b.ID, 0, 10)
			if len(failures) != 1 || failures[0].TicketID != hidden[0] || failures[0].Reason != fmt.Sprintf("There is no ticket %d.", hidden[0]) {
				t.Errorf("a ticket of a private team is told as %+v", failures)
			}
			return err
		})
		if x := h.get(hidden[0]); x.Status != ticket.StatusNew {
			t.Errorf("the private ticket was changed: %+v", x)
		}
		if x := h.get(ids[0]); x.Status != ticket.Solved || x.AssigneeID != h.amara.ID || x.WaitingSince != 0 {
			t.Errorf("not changed: %+v", x)
		}
		// Somebody goes on with one of them; that is theirs.
		h.write(func(ctx context.Context, tx *db.Tx) error {
			return h.desk.SetStatus(ctx, tx, ticket.By{Actor: h.jonas}, ids[1], ticket.Pending)
		})
		undo, err := h.runner.Undo(t.Context(), h.amara, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		if undo.State != bulk.Done || undo.Changed != 2 || undo.Failed != 1 || undo.Undoes != b.ID {
			t.Errorf("taken back: %+v", undo)
		}
		if x := h.get(ids[0]); x.Status != before.Status || x.Turn != before.Turn || x.AssigneeID != 0 || x.WaitingSince != before.WaitingSince || x.ActivityAt != before.ActivityAt || !x.IsOpen {
			t.Errorf("it stands otherwise than before:\n%+v\n%+v", x, before)
		}
		if x := h.get(ids[1]); x.Status != ticket.Pending || x.AssigneeID != 0 {
			t.Errorf("what Jonas changed is not his any more: %+v", x)
		}
		again, err := h.runner.Undo(t.Context(), h.amara, b.ID)
		if err != nil || again.ID != undo.ID {
			t.Errorf("taken back twice: %+v, %v", again, err)
		}
		if _, err := h.runner.Undo(t.Context(), h.jonas, b.ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else takes it back: %v", err)
		}
	})
}

func TestAViewStandsStill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := setUp(t, d)
		ids := h.make(bulk.AtOnce+60, h.open)
		h.make(2, h.private)
		b, err := h.runner.Start(t.Context(), h.amara, bulk.New{View: true, Filter: "turn:ours", Actions: do("status", "solved")})
		if err != nil || b.Over() || b.State != bulk.Collecting {
			t.Fatalf("begun as %+v, %v", b, err)
		}
		b = h.ended(h.amara, b.ID)
		if b.State != bulk.Done || b.Total != int64(len(ids)) || b.Changed != b.Total || b.Failed != 0 {
			t.Fatalf("ended as %+v", b)
		}
		undo, err := h.runner.Undo(t.Context(), h.amara, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		if undo = h.ended(h.amara, undo.ID); undo.Changed != b.Total {
			t.Fatalf("taken back: %+v", undo)
		}
		if x := h.get(ids[len(ids)-1]); x.Status != ticket.StatusNew {
			t.Errorf("after it was taken back: %+v", x)
		}
	})
}

// TestAChangeGoesOnAfterACrash stops a change in the middle, as a crash would: each chunk is whole or not there at all.
func TestAChangeGoesOnAfterACrash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := setUp(t, d)
		ids := h.make(bulk.AtOnce+100, h.open)
		crash := errors.New("the power is gone")
		var broken bool
		h.desk.Hooks = []ticket.Hook{func(_ context.Context, tx *db.Tx, e ticket.Event, _ ticket.Ticket, _ *ticket.Message) error {
			if e.What == ticket.PriorityChanged && e.TicketID == ids[150] && !broken {
				broken = true
				return crash
			}
			return nil
		}}
		b, err := h.runner.Start(t.Context(), h.amara, bulk.New{Tickets: ids, Actions: do("priority", "high")})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan struct{})
		go func() { defer close(over); _ = h.queue.Run(ctx) }()
		for failed := false; !failed; {
			h.write(func(ctx context.Context, tx *db.Tx) (err error) {
				failed, err = db.Exists(ctx, tx, `SELECT 1 FROM job WHERE error <> ''`)
				return err
			})
		}
		cancel()
		<-over
		if !broken || h.get(ids[150]).Priority != ticket.Normal || h.get(ids[0]).Priority != ticket.High {
			t.Fatal("it did not break in the middle")
		}
		h.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE job SET state = 'waiting', run_at = 0`)
			return err
		})
		if b = h.ended(h.amara, b.ID); b.Changed != int64(len(ids)) {
			t.Fatalf("ended as %+v", b)
		}
		h.write(func(ctx context.Context, tx *db.Tx) error {
			twice, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM event WHERE what = 'priority' GROUP BY ticket_id HAVING count(*) <> 1`)
			if len(twice) > 0 {
				t.Errorf("changed more than once: %v", twice)
			}
			return err
		})
	})
}

func TestAChangeCanBeStoppedAndGoOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := setUp(t, d)
		ids := h.make(bulk.AtOnce+1, h.open)
		b, err := h.runner.Start(t.Context(), h.amara, bulk.New{Tickets: ids, Actions: do("tag", "moved")})
		if err != nil || b.Over() {
			t.Fatalf("begun as %+v, %v", b, err)
		}
		h.write(func(ctx context.Context, tx *db.Tx) error { return bulk.Stop(ctx, tx, h.amara, b.ID) })
		if b = h.ended(h.amara, b.ID); b.State != bulk.Stopped || b.Changed != 0 {
			t.Fatalf("stopped as %+v", b)
		}
		h.write(func(ctx context.Context, tx *db.Tx) error { return h.runner.GoOn(ctx, tx, h.amara, b.ID) })
		if b = h.ended(h.amara, b.ID); b.State != bulk.Done || b.Changed != int64(len(ids)) {
			t.Fatalf("went on as %+v", b)
		}
	})
}

func TestWhatCannotBeAskedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := setUp(t, d)
		ids := h.make(1, h.open)
		for name, n := range map[string]bulk.New{
			"no ticket":            {Actions: do("status", "solved")},
			"nothing to do":        {Tickets: ids},
			"an unknown deed":      {Tickets: ids, Actions: do("explode", "")},
			"new again":            {Tickets: ids, Actions: do("status", "new")},
			"a requester":          {Tickets: ids, Actions: do("assignee", fmt.Sprint(h.hana.ID))},
			"a hidden team":        {Tickets: ids, Actions: do("team", fmt.Sprint(h.private))},
			"a tag with a space":   {Tickets: ids, Actions: do("tag", "floor 3")},
			"a ticket that is not": {Tickets: []int64{99999}, Actions: do("status", "solved")},
			"a wrong filter":       {View: true, Filter: "status:great", Actions: do("status", "solved")},
			"an empty view":        {View: true, Filter: "status:closed", Actions: do("status", "solved")},
		} {
			if b, err := h.runner.Start(t.Context(), h.amara, n); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %+v, %v", name, b, err)
			}
		}
	})
}

func TestWhatIsTakenBackIsAsItWas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := setUp(t, d)
		for name, actions := range map[string][]ticket.Action{
			"spam": do("spam", ""), "trash": do("trash", ""), "snooze": do("snooze", "3d"), "closed": do("status", "closed"), "much": do("assignee", "me", "priority", "urgent", "tag", "x", "status", "pending"),
		} {
			id := h.make(1, h.open)[0]
			before := h.get(id)
			b, err := h.runner.Start(t.Context(), h.amara, bulk.New{Tickets: []int64{id}, Actions: actions})
			if err != nil || b.Changed != 1 {
				t.Fatalf("%s: %+v, %v", name, b, err)
			}
			if h.get(id) == before {
				t.Errorf("%s: nothing happened", name)
			}
			undo, err := h.runner.Undo(t.Context(), h.amara, b.ID)
			if err != nil || undo.Changed != 1 {
				t.Fatalf("%s: taken back as %+v, %v", name, undo, err)
			}
			if after := h.get(id); after != before {
				t.Errorf("%s: it was\n%+v and is\n%+v", name, before, after)
			}
		}
	})
}

// TestTenThousandTickets measures what the bench asks for, on the engine of a small desk.
func TestTenThousandTickets(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes ten thousand tickets")
	}
	d := dbtest.Open(t, db.SQLite)
	h := setUp(t, d)
	for range 20 {
		h.make(500, h.open)
	}
	began := time.Now()
	b, err := h.runner.Start(t.Context(), h.amara, bulk.New{View: true, Filter: "turn:ours", Actions: do("assignee", "me")})
	if err != nil {
		t.Fatal(err)
	}
	stop, worst := make(chan struct{}), make(chan time.Duration)
	go func() {
		var longest time.Duration
		defer func() { worst <- longest }()
		for {
			select {
			case <-stop:
				return
			case <-time.After(7 * time.Millisecond):
			}
			at := time.Now()
			_ = d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := tx.Exec(context.Background(), `UPDATE setting SET value = '1' WHERE name = 'x'`)
				return err
			})
			longest = max(longest, time.Since(at))
		}
	}()
	b = h.ended(h.amara, b.ID)
	took := time.Since(began)
	close(stop)
	t.Logf("%d tickets in %v; another write waited %v at most", b.Changed, took, <-worst)
	if b.Changed != 10000 {
		t.Errorf("ended as %+v", b)
	}
}
