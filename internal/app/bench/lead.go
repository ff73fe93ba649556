package bench

import (
	"context"
	"time"
)

// lead opens the page of how it is at the desk: the first time, when the forecast is learned, and as it is for the hour after.
func (b *bench) lead(ctx context.Context) error {
	page := b.load(func(int64) request { return request{method: "GET", path: "/load", cookie: b.session} })
	first, err := page.run(ctx, 1, time.Millisecond)
	if err != nil {
		return err
	}
	later, err := page.run(ctx, 1, b.Each)
	if err != nil {
		return err
	}
	b.figures = append(b.figures,
		figure{key: "lead_first", name: "how it is at the desk, the first time in an hour", p50: first.percentile(50), p99: first.percentile(99)},
		figure{key: "lead", name: "… and after that", p50: later.percentile(50), p99: later.percentile(99)})
	return nil
}
