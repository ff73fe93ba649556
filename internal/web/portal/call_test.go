package portal

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/line"
	"goodturn/internal/ratelimit"
)

// TestRungFromTheForm asks for a call with the first form; a number that is none loses nothing of what was typed.
func TestRungFromTheForm(t *testing.T) {
	each(t, func(w *world) {
		w.url = w.serve(&Portal{Site: w.site, Tickets: w.desk, Limit: ratelimit.New(ratelimit.Config{}), Line: &line.Line{DB: w.db, Desk: w.desk}})
		v := w.visitor()
		v.get("/").want(w.t, 200).shows(w.t, "Would you rather be rung?")
		typed := []string{"key", "c1", "text", "It prints half pages", "name", "Ada", "day", "2031-01-06"}
		wrong := v.post("/requests", append(typed, "number", "ring me", "from", "14:00")...).want(w.t, 422)
		wrong.shows(w.t, "Please give a telephone number", "It prints half pages", "Nothing was sent yet")
		v.post("/requests", append(typed, "number", "4711", "from", "16:00", "until", "14:00")...).want(w.t, 422).shows(w.t, "ends before it begins")
		v.post("/requests", append(typed, "number", "4711")...).want(w.t, 200).shows(w.t, "We ring you at 4711. Your place in the line stays the same.")
		w.write(func(tx *db.Tx) error {
			id, err := db.One[int64](w.ctx, tx, `SELECT max(id) FROM ticket`)
			if err != nil {
				return err
			}
			c, ok, err := line.CallOf(w.ctx, tx, id)
			if n, err := db.One[int](w.ctx, tx, `SELECT count(*) FROM ticket`); err != nil || n != 1 {
				t.Errorf("%d tickets (%v), one form was taken", n, err)
			}
			if err == nil && (!ok || c.Number != "4711" || c.UntilAt != 0) {
				t.Errorf("the call is %+v", c)
			}
			return err
		})
		v.post("/requests", "key", "c2", "text", "It stalls", "name", "Ada", "number", "", "day", "2031-01-06").want(w.t, 200).hides(w.t, "We ring you")
	})
}
