package app

import (
	"context"
	"errors"
	"sync"
	"time"
)

// group runs the parts of the program side by side: when one fails, all are asked to end.
type group struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	parts  sync.WaitGroup
}

func newGroup(ctx context.Context) *group {
	g := &group{}
	g.ctx, g.cancel = context.WithCancelCause(ctx)
	return g
}

// run starts a part. It ends with its context; an error ends the others too.
func (g *group) run(name string, part func(context.Context) error) {
	g.parts.Go(func() {
		if err := part(g.ctx); err != nil {
			g.cancel(&partError{name, err})
		}
	})
}

// partError says which part failed.
type partError struct {
	name string
	err  error
}

func (e *partError) Error() string { return e.name + ": " + e.err.Error() }
func (e *partError) Unwrap() error { return e.err }

// wait waits for all parts and gives the error of the first that failed; being asked to end is none. Once
// asked, parts have that long to end; what they were at is taken up at the next start.
func (g *group) wait(patience time.Duration) error {
	done := make(chan struct{})
	go func() { g.parts.Wait(); close(done) }()
	select {
	case <-done:
	case <-g.ctx.Done():
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case <-done:
		case <-timer.C:
		}
	}
	if failed := (*partError)(nil); errors.As(context.Cause(g.ctx), &failed) {
		return failed
	}
	return nil
}
