package admin_test

import (
	"strings"
	"testing"
)

// policyFields are the form of a policy, with some of it changed.
func policyFields(pairs ...string) []string {
	fields := []string{
		"level", "sla", "name", "Standard", "filter", "", "first_answer.normal", "4h", "first_answer.urgent", "1h", "next_answer.normal", "8 h", "solve.normal", "24h", "solve.urgent", "1:30",
		"solve.low", "2,5 std", "count", "work", "warn", "1h, 30m", "active", "1", "rest.pending", "solve", "rest.on_hold", "solve",
	}
	for i := 0; i < len(pairs); i += 2 {
		for j := 0; j < len(fields); j += 2 {
			if fields[j] == pairs[i] {
				fields[j+1] = pairs[i+1]
				pairs[i] = ""
			}
		}
		if pairs[i] != "" {
			fields = append(fields, pairs[i], pairs[i+1])
		}
	}
	return fields
}

func TestPolicies(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/sla").sound().says("Nothing is promised yet")
		s.get("/admin/sla/new").sound()
		s.get("/admin/sla/new?level=ola").sound().says("time in this team")
		s.post("/admin/sla", policyFields()...).done("is saved").says("all tickets", "first answer 1 h to 4 h", "solution 1 h 30 min to 24 h")
		if form := s.get("/admin/sla/1").sound().body; !strings.Contains(form, `value="1h 30m"`) || !strings.Contains(form, `value="2h 30m"`) {
			s.Error("the times are not in the form again")
		}
		if got := s.audited("policy added", "policy 1"); !strings.Contains(got, "name: none → Standard") {
			s.Errorf("the record says %q", got)
		}

		// What cannot be, field by field, with what was typed.
		for field, x := range map[string]struct{ typed, says string }{
			"first_answer.normal": {"soon", "Please write it like 4h"},
			"next_answer.normal":  {"2d", "in hours"},
			"solve.normal":        {"2h", "solved before it has to be answered"},
			"warn":                {"40h", "come with the ticket itself"},
			"name":                {strings.Repeat("long", 30), "shorter name"},
			"filter":              {"priority:soon", "priority:"},
		} {
			s.post("/admin/sla", policyFields(field, x.typed)...).refused("f-"+field, x.says, x.typed)
		}
		s.post("/admin/sla", policyFields("calendar", "4711")...).refused("calendars", "gone")
		s.post("/admin/sla", "level", "sla", "name", "Empty").refused("f-first_answer.normal", "promises nothing yet")

		// Two at once: the second is told, and may insist.
		s.post("/admin/sla/1", policyFields("seen", "1", "name", "Gold")...).done("“Gold” is saved")
		s.post("/admin/sla/1", policyFields("seen", "1", "name", "Silver", "solve.normal", "23h")...).refused("seen", "Somebody else", "Silver", "23h")
		s.post("/admin/sla/1", policyFields("seen", "2", "name", "Silver")...).done("“Silver” is saved")

		// Order, and the end of it.
		s.post("/admin/sla", policyFields("name", "Second", "filter", "priority:urgent")...).done("is saved")
		s.post("/admin/sla/2/move", "to", "up").done("The order has changed.")
		if list := s.get("/admin/sla").sound().body; strings.Index(list, "Second") > strings.Index(list, "Silver") {
			s.Error("the second is not first")
		}
		s.post("/admin/sla/2/removal").done("is removed")
		if got := s.send("ada", "GET", "/admin/sla/2", nil); got.status != 404 {
			s.Errorf("what is removed answers %d", got.status)
		}
	})
}
