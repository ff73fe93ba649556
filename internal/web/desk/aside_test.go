package desk_test

import (
	"net/http"
	"testing"
	"time"
)

func TestTicketIsPutAsideWithoutScripts(t *testing.T) {
	each(t, func(s *stage) {
		made := s.made("Printer", "first-line")
		do := func(what string, fields ...string) *answer {
			return s.post("amara", path(made.ID, "/"+what), fields...)
		}
		page := func() *answer { return s.get("amara", path(made.ID, "")) }

		do("snooze", "when", "tomorrow").to(path(made.ID, ""))
		page().has("#timeline", "This ticket sleeps until").has("#timeline", "or until an answer comes").has(".ticket-head", "snoozed")
		do("wake").to(path(made.ID, ""))
		page().hasNot("#timeline", "This ticket sleeps")
		do("snooze", "when", "answer").to(path(made.ID, ""))
		page().has("#timeline", "This ticket sleeps until an answer comes")
		at := time.Now().UTC().AddDate(0, 0, 3).Format("2006-01-02T15:04")
		do("snooze", "when", "at", "at", at, "through", "1").to(path(made.ID, ""))
		page().has("#timeline", "even if an answer comes")
		for _, fields := range [][]string{{"when", "at", "at", "2020-01-01T08:00"}, {"when", "at", "at", "soon"}, {"when", "never"}, {}} {
			do("snooze", fields...).want(http.StatusUnprocessableEntity).has("#flash", "Please choose")
		}

		do("trash").to(path(made.ID, ""))
		page().has("#timeline", "This ticket is in the trash").hasNot("#timeline", "Delete for good").hasNot("#ticket-menu", "To the trash")
		s.get("amara", "/tickets?view=trash").has(".rows", "Printer")
		s.get("amara", "/tickets?view=all").hasNot("#list", "Printer")
		do("restore").to(path(made.ID, ""))
		page().hasNot("#timeline", "This ticket is in the trash").has("#timeline", "even if an answer comes")
		do("purge", "sure", "1").want(http.StatusForbidden)

		do("trash")
		s.get("ada", path(made.ID, "")).has("#timeline", "Delete for good")
		s.post("ada", path(made.ID, "/purge")).want(http.StatusUnprocessableEntity).has("#flash", "sure")
		s.post("ada", path(made.ID, "/purge"), "sure", "1").to("/tickets?view=trash")
		page().want(http.StatusNotFound)
	})
}
