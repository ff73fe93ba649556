package desk_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func TestSearch(t *testing.T) {
	each(t, func(s *stage) {
		drum := s.made("Half pages", "first-line", func(n *ticket.New) {
			n.Message.Text = "Good morning, the <b>drum</b> of the printer rattles. Case 4711."
		})
		s.made("Paper", "first-line", func(n *ticket.New) { n.Message.Text = "The printer wants paper." })
		s.get("amara", "/search").want(http.StatusOK).has("h1", "Search").hasNot("main", "Nothing found")
		a := s.get("amara", "/search?q=drum").want(http.StatusOK)
		if hits := a.all(".hit"); len(hits) != 1 || uitest.Attr(hits[0], "href") != path(drum.ID, "") {
			t.Fatalf("%d hits", len(hits))
		}
		a.has(".hit mark", "drum").has(".hit .snippet", "the <b> drum </b>")
		if got := a.value(".search-form input"); got != "drum" {
			t.Errorf("the box holds %q", got)
		}
		if n := len(s.get("amara", "/search?q=printer").all(".hit")); n != 2 {
			t.Errorf("%d hits for a common word", n)
		}
		s.get("amara", "/search?q=ratt").want(http.StatusOK).has(".hit mark", "rattles")
		s.get("amara", "/search?q=zebra").want(http.StatusOK).has("main", "Nothing found")
		s.get("amara", "/search?q=printer+status:later").want(http.StatusUnprocessableEntity).has("#search-wrong", "cannot be “later”")
		s.get("amara", "/search?q=status:later").want(http.StatusUnprocessableEntity).has("#search-wrong", "It takes new, open")
		s.get("amara", "/search?q=printer&cursor=x").want(http.StatusUnprocessableEntity)

		number := strconv.FormatInt(drum.ID, 10)
		s.get("amara", "/search?q="+number).to(path(drum.ID, ""))
		s.get("amara", "/search?q=%23"+number).to(path(drum.ID, ""))
		s.get("amara", "/search?q=4711").want(http.StatusOK).has(".hit", "Half pages")
		s.get("amara", "/search?q=status:new+assignee:nobody").to("/tickets?view=all&q=status%3Anew+assignee%3Anobody")
		s.get("hana", "/search?q=drum").want(http.StatusForbidden)
	})
}

func TestSearchSaysWhenOnlyTheNewestWereRanked(t *testing.T) {
	each(t, func(s *stage) {
		by := ticket.By{Actor: person.System}
		tk := s.made("Printer", "first-line")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			for range 1000 {
				if _, err := s.desk.Tickets.Note(ctx, tx, by, tk.ID, ticket.Draft{Text: "printer"}); err != nil {
					return err
				}
			}
			return nil
		})
		s.get("amara", "/search?q=printer").has("main", "the best of the newest 1,000 stand first")
		s.get("amara", "/tickets?view=all&q=printer").has("#list", "best of the newest 1,000 first")
		s.get("amara", "/search?q=pages").hasNot("main", "newest 1,000")
	})
}

func TestSearchPages(t *testing.T) {
	each(t, func(s *stage) {
		for i := range 45 {
			s.made("Printer "+strconv.Itoa(i), "first-line")
		}
		a := s.get("amara", "/search?q=printer")
		if n := len(a.all(".hit")); n != 30 {
			t.Fatalf("%d hits", n)
		}
		if n := len(s.get("amara", uitest.Attr(a.all("a[rel=next]")[0], "href")).all(".hit")); n != 15 {
			t.Errorf("%d hits on the second page", n)
		}
	})
}

func TestPersonPage(t *testing.T) {
	each(t, func(s *stage) {
		hana := "/people/" + idText(s.people["hana"].ID)
		s.made("Half pages", "first-line")
		s.made("Salary", "people")
		a := s.get("amara", hana).want(http.StatusOK).has("h1", "Hana Sato").has("main", "requester").has("main", "Half pages").hasNot("main", "Salary")
		uitest.Sound(s.t.(*testing.T), a.doc)
		s.get("jonas", hana).has("main", "Salary")
		s.get("amara", "/people/99999").want(http.StatusNotFound)
		s.get("tom", hana).want(http.StatusForbidden)
		if n := len(s.get("ada", hana).all("a[href=/admin" + hana + "]")); n != 1 {
			t.Error("an administrator has no way to change a person")
		}

		tom := "/people/" + idText(s.people["tom"].ID)
		s.post("amara", tom+"/addresses", "add", "Tom@Home.example").to(tom)
		s.get("amara", tom).has("main", "tom@home.example")
		a = s.post("amara", tom+"/addresses", "add", "hana@example.com").want(http.StatusUnprocessableEntity).has("#f-add-wrong", "belongs to somebody already")
		if got := a.value("#f-add"); got != "hana@example.com" {
			t.Errorf("the field holds %q", got)
		}
		s.post("amara", tom+"/addresses", "remove", "tom@home.example").to(tom)
		s.post("amara", tom+"/addresses", "remove", "tom@example.com").want(http.StatusUnprocessableEntity).has("main", "This is the only address")
		s.audited("address added", "address removed")
		// By an address of Hana's one could sign in and read what her private team has.
		s.post("amara", hana+"/addresses", "add", "amara@home.example").want(http.StatusForbidden)
		s.post("jonas", hana+"/addresses", "add", "hana@home.example").to(hana)

		jonas := "/people/" + idText(s.people["jonas"].ID)
		s.post("amara", jonas+"/addresses", "add", "evil@example.net").want(http.StatusForbidden)
		if n := len(s.get("amara", jonas).all("form[action=" + jonas + "/addresses]")); n != 0 {
			t.Error("an agent is offered to change a colleague's addresses")
		}
		s.post("ada", jonas+"/addresses", "add", "jl@example.net").to(jonas)
	})
}

func TestPersonWithManyTickets(t *testing.T) {
	each(t, func(s *stage) {
		for i := range 22 {
			s.made("Ticket "+strconv.Itoa(i), "first-line")
		}
		hana := "/people/" + idText(s.people["hana"].ID)
		a := s.get("amara", hana)
		if n := len(a.all("a.what")); n != 20 {
			t.Errorf("%d tickets at first", n)
		}
		a = s.get("amara", uitest.Attr(a.all("a[href=" + hana + "?all=1]")[0], "href"))
		if n := len(a.all("a.what")); n != 22 {
			t.Errorf("%d tickets in all", n)
		}
	})
}

func TestMerge(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		hana, tom := "/people/"+idText(s.people["hana"].ID), "/people/"+idText(s.people["tom"].ID)
		for with, message := range map[string]string{"nobody@example.com": "Nobody here has the address", "": "Nobody here has the address", "tom@example.com": "two different people"} {
			a := s.post("amara", tom+"/merges", "with", with).want(http.StatusUnprocessableEntity).has("#f-with-wrong", message)
			if got := a.value("#f-with"); got != with {
				t.Errorf("the field holds %q", got)
			}
		}
		s.post("amara", tom+"/merges", "with", "hana@example.com").to(tom)
		if got := s.now(tk.ID).RequesterID; got != s.people["tom"].ID {
			t.Errorf("the ticket is of %d", got)
		}
		s.get("amara", hana).to(tom)
		a := s.get("amara", tom).has("main", "hana@example.com").has("main", "merged by Amara Okafor")
		undo := ""
		for _, f := range a.all("form") {
			if at := uitest.Attr(f, "action"); strings.HasSuffix(at, "/undo") {
				undo = at
			}
		}
		s.post("amara", strings.Replace(undo, tom, hana, 1)).want(http.StatusNotFound)
		s.post("amara", undo).to(tom)
		if got := s.now(tk.ID).RequesterID; got != s.people["hana"].ID {
			t.Errorf("the ticket is of %d", got)
		}
		s.post("amara", undo).want(http.StatusConflict)
		s.audited("people merged", "merge undone")
	})
}

// TestNobodyBecomesStaffByMerging: whoever holds an address of a member of staff can sign in as them.
func TestNobodyBecomesStaffByMerging(t *testing.T) {
	each(t, func(s *stage) {
		ada, tom := "/people/"+idText(s.people["ada"].ID), "/people/"+idText(s.people["tom"].ID)
		s.post("amara", ada+"/merges", "with", "tom@example.com").want(http.StatusForbidden)
		s.post("amara", tom+"/merges", "with", "jonas@example.com").want(http.StatusForbidden)
		if n := len(s.get("amara", ada).all("form[action=" + ada + "/merges]")); n != 0 {
			t.Error("it is offered")
		}
		s.post("ada", "/people/"+idText(s.people["jonas"].ID)+"/merges", "with", "tom@example.com").want(http.StatusSeeOther)
	})
}

// audited asserts that the record has these actions.
func (s *stage) audited(actions ...string) {
	s.t.Helper()
	var log []person.AuditEntry
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		log, err = person.AuditLog(ctx, tx, 0, 1000)
		return err
	})
	seen := map[string]bool{}
	for _, e := range log {
		seen[e.Action] = true
	}
	for _, a := range actions {
		if !seen[a] {
			s.t.Errorf("%q is not in the record", a)
		}
	}
}
