package shift

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// mostMade is how many shifts of one pattern lie ahead at most, for what a rule may say.
const mostMade = mostAhead * 7

// On gives the shifts that a pattern makes on a day, one for each who is needed.
func (p Pattern) On(day calendar.Date) []Shift {
	zone := location(p.Zone)
	s := Shift{TeamID: p.TeamID, PatternID: p.ID, Day: day, Name: p.Name, Zone: p.Zone, Skills: p.Skills, FromAt: moment(day, p.Begins, zone), UntilAt: moment(day, p.Ends, zone)}
	if s.UntilAt <= s.FromAt { // the clocks leave it out
		return nil
	}
	for _, b := range p.breakSpans() {
		span := Span{max(s.FromAt, moment(day, b.From, zone)), min(s.UntilAt, moment(day, b.To, zone))}
		if n := len(s.Breaks); n > 0 {
			span.From = max(span.From, s.Breaks[n-1].Until)
		}
		if span.From < span.Until {
			s.Breaks = append(s.Breaks, span)
		}
	}
	if s.Unloved = unlovedMinutes(s.Span(), s.Breaks, zone); p.Unloved {
		s.Unloved = minutes(s.Worked())
	}
	out := make([]Shift, p.Needed)
	for i := range out {
		out[i] = s
		out[i].Slot = i
	}
	return out
}

// Preview gives the shifts that a pattern would make between two days, at most mostMade days of them. What is wrong is a fault as of SavePattern.
func (p Pattern) Preview(first, last calendar.Date) (out []Shift, err error) {
	rule, err := p.check()
	if err != nil {
		return nil, err
	}
	for _, day := range rule.Days(first, last, mostMade) {
		out = append(out, p.On(day)...)
	}
	return out, nil
}

// dropUntouched removes the shifts of a pattern that lie ahead, that nobody has and nobody changed.
func dropUntouched(ctx context.Context, tx *db.Tx, patternID int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM shift WHERE pattern_id = $1 AND from_at > $2 AND person_id IS NULL AND NOT by_hand AND NOT EXISTS (SELECT 1 FROM shift_cover c WHERE c.shift_id = shift.id)`, patternID, tx.Now)
	return err
}

// makeTeam brings the shifts of a team's patterns up to the weeks ahead. Doing it twice makes nothing twice.
func (r *Rota) makeTeam(ctx context.Context, tx *db.Tx, teamID int64) error {
	if err := tx.Lock(ctx, "team", teamID); err != nil {
		return err
	}
	set, err := SettingsOf(ctx, tx, teamID)
	if err != nil {
		return err
	}
	all, err := db.All[Pattern](ctx, tx, `SELECT `+patternColumns+` FROM shift_pattern WHERE team_id = $1 AND ended_at = 0 ORDER BY id`, teamID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := make1(ctx, tx, p, set.AheadWeeks); err != nil {
			return err
		}
	}
	return r.changed(ctx, tx, teamID)
}

// make1 makes the shifts of one pattern from today on, as drafts. A day and a place on it that has a shift keeps it, whatever it was changed to.
func make1(ctx context.Context, tx *db.Tx, p Pattern, weeks int) error {
	today := calendar.DateAt(tx.Now.Time().In(location(p.Zone)))
	last := today + calendar.Date(weeks*7)
	first := today - 1    // a night that goes on
	if p.MadeUntil == 0 { // new, or changed
		if err := dropUntouched(ctx, tx, p.ID); err != nil {
			return err
		}
	} else if first = max(first, p.MadeUntil+1); first > last {
		return nil
	}
	shifts, err := p.Preview(first, last)
	if err != nil {
		return err
	}
	type place struct {
		Day  calendar.Date
		Slot int
	}
	out, err := db.All[place](ctx, tx, `SELECT day, slot FROM shift_left_out WHERE pattern_id = $1 AND day >= $2`, p.ID, int64(first))
	if err != nil {
		return err
	}
	for _, s := range shifts {
		if s.UntilAt <= tx.Now || slices.Contains(out, place{s.Day, s.Slot}) {
			continue
		}
		_, err := tx.Exec(ctx, `INSERT INTO shift (team_id, pattern_id, day, slot, name, zone, from_at, until_at, breaks, skills, unloved, published, by_hand, created_at, changed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, FALSE, FALSE, $12, $12) ON CONFLICT (pattern_id, day, slot) WHERE pattern_id IS NOT NULL DO NOTHING`,
			s.TeamID, s.PatternID, int64(s.Day), s.Slot, s.Name, s.Zone, s.FromAt, s.UntilAt, s.Breaks.String(), s.Skills, s.Unloved, tx.Now)
		if err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE shift_pattern SET made_until = $2 WHERE id = $1`, p.ID, int64(last))
	return err
}

// Sweep makes the shifts that have come into sight. It reads an index, and writes where something is to be made: once a day for a pattern.
func (r *Rota) Sweep(ctx context.Context) error {
	var teams []int64
	err := r.DB.Read(ctx, func(tx *db.Tx) (err error) {
		// A pattern is behind when it was not made today, wherever on earth that is.
		today := int64(calendar.DateAt(tx.Now.Add(-12 * time.Hour).Time()))
		teams, err = db.All[int64](ctx, tx, `SELECT DISTINCT p.team_id FROM shift_pattern p LEFT JOIN rota r ON r.id = p.team_id
			WHERE p.ended_at = 0 AND p.made_until < $1 + 7 * coalesce(r.ahead_weeks, $2)`, today, usualAhead)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range teams {
		if err := r.DB.Write(ctx, func(tx *db.Tx) error { return r.makeTeam(ctx, tx, id) }); err != nil {
			return err
		}
	}
	return nil
}

// teamsWithRota are the teams that somebody may see and that have shifts or patterns.
func teamsWithRota(ctx context.Context, tx *db.Tx, a person.Actor) (map[int64]bool, error) {
	ids, err := db.All[int64](ctx, tx, `SELECT t.id FROM team t WHERE EXISTS (SELECT 1 FROM shift_pattern p WHERE p.team_id = t.id) OR EXISTS (SELECT 1 FROM shift s WHERE s.team_id = t.id)`)
	out := map[int64]bool{}
	for _, id := range ids {
		out[id] = person.Can(a, person.SeeRota, person.Thing{TeamID: id})
	}
	return out, err
}

// Teams lists the teams whose rota somebody may see, those first that they belong to and that have one.
func Teams(ctx context.Context, tx *db.Tx, a person.Actor) ([]person.Team, error) {
	all, err := person.VisibleTeams(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	mine, err := db.All[int64](ctx, tx, `SELECT team_id FROM team_member WHERE person_id = $1`, a.ID)
	if err != nil {
		return nil, err
	}
	has, err := teamsWithRota(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	rank := map[int64]int{}
	for _, id := range mine {
		rank[id] -= 2
	}
	for id, yes := range has {
		if yes {
			rank[id] -= 3
		}
	}
	sortTeams(all, rank)
	return all, nil
}
