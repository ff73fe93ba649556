package portal

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func subjects(a answered) (out []string) {
	for _, list := range a.classed("requests") {
		for _, li := range uitest.Named(list, "li") {
			out = append(out, uitest.Text(uitest.Named(li, "a")[0]))
		}
	}
	return out
}

func TestListShowsOneselfAndColleagues(t *testing.T) {
	each(t, func(w *world) {
		v := w.signedIn(w.hana)
		v.get("/requests").want(w.t, 200).shows(w.t, "You have asked for nothing yet")
		w.ticket(w.hana, "Half pages", "The printer prints half pages")
		w.ticket(w.omar, "No network", "The network is down")
		followed := w.ticket(w.zoe, "No sound", "Nothing is heard")
		unseen := w.ticket(w.zoe, "Unseen", "The printer too")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.Follow(w.ctx, tx, by, followed, w.hana.ID) })
		a := v.get("/requests").want(w.t, 200)
		if got := strings.Join(subjects(a), "|"); got != "No sound|No network|Half pages" {
			w.t.Errorf("listed: %s", got)
		}
		a.shows(w.t, "asked by Omar Haddad", "Your organisation shares requests")
		a.hides(w.t, "Unseen", requestURL(unseen), "asked by Hana")
		b := v.get("/requests?q=printer").want(w.t, 200)
		if got := strings.Join(subjects(b), "|"); got != "Half pages" || b.field(w.t, "q") != "printer" {
			w.t.Errorf("found: %s", got)
		}
		v.get("/requests?q=zebra").want(w.t, 200).shows(w.t, "No request of yours has the words “zebra”")
		z := w.signedIn(w.yan).get("/requests").want(w.t, 200)
		if len(subjects(z)) != 0 {
			w.t.Errorf("a colleague of a firm that shares nothing sees %v", subjects(z))
		}
		if a := w.visitor().get("/requests"); a.path != "/sign-in?next=%2Frequests" {
			w.t.Errorf("anybody is sent to %s", a.path)
		}
	})
}

func TestFieldsOfTheDeskAreOnlyWordsHere(t *testing.T) {
	each(t, func(w *world) {
		number := w.ticket(w.hana, "Half pages", "half pages")
		w.change(func(tx *db.Tx, by ticket.By) error { return w.desk.SetTags(w.ctx, tx, by, number, []string{"vip"}) })
		v := w.signedIn(w.hana)
		for _, q := range []string{"tag:vip", `tag:"vip"`, "TAG:vip", "status:new", "team:desk", "assignee:nobody", "tag:vip half", `":"`, "a:b:c"} {
			if got := subjects(v.get("/requests?q="+strings.ReplaceAll(q, " ", "+")).want(w.t, 200)); len(got) != 0 {
				w.t.Errorf("%s finds %v", q, got)
			}
		}
	})
}

func TestListHasPages(t *testing.T) {
	each(t, func(w *world) {
		for i := range pageSize + 5 {
			w.ticket(w.zoe, fmt.Sprintf("Request %02d", i), "x")
		}
		v := w.signedIn(w.zoe)
		seen := map[string]bool{}
		a := v.get("/requests").want(w.t, 200)
		first := strings.Join(subjects(a), "|")
		next := func(rel string) string {
			for _, l := range uitest.All(a.doc, func(n *html.Node) bool { return uitest.Attr(n, "rel") == rel }) {
				return uitest.Attr(l, "href")
			}
			return ""
		}
		for {
			for _, s := range subjects(a) {
				seen[s] = true
			}
			if next("next") == "" {
				break
			}
			a = v.get(next("next")).want(w.t, 200)
		}
		if len(seen) != pageSize+5 {
			w.t.Errorf("%d requests on all pages", len(seen))
		}
		if a = v.get(next("prev")).want(w.t, 200); strings.Join(subjects(a), "|") != first {
			w.t.Errorf("back at %v", subjects(a))
		}
		v.get("/requests?cursor=nonsense").want(w.t, 422)
	})
}

func TestMe(t *testing.T) {
	each(t, func(w *world) {
		v := w.signedIn(w.hana)
		a := v.get("/me").want(w.t, 200)
		a.shows(w.t, "hana@acme.example", "Firefox on Windows", "this browser")
		if a.field(w.t, "name") != "Hana Sato" || a.field(w.t, "language") != "" || a.field(w.t, "zone") != "" {
			w.t.Errorf("name %q, language %q, zone %q", a.field(w.t, "name"), a.field(w.t, "language"), a.field(w.t, "zone"))
		}
		v.post("/me", "name", "Hana Satō", "language", "en", "zone", "Asia/Tokyo").want(w.t, 200).shows(w.t, "Saved.", "Hana Satō")
		for _, c := range []struct{ field, name, language, zone string }{
			{"name", " ", "en", "Asia/Tokyo"}, {"language", "Hana", "xx", "Asia/Tokyo"}, {"zone", "Hana", "en", "Mars/Olympus"}, {"zone", "Hana", "en", "Local"}, {"zone", "Hana", "en", "../../etc/passwd"},
		} {
			b := v.post("/me", "name", c.name, "language", c.language, "zone", c.zone).want(w.t, 422)
			if b.wrong(c.field) == "" || b.field(w.t, "name") != c.name {
				w.t.Errorf("%v: says %q, name is %q", c, b.wrong(c.field), b.field(w.t, "name"))
			}
		}
		if got := one[string](w, `SELECT name FROM person WHERE id = $1 AND zone = 'Asia/Tokyo' AND language = 'en'`, w.hana.ID); got != "Hana Satō" {
			w.t.Errorf("the name is %q", got)
		}
		if b := v.post("/me", "name", "Hana", "language", "de", "zone", "America/Boise").want(w.t, 200); b.field(w.t, "zone") != "America/Boise" {
			w.t.Errorf("a zone that is not among the offered is %q", b.field(w.t, "zone"))
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(w *world) {
		here, there, zoe := w.signedIn(w.hana), w.signedIn(w.hana), w.signedIn(w.zoe)
		ids := func(who int64) (ids []int64) {
			err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
				ids, err = db.All[int64](w.ctx, tx, `SELECT id FROM session WHERE person_id = $1 ORDER BY id`, who)
				return err
			})
			if err != nil {
				w.t.Fatal(err)
			}
			return ids
		}
		end := func(id int64) string { return fmt.Sprintf("/me/sessions/%d/end", id) }
		mine := ids(w.hana.ID)
		zoe.post(end(mine[1])).want(w.t, 200)
		if len(ids(w.hana.ID)) != 2 {
			w.t.Fatal("a stranger ended a session")
		}
		here.post(end(mine[1])).want(w.t, 200).shows(w.t, "That browser is signed out.")
		if a := there.get("/me"); !strings.HasPrefix(a.path, "/sign-in") {
			w.t.Errorf("an ended session is at %s", a.path)
		}
		if a := here.post(end(mine[0])).want(w.t, 200); a.path != "/" {
			w.t.Errorf("after ending this one: %s", a.path)
		}
		if a := here.get("/me"); !strings.HasPrefix(a.path, "/sign-in") {
			w.t.Errorf("this one is at %s", a.path)
		}
	})
}

func TestDevice(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0":         "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                        "Firefox on Linux",
		"curl/8": "A browser",
	} {
		if got := device(t.Context(), agent); got != want {
			t.Errorf("%s: %q, want %q", agent, got, want)
		}
	}
}
