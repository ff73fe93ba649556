package desk_test

import (
	"context"
	"net/http"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

func TestMergeByForm(t *testing.T) {
	each(t, func(s *stage) {
		kept, gone, third := s.made("Half pages", "first-line"), s.made("Half pages again", "first-line"), s.made("And once more", "first-line")
		s.get("amara", path(kept.ID, "/merges")).want(http.StatusOK).has("main", "Half pages again").has("main", "And once more")
		for typed, told := range map[string]string{"": "at least one", "abc": "not the number", idText(kept.ID): "part of itself", "99999": "no ticket 99999"} {
			s.post("amara", path(kept.ID, "/merges"), "numbers", typed).want(http.StatusUnprocessableEntity).has("#f-numbers-wrong", told)
		}
		s.post("amara", path(kept.ID, "/merges"), "numbers", "#"+idText(gone.ID), "other", idText(third.ID)).to(path(kept.ID, ""))
		if got := s.now(kept.ID); got.Messages != 3 {
			t.Errorf("%d messages, want 3", got.Messages)
		}
		a := s.get("amara", path(kept.ID, "")).want(http.StatusOK).has("#timeline", "Text of Half pages again").has("#timeline", "from #"+idText(gone.ID)).has("#timeline", "Undo")
		a.has("#timeline", "made #"+idText(gone.ID)+" “Half pages again” part of this")
		s.get("amara", path(gone.ID, "")).to(path(kept.ID, ""))
		s.get("amara", path(gone.ID, "")+"?alone").want(http.StatusOK).has("#timeline", "Part of another ticket").hasNot("#side", "Take it")
		s.post("amara", path(gone.ID, "/priority"), "value", "high").want(http.StatusConflict)
		s.post("amara", path(gone.ID, "/replies"), "text", "Sent from an old page").to(path(gone.ID, "") + "#new") // nothing typed is lost
		if got := s.now(kept.ID); got.Messages != 4 {
			t.Errorf("%d messages after an answer from an old page, want 4", got.Messages)
		}
		s.post("amara", path(kept.ID, "/merges/"+idText(gone.ID)+","+idText(third.ID)+"/undo")).to(path(kept.ID, ""))
		if a, b := s.now(gone.ID), s.now(third.ID); a != gone || b != third {
			t.Errorf("after the undo\n%+v\n%+v, want\n%+v\n%+v", a, b, gone, third)
		}
		s.post("amara", path(kept.ID, "/merges/"+idText(gone.ID)+"/undo")).want(http.StatusConflict)

		s.post("amara", path(gone.ID, "/merges"), "numbers", idText(kept.ID), "keep", "other").to(path(kept.ID, ""))
		if got := s.now(gone.ID); got.MergedInto != kept.ID {
			t.Errorf("the other way round: %+v", got)
		}
	})
}

func TestMergeOfDifferentOrganisationsIsAsked(t *testing.T) {
	each(t, func(s *stage) {
		hers := s.made("Hers", "first-line")
		his := s.made("His", "first-line", func(n *ticket.New) { n.Requester = s.people["tom"].ID })
		s.post("amara", path(hers.ID, "/merges"), "numbers", idText(his.ID)).want(http.StatusUnprocessableEntity).has("main", "They will read each other").has("main", "Hana Sato, Tom Becker")
		if got := s.now(his.ID); got != his {
			t.Errorf("nobody agreed, and it is %+v", got)
		}
		s.post("amara", path(hers.ID, "/merges"), "numbers", idText(his.ID), "agreed", "yes").to(path(hers.ID, ""))
		s.write(func(ctx context.Context, tx *db.Tx) error {
			followers, err := ticket.Followers(ctx, tx, hers.ID)
			if err == nil && (len(followers) != 1 || followers[0].ID != s.people["tom"].ID) {
				t.Errorf("followers %+v", followers)
			}
			return err
		})
	})
}

func TestMergeTellsNothingOfPrivateTeams(t *testing.T) {
	each(t, func(s *stage) {
		open, secret := s.made("Open", "first-line"), s.made("Secret", "people")
		there := s.post("amara", path(open.ID, "/merges"), "numbers", idText(secret.ID)).want(http.StatusUnprocessableEntity).text("#f-numbers-wrong")
		none := s.post("amara", path(open.ID, "/merges"), "numbers", "4711").want(http.StatusUnprocessableEntity).text("#f-numbers-wrong")
		if want := "There is no ticket " + idText(secret.ID) + "."; there != want || none != "There is no ticket 4711." {
			t.Errorf("told %q and %q", there, none)
		}
		s.post("amara", path(secret.ID, "/merges"), "numbers", idText(open.ID)).want(http.StatusNotFound)
		s.get("amara", "/tickets/suggest?q=secret").want(http.StatusOK).hasNot("html", "Secret")
		s.get("jonas", "/tickets/suggest?q=secret").want(http.StatusOK).has("html", "Secret")
		s.post("jonas", path(secret.ID, "/merges"), "numbers", idText(open.ID)).to(path(secret.ID, ""))
		s.get("amara", path(open.ID, "")).want(http.StatusOK).has("main", "not shared with you").hasNot("main", "Secret").hasNot("main", idText(secret.ID))
		s.post("amara", path(secret.ID, "/merges/"+idText(open.ID)+"/undo")).want(http.StatusNotFound)
		s.post("amara", path(open.ID, "/merges/"+idText(open.ID)+"/undo")).want(http.StatusNotFound)
	})
}
