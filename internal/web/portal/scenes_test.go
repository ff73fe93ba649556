package portal

import (
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// TestBehindTheScenes looks at what the requester is told: what somebody wrote for them, and when they hear more.
func TestBehindTheScenes(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Half pages", "The printer prints half pages")
		w.change(func(tx *db.Tx, by ticket.By) error {
			note, err := w.desk.Note(w.ctx, tx, by, number, ticket.Draft{Text: "The old one again"})
			if err != nil {
				return err
			}
			return firstError(
				func() error {
					return w.desk.Tell(w.ctx, tx, by, number, ticket.Telling{Text: "Most likely a worn drum <b>.", MessageID: note.ID})
				},
				func() error { return w.desk.PromiseNews(w.ctx, tx, by, number, clock.Now().Add(time.Hour)) },
			)
		})
		hana := w.signedIn(w.hana)
		a := hana.get(requestURL(number)).want(w.t, 200)
		a.shows(w.t, "Most likely a worn drum <b>.", "Amara wrote this for you.", "You hear from us again, at the latest:")
		if strings.Contains(a.body, "old one") || len(a.classed("next")) != 1 {
			w.t.Error("the note is shown, or the next step is not marked")
		}
		w.change(func(tx *db.Tx, _ ticket.By) error {
			_, err := tx.Exec(w.ctx, `UPDATE news SET due_at = $1`, tx.Now.Add(-time.Minute))
			return err
		})
		hana.get(requestURL(number)).want(w.t, 200).shows(w.t, "You should have heard from us by now.")
	})
}
