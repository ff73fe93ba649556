package portal

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

func TestFollowerEndsTheirMails(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.zoe, "No sound", "Nothing is heard")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Follow(w.ctx, tx, by, number, w.hana.ID) })
		follows := func() bool {
			return one[int](w, `SELECT count(*) FROM follower WHERE ticket_id = $1 AND person_id = $2`, number, w.hana.ID) == 1
		}
		at := "/unfollow/" + ticket.LeaveToken(w.site.Key, number, w.hana.ID)
		v := w.visitor()
		v.get(at).want(w.t, 200).shows(w.t, "Shall they end?")
		if !follows() {
			w.t.Fatal("looking at the link ended it")
		}
		v.post(at+"x").want(w.t, 404)
		v.post(at, "List-Unsubscribe", "One-Click").want(w.t, 200).shows(w.t, "You get no more mails")
		if follows() {
			w.t.Error("she still follows")
		}
		v.post(at).want(w.t, 200)
		v.get(at).want(w.t, 200).hides(w.t, "No sound")
	})
}
