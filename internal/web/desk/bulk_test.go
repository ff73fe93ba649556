package desk_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"goodturn/internal/macro"
	"goodturn/internal/ticket"
)

func TestManyTicketsAreChangedByAForm(t *testing.T) {
	each(t, func(s *stage) {
		one, two, hidden := s.made("One", "first-line"), s.made("Two", "first-line"), s.made("Secret", "people")
		list := s.get("amara", "/tickets?view=all").want(http.StatusOK)
		if n := len(list.all(".row-tick")); n != 2 {
			t.Errorf("%d rows can be chosen", n)
		}
		s.post("amara", "/bulk", "ticket", fmt.Sprint(one.ID), "ticket", fmt.Sprint(two.ID), "do", "assignee:me", "do", "tag", "tag", "Floor-3", "place", "view=all").to("/tickets?view=all")
		if x := s.now(two.ID); x.AssigneeID != s.people["amara"].ID || x.Status != ticket.Open {
			t.Errorf("not changed: %+v", x)
		}
		// One that she may not know of is told like one that does not exist.
		a := s.post("amara", "/bulk", "ticket", fmt.Sprint(one.ID), "ticket", fmt.Sprint(hidden.ID), "do", "status:solved")
		page := s.get("amara", a.header.Get("Location")).want(http.StatusOK)
		if text := page.text("#bulk-progress"); !strings.Contains(text, "There is no ticket "+fmt.Sprint(hidden.ID)) || strings.Contains(text, "Secret") || !strings.Contains(text, "1 ticket changed") {
			t.Errorf("the page says %q", text)
		}
		s.get("jonas", a.header.Get("Location")).want(http.StatusNotFound)
		s.post("jonas", a.header.Get("Location")+"/undo").want(http.StatusNotFound)
		s.post("amara", a.header.Get("Location")+"/undo").to("/tickets")
		if x := s.now(one.ID); x.Status != ticket.Open {
			t.Errorf("taken back: %+v", x)
		}
		if text := s.get("amara", "/bulk").want(http.StatusOK).text("main"); !strings.Contains(text, "set the status to solved") || !strings.Contains(text, "add the tag Floor-3") {
			t.Errorf("the list of changes says %q", text)
		}
	})
}

// TestChosenTicketsAreMerged goes from the rows that were chosen to the page that joins them, and joins them.
func TestChosenTicketsAreMerged(t *testing.T) {
	each(t, func(s *stage) {
		one, two, three, hidden := s.made("One", "first-line"), s.made("Two", "first-line"), s.made("Three", "first-line"), s.made("Secret", "people")
		id := func(t ticket.Ticket) string { return fmt.Sprint(t.ID) }
		at := s.post("amara", "/bulk", "ticket", id(three), "ticket", id(one), "ticket", id(hidden), "ticket", id(two), "do", "merge").want(http.StatusSeeOther).header.Get("Location")
		page := s.get("amara", at).want(http.StatusOK).has("h1", "One").has(".picks", "Two").has("main", "Three").hasNot("main", "Secret")
		if n := len(page.all(".picks input[checked]")); n != 3 { // and which one stays
			t.Errorf("%d are ticked, want two and one", n)
		}
		s.post("amara", path(one.ID, "/merges"), "other", id(two), "other", id(three)).to(path(one.ID, ""))
		if x := s.now(three.ID); x.Turn != ticket.Merged {
			t.Errorf("not merged: %+v", x)
		}
		s.post("amara", "/bulk", "ticket", id(one), "do", "merge").want(http.StatusUnprocessableEntity).has("main", "two or more")
		s.post("amara", "/bulk", "all", "1", "place", "view=all", "do", "merge").want(http.StatusUnprocessableEntity).has("main", "one by one")
	})
}

func TestAWholeViewIsChangedByItsAddress(t *testing.T) {
	each(t, func(s *stage) {
		one, other := s.made("One", "first-line"), s.made("Other", "network")
		r := formRequest("/bulk", "all", "1", "do", "priority:high", "place", "view=all&team=network")
		r.Header.Set("Referer", "http://"+r.Host+"/tickets?view=all&team=network")
		s.send("amara", r).to("/tickets?view=all&team=network")
		if s.now(one.ID).Priority != ticket.Normal || s.now(other.ID).Priority != ticket.High {
			t.Error("not what the list showed was changed")
		}
	})
}

func TestAChangeOfNothingIsRefused(t *testing.T) {
	each(t, func(s *stage) {
		one := s.made("One", "first-line")
		for name, form := range map[string][]string{
			"no ticket":     {"do", "status:solved"},
			"nothing":       {"ticket", fmt.Sprint(one.ID)},
			"a bad number":  {"ticket", "x", "do", "status:solved"},
			"an empty tag":  {"ticket", fmt.Sprint(one.ID), "do", "tag"},
			"a wrong state": {"ticket", fmt.Sprint(one.ID), "do", "status:great"},
		} {
			if a := s.post("amara", "/bulk", form...); a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", name, a.status)
			}
		}
		s.send("hana", httptest.NewRequest(http.MethodGet, "/bulk", nil)).want(http.StatusForbidden)
	})
}

func TestAMacroIsDoneToMany(t *testing.T) {
	each(t, func(s *stage) {
		one, two := s.made("One", "first-line"), s.made("Two", "first-line")
		do := s.macroOf("amara", macro.Macro{Name: "Later", Actions: []ticket.Action{{Do: ticket.DoPriority, Value: "low"}, {Do: ticket.DoTag, Value: "later"}}})
		say := s.macroOf("amara", macro.Macro{Name: "Say", Texts: map[string]string{"en": "Hello"}})
		s.post("amara", "/bulk", "ticket", fmt.Sprint(one.ID), "ticket", fmt.Sprint(two.ID), "do", fmt.Sprintf("macro:%d", do)).to("/tickets")
		if s.now(two.ID).Priority != ticket.Low {
			t.Error("it was not done")
		}
		s.post("amara", "/bulk", "ticket", fmt.Sprint(one.ID), "do", fmt.Sprintf("macro:%d", say)).want(http.StatusUnprocessableEntity)
		s.post("jonas", "/bulk", "ticket", fmt.Sprint(one.ID), "do", fmt.Sprintf("macro:%d", do)).want(http.StatusNotFound)
	})
}
