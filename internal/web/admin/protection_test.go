package admin_test

import (
	"context"
	"slices"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/mailbox"
	"goodturn/internal/spam"
)

func TestProtectionIsSet(t *testing.T) {
	each(t, func(s *stage) {
		s.get("/admin/protection").sound().says("Spam and storms", "Cautious")
		s.post("/admin/protection", "spam", "normal", "mails", "5", "tickets", "none", "people", "100").refused("f-tickets", "number from 1", "none")
		s.post("/admin/protection", "spam", "normal", "mails", "5", "tickets", "30", "people", "100", "exempt", "nobody").refused("f-exempt", "neither an address nor a domain", "nobody")
		s.post("/admin/protection", "spam", "strict", "mails", "7", "tickets", "30", "people", "40", "exempt", "@lab.example\r\nMonitor@firm.example", "believe_flag", "1").done("holds from the next mail")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			p, err := mailbox.LoadProtection(ctx, tx)
			if p.Spam != spam.Strict || !p.BelieveFlag || p.Mails != 7 || p.Tickets != 30 || p.People != 40 || !slices.Equal(p.Exempt, []string{"@lab.example", "monitor@firm.example"}) {
				t.Errorf("saved %+v", p)
			}
			return err
		})
		s.audited("protection changed", "desk")
	})
}
