package desk_test

import (
	"context"
	"net/http"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

func TestWhatIsKnownOfSomebody(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		hana := "/people/" + idText(s.people["hana"].ID)
		s.get("amara", path(tk.ID, "")).has("#person-note summary", "Note what helps with them")
		s.post("amara", hana+"/note", "uses", "MacBook", "explaining", "step by step", "phone", "+351 21 555", "was", "0", "ticket", idText(tk.ID)).to(path(tk.ID, ""))
		a := s.get("jonas", path(tk.ID, "")).has("#side .knowing", "MacBook").has("#side .knowing", "step by step").has("#side a[href=tel:+35121555]", "+351 21 555")
		seen := a.value("#person-note [name=was]")
		s.get("jonas", hana).has("main", "MacBook")
		// Two at once: what the second wrote stays in the form, beside what stands there now.
		s.post("jonas", hana+"/note", "uses", "an iPad", "was", "0", "ticket", idText(tk.ID)).want(http.StatusUnprocessableEntity).
			has("#person-note .notice", "MacBook").has("#person-uses", "an iPad").has("h1", "Half pages")
		a = s.post("jonas", hana+"/note", "uses", "an iPad", "was", "0").want(http.StatusUnprocessableEntity).has("main .notice", "MacBook").has("#person-uses", "an iPad")
		if got := a.value("[name=was]"); got != seen {
			t.Errorf("the form goes on from %q, want %q", got, seen)
		}
		s.post("jonas", hana+"/note", "uses", "an iPad", "was", seen).to(hana)
		s.get("amara", path(tk.ID, "")).has("#side .knowing", "an iPad").hasNot("#side .knowing", "MacBook")
		s.post("amara", hana+"/note", "phone", "call me", "was", "0", "ticket", idText(tk.ID)).want(http.StatusUnprocessableEntity).has("#person-phone-wrong", "a number such as")
		s.post("amara", "/people/999999/note", "uses", "x").want(http.StatusNotFound)
	})
}

func TestEarlierTicketsSayHowTheyEnded(t *testing.T) {
	each(t, func(s *stage) {
		old, tk := s.made("White stripe", "first-line"), s.made("Half pages", "first-line")
		jonas := s.as("jonas")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := s.desk.Tickets.Reply(ctx, tx, jonas, old.ID, ticket.Draft{Text: "Good morning Hana,\n\nI cleaned the transfer belt."}, ticket.Solved); err != nil {
				return err
			}
			_, err := s.desk.Tickets.Note(ctx, tx, jonas, old.ID, ticket.Draft{Text: "A secret."})
			return err
		})
		s.get("amara", path(tk.ID, "")).has("#side .side-link", "solved by Jonas").has("#side .gist", "I cleaned the transfer belt.").hasNot("#side", "Good morning").hasNot("#side .gist", "secret").
			has("#side", "2 tickets this year, 1 solved")
		s.get("amara", "/people/"+idText(s.people["hana"].ID)).has("main", "solved by Jonas").has("main", "2 tickets this year, 1 solved")
	})
}
