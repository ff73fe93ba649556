package automation

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// A trial is a dry run: what a rule would have done within the last thirty days. The events of that time are read from the spine
// again; nothing is changed, nothing is sent.
const (
	trialDays   = 30
	trialJob    = "rule.trial"
	trialChunk  = 2000    // events read in one transaction
	trialEvents = 500_000 // looked at in all
	trialShown  = 200     // tickets kept with their values
)

// Trial is a dry run of a rule.
type Trial struct {
	ID, RuleID, PersonID int64
	Name                 string
	State                string // "running", "done", "failed"
	Seen, Total          int64  // events
	Hits                 int64  // tickets that would have been changed
	StartedAt            clock.Instant
	EndedAt              clock.Instant

	Definition Definition `db:"-"`
	Result     Result     `db:"-"`
}

// Result is what a trial found.
type Result struct {
	Hits []Hit `json:"hits,omitempty"` // the newest first, trialShown at most
	// Now says that the condition asks for more than the spine remembers, so tickets were asked as they are now.
	Now   bool   `json:"now,omitempty"`
	Cut   bool   `json:"cut,omitempty"` // there were more events than are looked at
	Error string `json:"error,omitempty"`
}

// Hit is a ticket that a rule would have changed.
type Hit struct {
	TicketID int64         `json:"ticket"`
	At       clock.Instant `json:"at"`
	Part     int           `json:"part,omitempty"`
	Changes  []Change      `json:"changes"`
	Subject  string        `json:"-"`
}

// Change is one value before and after; or a deed that changes none, which has Do alone.
type Change struct {
	Do     Do     `json:"do"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

type trialRow struct {
	Trial
	DefinitionText, ResultText string
	Place                      int64
}

const trialColumns = `id, coalesce(rule_id, 0) AS rule_id, person_id, name, definition AS definition_text, state, seen, total, hits, place, result AS result_text, started_at, ended_at`

// StartTrial keeps what is to be tried. RunTrial does it.
func (g *Engine) StartTrial(ctx context.Context, tx *db.Tx, a person.Actor, r Rule) (int64, error) {
	if !person.Can(a, person.ManageRules, person.Thing{}) {
		return 0, fault.Denied(i18n.M("Rules are changed by leads and administrators."))
	}
	if r.Name == "" {
		r.Name = i18n.T(ctx, "New rule")
	}
	if err := Check(ctx, tx, a, &r); err != nil {
		return 0, err
	}
	raw, err := json.Marshal(r.Definition)
	if err != nil {
		return 0, err
	}
	var of any
	if r.ID != 0 {
		of = r.ID
	}
	last, err := db.One[int64](ctx, tx, `SELECT coalesce(max(id), 0) FROM event`)
	if err != nil {
		return 0, err
	}
	first, err := g.firstEvent(ctx, tx, r.Definition, last)
	if err != nil {
		return 0, err
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO rule_trial (rule_id, person_id, name, definition, state, total, place, started_at) VALUES ($1, $2, $3, $4, 'running', $5, $6, $7) RETURNING id`,
		of, a.ID, r.Name, string(raw), last-first, first, tx.Now)
	if err != nil {
		return 0, err
	}
	// The page that asked does the most of it, mostly all.
	return id, g.Queue.Insert(ctx, tx, job.Job{Kind: trialJob, Args: trialArgs{id}, At: tx.Now.Add(5 * time.Second)})
}

// firstEvent finds the event after which the spine is read: ids come in the order of time, which has no index.
func (g *Engine) firstEvent(ctx context.Context, tx *db.Tx, d Definition, last int64) (int64, error) {
	since := tx.Now.Add(-trialDays * 24 * time.Hour)
	for _, w := range d.When {
		if w.On == StatusFor || w.On == WaitingFor {
			if at, ok, err := g.passed(ctx, tx, w.For, tx.Now.Add(-trialDays*24*time.Hour)); err != nil {
				return 0, err
			} else if ok {
				since = min(since, at)
			}
		}
	}
	low, high := int64(0), last
	for low < high {
		mid := (low + high) / 2
		at, err := db.One[clock.Instant](ctx, tx, `SELECT coalesce((SELECT at FROM event WHERE id > $1 ORDER BY id LIMIT 1), 0)`, mid)
		if err != nil {
			return 0, err
		}
		if at != 0 && at < since {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, nil
}

type trialArgs struct {
	ID int64 `json:"id"`
}

func (g *Engine) trialJob(ctx context.Context, args json.RawMessage) error {
	var a trialArgs
	if err := json.Unmarshal(args, &a); err != nil {
		return job.Permanent(err)
	}
	return g.RunTrial(ctx, a.ID, time.Hour)
}

// RunTrial does a trial, if it can be done within a time; else it is left as it was, for a job that has more of it.
func (g *Engine) RunTrial(ctx context.Context, id int64, most time.Duration) error {
	var t trialRow
	err := g.DB.Read(ctx, func(tx *db.Tx) (err error) {
		t, err = loadTrial(ctx, tx, id)
		return err
	})
	if fault.Is(err, fault.KindNotFound) || err == nil && t.State != "running" {
		return nil
	}
	if err != nil {
		return err
	}
	r := &replay{engine: g, trial: t.Trial, place: t.Place, known: map[int64]bool{}}
	for began := time.Now(); !r.over; {
		if err := g.DB.Read(ctx, func(tx *db.Tx) error { return r.step(ctx, tx) }); err != nil {
			f, ok := fault.Of(err)
			if !ok {
				return err
			}
			r.result.Error, r.over = i18n.Print(ctx, f.Message), true
		}
		if !r.over && time.Since(began) > most {
			return nil
		}
		if most > time.Minute || r.over {
			if err := g.keepTrial(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepTrial keeps how far a trial is, and in the end what it found.
func (g *Engine) keepTrial(ctx context.Context, r *replay) error {
	state, raw := "running", []byte(nil)
	if r.over {
		state = "done"
		if r.result.Error != "" {
			state = "failed"
		}
		slices.Reverse(r.result.Hits)
		var err error
		if raw, err = json.Marshal(r.result); err != nil {
			return err
		}
	}
	return g.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE rule_trial SET seen = $2, hits = $3, result = $4, state = $5, ended_at = $6 WHERE id = $1 AND state = 'running'`, r.trial.ID, r.seen, r.hits, string(raw), state, tx.Now)
		return err
	})
}

func loadTrial(ctx context.Context, tx *db.Tx, id int64) (trialRow, error) {
	all, err := db.All[trialRow](ctx, tx, `SELECT `+trialColumns+` FROM rule_trial WHERE id = $1`, id)
	if err != nil {
		return trialRow{}, err
	}
	if len(all) == 0 {
		return trialRow{}, fault.NotFound(i18n.M("There is no such dry run any more; they are kept for a week."))
	}
	t := all[0]
	if err := json.Unmarshal([]byte(t.DefinitionText), &t.Definition); err != nil || t.ResultText == "" {
		return t, err
	}
	return t, json.Unmarshal([]byte(t.ResultText), &t.Result)
}

// GetTrial gives a dry run to whoever asked for it, with the tickets that they may see.
func GetTrial(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Trial, error) {
	t, err := loadTrial(ctx, tx, id)
	if err == nil && t.PersonID != a.ID {
		err = fault.NotFound(i18n.M("There is no such dry run any more; they are kept for a week."))
	}
	if err != nil || len(t.Result.Hits) == 0 {
		return t.Trial, err
	}
	ids := make([]int64, len(t.Result.Hits))
	for i, h := range t.Result.Hits {
		ids[i] = h.TicketID
	}
	type named struct {
		ID      int64
		Subject string
	}
	var args db.Args
	rows, err := db.All[named](ctx, tx, `SELECT t.id, t.subject FROM ticket t WHERE t.id IN (`+db.List(&args, ids)+`) AND `+person.Visible(a, person.SeeTicket, &args), args...)
	subjects := map[int64]string{}
	for _, r := range rows {
		subjects[r.ID] = r.Subject
	}
	shown := t.Result.Hits[:0]
	for _, h := range t.Result.Hits {
		if subject, ok := subjects[h.TicketID]; ok {
			h.Subject = subject
			shown = append(shown, h)
		}
	}
	t.Result.Hits = shown
	return t.Trial, err
}
