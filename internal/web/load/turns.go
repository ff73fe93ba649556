package load

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/stint"
)

// Turns are the turns at the desk that are near, and who is beside whom.
type Turns struct {
	Today, Soon, Undated []Guest // at the desk today; until the end of next week; whose date has to be found anew
	Overdue              int     // turns that should have been, and have no date
	Mentors              []MentorPart
	Alone                []string // teams with one mentor only, who has guests
	None                 []string // teams with guests ahead and nobody who is glad to be a mentor
}

// Guest is a turn with whose it is.
type Guest struct {
	stint.Stint
	Name, Mentor string
}

// MentorPart is whom somebody is planned beside in the coming weeks: which guests, and when. What was before is told of nobody.
type MentorPart struct {
	Name   string
	Guests []Guest
}

// mentorAhead is how far ahead it is told which guests are planned beside whom.
const (
	mentorAhead = 4 * 7 * 24 * time.Hour
	mostTurns   = 200
)

// turns gathers what lies ahead, of one team or of all.
func turns(ctx context.Context, tx *db.Tx, team int64) (out Turns, err error) {
	all, err := stint.Ahead(ctx, tx, mostTurns)
	if err != nil {
		return out, err
	}
	all = slices.DeleteFunc(all, func(s stint.Stint) bool { return s.Kind != stint.Turn || team != 0 && s.TeamID != team })
	guests, err := guestsOf(ctx, tx, all)
	if err != nil {
		return out, err
	}
	day := today(ctx, tx.Now)
	tomorrow := midnight(ctx, day+1)
	soon := midnight(ctx, day+14-(today(ctx, tx.Now)+3)%7) // next week's Sunday is over; day 0 was a Thursday
	for _, g := range guests {
		switch {
		case g.State == stint.Declined:
			out.Undated = append(out.Undated, g)
		case g.State == stint.Running || g.FromAt < tomorrow && g.Until > tx.Now:
			out.Today = append(out.Today, g)
		case g.FromAt >= tomorrow && g.FromAt < soon:
			out.Soon = append(out.Soon, g)
		}
	}
	if err := out.overdue(ctx, tx, team); err != nil {
		return out, err
	}
	return out, out.beside(ctx, tx, guests)
}

func guestsOf(ctx context.Context, tx *db.Tx, all []stint.Stint) ([]Guest, error) {
	var ids []int64
	for _, s := range all {
		ids = append(ids, s.PersonID, s.MentorID)
	}
	names, err := person.Names(ctx, tx, ids)
	var out []Guest
	for _, s := range all {
		out = append(out, Guest{s, names[s.PersonID], names[s.MentorID]})
	}
	return out, err
}

// overdue adds up the turns that should have been, by policy.
func (t *Turns) overdue(ctx context.Context, tx *db.Tx, team int64) error {
	policies, err := stint.Policies(ctx, tx)
	for _, p := range policies {
		if !p.Active || team != 0 && p.TeamID != team {
			continue
		}
		all, err := stint.Tallies(ctx, tx, p)
		if err != nil {
			return err
		}
		for _, d := range all {
			t.Overdue += d.Overdue
		}
	}
	return err
}

// beside says which guests are planned beside whom, of those who have more than one, and where nobody could stand in.
func (t *Turns) beside(ctx context.Context, tx *db.Tx, guests []Guest) error {
	by, teams := map[int64][]Guest{}, map[int64]bool{}
	var order []int64
	for _, g := range guests {
		if g.State == stint.Declined || g.FromAt > tx.Now.Add(mentorAhead) {
			continue
		}
		teams[g.TeamID] = true
		if g.MentorID == 0 {
			continue
		}
		if by[g.MentorID] == nil {
			order = append(order, g.MentorID)
		}
		by[g.MentorID] = append(by[g.MentorID], g)
	}
	for _, id := range order {
		if len(by[id]) > 1 {
			t.Mentors = append(t.Mentors, MentorPart{by[id][0].Mentor, by[id]})
		}
	}
	all, err := person.Teams(ctx, tx)
	if err != nil {
		return err
	}
	for _, team := range all {
		if !teams[team.ID] || team.Private {
			continue
		}
		mentors, err := stint.Mentors(ctx, tx, team.ID)
		if err != nil {
			return err
		}
		switch len(mentors) {
		case 0:
			t.None = append(t.None, team.Name)
		case 1:
			t.Alone = append(t.Alone, i18n.T(ctx, "{{.Team}}: {{.Name}} is the only mentor", "Team", team.Name, "Name", mentors[0].Name))
		}
	}
	return nil
}

// empty tells that there is nothing to say of turns.
func (t Turns) empty() bool {
	return len(t.Today)+len(t.Soon)+len(t.Undated)+t.Overdue+len(t.Mentors)+len(t.Alone)+len(t.None) == 0
}

// words say when a guest is at the desk, and beside whom.
func (g Guest) words(ctx context.Context, mentor bool) string {
	text := i18n.DateLong(ctx, g.FromAt) + ", " + i18n.Clock(ctx, g.FromAt)
	if mentor && g.Mentor != "" {
		text += " · " + i18n.T(ctx, "beside {{.Name}}", "Name", g.Mentor)
	}
	switch g.State {
	case stint.Proposed:
		text += " · " + i18n.T(ctx, "proposed, not asked yet")
	case stint.Invited:
		text += " · " + i18n.T(ctx, "asked")
	case stint.Running:
		text += " · " + i18n.T(ctx, "at the desk now")
	}
	return text
}
