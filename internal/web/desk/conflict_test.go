package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"goodturn/internal/ticket"
)

// Two people set the same property: the second is shown both versions, and nothing is lost.
func TestTwoSetTheSame(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Printer", "first-line")
		id := func(who string) string { return idText(s.people[who].ID) }
		s.post("amara", path(tk.ID, "/priority"), "value", "high", "was", "normal").to(path(tk.ID, ""))
		both := s.post("jonas", path(tk.ID, "/priority"), "value", "urgent", "was", "normal").want(http.StatusConflict)
		both.has("#conflict", "Priority was changed meanwhile").has("#conflict", "Amara Okafor set").has("#conflict", "high").has("#conflict", "You want").has("#conflict", "urgent")
		if now := s.now(tk.ID); now.Priority != ticket.High {
			t.Errorf("the priority is %s", now.Priority)
		}
		s.post("jonas", path(tk.ID, "/priority"), "value", "high", "was", "normal").to(path(tk.ID, "")) // they agree
		s.post("jonas", path(tk.ID, "/priority"), "value", "urgent", "was", "high").to(path(tk.ID, ""))
		s.post("amara", path(tk.ID, "/priority"), "value", "low").to(path(tk.ID, "")) // a form that asks for no check

		s.post("amara", path(tk.ID, "/assignee"), "value", "me", "was", "").to(path(tk.ID, ""))
		s.post("jonas", path(tk.ID, "/assignee"), "value", "me", "was", "").want(http.StatusConflict).has("#conflict", "Amara Okafor").has("#conflict", "Jonas Lind")
		s.post("jonas", path(tk.ID, "/assignee"), "value", id("jonas"), "was", id("amara")).to(path(tk.ID, ""))

		s.post("amara", path(tk.ID, "/team"), "value", "network", "was", "first-line").to(path(tk.ID, ""))
		s.post("jonas", path(tk.ID, "/team"), "value", "people", "was", "first-line").want(http.StatusConflict).has("#conflict", "Network").has("#conflict", "People matters")

		s.post("amara", path(tk.ID, "/subject"), "value", "The printer on floor 3", "was", "Printer").to(path(tk.ID, ""))
		s.post("jonas", path(tk.ID, "/subject"), "value", "Printer, half pages", "was", "Printer").want(http.StatusConflict).has("#conflict", "The printer on floor 3").has("#conflict", "Printer, half pages")

		s.post("amara", path(tk.ID, "/status"), "value", "pending", "was", "open").to(path(tk.ID, ""))
		s.post("jonas", path(tk.ID, "/status"), "value", "on_hold", "was", "open").want(http.StatusConflict).has("#conflict", "Status was changed meanwhile")
		if now := s.now(tk.ID); now.Status != ticket.Pending || now.Subject != "The printer on floor 3" {
			t.Errorf("the ticket is %s, %q", now.Status, now.Subject)
		}
	})
}

// Who else is at a ticket is told to those alone who may see it.
func TestPresenceOfATicket(t *testing.T) {
	each(t, func(s *stage) {
		tk, private := s.made("Printer", "first-line"), s.made("Salary", "people")
		s.post("jonas", path(tk.ID, "/presence"), "writing", "reply").want(http.StatusNoContent)
		s.post("jonas", path(private.ID, "/presence"), "writing", "note").want(http.StatusNoContent)
		s.get("amara", path(tk.ID, "/presence")).want(http.StatusOK).has("#writing", "Jonas Lind is writing an answer")
		s.get("amara", path(tk.ID, "")).want(http.StatusOK).has("#writing", "Jonas Lind is writing an answer")
		if own := s.get("jonas", path(tk.ID, "/presence")).want(http.StatusOK); strings.Contains(own.body, "Jonas") {
			t.Error("somebody is told of themselves")
		}
		s.get("amara", path(private.ID, "/presence")).want(http.StatusNotFound)
		s.post("amara", path(private.ID, "/presence"), "writing", "note").want(http.StatusNotFound)
		s.post("jonas", path(tk.ID, "/presence"), "writing", "").want(http.StatusNoContent)
		if a := s.get("amara", path(tk.ID, "/presence")); strings.Contains(a.body, "writing an answer") {
			t.Error("who has stopped still writes")
		}
	})
}
