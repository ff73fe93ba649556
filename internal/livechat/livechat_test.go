package livechat

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"goodturn/internal/button"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// monday is a Monday at noon in UTC: the usual working hours are open.
var monday = clock.From(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))

// scene is a desk with two agents and a private team of one of them, and a clock that the test sets.
type scene struct {
	testing.TB
	ctx                context.Context
	db                 *db.DB
	room               *Room
	amara, jonas, hana person.Actor
	team, private      int64
	there, away        []int64
	now                clock.Instant
	told               [][]int64
	confirmed          int
	mailed             int
	mu                 sync.Mutex
}

func each(t *testing.T, test func(s *scene)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &scene{TB: t, ctx: t.Context(), db: d, now: monday}
		d.SetClock(func() clock.Instant { return s.now })
		hours, err := calendar.Compile(calendar.Standard("UTC"))
		if err != nil {
			t.Fatal(err)
		}
		desk := &ticket.Desk{}
		s.room = &Room{
			DB: d, Desk: desk, There: func() []int64 { return s.there },
			Free: func(_ context.Context, _ *db.Tx, people []int64) ([]int64, error) {
				return slices.DeleteFunc(people, func(id int64) bool { return slices.Contains(s.away, id) }), nil
			},
			Hours: func(context.Context, *db.Tx, int64) (*calendar.Calendar, error) { return hours, nil },
			Tell: func(_ context.Context, _ *db.Tx, _ ticket.Ticket, people []int64) error {
				s.told = append(s.told, people)
				return nil
			},
			Confirm: func(context.Context, *db.Tx, ticket.Ticket) error { s.confirmed++; return nil },
			Mail:    func(context.Context, *db.Tx, ticket.Ticket, bool) error { s.mailed++; return nil },
			Shown:   func(context.Context, *db.Tx, int64, int64, int64) error { return nil },
		}
		desk.Later = []ticket.Hook{s.room.Hook()}
		s.write(func(tx *db.Tx) error {
			s.team = must(person.SaveTeam(s.ctx, tx, person.Team{Slug: "first-line", Name: "First line"}))
			s.private = must(person.SaveTeam(s.ctx, tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
			for _, x := range []struct {
				to   *person.Actor
				name string
				role person.Role
			}{{&s.amara, "Amara Okafor", person.Agent}, {&s.jonas, "Jonas Lind", person.Agent}, {&s.hana, "Hana Sato", person.Requester}} {
				x.to.ID = must(person.Create(s.ctx, tx, person.New{Name: x.name, Role: x.role})).ID
			}
			if err := person.SetMembers(s.ctx, tx, s.private, []int64{s.jonas.ID}); err != nil {
				return err
			}
			return button.Save(s.ctx, tx, button.Settings{Chat: true})
		})
		s.write(func(tx *db.Tx) error {
			for _, a := range []*person.Actor{&s.amara, &s.jonas, &s.hana} {
				*a = must(person.ActorOf(s.ctx, tx, a.ID))
			}
			return nil
		})
		test(s)
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (s *scene) write(fn func(tx *db.Tx) error) {
	s.Helper()
	if err := s.db.Write(s.ctx, fn); err != nil {
		s.Fatal(err)
	}
}

// takes has people take chats, with the desk open.
func (s *scene) takes(all ...person.Actor) {
	s.Helper()
	for _, a := range all {
		s.there = append(s.there, a.ID)
		s.write(func(tx *db.Tx) error { return SetTakes(s.ctx, tx, a, true) })
	}
}

// begin has somebody ask for a chat.
func (s *scene) begin() (t ticket.Ticket) {
	s.Helper()
	s.write(func(tx *db.Tx) error {
		o := must(s.room.Opening(s.ctx, tx))
		if !o.Now() {
			s.Fatal("nobody is there")
		}
		t = must(s.room.Desk.Create(s.ctx, tx, ticket.By{Actor: s.hana}, ticket.New{Requester: s.hana.ID, Channel: ticket.ByChat, Message: ticket.Draft{Text: "The lift is stuck", Channel: ticket.ByChat}}))
		return s.room.Begin(s.ctx, tx, t, o)
	})
	return t
}

func (s *scene) chat(id int64) (c Chat) {
	s.Helper()
	s.write(func(tx *db.Tx) (err error) {
		c, err = Of(s.ctx, tx, id)
		return err
	})
	return c
}

// later lets time pass while the visitor's page is there, or not, and sweeps.
func (s *scene) later(d time.Duration, t ticket.Ticket, here bool) {
	s.Helper()
	for end := s.now.Add(d); s.now < end; {
		s.now = min(end, s.now.Add(10*time.Second))
		if here {
			s.write(func(tx *db.Tx) error {
				_, err := s.room.Look(s.ctx, tx, t, Sign{})
				return err
			})
		}
		if err := s.room.Sweep(s.ctx); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *scene) answer(a person.Actor, id int64, text string) (m ticket.Message) {
	s.Helper()
	s.write(func(tx *db.Tx) (err error) {
		m, err = s.room.Desk.Reply(s.ctx, tx, ticket.By{Actor: a}, id, ticket.Draft{Text: text}, "")
		return err
	})
	return m
}

// TestOpening holds who is present, and when, to a table.
func TestOpening(t *testing.T) {
	each(t, func(s *scene) {
		s.write(func(tx *db.Tx) error {
			for _, a := range []person.Actor{s.amara, s.jonas} {
				if err := SetTakes(s.ctx, tx, a, true); err != nil {
					return err
				}
			}
			return nil
		})
		a, j := s.amara.ID, s.jonas.ID
		saturday := clock.From(time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC))
		for _, c := range []struct {
			name        string
			at          clock.Instant
			there, away []int64
			team        int64
			on          bool
			want        []int64
			next        clock.Instant
		}{
			{"both are there", monday, []int64{a, j}, nil, 0, true, []int64{a, j}, 0},
			{"one has closed the desk", monday, []int64{j}, nil, 0, true, []int64{j}, 0},
			{"one is away", monday, []int64{a, j}, []int64{a}, 0, true, []int64{j}, 0},
			{"nobody has it open", monday, nil, nil, 0, true, nil, 0},
			{"a requester has a page open", monday, []int64{s.hana.ID}, nil, 0, true, nil, 0},
			{"a private team is for its members", monday, []int64{a, j}, nil, s.private, true, []int64{j}, 0},
			{"a private team nobody of which is there", monday, []int64{a}, nil, s.private, true, nil, 0},
			{"it is Saturday", saturday, []int64{a, j}, nil, 0, true, nil, clock.From(time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC))},
			{"it is early", monday.Add(-6 * time.Hour), []int64{a, j}, nil, 0, true, nil, monday.Add(-3 * time.Hour)},
			{"it is switched off", monday, []int64{a, j}, nil, 0, false, nil, 0},
		} {
			s.now, s.there, s.away = c.at, c.there, c.away
			s.write(func(tx *db.Tx) error {
				if err := button.Save(s.ctx, tx, button.Settings{Chat: c.on, ChatTeamID: c.team}); err != nil {
					return err
				}
				o := must(s.room.Opening(s.ctx, tx))
				if !slices.Equal(o.Who, c.want) || o.Next != c.next || o.On != c.on || o.Now() != (len(c.want) > 0) {
					s.Errorf("%s: %+v, want %v from %v", c.name, o, c.want, c.next.Time())
				}
				return nil
			})
		}
		s.now, s.there = monday, []int64{a, j}
		s.write(func(tx *db.Tx) error {
			if err := button.Save(s.ctx, tx, button.Settings{Chat: true}); err != nil {
				return err
			}
			if err := SetTakes(s.ctx, tx, s.amara, false); err != nil {
				return err
			}
			if o := must(s.room.Opening(s.ctx, tx)); !slices.Equal(o.Who, []int64{j}) {
				s.Errorf("after Amara switched it off: %v", o.Who)
			}
			if err := SetTakes(s.ctx, tx, s.hana, true); !fault.Is(err, fault.KindDenied) {
				s.Errorf("a requester takes chats: %v", err)
			}
			return nil
		})
	})
}

// TestATakenChat goes from asking to the end by silence.
func TestATakenChat(t *testing.T) {
	each(t, func(s *scene) {
		s.takes(s.amara, s.jonas)
		tk := s.begin()
		if len(s.told) != 1 || !slices.Equal(s.told[0], []int64{s.amara.ID, s.jonas.ID}) {
			s.Errorf("told %v", s.told)
		}
		s.write(func(tx *db.Tx) error {
			if all := must(WaitingFor(s.ctx, tx, s.amara)); len(all) != 1 || all[0].TicketID != tk.ID || all[0].Name != "Hana Sato" {
				s.Errorf("waiting: %+v", all)
			}
			return s.room.Take(s.ctx, tx, ticket.By{Actor: s.amara}, tk.ID)
		})
		err := s.db.Write(s.ctx, func(tx *db.Tx) error { return s.room.Take(s.ctx, tx, ticket.By{Actor: s.jonas}, tk.ID) })
		if !fault.Is(err, fault.KindConflict) {
			s.Errorf("taken twice: %v", err)
		}
		s.write(func(tx *db.Tx) error {
			if now := must(ticket.Get(s.ctx, tx, person.System, person.SeeTicket, tk.ID)); now.AssigneeID != s.amara.ID {
				s.Errorf("the ticket has %d", now.AssigneeID)
			}
			if all := must(WaitingFor(s.ctx, tx, s.jonas)); len(all) != 0 {
				s.Errorf("still waiting: %+v", all)
			}
			if until := must(HoldMail(s.ctx, tx, tk, s.hana.ID)); until != tx.Now.Add(MailAfter) {
				s.Errorf("a mail to somebody who is there waits until %v", until.Time())
			}
			if until := must(HoldMail(s.ctx, tx, tk, s.amara.ID)); until != 0 {
				s.Errorf("a mail to somebody else waits until %v", until.Time())
			}
			return nil
		})
		s.write(func(tx *db.Tx) error {
			if got := must(Among(s.ctx, tx, []int64{tk.ID, tk.ID + 1})); len(got) != 1 || !got[tk.ID] {
				s.Errorf("chats go on in %v", got)
			}
			return nil
		})
		m := s.answer(s.amara, tk.ID, "Which floor?")
		s.write(func(tx *db.Tx) error {
			c := must(s.room.Look(s.ctx, tx, tk, Sign{Shown: m.ID + 1000, Typing: true}))
			if c.ShownID != m.ID || !c.Typing(tx.Now) || c.State != Talking {
				s.Errorf("looked: %+v", c)
			}
			return nil
		})
		s.later(10*time.Minute, tk, true)
		if c := s.chat(tk.ID); c.State != Talking || !c.Here(s.now) {
			s.Errorf("after ten minutes: %+v", c)
		}
		s.later(time.Minute, tk, false)
		if c := s.chat(tk.ID); !c.On() || c.Here(s.now) {
			s.Errorf("after they left: %+v", c)
		}
		s.write(func(tx *db.Tx) error {
			if until := must(HoldMail(s.ctx, tx, tk, s.hana.ID)); until != 0 {
				s.Error("a mail to somebody who left waits")
			}
			return nil
		})
		s.later(5*time.Minute, tk, true)
		c := s.chat(tk.ID)
		if c.State != Ended || c.EndedBy != BySilence || s.confirmed != 0 {
			s.Errorf("after silence: %+v, %d confirmations", c, s.confirmed)
		}
		events := s.events(tk.ID)
		if !slices.Contains(events, "live_chat ended silence") {
			s.Errorf("the spine says %v", events)
		}
	})
}

func (s *scene) events(id int64) (out []string) {
	s.write(func(tx *db.Tx) error {
		out = nil
		for _, e := range must(ticket.Events(s.ctx, tx, id)) {
			out = append(out, string(e.What)+" "+e.ToValue+" "+e.Cause)
		}
		return nil
	})
	return out
}

// TestNobodyComes has a chat wait in the line when nobody takes it, or when whoever asked has gone.
func TestNobodyComes(t *testing.T) {
	each(t, func(s *scene) {
		s.takes(s.amara)
		stays, goes := s.begin(), s.begin()
		s.later(2*time.Minute, stays, true)
		if c := s.chat(stays.ID); c.State != Waiting {
			s.Errorf("too early: %+v", c)
		}
		if c := s.chat(goes.ID); c.State != InLine || s.confirmed != 1 {
			s.Errorf("gone: %+v, %d confirmations", c, s.confirmed)
		}
		s.later(90*time.Second, stays, true)
		if c := s.chat(stays.ID); c.State != InLine || s.confirmed != 2 {
			s.Errorf("nobody came: %+v, %d confirmations", c, s.confirmed)
		}
		s.write(func(tx *db.Tx) error {
			if all := must(WaitingFor(s.ctx, tx, s.amara)); len(all) != 0 {
				s.Errorf("offered still: %+v", all)
			}
			if now := must(ticket.Get(s.ctx, tx, person.System, person.SeeTicket, stays.ID)); !now.IsOpen || now.AssigneeID != 0 {
				s.Errorf("in the line: %+v", now)
			}
			return nil
		})
		s.answer(s.amara, stays.ID, "Here I am") // late, and they are still there
		if c := s.chat(stays.ID); c.State != Talking || c.AgentID != s.amara.ID {
			s.Errorf("answered late: %+v", c)
		}
	})
}

// TestEnds has a chat end with what happens to its ticket, and by hand.
func TestEnds(t *testing.T) {
	each(t, func(s *scene) {
		s.takes(s.amara)
		by, visitor := ticket.By{Actor: s.amara}, ticket.By{Actor: s.hana}
		for _, c := range []struct {
			name string
			do   func(tx *db.Tx, id int64) error
			by   string
		}{
			{"solved", func(tx *db.Tx, id int64) error { return s.room.Desk.Solve(s.ctx, tx, by, id) }, ByAgent},
			{"thrown away", func(tx *db.Tx, id int64) error { return s.room.Desk.Trash(s.ctx, tx, by, id) }, ByAgent},
			{"by the agent", func(tx *db.Tx, id int64) error { return s.room.End(s.ctx, tx, by, person.ChangeTicket, id, ByAgent) }, ByAgent},
			{"by the visitor", func(tx *db.Tx, id int64) error {
				return s.room.End(s.ctx, tx, visitor, person.WriteOwn, id, ByVisitor)
			}, ByVisitor},
		} {
			tk := s.begin()
			s.answer(s.amara, tk.ID, "Hello")
			for range 2 {
				s.write(func(tx *db.Tx) error { return c.do(tx, tk.ID) })
			}
			if got := s.chat(tk.ID); got.State != Ended || got.EndedBy != c.by {
				s.Errorf("%s: %+v", c.name, got)
			}
			s.write(func(tx *db.Tx) error {
				got := must(s.room.Look(s.ctx, tx, tk, Sign{Typing: true}))
				if got.On() || got.Here(tx.Now) {
					s.Errorf("%s: somebody is in a chat that is over: %+v", c.name, got)
				}
				return nil
			})
		}
		into, tk := s.begin(), s.begin()
		s.write(func(tx *db.Tx) error {
			_, err := s.room.Desk.Merge(s.ctx, tx, by, into.ID, []int64{tk.ID})
			return err
		})
		if got := s.chat(tk.ID); got.State != Ended {
			s.Errorf("merged: %+v", got)
		}
		if got := s.chat(into.ID); got.State != Waiting {
			s.Errorf("the one that it became part of: %+v", got)
		}
	})
}

// TestTwoTakeAtOnce has two agents reach for a chat in the same moment: one of them has it.
func TestTwoTakeAtOnce(t *testing.T) {
	each(t, func(s *scene) {
		s.takes(s.amara, s.jonas)
		tk := s.begin()
		var got []error
		var all sync.WaitGroup
		for _, a := range []person.Actor{s.amara, s.jonas} {
			all.Go(func() {
				err := s.db.Write(s.ctx, func(tx *db.Tx) error { return s.room.Take(s.ctx, tx, ticket.By{Actor: a}, tk.ID) })
				s.mu.Lock()
				defer s.mu.Unlock()
				got = append(got, err)
			})
		}
		all.Wait()
		won := slices.DeleteFunc(slices.Clone(got), func(err error) bool { return err != nil })
		if len(won) != 1 || !slices.ContainsFunc(got, func(err error) bool { return fault.Is(err, fault.KindConflict) }) {
			s.Fatalf("who took it: %v", got)
		}
		s.write(func(tx *db.Tx) error {
			if now := must(ticket.Get(s.ctx, tx, person.System, person.SeeTicket, tk.ID)); now.AssigneeID != must(Of(s.ctx, tx, tk.ID)).AgentID {
				s.Error("the ticket and the chat have different people")
			}
			return nil
		})
	})
}

// TestOnce takes what is sent with a key once, however late it comes again.
func TestOnce(t *testing.T) {
	each(t, func(s *scene) {
		if _, ok := KeyOf("short"); ok {
			s.Error("a short key is one")
		}
		k, _ := KeyOf("0123456789abcdef", "message", "1")
		other, _ := KeyOf("0123456789abcdef", "message", "2")
		s.write(func(tx *db.Tx) error {
			if before := must(Once(s.ctx, tx, k)); before != 0 {
				s.Errorf("before: %d", before)
			}
			return Went(s.ctx, tx, k, 1001)
		})
		s.now = s.now.Add(24 * time.Hour)
		s.write(func(tx *db.Tx) error {
			if before := must(Once(s.ctx, tx, k)); before != 1001 {
				s.Errorf("a day later: %d", before)
			}
			if before := must(Once(s.ctx, tx, other)); before != 0 {
				s.Errorf("another: %d", before)
			}
			return Sweep(s.ctx, tx)
		})
		s.now = s.now.Add(8 * 24 * time.Hour)
		s.write(func(tx *db.Tx) error {
			if err := Sweep(s.ctx, tx); err != nil {
				return err
			}
			if n := must(db.One[int64](s.ctx, tx, `SELECT count(*) FROM live_chat_sent`)); n != 0 {
				s.Errorf("%d are kept for ever", n)
			}
			return nil
		})
	})
}

// TestAPrivateTeamsChat is there for the team's members and nobody else.
func TestAPrivateTeamsChat(t *testing.T) {
	each(t, func(s *scene) {
		s.write(func(tx *db.Tx) error {
			return button.Save(s.ctx, tx, button.Settings{Chat: true, ChatTeamID: s.private})
		})
		s.takes(s.amara, s.jonas)
		var tk ticket.Ticket
		s.write(func(tx *db.Tx) error {
			o := must(s.room.Opening(s.ctx, tx))
			if !slices.Equal(o.Who, []int64{s.jonas.ID}) {
				s.Errorf("there are %v", o.Who)
			}
			tk = must(s.room.Desk.Create(s.ctx, tx, ticket.By{Actor: s.hana}, ticket.New{Requester: s.hana.ID, Team: s.private, Channel: ticket.ByChat, Message: ticket.Draft{Text: "My pay"}}))
			return s.room.Begin(s.ctx, tx, tk, o)
		})
		s.write(func(tx *db.Tx) error {
			if all := must(WaitingFor(s.ctx, tx, s.amara)); len(all) != 0 {
				s.Errorf("somebody else is told of %+v", all)
			}
			if all := must(WaitingFor(s.ctx, tx, s.jonas)); len(all) != 1 {
				s.Errorf("a member is told of %+v", all)
			}
			return nil
		})
		for name, do := range map[string]func(tx *db.Tx) error{
			"take": func(tx *db.Tx) error { return s.room.Take(s.ctx, tx, ticket.By{Actor: s.amara}, tk.ID) },
			"end": func(tx *db.Tx) error {
				return s.room.End(s.ctx, tx, ticket.By{Actor: s.amara}, person.ChangeTicket, tk.ID, ByAgent)
			},
		} {
			if err := s.db.Write(s.ctx, do); !fault.Is(err, fault.KindNotFound) {
				s.Errorf("%s by somebody else: %v", name, err)
			}
		}
		if c := s.chat(tk.ID); c.State != Waiting || c.AgentID != 0 {
			s.Errorf("it is %+v", c)
		}
	})
}
