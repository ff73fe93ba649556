package desk_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/ticket"
)

func (s *stage) drafts(who string, number int64) (all []draft.Draft) {
	s.t.Helper()
	actor := s.as(who).Actor
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		all, err = draft.On(ctx, tx, actor, number)
		return err
	})
	return all
}

func TestDraftIsKeptAndShownAgain(t *testing.T) {
	each(t, func(s *stage) {
		number := s.made("Printer", "first-line").ID
		save := func(who, kind, text string, more ...string) *answer {
			return s.post(who, path(number, "/draft"), append([]string{"kind", kind, "text", text, "writer", "tab1"}, more...)...)
		}
		save("amara", "reply", "Good morn", "html", "<div>Good <b>morn</b></div>", "to", "hana@example.com, boss@example.com", "cc", "", "bcc", "").to(path(number, "") + "#composer")
		save("amara", "note", "Ask Jonas").want(303)
		page := s.get("amara", path(number, "")).want(200)
		if reply, note, to := page.value("#reply"), page.value("#note"), page.value("#reply-to"); reply != "Good morn" || note != "Ask Jonas" || to != "hana@example.com, boss@example.com" {
			t.Errorf("reply %q, note %q, to %q", reply, note, to)
		}
		s.get("jonas", path(number, "")).want(200).hasNot("#composer", "Good morn")
		if d := s.drafts("amara", number); len(d) != 2 || d[0].HTML != "<p>Good <b>morn</b></p>" {
			t.Errorf("drafts %+v", d)
		}
		s.postFiles("amara", path(number, "/draft/files"), []string{"a.txt"}, "kind", "reply").want(303)
		// Without scripts the form has no HTML: the text is unchanged, so its form stays, and the file goes with it.
		s.post("amara", path(number, "/replies"), "text", "Good morn").want(303)
		m := s.messages(number)
		if last := m[len(m)-1]; last.HTML != "<p>Good <b>morn</b></p>" || len(s.filesOf(number)) != 1 {
			t.Errorf("said %+v with %v", last, s.filesOf(number))
		}
		if d := s.drafts("amara", number); len(d) != 1 || !d[0].Internal {
			t.Errorf("left %+v", d)
		}
		save("amara", "reply", "Good morn").want(303) // it was on its way while the answer was sent
		save("amara", "note", "").want(303)
		if d := s.drafts("amara", number); len(d) != 0 {
			t.Errorf("left %+v", d)
		}
	})
}

func TestTwoWindowsLoseNothing(t *testing.T) {
	each(t, func(s *stage) {
		number := s.made("Printer", "first-line").ID
		save := func(writer, version, text string) {
			s.post("amara", path(number, "/draft"), "kind", "reply", "text", text, "writer", writer, "version", version).want(303)
		}
		save("one", "0", "From the desk")
		save("two", "0", "From the phone")
		save("two", "2", "From the phone, and on")
		page := s.get("amara", path(number, "")).want(200).has(".draft-copy", "From the desk")
		if text := page.value("#reply"); text != "From the phone, and on" {
			t.Errorf("the text is %q", text)
		}
		d := s.drafts("amara", number)[0]
		s.post("amara", path(number, "/draft/copies/")+decimalOf(d.Copies[0].ID), "kind", "reply", "copy", "use").want(303)
		page = s.get("amara", path(number, "")).has(".draft-copy", "From the phone, and on")
		if text := page.value("#reply"); text != "From the desk" {
			t.Errorf("the text is %q", text)
		}
		d = s.drafts("amara", number)[0]
		s.post("amara", path(number, "/draft/copies/")+decimalOf(d.Copies[0].ID), "kind", "reply", "copy", "forget").want(303)
		s.get("amara", path(number, "")).hasNot("#composer", "From the phone")
		save("one", decimalOf(d.Version), "From the desk, longer")
		save("late", "1", "From the desk, longer still") // goes on from what is there: nothing is lost by it
		if d := s.drafts("amara", number)[0]; len(d.Copies) != 0 {
			t.Errorf("copies %+v", d.Copies)
		}
	})
}

func TestSecondPairOfEyes(t *testing.T) {
	eachHolding(t, func(s *stage) {
		number := s.made("Printer", "first-line").ID
		jonas := decimalOf(s.people["jonas"].ID)
		ask := func(colleague string) *answer {
			return s.post("amara", path(number, "/draft/look"), "kind", "reply", "text", "We reinstall it.", "writer", "one", "colleague", colleague, "comment", "Is this true?")
		}
		ask(jonas).want(303)
		s.get("priya", path(number, "")).want(200).hasNot("#timeline", "We reinstall it.")
		page := s.get("jonas", path(number, "")).want(200).has("#timeline .is-draft", "We reinstall it.").has("#timeline .is-draft", "Is this true?").has("#timeline", "Amara asks Jonas for a look")
		s.get("amara", path(number, "")).has("#composer", "Jonas Lind is asked for a look")
		id := page.value(".is-draft [name=draft]")
		at := path(number, "") + "?draft=" + id
		opened := s.get("jonas", at).want(200).has("#composer", "Amara Okafor writes this")
		if text := opened.value("#reply"); text != "We reinstall it." {
			t.Errorf("the composer has %q", text)
		}
		s.post("jonas", path(number, "/draft"), "kind", "reply", "draft", id, "text", "We reinstall it, after a backup.", "writer", "two", "version", opened.value("#draft-reply [name=version]")).want(303)
		s.post("amara", path(number, "/draft"), "kind", "reply", "text", "We wipe it.", "writer", "one", "version", "1").want(303)
		s.get("amara", path(number, "")).has(".draft-copy", "Jonas Lind wrote this").has(".draft-copy", "after a backup")
		s.post("jonas", path(number, "/draft/send"), "draft", id, "version", "1").want(303)
		if d := s.drafts("amara", number); len(d) != 1 {
			t.Fatal("a draft was sent that its sender had not read")
		}
		s.post("jonas", path(number, "/draft/return"), "kind", "reply", "draft", id, "comment", "Not without a backup.").want(303)
		s.get("jonas", path(number, "")).hasNot("#timeline", "We wipe it.").has("#timeline .is-note", "Not without a backup.").has("#timeline", "handed it back")

		ask("").want(303)
		version := decimalOf(s.drafts("priya", number)[0].Version)
		s.post("priya", path(number, "/draft/send"), "draft", id, "version", version, "then", "solved").want(303)
		held := s.get("priya", path(number, "")).has(".is-held", "We reinstall it.").has(".is-held", "Undo")
		_ = held
		s.get("amara", path(number, "")).has(".is-held", "We reinstall it.").hasNot(".is-held", "Undo")
		s.give(number)
		m := s.messages(number)
		if last := m[len(m)-1]; last.AuthorID != s.people["amara"].ID || strings.TrimSpace(last.Text) != "We reinstall it." || s.now(number).Status != ticket.Solved {
			t.Errorf("said %+v", last)
		}
		s.get("amara", path(number, "")).has("#timeline .is-ours", "sent by Priya Kaur").hasNot("#composer", "We reinstall it.")
	})
}

func TestDraftOfAPrivateTeamStaysThere(t *testing.T) {
	each(t, func(s *stage) {
		number := s.made("Pay", "people").ID
		s.post("amara", path(number, "/draft"), "kind", "reply", "text", "x").want(404)
		s.post("jonas", path(number, "/draft"), "kind", "reply", "text", "Between us").want(303)
		s.post("jonas", path(number, "/draft/look"), "kind", "reply", "text", "Between us", "colleague", decimalOf(s.people["amara"].ID)).want(422)
		s.get("amara", path(number, "")).want(404)
	})
}

func decimalOf(n int64) string { return strconv.FormatInt(n, 10) }
