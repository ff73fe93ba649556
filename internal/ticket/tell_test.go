package ticket_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/ticket"
)

// told are the sentences that the requester of a ticket sees.
func (f *fixture) told(id int64) (texts []string) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		texts = nil
		for _, e := range must(ticket.Told(f.Context(), tx, id)) {
			texts = append(texts, e.ToValue)
		}
		return nil
	})
	return texts
}

func (f *fixture) tell(id int64, x ticket.Telling) (err error) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		err = tx.Try(f.Context(), func() error { return f.desk.Tell(f.Context(), tx, by(f.amara), id, x) })
		return nil
	})
	return err
}

func TestTell(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		id, other := f.create("Half pages").ID, f.create("Another").ID
		var note ticket.Message
		f.write(func(tx *db.Tx) (err error) {
			note, err = f.desk.Note(f.Context(), tx, by(f.amara), id, ticket.Draft{Text: "The drum is worn, as always with them"})
			return err
		})
		for _, x := range []ticket.Telling{{Text: "We look at it."}, {Text: "Most likely a worn drum.", MessageID: note.ID}, {Text: "A spare is in the house."}} {
			if err := f.tell(id, x); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.tell(id, ticket.Telling{Text: "Surely a worn drum.", MessageID: note.ID}); err != nil {
			t.Fatal(err)
		}
		if got := f.told(id); !slices.Equal(got, []string{"We look at it.", "A spare is in the house.", "Surely a worn drum."}) {
			t.Errorf("told %q", got)
		}
		f.write(func(tx *db.Tx) error {
			first := must(ticket.Told(f.Context(), tx, id))[0]
			for range 2 { // who is second to take it back finds it gone
				if err := f.desk.Untell(f.Context(), tx, by(f.jonas), id, first.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if got := f.told(id); !slices.Equal(got, []string{"A spare is in the house.", "Surely a worn drum."}) {
			t.Errorf("told %q after one was taken back", got)
		}
		for _, x := range []ticket.Telling{{Text: " \n"}, {Text: strings.Repeat("x", ticket.MaxTelling+1)}, {Text: "Elsewhere", MessageID: note.ID}, {Text: "Of nothing", EventID: 1 << 40}} {
			on := id
			if x.Text == "Elsewhere" {
				on = other
			}
			if err := f.tell(on, x); err == nil {
				t.Errorf("%+v was told", x)
			}
		}
		f.write(func(tx *db.Tx) error {
			if err := tx.Try(f.Context(), func() error { return f.desk.Tell(f.Context(), tx, by(f.hana), id, ticket.Telling{Text: "By herself"}) }); !fault.Is(err, fault.KindDenied) && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("a requester tells: %v", err)
			}
			return nil
		})
	})
}

func (f *fixture) sweepNews() {
	f.Helper()
	if err := f.desk.SweepNews(f.Context(), f.d); err != nil {
		f.Fatal(err)
	}
}

func TestPromisedNews(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		f.desk.Later = append(f.desk.Later, f.desk.KeepNews())
		at := clock.Now()
		d.SetClock(func() clock.Instant { return at })
		id := f.create("Half pages").ID
		promise := func(due clock.Instant) (err error) {
			f.write(func(tx *db.Tx) error {
				err = tx.Try(f.Context(), func() error { return f.desk.PromiseNews(f.Context(), tx, by(f.amara), id, due) })
				return nil
			})
			return err
		}
		owed := func() (n ticket.News) {
			f.write(func(tx *db.Tx) (err error) {
				n, err = ticket.NewsOf(f.Context(), tx, id)
				return err
			})
			return n
		}
		for _, due := range []clock.Instant{at, at.Add(-time.Hour), at.Add(400 * 24 * time.Hour)} {
			if err := promise(due); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("promised %v: %v", due.Time(), err)
			}
		}
		due := at.Add(time.Hour)
		if err := promise(due); err != nil {
			t.Fatal(err)
		}
		at = due.Add(-time.Millisecond)
		f.sweepNews()
		if n := owed(); n.DueAt != due || n.Late {
			t.Errorf("before: %+v", n)
		}
		at = due
		for range 2 {
			f.sweepNews()
		}
		late := 0
		f.write(func(tx *db.Tx) error {
			late = 0
			for _, e := range must(ticket.Events(f.Context(), tx, id)) {
				if e.What == ticket.NewsLate {
					late++
				}
			}
			return nil
		})
		if n := owed(); !n.Late || late != 1 {
			t.Errorf("when due: %+v, said %d times", n, late)
		}
		if err := f.tell(id, ticket.Telling{Text: "We still wait for the spare part."}); err != nil {
			t.Fatal(err)
		}
		if n := owed(); n.DueAt != 0 {
			t.Errorf("told, and still owed: %+v", n)
		}
		keeps := map[string]func(tx *db.Tx) error{
			"an answer": func(tx *db.Tx) error {
				_, err := f.desk.Reply(f.Context(), tx, by(f.amara), id, ticket.Draft{Text: "It comes tomorrow"}, ticket.Open)
				return err
			},
			"solving": func(tx *db.Tx) error {
				return f.desk.SetStatus(f.Context(), tx, by(f.amara), id, ticket.Solved)
			},
		}
		for _, name := range []string{"an answer", "solving"} {
			if err := promise(at.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			f.write(keeps[name])
			if n := owed(); n.DueAt != 0 {
				t.Errorf("%s: still owed %+v", name, n)
			}
		}
		if err := promise(at.Add(time.Hour)); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("promised on a solved ticket: %v", err)
		}
	})
}
