package person

import (
	"context"
	"errors"
	"regexp"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Team is a group of staff that tickets belong to. A private team's tickets exist for its members only.
type Team struct {
	ID      int64
	Slug    string // names the team in filters, rules and the API: "network"
	Name    string
	Private bool
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Teams lists all teams by name. What a person may know of is VisibleTeams.
func Teams(ctx context.Context, tx *db.Tx) ([]Team, error) {
	return db.All[Team](ctx, tx, `SELECT id, slug, name, private FROM team ORDER BY name, id`)
}

// VisibleTeams lists the teams that the actor may know of.
func VisibleTeams(ctx context.Context, tx *db.Tx, a Actor) ([]Team, error) {
	all, err := Teams(ctx, tx)
	var out []Team
	for _, t := range all {
		if !a.hidden(t.ID) {
			out = append(out, t)
		}
	}
	return out, err
}

// TeamsOf lists the teams that somebody is a member of, by name.
func TeamsOf(ctx context.Context, tx *db.Tx, personID int64) ([]Team, error) {
	return db.All[Team](ctx, tx, `SELECT t.id, t.slug, t.name, t.private FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.person_id = $1 ORDER BY t.name, t.id`, personID)
}

// TeamBySlug finds a team that the actor may know of.
func TeamBySlug(ctx context.Context, tx *db.Tx, a Actor, slug string) (Team, error) {
	t, err := db.One[Team](ctx, tx, `SELECT id, slug, name, private FROM team WHERE slug = $1`, slug)
	if errors.Is(err, db.ErrNoRow) || (err == nil && a.hidden(t.ID)) {
		return t, fault.Invalid(fault.F("team", i18n.M("There is no team “{{.Team}}”.", "Team", slug)))
	}
	return t, err
}

// SaveTeam adds a team (ID 0) or changes it, and gives its id.
func SaveTeam(ctx context.Context, tx *db.Tx, t Team) (int64, error) {
	var wrong []fault.Field
	if t.Name = CleanName(t.Name); t.Name == "" {
		wrong = append(wrong, fault.F("name", i18n.M("Please give a name.")))
	}
	if !slugForm.MatchString(t.Slug) || len(t.Slug) > 40 {
		wrong = append(wrong, fault.F("slug", i18n.M("Please use small letters, digits and hyphens, such as first-line.")))
	}
	if err := fault.Check(wrong); err != nil {
		return 0, err
	}
	var err error
	tx.Signal(RightsChanged, 0)
	if t.ID == 0 {
		t.ID, err = db.One[int64](ctx, tx, `INSERT INTO team (slug, name, private, created_at) VALUES ($1, $2, $3, $4) RETURNING id`, t.Slug, t.Name, t.Private, tx.Now)
	} else {
		_, err = tx.Exec(ctx, `UPDATE team SET slug = $2, name = $3, private = $4 WHERE id = $1`, t.ID, t.Slug, t.Name, t.Private)
	}
	if errors.Is(err, db.ErrUnique) {
		err = fault.Invalid(fault.F("slug", i18n.M("Another team has this short name.")))
	}
	return t.ID, err
}

// SetMembers says who belongs to a team; everybody must be staff.
func SetMembers(ctx context.Context, tx *db.Tx, teamID int64, people []int64) error {
	tx.Signal(RightsChanged, 0)
	if _, err := tx.Exec(ctx, `DELETE FROM team_member WHERE team_id = $1`, teamID); err != nil {
		return err
	}
	for _, id := range people {
		n, err := tx.Exec(ctx, `INSERT INTO team_member (team_id, person_id) SELECT $1, id FROM person WHERE id = $2 AND role <> 'requester' ON CONFLICT DO NOTHING`, teamID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Invalid(fault.F("members", i18n.M("Only staff can belong to a team.")))
		}
	}
	return nil
}

// Members gives the ids of those who belong to a team.
func Members(ctx context.Context, tx *db.Tx, teamID int64) ([]int64, error) {
	return db.All[int64](ctx, tx, `SELECT person_id FROM team_member WHERE team_id = $1 ORDER BY person_id`, teamID)
}
