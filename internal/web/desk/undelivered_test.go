package desk_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestUndeliveredMails(t *testing.T) {
	each(t, func(s *stage) {
		post := &mailbox.Post{DB: s.db, Key: s.site.Key, Desk: s.desk.Tickets, Queue: job.NewQueue(s.db, slog.New(slog.DiscardHandler), 1), Log: s.site.Log, PublicURL: func() string { return "https://desk.example" }}
		s.desk.Post = post
		s.desk.Tickets.Hooks = []ticket.Hook{post.Hook()}
		s.get("amara", "/undelivered").want(200).has("main", "All mail arrived")
		s.get("amara", "/tickets").want(200).hasNot("nav", "Not delivered")
		var ids []int64
		for range 3 {
			number := s.made("Printer", "first-line").ID
			s.post("amara", path(number, "/replies"), "text", "On my way").want(303)
		}
		s.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE delivery SET state = 'failed', error = 'The mail server did not take it: 550 no <x>.', reason = 'no'`); err != nil {
				return err
			}
			all, err := post.DeadLetters(ctx, tx, person.System, mailbox.DeadCursor{}, 10)
			for _, x := range all {
				ids = append(ids, x.ID)
			}
			return err
		})
		s.get("amara", "/tickets").want(200).has("nav", "Not delivered")
		page := s.get("amara", "/undelivered").want(200).has("main", "hana@example.com").has("main", "550 no <x>.").has("main", "by Amara Okafor").has("main", "Send all with this reason again")
		if n := len(page.all(".undelivered")); n != 3 {
			t.Fatalf("%d mails are shown", n)
		}
		at := "/undelivered/" + idText(ids[0])
		s.post("amara", at+"/address", "address", "nonsense").want(http.StatusUnprocessableEntity).has("main", "is not a mail address")
		s.post("amara", at+"/again").to("/undelivered")
		s.post("amara", at+"/address", "address", "x@example.com").to("/undelivered") // it is on its way: nothing happens
		s.post("hana", at+"/again").want(http.StatusForbidden)
		s.post("amara", "/undelivered/"+idText(ids[1])+"/again", "alike", "1").to("/undelivered")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE delivery SET error = 'The server is down.', next_at = $1 WHERE id = $2`, tx.Now.Add(time.Hour), ids[2])
			return err
		})
		s.get("amara", "/undelivered").want(200).has("main", "All mail arrived").has("main", "The server is down").has("main", "next try")
		s.get("amara", "/tickets").want(200).hasNot("nav", "Not delivered")
	})
}
