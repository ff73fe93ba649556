package app

import (
	"context"
	"fmt"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/service"
	"goodturn/internal/ticket"
)

// services are what the demo's first page offers by name.
func (f *demoFiller) services(ctx context.Context, tx *db.Tx) error {
	for _, s := range []struct {
		service.Service
		asks []service.Question
	}{
		{service.Service{Name: "New laptop", Sentence: "For somebody new, or in place of one that is old. It is ready about a week later.", Words: "laptop\nnotebook\nnew computer\nneuer Rechner", Kind: ticket.Request, Tags: "hardware", Shown: true}, []service.Question{
			{Label: "For whom is it?", Kind: service.Short, Required: true, Help: "The name is enough."},
			{Label: "From which day on?", Kind: service.Date, Required: true},
			{Label: "Is it in place of an old one?", Kind: service.YesNo, Required: true},
			{Label: "What does the label on the old one say?", Kind: service.Short, If: "3", Is: service.Yes, Help: "It is underneath and begins with GT."},
			{Label: "What is needed beside it?", Kind: service.Several, Choices: []string{"Screen", "Keyboard and mouse", "Docking station", "Headset"}},
		}},
		{service.Service{Name: "Work from home (VPN)", Slug: "vpn", Sentence: "The way into the office network from anywhere.", Words: "vpn\nhome office\nfrom home\nHeimarbeit", Tags: "vpn", Shown: true}, []service.Question{
			{Label: "What is it?", Kind: service.One, Required: true, Choices: []string{"I never had it", "It worked and does not any more", "Another device"}},
			{Label: "What does it say when it fails?", Kind: service.Long, If: "1", Is: "It worked and does not any more"},
			{Label: "Which device?", Kind: service.One, Choices: []string{"Windows", "Mac", "Phone or tablet"}},
		}},
		{service.Service{Name: "Somebody new starts", Slug: "starter", Sentence: "Account, mailbox and keys, ready on the first morning.", Words: "new colleague\nstarts\nonboarding\nneue Kollegin", Kind: ticket.Request, Shown: true}, []service.Question{
			{Label: "Who starts?", Kind: service.Short, Required: true},
			{Label: "On which day?", Kind: service.Date, Required: true},
			{Label: "Whose rights shall they have?", Kind: service.Address, Help: "The address of somebody who does the same work."},
		}},
	} {
		if _, err := service.Save(ctx, tx, person.System, s.Service, s.asks); err != nil {
			return fmt.Errorf("make service %q: %w", s.Name, err)
		}
	}
	return nil
}
