package desk_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

// found gives the address of each option of the palette for what was typed, in order.
func (s *stage) found(who, typed string) (at []string) {
	s.t.Helper()
	p := s.get(who, "/palette?q="+typed).want(http.StatusOK)
	for _, n := range p.all("a.palette-option") {
		at = append(at, uitest.Attr(n, "href"))
	}
	return at
}

func TestPaletteFindsPeopleTicketsAndNumbers(t *testing.T) {
	each(t, func(s *stage) {
		shown := s.made("The printer of Tom eats paper", "first-line")
		hidden := s.made("Printer of the payroll", "people")
		l := ticket.Learner{DB: s.db}
		if err := l.Catch(s.t.Context(), 0); err != nil {
			s.t.Fatal(err)
		}
		tom := "/people/" + fmt.Sprint(s.people["tom"].ID)
		for _, c := range []struct{ who, typed, want string }{
			{"amara", "prin", path(shown.ID, "")},
			{"amara", "pritner", path(shown.ID, "")},
			{"amara", "tom", tom + " " + path(shown.ID, "")},
			{"amara", "tom@exam", tom},
			{"amara", "%23" + fmt.Sprint(shown.ID), path(shown.ID, "")},
			{"amara", fmt.Sprint(hidden.ID), ""},
			{"amara", "payrol", ""},
			{"jonas", "payrol", path(hidden.ID, "")},
			{"amara", "status:open+printer", ""},
			{"amara", "status:new+printer", path(shown.ID, "")},
		} {
			got := s.found(c.who, c.typed)
			if n := len(got); n == 0 || !strings.HasPrefix(got[n-1], "/search?q=") {
				t.Errorf("%s: no way to all that is found: %q", c.typed, got)
				continue
			}
			if got := strings.Join(got[:len(got)-1], " "); got != c.want {
				t.Errorf("%s types %q and finds %q, want %q", c.who, c.typed, got, c.want)
			}
		}
		wrong := s.get("amara", "/palette?q=status:nonsense+x").want(http.StatusOK).all("#palette-found")
		if len(wrong) != 1 || !strings.Contains(uitest.Attr(wrong[0], "data-said"), "nonsense") {
			t.Errorf("what is wrong with the query is not said: %q", uitest.Attr(wrong[0], "data-said"))
		}
		if all := s.get("amara", "/palette?q=%3Cscript%3E"+strings.Repeat("x", 3000)).want(http.StatusOK).all("script"); len(all) > 0 {
			t.Error("what was typed became part of the page")
		}
	})
}

func TestPaletteRemembersPlaces(t *testing.T) {
	each(t, func(s *stage) {
		one, two, hidden := s.made("One", "first-line"), s.made("Two", "first-line"), s.made("Hidden", "people")
		visit := func(at string) { s.post("amara", "/palette/visits", "at", at).want(http.StatusNoContent) }
		for _, at := range []string{path(one.ID, ""), path(two.ID, ""), path(hidden.ID, ""), "/people/" + fmt.Sprint(s.people["tom"].ID), "/account", "https://elsewhere.example/tickets/1", "%zz", ""} {
			visit(at)
		}
		got := strings.Join(s.found("amara", ""), " ")
		for _, want := range []string{path(one.ID, ""), path(two.ID, ""), "/people/" + fmt.Sprint(s.people["tom"].ID)} {
			if !strings.Contains(got, want) {
				t.Errorf("%q does not hold %s", got, want)
			}
		}
		if strings.Contains(got, path(hidden.ID, "")) || strings.Contains(got, "account") {
			t.Errorf("shown is %q", got)
		}
		if got := s.found("jonas", ""); len(got) != 0 {
			t.Errorf("somebody else is shown %q", got)
		}
		s.post("amara", path(one.ID, "/pin"), "value", "on").want(http.StatusSeeOther)
		visit(path(two.ID, ""))
		if got := s.found("amara", ""); len(got) < 2 || got[0] != path(one.ID, "") {
			t.Errorf("what is pinned does not stand first: %q", got)
		}
		s.get("amara", path(one.ID, "")).want(http.StatusOK).has("#ticket-menu button", "Take the pin off")
		s.post("amara", path(one.ID, "/pin"), "value", "off").want(http.StatusSeeOther)
		s.get("amara", path(one.ID, "")).want(http.StatusOK).hasNot("#ticket-menu button", "Take the pin off")
		s.post("amara", path(hidden.ID, "/pin"), "value", "on").want(http.StatusNotFound)
	})
}

func TestSearchPageShowsPeopleAndMarks(t *testing.T) {
	each(t, func(s *stage) {
		s.made("The printer of Hana eats paper", "first-line")
		s.get("amara", "/search?q=hana").want(http.StatusOK).has(".found-people a", "Hana Sato").has(".hits .what mark", "Hana")
	})
}
