package desk_test

import (
	"context"
	"net/http"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/outcome"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func TestWhatARequesterSaidAfterwards(t *testing.T) {
	each(t, func(s *stage) {
		k := &outcome.Keeper{DB: s.db, Desk: s.desk.Tickets}
		s.desk.Tickets.Later = []ticket.Hook{k.Hook()}
		tk, secret := s.made("Printer", "first-line"), s.made("Payroll", "people")
		solve := func(t ticket.Ticket) {
			s.write(func(ctx context.Context, tx *db.Tx) error {
				return s.desk.Tickets.Solve(ctx, tx, s.as2(ctx, tx, "jonas"), t.ID)
			})
		}
		say := func(t ticket.Ticket, a outcome.Answer) {
			s.write(func(ctx context.Context, tx *db.Tx) error { return k.Say(ctx, tx, s.as2(ctx, tx, "hana"), t, a, true) })
		}
		solve(tk)
		solve(secret)
		s.get("jonas", path(tk.ID, "")).want(http.StatusOK).hasNot("#side", "Hana said")
		say(tk, outcome.Answer{Worked: outcome.No, Reason: "Now it eats <b>two</b> sheets", Face: outcome.Fair, Words: "Quick, but twice"})
		say(secret, outcome.Answer{Worked: outcome.Yes, Face: outcome.Good, Words: "Thank you"})

		// Who had part in it, and leads, read all of it; other staff read that it is not fixed.
		for _, who := range []string{"jonas", "priya"} {
			a := s.get(who, path(tk.ID, "")).want(http.StatusOK).has("#side", "Hana said").has("#side", "Not fixed yet: Now it eats <b>two</b> sheets").has("#side", "Our help was: So-so").has("#side blockquote", "Quick, but twice")
			uitest.Sound(t, a.doc)
		}
		s.get("amara", path(tk.ID, "")).want(http.StatusOK).has("#side", "Not fixed yet: Now it eats").hasNot("body", "So-so").hasNot("body", "Quick, but twice")
		s.get("jonas", path(secret.ID, "")).want(http.StatusOK).has("#side", "It works.").has("#side blockquote", "Thank you")
		s.get("priya", path(secret.ID, "")).want(http.StatusNotFound).hasNot("body", "Thank you")
		s.get("hana", path(tk.ID, "")).hasNot("body", "Hana said")

		// Solved anew, what was wrong before is not said any more; the face stays until another is chosen.
		solve(tk)
		s.get("jonas", path(tk.ID, "")).hasNot("#side", "Not fixed yet").has("#side", "Our help was: So-so")
		s.get("amara", path(tk.ID, "")).hasNot("#side", "Hana said")
	})
}
