package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"goodturn/internal/web/admin"
)

// TestOnlyAdministratorsComeIn asks for every route as everybody else.
func TestOnlyAdministratorsComeIn(t *testing.T) {
	each(t, func(s *stage) {
		before := s.audits()
		for _, route := range admin.Routes(s.admin) {
			method, pattern, _ := strings.Cut(route.Pattern, " ")
			to := strings.NewReplacer("{id}", text(s.people["ada"]), "{merge}", "1").Replace(pattern)
			var form url.Values
			if method == http.MethodPost {
				form = url.Values{"name": {"Eve"}, "slug": {"eve"}, "address": {"eve@example.com"}, "role": {"administrator"}}
			}
			for _, who := range []string{"amara", "priya", "hana"} {
				if got := s.send(who, method, to, form); got.status != http.StatusForbidden || strings.Contains(got.body, "Audit record") {
					t.Errorf("%s %s as %s: status %d", method, to, who, got.status)
				}
			}
			if got := s.send("", method, to, form); got.status != http.StatusSeeOther || !strings.HasPrefix(got.to, "/sign-in") {
				t.Errorf("%s %s as a stranger: status %d to %q", method, to, got.status, got.to)
			}
		}
		if after := s.audits(); after != before {
			t.Errorf("refused requests left %d lines in the record", after-before)
		}
	})
}

// TestWhatIsNotThere asks for things that do not exist.
func TestWhatIsNotThere(t *testing.T) {
	each(t, func(s *stage) {
		for _, route := range admin.Routes(s.admin) {
			method, pattern, _ := strings.Cut(route.Pattern, " ")
			if !strings.Contains(pattern, "{id}") || strings.HasPrefix(pattern, "/admin/jobs/") {
				continue
			}
			for _, id := range []string{"4711", "0", "x", "99999999999999999999"} {
				to := strings.NewReplacer("{id}", id, "{merge}", "1").Replace(pattern)
				if got := s.send("ada", method, to, url.Values{"name": {"A"}, "slug": {"a"}, "role": {"agent"}}); got.status != http.StatusNotFound {
					t.Errorf("%s %s: status %d, want 404", method, to, got.status)
				}
			}
		}
	})
}
