package app

import (
	"context"
	"fmt"
	"sync"
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
			g.cancel(fmt.Errorf("%s: %w", name, err))
		}
	})
}

// wait waits for all parts and gives the error of the first that failed; being asked to end is none.
func (g *group) wait() error {
	g.parts.Wait()
	err := context.Cause(g.ctx)
	if err == context.Canceled || err == context.DeadlineExceeded {
		return nil
	}
	return err
}
