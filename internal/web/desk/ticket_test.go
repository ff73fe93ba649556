package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/desk"
	"goodturn/internal/web/ui/uitest"
)

func TestTicketPage(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line", func(n *ticket.New) { n.Tags = []string{"printer"}; n.Priority = ticket.High })
		s.made("Other", "first-line")
		a := s.get("amara", path(tk.ID, "?view=unassigned")).want(http.StatusOK)
		uitest.Sound(s.t.(*testing.T), a.doc)
		a.has("h1", "Half pages").has("#timeline article", "Text of Half pages").has("#side", "hana@example.com").has("#side .chosen", "printer").has("#list h2", "Unassigned")
		a.has("#list [aria-current=page]", "Half pages").has(".composer-to", "hana@example.com").has("#ticket-head .chips", "high").has("#side", "2 tickets this year").has("#side .side-link", "Other")
		if got := uitest.Attr(a.all(".ticket-back")[0], "href"); got != "/tickets?view=unassigned" {
			t.Errorf("the way back leads to %s", got)
		}
		for _, n := range a.all("#list .ticket-row") {
			if !strings.HasSuffix(uitest.Attr(n, "href"), "?view=unassigned") {
				t.Errorf("a row leads to %s, out of its list", uitest.Attr(n, "href"))
			}
		}
		for _, bad := range []string{"/tickets/999999", "/tickets/0", "/tickets/x1", "/tickets/99999999999999999999"} {
			s.get("amara", bad).want(http.StatusNotFound)
		}
	})
}

func TestTimelineSpeaksInSentences(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		amara, jonas, hana, tom := s.as("amara"), s.as("jonas"), s.as("hana"), s.as("tom")
		d := s.desk.Tickets
		for _, step := range []func(ctx context.Context, tx *db.Tx) error{
			func(ctx context.Context, tx *db.Tx) error { return d.Assign(ctx, tx, amara, tk.ID, amara.ID) },
			func(ctx context.Context, tx *db.Tx) error { return d.Assign(ctx, tx, amara, tk.ID, jonas.ID) },
			func(ctx context.Context, tx *db.Tx) error { return d.MoveTo(ctx, tx, jonas, tk.ID, s.teams["network"]) },
			func(ctx context.Context, tx *db.Tx) error { return d.SetPriority(ctx, tx, jonas, tk.ID, ticket.Urgent) },
			func(ctx context.Context, tx *db.Tx) error { return d.SetPriority(ctx, tx, jonas, tk.ID, ticket.Low) },
			func(ctx context.Context, tx *db.Tx) error { return d.SetKind(ctx, tx, jonas, tk.ID, ticket.Request) },
			func(ctx context.Context, tx *db.Tx) error {
				return d.SetSubject(ctx, tx, jonas, tk.ID, "Half pages on floor 3")
			},
			func(ctx context.Context, tx *db.Tx) error { return d.SetTags(ctx, tx, jonas, tk.ID, []string{"drum"}) },
			func(ctx context.Context, tx *db.Tx) error { return d.SetTags(ctx, tx, jonas, tk.ID, nil) },
			func(ctx context.Context, tx *db.Tx) error { return d.Follow(ctx, tx, jonas, tk.ID, tom.ID) },
			func(ctx context.Context, tx *db.Tx) error { return d.Unfollow(ctx, tx, jonas, tk.ID, tom.ID) },
			func(ctx context.Context, tx *db.Tx) error {
				_, err := d.Reply(ctx, tx, jonas, tk.ID, ticket.Draft{Text: "We come by."}, ticket.Solved)
				return err
			},
			func(ctx context.Context, tx *db.Tx) error {
				_, err := d.Answer(ctx, tx, hana, tk.ID, ticket.Draft{Text: "Still half."})
				return err
			},
			func(ctx context.Context, tx *db.Tx) error { return d.SetStatus(ctx, tx, jonas, tk.ID, ticket.OnHold) },
			func(ctx context.Context, tx *db.Tx) error {
				_, err := d.Note(ctx, tx, jonas, tk.ID, ticket.Draft{Text: "Drum ordered."})
				return err
			},
			func(ctx context.Context, tx *db.Tx) error {
				return d.FailDelivery(ctx, tx, ticket.Message{TicketID: tk.ID}, "hana@example.com", "the mailbox is full")
			},
			func(ctx context.Context, tx *db.Tx) error { return d.Close(ctx, tx, jonas, tk.ID) },
			func(ctx context.Context, tx *db.Tx) error { return d.Reopen(ctx, tx, amara, tk.ID) },
			func(ctx context.Context, tx *db.Tx) error { return d.Assign(ctx, tx, jonas, tk.ID, 0) },
		} {
			s.write(step)
		}
		a := s.get("amara", path(tk.ID, "")).want(http.StatusOK)
		var got []string
		for _, n := range uitest.All(a.all("#timeline")[0], isEventOrMessage) {
			text := uitest.Text(n)
			if n.Data == "article" {
				text = "message " + uitest.Attr(n, "aria-label")
			}
			text, _, _ = strings.Cut(text, " · ")
			got = append(got, text)
		}
		want := []string{
			"message Message from Hana Sato", "Amara took it", "Amara assigned it to Jonas", "Jonas moved it to Network", "Jonas raised the priority from normal to urgent",
			"Jonas lowered the priority from urgent to low", "Jonas changed the kind from incident to request", "Jonas changed the subject; it was “Half pages”",
			"Jonas added the tag drum", "Jonas took the tag drum off", "Jonas added Tom Becker as a follower", "Jonas took Tom Becker off the followers",
			"message Our answer, by Jonas Lind", "Jonas solved it", "message Message from Hana Sato", "Hana answered, so it is open again", "Jonas put it on hold",
			"message Note by Jonas Lind, only staff see this", "Mail to hana@example.com did not arrive (the mailbox is full)", "Jonas closed it", "Amara opened it again", "Jonas gave it back",
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("the timeline is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func TestWhatCameWithATicketStandsBelowTheQuestion(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line", func(n *ticket.New) {
			n.Tags, n.Assignee, n.Followers = []string{"printer"}, s.people["amara"].ID, []int64{s.people["tom"].ID}
		})
		a := s.get("amara", path(tk.ID, ""))
		lines := uitest.All(a.all("#timeline")[0], isEventOrMessage)
		if len(lines) != 3 || lines[0].Data != "article" {
			t.Errorf("%d lines: %s", len(lines), a.text("#timeline"))
		}
		a.has("#timeline", "The desk assigned it to Amara").has("#timeline", "Tom Becker follows this ticket").hasNot("#timeline", "tag")
	})
}

func TestAnAnswerIsToldOnce(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := s.desk.Tickets.Reply(ctx, tx, s.as2(ctx, tx, "amara"), tk.ID, ticket.Draft{Text: "Hello"}, "")
			return err
		})
		if got := s.get("amara", path(tk.ID, "")).text("#timeline .event"); got != "" {
			t.Errorf("an answer is told twice: %s", got)
		}
	})
}

func TestTicketFragments(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		r := httptest.NewRequest(http.MethodGet, path(tk.ID, ""), nil)
		r.Header.Set("Goodturn-Fragment", "timeline side ticket-head")
		a := s.send("amara", r).want(http.StatusOK)
		for _, id := range []string{"#timeline", "#side", "#ticket-head"} {
			if len(a.all(id)) != 1 {
				t.Errorf("%s is missing", id)
			}
		}
		for _, id := range []string{"#list", "#views", "#composer", "main"} {
			if len(a.all(id)) != 0 {
				t.Errorf("%s was not asked for", id)
			}
		}
		// A form sent by script gets the fragments of the same page, with what is wrong in them.
		r = formRequest(path(tk.ID, "/replies"), "text", "  ")
		r.Header.Set("Goodturn-Fragment", "composer timeline flash")
		a = s.send("amara", r).want(http.StatusUnprocessableEntity)
		a.has("#reply-wrong", "Please write something first")
		if strings.Contains(a.body, "<html") {
			t.Error("the whole page came")
		}
		r = formRequest(path(tk.ID, "/status"), "value", "later")
		r.Header.Set("Goodturn-Fragment", "side flash")
		s.send("amara", r).want(http.StatusUnprocessableEntity).has("#flash", "Please choose one of")
	})
}

func TestMailIsShownAsItWasMeant(t *testing.T) {
	each(t, func(s *stage) {
		ref, err := s.site.Blobs.Put(s.t.Context(), strings.NewReader(strings.Repeat("p", 9000)), 0)
		if err != nil {
			t.Fatal(err)
		}
		said := func(text, quoted, html string, files ...ticket.File) func(*ticket.New) {
			return func(n *ticket.New) { n.Message = ticket.Draft{Text: text, Quoted: quoted, HTML: html, Files: files} }
		}
		picture := ticket.File{Name: "half.png", Type: "image/png", Ref: ref, Inline: true, ContentID: "pic1"}
		logo := ticket.File{Name: "logo.png", Type: "image/png", Ref: ref, Inline: true, ContentID: "logo"}
		logo.Ref.Size = 900
		plain := s.made("plain", "first-line", said("Hello\n\nA list of one", "> earlier", "<p>Hello</p><p>A list of one</p><blockquote>earlier</blockquote>"))
		table := s.made("table", "first-line", said("Numbers 1 2", "On Monday Jonas wrote: old", `<p>Numbers</p><table><tr><td onclick="x()">1</td><td>2</td></tr></table><div>On Monday Jonas wrote:<blockquote>old</blockquote></div><img src="http://spy.example/x.gif">`))
		inline := s.made("inline", "first-line", said("See here", "-- Hana", `<p>See here</p><img src="cid:pic1"><p>-- <br>Hana <img src="cid:logo"></p><script>alert(1)</script>`, picture, logo))
		other := s.made("other", "first-line", said("Read this", "", `<table><tr><td>Quite</td><td>different</td></tr></table>`, picture))

		a := s.get("amara", path(plain.ID, ""))
		if len(a.all("#timeline .mail")) != 0 {
			t.Error("HTML that says nothing more is shown")
		}
		a.has("#timeline .text", "A list of one").has("#timeline details .quoted", "> earlier")

		a = s.get("amara", path(table.ID, "")).has("#timeline .mail td", "1 | 2").has("#timeline .mail details", "wrote").has("#timeline .mail details blockquote", "old").hasNot("#timeline .mail .now", "old")
		nonce := uitest.Attr(a.all("#timeline .mail style")[0], "nonce")
		if policy := a.header.Get("Content-Security-Policy"); nonce == "" || !strings.Contains(policy, "style-src 'self' 'nonce-"+nonce+"'") || strings.Contains(policy, "unsafe") {
			t.Errorf("the style of nonce %q meets the policy %q", nonce, policy)
		}
		if again := s.get("amara", path(table.ID, "")); strings.Contains(again.body, nonce) {
			t.Error("two answers have the same nonce")
		}
		if strings.Contains(a.body, "onclick") || strings.Contains(a.body, "spy.example") {
			t.Error("something of the mail's own came through")
		}

		a = s.get("amara", path(inline.ID, ""))
		pictures := a.all("#timeline .mail .now img")
		if len(pictures) != 1 || !strings.HasPrefix(uitest.Attr(pictures[0], "src"), path(inline.ID, "/files/")) {
			t.Fatalf("the picture is not in its place: %s", a.text("#timeline"))
		}
		got := s.get("amara", uitest.Attr(pictures[0], "src")).want(http.StatusOK)
		if got.header.Get("Content-Type") != "image/png" || len(got.body) != 9000 {
			t.Errorf("the picture is %d bytes of %s", len(got.body), got.header.Get("Content-Type"))
		}
		a.hasNot("#timeline .attachments", "half.png").has("#timeline .mail details", "Hana")
		if n := len(a.all("#timeline .picture")); n != 0 {
			t.Errorf("%d more pictures: a logo is none to look at", n)
		}

		a = s.get("amara", path(other.ID, "")).has("#timeline .mail td", "Quite | different")
		asText, _, _ := strings.Cut(uitest.Attr(a.all("#timeline header a.end")[0], "href"), "#")
		a = s.get("amara", asText).has("#timeline .text", "Read this").has("#timeline header a.end", "as it was formatted")
		if len(a.all("#timeline .mail")) != 0 {
			t.Error("the mail is shown where its text was asked for")
		}
		if n := len(a.all("#timeline .picture")); n != 1 {
			t.Errorf("%d pictures below the text", n)
		}
	})
}

func TestFatesOfMail(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Half pages", "first-line")
		amara, hana, tom := s.as("amara"), s.people["hana"].ID, s.people["tom"].ID
		var m ticket.Message
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			m, err = s.desk.Tickets.Reply(ctx, tx, amara, tk.ID, ticket.Draft{Text: "We come by."}, "")
			return err
		})
		var fates []desk.Fate
		s.desk.Fates = func(context.Context, *db.Tx, int64) ([]desk.Fate, error) { return fates, nil }
		now := clock.Now()
		for _, c := range []struct {
			fates []desk.Fate
			want  string
			again string
		}{
			{[]desk.Fate{{ID: 1, State: "queued"}}, "on its way", ""},
			{[]desk.Fate{{ID: 1, State: "sent", At: now}}, "sent ", ""},
			{[]desk.Fate{{ID: 1, State: "sent", At: now}, {ID: 2, PersonID: tom, Address: "tom@example.com", State: "queued"}}, "on its way", ""},
			{[]desk.Fate{{ID: 1, State: "queued", Reason: "the server does not answer.", NextAt: now}}, "Not sent yet: the server does not answer. It is tried again at", "/deliveries/1/again"},
			{[]desk.Fate{{ID: 1, State: "sent"}, {ID: 2, PersonID: tom, Address: "tom@example.com", State: "failed", Reason: "no such mailbox", NextAt: now}}, "Not sent yet: no such mailbox.", "/deliveries/2/again"},
		} {
			for i := range c.fates {
				c.fates[i].MessageID = m.ID
				if c.fates[i].PersonID == 0 {
					c.fates[i].PersonID, c.fates[i].Address = hana, "hana@example.com"
				}
			}
			fates = c.fates
			a := s.get("amara", path(tk.ID, "")).has("#timeline .fate", c.want)
			if forms := a.all("#timeline .fate form"); (len(forms) == 1) != (c.again != "") || len(forms) == 1 && uitest.Attr(forms[0], "action") != path(tk.ID, c.again) {
				t.Errorf("%s: %d forms", c.want, len(forms))
			}
			if len(c.fates) > 1 {
				a.has("#timeline article", "to hana@example.com, tom@example.com")
			} else {
				a.hasNot("#timeline article", "to hana@example.com")
			}
			if c.fates[0].State == "failed" {
				a.hasNot("#timeline .fate", "tried again")
			}
		}
	})
}

func TestQuotedTicketsAreToldToThoseWhoMayKnow(t *testing.T) {
	each(t, func(s *stage) {
		open, secret, tk := s.made("Open", "first-line"), s.made("Secret", "people"), s.made("Quotes both", "first-line")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			for _, other := range []int64{open.ID, secret.ID} {
				if err := s.desk.Tickets.Relate(ctx, tx, ticket.By{Actor: person.System}, tk, other, ticket.Quotes); err != nil {
					return err
				}
			}
			return nil
		})
		hint := func(who string) string { return s.get(who, path(tk.ID, "")).text("#timeline .notice") }
		number := fmt.Sprintf("#%d", secret.ID)
		if got := hint("amara"); !strings.Contains(got, fmt.Sprintf("#%d", open.ID)) || strings.Contains(got, number) {
			t.Errorf("Amara reads %s", got)
		}
		if got := hint("jonas"); !strings.Contains(got, number) {
			t.Errorf("Jonas reads %s", got)
		}
	})
}

func TestTicketThatLeftAPrivateTeamKeepsItsName(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("Was private", "people")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			if err := s.desk.Tickets.MoveTo(ctx, tx, s.as2(ctx, tx, "jonas"), tk.ID, s.teams["network"]); err != nil {
				return err
			}
			if err := s.desk.Tickets.MoveTo(ctx, tx, s.as2(ctx, tx, "jonas"), tk.ID, s.teams["people"]); err != nil {
				return err
			}
			return s.desk.Tickets.MoveTo(ctx, tx, s.as2(ctx, tx, "jonas"), tk.ID, s.teams["first-line"])
		})
		s.get("amara", path(tk.ID, "")).has("#timeline", "Jonas moved it to another team").hasNot("body", "People matters")
		s.get("jonas", path(tk.ID, "")).has("#timeline", "Jonas moved it to People matters")
	})
}
