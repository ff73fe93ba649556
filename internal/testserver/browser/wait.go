package browser

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
)

// Patience is how long Await waits. It is generous for machines with other work to do.
const Patience = 20 * time.Second

// lookEvery is how often Await looks.
const lookEvery = 20 * time.Millisecond

// Await waits until a JavaScript condition holds on the page, whichever page that is by then: one that is being replaced while it is
// looked at (the debugger loses its context) is looked at again.
func Await(ctx context.Context, condition string) error {
	end := time.Now().Add(Patience)
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+condition+")"))
		switch {
		case err == nil && ok:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case time.Now().After(end):
			return fmt.Errorf("it did not come to be so within %s (%v)", Patience, err)
		}
		time.Sleep(lookEvery)
	}
}
