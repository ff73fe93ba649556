package primer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/fixnote"
	"goodturn/internal/gap"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/primer"
	"goodturn/internal/ticket"
)

// stage is a desk with topics of its tickets.
type stage struct {
	t                  testing.TB
	ctx                context.Context
	db                 *db.DB
	now                clock.Instant
	desk               *ticket.Desk
	book               *fixnote.Book
	keeper             *primer.Keeper
	team, private      int64
	lead, amara, asker person.Actor
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &stage{t: t, ctx: t.Context(), db: d, now: clock.From(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)), book: &fixnote.Book{}, keeper: &primer.Keeper{DB: d}}
		d.SetClock(func() clock.Instant { return s.now })
		s.desk = &ticket.Desk{}
		s.desk.Later = []ticket.Hook{s.book.Hook()}
		s.write(func(tx *db.Tx) (err error) {
			if s.team, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: "desk", Name: "Desk"}); err != nil {
				return err
			}
			if s.private, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}); err != nil {
				return err
			}
			for _, p := range []struct {
				to   *person.Actor
				name string
				role person.Role
			}{{&s.lead, "Lena Lead", person.Lead}, {&s.amara, "Amara Okafor", person.Agent}, {&s.asker, "Hana Moss", person.Requester}} {
				made, err := person.Create(s.ctx, tx, person.New{Name: p.name, Role: p.role, Addresses: []string{strings.ToLower(strings.Fields(p.name)[0]) + "@example.com"}})
				if err != nil {
					return err
				}
				if err := person.SetMembers(s.ctx, tx, s.private, []int64{made.ID}); err != nil && p.role == person.Lead {
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

// topic makes a topic of one solved ticket that came so often in the last four weeks.
func (s *stage) topic(label string, often int, question, answer string) (gapID, ticketID int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		t, err := s.desk.Create(s.ctx, tx, ticket.By{Actor: s.asker}, ticket.New{Subject: label, Requester: s.asker.ID, Team: s.team, Message: ticket.Draft{Text: question, Channel: ticket.ByMail}})
		if err != nil {
			return err
		}
		ticketID = t.ID
		if _, err = s.desk.Reply(s.ctx, tx, ticket.By{Actor: s.amara}, t.ID, ticket.Draft{Text: answer, Channel: ticket.ByDesk}, ticket.Solved); err != nil {
			return err
		}
		gapID, err = db.One[int64](s.ctx, tx, `INSERT INTO gap (kind, ref, label, state, lately, found_at) VALUES ('topic', CAST($1 AS TEXT), $1, 'open', $2, $3) RETURNING id`, label, often, tx.Now)
		if err != nil {
			return err
		}
		_, err = tx.Exec(s.ctx, `INSERT INTO gap_ticket (ticket_id, gap_id, week) VALUES ($1, $2, $3)`, t.ID, gapID, gap.Week(tx.Now))
		return err
	})
	return gapID, ticketID
}

func (s *stage) sweep() {
	s.t.Helper()
	s.now = s.now.Add(time.Minute)
	if err := s.keeper.Sweep(s.ctx); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) read(a person.Actor, language string) (p primer.Page) {
	s.t.Helper()
	err := s.db.Read(s.ctx, func(tx *db.Tx) (err error) {
		p, err = primer.Read(i18n.With(s.ctx, language, time.UTC), tx, a)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s *stage) do(a person.Actor, id int64, what primer.Deed) error {
	s.now = s.now.Add(time.Minute)
	return s.db.Write(s.ctx, func(tx *db.Tx) error { return primer.Do(s.ctx, tx, a, id, what) })
}

func titles(all []primer.Entry) (out []string) {
	for _, e := range all {
		out = append(out, e.Title)
	}
	return out
}

func TestTheBestAnswersAreRead(t *testing.T) {
	each(t, func(s *stage) {
		if p := s.read(s.amara, "en"); p.Count() != 0 || p.MadeAt != 0 || p.Minutes() != 1 {
			t.Errorf("a new desk has %+v", p)
		}
		vpn, _ := s.topic("vpn drops", 40, "The VPN drops every hour.", "Hello Hana,\nplease restart the client of the VPN.\nBest regards\nAmara")
		_, noted := s.topic("printer half pages", 8, "The printer prints half pages.", "I set it right, Hana.")
		s.topic("toner", 2, "The toner is empty.", "Thanks!")
		s.write(func(tx *db.Tx) error {
			_, err := s.book.Write(s.ctx, tx, s.amara, noted, fixnote.Content{Wrong: "Letter paper, Hana", Next: "Set the slider to A4."})
			return err
		})
		s.sweep()
		p := s.read(s.amara, "en")
		if got := fmt.Sprint(titles(p.Entries[primer.Asked])); got != "[vpn drops printer half pages]" {
			t.Errorf("it has %s", got)
		}
		for i, want := range []string{"[Please restart the client of the VPN.]", "[Letter paper, [name] Set the slider to A4.]"} {
			if got := fmt.Sprint(p.Entries[primer.Asked][i].Lines); got != want {
				t.Errorf("the answer is %s, want %s", got, want)
			}
		}
		if p.Entries[primer.Asked][0].Weekly() != 10 {
			t.Errorf("it comes %v times a week", p.Entries[primer.Asked][0].Weekly())
		}

		before := p.ChangedAt
		s.now = s.now.Add(25 * time.Hour)
		s.sweep()
		if p = s.read(s.amara, "en"); p.ChangedAt != before || p.MadeAt <= before {
			t.Errorf("looked at again, and nothing new: %v %v", p.ChangedAt, p.MadeAt)
		}
		var x kb.Article
		s.write(func(tx *db.Tx) (err error) {
			x, err = kb.Create(s.ctx, tx, s.amara, kb.New{Title: "When the VPN drops", Language: "en", Publish: true, Body: "## When you see this\n\nIt drops.\n\n## What to do\n\n1. Update the **client**.\n2. Restart it.\n\n## If it stays\n\nAsk."})
			if err != nil {
				return err
			}
			if _, err = kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: x.ID, Language: "de", Title: "Wenn das VPN abbricht", Body: "Starten Sie es neu.", Publish: true}); err != nil {
				return err
			}
			return gap.Answered(s.ctx, tx, s.amara, vpn, x.ID)
		})
		s.now = s.now.Add(25 * time.Hour)
		s.sweep()
		p = s.read(s.amara, "en")
		if e := p.Entries[primer.Asked][0]; e.Title != "When the VPN drops" || e.Slug != x.Slug || fmt.Sprint(e.Lines) != "[1. Update the client. 2. Restart it.]" {
			t.Errorf("with an article it is %+v", e)
		}
		if e := s.read(s.amara, "de").Entries[primer.Asked][0]; e.Title != "Wenn das VPN abbricht" || fmt.Sprint(e.Lines) != "[Starten Sie es neu.]" {
			t.Errorf("in German it is %+v", e)
		}
		s.write(func(tx *db.Tx) error { return primer.MarkRead(s.ctx, tx, s.amara) })
		if s.read(s.amara, "en").Changed() {
			t.Error("it changed as soon as it was read")
		}
		s.write(func(tx *db.Tx) error {
			_, err := kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: x.ID, Language: "en", Title: "When the VPN drops", Body: "Buy a new one.", Was: 1, Publish: true})
			return err
		})
		if p = s.read(s.amara, "en"); !p.Changed() || fmt.Sprint(p.Entries[primer.Asked][0].Lines) != "[Buy a new one.]" {
			t.Errorf("a changed article: %v %+v", p.Changed(), p.Entries[primer.Asked][0])
		}
		s.write(func(tx *db.Tx) error {
			if err := kb.Withdraw(s.ctx, tx, s.amara, x.ID, "de"); err != nil {
				return err
			}
			return kb.Withdraw(s.ctx, tx, s.amara, x.ID, "en")
		})
		s.sweep() // at once, not tomorrow
		if e := s.read(s.amara, "en").Entries[primer.Asked][0]; e.Title != "vpn drops" || e.Slug != "" {
			t.Errorf("taken back from its readers: %+v", e)
		}
	})
}

func TestLeadsShapeIt(t *testing.T) {
	each(t, func(s *stage) {
		for i, label := range []string{"apples", "beamers", "cables", "doors"} {
			s.topic(label, 40-i, "The "+label+" of the house are broken.", "Please press the green button of the "+label+".")
		}
		s.sweep()
		of := func(title string) int64 {
			p := s.read(s.lead, "en")
			for _, e := range append(p.Entries[primer.Asked], p.LeftOut...) {
				if strings.EqualFold(e.Title, title) {
					return e.ID
				}
			}
			t.Fatalf("%s is not there", title)
			return 0
		}
		for _, d := range []struct {
			title string
			what  primer.Deed
			want  string
		}{
			{"doors", primer.Pin, "[doors apples beamers cables]"},
			{"cables", primer.Up, "[doors apples cables beamers]"},
			{"doors", primer.Up, "[doors apples cables beamers]"},
			{"apples", primer.Leave, "[doors cables beamers]"},
			{"doors", primer.Down, "[cables doors beamers]"},
		} {
			if err := s.do(s.lead, of(d.title), d.what); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(titles(s.read(s.amara, "en").Entries[primer.Asked])); got != d.want {
				t.Errorf("after %s of %s it is %s, want %s", d.what, d.title, got, d.want)
			}
		}
		if err := s.do(s.amara, of("doors"), primer.Pin); !fault.Is(err, fault.KindDenied) {
			t.Errorf("an agent shapes it: %v", err)
		}
		if err := s.do(s.lead, 99999, primer.Pin); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		open := func(text string, was int64) error {
			return s.db.Write(s.ctx, func(tx *db.Tx) error { return primer.Open(s.ctx, tx, s.lead, text, was) })
		}
		if err := open("We greet by name.", 0); err != nil {
			t.Fatal(err)
		}
		if err := open("We do not greet.", 0); !fault.Is(err, fault.KindConflict) {
			t.Errorf("two write at once: %v", err)
		}
		if err := open(strings.Repeat("x", 4000), 1); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("too long: %v", err)
		}
		s.write(func(tx *db.Tx) error { // the pinned one does not come any more
			_, err := tx.Exec(s.ctx, `UPDATE gap SET lately = 0 WHERE label IN ('doors', 'beamers')`)
			return err
		})
		s.now = s.now.Add(25 * time.Hour)
		s.sweep()
		p := s.read(s.amara, "en")
		if got := fmt.Sprint(titles(p.Entries[primer.Asked])); got != "[cables doors]" || p.Opening != "We greet by name." || len(p.LeftOut) != 1 {
			t.Errorf("the next night it is %s, %q, %v", got, p.Opening, titles(p.LeftOut))
		}
	})
}

func TestItIsNoLongerThanTenMinutes(t *testing.T) {
	each(t, func(s *stage) {
		for i := range 38 {
			s.topic(fmt.Sprintf("thing number %d", i), 100-i, "It is broken again since today.", strings.Repeat(fmt.Sprintf("Please press the button %d of the machine. ", i), 12))
		}
		s.sweep()
		p := s.read(s.amara, "en")
		if p.Minutes() != 10 || p.Words > 2200 || p.Words < 2000 || len(p.Rest) == 0 || p.Count()+len(p.Rest) != 38 {
			t.Errorf("it is %d minutes, %d words, %d entries and %d more", p.Minutes(), p.Words, p.Count(), len(p.Rest))
		}
		if p.Entries[primer.Asked][0].Title != "thing number 0" {
			t.Error("the most frequent does not come first")
		}
		if err := s.do(s.lead, p.Rest[len(p.Rest)-1].ID, primer.Pin); err != nil {
			t.Fatal(err)
		}
		if p = s.read(s.amara, "en"); !strings.Contains(fmt.Sprint(titles(p.Entries[primer.Asked])), "number 37") || p.Minutes() != 10 {
			t.Error("what is pinned does not fit")
		}
	})
}

func TestNothingPrivateIsRead(t *testing.T) {
	each(t, func(s *stage) {
		_, moved := s.topic("wages", 9, "My wage is missing since May.", "Please open the portal of the bank.")
		s.sweep()
		if s.read(s.lead, "en").Count() != 1 {
			t.Fatal("there is nothing to hide")
		}
		s.write(func(tx *db.Tx) error { return s.desk.MoveTo(s.ctx, tx, ticket.By{Actor: s.lead}, moved, s.private) })
		for _, a := range []person.Actor{s.lead, s.amara} {
			if n := s.read(a, "en").Count(); n != 0 {
				t.Errorf("%s reads %d answers of a private team", a.Name, n)
			}
		}
		s.now = s.now.Add(25 * time.Hour)
		s.sweep()
		if s.read(s.lead, "en").Count() != 0 {
			t.Error("it is found again")
		}
		err := s.db.Read(s.ctx, func(tx *db.Tx) error {
			_, err := primer.Read(s.ctx, tx, s.asker)
			return err
		})
		if !fault.Is(err, fault.KindDenied) {
			t.Errorf("a requester reads it: %v", err)
		}
	})
}
