package shift

import (
	"context"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Left tells of a member who has shifts and cannot keep them: they do not work at the desk any more, or left the team.
func (m Member) Left() bool { return !m.Here || !m.InTeam }

// Release opens the shifts of a team that lie ahead of somebody who does not work at the desk any more, or left the team: what is published is open for everybody, and
// those who could take some of it are asked at once. Of a shift that goes on, the rest is open. It gives how many shifts that were.
func (r *Rota) Release(ctx context.Context, tx *db.Tx, by person.Actor, teamID, personID int64) (int, error) {
	if err := mayPlan(by, teamID); err != nil {
		return 0, err
	}
	c, err := r.CrewOf(ctx, tx, by, teamID, Span{tx.Now, tx.Now + 1}, personID)
	if err != nil {
		return 0, err
	}
	m, known := c.Member(personID)
	if !known {
		return 0, fault.NotFound(i18n.M("There is no such person in this team."))
	}
	if !m.Left() {
		return 0, fault.Conflict(i18n.M("{{.Name}} is in the team still. Each of their shifts can be given to somebody else.", "Name", m.Name))
	}
	return r.release(ctx, tx, by, teamID, personID, m.Name)
}

// release opens the shifts of somebody in a team.
func (r *Rota) release(ctx context.Context, tx *db.Tx, by person.Actor, teamID, personID int64, name string) (int, error) {
	ids, err := db.All[int64](ctx, tx, `SELECT id FROM shift WHERE team_id = $1 AND person_id = $2 AND from_at > $3 AND until_at > $4 ORDER BY id`, teamID, personID, tx.Now.Add(-Longest)-1, tx.Now)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	all, err := lockAll(ctx, tx, []int64{personID}, ids)
	if err != nil {
		return 0, err
	}
	var open []Shift
	for _, id := range ids {
		s := all[id]
		if s.PersonID != personID {
			continue
		}
		if s, err = r.leave(ctx, tx, s); err != nil {
			return 0, err
		}
		if s.Published {
			open = append(open, s)
		}
	}
	return len(ids), r.askToTake(ctx, tx, by, open, personID, name)
}

// leave opens a shift, or what is left of it, and gives what is open.
func (r *Rota) leave(ctx context.Context, tx *db.Tx, s Shift) (Shift, error) {
	if s.FromAt < tx.Now {
		rest := s.piece(Span{tx.Now, s.UntilAt})
		was := s.piece(Span{s.FromAt, tx.Now})
		was.ID, was.Day, was.PatternID, was.Slot, was.ForID = s.ID, s.Day, s.PatternID, s.Slot, s.ForID
		if err := r.hand(ctx, tx, was); err != nil {
			return s, err
		}
		rest.PersonID = 0
		var err error
		if rest.ID, err = insert(ctx, tx, rest); err != nil {
			return s, err
		}
		return rest, r.follow(ctx, tx, rest)
	}
	s.PersonID, s.ForID, s.ByHand = 0, 0, true
	return s, r.hand(ctx, tx, s)
}

// askToTake asks those of a team who may, each once, whether they take some of its open shifts, which had was called so.
func (r *Rota) askToTake(ctx context.Context, tx *db.Tx, by person.Actor, open []Shift, had int64, name string) error {
	if len(open) == 0 {
		return nil
	}
	slices.SortFunc(open, func(a, b Shift) int { return int(a.FromAt - b.FromAt) })
	in := open[0].Span()
	for _, s := range open {
		in.Until = max(in.Until, s.UntilAt)
	}
	c, err := r.CrewOf(ctx, tx, by, open[0].TeamID, in)
	if err != nil {
		return err
	}
	for _, m := range c.Members {
		first := slices.IndexFunc(open, func(s Shift) bool { return Worst(c.Against(s, m.ID)) == Note })
		if first < 0 || m.ID == by.ID || m.ID == had {
			continue
		}
		link := "/rota/mine"
		if len(open) == 1 {
			link = open[first].URL()
		}
		if err := r.tell(ctx, tx, CoverAsked, link, i18n.M("{{.Shift}}, {{.When}}, is open, which {{.Name}} had. Could you take it?", "Shift", open[first].Name, "When", open[first].FromAt, "Name", name), m.ID); err != nil {
			return err
		}
	}
	return nil
}
