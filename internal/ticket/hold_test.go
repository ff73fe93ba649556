package ticket_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/job"
	"goodturn/internal/ticket"
)

// holding is a desk that holds answers, with a ticket of Hana's. Nothing runs its queue.
func holding(t *testing.T, d *db.DB, undo time.Duration) (*fixture, int64) {
	f := setUp(t, d)
	f.desk.Undo, f.desk.Queue = undo, job.NewQueue(d, slog.New(slog.DiscardHandler), 2)
	f.desk.Handlers(d)
	var id int64
	f.write(func(tx *db.Tx) error {
		made, err := f.desk.Create(f.Context(), tx, ticket.By{Actor: f.amara}, ticket.New{Subject: "Printer", Requester: f.hana.ID, Team: f.open, Message: ticket.Draft{Text: "half pages"}})
		id = made.ID
		return err
	})
	return f, id
}

func (f *fixture) hold(id int64, text string, then ticket.Status) (h ticket.Held) {
	f.Helper()
	f.write(func(tx *db.Tx) (err error) {
		h, err = f.desk.Hold(f.Context(), tx, ticket.By{Actor: f.amara}, id, ticket.Draft{Text: text}, then)
		return err
	})
	return h
}

// state is all that the requester's side, lists and the spine can know of a ticket.
func (f *fixture) state(id int64) string {
	f.Helper()
	var out string
	f.write(func(tx *db.Tx) error {
		t, err := ticket.Get(f.Context(), tx, f.amara, "see a ticket as staff", id)
		if err != nil {
			return err
		}
		messages := must(ticket.Messages(f.Context(), tx, id, true))
		events := must(ticket.Events(f.Context(), tx, id))
		out = fmt.Sprintf("%+v %d %d", t, len(messages), len(events))
		return nil
	})
	return out
}

func TestHeldAnswerIsNowhereUntilItIsGiven(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, id := holding(t, d, time.Hour)
		before, heard := f.state(id), len(f.heard)
		h := f.hold(id, "On my way.", ticket.Solved)
		if after := f.state(id); after != before || len(f.heard) != heard {
			t.Fatalf("the ticket was\n%s\nand is\n%s; hooks heard %v", before, after, f.heard[heard:])
		}
		f.write(func(tx *db.Tx) error { return f.desk.Give(t.Context(), tx, h.ID) })
		f.write(func(tx *db.Tx) error { return f.desk.Give(t.Context(), tx, h.ID) })
		f.write(func(tx *db.Tx) error {
			m := must(ticket.Messages(t.Context(), tx, id, false))
			now := must(ticket.Get(t.Context(), tx, f.amara, "see a ticket as staff", id))
			if len(m) != 2 || m[1].Text != "On my way." || m[1].AuthorID != f.amara.ID || now.Status != ticket.Solved || now.LastText != "On my way." {
				t.Errorf("messages %+v, ticket %+v", m, now)
			}
			if _, err := f.desk.TakeBack(t.Context(), tx, ticket.By{Actor: f.amara}, id, h.ID); !fault.Is(err, fault.KindConflict) {
				t.Errorf("a given answer may be taken back: %v", err)
			}
			return nil
		})
	})
}

func TestTakenBackAnswerIsNeverGiven(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, id := holding(t, d, time.Hour)
		h := f.hold(id, "Wrong person, sorry.", ticket.Solved)
		f.write(func(tx *db.Tx) error {
			if _, err := f.desk.TakeBack(t.Context(), tx, ticket.By{Actor: f.jonas}, id, h.ID); !fault.Is(err, fault.KindConflict) {
				t.Errorf("a colleague's answer may be taken back: %v", err)
			}
			back, err := f.desk.TakeBack(t.Context(), tx, ticket.By{Actor: f.amara}, id, h.ID)
			if back.Draft.Text != "Wrong person, sorry." || back.AuthorID != f.amara.ID || back.SenderID != f.amara.ID {
				t.Errorf("taken back: %+v", back)
			}
			return err
		})
		f.write(func(tx *db.Tx) error { return f.desk.Give(t.Context(), tx, h.ID) })
		f.write(func(tx *db.Tx) error {
			if m := must(ticket.Messages(t.Context(), tx, id, true)); len(m) != 1 {
				t.Errorf("messages %+v", m)
			}
			e := must(ticket.Events(t.Context(), tx, id))
			if last := e[len(e)-1]; last.What != ticket.TakenBack || last.PersonID != f.amara.ID {
				t.Errorf("event %+v", last)
			}
			if left := must(ticket.HeldOf(t.Context(), tx, id)); len(left) != 0 {
				t.Errorf("left %+v", left)
			}
			return nil
		})
	})
}

func TestUndoAndSendingEndInExactlyOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, id := holding(t, d, time.Hour)
		const tries = 60
		given, back := 0, 0
		for i := range tries {
			h := f.hold(id, fmt.Sprint("Answer ", i), "")
			var wg sync.WaitGroup
			var undone error
			start := make(chan struct{})
			wg.Go(func() {
				<-start
				undone = d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := f.desk.TakeBack(t.Context(), tx, ticket.By{Actor: f.amara}, id, h.ID)
					return err
				})
			})
			wg.Go(func() {
				<-start
				if err := d.Write(t.Context(), func(tx *db.Tx) error { return f.desk.Give(t.Context(), tx, h.ID) }); err != nil {
					t.Error(err)
				}
			})
			close(start)
			wg.Wait()
			f.write(func(tx *db.Tx) error {
				m := must(ticket.Messages(t.Context(), tx, id, false))
				said := slices.ContainsFunc(m, func(m ticket.Message) bool { return m.Text == fmt.Sprint("Answer ", i) })
				kept := undone == nil
				if said == kept || len(must(ticket.HeldOf(t.Context(), tx, id))) != 0 || kept != (undone == nil) || (undone != nil && !fault.Is(undone, fault.KindConflict)) {
					t.Errorf("try %d: said %v, kept %v, undo said %v", i, said, kept, undone)
				}
				if said {
					given++
				} else {
					back++
				}
				return nil
			})
		}
		t.Logf("%d given, %d taken back", given, back)
	})
}

func TestWhatIsWrittenMeanwhileIsNotSolvedByAHeldAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, id := holding(t, d, time.Hour)
		h := f.hold(id, "It works again.", ticket.Solved)
		f.write(func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE held_reply SET held_at = held_at - 1000`)
			return err
		})
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Answer(t.Context(), tx, ticket.By{Actor: f.hana}, id, ticket.Draft{Text: "No, it does not."})
			return err
		})
		f.write(func(tx *db.Tx) error { return f.desk.Give(t.Context(), tx, h.ID) })
		f.write(func(tx *db.Tx) error {
			now := must(ticket.Get(t.Context(), tx, f.amara, "see a ticket as staff", id))
			if now.Status != ticket.Open || now.WaitingSince == 0 {
				t.Errorf("ticket %+v", now)
			}
			return nil
		})
	})
}

func TestHeldAnswerIsGivenAfterARestart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, id := holding(t, d, time.Millisecond)
		f.hold(id, "On my way.", "") // and the process is killed: its queue never ran
		said := make(chan struct{}, 10)
		again := &ticket.Desk{Undo: time.Hour, Queue: job.NewQueue(d, slog.New(slog.DiscardHandler), 2), Changed: func(c ticket.Change) {
			if c.What == ticket.Messaged {
				said <- struct{}{}
			}
		}}
		again.Handlers(d)
		running := make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		go func() { defer close(running); _ = again.Queue.Run(ctx) }()
		select {
		case <-said:
		case <-time.After(20 * time.Second):
			t.Fatal("the answer was lost")
		}
		stop()
		<-running
	})
}
