package desk_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func TestNewTicket(t *testing.T) {
	each(t, func(s *stage) {
		s.made("Half pages", "first-line")
		a := s.get("amara", "/tickets/new").want(http.StatusOK).has("#f-team", "Network").hasNot("#f-team", "People matters")
		if n := a.all("#f-who-list option"); len(n) != 1 || uitest.Attr(n[0], "value") != "Hana Sato <hana@example.com>" {
			t.Errorf("%d suggestions", len(n))
		}
		s.get("jonas", "/tickets/new").has("#f-team", "People matters")
		count := func() (n int) {
			s.write(func(ctx context.Context, tx *db.Tx) (err error) {
				n, err = db.One[int](ctx, tx, `SELECT count(*) FROM person`)
				return err
			})
			return n
		}
		people := count()
		made := func(a *answer) ticket.Ticket {
			a.want(http.StatusSeeOther)
			return s.now(number(a.header.Get("Location")))
		}
		for _, who := range []string{"Hana Sato <hana@example.com>", "hana@example.com", "Hana Sato", "hana  SATO"} {
			got := made(s.post("amara", "/tickets", "who", who, "subject", "Calls about paper", "text", "No paper"))
			if got.RequesterID != s.people["hana"].ID || got.Channel != ticket.ByPhone || got.Status != ticket.StatusNew || got.TeamID != s.teams["first-line"] {
				t.Errorf("%s: %+v", who, got)
			}
			s.get("amara", path(got.ID, "")).has("#timeline", "Amara wrote this down for Hana").has("#timeline article", "No paper")
		}
		if n := count(); n != people {
			t.Errorf("%d people were added", n-people)
		}
		got := made(s.postFiles("amara", "/tickets", []string{"photo.jpg"}, "who", "Nadia Haddad <nadia@new.example>", "subject", "", "text", "The door is stuck", "team", "network", "assignee", "me", "priority", "urgent", "kind", "request"))
		if got.Subject != "The door is stuck" || got.TeamID != s.teams["network"] || got.AssigneeID != s.people["amara"].ID || got.Priority != ticket.Urgent || got.Kind != ticket.Request {
			t.Errorf("the ticket is %+v", got)
		}
		s.get("amara", path(got.ID, "")).has("#timeline .attachments", "photo.jpg").has("#side", "nadia@new.example")
		phone := made(s.post("amara", "/tickets", "who", "Quentin Marsh", "subject", "No mail", "text", "He has no address"))
		s.get("amara", path(phone.ID, "")).has("#composer", "There is no address yet to which an answer to Quentin Marsh could go")
		if n := count(); n != people+2 {
			t.Errorf("%d people were added, want 2", n-people)
		}
	})
}

func TestNewTicketKeepsWhatWasTyped(t *testing.T) {
	each(t, func(s *stage) {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := person.Create(ctx, tx, person.New{Name: "Hana Sato", Addresses: []string{"hana@other.example"}, Role: person.Requester})
			return err
		})
		for who, message := range map[string]string{"Hana Sato": "2 people are called Hana Sato", "tom": "Is it Tom Becker <tom@example.com>?", "": "Please say who", "a b@c": "is not a mail address", "<>@": "is not a mail address"} {
			a := s.post("amara", "/tickets", "who", who, "subject", "Sub <ject>", "text", "", "priority", "urgent", "assignee", "me").want(http.StatusUnprocessableEntity)
			a.has("#f-who-wrong", message).has("#f-text-wrong", "Please write down what they say")
			if a.value("#f-who") != who || a.value("#f-subject") != "Sub <ject>" || len(a.all("#f-priority [selected]")) != 1 || uitest.Attr(a.all("#f-priority [selected]")[0], "value") != "urgent" {
				t.Errorf("%q: something typed is lost", who)
			}
			if len(a.all("details.fold[open]")) != 1 {
				t.Errorf("%q: the chosen assignee is folded away", who)
			}
		}
		s.post("amara", "/tickets", "who", "tom@example.com", "text", "x", "team", "people").want(http.StatusUnprocessableEntity).has("#flash", "There is no team")
		s.post("amara", "/tickets", "who", "tom@example.com", "text", "x", "kind", "quiz").want(http.StatusUnprocessableEntity).has("#flash", "Please choose one of")
		s.post("amara", "/tickets", "who", "tom@example.com", "text", "x", "assignee", idText(s.people["hana"].ID)).want(http.StatusUnprocessableEntity).has("#flash", "Please choose somebody who works at the desk")
		s.post("hana", "/tickets", "who", "tom@example.com", "text", "x").want(http.StatusForbidden)
		s.post("", "/tickets", "who", "tom@example.com", "text", "x").want(http.StatusUnauthorized).has("main", "You were signed out before this was sent")
		s.get("amara", "/tickets?view=all").has("#list", "The desk is ready")
	})
}

func TestSuggestions(t *testing.T) {
	each(t, func(s *stage) {
		a := s.get("amara", "/people/suggest?q=ha").want(http.StatusOK)
		if !strings.HasPrefix(a.body, `<datalist id="f-who-list">`) || len(a.all("option")) != 1 || uitest.Attr(a.all("option")[0], "value") != "Hana Sato <hana@example.com>" {
			t.Errorf("the suggestions are %s", a.body)
		}
		if n := len(s.get("amara", "/people/suggest?q=").all("option")); n != 0 {
			t.Errorf("%d suggestions for nothing", n)
		}
		if n := len(s.get("amara", "/people/suggest?q=example").all("option")); n != 6 {
			t.Errorf("%d suggestions by address", n)
		}
		s.get("hana", "/people/suggest?q=a").want(http.StatusForbidden)
	})
}

// number reads the number of a ticket from its address.
func number(location string) (n int64) {
	for _, r := range strings.TrimPrefix(location, "/tickets/") {
		if r < '0' || r > '9' {
			break
		}
		n = 10*n + int64(r-'0')
	}
	return n
}
