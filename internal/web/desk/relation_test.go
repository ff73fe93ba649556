package desk_test

import (
	"context"
	"net/http"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestSplitByForm(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		var second ticket.Message
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			second, err = s.desk.Tickets.Answer(ctx, tx, ticket.By{Actor: person.Actor{ID: s.people["hana"].ID, System: true}}, tk.ID, ticket.Draft{Text: "By the way, my phone rings twice.", Author: s.people["hana"].ID})
			return err
		})
		s.get("amara", path(tk.ID, "")).want(http.StatusOK).has("#timeline", "split off")
		s.get("amara", path(tk.ID, "/splits?message="+idText(second.ID))).want(http.StatusOK).has("main", "my phone rings twice").has("main", "Hana Sato asks there")
		s.get("amara", path(tk.ID, "/splits?message=4711")).want(http.StatusNotFound)
		made := tk.ID + 1
		s.post("amara", path(tk.ID, "/splits"), "message", idText(second.ID), "subject", "Phone rings twice").to(path(made, ""))
		if got := s.now(made); got.Subject != "Phone rings twice" || got.Messages != 1 || got.RequesterID != s.people["hana"].ID || got.Turn != ticket.Ours || got.WaitingSince != second.CreatedAt {
			t.Errorf("made %+v", got)
		}
		s.get("amara", path(made, "")).want(http.StatusOK).has("#timeline", "split this off from #"+idText(tk.ID)).has("#links", "split off from · #"+idText(tk.ID))
		s.get("amara", path(tk.ID, "")).want(http.StatusOK).has("#timeline", "off from this").has("#links", "Phone rings twice").hasNot("#timeline", "By the way")
		var rest ticket.Message
		s.write(func(ctx context.Context, tx *db.Tx) error {
			all, err := ticket.Messages(ctx, tx, tk.ID, true)
			rest = all[0]
			return err
		})
		s.post("amara", path(tk.ID, "/splits"), "message", idText(rest.ID)).want(http.StatusUnprocessableEntity).has("main", "Something must stay")
		s.post("amara", path(tk.ID, "/splits/"+idText(made)+"/undo")).to(path(tk.ID, ""))
		if got := s.now(tk.ID); got.Messages != 2 {
			t.Errorf("put back: %+v", got)
		}
	})
}

func TestLinksByForm(t *testing.T) {
	each(t, func(s *stage) {
		top, a, b, secret := s.made("All phones are dead", "first-line"), s.made("My phone", "first-line"), s.made("Her phone", "first-line"), s.made("Secret", "people")
		for _, child := range []ticket.Ticket{a, b} {
			s.post("amara", path(top.ID, "/relations"), "other", "#"+idText(child.ID), "kind", ticket.Child).to(path(top.ID, ""))
		}
		s.get("amara", path(a.ID, "")).want(http.StatusOK).has("#links", "All phones are dead").has("#links", "parent").has("#timeline", "the parent of this")
		for kind, other := range map[string]int64{ticket.Child: top.ID, ticket.Parent: b.ID} { // rings, and two parents
			s.post("amara", path(a.ID, "/relations"), "other", idText(other), "kind", kind).want(http.StatusUnprocessableEntity).has("#f-numbers-wrong", "#")
		}
		there := s.post("amara", path(a.ID, "/relations"), "other", idText(secret.ID)).want(http.StatusUnprocessableEntity).text("#f-numbers-wrong")
		if want := "There is no ticket " + idText(secret.ID) + "."; there != want {
			t.Errorf("told %q, want %q", there, want)
		}
		s.post("amara", path(a.ID, "/relations"), "other", "").want(http.StatusUnprocessableEntity)
		s.post("jonas", path(a.ID, "/relations"), "other", idText(secret.ID)).to(path(a.ID, ""))
		s.get("jonas", path(a.ID, "")).want(http.StatusOK).has("#links", "Secret")
		s.get("amara", path(a.ID, "")).want(http.StatusOK).hasNot("#links", "Secret").hasNot("#timeline", "Secret").hasNot("#timeline", idText(secret.ID))

		s.get("amara", path(top.ID, "")).want(http.StatusOK).hasNot("#timeline", "still open")
		s.post("amara", path(top.ID, "/status"), "value", "solved")
		s.get("amara", path(top.ID, "")).want(http.StatusOK).has("#timeline", "2 children of this ticket are still open")
		s.post("amara", path(top.ID, "/children/solution")).to(path(top.ID, ""))
		if x, y := s.now(a.ID), s.now(b.ID); x.Status != ticket.Solved || y.Status != ticket.Solved {
			t.Errorf("the children are %q and %q", x.Status, y.Status)
		}
		s.post("amara", path(top.ID, "/relations/removal"), "other", idText(b.ID), "kind", ticket.Child).to(path(top.ID, ""))
		s.get("amara", path(b.ID, "")).want(http.StatusOK).hasNot("#links", "All phones")
	})
}

func TestMoveSaysWhy(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("No way out", "first-line")
		s.post("amara", path(tk.ID, "/team"), "value", "network", "reason", "It is the firewall")
		if got := s.now(tk.ID); got.TeamID != s.teams["network"] || got.Messages != 2 {
			t.Errorf("moved: %+v", got)
		}
		s.get("amara", path(tk.ID, "")).want(http.StatusOK).has("#timeline", "It is the firewall").has("#timeline", "moved it to Network")
		s.post("amara", path(tk.ID, "/team/first-line/undo")).to(path(tk.ID, ""))
		s.post("jonas", path(tk.ID, "/assignee"), "value", idText(s.people["amara"].ID))
		s.post("jonas", path(tk.ID, "/team"), "value", "people")
		if got := s.now(tk.ID); got.TeamID != s.teams["people"] || got.AssigneeID != 0 {
			t.Errorf("with the private team: %+v", got)
		}
		s.post("jonas", path(tk.ID, "/team/first-line/undo")).to(path(tk.ID, ""))
		if got := s.now(tk.ID); got.TeamID != s.teams["first-line"] || got.AssigneeID != s.people["amara"].ID {
			t.Errorf("moved back: %+v", got)
		}
	})
}
