package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdpinput "github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// finger is a touch at a place, or its end.
func finger(kind cdpinput.DispatchTouchEventType, at ...float64) browser.Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		touch := cdpinput.DispatchTouchEventParams{Type: kind, TouchPoints: []*cdpinput.TouchPoint{}}
		if len(at) == 2 {
			touch.TouchPoints = append(touch.TouchPoints, &cdpinput.TouchPoint{X: at[0], Y: at[1]})
		}
		_, err := cdp.Call(ctx, t, cdpinput.DispatchTouchEvent, touch)
		return chromedp.Void{}, err
	}
}

// touchscreen makes the page believe in fingers.
func touchscreen() browser.Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
		return chromedp.Void{}, err
	}
}

// swipe moves a finger over the row of a ticket, by so many pixels to the right.
func (p *browserPage) swipe(number int64, by float64) *browserPage {
	p.Helper()
	row := fmt.Sprintf(`document.querySelector('.ticket-row[href^="/tickets/%d?"], .ticket-row[href="/tickets/%d"]')`, number, number)
	p.is(row + " !== null")
	at := browserEval[[]float64](p, `(() => { const r = `+row+`.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
	p.do(finger(cdpinput.DispatchTouchEventTypeTouchStart, at...))
	for i := 1; i <= 6; i++ {
		p.do(finger(cdpinput.DispatchTouchEventTypeTouchMove, at[0]+by*float64(i)/6, at[1]))
	}
	p.do(finger(cdpinput.DispatchTouchEventTypeTouchEnd))
	return p
}

// TestBrowserSwipe takes and snoozes tickets on a phone with a finger, and takes it back.
func TestBrowserSwipe(t *testing.T) {
	d := browserDemo(t)
	agent := d.staff(person.Agent, 0)
	free := d.number(`SELECT t.id FROM ticket t JOIN team m ON m.id = t.team_id WHERE NOT m.private AND t.turn = 'ours' AND t.assignee_id IS NULL ORDER BY t.activity_at DESC, t.id DESC LIMIT 1`)
	p := d.page(t, browser.Size(390, 844)).cookie(d.session(agent))
	p.do(touchscreen()).open("/tickets?view=ours").mark()
	owner := func(want int64) {
		t.Helper()
		if got := d.number(`SELECT coalesce(assignee_id, 0) FROM ticket WHERE id = $1`, free); got != want {
			t.Errorf("the ticket is with person %d, want %d", got, want)
		}
	}

	p.swipe(free, 40) // not far enough
	owner(0)
	p.swipe(free, 150).shows("#flash", "1 ticket is changed.")
	owner(agent)
	p.click("#flash form button").shows("#flash", "as it was before")
	owner(0)

	p.swipe(free, -150).until(`document.querySelector("#bulk-snooze:popover-open")`)
	p.click(`#bulk-snooze button[value="snooze:3d"]`).shows("#flash", "1 ticket is changed.")
	p.until(fmt.Sprintf(`!document.querySelector('.ticket-row[href^="/tickets/%d?"]')`, free)).same()
	if got := d.word(`SELECT turn FROM ticket WHERE id = $1`, free); got != "snoozed" {
		t.Errorf("the ticket is %q, want it to sleep", got)
	}
	p.quiet()
}
