package desk_test

import (
	"context"
	"net/http"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/web/ui/uitest"
)

func TestArticlesBesideATicket(t *testing.T) {
	each(t, func(s *stage) {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			for _, n := range []kb.New{
				{Title: "The labelprinter blinks orange", Body: "Hold the **feed** button.", Language: "en", Publish: true},
				{Title: "Open the labelprinter that blinks orange", Body: "The key hangs behind the door.", Language: "en", Audience: kb.StaffOnly, Publish: true},
				{Title: "Book a meeting room", Body: "Open the calendar.", Language: "en", Publish: true},
			} {
				if _, err := kb.Create(ctx, tx, person.System, n); err != nil {
					return err
				}
			}
			return nil
		})
		tk := s.made("My labelprinter blinks orange", "first-line")
		a := s.get("amara", path(tk.ID, "/similar")).want(http.StatusOK)
		a.has("#similar", "Articles that may help").has("#similar template", "/help/the-labelprinter-blinks-orange").has("#similar template", "Hold the feed button.")
		a.has("#similar", "The requester may not read it.").hasNot("#similar template", "behind the door").hasNot("#similar", "meeting room")
		uitest.Sound(t, a.doc)
		s.get("amara", "/palette?q=labelprinter").want(http.StatusOK).has("body", "Open the labelprinter that blinks")
		s.get("amara", "/search?q=labelprinter+orange").want(http.StatusOK).has("main", "The labelprinter blinks orange").has("main", "Open the labelprinter")
	})
}
