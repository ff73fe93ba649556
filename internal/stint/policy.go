package stint

import (
	"context"
	"errors"
	"slices"
	"sort"
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

// MostStandings is how many people one look at a policy lists.
const MostStandings = 200

// standings reads where the people of a policy stand, as a table of id, name, department, last_at, since, excuse, stint_id, state, from_at. It adds what it binds to args,
// of which $1 is the policy and $2 is now.
func (p Policy) standings(args *db.Args) string {
	since := args.Add(p.CreatedAt)
	return `SELECT q.*, CASE WHEN q.last_at > ` + since + ` THEN q.last_at ELSE ` + since + ` END AS since FROM (SELECT p.id, p.name,
		coalesce((SELECT min(j.department) FROM person_job j WHERE j.person_id = p.id AND j.department <> ''), '') AS department,
		coalesce((SELECT max(s.ended_at) FROM stint s WHERE s.policy_id = $1 AND s.person_id = p.id AND s.state = 'over'), 0) AS last_at,
		coalesce(n.id, 0) AS stint_id, coalesce(n.state, '') AS state, coalesce(n.from_at, 0) AS from_at, coalesce(e.reason, '') AS excuse
		FROM person p LEFT JOIN stint n ON n.id = (SELECT min(s.id) FROM stint s WHERE s.policy_id = $1 AND s.person_id = p.id AND s.state IN ('proposed', 'invited', 'agreed', 'running', 'declined') AND s.until > $2)
		LEFT JOIN stint_excuse e ON e.policy_id = $1 AND e.person_id = p.id AND (e.until = 0 OR e.until > $2)
		WHERE ` + p.names(args) + `) AS q`
}

// Standings lists the people of a policy, of one department alone where that is not nil, MostStandings at most: who is to be asked first, and of these whose turn was
// longest ago, then by name.
func Standings(ctx context.Context, tx *db.Tx, p Policy, department *string) ([]Standing, error) {
	args := db.Args{p.ID, tx.Now}
	from := p.standings(&args)
	where := ""
	if department != nil {
		where = ` WHERE x.department = ` + args.Add(*department)
	}
	type row struct {
		ID                    int64
		Name, Department      string
		LastAt, FromAt, Since clock.Instant
		StintID               int64
		State                 State
		Excuse                string
	}
	rows, err := db.All[row](ctx, tx, `SELECT x.id, x.name, x.department, x.last_at, x.from_at, x.since, x.stint_id, x.state, x.excuse FROM (`+from+`) AS x`+where+`
		ORDER BY CASE WHEN x.excuse = '' AND x.stint_id = 0 THEN 0 ELSE 1 END, x.since, x.name, x.id LIMIT `+args.Add(MostStandings), args...)
	out := make([]Standing, len(rows))
	for i, r := range rows {
		out[i] = Standing{PersonID: r.ID, Name: r.Name, Department: r.Department, LastAt: r.LastAt, StintID: r.StintID, State: r.State, FromAt: r.FromAt, Excuse: r.Excuse, DueAt: p.dueAfter(r.Since)}
	}
	return out, err
}

// Tally is how many people of a department a policy is about, and how many of these have done theirs, are overdue, and are excused. "" is those without a department.
type Tally struct {
	Department                     string
	People, Done, Overdue, Excused int
}

// Tallies counts the people of a policy by department, by name.
func Tallies(ctx context.Context, tx *db.Tx, p Policy) ([]Tally, error) {
	args := db.Args{p.ID, tx.Now}
	from := p.standings(&args)
	last := args.Add(p.overdueSince(tx.Now))
	return db.All[Tally](ctx, tx, `SELECT x.department, count(*) AS people, count(*) FILTER (WHERE x.last_at > 0 AND x.since > `+last+`) AS done,
		count(*) FILTER (WHERE x.excuse = '' AND x.stint_id = 0 AND x.since <= `+last+`) AS overdue, count(*) FILTER (WHERE x.excuse <> '') AS excused
		FROM (`+from+`) AS x GROUP BY x.department ORDER BY x.department`, args...)
}

// dueAfter is by when a turn is to be done after another was: so many months later, on the same day or the last of that month.
func (p Policy) dueAfter(at clock.Instant) clock.Instant {
	t := at.Time().In(time.UTC)
	due := t.AddDate(0, p.EveryMonths, 0)
	if due.Day() != t.Day() {
		due = due.AddDate(0, 0, -due.Day())
	}
	return clock.Instant(due.UnixMilli())
}

// overdueSince is the last moment after which a turn is overdue now.
func (p Policy) overdueSince(now clock.Instant) clock.Instant {
	low := now.Add(-time.Duration(p.EveryMonths+2) * 31 * 24 * time.Hour)
	n := sort.Search(int(now-low), func(i int) bool { return p.dueAfter(low+clock.Instant(i)) > now })
	return low + clock.Instant(n) - 1
}

// Excused is that somebody need not take a turn, and why.
type Excused struct {
	Policy string
	Reason string
	Until  clock.Instant // 0 for good
}

// ExcusesOf gives the excuses of somebody, who may read why.
func ExcusesOf(ctx context.Context, tx *db.Tx, personID int64) ([]Excused, error) {
	return db.All[Excused](ctx, tx, `SELECT p.name AS policy, e.reason, e.until FROM stint_excuse e JOIN stint_policy p ON p.id = e.policy_id WHERE e.person_id = $1 AND (e.until = 0 OR e.until > $2) AND p.active ORDER BY p.name, p.id LIMIT 20`, personID, tx.Now)
}
