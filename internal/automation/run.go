package automation

import (
	"context"
	"errors"
	"strings"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Outcome is how a run of a rule ended.
type Outcome string

// The outcomes.
const (
	runActed  Outcome = "acted"
	runFailed Outcome = "failed" // Detail says why; nothing of it was done
	runHeld   Outcome = "held"   // a guard held it back, or a part of it; Detail says which
	runSent   Outcome = "sent"   // a webhook was taken; Detail says by whom
)

// Outcomes that pages ask for.
const (
	Acted  = runActed
	Failed = runFailed
	Held   = runHeld
	Sent   = runSent
)

// How long runs are kept, and how long until an owner is told again.
const (
	keepRuns  = 30 * 24 * time.Hour
	tellAgain = time.Hour
)

var errMore = errors.New("there is more to do, which goes on in a moment")

// Run is what a rule did, or could not do.
type Run struct {
	ID        int64
	RuleID    int64
	VersionID int64
	TicketID  int64 // 0 for none
	Subject   string
	At        clock.Instant
	Outcome   Outcome
	Cause     string // what of the rule's conditions set it going, as the plain-text form says it
	Detail    string // in words
}

// runsNote remembers for a transaction the runs that are written at its end, all at once.
type runsNote struct{}

// note keeps how a run ended.
func (g *Engine) note(ctx context.Context, tx *db.Tx, x trigger, ticketID int64, o Outcome, detail string) error {
	var on any
	if ticketID != 0 {
		on = ticketID
	}
	rows, _ := tx.Notes()[runsNote{}].([][]any)
	if len(rows) == 0 {
		tx.BeforeCommit(func() error {
			rows, _ := tx.Notes()[runsNote{}].([][]any)
			delete(tx.Notes(), runsNote{})
			return insertRuns(ctx, tx, rows)
		})
	}
	tx.Notes()[runsNote{}] = append(rows, []any{x.ID, x.VersionID, on, tx.Now, string(o), x.when().String(), detail})
	return nil
}

// insertRuns writes runs, as many in one statement as are worth preparing a text for.
func insertRuns(ctx context.Context, tx *db.Tx, rows [][]any) error {
	for len(rows) > 0 {
		n := 1
		for n*2 <= min(len(rows), 32) {
			n *= 2
		}
		var args db.Args
		values := make([]string, n)
		for i, row := range rows[:n] {
			values[i] = "(" + db.List(&args, row) + ")"
		}
		if _, err := tx.Exec(ctx, `INSERT INTO rule_run (rule_id, version_id, ticket_id, at, outcome, cause, detail) VALUES `+strings.Join(values, ", "), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// when is what set the rule going.
func (x trigger) when() When { return x.Definition.When[x.part] }

// failed keeps that a rule failed and tells its owner. Errors that end the transaction are given back.
func (g *Engine) failed(ctx context.Context, tx *db.Tx, x trigger, ticketID int64, err error) error {
	if mustEnd(ctx, err) {
		return err
	}
	words := i18n.M("Something went wrong on our side. The log of the program says more.")
	if f, ok := fault.Of(err); ok {
		words = f.Message
		if len(f.Fields) > 0 {
			words = f.Fields[0].Message
		}
	} else if g.Log != nil {
		g.Log.Error("a rule failed", "rule", x.ID, "ticket", ticketID, "error", err)
	}
	said := g.say(ctx, words)
	if err := g.note(ctx, tx, x, ticketID, runFailed, said); err != nil {
		return err
	}
	return g.tellOwner(ctx, tx, x, i18n.M("It failed: {{.Why}}", "Why", said))
}

// noteHeld keeps that a guard held a rule back and tells its owner.
func (g *Engine) noteHeld(ctx context.Context, tx *db.Tx, x trigger, t ticket.Ticket, why i18n.Text) error {
	if err := g.note(ctx, tx, x, t.ID, runHeld, g.say(ctx, why)); err != nil {
		return err
	}
	return g.tellOwner(ctx, tx, x, why)
}

// say gives words as they are kept: in the language of whoever works in this transaction.
func (g *Engine) say(ctx context.Context, words i18n.Text) string { return i18n.Print(ctx, words) }

// tellOwner tells the owner of a rule what is wrong with it, or the administrators when the owner is gone; once an hour at most.
func (g *Engine) tellOwner(ctx context.Context, tx *db.Tx, x trigger, why i18n.Text) error {
	n, err := tx.Exec(ctx, `UPDATE rule SET told_at = $2 WHERE id = $1 AND told_at <= $3`, x.ID, tx.Now, tx.Now.Add(-tellAgain))
	if err != nil || n == 0 || g.Trouble == nil {
		return err
	}
	people := []int64{x.OwnerID}
	language := ""
	if owner, err := g.owner(ctx, tx, x.OwnerID); err == nil {
		language = owner.Language
	} else if mustEnd(ctx, err) {
		return err
	} else if people, err = db.All[int64](ctx, tx, `SELECT id FROM person WHERE role = $1 AND active ORDER BY id`, person.Administrator); err != nil {
		return err
	}
	ctx = i18n.With(ctx, i18n.Match("", language), time.UTC)
	return g.Trouble(ctx, tx, people, x.ID, i18n.T(ctx, "The rule “{{.Name}}”: {{.Why}}", "Name", x.Name, "Why", why))
}

// getTicket gives a ticket with the desk's own eyes; gone says that there is none.
func getTicket(ctx context.Context, tx *db.Tx, id int64) (t ticket.Ticket, gone bool, err error) {
	t, err = ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
	if fault.Is(err, fault.KindNotFound) {
		return t, true, nil
	}
	return t, false, err
}

// Runs lists what a rule did lately, the newest first, of one outcome or of all (""), before an id (0 for the newest). Tickets that
// the actor may not see are left out.
func Runs(ctx context.Context, tx *db.Tx, a person.Actor, ruleID int64, o Outcome, before int64, limit int) ([]Run, error) {
	if before == 0 {
		before = 1 << 62
	}
	args := db.Args{ruleID, before, string(o), limit}
	return db.All[Run](ctx, tx, `SELECT u.id, u.rule_id, u.version_id, coalesce(u.ticket_id, 0) AS ticket_id, coalesce(t.subject, '') AS subject, u.at, u.outcome, u.cause, u.detail
		FROM rule_run u LEFT JOIN ticket t ON t.id = u.ticket_id
		WHERE u.rule_id = $1 AND u.id < $2 AND ($3 = '' OR u.outcome = $3) AND (u.ticket_id IS NULL OR `+person.Visible(a, person.SeeTicket, &args)+`)
		ORDER BY u.id DESC LIMIT $4`, args...)
}

// Record is what a rule did within the days for which runs are kept. The numbers stop at recordBound.
type Record struct {
	RuleID              int64
	Acted, Failed, Held int
	LastAt              clock.Instant // when it acted last, 0 for never
	FailedAt            clock.Instant // when it failed or was held back last
}

// recordBound is where counting stops.
const recordBound = 1000

// Records tells of each of these rules what it did.
func Records(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]Record, error) {
	out := map[int64]Record{}
	for _, id := range ids {
		r := Record{RuleID: id}
		for o, n := range map[Outcome]*int{runActed: &r.Acted, runFailed: &r.Failed, runHeld: &r.Held} {
			var err error
			if *n, err = db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM rule_run WHERE rule_id = $1 AND outcome = $2 LIMIT $3) AS part`, id, string(o), recordBound); err != nil {
				return nil, err
			}
		}
		var err error
		if r.LastAt, err = lastRun(ctx, tx, id, runActed); err != nil {
			return nil, err
		}
		for _, o := range []Outcome{runFailed, runHeld} {
			at, err := lastRun(ctx, tx, id, o)
			if err != nil {
				return nil, err
			}
			r.FailedAt = max(r.FailedAt, at)
		}
		out[id] = r
	}
	return out, nil
}

func lastRun(ctx context.Context, tx *db.Tx, id int64, o Outcome) (clock.Instant, error) {
	return db.One[clock.Instant](ctx, tx, `SELECT coalesce(max(at), 0) FROM rule_run WHERE rule_id = $1 AND outcome = $2`, id, string(o))
}

// Names gives the names of rules, also of removed ones.
func Names(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]string, error) {
	type named struct {
		ID   int64
		Name string
	}
	out := map[int64]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var args db.Args
	rows, err := db.All[named](ctx, tx, `SELECT id, name FROM rule WHERE id IN (`+db.List(&args, ids)+`)`, args...)
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, err
}

// Whens gives what set rules going, by the causes that their events have: "pending for 3 working days".
func Whens(ctx context.Context, tx *db.Tx, causes []string) (map[string]When, error) {
	byVersion := map[int64][]string{}
	var ids []int64
	for _, c := range causes {
		version, _, ok := readCause(c)
		if !ok {
			continue
		}
		if byVersion[version] == nil {
			ids = append(ids, version)
		}
		byVersion[version] = append(byVersion[version], c)
	}
	out := map[string]When{}
	if len(ids) == 0 {
		return out, nil
	}
	var args db.Args
	all, err := versions(ctx, tx, `SELECT `+versionColumns+` FROM rule_version v LEFT JOIN person p ON p.id = v.by_id WHERE v.id IN (`+db.List(&args, ids)+`)`, args...)
	if err != nil {
		return nil, err
	}
	for _, v := range all {
		for _, c := range byVersion[v.ID] {
			if _, part, _ := readCause(c); part < len(v.Definition.When) {
				out[c] = v.Definition.When[part]
			}
		}
	}
	return out, nil
}

func readCause(c string) (version int64, part int, ok bool) {
	v, p, ok := strings.Cut(c, ".")
	version, err := parseID(v)
	n, err2 := parseID(p)
	return version, int(n), ok && err == nil && err2 == nil
}

// Sweep forgets runs and trials that are too old. The program calls it now and then.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM rule_run WHERE at < $1`, tx.Now.Add(-keepRuns))
	_, err2 := tx.Exec(ctx, `DELETE FROM rule_trial WHERE started_at < $1`, tx.Now.Add(-keepTrials))
	return errors.Join(err, err2)
}

// keepTrials is how long the result of a dry run is kept.
const keepTrials = 7 * 24 * time.Hour

// Forget drops what is kept of a ticket that is about to be deleted.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	_, err := tx.Exec(ctx, `DELETE FROM rule_run WHERE ticket_id = $1`, ticketID)
	_, err2 := tx.Exec(ctx, `DELETE FROM rule_wait WHERE ticket_id = $1`, ticketID)
	return nil, errors.Join(err, err2)
}
