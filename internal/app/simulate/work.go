package simulate

import (
	"slices"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// work has an agent take the next ticket, as long as they are at work.
func (s *simulation) work(a *agent) error {
	if !a.works(s.now) {
		s.when(a.begins(s.now), func() error { return s.work(a) })
		return nil
	}
	x, err := s.next(a)
	if err != nil {
		return err
	}
	if x == nil {
		s.after(4*time.Minute+s.lasts(4*time.Minute, 0.5), func() error { return s.work(a) })
		return nil
	}
	if x.status == ticket.StatusNew {
		x.status = ticket.Open
	}
	took := time.Duration(float64(s.lasts(11*time.Minute, 0.7)) * a.speed)
	s.after(took, func() error {
		if err := s.deal(a, x); err != nil {
			return err
		}
		return s.work(a)
	})
	return nil
}

// next finds what an agent does next: of what they have the first in the order of work, else what they are given who take next.
func (s *simulation) next(a *agent) (*life, error) {
	var found *life
	err := s.write(func(tx *db.Tx) error {
		found = nil
		mine, err := db.All[int64](s.ctx, tx, `SELECT t.id FROM ticket t WHERE t.assignee_id = $1 AND t.turn = 'ours' ORDER BY `+routing.Order+` LIMIT 1`, a.ID)
		if err != nil {
			return err
		}
		if len(mine) > 0 {
			t, err := ticket.Get(s.ctx, tx, person.System, person.SeeTicket, mine[0])
			if err == nil {
				found = s.known(t, a)
			}
			return err
		}
		t, err := s.router.Next(s.ctx, tx, a.Actor)
		if fault.Is(err, fault.KindConflict) { // nothing waits
			return nil
		}
		if err == nil {
			found = s.known(t, a)
		}
		return err
	})
	return found, err
}

// known is what the simulation knows of a ticket; of one that a rule made that is little.
func (s *simulation) known(t ticket.Ticket, a *agent) *life {
	x := s.tickets[t.ID]
	if x == nil {
		x = &life{id: t.ID, requester: s.requesters[0].Actor, team: a.team, status: t.Status}
		for _, r := range s.requesters {
			if r.ID == t.RequesterID {
				x.requester = r.Actor
			}
		}
		s.tickets[t.ID] = x
	}
	x.agent, x.status, x.over = a, t.Status, false
	return x
}

// deal does something about a ticket.
func (s *simulation) deal(a *agent, x *life) error {
	if x.over || x.agent != a || !x.status.IsOpen() { // done meanwhile, perhaps by a rule
		return nil
	}
	by := ticket.By{Actor: a.Actor}
	about := s.r.Float64()
	do := func(fn func(tx *db.Tx) error) error { return s.write(fn) }
	switch {
	case about < 0.50:
		return s.reply(a, x, "This should help. Please write again if it does not.", ticket.Solved)
	case about < 0.70:
		return s.reply(a, x, "Could you tell us which one it is?", ticket.Pending)
	case about < 0.75:
		return s.reply(a, x, "We are looking at it.", "")
	case about < 0.83:
		return s.passOn(a, x)
	case about < 0.87:
		x.status = ticket.OnHold
		s.after(s.lasts(30*time.Hour, 0.8), func() error {
			if x.over || x.status != ticket.OnHold {
				return nil
			}
			x.status = ticket.Open
			return do(func(tx *db.Tx) error {
				return s.desk.SetStatus(s.ctx, tx, ticket.By{Actor: x.who().Actor}, x.id, ticket.Open)
			})
		})
		return do(func(tx *db.Tx) error {
			if _, err := s.desk.Note(s.ctx, tx, by, x.id, ticket.Draft{Text: "Waits for the part."}); err != nil {
				return err
			}
			return s.desk.SetStatus(s.ctx, tx, by, x.id, ticket.OnHold)
		})
	case about < 0.91:
		return do(func(tx *db.Tx) error { return s.desk.SetPriority(s.ctx, tx, by, x.id, pick(s.r, ticket.Priorities())) })
	case about < 0.93:
		return do(func(tx *db.Tx) error {
			return s.desk.SetTags(s.ctx, tx, by, x.id, []string{pick(s.r, []string{"vip", "vpn", "printer", "laptop"})})
		})
	case about < 0.95:
		until := s.tomorrow()
		return do(func(tx *db.Tx) error {
			return s.desk.Snooze(s.ctx, tx, by, x.id, ticket.Snooze{Mode: ticket.UntilAnswer, Until: until})
		})
	case about < 0.975:
		return s.merge(a, x)
	case about < 0.985:
		return s.split(a, x)
	case about < 0.99:
		x.over = true
		return do(func(tx *db.Tx) error { return s.desk.Trash(s.ctx, tx, by, x.id) })
	}
	x.status = ticket.Solved
	s.solved(x)
	return do(func(tx *db.Tx) error { return s.desk.Solve(s.ctx, tx, by, x.id) })
}

// who is somebody who works on a ticket.
func (x *life) who() *agent {
	if x.agent != nil {
		return x.agent
	}
	return x.team.agents[0]
}

func (s *simulation) reply(a *agent, x *life, text string, then ticket.Status) error {
	err := s.write(func(tx *db.Tx) error {
		_, err := s.desk.Reply(s.ctx, tx, ticket.By{Actor: a.Actor}, x.id, ticket.Draft{Text: text}, then)
		return err
	})
	if err != nil {
		return err
	}
	if then != "" {
		x.status = then
	}
	switch {
	case then == ticket.Solved:
		s.solved(x)
	case then == ticket.Pending && s.chance(0.85):
		s.after(s.lasts(4*time.Hour, 1.1), func() error { return s.writes(x, "It is the one in the kitchen.") })
	}
	return nil
}

// solved has the requester come back now and then, and the ticket closed in the end.
func (s *simulation) solved(x *life) {
	switch {
	case s.chance(0.07):
		s.after(s.lasts(6*time.Hour, 1.2), func() error { return s.writes(x, "It is back again.") })
	case s.chance(0.05):
		s.after(s.lasts(time.Minute, 0.5), func() error { return s.writes(x, away) })
	}
	s.after(9*24*time.Hour, func() error {
		if x.over || x.status != ticket.Solved {
			return nil
		}
		x.status = ticket.Closed
		return s.write(func(tx *db.Tx) error { return s.desk.Close(s.ctx, tx, ticket.By{Actor: person.System}, x.id) })
	})
}

// passOn hands a ticket to another team.
func (s *simulation) passOn(a *agent, x *life) error {
	to := s.teams[0]
	if x.team == to {
		to = s.teams[1]
	}
	x.team, x.agent = to, nil
	return s.write(func(tx *db.Tx) error {
		by := ticket.By{Actor: a.Actor}
		if err := s.desk.Assign(s.ctx, tx, by, x.id, 0); err != nil {
			return err
		}
		return s.desk.MoveBecause(s.ctx, tx, by, x.id, to.id, "This is yours, I think.")
	})
}

// merge makes a ticket part of another recent one of its team; one in five is undone after a while.
func (s *simulation) merge(a *agent, x *life) error {
	var kept *life
	for _, id := range slices.Backward(s.recent) {
		if y := s.tickets[id]; y != x && !y.over && y.team == x.team {
			kept = y
			break
		}
	}
	if kept == nil {
		return nil
	}
	err := s.write(func(tx *db.Tx) error {
		_, err := s.desk.Merge(s.ctx, tx, ticket.By{Actor: a.Actor}, kept.id, []int64{x.id})
		return err
	})
	if fault.Is(err, fault.KindInvalid) { // spam meanwhile, or in the trash
		return nil
	}
	if err != nil {
		return err
	}
	x.over = true
	if kept.status != ticket.StatusNew {
		kept.status = ticket.Open
	}
	if kept.agent == nil {
		kept.agent = a
	}
	if s.chance(0.2) {
		s.after(s.lasts(2*time.Hour, 0.8), func() error {
			if kept.over {
				return nil
			}
			x.over = false
			return s.write(func(tx *db.Tx) error {
				_, err := s.desk.UndoMerge(s.ctx, tx, ticket.By{Actor: a.Actor}, x.id)
				return err
			})
		})
	}
	return nil
}

// split makes a ticket of its own of the last message, if there are several.
func (s *simulation) split(a *agent, x *life) error {
	made := ticket.Ticket{}
	err := s.write(func(tx *db.Tx) error {
		all, err := ticket.Messages(s.ctx, tx, x.id, false)
		if err != nil || len(all) < 2 {
			return err
		}
		made, err = s.desk.Split(s.ctx, tx, ticket.By{Actor: a.Actor}, x.id, ticket.Off{Message: all[len(all)-1].ID})
		return err
	})
	if err != nil || made.ID == 0 {
		return err
	}
	y := &life{id: made.ID, requester: x.requester, team: x.team, agent: a, status: ticket.Open}
	for _, r := range s.requesters { // whoever wrote the message
		if r.ID == made.RequesterID {
			y.requester = r.Actor
		}
	}
	s.tickets[y.id] = y
	return nil
}
