package app

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/person"
	"goodturn/internal/thanks"
)

// TestSomebodyIsErasedFromALivedInDesk erases an agent who has tickets, shifts, cards, drafts and whispers, and a guest: the rota is whole, the other side keeps its cards, and the pages
// of the desk stand.
func TestSomebodyIsErasedFromALivedInDesk(t *testing.T) {
	ctx := t.Context()
	a, err := OpenDemo(ctx, Config{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var admin, agent, other, guest, open, card, number int64
	var name string
	var cookie *http.Cookie
	count := func(tx *db.Tx, query string, args ...any) int { return must(db.One[int](ctx, tx, query, args...)) }
	check(a.DB.Write(ctx, func(tx *db.Tx) error {
		admin = must(db.One[int64](ctx, tx, `SELECT min(id) FROM person WHERE role = 'administrator'`))
		agent = must(db.One[int64](ctx, tx, `SELECT p.id FROM person p WHERE p.role = 'agent' AND EXISTS (SELECT 1 FROM shift s WHERE s.person_id = p.id AND s.from_at > $1 AND s.published) AND EXISTS (SELECT 1 FROM ticket t WHERE t.assignee_id = p.id AND t.is_open) ORDER BY p.id LIMIT 1`, tx.Now))
		other = must(db.One[int64](ctx, tx, `SELECT min(id) FROM person WHERE role = 'agent' AND id <> $1 AND id IN (SELECT person_id FROM team_member WHERE team_id IN (SELECT team_id FROM team_member WHERE person_id = $1))`, agent))
		guest = must(db.One[int64](ctx, tx, `SELECT min(person_id) FROM stint WHERE state IN ('invited', 'agreed', 'running') AND person_id IN (SELECT id FROM person WHERE role = 'requester')`))
		name = must(db.One[string](ctx, tx, `SELECT name FROM person WHERE id = $1`, agent))
		open = must(db.One[int64](ctx, tx, `SELECT min(id) FROM shift WHERE person_id = $1 AND from_at > $2 AND published`, agent, tx.Now))
		number = must(db.One[int64](ctx, tx, `SELECT min(id) FROM ticket WHERE assignee_id = $1 AND is_open`, agent))
		writer, holder := must(person.ActorOf(ctx, tx, agent)), must(person.ActorOf(ctx, tx, other))
		card = must(a.Thanks.ToColleague(ctx, tx, writer, thanks.Words{To: other, Text: "You stayed until it worked."}, false)).ID
		must(a.Thanks.ToColleague(ctx, tx, holder, thanks.Words{To: agent, Text: "You were kind."}, false))
		must(draft.Save(ctx, tx, writer, draft.Place{TicketID: number}, draft.Content{Text: "Not sent yet", Writer: "w"}))
		stint := must(db.One[int64](ctx, tx, `SELECT min(id) FROM stint`))
		must(tx.Exec(ctx, `INSERT INTO whisper (stint_id, mentor_id, from_id, text, at) VALUES ($1, $2, $2, 'Between us', 1)`, stint, agent))
		cookie = &http.Cookie{Name: "goodturn-session", Value: must(person.StartSession(ctx, tx, admin, "", ""))}
		return nil
	}))
	ask := func(method, path string) (int, string) {
		r := httptest.NewRequestWithContext(ctx, method, path, nil)
		r.Host = "127.0.0.1"
		r.Header.Set("Origin", "http://127.0.0.1")
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	at := "/admin/people/" + strconv.FormatInt(agent, 10)
	if status, page := ask("GET", at); status != 200 || !strings.Contains(page, "Erase for good") {
		t.Fatalf("%d: erasing is not offered", status)
	}
	for _, id := range []int64{agent, guest} {
		if status, page := ask("POST", "/admin/people/"+strconv.FormatInt(id, 10)+"/erasure"); status != 303 {
			t.Fatalf("erasing: %d: %.800s", status, page)
		}
	}
	check(a.DB.Read(ctx, func(tx *db.Tx) error {
		for what, n := range map[string]int{
			"shifts that lie ahead":        count(tx, `SELECT count(*) FROM shift WHERE person_id = $1 AND from_at > $2`, agent, tx.Now),
			"open tickets":                 count(tx, `SELECT count(*) FROM ticket WHERE assignee_id = $1 AND is_open AND trashed_at = 0`, agent),
			"drafts":                       count(tx, `SELECT count(*) FROM draft WHERE person_id = $1`, agent),
			"whispers":                     count(tx, `SELECT count(*) FROM whisper WHERE from_id = $1 OR mentor_id = $1 OR stint_id IN (SELECT id FROM stint WHERE person_id = $2)`, agent, guest),
			"cards that they got or wrote": count(tx, `SELECT count(*) FROM card WHERE to_id = $1 OR from_id = $1`, agent),
			"addresses":                    count(tx, `SELECT count(*) FROM person_address WHERE person_id = $1 OR person_id = $2`, agent, guest),
			"people with their name":       count(tx, `SELECT count(*) FROM person WHERE name = $1`, name),
			"running stints":               count(tx, `SELECT count(*) FROM stint WHERE person_id = $1 AND state IN ('proposed', 'invited', 'agreed', 'running')`, guest),
			"tickets lent to them":         count(tx, `SELECT count(*) FROM ticket_grant WHERE person_id = $1`, guest),
		} {
			if n != 0 {
				t.Errorf("%d %s are left", n, what)
			}
		}
		if n := count(tx, `SELECT count(*) FROM shift WHERE id = $1 AND person_id IS NULL AND published`, open); n != 1 {
			t.Error("their shift is not open for others")
		}
		if n := count(tx, `SELECT count(*) FROM card WHERE id = $1 AND to_id = $2 AND from_id IS NULL AND hung_at = 0`, card, other); n != 1 {
			t.Error("the card is not with the other side, without the name")
		}
		if n := count(tx, `SELECT count(*) FROM notice WHERE person_id = $1 AND kind = 'cover'`, agent); n != 0 {
			t.Error("they were asked themselves")
		}
		return nil
	}))
	for _, path := range []string{at, "/rota", "/tickets/" + strconv.FormatInt(number, 10), "/wall", "/stints", "/admin/people", "/admin/audit", "/people/" + strconv.FormatInt(agent, 10)} {
		if status, page := ask("GET", path); status != 200 || strings.Contains(page, name) && path != "/tickets/"+strconv.FormatInt(number, 10) {
			t.Errorf("%s: %d, or it has the name", path, status)
		}
	}
}
