package api

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

func TestPeople(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		k.write(func(tx *db.Tx) error {
			_, err := person.SaveOrganisation(context.Background(), tx, person.Organisation{Name: "Maier & Co", Domains: []string{"maier.example"}})
			return err
		})
		r := k.call("amara", "POST", "/api/v1/people", m{"email": "Lena@Maier.example", "name": "Lena Maier", "language": "de", "zone": "Europe/Berlin"}).is(201)
		r.equal("lena@maier.example", "email").equal([]string{"lena@maier.example"}, "emails").equal("requester", "role").equal("Maier & Co", "organisation").equal(true, "active").equal(nil, "merged_into")
		path := fmt.Sprintf("/api/v1/people/%d", r.number("id"))
		if r.Header.Get("Location") != path {
			t.Errorf("Location %q", r.Header.Get("Location"))
		}
		if got := k.call("amara", "GET", path, nil).is(200); got.Raw != r.Raw {
			t.Errorf("%s and %s", got.Raw, r.Raw)
		}
		k.call("amara", "PATCH", path, m{"name": "Lena M.", "language": "", "zone": ""}).is(200).equal("Lena M.", "name").equal("", "language").equal("", "zone")
		for _, c := range []struct {
			body  m
			where []string
		}{
			{m{"email": "lena@maier.example"}, []string{"body.email"}},
			{m{"email": "help@desk.example"}, []string{"body.email"}},
			{m{"email": "x", "language": "tlh", "zone": "Middle/Earth"}, []string{"body.language", "body.zone", "body.email"}},
			{m{"email": "a@b.example", "name": strings.Repeat("x", 121)}, []string{"body.name"}},
			{m{"name": "x"}, []string{"body.email"}},
			{m{"email": "a@b.example", "role": "king"}, []string{"body.role"}},
			{m{"email": "a@b.example", "active": true}, []string{"body.active"}},
		} {
			k.call("amara", "POST", "/api/v1/people", c.body).problem(422, c.where...)
		}
		for _, c := range []struct {
			body  m
			where []string
		}{
			{m{"name": " "}, []string{"body.name"}},
			{m{"name": nil, "role": nil}, []string{"body.name", "body.role"}},
			{m{"zone": "Local"}, []string{"body.zone"}},
			{m{"email": "x@y.example"}, []string{"body.email"}},
			{m{"active": "yes"}, []string{"body.active"}},
		} {
			k.call("amara", "PATCH", path, c.body).problem(422, c.where...)
		}
		k.call("amara", "GET", "/api/v1/people/4711", nil).problem(404)
		k.call("amara", "PATCH", "/api/v1/people/4711", m{}).problem(404)
	})
}

func TestRolesAreForAdministrators(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		path := func(name string) string { return fmt.Sprintf("/api/v1/people/%d", k.ids[name]) }
		k.call("amara", "PATCH", path("hana"), m{"role": "agent", "active": false}).problem(403, "body.role", "body.active")
		k.call("amara", "PATCH", path("amara"), m{"role": "administrator"}).problem(403, "body.role")
		k.call("amara", "PATCH", path("bo"), m{"name": "Bob"}).problem(403)
		k.call("amara", "PATCH", path("amara"), m{"name": "Amara O.", "role": "agent"}).is(200).equal("Amara O.", "name")
		k.call("amara", "POST", "/api/v1/people", m{"email": "a@b.example", "role": "agent"}).problem(403, "body.role")
		if n := k.count(`SELECT count(*) FROM audit WHERE action <> 'token created'`); n != 0 {
			t.Errorf("%d lines in the audit", n)
		}
		k.call("admin", "PATCH", path("hana"), m{"role": "lead", "active": false}).is(200).equal("lead", "role").equal(false, "active")
		k.call("admin", "POST", "/api/v1/people", m{"email": "a@b.example", "role": "agent"}).is(201)
		k.call("admin", "PATCH", path("admin"), m{"role": "agent"}).problem(422, "body.role")
		for _, line := range [][2]string{{"role changed", "requester to lead"}, {"person deactivated", ""}, {"person added", "agent"}} {
			if n := k.count(`SELECT count(*) FROM audit WHERE action = $1 AND detail = $2 AND person_id = $3 AND remote = '127.0.0.1'`, line[0], line[1], k.ids["admin"]); n != 1 {
				t.Errorf("%v: %d lines in the audit", line, n)
			}
		}
		k.write(func(tx *db.Tx) error {
			_, err := person.MergeInto(context.Background(), tx, person.Actor{ID: k.ids["admin"], Role: person.Administrator}, k.ids["omar"], k.ids["bo"], "")
			return err
		})
		k.call("admin", "PATCH", path("bo"), m{"name": "x"}).problem(409)
		k.call("admin", "GET", path("bo"), nil).is(200).equal(k.ids["omar"], "merged_into").equal(nil, "email")
	})
}

func TestListPeople(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		k.write(func(tx *db.Tx) error {
			for i := range 30 {
				if _, err := person.Create(context.Background(), tx, person.New{Name: fmt.Sprintf("Kim Number%d", i), Addresses: []string{fmt.Sprintf("kim%d@example.org", i)}, Role: person.Requester}); err != nil {
					return err
				}
			}
			return nil
		})
		walk := func(query string) (n int) {
			seen := map[int64]bool{}
			for cursor := ""; ; {
				r := k.call("amara", "GET", "/api/v1/people?limit=7&"+query+"&cursor="+cursor, nil).is(200)
				for i := range r.list("items") {
					if id := r.number("items", i, "id"); seen[id] {
						t.Fatalf("person %d twice", id)
					} else {
						seen[id] = true
					}
				}
				if r.at("next") == nil {
					return len(seen)
				}
				cursor = r.text("next")
			}
		}
		for query, want := range map[string]int{"": 35, "q=kim": 30, "q=kim+number1": 11, "q=kim7@example": 1, "q=hana": 1, "q=nobodyatall": 0, "q=%00%ff": 0} {
			if got := walk(query); got != want {
				t.Errorf("%q gives %d people, want %d", query, got, want)
			}
		}
		for query, where := range map[string]string{"cursor=x": "query.cursor", "cursor=-1": "query.cursor", "limit=0": "query.limit", "role=agent": "query.role"} {
			k.call("amara", "GET", "/api/v1/people?"+query, nil).problem(422, where)
		}
		k.call("hana", "GET", "/api/v1/people", nil).problem(403)
		k.call("hana", "GET", fmt.Sprintf("/api/v1/people/%d", k.ids["hana"]), nil).problem(403)
		k.call("hana", "GET", "/api/v1/me", nil).is(200).equal("hana@example.com", "email").equal("requester", "token", "role").equal(false, "token", "read_only")
	})
}

func TestDeskLists(t *testing.T) {
	eachDesk(t, func(t *testing.T, k *desk) {
		boxes := k.call("amara", "GET", "/api/v1/mailboxes", nil).is(200)
		boxes.equal("help@desk.example", "items", 0, "address").equal("network", "items", 0, "team").equal(nil, "next")
		if len(boxes.list("items")) != 1 || strings.Contains(boxes.Raw, "geheim") {
			t.Errorf("mailboxes: %s", boxes.Raw)
		}
		if got := len(k.call("bo", "GET", "/api/v1/mailboxes", nil).list("items")); got != 2 {
			t.Errorf("a member sees %d mailboxes", got)
		}
		k.call("amara", "GET", "/api/v1/teams", nil).is(200).equal("desk", "items", 0, "slug").equal("Network", "items", 1, "name")
		if got := len(k.call("bo", "GET", "/api/v1/teams", nil).list("items")); got != 3 {
			t.Errorf("a member sees %d teams", got)
		}
		k.call("hana", "GET", "/api/v1/teams", nil).problem(403)
	})
}
