package admin_test

import (
	"slices"
	"strings"
	"testing"
)

func TestTeams(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/teams").sound().says("First line", "People matters", "private", "nobody yet")
		s.get("/admin/teams/new").sound()
		amara := text(s.people["amara"])
		s.post("/admin/teams", "name", "Network", "slug", " Network ", "private", "1", "member", amara).done("The team Network is saved.").says("1 person")
		id := s.teams["people"] + 1
		if got := s.audited("team added", "team "+text(id)); !strings.Contains(got, "name: none → Network") || !strings.Contains(got, "private: no → yes") {
			t.Errorf("the record says %q", got)
		}
		if got := s.audited("team members changed", "team "+text(id)); got != "came: Amara Okafor (person "+amara+")" {
			t.Errorf("the record says %q", got)
		}
		s.get(at("/admin/teams", id)).sound().says("When it stops being private")

		lines := s.audits()
		s.post(at("/admin/teams", id), "name", "Network", "slug", "network", "private", "1", "member", amara).done("is saved")
		if s.audits() != lines {
			t.Error("saving what was there left a line in the record")
		}
		s.post(at("/admin/teams", id), "name", "Nets", "slug", "network", "member", text(s.people["priya"])).done("The team Nets is saved.")
		if got := s.audited("team changed", "team "+text(id)); got != "name: Network → Nets; private: yes → no" {
			t.Errorf("the record says %q", got)
		}
		if got := s.audited("team members changed", "team "+text(id)); got != "came: Priya Kaur (person "+text(s.people["priya"])+"); went: Amara Okafor (person "+amara+")" {
			t.Errorf("the record says %q", got)
		}
		if got := s.members(id); !slices.Equal(got, []int64{s.people["priya"]}) {
			t.Errorf("members %v", got)
		}

		s.post("/admin/teams", "name", " ", "slug", "two words", "private", "1", "member", amara).refused("f-slug", "small letters", "two words").says("Please give a name.", "Nothing has been saved yet.")
		s.post("/admin/teams", "name", "Other", "slug", "network").refused("f-slug", "Another team", "Other", "network")
		s.post(at("/admin/teams", id), "name", "Nets", "slug", "network", "member", text(s.people["hana"])).refused("members", "Only staff")
		if got := s.members(id); !slices.Equal(got, []int64{s.people["priya"]}) {
			t.Errorf("a refused form changed the members to %v", got)
		}
	})
}
