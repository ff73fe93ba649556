package desk_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

func TestSuspectTicketsAreLookedOver(t *testing.T) {
	each(t, func(s *stage) {
		s.desk.Suspicion = func(context.Context, *db.Tx, int64) (float64, []i18n.Text, error) {
			return 0.987, []i18n.Text{i18n.M("It has no date")}, nil
		}
		spam := func(n *ticket.New) { n.Suspect = true }
		prize := s.made("You have won", "first-line", spam)
		s.made("The printer", "first-line")
		hidden := s.made("A private prize", "people", spam)

		for _, view := range []string{"/tickets", "/tickets?view=all", "/tickets?view=unassigned", "/tickets?view=done"} {
			if strings.Contains(s.get("amara", view).text("#list"), "You have won") {
				t.Errorf("it stands in %s", view)
			}
		}
		list := s.get("amara", "/tickets?view=suspect")
		if text := list.text("main"); !strings.Contains(text, "You have won") || strings.Contains(text, "The printer") || strings.Contains(text, "private prize") || !strings.Contains(text, "Not spam") {
			t.Errorf("the list of suspects: %s", text)
		}
		if text := s.get("jonas", "/tickets?view=suspect").text("main"); !strings.Contains(text, "private prize") {
			t.Error("a member of the private team does not see its suspect")
		}
		shown := s.get("amara", path(prize.ID, "")).text("main")
		for _, want := range []string{"This looks like spam", "It has no date", "98 %", "Not spam"} {
			if !strings.Contains(shown, want) {
				t.Errorf("its page does not say %q", want)
			}
		}
		s.post("amara", path(hidden.ID, "/suspicion"), "value", "spam").want(http.StatusNotFound)
		s.post("amara", path(prize.ID, "/suspicion"), "value", "perhaps").want(http.StatusUnprocessableEntity)
		s.post("amara", path(prize.ID, "/suspicion"), "value", "spam").want(http.StatusSeeOther)
		if now := s.now(prize.ID); now.Turn != ticket.Spam {
			t.Errorf("judged as spam: %+v", now)
		}
		if text := s.get("amara", path(prize.ID, "")).text("main"); !strings.Contains(text, "Amara said that it is spam") {
			t.Errorf("the timeline: %s", text)
		}
		s.post("amara", path(prize.ID, "/suspicion"), "value", "wanted").want(http.StatusSeeOther)
		if text := s.get("amara", "/tickets").text("main"); !strings.Contains(text, "You have won") {
			t.Error("a wanted ticket is not our turn")
		}
	})
}
