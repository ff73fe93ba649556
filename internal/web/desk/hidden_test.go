package desk_test

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/ticket"
	"goodturn/internal/web/desk"
	"goodturn/internal/web/page"
)

// TestHiddenTicketsAreNowhere asks for a ticket of a private team in every way that an address of the desk offers.
func TestHiddenTicketsAreNowhere(t *testing.T) {
	each(t, func(s *stage) {
		ref, err := s.site.Blobs.Put(s.t.Context(), bytes.NewReader(somePicture(t, 2, 2)), 0)
		if err != nil {
			t.Fatal(err)
		}
		tk := s.made("Salary of a colleague", "people", func(n *ticket.New) {
			n.Tags, n.Message.Files = []string{"secret"}, []ticket.File{{Name: "salary.csv", Type: "text/csv", Ref: ref}}
		})
		other := s.made("Salary of somebody else", "people")
		if s.site.Cache, err = blob.OpenCache(filepath.Join(t.TempDir(), "cache"), time.Hour, 1<<20); err != nil {
			t.Fatal(err)
		}
		s.site.Cache.Put(page.RemoteKey("https://pictures.example/a.png"), somePicture(t, 2, 2))
		s.desk.SendAgain = func(context.Context, *db.Tx, ticket.By, int64) error { return nil }
		var file, message, delivery int64
		jonas := s.as("jonas")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			m, err := s.desk.Tickets.Reply(ctx, tx, jonas, tk.ID, ticket.Draft{Text: "Hello", HTML: `<img src="https://pictures.example/a.png">`}, "")
			if err != nil {
				return err
			}
			message = m.ID
			if err := s.keepMail(ctx, tx, ref, tk.ID, message); err != nil {
				return err
			}
			if delivery, err = db.One[int64](ctx, tx, `INSERT INTO delivery (message_id, ticket_id, person_id, mailbox_id, address, copy, state, next_at) SELECT $1, $2, $3, id, 'hana@example.com', FALSE, 'failed', 1 FROM mailbox RETURNING id`, m.ID, tk.ID, s.people["hana"].ID); err != nil {
				return err
			}
			all, err := ticket.Attachments(ctx, tx, tk.ID, true)
			file = all[0].ID
			return err
		})
		var kept draft.Draft
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			ref, err := s.site.Blobs.Put(ctx, strings.NewReader("x"), 0)
			if err == nil {
				kept, err = draft.AddFiles(ctx, tx, jonas.Actor, draft.Place{TicketID: tk.ID}, []ticket.File{{Name: "x.txt", Type: "text/plain", Ref: ref}})
			}
			return err
		})
		numbers := strings.NewReplacer("{file}", idText(kept.Files[0].ID), "{number}", idText(tk.ID), "files/{id}", "files/"+idText(file), "messages/{id}", "messages/"+idText(message), "tellings/{id}", "tellings/1", "deliveries/{id}", "deliveries/"+idText(delivery), "held/{id}", "held/1", "copies/{id}", "copies/1", "suggestions/{id}", "suggestions/1", "{index}", "1", "{gone}", idText(other.ID), "{slug}", "people")
		s.desk.Decide = func(context.Context, *db.Tx, ticket.By, int64, int64, bool) error { return nil }
		before := s.now(tk.ID)
		asked := 0
		for _, rt := range desk.Routes(s.desk) {
			method, pattern, _ := strings.Cut(rt.Pattern, " ")
			if !strings.Contains(pattern, "{number}") {
				continue
			}
			asked++
			at := numbers.Replace(pattern)
			good := []string{"text", "Hello", "value", goodValue(pattern), "add", "tom@example.com", "person", idText(s.people["hana"].ID), "numbers", idText(other.ID), "other", idText(other.ID), "message", idText(message)}
			if strings.HasSuffix(pattern, "/tags") {
				good[5] = "drum"
			}
			if method == http.MethodGet {
				s.get("amara", at).want(http.StatusNotFound)
				s.get("jonas", at).want(http.StatusOK)
				continue
			}
			for _, values := range [][]string{good, {"text", "", "value", "nonsense", "add", ""}} {
				s.post("amara", at, values...).want(http.StatusNotFound)
			}
			if s.now(tk.ID) != before {
				t.Fatalf("%s changed it", rt.Pattern)
			}
		}
		if asked < 14 {
			t.Errorf("only %d routes were asked", asked)
		}
		for _, at := range []string{"/tickets?view=all", "/tickets?view=all&tag=secret", "/search?q=salary", "/search?q=%23" + idText(tk.ID), "/people/" + idText(s.people["hana"].ID), "/tickets/new"} {
			s.get("amara", at).want(http.StatusOK).hasNot("main", "Salary of").hasNot(".rows", "secret")
		}
		if got := s.get("priya", "/tickets.csv?view=all").want(http.StatusOK); strings.Contains(got.body, "Salary") {
			t.Error("the export has it")
		}
		for _, rt := range desk.Routes(s.desk) {
			method, pattern, _ := strings.Cut(rt.Pattern, " ")
			if method == http.MethodPost && strings.Contains(pattern, "{number}") {
				at := numbers.Replace(pattern)
				want := http.StatusSeeOther
				switch pattern[strings.LastIndexByte(pattern, '/'):] {
				case "/purge":
					want = http.StatusForbidden // for administrators alone
				case "/block", "/unblock":
					want = http.StatusNotFound // no mail comes in here
				}
				if strings.HasSuffix(pattern, "/read") || strings.HasSuffix(pattern, "/presence") {
					want = http.StatusNoContent
				}
				if strings.HasSuffix(pattern, "/macros") { // which one is not said
					want = http.StatusUnprocessableEntity
				}
				if strings.HasSuffix(pattern, "/tellings") { // the message is no note of which one could tell
					want = http.StatusNotFound
				}
				if strings.HasSuffix(pattern, "/splits/{gone}/undo") {
					want = http.StatusConflict // it was never split off
				}
				s.post("jonas", at, "when", "answer", "text", "Hello", "value", goodValue(pattern), "add", map[bool]string{true: "drum", false: "tom@example.com"}[strings.HasSuffix(pattern, "/tags")], "person", idText(s.people["hana"].ID), "numbers", idText(other.ID), "other", idText(other.ID), "message", idText(message)).want(want)
			}
		}
	})
}

// goodValue is a value that the resource of a pattern takes.
func goodValue(pattern string) string {
	switch pattern[strings.LastIndexByte(pattern, '/')+1:] {
	case "status":
		return "pending"
	case "suspicion":
		return "wanted"
	case "priority":
		return "urgent"
	case "kind":
		return "question"
	case "team":
		return "network"
	case "assignee":
		return "me"
	}
	return "Another subject"
}
