package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/db"
)

// later is how many tickets come after all others were taken in.
const later = 1000

// topics has the desk find what its tickets are about, as it does by itself in the background, and then take in those that come later. The
// program has not started yet: it would do the same while pages are measured.
func (b *bench) topics(ctx context.Context, a *app.App) error {
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // the most memory is counted from here on
		return err
	}
	began := time.Now()
	if err := a.Gaps.Sweep(ctx); err != nil {
		return err
	}
	all := time.Since(began)
	peak, err := procField("/proc/self/status", "VmHWM:")
	if err != nil {
		return err
	}
	if err := importTickets(ctx, a, b.Options.Tickets+1, b.Options.Tickets+later, b.apart()); err != nil {
		return err
	}
	began = time.Now()
	if err := a.Gaps.Sweep(ctx); err != nil {
		return err
	}
	took := time.Since(began)
	taken := int64(0)
	if err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		taken, err = db.One[int64](ctx, tx, `SELECT count(*) FROM gap_ticket`)
		return err
	}); err != nil || taken != int64(b.Options.Tickets+later) {
		return errors.Join(err, fmt.Errorf("%d of %d tickets were taken in", taken, b.Options.Tickets+later))
	}
	b.figures = append(b.figures,
		figure{key: "topics_s", name: "topics of all tickets, found and counted", p50: all.Seconds(), one: true, unit: "s"},
		figure{key: "topics_mib", name: "… the most memory meanwhile", p50: float64(peak), one: true, unit: "MiB"},
		figure{key: "topics_later_ms", name: "… 1,000 that come later", p50: float64(took.Milliseconds()), one: true, unit: "ms"})
	return nil
}
