package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/job"
)

func TestJobRunsOnlyWhenCommitted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, slog.New(slog.DiscardHandler), 2)
		ran := make(chan string, 10)
		q.Handle("say", func(_ context.Context, args json.RawMessage) error {
			ran <- string(args)
			return nil
		})
		stop := run(t, q)
		ctx := t.Context()
		rolledBack := errors.New("no")
		_ = d.Write(ctx, func(tx *db.Tx) error {
			if err := q.Insert(ctx, tx, job.New("say", "lost")); err != nil {
				t.Error(err)
			}
			return rolledBack
		})
		insert(t, d, q, job.Job{Kind: "say", Args: "kept"})
		if got := <-ran; got != `"kept"` {
			t.Fatalf("ran %s", got)
		}
		stop()
		if n := count(t, d, "waiting") + count(t, d, "running"); n != 0 {
			t.Fatalf("%d jobs are left", n)
		}
	})
}

func TestFailedJobIsTriedAgainAndDeadOnesAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, slog.New(slog.DiscardHandler), 2)
		done := make(chan struct{})
		var tries atomic.Int32
		q.Handle("shaky", func(context.Context, json.RawMessage) error {
			if tries.Add(1) < 3 {
				return job.After(0, errors.New("not yet"))
			}
			close(done)
			return nil
		})
		dead := make(chan struct{}, 1)
		q.Handle("hopeless", func(context.Context, json.RawMessage) error {
			dead <- struct{}{}
			return job.Permanent(errors.New("never"))
		})
		stop := run(t, q)
		insert(t, d, q, job.Job{Kind: "shaky"}, job.Job{Kind: "hopeless"})
		<-done
		<-dead
		stop()
		if n := count(t, d, "dead"); n != 1 {
			t.Fatalf("%d dead jobs, want 1", n)
		}
		if n := count(t, d, "waiting"); n != 0 {
			t.Fatalf("%d waiting jobs, want none", n)
		}
	})
}

// TestUniqueJobThatRunsIsDoneOnceMore asks for a job while its handler runs, when it may have looked already at what is new.
func TestUniqueJobThatRunsIsDoneOnceMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, slog.New(slog.DiscardHandler), 1)
		ran := 0
		q.Handle("a", func(context.Context, json.RawMessage) error {
			if ran++; ran == 1 {
				insert(t, d, q, job.Job{Kind: "a", Unique: "k"}, job.Job{Kind: "a", Unique: "k"})
			}
			return nil
		})
		insert(t, d, q, job.Job{Kind: "a", Unique: "k"})
		if _, err := q.Drain(t.Context()); err != nil || ran != 2 {
			t.Errorf("it ran %d times, want twice: %v", ran, err)
		}
		if n := count(t, d, "waiting") + count(t, d, "running"); n != 0 {
			t.Errorf("%d jobs are left", n)
		}
	})
}

func TestUniqueJobIsAddedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, slog.New(slog.DiscardHandler), 1)
		insert(t, d, q, job.Job{Kind: "a", Unique: "k"}, job.Job{Kind: "a", Unique: "k"}, job.Job{Kind: "a"}, job.Job{Kind: "a"})
		if n := count(t, d, "waiting"); n != 3 {
			t.Fatalf("%d jobs wait, want 3", n)
		}
	})
}

func TestUnfinishedJobIsTakenUpAfterAStop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		q := job.NewQueue(d, slog.New(slog.DiscardHandler), 1)
		insert(t, d, q, job.Job{Kind: "left"})
		err := d.Write(ctx, func(tx *db.Tx) error { // as a killed process leaves it
			_, err := tx.Exec(ctx, `UPDATE job SET state = 'running', attempts = 1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		ran := make(chan struct{})
		q.Handle("left", func(context.Context, json.RawMessage) error { close(ran); return nil })
		stop := run(t, q)
		<-ran
		stop()
	})
}

func run(t *testing.T, q *job.Queue) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func insert(t *testing.T, d *db.DB, q *job.Queue, jobs ...job.Job) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, j := range jobs {
			if err := q.Insert(t.Context(), tx, j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB, state string) (n int) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One[int](t.Context(), tx, `SELECT count(*) FROM job WHERE state = $1`, state)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
