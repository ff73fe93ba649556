package thanks_test

import (
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/thanks"
)

// TestACardToAColleagueNeedsNoTicket writes cards for what is no ticket: they are in the record, in the letter of the month unless they were in a private team, and hang
// when both say so.
func TestACardToAColleagueNeedsNoTicket(t *testing.T) {
	each(t, func(s *stage) {
		write := func(by, to person.Actor, text string, alone bool) (c thanks.Card, err error) {
			err = s.db.Write(s.ctx, func(tx *db.Tx) (err error) {
				c, err = s.book.ToColleague(s.ctx, tx, by, thanks.Words{To: to.ID, Text: text, Wall: true}, alone)
				return err
			})
			return c, err
		}
		c, err := write(s.amara, s.jonas, "  Thank you for covering for me.\r\n", false)
		if err != nil || c.Text != "Thank you for covering for me." || c.HungAt != 0 || len(s.told) != 1 {
			t.Fatalf("%+v, %v, told %q", c, err, s.told)
		}
		secret, err := write(s.amara, s.ines, "You stayed for the payroll run.", true)
		if err != nil || !secret.Kept {
			t.Errorf("%+v, %v", secret, err)
		}
		for _, who := range []person.Actor{s.ruth, s.ines} {
			s.write(func(tx *db.Tx) error {
				all, _, err := thanks.Month(s.ctx, tx, who, s.now.Add(-time.Hour), s.now.Add(time.Hour))
				if len(all) != 1 || all[0].ID != c.ID {
					t.Errorf("the letter to %s has %+v", who.Name, all)
				}
				return err
			})
		}
		if err := s.choose(s.jonas, c.ID, thanks.HangUp); err != nil || len(s.wall(s.ruth)) != 1 {
			t.Errorf("it does not hang: %v, %q", err, s.wall(s.ruth))
		}
		for name, to := range map[string]person.Actor{"herself": s.amara, "a requester": s.hana, "nobody": {}} {
			if _, err := write(s.amara, to, "Thanks", false); !fault.Is(err, fault.KindConflict) {
				t.Errorf("to %s: %v", name, err)
			}
		}
		for _, text := range []string{"", " \n", strings.Repeat("x", thanks.MaxText+1)} {
			if _, err := write(s.amara, s.jonas, text, false); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%.10q: %v", text, err)
			}
		}
		if _, err := write(s.hana, s.jonas, "Thanks", false); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a requester has a ticket to thank for: %v", err)
		}
	})
}
