package shift

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Settings are how a team plans.
type Settings struct {
	TeamID      int64
	Zone        string // where its days begin and end; "" is the desk's
	RestMinutes int    // between two shifts of somebody
	WeekMinutes int    // of work in a week, at most; people may have a most of their own
	AheadWeeks  int    // for how many weeks to come shifts are made
}

// Bounds and what teams begin with.
const (
	usualRest  = 11 * 60
	usualWeek  = 40 * 60
	usualAhead = 6
	mostAhead  = 26
)

// SettingsOf gives how a team plans.
func SettingsOf(ctx context.Context, tx *db.Tx, teamID int64) (Settings, error) {
	all, err := db.All[Settings](ctx, tx, `SELECT id AS team_id, zone, rest_minutes, week_minutes, ahead_weeks FROM rota WHERE id = $1`, teamID)
	if err != nil || len(all) > 0 {
		return append(all, Settings{})[0], err
	}
	return Settings{TeamID: teamID, RestMinutes: usualRest, WeekMinutes: usualWeek, AheadWeeks: usualAhead}, nil
}

// ZoneOf is where the days of a team begin and end.
func (r *Rota) ZoneOf(s Settings) *time.Location {
	if zone, err := time.LoadLocation(s.Zone); err == nil && s.Zone != "" {
		return zone
	}
	return r.zone()
}

// SaveSettings says how a team plans. The fields of what is wrong are zone, rest, week and ahead.
func (r *Rota) SaveSettings(ctx context.Context, tx *db.Tx, by person.Actor, s Settings) error {
	if err := mayPlan(by, s.TeamID); err != nil {
		return err
	}
	var wrong []fault.Field
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "Local" {
		wrong = append(wrong, fault.F("zone", i18n.M("There is no time zone “{{.Name}}”. One looks like Europe/Berlin.", "Name", s.Zone)))
	}
	if s.RestMinutes < 0 || s.RestMinutes > 48*60 {
		wrong = append(wrong, fault.F("rest", i18n.M("Please give hours from 0 to 48, such as 11.")))
	}
	if s.WeekMinutes < 60 || s.WeekMinutes > 168*60 {
		wrong = append(wrong, fault.F("week", i18n.M("Please give hours from 1 to 168, such as 40.")))
	}
	if s.AheadWeeks < 1 || s.AheadWeeks > mostAhead {
		wrong = append(wrong, fault.F("ahead", i18n.M("Please give a number of weeks from 1 to {{.Most}}.", "Most", mostAhead)))
	}
	if err := fault.Check(wrong); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO rota (id, zone, rest_minutes, week_minutes, ahead_weeks) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET zone = excluded.zone, rest_minutes = excluded.rest_minutes, week_minutes = excluded.week_minutes, ahead_weeks = excluded.ahead_weeks`,
		s.TeamID, s.Zone, s.RestMinutes, s.WeekMinutes, s.AheadWeeks)
	if err != nil {
		return err
	}
	return r.makeTeam(ctx, tx, s.TeamID)
}

// mayPlan refuses whoever may not plan the rota of a team; that a private team has one is not told.
func mayPlan(by person.Actor, teamID int64) error {
	thing := person.Thing{TeamID: teamID}
	switch {
	case person.Can(by, person.PlanRota, thing):
		return nil
	case !person.Can(by, person.SeeRota, thing):
		return fault.NotFound(i18n.M("There is no such team."))
	}
	return fault.Denied(i18n.M("Only leads plan the rota."))
}

// Own is what somebody's rota is like for themselves.
type Own struct {
	WeekMinutes int  // their own most in a week; 0 for that of the team
	Invites     bool // shifts come by mail as invitations
	Feed        int64
}

// OwnOf gives what somebody chose.
func OwnOf(ctx context.Context, tx *db.Tx, personID int64) (Own, error) {
	all, err := db.All[Own](ctx, tx, `SELECT week_minutes, invites, feed FROM rota_person WHERE id = $1`, personID)
	if err != nil || len(all) > 0 {
		return append(all, Own{})[0], err
	}
	return Own{Invites: true}, nil
}

// SetInvites says whether somebody's shifts come by mail as invitations.
func SetInvites(ctx context.Context, tx *db.Tx, personID int64, on bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO rota_person (id, invites) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET invites = excluded.invites`, personID, on)
	return err
}

// SetLimit says how long somebody works in a week at most, in minutes; 0 is as long as their team. What is wrong is a fault of the field "week".
func SetLimit(ctx context.Context, tx *db.Tx, by person.Actor, teamID, personID int64, week int) error {
	if err := mayPlan(by, teamID); err != nil {
		return err
	}
	if week != 0 && (week < 60 || week > 168*60) {
		return fault.Invalid(fault.F("week", i18n.M("Please give hours from 1 to 168, or nothing for what the team has.")))
	}
	in, err := db.Exists(ctx, tx, `SELECT 1 FROM team_member WHERE team_id = $1 AND person_id = $2`, teamID, personID)
	if err != nil {
		return err
	}
	if !in {
		return fault.NotFound(i18n.M("There is no such person in this team."))
	}
	_, err = tx.Exec(ctx, `INSERT INTO rota_person (id, week_minutes) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET week_minutes = excluded.week_minutes`, personID, week)
	return err
}

// sortTeams puts those of the lowest rank first, and leaves the others in their order.
func sortTeams(all []person.Team, rank map[int64]int) {
	slices.SortStableFunc(all, func(a, b person.Team) int { return rank[a.ID] - rank[b.ID] })
}
