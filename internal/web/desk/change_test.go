package desk_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/ticket"
	"goodturn/internal/web/desk"
	"goodturn/internal/web/ui/uitest"
)

func TestReplyAndNote(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		at := path(tk.ID, "")
		s.post("amara", at+"/replies", "text", "We come by at ten.").to(at + "#new")
		s.postFiles("amara", at+"/replies", []string{"drum.txt", ""}, "text", "Done.", "then", "solved").to(at + "#new")
		s.post("amara", at+"/notes", "text", "The drum again.").to(at + "#new")
		if got := s.now(tk.ID); got.Status != ticket.Solved || got.Messages != 4 || got.LastText != "Done." {
			t.Fatalf("the ticket is %+v", got)
		}
		a := s.get("amara", at)
		a.has("#timeline article.is-ours", "We come by at ten.").has("#timeline article.is-note", "The drum again.").has("#timeline .attachments", "drum.txt")
		file := s.get("amara", uitest.Attr(a.all("#timeline .attachment")[0], "href")).want(http.StatusOK)
		if file.body != "content of drum.txt" || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") || file.header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("the file is %q, %v", file.body, file.header)
		}
		s.post("amara", at+"/replies", "text", "And wait", "then", "pending").to(at + "#new")
		if got := s.now(tk.ID).Status; got != ticket.Pending {
			t.Errorf("the status is %s", got)
		}

		for _, kind := range []string{"replies", "notes"} {
			field := map[string]string{"replies": "reply", "notes": "note"}[kind]
			a := s.post("amara", at+"/"+kind, "text", " \n ").want(http.StatusUnprocessableEntity).has("#"+field+"-wrong", "Please write something first")
			if got := len(a.all("details[open=]")); got == 0 {
				t.Error("the form is folded away")
			}
			long := strings.Repeat("a long text ", ticket.MaxText/12+1)
			a = s.postFiles("amara", at+"/"+kind, nil, "text", long).want(http.StatusUnprocessableEntity).has("#"+field+"-wrong", "longer than 1 MB")
			if got := a.value("#" + field); len(got) < len(long)-2 {
				t.Errorf("%d of %d bytes of what was typed are left", len(got), len(long))
			}
		}
		a = s.post("amara", at+"/replies", "text", "Typed <b>this</b>", "then", "later").want(http.StatusUnprocessableEntity).has("#reply-wrong", "Please choose one of")
		if got := a.value("#reply"); got != "Typed <b>this</b>" {
			t.Errorf("what was typed is now %q", got)
		}
		if got := s.now(tk.ID).Messages; got != 5 {
			t.Errorf("a refused reply was stored: %d messages", got)
		}
		s.postFiles("amara", at+"/replies", []string{"huge"}, "text", "Large").want(http.StatusRequestEntityTooLarge).has("main", "32 MB")
		if got := s.now(tk.ID).Messages; got != 5 {
			t.Errorf("too much was stored: %d messages", got)
		}
	})
}

func TestFormsComeBackToTheirList(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		at := path(tk.ID, "")
		for referer, want := range map[string]string{
			"http://example.com" + at + "?view=mine&tag=vpn&other=1": at + "?view=mine&tag=vpn",
			"http://evil.example" + at + "?view=mine":                at,
			"http://example.com/tickets?view=mine":                   at,
			"%%":                                                     at,
		} {
			r := formRequest(at+"/status", "value", "pending")
			r.Header.Set("Referer", referer)
			s.send("amara", r).to(want)
		}
		r := formRequest(at+"/replies", "text", "")
		r.Header.Set("Referer", "http://example.com"+at+"?view=unassigned")
		s.send("amara", r).want(http.StatusUnprocessableEntity).has("#list h2", "Unassigned")
	})
}

func TestProperties(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		at := path(tk.ID, "")
		for _, c := range []struct{ resource, value, bad, message string }{
			{"status", "on_hold", "new", "cannot be new again"},
			{"status", "open", "later", "Please choose one of"},
			{"priority", "urgent", "soon", "Please choose one of"},
			{"kind", "question", "quiz", "Please choose one of"},
			{"team", "network", "people", "There is no team"},
			{"team", "first-line", "", "Please choose one of the teams"},
			{"assignee", "me", "somebody", "Please choose somebody who works at the desk"},
			{"assignee", "", "999999", "Please choose somebody who works at the desk"},
		} {
			s.post("amara", at+"/"+c.resource, "value", c.value).to(at)
			before := s.now(tk.ID)
			s.post("amara", at+"/"+c.resource, "value", c.bad).want(http.StatusUnprocessableEntity).has("#flash", c.message).has("h1", "Half pages")
			if after := s.now(tk.ID); after != before {
				t.Errorf("%s %q changed the ticket", c.resource, c.bad)
			}
		}
		got := s.now(tk.ID)
		if got.Status != ticket.Open || got.Priority != ticket.Urgent || got.Kind != ticket.Question || got.TeamID != s.teams["first-line"] || got.AssigneeID != 0 {
			t.Errorf("the ticket is %+v", got)
		}
		jonas := s.people["jonas"].ID
		s.post("amara", at+"/assignee", "value", idText(jonas)).to(at)
		if got := s.now(tk.ID).AssigneeID; got != jonas {
			t.Errorf("%d has it", got)
		}
		s.post("amara", at+"/assignee", "value", idText(s.people["hana"].ID)).want(http.StatusUnprocessableEntity)
		s.post("jonas", at+"/team", "value", "people").to(at)
		s.post("jonas", at+"/assignee", "value", idText(s.people["amara"].ID)).want(http.StatusUnprocessableEntity).has("#flash", "does not belong to this private team")
		a := s.get("jonas", at)
		a.has("#set-assignee", "Jonas Lind").hasNot("#set-assignee", "Amara Okafor")
	})
}

func TestSubjectTagsFollowers(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		at := path(tk.ID, "")
		s.post("amara", at+"/subject", "value", "  Half pages   on floor 3 ").to(at)
		if got := s.now(tk.ID).Subject; got != "Half pages on floor 3" {
			t.Errorf("the subject is %q", got)
		}
		s.post("amara", at+"/subject", "value", " ").want(http.StatusUnprocessableEntity).has("#subject-wrong", "Please write a subject")

		s.post("amara", at+"/tags", "add", "#Printer, drum").to(at)
		s.post("amara", at+"/tags", "remove", "drum").to(at)
		s.get("amara", at).has(".chosen", "printer").hasNot(".chosen", "drum")
		a := s.post("amara", at+"/tags", "add", "two words").want(http.StatusUnprocessableEntity).has("#add-tag-wrong", "cannot be a tag")
		if got := a.value("#add-tag"); got != "two words" {
			t.Errorf("the field holds %q", got)
		}

		s.post("amara", at+"/followers", "add", "tom@example.com").to(at)
		s.post("amara", at+"/followers", "add", "Nadia Haddad <Nadia@Example.com>").to(at)
		s.post("amara", at+"/followers", "add", "priya kaur").to(at)
		s.get("amara", at).has("#side", "Tom Becker").has("#side", "Nadia Haddad").has("#side", "Priya Kaur").has(".composer-to", "nadia@example.com")
		s.post("amara", at+"/followers", "remove", idText(s.people["tom"].ID)).to(at)
		s.get("amara", at).hasNot("#side", "Tom Becker")
		for typed, message := range map[string]string{"": "Please say who", "no@": "is not a mail address", "Quentin": "Nobody here is called", "Hana": "Is it Hana Sato <hana@example.com>"} {
			a := s.post("amara", at+"/followers", "add", typed).want(http.StatusUnprocessableEntity).has("#add-follower-wrong", message)
			if got := a.value("#add-follower"); got != typed {
				t.Errorf("the field holds %q, not %q", got, typed)
			}
		}
	})
}

func TestLinksAreRevoked(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		var token string
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			token, err = ticket.NewLink(ctx, tx, tk.ID, s.people["hana"].ID, true)
			return err
		})
		s.post("amara", path(tk.ID, "/links/revoke"), "person", idText(s.people["hana"].ID)).to(path(tk.ID, ""))
		err := s.db.Read(s.t.Context(), func(tx *db.Tx) error {
			_, _, err := ticket.OpenLink(s.t.Context(), tx, token)
			return err
		})
		if err == nil {
			t.Error("the link still opens")
		}
		s.get("amara", path(tk.ID, "")).has("#timeline", "Amara ended the links that Hana had")
	})
}

func TestSendAgain(t *testing.T) {
	each(t, func(s *stage) {
		tk, other := s.made("Half pages", "first-line"), s.made("Other", "first-line")
		var delivery int64
		amara := s.as("amara")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			m, err := s.desk.Tickets.Reply(ctx, tx, amara, tk.ID, ticket.Draft{Text: "Hello"}, "")
			if err != nil {
				return err
			}
			box, err := db.One[int64](ctx, tx, `INSERT INTO mailbox (address, name, team_id, active, subaddress, receiving, sending, created_at) VALUES ('help@desk.example', 'Help', $1, TRUE, TRUE, '', '', 1) RETURNING id`, s.teams["first-line"])
			if err != nil {
				return err
			}
			delivery, err = db.One[int64](ctx, tx, `INSERT INTO delivery (message_id, ticket_id, person_id, mailbox_id, address, copy, state, next_at) VALUES ($1, $2, $3, $4, 'hana@example.com', FALSE, 'failed', 1) RETURNING id`, m.ID, tk.ID, s.people["hana"].ID, box)
			return err
		})
		s.post("amara", path(tk.ID, "/deliveries/"+idText(delivery)+"/again")).want(http.StatusNotFound)
		var sent []int64
		s.desk.SendAgain = func(_ context.Context, _ *db.Tx, by ticket.By, id int64) error {
			if by.ID != s.people["amara"].ID {
				t.Errorf("%d sends", by.ID)
			}
			sent = append(sent, id)
			return nil
		}
		s.post("amara", path(tk.ID, "/deliveries/"+idText(delivery)+"/again")).to(path(tk.ID, ""))
		s.post("amara", path(other.ID, "/deliveries/"+idText(delivery)+"/again")).want(http.StatusNotFound)
		s.post("amara", path(tk.ID, "/deliveries/999/again")).want(http.StatusNotFound)
		if len(sent) != 1 || sent[0] != delivery {
			t.Errorf("sent again: %v", sent)
		}
	})
}

func TestRawMail(t *testing.T) {
	each(t, func(s *stage) {
		tk, other := s.made("Half pages", "first-line"), s.made("Other", "first-line")
		raw := "From: hana@example.com\r\nSubject: Half pages\r\n\r\n<script>alert(1)</script>\r\n"
		ref, err := s.site.Blobs.Put(s.t.Context(), strings.NewReader(raw), 0)
		if err != nil {
			t.Fatal(err)
		}
		var message int64
		s.write(func(ctx context.Context, tx *db.Tx) error {
			all, err := ticket.Messages(ctx, tx, tk.ID, true)
			if err != nil {
				return err
			}
			message = all[0].ID
			return s.keepMail(ctx, tx, ref, tk.ID, message)
		})
		a := s.get("amara", path(tk.ID, "")).has("#timeline article", "raw mail")
		got := s.get("amara", uitest.Attr(a.all("#timeline article a.end")[0], "href")).want(http.StatusOK)
		if got.body != raw || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the mail came as %q with %v", got.body, got.header)
		}
		s.get("amara", path(other.ID, "/messages/"+idText(message)+"/raw")).want(http.StatusNotFound)
		s.get("amara", path(tk.ID, "/messages/999/raw")).want(http.StatusNotFound)
		s.get("hana", path(tk.ID, "/messages/"+idText(message)+"/raw")).want(http.StatusForbidden)
	})
}

// keepMail notes that a message came by mail.
func (s *stage) keepMail(ctx context.Context, tx *db.Tx, ref blob.Ref, ticketID, messageID int64) error {
	box, err := db.One[int64](ctx, tx, `INSERT INTO mailbox (address, name, team_id, active, subaddress, receiving, sending, created_at) VALUES ('help@desk.example', 'Help', $1, TRUE, TRUE, '', '', 1) RETURNING id`, s.teams["first-line"])
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO mail (mailbox_id, sha256, size, envelope_from, envelope_to, source, state, ticket_id, message_id, received_at) VALUES ($1, $2, $3, '', '', 'test', 'done', $4, $5, 1)`, box, ref.SHA256, ref.Size, ticketID, messageID)
	return err
}

func TestStaffDecideWhatMailsWouldLike(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		open := []desk.Proposal{{ID: 3, Address: "bob@example.com", Name: "Bob", ByID: s.people["hana"].ID}, {ID: 4, Answers: true, Address: "eve@example.com", ByID: s.people["hana"].ID}}
		decided := map[int64]bool{}
		s.desk.Proposals = func(context.Context, *db.Tx, int64) ([]desk.Proposal, error) {
			return append([]desk.Proposal{}, open...), nil
		}
		s.desk.Decide = func(_ context.Context, _ *db.Tx, _ ticket.By, number, id int64, take bool) error {
			if number != tk.ID {
				t.Errorf("ticket %d", number)
			}
			decided[id] = take
			return nil
		}
		a := s.get("amara", path(tk.ID, "")).has("#timeline .notice", "Hana’s mail brings in Bob <bob@example.com>").has("#timeline .notice", "wants answers to this ticket at eve@example.com")
		uitest.Sound(s.t.(*testing.T), a.doc)
		s.send("amara", formRequest(path(tk.ID, "/suggestions/3"), "value", "yes")).want(http.StatusSeeOther)
		s.send("amara", formRequest(path(tk.ID, "/suggestions/4"), "value", "no")).want(http.StatusSeeOther)
		if take, ok := decided[4]; !decided[3] || take || !ok {
			t.Errorf("decided %v", decided)
		}
	})
}
