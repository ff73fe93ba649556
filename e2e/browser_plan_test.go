package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/shift"
	"goodturn/internal/testserver/browser"
)

// TestBrowserProposeAndTake has a lead propose a week, read why who would stand where, what is missing and how far from the best it is, take it and publish it.
func TestBrowserProposeAndTake(t *testing.T) {
	d := browserDemo(t)
	people := []int64{d.staff(person.Agent, 0), d.staff(person.Agent, 1), d.staff(person.Agent, 2)}
	team, lead := d.number(`SELECT min(id) FROM team WHERE NOT private`), d.staff(person.Lead, 0)
	monday := shift.WeekOf(clock.Now().Add(7*24*time.Hour), time.UTC).From
	day := calendar.DateAt(monday.Time())
	d.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE person SET language = 'en', zone = 'UTC' WHERE id = $1`, lead); err != nil {
			return err
		}
		if err := person.SetMembers(ctx, tx, team, people); err != nil {
			return err
		}
		by, err := person.ActorOf(ctx, tx, lead)
		if err != nil {
			return err
		}
		for i := range 4 {
			p := shift.Plan{TeamID: team, Name: "Day", Day: day + calendar.Date(i), Zone: "UTC", Hours: "9–17"}
			if i == 3 {
				p.Name, p.Skills = "Consoles", "klingon"
			}
			if _, err := d.app.Rota.Add(ctx, tx, by, p); err != nil {
				return err
			}
		}
		return nil
	})
	p := d.page(t, browser.Size(390, 844)).cookie(d.session(lead)).open(fmt.Sprintf("/rota/need?team=%d&week=%s", team, day))
	p.checked(t, true).follow(`form[action="/rota/proposals"] button[value="1"]`)
	p.shows("#bulk-progress", "Who would stand where").checked(t, true)
	p.has("8 h of shifts stay open. No rota that keeps the rules fills more.", "no rota is better than this one", "Consoles, ", "one is missing. Nobody in the team has: klingon.")
	p.is(`[...document.querySelectorAll(".plan-pick .what")].length === 3 && [...document.querySelectorAll(".plan-pick .what")].every(e => e.textContent.trim() !== "")`)
	if d.number(`SELECT count(*) FROM shift WHERE person_id IS NOT NULL OR published`) != 0 {
		t.Error("proposing changed the rota")
	}
	p.follow(`form[action$="/taking"] .primary`)
	p.has("3 shifts have somebody now. Nothing was published by it.")
	p.open(fmt.Sprintf("/rota?team=%d&week=%s", team, day)).checked(t, true).follow(`form[action="/rota/publication"] button`)
	p.has("4 shifts are published; 1 of these nobody has yet.")
	if n := d.number(`SELECT count(*) FROM shift WHERE published AND person_id IS NOT NULL`); n != 3 {
		t.Errorf("%d shifts have somebody and are public", n)
	}
	p.quiet()
}
