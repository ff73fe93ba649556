package fixnote_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/fixnote"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// stage is a desk with an agent, a requester and a colleague of hers.
type stage struct {
	t                        *testing.T
	ctx                      context.Context
	db                       *db.DB
	now                      clock.Instant
	book                     *fixnote.Book
	desk                     *ticket.Desk
	team                     int64
	amara, jonas, hana, omar person.Actor
	explained                int64
	settled                  []int64
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &stage{t: t, ctx: t.Context(), db: d, now: clock.From(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
		d.SetClock(func() clock.Instant { return s.now })
		s.book = &fixnote.Book{
			Settled: func(_ context.Context, _ *db.Tx, t ticket.Ticket, _ fixnote.Note) error {
				s.settled = append(s.settled, t.ID)
				return nil
			},
			Count: func(_ context.Context, _ *db.Tx, by int64) error {
				s.explained += by
				return nil
			},
		}
		s.desk = &ticket.Desk{Later: []ticket.Hook{s.book.Hook()}}
		s.write(func(tx *db.Tx) (err error) {
			if s.team, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: "desk", Name: "Desk"}); err != nil {
				return err
			}
			acme, err := person.SaveOrganisation(s.ctx, tx, person.Organisation{Name: "Acme", SeeColleagues: true})
			if err != nil {
				return err
			}
			for _, p := range []struct {
				to   *person.Actor
				name string
				role person.Role
				org  int64
			}{{&s.amara, "amara", person.Agent, 0}, {&s.jonas, "jonas", person.Agent, 0}, {&s.hana, "hana", person.Requester, acme}, {&s.omar, "omar", person.Requester, acme}} {
				made, err := person.Create(s.ctx, tx, person.New{Name: p.name, Role: p.role, Organisation: p.org, Addresses: []string{p.name + "@example.com"}})
				if err != nil {
					return err
				}
				if *p.to, err = person.ActorOf(s.ctx, tx, made.ID); err != nil {
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
	s.now = s.now.Add(time.Minute)
	if err := s.db.Write(s.ctx, fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) ticket(who person.Actor, subject, text string) (id int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		t, err := s.desk.Create(s.ctx, tx, ticket.By{Actor: who}, ticket.New{Subject: subject, Requester: who.ID, Team: s.team, Message: ticket.Draft{Text: text}})
		id = t.ID
		return err
	})
	return id
}

func (s *stage) status(by person.Actor, id int64, to ticket.Status, cause string) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error { return s.desk.SetStatus(s.ctx, tx, ticket.By{Actor: by, Cause: cause}, id, to) })
}

func (s *stage) note(id int64, c fixnote.Content) (n fixnote.Note) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		n, err = s.book.Write(s.ctx, tx, s.amara, id, c)
		return err
	})
	return n
}

func (s *stage) of(id int64) (n fixnote.Note) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		n, err = fixnote.Of(s.ctx, tx, id)
		return err
	})
	return n
}

func (s *stage) asked(who person.Actor) (ids []int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		all, err := fixnote.Asked(s.ctx, tx, who)
		ids = nil
		for _, a := range all {
			ids = append(ids, a.TicketID)
		}
		return err
	})
	return ids
}

func (s *stage) like(who person.Actor, text string) (ids []int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		all, err := fixnote.Like(s.ctx, tx, who.ID, text)
		ids = nil
		for _, f := range all {
			ids = append(ids, f.TicketID)
		}
		return err
	})
	return ids
}

func TestANoteIsGivenWhileTheTicketIsDone(t *testing.T) {
	each(t, func(s *stage) {
		id := s.ticket(s.hana, "VPN drops", "The VPN drops every ten minutes when I work from home.")
		if n := s.note(id, fixnote.Content{Next: "Turn the router off and on."}); n.GivenAt != 0 {
			s.t.Error("a note was given before the ticket was solved")
		}
		s.status(s.amara, id, ticket.Solved, "")
		if n := s.of(id); n.GivenAt == 0 || !n.Says() {
			s.t.Fatalf("the note was not given: %+v", n)
		}
		if got := s.asked(s.amara); len(got) != 0 {
			s.t.Errorf("who wrote the note is asked for it: %v", got)
		}
		if got := s.like(s.hana, "my vpn drops"); len(got) != 1 || got[0] != id {
			s.t.Errorf("it is not found by like words: %v", got)
		}
		s.status(s.amara, id, ticket.Open, "")
		if n := s.of(id); n.GivenAt != 0 {
			s.t.Error("the solution is taken back, its note is not")
		}
		if got := s.like(s.hana, "my vpn drops"); len(got) != 0 {
			s.t.Errorf("a note that was taken back is offered: %v", got)
		}
		s.status(s.amara, id, ticket.Solved, "")
		if n := s.of(id); n.GivenAt == 0 {
			s.t.Error("solved again, the note is not given again")
		}
		s.status(person.System, id, ticket.Open, ticket.DidNotWork)
		s.status(s.amara, id, ticket.Solved, "")
		if n := s.of(id); n.GivenAt != 0 || !n.Stale {
			s.t.Error("a note that did not help was given again unseen")
		}
		if got := s.asked(s.amara); len(got) != 1 {
			s.t.Errorf("nobody is asked to look at the note that did not help: %v", got)
		}
		n := s.note(id, fixnote.Content{Next: "Turn the router off and on.", Version: 1})
		if n.GivenAt == 0 || s.of(id).Stale {
			s.t.Error("confirmed, it is not given")
		}
	})
}

func TestWhoSolvesIsAskedOnceAndMaySkip(t *testing.T) {
	each(t, func(s *stage) {
		id := s.ticket(s.hana, "Printer", "It prints half pages.")
		s.status(s.amara, id, ticket.Solved, "")
		if got := s.asked(s.amara); len(got) != 1 || got[0] != id {
			s.t.Fatalf("asked for %v", got)
		}
		if got := s.asked(s.jonas); len(got) != 0 {
			s.t.Errorf("somebody else is asked: %v", got)
		}
		s.write(func(tx *db.Tx) error {
			if _, err := s.book.Skip(s.ctx, tx, s.amara, id, fixnote.Other, " "); !fault.Is(err, fault.KindInvalid) {
				s.t.Errorf("other words without words: %v", err)
			}
			if _, err := s.book.Skip(s.ctx, tx, s.amara, id, "because", ""); !fault.Is(err, fault.KindInvalid) {
				s.t.Errorf("a reason that is none: %v", err)
			}
			_, err := s.book.Skip(s.ctx, tx, s.amara, id, fixnote.Nothing, "")
			return err
		})
		if n := s.of(id); n.Says() || n.GivenAt != 0 || n.Skipped != fixnote.Nothing {
			s.t.Errorf("skipped: %+v", n)
		}
		if got := s.asked(s.amara); len(got) != 0 || len(s.settled) != 1 {
			s.t.Errorf("still asked for %v, settled %v", got, s.settled)
		}
		s.note(id, fixnote.Content{Did: "We cleaned the drum.", Version: 1})
		s.write(func(tx *db.Tx) error {
			_, err := s.book.Skip(s.ctx, tx, s.amara, id, fixnote.Nothing, "")
			return err
		})
		if n := s.of(id); !n.Says() || n.GivenAt == 0 {
			s.t.Errorf("a late skip took a note away: %+v", n)
		}
		s.write(func(tx *db.Tx) error { return fixnote.Want(s.ctx, tx, s.team, false) })
		other := s.ticket(s.hana, "Mouse", "It squeaks.")
		s.status(s.amara, other, ticket.Solved, "")
		if got := s.asked(s.amara); len(got) != 0 {
			s.t.Errorf("a team that wants none is asked for %v", got)
		}
	})
}

func TestTwoWhoWriteLoseNothing(t *testing.T) {
	each(t, func(s *stage) {
		id := s.ticket(s.hana, "VPN", "The VPN drops.")
		s.note(id, fixnote.Content{Next: "First."})
		s.note(id, fixnote.Content{Next: "Second.", Version: 1})
		s.write(func(tx *db.Tx) error {
			if _, err := s.book.Write(s.ctx, tx, s.jonas, id, fixnote.Content{Next: "Third.", Version: 1}); !fault.Is(err, fault.KindConflict) {
				s.t.Errorf("written over what was not seen: %v", err)
			}
			if _, err := s.book.Write(s.ctx, tx, s.jonas, id, fixnote.Content{Next: "Second.", Version: 1}); err != nil {
				s.t.Errorf("the same sent twice: %v", err)
			}
			if _, err := s.book.Write(s.ctx, tx, s.jonas, id, fixnote.Content{Next: " \n"}); !fault.Is(err, fault.KindInvalid) {
				s.t.Errorf("an empty note: %v", err)
			}
			if _, err := s.book.Write(s.ctx, tx, s.jonas, id, fixnote.Content{Next: strings.Repeat("x", fixnote.MaxPart+1), Version: 2}); !fault.Is(err, fault.KindInvalid) {
				s.t.Errorf("a note without end: %v", err)
			}
			if _, err := s.book.Write(s.ctx, tx, s.hana, id, fixnote.Content{Next: "Mine."}); err == nil {
				s.t.Error("a requester wrote a note")
			}
			old, err := fixnote.Versions(s.ctx, tx, id)
			if len(old) != 1 || old[0].Next != "First." {
				s.t.Errorf("versions %+v", old)
			}
			return err
		})
	})
}

func TestWhatIsExplainedAgainIsCounted(t *testing.T) {
	each(t, func(s *stage) {
		text := "The VPN drops every ten minutes when I work from home."
		first := s.ticket(s.hana, "VPN drops", text)
		s.status(s.amara, first, ticket.Solved, "")
		s.note(first, fixnote.Content{Next: "Turn the router off and on."})
		if s.explained != 0 {
			s.t.Errorf("the first time was counted as again")
		}
		other := s.ticket(s.hana, "New mouse", "May I have a quieter mouse?")
		s.status(s.amara, other, ticket.Solved, "")
		if s.explained != 0 {
			s.t.Errorf("something else was counted as again")
		}
		again := s.ticket(s.hana, "VPN gone again", "Again my VPN drops all ten minutes at home")
		s.status(s.amara, again, ticket.Solved, "")
		if s.explained != 1 {
			s.t.Errorf("asked again by the same person: counted %d", s.explained)
		}
		s.status(s.amara, again, ticket.Open, "")
		s.status(s.amara, again, ticket.Solved, "")
		if s.explained != 1 {
			s.t.Errorf("solved twice, counted %d", s.explained)
		}
		colleague := s.ticket(s.omar, "VPN drops", "The VPN drops at home, every ten minutes")
		s.status(s.amara, colleague, ticket.Solved, "")
		if s.explained != 2 {
			s.t.Errorf("asked by a colleague: counted %d", s.explained)
		}
		s.write(func(tx *db.Tx) error { return s.book.SayAgain(s.ctx, tx, colleague, false) })
		s.write(func(tx *db.Tx) error { return s.book.SayAgain(s.ctx, tx, colleague, false) })
		s.write(func(tx *db.Tx) error { return s.book.SayAgain(s.ctx, tx, other, true) })
		if s.explained != 2 {
			s.t.Errorf("an agent's word: counted %d", s.explained)
		}
	})
}

func TestOneNoteForAllThatWereSolvedAtOnce(t *testing.T) {
	each(t, func(s *stage) {
		first, second := s.ticket(s.hana, "Printer", "It blinks"), s.ticket(s.omar, "Printer too", "It blinks")
		other := s.ticket(s.hana, "Mouse", "It squeaks")
		for _, id := range []int64{first, second} {
			s.status(s.amara, id, ticket.Solved, "")
		}
		s.status(s.jonas, other, ticket.Solved, "")
		s.write(func(tx *db.Tx) error {
			n, err := s.book.WriteAsked(s.ctx, tx, s.amara, fixnote.Content{Next: "Turn it off and on"})
			if n != 2 {
				t.Errorf("kept with %d tickets", n)
			}
			return err
		})
		for _, id := range []int64{first, second} {
			if n := s.of(id); n.Next != "Turn it off and on" || n.GivenAt == 0 {
				t.Errorf("%d has %+v", id, n)
			}
		}
		if n := s.of(other); n.TicketID != 0 {
			t.Errorf("what somebody else solved has %+v", n)
		}
		if left := s.asked(s.amara); len(left) != 0 {
			t.Errorf("still asked about %v", left)
		}
	})
}
