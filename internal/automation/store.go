package automation

import (
	"context"
	"encoding/json"
	"errors"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

type row struct {
	Rule
	DefinitionText string
}

const columns = `r.id, r.name, r.definition AS definition_text, r.active, r.position, r.owner_id, r.version_id, r.model, r.changed_at, r.removed_at, r.told_at`

func open(rows []row) ([]Rule, error) {
	out := make([]Rule, len(rows))
	for i, x := range rows {
		out[i] = x.Rule
		if err := json.Unmarshal([]byte(x.DefinitionText), &out[i].Definition); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// List gives all rules that there are, in their order.
func List(ctx context.Context, tx *db.Tx) ([]Rule, error) {
	rows, err := db.All[row](ctx, tx, `SELECT `+columns+` FROM rule r WHERE r.removed_at = 0 ORDER BY r.position, r.id`)
	if err != nil {
		return nil, err
	}
	return open(rows)
}

// Get gives a rule, also a removed one.
func Get(ctx context.Context, tx *db.Tx, id int64) (Rule, error) {
	rows, err := db.All[row](ctx, tx, `SELECT `+columns+` FROM rule r WHERE r.id = $1`, id)
	if err != nil {
		return Rule{}, err
	}
	if len(rows) == 0 {
		return Rule{}, fault.NotFound(i18n.M("There is no such rule."))
	}
	all, err := open(rows)
	if err != nil {
		return Rule{}, err
	}
	return all[0], nil
}

// Save adds a rule (ID 0, at the end and switched off unless it says otherwise) or changes one, whose owner the actor becomes. A
// VersionID that is not the newest is fault.KindConflict: somebody else has saved meanwhile.
func Save(ctx context.Context, tx *db.Tx, a person.Actor, r Rule) (Rule, error) {
	if !person.Can(a, person.ManageRules, person.Thing{}) {
		return r, fault.Denied(i18n.M("Rules are changed by leads and administrators."))
	}
	if err := Check(ctx, tx, a, &r); err != nil {
		return r, err
	}
	raw, err := json.Marshal(r.Definition)
	if err != nil {
		return r, err
	}
	r.OwnerID, r.ChangedAt = a.ID, tx.Now
	if r.ID == 0 {
		if r.Position, err = db.One[int64](ctx, tx, `SELECT coalesce(max(position), 0) + 1 FROM rule`); err != nil {
			return r, err
		}
		r.ID, err = db.One[int64](ctx, tx, `INSERT INTO rule (name, definition, active, position, owner_id, model, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
			r.Name, string(raw), r.Active, r.Position, r.OwnerID, r.Model, tx.Now)
	} else {
		if err := tx.Lock(ctx, "rule", r.ID); err != nil {
			return r, err
		}
		was, err := Get(ctx, tx, r.ID)
		if err != nil {
			return r, err
		}
		if r.VersionID != 0 && r.VersionID != was.VersionID {
			return r, fault.Conflict(i18n.M("Somebody changed this rule meanwhile. Below is what you wrote; save again to have it instead."))
		}
		r.Active, r.Position, r.Model, r.RemovedAt = was.Active, was.Position, was.Model, was.RemovedAt
		_, err = tx.Exec(ctx, `UPDATE rule SET name = $2, definition = $3, owner_id = $4, changed_at = $5 WHERE id = $1`, r.ID, r.Name, string(raw), r.OwnerID, tx.Now)
		if err != nil {
			return r, err
		}
		if _, err = tx.Exec(ctx, `DELETE FROM rule_mark WHERE rule_id = $1`, r.ID); err != nil {
			return r, err
		}
	}
	if err != nil {
		return r, err
	}
	if r.VersionID, err = addVersion(ctx, tx, a, r, "saved"); err != nil {
		return r, err
	}
	if r.Active {
		err = arm(ctx, tx, r, false)
	}
	return r, errors.Join(err, changed(ctx, tx))
}

// addVersion keeps what a rule is now.
func addVersion(ctx context.Context, tx *db.Tx, a person.Actor, r Rule, what string) (int64, error) {
	raw, err := json.Marshal(r.Definition)
	if err != nil {
		return 0, err
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO rule_version (rule_id, what, name, definition, by_id, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`, r.ID, what, r.Name, string(raw), a.ID, tx.Now)
	if err == nil && what == "saved" {
		_, err = tx.Exec(ctx, `UPDATE rule SET version_id = $2 WHERE id = $1`, r.ID, id)
	}
	return id, err
}

// changed has every process load the rules anew.
func changed(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE rule_set SET version = version + 1 WHERE id = 1`)
	return err
}

// Switch turns a rule on or off. Of one about time, already says that tickets count for which the time has passed before now.
func Switch(ctx context.Context, tx *db.Tx, a person.Actor, id int64, on, already bool) (Rule, error) {
	r, err := held(ctx, tx, a, id)
	if err != nil || r.Active == on {
		return r, err
	}
	what := "off"
	if r.Active = on; on {
		what = "on"
		if err := Check(ctx, tx, a, &r); err != nil {
			return r, err
		}
		if err := arm(ctx, tx, r, already); err != nil {
			return r, err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE rule SET active = $2, told_at = 0 WHERE id = $1`, id, on); err != nil {
		return r, err
	}
	if _, err := addVersion(ctx, tx, a, r, what); err != nil {
		return r, err
	}
	return r, changed(ctx, tx)
}

// held locks and gives a rule that the actor may change.
func held(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Rule, error) {
	if !person.Can(a, person.ManageRules, person.Thing{}) {
		return Rule{}, fault.Denied(i18n.M("Rules are changed by leads and administrators."))
	}
	if err := tx.Lock(ctx, "rule", id); err != nil {
		return Rule{}, err
	}
	return Get(ctx, tx, id)
}

// Place moves a rule up or down by one.
func Place(ctx context.Context, tx *db.Tx, a person.Actor, id int64, up bool) error {
	if _, err := held(ctx, tx, a, id); err != nil {
		return err
	}
	all, err := List(ctx, tx)
	if err != nil {
		return err
	}
	at := -1
	for i, r := range all {
		if r.ID == id {
			at = i
		}
	}
	to := at + 1
	if up {
		to = at - 1
	}
	if at < 0 || to < 0 || to >= len(all) {
		return nil
	}
	all[at], all[to] = all[to], all[at]
	for i, r := range all {
		if _, err := tx.Exec(ctx, `UPDATE rule SET position = $2 WHERE id = $1 AND position <> $2`, r.ID, i+1); err != nil {
			return err
		}
	}
	return changed(ctx, tx)
}

// Remove takes a rule away, which Restore has back, switched off.
func Remove(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	r, err := held(ctx, tx, a, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE rule SET removed_at = $2, active = FALSE WHERE id = $1 AND removed_at = 0`, id, tx.Now); err != nil {
		return err
	}
	if _, err := addVersion(ctx, tx, a, r, "removed"); err != nil {
		return err
	}
	return changed(ctx, tx)
}

// Restore has a removed rule back, switched off.
func Restore(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	r, err := held(ctx, tx, a, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE rule SET removed_at = 0 WHERE id = $1`, id); err != nil {
		return err
	}
	if _, err := addVersion(ctx, tx, a, r, "restored"); err != nil {
		return err
	}
	return changed(ctx, tx)
}

// Version is a form that a rule had.
type Version struct {
	ID         int64
	RuleID     int64
	What       string // "saved", "on", "off", "removed", "restored"
	Name       string
	ByID       int64
	By         string
	At         clock.Instant
	Definition Definition `db:"-"`
}

type versionRow struct {
	Version
	DefinitionText string
}

const versionColumns = `v.id, v.rule_id, v.what, v.name, v.definition AS definition_text, v.by_id, coalesce(p.name, '') AS by, v.at`

// Versions lists what was done with a rule, the newest first.
func Versions(ctx context.Context, tx *db.Tx, id int64) ([]Version, error) {
	return versions(ctx, tx, `SELECT `+versionColumns+` FROM rule_version v LEFT JOIN person p ON p.id = v.by_id WHERE v.rule_id = $1 ORDER BY v.id DESC LIMIT 200`, id)
}

// VersionByID gives one of a rule's forms.
func VersionByID(ctx context.Context, tx *db.Tx, ruleID, id int64) (Version, error) {
	all, err := versions(ctx, tx, `SELECT `+versionColumns+` FROM rule_version v LEFT JOIN person p ON p.id = v.by_id WHERE v.rule_id = $1 AND v.id = $2`, ruleID, id)
	if err == nil && len(all) == 0 {
		err = fault.NotFound(i18n.M("There is no such version."))
	}
	if err != nil {
		return Version{}, err
	}
	return all[0], nil
}

func versions(ctx context.Context, tx *db.Tx, query string, args ...any) ([]Version, error) {
	rows, err := db.All[versionRow](ctx, tx, query, args...)
	if err != nil {
		return nil, err
	}
	out := make([]Version, len(rows))
	for i, x := range rows {
		out[i] = x.Version
		if err := json.Unmarshal([]byte(x.DefinitionText), &out[i].Definition); err != nil {
			return nil, err
		}
	}
	return out, nil
}
