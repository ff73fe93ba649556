package portal

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// TestMergedRequestLeadsToTheOther follows the pages of requests that became part of others.
func TestMergedRequestLeadsToTheOther(t *testing.T) {
	each(t, func(w *world) {
		kept, gone := w.ticket(w.hana, "Half pages", "The printer prints half pages"), w.ticket(w.zoe, "Half a page", "Mine does so too")
		w.change(func(tx *db.Tx, by ticket.By) error {
			if _, err := w.desk.Note(w.ctx, tx, by, gone, ticket.Draft{Text: "Only staff read this"}); err != nil {
				return err
			}
			_, err := w.desk.Merge(w.ctx, tx, by, kept, []int64{gone})
			return err
		})
		zoe := w.signedIn(w.zoe)
		a := zoe.get(requestURL(gone)).want(w.t, 200)
		if a.path != requestURL(kept) {
			w.t.Errorf("the old address leads to %s", a.path)
		}
		a.shows(w.t, "Mine does so too", "The printer prints half pages")
		a.hides(w.t, "Only staff read this")
		if got := subjects(zoe.get("/requests")); len(got) != 1 || got[0] != "Half pages" {
			w.t.Errorf("listed: %q", got)
		}
		w.signedIn(w.hana).get(requestURL(kept)).want(w.t, 200).shows(w.t, "Mine does so too")
		w.signedIn(w.yan).get(requestURL(gone)).want(w.t, 404)

		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Unfollow(w.ctx, tx, by, kept, w.zoe.ID) })
		a = zoe.get(requestURL(gone)).want(w.t, 200)
		a.shows(w.t, "became part of another one")
		a.hides(w.t, "The printer prints half pages")
	})
}
