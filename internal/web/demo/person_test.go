package demo

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui/uitest"
)

func TestOneClickMakesTheVisitorSomebodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		for _, c := range []struct{ button, place string }{
			{"Be Zora Agent", "/tickets"}, {"Be Ruth Adeyemi", "/tickets"}, {"Be Margit Lindqvist", "/tickets"}, {"Be Asker00 Marlow", "/requests"}, {"AA Abel Agent agent", "/tickets"},
		} {
			id := button(t, b.get("/demo"), c.button)
			res, _ := b.post("/demo/persons", "person", id)
			if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != c.place {
				t.Fatalf("%s: %s to %s, want %s", c.button, res.Status, res.Header.Get("Location"), c.place)
			}
			if name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(c.button, "Be "), "AA "), " agent"); !strings.Contains(uitest.Text(b.get("/demo")), "You are "+name+" now.") {
				t.Errorf("the switcher does not say that the visitor is %s", name)
			}
		}
		var sessions int
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			sessions, err = db.One[int](t.Context(), tx, `SELECT count(*) FROM session`)
			return err
		})
		if err != nil || sessions != 1 {
			t.Errorf("%d sessions are left (%v), want the last one", sessions, err)
		}
	})
}

func TestTheSwitcherOffersStaffAndADozenOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		forms := uitest.Named(b.get("/demo"), "form")
		var counts []int
		for _, f := range forms {
			counts = append(counts, len(uitest.Named(f, "button")))
		}
		if !slices.Equal(counts, []int{4, 4, requestersShown}) {
			t.Errorf("buttons by form: %v", counts)
		}
		if all := uitest.Text(forms[2]); !strings.Contains(all, "Vet02 Tidewater Tidewater") || strings.Contains(all, "Asker15") {
			t.Errorf("the dozen is not spread over the organisations: %s", all)
		}
	})
}

func TestNobodyIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		gone := button(t, b.get("/demo"), "Be Asker00 Marlow")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE person SET active = $1 WHERE name = 'Asker00 Marlow'`, false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"", "x", "-1", "999999", gone} {
			if res, _ := b.post("/demo/persons", "person", id); res.StatusCode != http.StatusNotFound || len(res.Cookies()) > 0 {
				t.Errorf("person %q: %s with %d cookies", id, res.Status, len(res.Cookies()))
			}
		}
	})
}

func TestAnotherSiteCannotSwitch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		id := button(t, b.get("/demo"), "Be Zora Agent")
		req, _ := http.NewRequest("POST", b.url+"/demo/persons", strings.NewReader("person="+id))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		if res, _ := b.do(req); res.StatusCode != http.StatusForbidden {
			t.Errorf("a form of another site: %s", res.Status)
		}
	})
}

func TestNoRoutesOutsideADemo(t *testing.T) {
	if r := Routes(&Demo{Site: &page.Site{}}); r != nil {
		t.Errorf("%d routes where there is no demo", len(r))
	}
}

func TestSpread(t *testing.T) {
	people := []somebody{{1, "a", "x"}, {2, "b", "x"}, {3, "c", "x"}, {4, "d", "y"}, {5, "e", ""}}
	for _, c := range []struct {
		n    int
		want []int64
	}{{0, nil}, {2, []int64{1, 4}}, {4, []int64{1, 4, 5, 2}}, {9, []int64{1, 4, 5, 2, 3}}} {
		var got []int64
		for _, p := range spread(people, c.n) {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("spread %d: %v, want %v", c.n, got, c.want)
		}
	}
}
