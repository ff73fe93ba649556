package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// TestBrowserHowItIsAtTheDesk is a lead who looks how it is: from the menu to the desk, to a team, to its plan. The number of the week names nobody.
func TestBrowserHowItIsAtTheDesk(t *testing.T) {
	d := browserDemo(t)
	lead, agent := d.number(`SELECT id FROM person WHERE name = 'Ruth Adeyemi'`), d.staff(person.Agent, 0)
	team := d.number(`SELECT id FROM team WHERE slug = 'first-line'`)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		return person.SetMembers(ctx, tx, team, []int64{agent})
	})
	now := clock.Now()
	d.onShift(team, agent, "Desk", now.Add(-time.Hour), now.Add(5*time.Hour))
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(lead)).open("/tickets")
	p.is(`document.querySelector('a[href="/load"]') !== null`).open("/load") // in the menu, which is folded
	p.has("How it is at the desk", "Last week 4 people had a day without a quiet hour.", "Who it is, only they see.", d.word(`SELECT name FROM person WHERE id = $1`, agent)+" until", "Stints", "Cards of the week")
	browser.CheckAxe(t, p.ctx)
	p.follow(fmt.Sprintf(`.tabs a[href="/load?team=%d"]`, team))
	p.has("The next hours", "The days ahead", "How many are needed")
	browser.CheckAxe(t, p.ctx)
	p.do(browser.Size(390, 844), browser.Dark())
	p.is(`document.documentElement.scrollWidth <= document.documentElement.clientWidth`)
	browser.CheckAxe(t, p.ctx)
	p.follow(fmt.Sprintf(`.load a[href^="/rota/need?team=%d"]`, team))
	p.has("How many are needed")
	r, _ := d.ask("/load", d.session(agent))
	if r.StatusCode != 403 {
		t.Errorf("an agent: status %d", r.StatusCode)
	}
}
