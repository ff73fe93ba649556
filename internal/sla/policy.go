package sla

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Policy is what is promised for some tickets.
type Policy struct {
	ID        int64         `json:"-"`
	VersionID int64         `json:"-"`
	ByID      int64         `json:"-"` // who gave it this form; 0 for the program
	At        clock.Instant `json:"-"`

	Name     string `json:"name"`
	Level    Level  `json:"level"`
	Filter   string `json:"filter"` // which tickets; "" for all
	Position int    `json:"position"`
	Active   bool   `json:"active"`
	Removed  bool   `json:"removed,omitempty"`
	Terms
}

// Limits of a policy.
const (
	maxName   = 80
	maxFilter = 2000
	maxWarn   = 3
	// MaxTarget is the longest that can be promised.
	MaxTarget   = 2 * 365 * 24 * time.Hour
	maxPolicies = 200
)

type versionRow struct {
	ID         int64
	PolicyID   int64
	ByID       int64
	At         clock.Instant
	Definition string
}

const versionColumns = `v.id, v.policy_id, coalesce(v.by_id, 0) AS by_id, v.at, v.definition`

func (r versionRow) open() (Policy, error) {
	var p Policy
	if err := json.Unmarshal([]byte(r.Definition), &p); err != nil {
		return p, fmt.Errorf("read policy %d as it was at %d: %w", r.PolicyID, r.ID, err)
	}
	p.ID, p.VersionID, p.ByID, p.At = r.PolicyID, r.ID, r.ByID, r.At
	return p, nil
}

func openAll(rows []versionRow, err error) ([]Policy, error) {
	var out []Policy
	for _, r := range rows {
		p, oops := r.open()
		if oops != nil {
			return nil, oops
		}
		out = append(out, p)
	}
	return out, err
}

// All lists the policies of both levels in their order.
func All(ctx context.Context, tx *db.Tx) ([]Policy, error) {
	all, err := openAll(db.All[versionRow](ctx, tx, `SELECT `+versionColumns+` FROM sla_policy_version v WHERE v.id = (SELECT max(w.id) FROM sla_policy_version w WHERE w.policy_id = v.policy_id)`))
	all = slices.DeleteFunc(all, func(p Policy) bool { return p.Removed })
	slices.SortStableFunc(all, func(x, y Policy) int {
		if x.Level != y.Level {
			return strings.Compare(string(y.Level), string(x.Level))
		}
		if x.Position != y.Position {
			return x.Position - y.Position
		}
		return int(x.ID - y.ID)
	})
	return all, err
}

// ByID gives a policy as it is now.
func ByID(ctx context.Context, tx *db.Tx, id int64) (Policy, error) {
	all, err := Versions(ctx, tx, id, 1)
	if err == nil && (len(all) == 0 || all[0].Removed) {
		err = fault.NotFound(i18n.M("There is no such policy."))
	}
	if err != nil {
		return Policy{}, err
	}
	return all[0], nil
}

// Versions lists the forms that a policy had, the newest first.
func Versions(ctx context.Context, tx *db.Tx, id int64, limit int) ([]Policy, error) {
	return openAll(db.All[versionRow](ctx, tx, `SELECT `+versionColumns+` FROM sla_policy_version v WHERE v.policy_id = $1 ORDER BY v.id DESC LIMIT $2`, id, limit))
}

// Save adds a policy (ID 0), at the end of its level, or gives it another form. What is wrong with it is a fault by field: name,
// filter, calendars, warn, and "promise.priority" for a target.
func Save(ctx context.Context, tx *db.Tx, calendars *calendar.Store, a person.Actor, p Policy) (int64, error) {
	if err := p.Check(ctx, tx, calendars, a); err != nil {
		return 0, err
	}
	all, err := All(ctx, tx)
	if err != nil {
		return 0, err
	}
	if p.ID == 0 {
		if len(all) >= maxPolicies {
			return 0, fault.Invalid(fault.F("name", i18n.M("There are {{.Count}} policies, which is as many as there can be.", "Count", len(all))))
		}
		for _, q := range all {
			if q.Level == p.Level {
				p.Position = max(p.Position, q.Position+1)
			}
		}
		if p.ID, err = db.One[int64](ctx, tx, `INSERT INTO sla_policy (created_at) VALUES ($1) RETURNING id`, tx.Now); err != nil {
			return 0, err
		}
	} else {
		was, err := ByID(ctx, tx, p.ID)
		if err != nil {
			return 0, err
		}
		p.Position, p.Level = was.Position, was.Level
	}
	return p.ID, p.store(ctx, tx, a)
}

func (p Policy) store(ctx context.Context, tx *db.Tx, a person.Actor) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	var by any
	if a.ID != 0 {
		by = a.ID
	}
	_, err = tx.Exec(ctx, `INSERT INTO sla_policy_version (policy_id, by_id, at, definition) VALUES ($1, $2, $3, $4)`, p.ID, by, tx.Now, string(raw))
	return err
}

// Remove takes a policy away. Its clocks go on with what other policies promise.
func Remove(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	p, err := ByID(ctx, tx, id)
	if err != nil {
		return err
	}
	p.Removed = true
	return p.store(ctx, tx, a)
}

// Move puts a policy one place further up (or down) among those of its level.
func Move(ctx context.Context, tx *db.Tx, a person.Actor, id int64, down bool) error {
	all, err := All(ctx, tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(p Policy) bool { return p.ID == id })
	if at < 0 {
		return fault.NotFound(i18n.M("There is no such policy."))
	}
	to := at - 1
	if down {
		to = at + 1
	}
	if to < 0 || to >= len(all) || all[to].Level != all[at].Level {
		return nil
	}
	all[at], all[to] = all[to], all[at]
	for i, p := range all {
		if p.Position == i {
			continue
		}
		p.Position = i
		if err := p.store(ctx, tx, a); err != nil {
			return err
		}
	}
	return nil
}

// Check tells what is wrong with a policy.
func (p *Policy) Check(ctx context.Context, tx *db.Tx, calendars *calendar.Store, a person.Actor) error {
	var wrong []fault.Field
	p.Name, p.Filter = strings.Join(strings.Fields(p.Name), " "), strings.TrimSpace(p.Filter)
	switch {
	case p.Name == "":
		wrong = append(wrong, fault.F("name", i18n.M("Please give a name.")))
	case len(p.Name) > maxName:
		wrong = append(wrong, fault.F("name", i18n.M("Please choose a shorter name.")))
	}
	if !slices.Contains(Levels(), p.Level) {
		p.Level = ToRequesters
	}
	if len(p.Filter) > maxFilter {
		wrong = append(wrong, fault.F("filter", i18n.M("This filter is too long.")))
	} else if err := ticket.CheckFilter(ctx, tx, a, p.Filter); err != nil {
		f, known := ticket.FilterError(err)
		if !known {
			return err
		}
		wrong = append(wrong, fault.F("filter", f.Message))
	}
	wrong = append(wrong, p.checkTargets()...)
	when, err := p.calendar(ctx, tx, calendars)
	switch {
	case fault.Is(err, fault.KindNotFound):
		wrong = append(wrong, fault.F("calendars", i18n.M("One of these calendars is gone. Please choose again.")))
	case err != nil:
		return err
	default:
		wrong = append(wrong, p.checkReach(tx.Now, when)...)
	}
	return fault.Check(wrong)
}

func (p *Policy) checkTargets() (wrong []fault.Field) {
	any := false
	longest := int64(0)
	for _, promise := range Promises(p.Level) {
		for _, priority := range ticket.Priorities() {
			switch target := p.Target(promise, priority); {
			case target < 0, target > 0 && target < time.Minute.Milliseconds():
				wrong = append(wrong, fault.F(targetField(promise, priority), i18n.M("Please give a minute or more, or leave it empty for no promise.")))
			case target > MaxTarget.Milliseconds():
				wrong = append(wrong, fault.F(targetField(promise, priority), i18n.M("Please promise something within two years.")))
			case target > 0:
				any, longest = true, max(longest, target)
			}
			first, solve := p.Target(FirstAnswer, priority), p.Target(Solve, priority)
			if promise == Solve && solve > 0 && first > solve {
				wrong = append(wrong, fault.F(targetField(promise, priority), i18n.M("This ticket would have to be solved before it has to be answered. Please give it at least as long as the first answer.")))
			}
		}
	}
	if !any && len(wrong) == 0 {
		wrong = append(wrong, fault.F(targetField(Promises(p.Level)[0], ticket.Normal), i18n.M("This policy promises nothing yet. Please give at least one time.")))
	}
	slices.Sort(p.Warn)
	slices.Reverse(p.Warn)
	p.Warn = slices.Compact(slices.DeleteFunc(p.Warn, func(w int64) bool { return w == 0 }))
	switch {
	case len(p.Warn) > maxWarn:
		wrong = append(wrong, fault.F("warn", i18n.M("Up to {{.Count}} warnings can be given.", "Count", maxWarn)))
	case len(p.Warn) > 0 && p.Warn[len(p.Warn)-1] < 0:
		wrong = append(wrong, fault.F("warn", i18n.M("Please say how long before, such as 30m or 2h.")))
	case len(p.Warn) > 0 && any && p.Warn[0] >= longest:
		wrong = append(wrong, fault.F("warn", i18n.M("A warning this early would come with the ticket itself. Please choose less than what is promised.")))
	}
	return wrong
}

// targetField names the field of a target in a form.
func targetField(p Promise, at ticket.Priority) string { return string(p) + "." + string(at) }

// checkReach finds what can never be met: with the hours of its calendars a promise would never be due.
func (p *Policy) checkReach(now clock.Instant, when *calendar.Calendar) (wrong []fault.Field) {
	for _, promise := range Promises(p.Level) {
		for _, priority := range ticket.Priorities() {
			target := p.Target(promise, priority)
			if target <= 0 || target > MaxTarget.Milliseconds() {
				continue
			}
			if _, ever := when.Due(now, time.Duration(target)*time.Millisecond); !ever {
				wrong = append(wrong, fault.F(targetField(promise, priority), i18n.M("With the hours of these calendars this much time never passes, so the promise would never be due.")))
			}
		}
	}
	return wrong
}

// calendar is when the time of a policy counts.
func (t Terms) calendar(ctx context.Context, tx *db.Tx, store *calendar.Store) (*calendar.Calendar, error) {
	r, err := t.ref(ctx, tx, store, 0, 0)
	if err != nil {
		return nil, err
	}
	return r.calendar(ctx, tx, store)
}
