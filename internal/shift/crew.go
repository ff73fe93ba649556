package shift

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Crew is a team with its members and what they have to do in a time: all that a decision about its shifts rests on.
type Crew struct {
	Team     int64
	Settings Settings
	Zone     *time.Location
	Members  []Member // by name
	reader   person.Actor
}

// CrewOf loads the members of a team, and those who have shifts of it, as they stand in a time; two weeks around it are known too, for rest and for whole
// weeks. also are people to be among them in any case. It asks for no right; what is said of teams that the reader may not know of names none.
func (r *Rota) CrewOf(ctx context.Context, tx *db.Tx, reader person.Actor, teamID int64, in Span, also ...int64) (c Crew, err error) {
	c = Crew{Team: teamID, reader: reader}
	if c.Settings, err = SettingsOf(ctx, tx, teamID); err != nil {
		return c, err
	}
	c.Zone = r.ZoneOf(c.Settings)
	wide := Span{in.From.Add(-8 * 24 * time.Hour), in.Until.Add(8 * 24 * time.Hour)}
	ids, err := db.All[int64](ctx, tx, `SELECT person_id FROM team_member WHERE team_id = $1 UNION SELECT person_id FROM shift WHERE team_id = $1 AND from_at > $2 AND from_at < $3 AND person_id IS NOT NULL`, teamID, wide.From, wide.Until)
	if err != nil {
		return c, err
	}
	ids = append(ids, also...)
	slices.Sort(ids)
	if ids = slices.Compact(slices.DeleteFunc(ids, func(id int64) bool { return id == 0 })); len(ids) == 0 {
		return c, nil
	}
	at := make(map[int64]int, len(ids))
	if c.Members, err = c.people(ctx, tx, ids); err != nil {
		return c, err
	}
	for i, m := range c.Members {
		at[m.ID] = i
	}
	return c, c.fill(ctx, tx, ids, at, wide)
}

// people loads who they are.
func (c *Crew) people(ctx context.Context, tx *db.Tx, ids []int64) ([]Member, error) {
	type row struct {
		ID          int64
		Name, Zone  string
		WeekMinutes int
		Member      bool
	}
	args := db.Args{c.Team}
	rows, err := db.All[row](ctx, tx, `SELECT p.id, p.name, p.zone, coalesce(o.week_minutes, 0) AS week_minutes, EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = $1 AND m.person_id = p.id) AS member
		FROM person p LEFT JOIN rota_person o ON o.id = p.id WHERE p.id IN (`+db.List(&args, ids)+`) ORDER BY p.name, p.id`, args...)
	if err != nil {
		return nil, err
	}
	actors, err := person.ActorsOf(ctx, tx, ids)
	out := make([]Member, len(rows))
	for i, r := range rows {
		a, active := actors[r.ID]
		out[i] = Member{ID: r.ID, Name: r.Name, Zone: c.Zone, InTeam: r.Member, Week: r.WeekMinutes, Here: active && a.Staff() && person.Can(a, person.SeeRota, person.Thing{TeamID: c.Team})}
		if active && a.Staff() && !r.Member {
			out[i].Here = true // what is said is that they are not in the team
		}
		if zone, err := time.LoadLocation(r.Zone); err == nil && r.Zone != "" {
			out[i].Zone = zone
		}
		if out[i].Week == 0 {
			out[i].Week = c.Settings.WeekMinutes
		}
	}
	return out, err
}

// fill adds skills, absences and shifts.
func (c *Crew) fill(ctx context.Context, tx *db.Tx, ids []int64, at map[int64]int, wide Span) error {
	args := db.Args{}
	tags, err := db.All[struct {
		PersonID int64
		Tag      string
	}](ctx, tx, `SELECT person_id, tag FROM person_tag WHERE person_id IN (`+db.List(&args, ids)+`) ORDER BY person_id, tag`, args...)
	if err != nil {
		return err
	}
	for _, t := range tags {
		m := &c.Members[at[t.PersonID]]
		m.Skills = append(m.Skills, t.Tag)
	}
	args = db.Args{wide.From, wide.Until}
	away, err := db.All[struct {
		PersonID        int64
		FromAt, UntilAt clock.Instant
	}](ctx, tx, `SELECT person_id, from_at, until_at FROM absence WHERE person_id IN (`+db.List(&args, ids)+`) AND until_at > $1 AND from_at < $2 ORDER BY from_at, id`, args...)
	if err != nil {
		return err
	}
	for _, a := range away {
		m := &c.Members[at[a.PersonID]]
		m.Away = append(m.Away, Span{a.FromAt, a.UntilAt})
	}
	args = db.Args{wide.From, wide.Until}
	shifts, err := db.All[Shift](ctx, tx, `SELECT `+columns+` FROM shift s WHERE s.person_id IN (`+db.List(&args, ids)+`) AND s.from_at > $1 AND s.from_at < $2 ORDER BY s.from_at, s.id`, args...)
	for _, s := range shifts {
		m := &c.Members[at[s.PersonID]]
		m.Shifts = append(m.Shifts, s)
	}
	return err
}

// Member finds somebody; false for who is not known here.
func (c *Crew) Member(id int64) (*Member, bool) {
	for i := range c.Members {
		if c.Members[i].ID == id {
			return &c.Members[i], true
		}
	}
	return nil, false
}

// Against says what stands against somebody having a shift; shifts of without do not count.
func (c *Crew) Against(s Shift, personID int64, without ...int64) []Conflict {
	m, ok := c.Member(personID)
	if !ok {
		m = &Member{ID: personID}
	}
	return m.Against(s, c.Settings.RestMinutes, c.Zone, func(team int64) bool { return person.Can(c.reader, person.SeeRota, person.Thing{TeamID: team}) }, without...)
}

// Planned is how many minutes somebody has shifts in the week of a moment, in whatever team.
func (m Member) Planned(at clock.Instant, zone *time.Location) (n int) {
	in := week(at, zone)
	for _, s := range m.Shifts {
		if in.has(s.FromAt) {
			n += minutes(s.Worked())
		}
	}
	return n
}
