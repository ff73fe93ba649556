// Package job runs background work that is asked for inside a transaction.
//
// A job is a row: it exists exactly when the transaction that asked for it was committed, and it is
// gone when its handler returned nil. A handler may run more than once (after a kill, or when its own
// last step failed), so it must be safe to repeat. Failed jobs are tried again with growing pauses
// and, after MaxAttempts or a Permanent error, kept as dead for somebody to look at.
//
//	queue.Handle("delivery", func(ctx context.Context, args json.RawMessage) error { … })
//	err := queue.Insert(ctx, tx, job.New("delivery", deliveryArgs{ID: 7}))
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// MaxAttempts is how often a job is tried before it is kept as dead: with the pauses of backoff,
// about three days.
const MaxAttempts = 20

// Job is work to be done.
type Job struct {
	Kind   string        // names the handler
	Args   any           // given to the handler as JSON
	Unique string        // while a job with this key waits, another is not added; while it runs, it is to run once more; "" for none
	At     clock.Instant // not before; zero for at once
}

// New is a job to be done at once.
func New(kind string, args any) Job { return Job{Kind: kind, Args: args} }

// Handler does one job. Its error is kept and the job tried again; see After and Permanent.
type Handler func(ctx context.Context, args json.RawMessage) error

// Queue is the jobs of one store and the workers that do them.
type Queue struct {
	db       *db.DB
	log      *slog.Logger
	handlers map[string]Handler
	wake     chan struct{}
	slots    chan struct{}
}

// NewQueue makes a queue with that many workers. Handle everything before Run.
func NewQueue(d *db.DB, log *slog.Logger, workers int) *Queue {
	return &Queue{db: d, log: log, handlers: map[string]Handler{}, wake: make(chan struct{}, 1), slots: make(chan struct{}, workers)}
}

// Handle names the handler of a kind of job.
func (q *Queue) Handle(kind string, h Handler) { q.handlers[kind] = h }

// Insert adds a job to the caller's transaction. A waiting job with the same Unique key is enough; one that runs may have looked already at
// what this one is about, so it runs again afterwards.
func (q *Queue) Insert(ctx context.Context, tx *db.Tx, j Job) error {
	args, err := json.Marshal(j.Args)
	if err != nil {
		return fmt.Errorf("write the arguments of a %s job: %w", j.Kind, err)
	}
	var unique any
	if j.Unique != "" {
		unique = j.Unique
	}
	_, err = tx.Exec(ctx, `INSERT INTO job (kind, args, unique_key, state, run_at, attempts, error, created_at)
		VALUES ($1, $2, $3, 'waiting', $4, 0, '', $5) ON CONFLICT (unique_key) DO UPDATE SET again_at = excluded.run_at WHERE job.state = 'running'`, j.Kind, string(args), unique, max(j.At, tx.Now), tx.Now)
	if err != nil {
		return fmt.Errorf("insert a %s job: %w", j.Kind, err)
	}
	tx.AfterCommit(q.Wake)
	return nil
}

// Wake has the workers look for due jobs now.
func (q *Queue) Wake() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// claimed is a job that a worker has taken.
type claimed struct {
	ID       int64
	Kind     string
	Args     string
	Attempts int
}

// Look for jobs whose time has come at least this often; a commit wakes us at once.
const lookEvery = time.Second

// How it ended is written down again after this time, when the store could not take it.
const finishAgain = 2 * time.Second

// Run does jobs until ctx ends, then waits for those under way. Jobs that a former process left
// half done are taken up first.
func (q *Queue) Run(ctx context.Context) error {
	err := q.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE job SET state = 'waiting', run_at = $1 WHERE state = 'running'`, tx.Now)
		return err
	})
	if err != nil {
		return fmt.Errorf("take up unfinished jobs: %w", err)
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if n, err := q.start(ctx, &wg); err != nil && ctx.Err() == nil {
			q.log.Error("jobs could not be claimed", "error", err)
		} else if n > 0 {
			continue
		}
		select {
		case <-q.wake:
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	return nil
}

// Drain does the jobs that are due now, one after the other in this goroutine, and those that they bring about; it gives how many it
// did. It is for a simulation, whose time stands still meanwhile, beside which nothing may Run.
func (q *Queue) Drain(ctx context.Context) (done int, err error) {
	for {
		jobs, err := q.claim(ctx, 1)
		if err != nil || len(jobs) == 0 {
			return done, err
		}
		q.work(ctx, jobs[0])
		done++
	}
}

// start claims as many due jobs as there are free workers and sets them going.
func (q *Queue) start(ctx context.Context, wg *sync.WaitGroup) (int, error) {
	free := 0
take:
	for range cap(q.slots) {
		select {
		case q.slots <- struct{}{}:
			free++
		default:
			break take
		}
	}
	if free == 0 {
		select { // all are busy: wait for one rather than spin
		case q.slots <- struct{}{}:
			free = 1
		case <-ctx.Done():
			return 0, nil
		}
	}
	jobs, err := q.claim(ctx, free)
	for range free - len(jobs) {
		<-q.slots
	}
	for _, j := range jobs {
		wg.Go(func() {
			defer func() { <-q.slots }()
			q.work(ctx, j)
		})
	}
	return len(jobs), err
}

func (q *Queue) claim(ctx context.Context, n int) (jobs []claimed, err error) {
	due := false
	err = q.db.Read(ctx, func(tx *db.Tx) error { // an idle queue must not write
		due, err = db.Exists(ctx, tx, `SELECT 1 FROM job WHERE state = 'waiting' AND run_at <= $1 LIMIT 1`, tx.Now)
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	err = q.db.Write(ctx, func(tx *db.Tx) error {
		jobs, err = db.All[claimed](ctx, tx, claimText(tx.Engine()), tx.Now, n)
		return err
	})
	return jobs, err
}

const (
	claimSQLite = `UPDATE job SET state = 'running', attempts = attempts + 1 WHERE id IN (
		SELECT id FROM job WHERE state = 'waiting' AND run_at <= $1 ORDER BY run_at, id LIMIT $2)
		RETURNING id, kind, args, attempts`
	claimPostgres = `UPDATE job SET state = 'running', attempts = attempts + 1 WHERE id IN (
		SELECT id FROM job WHERE state = 'waiting' AND run_at <= $1 ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
		RETURNING id, kind, args, attempts`
)

// claimText is one of the seams between the engines: two workers must not claim one job.
func claimText(e db.Engine) string {
	if e == db.Postgres {
		return claimPostgres
	}
	return claimSQLite
}

// work does a job to its end, also when ctx ends meanwhile.
func (q *Queue) work(ctx context.Context, j claimed) {
	stopping := ctx.Done()
	ctx = context.WithoutCancel(ctx)
	began := time.Now()
	err := q.call(ctx, j)
	level, state := slog.LevelInfo, "done"
	if err != nil {
		level, state = slog.LevelWarn, "failed"
	}
	q.log.Log(ctx, level, "job", "kind", j.Kind, "id", j.ID, "state", state, "attempt", j.Attempts, "ms", time.Since(began).Milliseconds(), "error", err)
	for {
		oops := q.finish(ctx, j, err)
		if oops == nil {
			return
		}
		q.log.Error("job could not be finished", "kind", j.Kind, "id", j.ID, "error", oops)
		// Left as it is, nobody would take it up before the next start: a full disk gets space again.
		select {
		case <-time.After(finishAgain):
		case <-stopping:
			return
		}
	}
}

func (q *Queue) call(ctx context.Context, j claimed) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s job: %v", j.Kind, p)
		}
	}()
	h, ok := q.handlers[j.Kind]
	if !ok {
		return Permanent(fmt.Errorf("nothing handles %s jobs", j.Kind))
	}
	return h(ctx, json.RawMessage(j.Args))
}

func (q *Queue) finish(ctx context.Context, j claimed, failure error) error {
	return q.db.Write(ctx, func(tx *db.Tx) error {
		if failure == nil {
			gone, err := tx.Exec(ctx, `DELETE FROM job WHERE id = $1 AND again_at = 0`, j.ID)
			if err == nil && gone == 0 { // asked for once more meanwhile
				_, err = tx.Exec(ctx, `UPDATE job SET state = 'waiting', run_at = again_at, again_at = 0, attempts = 0, error = '' WHERE id = $1`, j.ID)
				q.Wake()
			}
			return err
		}
		state, at := "waiting", tx.Now.Add(backoff(j.Attempts))
		var again *afterError
		if errors.As(failure, &again) {
			at = tx.Now.Add(again.wait)
		}
		var fatal *permanentError
		if errors.As(failure, &fatal) || (again == nil && j.Attempts >= MaxAttempts) {
			state = "dead"
		}
		_, err := tx.Exec(ctx, `UPDATE job SET state = $2, run_at = $3, again_at = 0, error = $4, unique_key = CASE WHEN $2 = 'dead' THEN NULL ELSE unique_key END WHERE id = $1`,
			j.ID, state, at, failure.Error())
		return err
	})
}

// backoff is the pause after the nth failure: 10 s, 20 s, 40 s … at most six hours.
func backoff(attempts int) time.Duration {
	return min(10*time.Second<<min(attempts-1, 20), 6*time.Hour)
}

type afterError struct {
	wait time.Duration
	err  error
}

func (e *afterError) Error() string { return e.err.Error() }
func (e *afterError) Unwrap() error { return e.err }

// After has the job tried again after that time, however often it has failed.
func After(wait time.Duration, err error) error { return &afterError{wait, err} }

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

// Permanent has the job kept as dead: trying again cannot help.
func Permanent(err error) error { return &permanentError{err} }

// Next is when the next waiting job is due, as far as is known now; 0 for none.
func (q *Queue) Next(ctx context.Context) (at clock.Instant, err error) {
	err = q.db.Read(ctx, func(tx *db.Tx) error {
		at, err = db.One[clock.Instant](ctx, tx, `SELECT coalesce((SELECT run_at FROM job WHERE state = 'waiting' ORDER BY run_at, id LIMIT 1), 0)`)
		return err
	})
	return at, err
}
