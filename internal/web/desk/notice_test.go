package desk_test

import (
	"context"
	"net/http"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/notice"
	"goodturn/internal/ticket"
)

func TestNotices(t *testing.T) {
	each(t, func(s *stage) {
		center := s.desk.Notices
		s.desk.Tickets.Hooks = []ticket.Hook{center.Hook()}
		tk, other := s.made("Printer", "first-line"), s.made("Scanner", "first-line")
		amara := idText(s.people["amara"].ID)
		s.get("amara", "/notices").want(http.StatusOK).has("#notices", "Nothing new for you")
		s.post("jonas", path(tk.ID, "/assignee"), "value", amara).to(path(tk.ID, ""))
		s.post("jonas", path(other.ID, "/assignee"), "value", amara).to(path(other.ID, ""))
		page := s.get("amara", "/notices").want(http.StatusOK).has("#notices", "Jonas Lind gave it to you").has("#notices", "Printer").has("#notices", "Scanner").has("#bell", "2")
		s.get("amara", "/notices/bell").want(http.StatusOK).has("#bell", "2")
		s.get("jonas", "/notices").want(http.StatusOK).has("#notices", "Nothing new for you")

		s.get("amara", path(tk.ID, "")).want(http.StatusOK).has("#bell", "1") // opening is reading
		s.get("amara", "/notices").has("#unread-title", "New").has("#read-title", "Read")

		s.post("amara", "/notices/read", "seen", page.value("#notices-seen")).to("/notices")
		s.get("amara", "/notices").has("#notices", "Nothing new for you").hasNot("#bell", "1")
		s.post("amara", "/account/notices", "page-mentioned", "1", "digest", "daily").to("/account/notices")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			c, err := notice.ChoiceOf(ctx, tx, s.people["amara"].ID)
			if c.Page[notice.Assigned] || !c.Page[notice.Mentioned] || c.Mail[notice.Mentioned] || c.Digest != notice.Daily {
				t.Errorf("kept: %+v", c)
			}
			return err
		})
		s.post("amara", "/account/notices", "digest", "never ever").want(http.StatusUnprocessableEntity).has("main", "Please choose when mails should come.")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return center.TellAbout(ctx, tx, []int64{s.people["jonas"].ID}, notice.Failing, "/account/chat", "Nothing arrives at your chat any more.")
		})
		var id int64
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			id, err = db.One[int64](ctx, tx, `SELECT max(id) FROM notice`)
			return err
		})
		s.get("jonas", "/notices").has("#notices", "Nothing arrives at your chat any more.").has("#bell", "1")
		s.get("amara", "/notices/"+idText(id)).to("/notices") // another's
		s.get("jonas", "/notices/"+idText(id)).to("/account/chat")
		s.get("jonas", "/notices").hasNot("#bell", "1")
		s.get("hana", "/notices").want(http.StatusForbidden)
	})
}
