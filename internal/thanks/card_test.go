package thanks_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
)

// stage is a desk with two teams, of which one is private.
type stage struct {
	t                                   *testing.T
	ctx                                 context.Context
	db                                  *db.DB
	now                                 clock.Instant
	desk                                *ticket.Desk
	book                                *thanks.Book
	open, private                       int64
	amara, jonas, ruth, ines, hana, pat person.Actor // two agents, two leads, two requesters
	told                                []string
	settled                             []int64
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &stage{t: t, ctx: t.Context(), db: d, now: clock.From(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
		d.SetClock(func() clock.Instant { return s.now })
		s.desk = &ticket.Desk{}
		s.book = &thanks.Book{
			Desk: s.desk,
			Tell: func(_ context.Context, _ *db.Tx, c thanks.Card) error {
				s.told = append(s.told, c.ToName+": "+c.Text)
				return nil
			},
			Said: func(_ context.Context, _ *db.Tx, id int64) error { s.settled = append(s.settled, id); return nil },
		}
		s.desk.OnlyThanks, s.desk.Hooks = s.book.Reads, []ticket.Hook{s.book.Hook()}
		s.write(func(tx *db.Tx) (err error) {
			if s.open, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: "desk", Name: "Desk"}); err != nil {
				return err
			}
			if s.private, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}); err != nil {
				return err
			}
			ids := map[string]int64{}
			for _, p := range []struct {
				to   *person.Actor
				name string
				role person.Role
			}{{&s.amara, "Amara Okafor", person.Agent}, {&s.jonas, "Jonas Weber", person.Agent}, {&s.ruth, "Ruth", person.Lead}, {&s.ines, "Ines", person.Lead}, {&s.hana, "Hana Sato", person.Requester}, {&s.pat, "Pat", person.Requester}} {
				made, err := person.Create(s.ctx, tx, person.New{Name: p.name, Role: p.role, Addresses: []string{strings.Fields(p.name)[0] + "@example.com"}})
				if err != nil {
					return err
				}
				ids[p.name] = made.ID
				p.to.ID = made.ID
			}
			if err := person.SetMembers(s.ctx, tx, s.private, []int64{s.amara.ID, s.ines.ID}); err != nil {
				return err
			}
			for _, a := range []*person.Actor{&s.amara, &s.jonas, &s.ruth, &s.ines, &s.hana, &s.pat} {
				if *a, err = person.ActorOf(s.ctx, tx, a.ID); err != nil {
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
	if err := s.db.Write(s.ctx, fn); err != nil {
		s.t.Fatal(err)
	}
}

// solved makes a ticket of Hana's that somebody answered and solved; 0 is nobody.
func (s *stage) solved(team int64, by person.Actor) (t ticket.Ticket) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		made, err := s.desk.Create(s.ctx, tx, ticket.By{Actor: s.hana}, ticket.New{Subject: "Printer", Requester: s.hana.ID, Team: team, Message: ticket.Draft{Text: "It prints half pages."}})
		if err != nil {
			return err
		}
		if by.ID != 0 {
			if err := s.desk.Assign(s.ctx, tx, ticket.By{Actor: by}, made.ID, by.ID); err != nil {
				return err
			}
			if _, err := s.desk.Reply(s.ctx, tx, ticket.By{Actor: by}, made.ID, ticket.Draft{Text: "Please try again."}, ticket.Solved); err != nil {
				return err
			}
		} else if err := s.desk.Solve(s.ctx, tx, ticket.By{Actor: person.System}, made.ID); err != nil {
			return err
		}
		t, err = ticket.Get(s.ctx, tx, person.System, person.SeeTicket, made.ID)
		return err
	})
	return t
}

func (s *stage) card(by person.Actor, t ticket.Ticket, w thanks.Words) (c thanks.Card) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		c, err = s.book.Write(s.ctx, tx, ticket.By{Actor: by}, t, w)
		return err
	})
	return c
}

func (s *stage) answer(t ticket.Ticket, d ticket.Draft) (now ticket.Ticket) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		if _, err := s.desk.Answer(s.ctx, tx, ticket.By{Actor: s.hana, Cause: "mail"}, t.ID, d); err != nil {
			return err
		}
		var err error
		now, err = ticket.Get(s.ctx, tx, person.System, person.SeeTicket, t.ID)
		return err
	})
	return now
}

func (s *stage) choose(a person.Actor, id int64, what thanks.Choice) error {
	return s.db.Write(s.ctx, func(tx *db.Tx) error { return s.book.Choose(s.ctx, tx, a, id, what) })
}

func (s *stage) wall(a person.Actor) (out []string) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		all, err := thanks.Wall(s.ctx, tx, a, thanks.Place{}, 10)
		for _, c := range all {
			out = append(out, c.FromName+" to "+c.ToName+": "+c.Text+" ["+c.Subject+"]")
		}
		return err
	})
	return out
}

func (s *stage) own(a person.Actor) (out []string) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		all, err := thanks.Own(s.ctx, tx, a, false, thanks.Place{}, 10)
		for _, c := range all {
			out = append(out, c.FromName+": "+c.Text+" ["+c.Subject+"]")
		}
		return err
	})
	return out
}

func (s *stage) is(what string, got []string, want ...string) {
	s.t.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") {
		s.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestACardGoesToWhoeverHelpedAndStaysThere(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: "  You were so patient.\r\n\u202eThank you.\x00 "})
		s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: "You were so patient.\nThank you."}) // twice the same
		s.is("her record", s.own(s.amara), "Hana Sato: You were so patient.\nThank you. [Printer]")
		s.is("who is told", s.told, "Amara Okafor: You were so patient.\nThank you.")
		s.is("another's record", s.own(s.jonas))
		s.is("the wall", s.wall(s.amara))
		if len(s.settled) != 1 {
			t.Errorf("asked once more: %v", s.settled)
		}
		var text string
		s.write(func(tx *db.Tx) (err error) {
			text, err = thanks.Record(s.ctx, tx, s.amara)
			return err
		})
		if !strings.Contains(text, "You were so patient.\nThank you.\n\n— Hana Sato, 2 Mar 2026") {
			t.Errorf("the file: %s", text)
		}
	})
}

func TestACardIsRefusedKindly(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		for name, w := range map[string]thanks.Words{
			"nothing": {To: s.amara.ID, Text: " \u202e\x00 "}, "very long": {To: s.amara.ID, Text: strings.Repeat("ä", thanks.MaxText+1)},
			"to who did not help": {To: s.jonas.ID, Text: "Thanks"}, "to a requester": {To: s.pat.ID, Text: "Thanks"}, "to oneself": {To: s.hana.ID, Text: "Thanks"},
		} {
			err := s.db.Write(s.ctx, func(tx *db.Tx) error {
				_, err := s.book.Write(s.ctx, tx, ticket.By{Actor: s.hana}, x, w)
				return err
			})
			if !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: strings.Repeat("ä", thanks.MaxText)})
	})
}

func TestRequestersKnowOfThoseWhoAnsweredAlone(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		s.write(func(tx *db.Tx) error {
			if _, err := s.desk.Note(s.ctx, tx, ticket.By{Actor: s.jonas}, x.ID, ticket.Draft{Text: "It is the drum."}); err != nil {
				return err
			}
			for a, want := range map[*person.Actor]string{&s.hana: "Amara Okafor", &s.ruth: "Amara Okafor|Jonas Weber", &s.amara: "Jonas Weber"} {
				all, err := thanks.Helpers(s.ctx, tx, *a, x)
				if err != nil {
					return err
				}
				var names []string
				for _, h := range all {
					names = append(names, h.Name)
				}
				s.is(a.Name+" can thank", names, strings.Split(want, "|")...)
			}
			return nil
		})
		s.card(s.amara, x, thanks.Words{To: s.jonas.ID, Text: "Without your note I would still look at the tray."})
		s.is("Jonas", s.own(s.jonas), "Amara Okafor: Without your note I would still look at the tray. [Printer]")
	})
}

func TestACardHangsWhileBothAgree(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		c := s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: "So patient", Wall: true})
		s.is("one says yes", s.wall(s.jonas))
		for _, a := range []person.Actor{s.jonas, s.ruth, s.pat, person.Nobody} {
			for _, what := range []thanks.Choice{thanks.HangUp, thanks.TakeDown, thanks.KeepIt, thanks.PutAway} {
				if err := s.choose(a, c.ID, what); !fault.Is(err, fault.KindNotFound) {
					t.Errorf("%s %s: %v", a.Name, what, err)
				}
			}
		}
		up := "Hana Sato to Amara Okafor: So patient [Printer]"
		for _, step := range []struct {
			who  person.Actor
			what thanks.Choice
			want []string
		}{
			{s.amara, thanks.HangUp, []string{up}},
			{s.hana, thanks.TakeDown, nil},
			{s.hana, thanks.HangUp, []string{up}},
			{s.amara, thanks.KeepIt, nil},
			{s.hana, thanks.HangUp, nil},
			{s.amara, thanks.HangUp, []string{up}},
			{s.amara, thanks.PutAway, nil},
			{s.amara, thanks.BringOut, nil},
			{s.amara, thanks.HangUp, []string{up}},
		} {
			if err := s.choose(step.who, c.ID, step.what); err != nil {
				t.Fatal(err)
			}
			s.is(step.who.Name+" says "+string(step.what), s.wall(s.jonas), step.want...)
		}
		if err := s.choose(s.hana, c.ID, thanks.KeepIt); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the writer keeps it: %v", err)
		}
	})
}

func TestACardToTheDeskHangsWhenItsWriterLikes(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, person.Actor{}) // nobody had it
		c := s.card(s.hana, x, thanks.Words{Text: "You all", Wall: true})
		s.is("the wall", s.wall(s.jonas), "Hana Sato to : You all [Printer]")
		s.write(func(tx *db.Tx) error {
			if c, ok, err := thanks.OfDesk(s.ctx, tx, s.jonas); !ok || c.Text != "You all" || err != nil {
				t.Errorf("the start page: %+v %v %v", c, ok, err)
			}
			return nil
		})
		if err := s.choose(s.jonas, c.ID, thanks.TakeDown); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("anybody takes it down: %v", err)
		}
		if err := s.choose(s.ruth, c.ID, thanks.TakeDown); err != nil {
			t.Fatal(err)
		}
		s.is("a lead took it down", s.wall(s.jonas))
		if len(s.told) != 0 {
			t.Errorf("told: %v", s.told)
		}
	})
}

func TestTheWallNeverTellsOfAPrivateTeamsTicket(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.private, s.amara)
		c := s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: "So discreet", Wall: true})
		if err := s.choose(s.amara, c.ID, thanks.HangUp); err != nil {
			t.Fatal(err)
		}
		for _, a := range []person.Actor{s.amara, s.jonas, s.ruth} {
			s.is("the wall for "+a.Name, s.wall(a), "Hana Sato to Amara Okafor: So discreet []")
		}
		s.is("her own record", s.own(s.amara), "Hana Sato: So discreet [Printer]")
		s.is("leads' letters", s.month(s.ruth))
		s.is("of the team's", s.month(s.ines), "So discreet")
	})
}

func (s *stage) month(a person.Actor) (out []string) {
	s.t.Helper()
	from, until := thanks.Bounds(202603, time.UTC)
	s.write(func(tx *db.Tx) error {
		all, _, err := thanks.Month(s.ctx, tx, a, from, until)
		for _, c := range all {
			out = append(out, c.Text)
		}
		return err
	})
	return out
}

func TestLeadsGetTheCardsOfAMonthOnce(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: "one"})
		kept := s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: "two"})
		away := s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: "three"})
		if err := s.choose(s.amara, kept.ID, thanks.KeepIt); err != nil {
			t.Fatal(err)
		}
		if err := s.choose(s.amara, away.ID, thanks.PutAway); err != nil {
			t.Fatal(err)
		}
		s.is("the month", s.month(s.ruth), "one")
		var mailed []int64
		sweep := func(at time.Time, want int) {
			t.Helper()
			s.now = clock.From(at)
			mailed = nil
			for range 2 {
				err := thanks.SweepMonth(s.ctx, s.db, time.UTC, func(_ context.Context, _ *db.Tx, _, month int64) error {
					mailed = append(mailed, month)
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if len(mailed) != want {
				t.Errorf("%s: mailed %v", at, mailed)
			}
		}
		sweep(time.Date(2026, 4, 1, 7, 59, 0, 0, time.UTC), 0)
		sweep(time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC), 2)
		if mailed[0] != 202603 {
			t.Errorf("the month is %d", mailed[0])
		}
		sweep(time.Date(2026, 4, 30, 23, 0, 0, 0, time.UTC), 0)
		sweep(time.Date(2026, 6, 3, 1, 0, 0, 0, time.UTC), 2) // it was off on the first
		s.write(func(tx *db.Tx) error { return thanks.Setting{NoDigest: true}.Save(s.ctx, tx) })
		sweep(time.Date(2026, 7, 2, 9, 0, 0, 0, time.UTC), 0)
	})
}

func TestAMailThatOnlySaysThanksOpensNothing(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		now := s.answer(x, ticket.Draft{Text: "Hi Amara,\n\nthank you, it works now!\n\nBest regards\nHana Sato", Subject: "Re: Printer [#1]"})
		if now.Status != ticket.Solved || now.Messages != 3 || now.WaitingSince != 0 {
			t.Errorf("the ticket: %+v", now)
		}
		s.is("her record", s.own(s.amara), "Hana Sato: Hi Amara,\n\nthank you, it works now!\n\nBest regards\nHana Sato [Printer]")
		events := s.events(x.ID)
		if !strings.HasSuffix(events, "message thanks") {
			t.Errorf("events: %s", events)
		}
		for _, d := range []ticket.Draft{
			{Text: "Thanks, but it still prints half pages."}, {Text: "Thanks!", Subject: "The scanner too"}, {Text: "Thank you. Who is Bob?"},
		} {
			x := s.solved(s.open, s.amara)
			if now := s.answer(x, d); now.Status != ticket.Open || now.WaitingSince == 0 {
				t.Errorf("%q: %s", d.Text, now.Status)
			}
		}
		if len(s.own(s.amara)) != 1 {
			t.Errorf("cards: %q", s.own(s.amara))
		}
		s.write(func(tx *db.Tx) error { return thanks.Setting{NoMail: true}.Save(s.ctx, tx) })
		if now := s.answer(s.solved(s.open, s.amara), ticket.Draft{Text: "Thanks!"}); now.Status != ticket.Open {
			t.Errorf("switched off, and it is %s", now.Status)
		}
	})
}

func (s *stage) events(id int64) string {
	s.t.Helper()
	var out []string
	s.write(func(tx *db.Tx) error {
		all, err := ticket.Events(s.ctx, tx, id)
		for _, e := range all {
			out = append(out, string(e.What))
		}
		return err
	})
	return strings.Join(out, " ")
}

func TestThanksOnATicketThatIsOpenAreAnAnswer(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		s.write(func(tx *db.Tx) error {
			return s.desk.SetStatus(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID, ticket.Pending)
		})
		if now := s.answer(x, ticket.Draft{Text: "Thanks!"}); now.Status != ticket.Open || now.WaitingSince == 0 {
			t.Errorf("it is %s", now.Status)
		}
		s.is("cards", s.own(s.amara))
	})
}

func TestThanksForNobodyAreForTheDesk(t *testing.T) {
	each(t, func(s *stage) {
		s.answer(s.solved(s.open, person.Actor{}), ticket.Draft{Text: "Danke!"})
		left := s.solved(s.open, s.jonas)
		s.write(func(tx *db.Tx) error {
			_, err := tx.Exec(s.ctx, `UPDATE person SET active = FALSE WHERE id = $1`, s.jonas.ID)
			return err
		})
		s.answer(left, ticket.Draft{Text: "Danke sehr!"})
		s.write(func(tx *db.Tx) error {
			n, err := db.One[int64](s.ctx, tx, `SELECT count(*) FROM card WHERE to_id IS NULL AND how = 'mail'`)
			if n != 2 {
				t.Errorf("%d cards to the desk", n)
			}
			return err
		})
	})
}

func TestNoReopen(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		s.answer(x, ticket.Draft{Text: "Thanks!"})
		var card int64
		s.write(func(tx *db.Tx) error {
			all, err := thanks.OfMessage(s.ctx, tx, x.ID)
			for _, c := range all {
				card = c.ID
			}
			return err
		})
		for range 2 { // the second tap finds it done
			s.write(func(tx *db.Tx) error { return s.book.NotThanks(s.ctx, tx, ticket.By{Actor: s.jonas}, x, card) })
		}
		if got := s.events(x.ID); !strings.HasSuffix(got, "thanks status") {
			t.Errorf("events: %s", got)
		}
		s.is("cards", s.own(s.amara))

		y := s.solved(s.open, s.amara)
		s.answer(y, ticket.Draft{Text: "Thank you!"})
		var mine []thanks.Card
		s.write(func(tx *db.Tx) (err error) {
			mine, err = thanks.WrittenFor(s.ctx, tx, y, s.hana.ID)
			return err
		})
		err := s.db.Write(s.ctx, func(tx *db.Tx) error {
			return s.book.Unsolved(s.ctx, tx, ticket.By{Actor: s.pat}, y, mine[0].ID, "No")
		})
		if !fault.Is(err, fault.KindNotFound) {
			t.Errorf("by somebody else: %v", err)
		}
		s.write(func(tx *db.Tx) error {
			if err := s.book.Unsolved(s.ctx, tx, ticket.By{Actor: s.hana}, y, mine[0].ID, "It is not solved yet."); err != nil {
				return err
			}
			now, err := ticket.Get(s.ctx, tx, person.System, person.SeeTicket, y.ID)
			if now.Status != ticket.Open || now.WaitingSince == 0 {
				t.Errorf("it is %s", now.Status)
			}
			return err
		})
		s.is("cards", s.own(s.amara))
	})
}

func TestCardsOutliveTicketsAndGoWithPeople(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: "a page"})
		s.answer(x, ticket.Draft{Text: "Thanks!"})
		y := s.solved(s.private, s.amara)
		s.card(s.hana, y, thanks.Words{To: s.amara.ID, Text: "private"})
		s.write(func(tx *db.Tx) error {
			for _, id := range []int64{x.ID, y.ID} {
				if _, err := thanks.Forget(s.ctx, tx, id); err != nil {
					return err
				}
			}
			return nil
		})
		s.is("without their tickets", s.own(s.amara), "Hana Sato: private []", "Hana Sato: Thanks! []", "Hana Sato: a page []")
		s.is("a lead reads", s.month(s.ruth), "a page", "Thanks!")
		s.write(func(tx *db.Tx) error { return thanks.Erase(s.ctx, tx, s.hana.ID) })
		s.is("without their writer", s.own(s.amara), ": private []", ": Thanks! []", ": a page []")
		s.write(func(tx *db.Tx) error { return thanks.Erase(s.ctx, tx, s.amara.ID) })
		s.is("without their holder", s.own(s.amara))
	})
}

func TestCardsGoOverWithWhoeverIsMerged(t *testing.T) {
	each(t, func(s *stage) {
		x := s.solved(s.open, s.amara)
		s.card(s.hana, x, thanks.Words{To: s.amara.ID, Text: "one"})
		admin := person.Actor{ID: s.ruth.ID, Role: person.Administrator}
		var merge int64
		s.write(func(tx *db.Tx) (err error) {
			merge, err = person.MergeInto(s.ctx, tx, admin, s.pat.ID, s.hana.ID, "")
			return err
		})
		s.is("the writer is Pat", s.own(s.amara), "Pat: one [Printer]")
		s.write(func(tx *db.Tx) error { return person.UndoMerge(s.ctx, tx, admin, merge, "") })
		s.is("undone", s.own(s.amara), "Hana Sato: one [Printer]")
		s.write(func(tx *db.Tx) (err error) {
			merge, err = person.MergeInto(s.ctx, tx, admin, s.jonas.ID, s.amara.ID, "")
			return err
		})
		s.is("the holder is Jonas", s.own(s.jonas), "Hana Sato: one [Printer]")
		s.write(func(tx *db.Tx) error { return person.UndoMerge(s.ctx, tx, admin, merge, "") })
		s.is("undone", s.own(s.jonas))
	})
}

// TestNothingCountsCards looks through the SQL of the program: nothing counts, sums or groups cards, and nothing but this package and the
// merging of people reads them.
func TestNothingCountsCards(t *testing.T) {
	read := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			sql := strings.ToLower(lit.Value) + " "
			if !strings.Contains(sql, "from card ") && !strings.Contains(sql, "join card ") && !strings.Contains(sql, "update card ") {
				return true
			}
			read++
			if dir := filepath.Base(filepath.Dir(path)); dir != "thanks" && filepath.Base(path) != "merge_help.go" {
				t.Errorf("%s reads cards: %s", path, lit.Value)
			}
			for _, adds := range []string{"count(", "sum(", "avg(", "group by", "rank("} {
				if strings.Contains(sql, adds) {
					t.Errorf("%s adds cards up: %s", path, lit.Value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || read < 5 {
		t.Fatalf("only %d texts were looked at: %v", read, err)
	}
}
