package stint

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Policy says who takes a turn at the desk, for how long, and how often.
type Policy struct {
	ID             int64
	Name           string
	TeamID         int64 // where they take it
	OrganisationID int64 // whose people; 0 for all
	Departments    []string
	Jobs           []string
	Managers       bool // people who lead others, whatever their department and job
	// Without departments, jobs and managers it is everybody.

	Minutes     int // how long a turn takes, of working time
	EveryMonths int
	Active      bool
	CreatedAt   clock.Instant
}

// Limits of a policy.
const (
	maxPolicyName = 80
	shortest      = 30             // minutes
	longest       = 4 * 5 * 8 * 60 // four weeks of work
	mostMonths    = 60
)

type storedPolicy struct {
	ID, TeamID, OrganisationID int64
	Name, Departments, Jobs    string
	Managers, Active           bool
	Minutes, EveryMonths       int
	CreatedAt                  clock.Instant
}

func (p storedPolicy) policy() Policy {
	return Policy{ID: p.ID, Name: p.Name, TeamID: p.TeamID, OrganisationID: p.OrganisationID, Departments: lines(p.Departments), Jobs: lines(p.Jobs), Managers: p.Managers, Minutes: p.Minutes, EveryMonths: p.EveryMonths, Active: p.Active, CreatedAt: p.CreatedAt}
}

// lines gives what stands one a line, without what is empty or comes twice.
func lines(text string) (out []string) {
	for l := range strings.Lines(text) {
		if l = strings.Join(strings.Fields(l), " "); l != "" && !slices.ContainsFunc(out, func(o string) bool { return search.Fold(o) == search.Fold(l) }) {
			out = append(out, l)
		}
	}
	return out
}

// Lines reads what somebody typed one a line.
func Lines(text string) []string { return lines(text) }

const policyColumns = `id, name, team_id, coalesce(organisation_id, 0) AS organisation_id, departments, jobs, managers, minutes, every_months, active, created_at`

// Policies lists all, by name.
func Policies(ctx context.Context, tx *db.Tx) ([]Policy, error) {
	stored, err := db.All[storedPolicy](ctx, tx, `SELECT `+policyColumns+` FROM stint_policy ORDER BY name, id`)
	out := make([]Policy, len(stored))
	for i, p := range stored {
		out[i] = p.policy()
	}
	return out, err
}

// PolicyByID gives one, or fault.NotFound.
func PolicyByID(ctx context.Context, tx *db.Tx, id int64) (Policy, error) {
	p, err := db.One[storedPolicy](ctx, tx, `SELECT `+policyColumns+` FROM stint_policy WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = fault.NotFound(i18n.M("There is no such policy."))
	}
	return p.policy(), err
}

// SavePolicy stores a policy: a new one when its id is 0. What cannot be is fault.Invalid by "name", "team", "minutes", "months".
func SavePolicy(ctx context.Context, tx *db.Tx, by person.Actor, p Policy) (Policy, error) {
	if !person.Can(by, person.PlanStints, person.Thing{}) {
		return p, fault.Denied(i18n.M("Stints are planned by who leads the desk."))
	}
	p.Name = strings.Join(strings.Fields(p.Name), " ")
	if err := p.check(ctx, tx); err != nil {
		return p, err
	}
	departments, jobs := strings.Join(p.Departments, "\n"), strings.Join(p.Jobs, "\n")
	if p.ID == 0 {
		id, err := db.One[int64](ctx, tx, `INSERT INTO stint_policy (name, team_id, organisation_id, departments, jobs, managers, minutes, every_months, active, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
			p.Name, p.TeamID, orNull(p.OrganisationID), departments, jobs, p.Managers, p.Minutes, p.EveryMonths, p.Active, tx.Now)
		p.ID, p.CreatedAt = id, tx.Now
		return p, err
	}
	_, err := tx.Exec(ctx, `UPDATE stint_policy SET name = $2, team_id = $3, organisation_id = $4, departments = $5, jobs = $6, managers = $7, minutes = $8, every_months = $9, active = $10 WHERE id = $1`,
		p.ID, p.Name, p.TeamID, orNull(p.OrganisationID), departments, jobs, p.Managers, p.Minutes, p.EveryMonths, p.Active)
	return p, err
}

func (p Policy) check(ctx context.Context, tx *db.Tx) error {
	var wrong []fault.Field
	switch n := utf8.RuneCountInString(p.Name); {
	case n == 0:
		wrong = append(wrong, fault.F("name", i18n.M("Please give it a name, such as A day at the desk.")))
	case n > maxPolicyName:
		wrong = append(wrong, fault.F("name", i18n.M("A name has at most {{.Count}} characters; this one has {{.Has}}.", "Count", maxPolicyName, "Has", n)))
	}
	open, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1 AND NOT private`, p.TeamID)
	if err != nil {
		return err
	}
	if !open {
		wrong = append(wrong, fault.F("team", i18n.M("Please choose a team. Those that are private have no guests.")))
	}
	if p.OrganisationID != 0 {
		known, err := db.Exists(ctx, tx, `SELECT 1 FROM organisation WHERE id = $1`, p.OrganisationID)
		if err != nil {
			return err
		}
		if !known {
			wrong = append(wrong, fault.F("organisation", i18n.M("There is no such organisation.")))
		}
	}
	if p.Minutes < shortest || p.Minutes > longest {
		wrong = append(wrong, fault.F("minutes", i18n.M("A turn takes from half an hour to four weeks.")))
	}
	if p.EveryMonths < 1 || p.EveryMonths > mostMonths {
		wrong = append(wrong, fault.F("months", i18n.M("Please give a number of months from 1 to {{.Most}}.", "Most", mostMonths)))
	}
	return fault.Check(wrong)
}

// names is the predicate that a policy is about a person "p". It adds what it binds to args.
func (p Policy) names(args *db.Args) string {
	where := []string{"p.active AND p.merged_into IS NULL AND p.role = " + args.Add(person.Requester)}
	if p.OrganisationID != 0 {
		where = append(where, "p.organisation_id = "+args.Add(p.OrganisationID))
	}
	var any []string
	if len(p.Departments) > 0 {
		any = append(any, "j.department IN ("+db.List(args, p.Departments)+")")
	}
	if len(p.Jobs) > 0 {
		any = append(any, "j.job IN ("+db.List(args, p.Jobs)+")")
	}
	if p.Managers {
		any = append(any, "j.manager")
	}
	if len(any) > 0 {
		where = append(where, "EXISTS (SELECT 1 FROM person_job j WHERE j.person_id = p.id AND ("+strings.Join(any, " OR ")+"))")
	}
	return strings.Join(where, " AND ")
}

// Excuse says that somebody need not take their turn, and why. until 0 is for good. Without a reason it is fault.Invalid of "reason".
func Excuse(ctx context.Context, tx *db.Tx, by person.Actor, policyID, personID int64, reason string, until clock.Instant) error {
	if !person.Can(by, person.PlanStints, person.Thing{}) {
		return fault.Denied(i18n.M("Stints are planned by who leads the desk."))
	}
	reason = strings.Join(strings.Fields(reason), " ")
	if n := utf8.RuneCountInString(reason); n == 0 || n > 300 {
		return fault.Invalid(fault.F("reason", i18n.M("Please say why in a sentence: who is excused may read it.")))
	}
	if _, err := PolicyByID(ctx, tx, policyID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO stint_excuse (policy_id, person_id, reason, until, by_id, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (policy_id, person_id) DO UPDATE SET reason = excluded.reason, until = excluded.until, by_id = excluded.by_id, at = excluded.at`, policyID, personID, reason, until, by.ID, tx.Now)
	return err
}

// Unexcuse takes an excuse back.
func Unexcuse(ctx context.Context, tx *db.Tx, by person.Actor, policyID, personID int64) error {
	if !person.Can(by, person.PlanStints, person.Thing{}) {
		return fault.Denied(i18n.M("Stints are planned by who leads the desk."))
	}
	_, err := tx.Exec(ctx, `DELETE FROM stint_excuse WHERE policy_id = $1 AND person_id = $2`, policyID, personID)
	return err
}

// Standing is where somebody stands with a policy. It says done, due or excused, and nothing about how well.
type Standing struct {
	PersonID   int64
	Name       string
	Department string        // "" for none; of several the first by name
	LastAt     clock.Instant // when their last turn ended; 0 for never
	StintID    int64         // the one that lies ahead or runs; 0 for none
	State      State         // of that
	FromAt     clock.Instant
	Excuse     string
	DueAt      clock.Instant // by when the next is to be done; a new policy gives everybody its time
}

// Overdue tells that their turn should have been, and none lies ahead.
func (s Standing) Overdue(now clock.Instant) bool {
	return s.Excuse == "" && s.StintID == 0 && s.DueAt <= now
}

// mostStandings is how many people one look at a policy lists.
const mostStandings = 2000

// Standings lists the people of a policy: who is overdue first, then by when they are due, then by name.
func Standings(ctx context.Context, tx *db.Tx, p Policy) ([]Standing, error) {
	args := db.Args{p.ID, tx.Now}
	where := p.names(&args)
	type row struct {
		ID               int64
		Name, Department string
		LastAt, FromAt   clock.Instant
		StintID          int64
		State            State
		Excuse           string
	}
	rows, err := db.All[row](ctx, tx, `SELECT p.id, p.name,
		coalesce((SELECT min(j.department) FROM person_job j WHERE j.person_id = p.id AND j.department <> ''), '') AS department,
		coalesce((SELECT max(s.ended_at) FROM stint s WHERE s.policy_id = $1 AND s.person_id = p.id AND s.state = 'over'), 0) AS last_at,
		coalesce(n.id, 0) AS stint_id, coalesce(n.state, '') AS state, coalesce(n.from_at, 0) AS from_at, coalesce(e.reason, '') AS excuse
		FROM person p LEFT JOIN stint n ON n.id = (SELECT min(s.id) FROM stint s WHERE s.policy_id = $1 AND s.person_id = p.id AND s.state IN ('proposed', 'invited', 'agreed', 'running', 'declined') AND s.until > $2)
		LEFT JOIN stint_excuse e ON e.policy_id = $1 AND e.person_id = p.id AND (e.until = 0 OR e.until > $2)
		WHERE `+where+` ORDER BY p.name, p.id LIMIT `+decimal(mostStandings), args...)
	out := make([]Standing, len(rows))
	for i, r := range rows {
		out[i] = Standing{PersonID: r.ID, Name: r.Name, Department: r.Department, LastAt: r.LastAt, StintID: r.StintID, State: r.State, FromAt: r.FromAt, Excuse: r.Excuse, DueAt: p.dueAfter(max(r.LastAt, p.CreatedAt))}
	}
	slices.SortStableFunc(out, func(a, b Standing) int {
		if x, y := a.Overdue(tx.Now), b.Overdue(tx.Now); x != y {
			if x {
				return -1
			}
			return 1
		}
		return int(min(max(int64(a.DueAt)-int64(b.DueAt), -1), 1))
	})
	return out, err
}

// dueAfter is by when a turn is to be done after another was.
func (p Policy) dueAfter(at clock.Instant) clock.Instant {
	return clock.Instant(at.Time().In(time.UTC).AddDate(0, p.EveryMonths, 0).UnixMilli())
}
