package outcome_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/fixnote"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// stage is a desk whose letters are only noted.
type stage struct {
	t           *testing.T
	ctx         context.Context
	db          *db.DB
	now         clock.Instant
	desk        *ticket.Desk
	keeper      *outcome.Keeper
	book        *fixnote.Book
	team        int64
	amara, hana person.Actor
	letters     []string
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &stage{t: t, ctx: t.Context(), db: d, now: clock.From(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
		d.SetClock(func() clock.Instant { return s.now })
		s.desk = &ticket.Desk{}
		s.keeper = &outcome.Keeper{DB: d, Desk: s.desk, Mail: func(_ context.Context, _ *db.Tx, _ int64, kind string) error {
			s.letters = append(s.letters, kind)
			return nil
		}}
		s.book = &fixnote.Book{Settled: s.keeper.NoteSettled, Count: s.keeper.Again}
		s.desk.Later = []ticket.Hook{s.book.Hook(), s.keeper.Hook()}
		s.write(func(tx *db.Tx) (err error) {
			if s.team, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: "desk", Name: "Desk"}); err != nil {
				return err
			}
			for to, role := range map[*person.Actor]person.Role{&s.amara: person.Agent, &s.hana: person.Requester} {
				p, err := person.Create(s.ctx, tx, person.New{Name: string(role), Role: role, Addresses: []string{string(role) + "@example.com"}})
				if err != nil {
					return err
				}
				if *to, err = person.ActorOf(s.ctx, tx, p.ID); err != nil {
					return err
				}
			}
			return nil
		})
		test(s)
	})
}

func (s *stage) write(fn func(tx *db.Tx) error) {
	s.t.Helper()
	if err := s.try(fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) try(fn func(tx *db.Tx) error) error { return s.db.Write(s.ctx, fn) }

func (s *stage) ticket(subject string, automatic bool) (id int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		t, err := s.desk.Create(s.ctx, tx, ticket.By{Actor: s.hana}, ticket.New{Subject: subject, Requester: s.hana.ID, Team: s.team, Message: ticket.Draft{Text: "It does not work.", Automatic: automatic}})
		id = t.ID
		return err
	})
	return id
}

func (s *stage) status(id int64, to ticket.Status) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error { return s.desk.SetStatus(s.ctx, tx, ticket.By{Actor: s.amara}, id, to) })
}

// after lets time pass, sweeps, and gives the letters since the last look.
func (s *stage) after(d time.Duration) []string {
	s.t.Helper()
	s.now = s.now.Add(d)
	if err := s.keeper.Sweep(s.ctx); err != nil {
		s.t.Fatal(err)
	}
	out := s.letters
	s.letters = nil
	return out
}

func (s *stage) wantLetters(why string, got []string, want ...string) {
	s.t.Helper()
	if !slices.Equal(got, want) {
		s.t.Errorf("%s: letters %v, want %v", why, got, want)
	}
}

func (s *stage) say(id int64, a outcome.Answer) error {
	return s.try(func(tx *db.Tx) error {
		t, err := ticket.Get(s.ctx, tx, s.hana, person.WriteOwn, id)
		if err != nil {
			return err
		}
		return s.keeper.Say(s.ctx, tx, ticket.By{Actor: s.hana, Cause: "form"}, t, a, true)
	})
}

func (s *stage) says(id int64, a outcome.Answer) {
	s.t.Helper()
	if err := s.say(id, a); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) figures() (f outcome.Figures) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		f, err = outcome.Since(s.ctx, tx, 28)
		return err
	})
	return f
}

func (s *stage) get(id int64) (t ticket.Ticket) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		t, err = ticket.Get(s.ctx, tx, person.System, person.SeeTicket, id)
		return err
	})
	return t
}

func TestTheLetterWaitsForTheNote(t *testing.T) {
	each(t, func(s *stage) {
		id := s.ticket("VPN", false)
		s.status(id, ticket.Solved)
		s.wantLetters("while the note is awaited", s.after(2*time.Minute))
		s.write(func(tx *db.Tx) error {
			_, err := s.book.Write(s.ctx, tx, s.amara, id, fixnote.Content{Next: "Restart it."})
			return err
		})
		s.wantLetters("with the note", s.after(time.Second), outcome.LetterSolved)
		s.wantLetters("once", s.after(time.Hour))

		slow := s.ticket("Printer", false)
		s.status(slow, ticket.Solved)
		s.wantLetters("nobody writes the note", s.after(16*time.Minute), outcome.LetterSolved)
		s.write(func(tx *db.Tx) error {
			_, err := s.book.Write(s.ctx, tx, s.amara, slow, fixnote.Content{Next: "Turn it off."})
			return err
		})
		s.wantLetters("the note came later", s.after(time.Second), outcome.LetterNote)

		hasty := s.ticket("Mouse", false)
		s.status(hasty, ticket.Solved)
		s.status(hasty, ticket.Open)
		s.wantLetters("the solution was taken back", s.after(time.Hour))

		program := s.ticket("Backup report", true)
		s.status(program, ticket.Solved)
		s.wantLetters("a program is asked", s.after(20*24*time.Hour), outcome.LetterGentle) // of the tickets above, one is asked about once more
	})
}

func TestWhoStaysSilentIsAskedGentlyOnce(t *testing.T) {
	each(t, func(s *stage) {
		id := s.ticket("VPN", false)
		s.status(id, ticket.Solved)
		s.wantLetters("asked", s.after(16*time.Minute), outcome.LetterSolved)
		s.wantLetters("too early", s.after(70*time.Hour))
		s.wantLetters("once more", s.after(3*time.Hour), outcome.LetterGentle)
		s.wantLetters("then never", s.after(60*24*time.Hour))

		first, second := s.ticket("One", false), s.ticket("Two", false)
		s.status(first, ticket.Solved)
		s.after(16 * time.Minute)
		s.now = s.now.Add(50 * time.Hour)
		s.status(second, ticket.Solved)
		s.wantLetters("the second", s.after(16*time.Minute), outcome.LetterSolved)
		s.wantLetters("asked about another within a week", s.after(30*24*time.Hour), outcome.LetterGentle)

		told := s.ticket("Three", false)
		s.status(told, ticket.Solved)
		s.after(16 * time.Minute)
		s.says(told, outcome.Answer{Face: outcome.Good})
		s.wantLetters("who said something", s.after(30*24*time.Hour))
	})
}

func TestNoOpensItAgain(t *testing.T) {
	each(t, func(s *stage) {
		id := s.ticket("VPN", false)
		if err := s.say(id, outcome.Answer{Worked: outcome.Yes}); !fault.Is(err, fault.KindConflict) {
			s.t.Errorf("said of an open ticket: %v", err)
		}
		s.status(id, ticket.Solved)
		s.now = s.now.Add(time.Minute)
		s.says(id, outcome.Answer{Worked: outcome.No, Reason: "It still drops."})
		s.says(id, outcome.Answer{Worked: outcome.No, Reason: "It still drops."}) // twice
		if got := s.get(id); got.Status != ticket.Open || got.Messages != 2 || got.LastText != "It still drops." {
			s.t.Errorf("after no: %+v", got)
		}
		s.write(func(tx *db.Tx) error {
			events, err := ticket.Events(s.ctx, tx, id)
			for _, e := range events {
				if e.What == ticket.StatusChanged && e.ToValue == string(ticket.Open) && (e.Cause != ticket.DidNotWork || e.PersonID != 0) {
					s.t.Errorf("reopened by %d because of %q", e.PersonID, e.Cause)
				}
			}
			return err
		})
		if f := s.figures(); f.Solved != 1 || f.No != 1 || f.Yes != 0 || f.Reopened != 1 || f.Silent() != 0 {
			s.t.Errorf("figures %+v", f)
		}
		s.status(id, ticket.Solved)
		s.says(id, outcome.Answer{Worked: outcome.Yes})
		s.says(id, outcome.Answer{Worked: outcome.Yes})
		if f := s.figures(); f.Solved != 2 || f.No != 1 || f.Yes != 1 {
			s.t.Errorf("figures %+v", f)
		}
		s.says(id, outcome.Answer{Worked: outcome.No})
		if f := s.figures(); f.No != 2 || f.Yes != 0 {
			s.t.Errorf("yes became no: figures %+v", f)
		}
		if got := s.get(id); got.LastText != "It does not work yet." {
			s.t.Errorf("no without words says %q", got.LastText)
		}
	})
}

func TestSatisfactionMayBeChangedUntilItIsClosed(t *testing.T) {
	each(t, func(s *stage) {
		id := s.ticket("VPN", false)
		s.status(id, ticket.Solved)
		s.says(id, outcome.Answer{Face: outcome.Bad})
		s.says(id, outcome.Answer{Face: outcome.Good, Words: "Very kind."})
		s.says(id, outcome.Answer{Worked: outcome.Yes})
		if f := s.figures(); f.Good != 1 || f.Bad != 0 || f.Yes != 1 {
			s.t.Errorf("figures %+v", f)
		}
		for _, wrong := range []outcome.Answer{{}, {Face: 4}, {Face: -1}, {Worked: "maybe"}} {
			if err := s.say(id, wrong); !fault.Is(err, fault.KindInvalid) {
				s.t.Errorf("%+v was taken: %v", wrong, err)
			}
		}
		s.status(id, ticket.Closed)
		if err := s.say(id, outcome.Answer{Face: outcome.Fair}); !fault.Is(err, fault.KindConflict) {
			s.t.Errorf("changed when it was closed: %v", err)
		}
		s.write(func(tx *db.Tx) error {
			o, err := outcome.Of(s.ctx, tx, id)
			if o.Face != outcome.Good || o.Words != "Very kind." {
				s.t.Errorf("kept %+v", o)
			}
			return err
		})
	})
}

func TestManyCountsAreFolded(t *testing.T) {
	each(t, func(s *stage) {
		for range 60 {
			s.status(s.ticket("One of many", false), ticket.Solved)
		}
		s.after(16 * time.Minute)
		if f := s.figures(); f.Solved != 60 {
			s.t.Errorf("figures %+v", f)
		}
		s.write(func(tx *db.Tx) error {
			n, err := db.One[int64](s.ctx, tx, `SELECT count(*) FROM outcome_count WHERE what = 'solved'`)
			if n != 1 {
				s.t.Errorf("%d rows", n)
			}
			return err
		})
	})
}
