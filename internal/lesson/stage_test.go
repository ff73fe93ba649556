package lesson_test

import (
	"context"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fixnote"
	"goodturn/internal/kb"
	"goodturn/internal/lesson"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// stage is a desk with two agents, of whom one belongs to a private team, and two requesters.
type stage struct {
	t                        testing.TB
	ctx                      context.Context
	db                       *db.DB
	now                      clock.Instant
	book                     *fixnote.Book
	desk                     *ticket.Desk
	team, private            int64
	amara, jonas, hana, omar person.Actor
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &stage{t: t, ctx: t.Context(), db: d, now: clock.From(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)), book: &fixnote.Book{}}
		d.SetClock(func() clock.Instant { return s.now })
		outcomes := &outcome.Keeper{DB: d}
		s.desk = &ticket.Desk{}
		outcomes.Desk = s.desk
		s.desk.Later = []ticket.Hook{s.book.Hook(), outcomes.Hook()}
		s.write(func(tx *db.Tx) (err error) {
			if s.team, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: "desk", Name: "Desk"}); err != nil {
				return err
			}
			if s.private, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}); err != nil {
				return err
			}
			firm, err := person.SaveOrganisation(s.ctx, tx, person.Organisation{Name: "Moss & Sons", Domains: []string{"moss.example"}})
			if err != nil {
				return err
			}
			for _, p := range []struct {
				to            *person.Actor
				name, address string
				role          person.Role
				org           int64
			}{
				{&s.amara, "Amara Okafor", "amara@desk.example", person.Agent, 0},
				{&s.jonas, "Jonas Weber", "jonas@desk.example", person.Agent, 0},
				{&s.hana, "Hana Moss", "hana.moss@moss.example", person.Requester, firm},
				{&s.omar, "Omar Haddad", "omar@moss.example", person.Requester, firm},
			} {
				made, err := person.Create(s.ctx, tx, person.New{Name: p.name, Role: p.role, Organisation: p.org, Addresses: []string{p.address}})
				if err != nil {
					return err
				}
				if *p.to, err = person.ActorOf(s.ctx, tx, made.ID); err != nil {
					return err
				}
			}
			if err := person.SetMembers(s.ctx, tx, s.private, []int64{s.amara.ID}); err != nil {
				return err
			}
			for _, a := range []*person.Actor{&s.amara, &s.jonas} {
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
	s.now = s.now.Add(time.Minute)
	if err := s.db.Write(s.ctx, fn); err != nil {
		s.t.Fatal(err)
	}
}

// asks makes a ticket; replies that begin with "<" are the requester's. It is solved where there is any of the desk's.
func (s *stage) asks(who person.Actor, team int64, subject, text string, replies ...string) (id int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		t, err := s.desk.Create(s.ctx, tx, ticket.By{Actor: who}, ticket.New{Subject: subject, Requester: who.ID, Team: team, Message: ticket.Draft{Text: text, Channel: ticket.ByMail}})
		id = t.ID
		return err
	})
	for _, r := range replies {
		s.write(func(tx *db.Tx) (err error) {
			if r[0] == '<' {
				_, err = s.desk.Answer(s.ctx, tx, ticket.By{Actor: who}, id, ticket.Draft{Text: r[1:], Channel: ticket.ByMail})
			} else {
				_, err = s.desk.Reply(s.ctx, tx, ticket.By{Actor: s.amara}, id, ticket.Draft{Text: r, Channel: ticket.ByDesk}, "")
			}
			return err
		})
	}
	s.solve(id)
	return id
}

func (s *stage) solve(id int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		return s.desk.SetStatus(s.ctx, tx, ticket.By{Actor: s.amara}, id, ticket.Solved)
	})
}

func (s *stage) begin(by person.Actor, n lesson.New) (d lesson.Draft, text kb.Text, err error) {
	s.t.Helper()
	s.now = s.now.Add(time.Minute)
	err = s.db.Write(s.ctx, func(tx *db.Tx) (err error) {
		if d, err = lesson.Begin(s.ctx, tx, by, n); err != nil {
			return err
		}
		text, err = kb.TextOf(s.ctx, tx, d.Article.ID, d.Article.Language)
		return err
	})
	return d, text, err
}
