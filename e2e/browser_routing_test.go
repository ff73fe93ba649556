package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/testserver/browser"
)

// TestBrowserWhoGetsATicket is a day at a desk that shares its work: an administrator says how, somebody is in a long call, somebody goes
// away and another has what they had, a ticket that nobody took is offered and taken, and the next one is taken with a key.
func TestBrowserWhoGetsATicket(t *testing.T) {
	d := browserDemo(t)
	ctx := t.Context()
	first, second := d.staff(person.Agent, 0), d.staff(person.Agent, 1)
	team := d.number(`SELECT min(id) FROM team WHERE NOT private`)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		return person.SetMembers(ctx, tx, team, []int64{first, second})
	})
	name := func(id int64) string { return d.word(`SELECT name FROM person WHERE id = $1`, id) }
	has := func(number, who int64) {
		t.Helper()
		if got := d.number(`SELECT coalesce(assignee_id, 0) FROM ticket WHERE id = $1`, number); got != who {
			t.Fatalf("person %d has ticket %d, want %d", got, number, who)
		}
	}
	picture := func(p *browserPage, name string) {
		if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
			p.do(browserWindow(filepath.Join(dir, name+"-light.png")))
			p.do(browser.Dark(), browserWindow(filepath.Join(dir, name+"-dark.png")), browser.Light())
			p.do(browser.Size(390, 844), browserWindow(filepath.Join(dir, name+"-phone.png")), browser.Size(1440, 900))
		}
	}

	boss := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Administrator, 0)))
	boss.open(fmt.Sprintf("/admin/teams/%d", team)).follow(`a[href$="/sharing"]`)
	boss.choose("#f-way", "turn").fill("#f-capacity", "many").follow(".form .primary")
	boss.forget()
	boss.shows("#f-capacity-error, .field", "Please give a number").is(`document.querySelector("#f-capacity").value === "many" && document.querySelector("#f-way").value === "turn"`)
	picture(boss, "sharing")
	boss.fill("#f-capacity", "", "#f-offer_after", "30").click("#f-at_work").click("#f-last_helper").follow(".form .primary")
	boss.has("Tickets are given by turn.", "offered around after 30 working minutes")

	one := d.asks("The projector hums")
	has(one.ID, first)
	a := d.page(t, browser.Size(1440, 900)).cookie(d.session(first)).open(fmt.Sprintf("/tickets/%d", one.ID))
	a.shows("#timeline", "by turn")

	// A long call: nothing is given to them, and it is one press to end it.
	b := d.page(t, browser.Size(1440, 900)).cookie(d.session(second)).open("/tickets")
	b.follow(`.views form[action="/account/call"] button`)
	b.shows("#offers", "You are in a long call.").shows("#offers", "60 min left")
	browser.CheckAxe(t, b.ctx)
	picture(b, "call")
	has(d.asks("The projector hums on").ID, first)
	b.follow(`#offers form[action="/account/call"] button`)
	b.gone("#offers", "long call")
	two := d.asks("The projector hums still")
	has(two.ID, second)

	// The first goes away; what is with them is the second's, with a note.
	zone := time.UTC
	at := func(in time.Duration) string { return time.Now().In(zone).Add(in).Format("2006-01-02T15:04") }
	when := func(from, until time.Duration) { // the parts of such a field take no letters
		a.is(fmt.Sprintf(`(document.querySelector("#f-from").value = %q) && (document.querySelector("#f-until").value = %q) && true`, at(from), at(until)))
	}
	a.open("/account/absence")
	when(48*time.Hour, 24*time.Hour)
	a.follow(".form .primary")
	a.forget()
	a.has("It ends before it begins.")
	when(-time.Minute, 96*time.Hour)
	a.fill("#f-note", "Back on the dunes").choose("#f-hand_over", "deputy").choose("#f-deputy", fmt.Sprint(second)).follow(".form .primary")
	a.has("away now", "stands in")
	picture(a, "absence")
	must(t, d.app.Router.Sweep(ctx))
	has(one.ID, second)
	b.open(fmt.Sprintf("/tickets/%d", one.ID)).shows("#timeline .is-note", name(first)+" is away until").shows("#timeline .is-note", "Back on the dunes")
	b.is(fmt.Sprintf(`[...document.querySelector("#set-assignee").options].some(o => o.value === "%d" && o.textContent.includes("away until"))`, first))
	picture(b, "handed-over")
	a.follow(`form[action$="/end"] button`)

	// Nobody took it: it is offered, on whatever page they are.
	d.write(func(ctx context.Context, tx *db.Tx) error {
		s, err := routing.SharingOf(ctx, tx, team)
		if err != nil {
			return err
		}
		s.Way = routing.Pull
		return d.app.Router.SaveSharing(ctx, tx, s)
	})
	three := d.asks("Nobody likes projectors")
	a.open("/account").mark()
	d.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE unclaimed SET next_at = $2 WHERE ticket_id = $1`, three.ID, tx.Now)
		return err
	})
	d.write(func(ctx context.Context, tx *db.Tx) error { // whatever the hour is at which this runs
		r, _, err := d.app.Calendars.Standard(ctx, tx)
		if err != nil {
			return err
		}
		for day := range r.Definition.Hours {
			r.Definition.Hours[day] = []calendar.Span{{From: 0, To: 24 * 60}}
		}
		_, err = d.app.Calendars.Save(ctx, tx, r)
		return err
	})
	must(t, d.app.Router.Sweep(ctx))
	a.shows("#offers", "Nobody likes projectors").same()
	browser.CheckAxe(t, a.ctx)
	picture(a, "offer")
	a.follow(`#offers button[value="pass"]`)
	a.gone("#offers", "projectors")
	b.open("/tickets").shows("#offers", "Nobody likes projectors").follow(`#offers button[value="take"]`)
	has(three.ID, second)
	b.shows("#timeline", "it was offered")

	// The next one, with a key, without having looked for it.
	next := d.asks("The next projector").ID
	d.write(func(ctx context.Context, tx *db.Tx) error { // nothing else waits: the promises are still being counted anew by the longer hours
		_, err := tx.Exec(ctx, `UPDATE ticket SET assignee_id = $1 WHERE assignee_id IS NULL AND id <> $2`, second, next)
		return err
	})
	b.open("/tickets").keys("N").until(fmt.Sprintf(`location.pathname === "/tickets/%d"`, next))
	has(next, second)
	b.shows("#flash", "is yours now")
	d.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE ticket SET assignee_id = $1 WHERE assignee_id IS NULL`, second)
		return err
	})
	a.open("/tickets").keys("N").shows("#flash", "Nothing waits in your teams")
	a.quiet()
	b.quiet()
	boss.quiet()
}
