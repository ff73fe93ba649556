package e2e

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/shift"
	"goodturn/internal/testserver/browser"
)

// onShift gives somebody a published shift of the first open team.
func (d *browserDesk) onShift(team, who int64, name string, from, until clock.Instant) (id int64) {
	d.write(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = db.One[int64](ctx, tx, `INSERT INTO shift (team_id, day, slot, name, zone, from_at, until_at, breaks, skills, unloved, person_id, published, by_hand, created_at, changed_at)
			VALUES ($1, 1, 0, $2, 'UTC', $3, $4, '', '', 0, $5, TRUE, TRUE, $6, $6) RETURNING id`, team, name, from, until, who, tx.Now)
		return err
	})
	return id
}

// TestBrowserCoverMe is an hour of somebody else's: asked with two presses, offered on whatever page colleagues are, and taken by one of the two who
// press at the same moment.
func TestBrowserCoverMe(t *testing.T) {
	d := browserDemo(t)
	one, two, three := d.staff(person.Agent, 0), d.staff(person.Agent, 1), d.staff(person.Agent, 2)
	team := d.number(`SELECT min(id) FROM team WHERE NOT private`)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		return person.SetMembers(ctx, tx, team, []int64{one, two, three})
	})
	now := clock.Now()
	d.onShift(team, one, "Desk", now.Add(-time.Hour), now.Add(5*time.Hour))
	name := func(id int64) string { return d.word(`SELECT name FROM person WHERE id = $1`, id) }

	b := d.page(t, browser.Size(1440, 900)).cookie(d.session(two)).open("/tickets").mark()
	c := d.page(t, browser.Size(1440, 900)).cookie(d.session(three)).open("/tickets").mark()
	a := d.page(t, browser.Size(1440, 900)).cookie(d.session(one)).open("/tickets")
	a.follow(`.views a[href="/rota/cover"]`)
	a.has("You need not say why.", name(two), name(three))
	browser.CheckAxe(t, a.ctx)
	a.follow(".form .primary")
	a.has("Asked are:")

	b.shows("#offers", "Could you cover for "+name(one)).same()
	c.shows("#offers", "Could you cover for "+name(one)).same()
	var wait sync.WaitGroup
	for _, p := range []*browserPage{b, c} {
		wait.Go(func() { p.follow(`#offers .is-cover button[value="yes"]`) })
	}
	wait.Wait()
	winner := d.number(`SELECT taker_id FROM shift_cover`)
	first, second := b, c
	if winner == three {
		first, second = c, b
	}
	first.has("Thank you. You cover for " + name(one))
	second.has("A colleague was a moment faster")
	second.gone("#offers", "Could you cover")
	a.open("/rota?team="+fmt.Sprint(team)).has("covers for "+name(one)).shows(".rota-now", name(winner))
	browser.CheckAxe(t, a.ctx)
	// Who was covered says thank you in words of their own: what is told leads there, and the words stand there already.
	a.open("/notices").follow(`main a[href^="/notices/"]`)
	a.has("Thank " + name(winner)).do(browser.Size(390, 844))
	a.is(`document.documentElement.scrollWidth <= document.documentElement.clientWidth`)
	browser.CheckAxe(t, a.ctx)
	if d.number(`SELECT count(*) FROM card WHERE from_id = $1`, one) != 0 {
		t.Error("a card went out that nobody sent")
	}
	a.is(`document.querySelector("#f-text").value.startsWith("Thank you for covering for me, ")`)
	a.follow(`form[action$="/thanks"] .primary`)
	a.has(name(winner) + " has your card.")
	first.open("/cards").has("Thank you for covering for me", "from "+name(one))
	if n := d.number(`SELECT count(*) FROM shift`); n != 2 { // what they cover, and what is left: it began a moment ago
		if n != 3 {
			t.Errorf("%d shifts", n)
		}
	}
}

// TestBrowserSwap is a swap that both agree to.
func TestBrowserSwap(t *testing.T) {
	d := browserDemo(t)
	one, two := d.staff(person.Agent, 0), d.staff(person.Agent, 1)
	team := d.number(`SELECT min(id) FROM team WHERE NOT private`)
	d.write(func(ctx context.Context, tx *db.Tx) error { return person.SetMembers(ctx, tx, team, []int64{one, two}) })
	now := clock.Now()
	mine := d.onShift(team, one, "Early", now.Add(48*time.Hour), now.Add(56*time.Hour))
	theirs := d.onShift(team, two, "Late", now.Add(96*time.Hour), now.Add(104*time.Hour))

	a := d.page(t, browser.Size(1440, 900)).cookie(d.session(one)).open(shift.Shift{ID: mine}.URL())
	browser.CheckAxe(t, a.ctx)
	a.choose("#f-wanted", fmt.Sprint(theirs)).fill("#f-note", "My daughter plays the flute").follow(`form[action$="/swaps"] button`)
	a.has("Nothing changes unless both say yes.")

	b := d.page(t, browser.Size(1440, 900)).cookie(d.session(two)).open("/rota/mine").has("Swaps that wait for an answer")
	b.follow(`.entry a[href^="/rota/swaps/"]`)
	b.has("My daughter plays the flute")
	browser.CheckAxe(t, b.ctx)
	b.follow(`.rota-acts .primary`)
	b.has("Swapped.")
	if d.number(`SELECT person_id FROM shift WHERE id = $1`, mine) != two || d.number(`SELECT person_id FROM shift WHERE id = $1`, theirs) != one {
		t.Error("nothing was swapped")
	}
}
