package admin_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/routing"
)

func TestSharing(t *testing.T) {
	each(t, func(s *stage) {
		team := s.teams["first-line"]
		at := at("/admin/teams", team) + "/sharing"
		s.get(strings.TrimSuffix(at, "/sharing")).sound().says("Everybody takes what they can.")
		s.get(at).sound()
		s.post(at, "way", "dice", "capacity", "0", "offer_after", "-3", "offer_for", "10").refused("f-way", "how the work is shared").refused("f-capacity", "from 1 to").refused("f-offer_after", "from 1 to")
		s.post(at, "way", "least", "calendar", "4711").refused("f-calendar", "one of the calendars")
		s.post(at, "way", "least", "capacity", "8", "offer_after", "30", "offer_for", "10", "last_helper", "1").done("is saved").says("whoever has the least to do", "At most 8 each", "after 30 working minutes")
		if got := s.audited("team sharing changed", "team "+text(team)); !strings.Contains(got, "sharing: none → least") {
			t.Errorf("the record says %q", got)
		}
		s.write(func(ctx context.Context, tx *db.Tx) error {
			got, err := routing.SharingOf(ctx, tx, team)
			if got.Way != routing.Least || got.Capacity != 8 || got.OfferAfter != 30 || !got.LastHelper || got.AtWork {
				t.Errorf("stored is %+v", got)
			}
			return err
		})
	})
}

func TestRoutesAndSkills(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/routes").sound().says("There is no route yet.")
		s.post("/admin/routes", "filter", "status:later", "active", "1").refused("f-filter", "", "status:later").refused("f-team", "choose one of the teams")
		s.post("/admin/routes", "filter", "subject:vpn", "team", text(s.teams["people"]), "active", "1").done("The route is saved.").says("subject:vpn", "to People matters")
		s.post("/admin/routes", "filter", "channel:form", "team", text(s.teams["first-line"])).done("The route is saved.").says("switched off")
		s.post("/admin/routes/2/place", "to", "up").done("The order is saved.")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			all, err := routing.Routes(ctx, tx)
			if len(all) != 2 || all[0].Filter != "channel:form" || all[1].Filter != "subject:vpn" {
				t.Errorf("the routes are %+v", all)
			}
			return err
		})
		s.get("/admin/routes/1").sound().says("Route 1")
		s.post("/admin/routes/1/removal").done("The route is removed.")

		amara := s.people["amara"]
		form := []string{"name", "Amara Okafor", "role", "agent", "active", "1", "team", text(s.teams["first-line"])}
		s.post(at("/admin/people", amara), append(form, "skills", "de, print er!")...).refused("f-skills", "cannot be one", "de, print er!")
		s.post(at("/admin/people", amara), append(form, "skills", "de, Printer de")...).done("is saved").says("de, printer")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			got, err := routing.TagsOf(ctx, tx, amara)
			if !slices.Equal(got, []string{"de", "printer"}) {
				t.Errorf("skills are %v", got)
			}
			return err
		})
	})
}
