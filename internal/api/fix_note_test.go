package api

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/ticket"
)

func TestFixNotes(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		k.api.Tickets.Later = []ticket.Hook{k.api.Notes.Hook()}
		path, _ := k.ticket("amara", m{})
		note := path + "/fix-note"
		k.call("amara", "GET", note, nil).problem(404)
		k.call("amara", "PUT", note, m{}).problem(422, "body.next")
		k.call("amara", "PUT", note, m{"next": strings.Repeat("x", fixnote.MaxPart+1)}).problem(422, "body.next")
		k.call("amara", "PUT", note, m{"skip": "lazy"}).problem(422, "body.skip")
		k.call("amara", "PUT", note, m{"skip": "other"}).problem(422, "body.because")
		k.call("amara", "PUT", note, m{"skip": "nothing", "did": "x"}).problem(422, "body.skip")
		k.call("amara", "PUT", note, m{"nexd": "x"}).problem(422, "body.nexd")
		k.call("hana", "PUT", note, m{"next": "x"}).problem(403)
		k.call("reader", "PUT", note, m{"next": "x"}).problem(403)

		r := k.call("amara", "PUT", note, m{"wrong": "A worn drum", "next": "Choose the tray below"}).is(200)
		r.equal("A worn drum", "wrong")
		r.equal(float64(1), "version")
		r.equal(nil, "given_at")
		k.call("amara", "PUT", note, m{"next": "Something else"}).problem(409)
		k.call("amara", "PUT", note, m{"next": "Choose the lower tray", "version": 1}).is(200).equal(float64(2), "version")

		// The requester has it while the ticket is solved, and nobody else's.
		k.call("hana", "GET", note, nil).problem(404)
		k.call("hana", "GET", "/api/v1/fix-notes", nil).is(200).equal([]any{}, "items")
		k.call("amara", "PATCH", path, m{"status": "solved"}).is(200)
		k.call("hana", "GET", note, nil).is(200).equal("Choose the lower tray", "next")
		k.call("hana", "GET", "/api/v1/fix-notes", nil).is(200).equal("Choose the lower tray", "items", 0, "next")
		k.call("omar", "GET", note, nil).problem(404)
		k.call("omar", "GET", "/api/v1/fix-notes", nil).is(200).equal([]any{}, "items")
		k.call("hana", "GET", "/api/v1/fix-notes?q=elephants", nil).is(200).equal([]any{}, "items")
		k.call("amara", "PATCH", path, m{"status": "open"}).is(200)
		k.call("hana", "GET", note, nil).problem(404)
	})
}

func TestFixNotesPageByPage(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		for _, who := range []string{"hana", "omar", "hana"} {
			path, _ := k.ticket("amara", m{})
			k.call("amara", "PUT", path+"/fix-note", m{"next": "Restart the spooler, " + who}).is(200)
		}
		secret, number := k.ticket("amara", m{})
		k.must(k.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE ticket SET team_id = $2 WHERE id = $1`, number, k.teams["hr"])
			return err
		}))
		k.call("amara", "GET", secret+"/fix-note", nil).problem(404)
		k.call("amara", "PUT", secret+"/fix-note", m{"next": "x"}).problem(404)
		k.call("bo", "PUT", secret+"/fix-note", m{"next": "Restart the secret spooler"}).is(200)
		for _, q := range []string{"", "&q=spooler"} {
			for who, want := range map[string]int{"amara": 3, "bo": 4} {
				n := 0
				for cursor := ""; ; {
					r := k.call(who, "GET", "/api/v1/fix-notes?limit=1"+q+"&cursor="+cursor, nil).is(200)
					if who == "amara" && strings.Contains(r.Raw, "secret") {
						t.Fatal("the note of a private team is listed")
					}
					n++
					if r.at("next") == nil {
						break
					}
					cursor = r.text("next")
				}
				if n != want {
					t.Errorf("%s walks over %d notes with %q, not %d", who, n, q, want)
				}
			}
		}
		for _, bad := range []string{"x", "1", "1-", "-1", "1-x", "0-0"} {
			k.call("amara", "GET", "/api/v1/fix-notes?cursor="+bad, nil).problem(422, "query.cursor")
		}
		k.call("amara", "GET", "/api/v1/fix-notes?q=%00", nil).problem(422, "query.q")
	})
}
