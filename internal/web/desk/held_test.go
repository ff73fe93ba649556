package desk_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

// eachHolding is each with answers that are held; nothing runs the queue.
func eachHolding(t *testing.T, test func(s *stage)) {
	t.Helper()
	each(t, func(s *stage) {
		s.desk.Tickets.Undo, s.desk.Tickets.Queue = time.Hour, job.NewQueue(s.db, slog.New(slog.DiscardHandler), 1)
		test(s)
	})
}

// give sends what is held, as its moment does.
func (s *stage) give(number int64) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		all, err := ticket.HeldOf(ctx, tx, number)
		for _, h := range all {
			if err := s.desk.Tickets.Give(ctx, tx, h.ID); err != nil {
				return err
			}
		}
		return err
	})
}

func (s *stage) messages(number int64) (all []ticket.Message) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		all, err = ticket.Messages(ctx, tx, number, true)
		return err
	})
	return all
}

func (s *stage) filesOf(number int64) (names []string) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		all, err := ticket.Attachments(ctx, tx, number, true)
		for _, f := range all {
			names = append(names, f.Name)
		}
		return err
	})
	return names
}

func TestUndoPutsTheAnswerBackIntoTheComposer(t *testing.T) {
	eachHolding(t, func(s *stage) {
		number := s.made("Printer", "first-line").ID
		form := []string{"text", "The wrong text", "then", "solved", "to", "hana@example.com", "cc", "Tom Becker <tom@example.com>", "bcc", ""}
		s.postFiles("amara", path(number, "/replies"), []string{"a.txt", "b.txt"}, form...).to(path(number, "") + "#new")
		s.postFiles("amara", path(number, "/replies"), []string{"a.txt", "b.txt"}, form...).to(path(number, "") + "#new") // a double click
		page := s.get("amara", path(number, "")).want(200)
		if held := page.all(".is-held"); len(held) != 1 {
			t.Fatalf("%d answers are held, want 1", len(held))
		}
		page.has(".is-held", "The wrong text").has(".is-held", "Sent to hana@example.com, copy to tom@example.com").has(".is-held", "solved").has(".is-held", "a.txt").has(".is-held button", "Undo")
		s.get("jonas", path(number, "")).want(200).has(".is-held", "The wrong text").hasNot(".is-held", "Undo")
		if now := s.now(number); now.Status != ticket.StatusNew || len(s.messages(number)) != 1 {
			t.Fatalf("the ticket knows of a held answer: %+v", now)
		}
		undo := uitest.Attr(page.all(".is-held form")[0], "action")
		s.post("amara", undo).to(path(number, "") + "#composer")
		s.give(number)
		page = s.get("amara", path(number, "")).want(200).has("#timeline", "Amara took back an answer before it was sent").has("#composer", "Taken back, not sent.").has(".draft-files", "b.txt")
		if text, cc := page.value("#reply"), page.value("#reply-cc"); text != "The wrong text" || cc != "tom@example.com" {
			t.Errorf("the composer has %q and copies to %q", text, cc)
		}
		s.get("jonas", path(number, "")).want(200).hasNot("#composer", "Taken back").hasNot("#composer", "The wrong text")
		out := ""
		for _, b := range page.all(".draft-files button") {
			if strings.Contains(uitest.Attr(b, "aria-label"), "a.txt") {
				out = uitest.Attr(b, "formaction")
			}
		}
		s.post("amara", out, "kind", "reply", "text", "The wrong text, half mended", "to", "hana@example.com", "cc", "tom@example.com", "bcc", "").to(path(number, "") + "#composer")
		page = s.get("amara", path(number, "")).hasNot(".draft-files", "a.txt").has(".draft-files", "b.txt")
		if text := page.value("#reply"); text != "The wrong text, half mended" {
			t.Errorf("taking a file out lost what was typed: %q", text)
		}
		s.postFiles("amara", path(number, "/replies"), []string{"c.txt"}, "text", "The right text", "to", "hana@example.com", "version", "3").want(303)
		s.postFiles("amara", path(number, "/replies"), []string{"c.txt"}, "text", "The right text", "to", "hana@example.com", "version", "3").want(303) // a double click: the files went with the first
		s.give(number)
		if m := s.messages(number); len(m) != 2 || m[1].Text != "The right text" {
			t.Errorf("messages %+v", m)
		}
		if files := s.filesOf(number); !slices.Equal(files, []string{"b.txt", "c.txt"}) {
			t.Errorf("files %v", files)
		}
		s.get("amara", path(number, "")).want(200).hasNot("#composer", "Taken back")
		s.post("amara", undo).to(path(number, "") + "#composer") // too late: it says so on the next page
	})
}

func TestThrowAwayWhatWasTakenBack(t *testing.T) {
	eachHolding(t, func(s *stage) {
		number := s.made("Printer", "first-line").ID
		s.post("amara", path(number, "/replies"), "text", "Nonsense").want(303)
		page := s.get("amara", path(number, ""))
		s.post("amara", uitest.Attr(page.all(".is-held form")[0], "action")).want(303)
		discard := path(number, "/draft/discard")
		s.post("jonas", discard, "kind", "reply").want(303) // he has none to throw away
		s.get("amara", path(number, "")).has("#composer", "Nonsense")
		s.post("amara", discard, "kind", "reply").want(303)
		s.get("amara", path(number, "")).hasNot("#composer", "Nonsense")
	})
}

func TestRecipientsOfAReply(t *testing.T) {
	each(t, func(s *stage) {
		number := s.made("Printer", "first-line", func(n *ticket.New) { n.Followers = []int64{s.people["tom"].ID} }).ID
		page := s.get("amara", path(number, "")).want(200)
		if to, cc := page.value("#reply-to"), page.value("#reply-cc"); to != "hana@example.com" || cc != "tom@example.com" {
			t.Errorf("to %q, cc %q", to, cc)
		}
		var got *ticket.Recipients
		s.desk.Tickets.Hooks = []ticket.Hook{func(_ context.Context, _ *db.Tx, _ ticket.Event, _ ticket.Ticket, m *ticket.Message) error {
			if m != nil {
				got = m.Recipients
			}
			return nil
		}}
		reply := func(text, to, cc, bcc string, more ...string) *answer {
			return s.post("amara", path(number, "/replies"), append([]string{"text", text, "to", to, "cc", cc, "bcc", bcc, "warned", "outside"}, more...)...)
		}
		reply("As usual.", "Hana <HANA@example.com>", " tom@example.com,", "").want(303)
		if got != nil {
			t.Errorf("the usual recipients are named: %+v", got)
		}
		reply("To others.", "hana@example.com; new@elsewhere.example", "", `"Boss, Big" <big@elsewhere.example>, Sato, Jr <jr@elsewhere.example>`).want(303)
		if got == nil || len(got.To) != 2 || len(got.CC) != 0 || len(got.BCC) != 2 || got.BCC[0].Address != "big@elsewhere.example" || got.BCC[1].Address != "jr@elsewhere.example" {
			t.Fatalf("recipients %+v", got)
		}
		if names := s.followers(number); !slices.Equal(names, []string{"Tom Becker"}) {
			t.Errorf("followers %v", names)
		}
		reply("And follow.", "hana@example.com", "cc@elsewhere.example", "blind@elsewhere.example", "follow", "1").want(303)
		if names := s.followers(number); len(names) != 2 || strings.Contains(strings.Join(names, " "), "blind") {
			t.Errorf("followers %v", names)
		}
		wrong := reply("Nobody.", "", "tom@example.com", "").want(422).has("#composer", "at least one address")
		if wrong.value("#reply") != "Nobody." || wrong.value("#reply-cc") != "tom@example.com" {
			t.Error("what was typed is lost")
		}
		reply("Nonsense.", "hana@example.com", "not an address@", "").want(422).has("#composer", "is not a mail address")
		reply("Many.", strings.Repeat("x@elsewhere.example,", ticket.MaxRecipients+1), "", "").want(422).has("#composer", "at most")
	})
}

func (s *stage) followers(number int64) (names []string) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		all, err := ticket.Followers(ctx, tx, number)
		for _, p := range all {
			names = append(names, p.Name)
		}
		return err
	})
	return names
}
