package kb_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

func TestAVersionComesBack(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Printer", Body: "One.\nTwo.\nThree.", Publish: true})
		var text kb.Text
		s.write(func(tx *db.Tx) (err error) {
			text, err = kb.Save(s.ctx, tx, s.lead, kb.Edit{ArticleID: x.ID, Language: "en", Title: "Printers", Body: "One.\nTwo and a half.\nThree.", Was: 1, Publish: true})
			return err
		})
		var all []kb.Version
		s.read(func(tx *db.Tx) (err error) {
			all, err = kb.Versions(s.ctx, tx, x.ID, "en", 0, 10)
			return err
		})
		if len(all) != 2 || all[0].Version != 2 || all[0].ByID != s.lead.ID || all[1].Title != "Printer" {
			s.Errorf("versions: %+v", all)
		}
		s.write(func(tx *db.Tx) error {
			if _, err := kb.Restore(s.ctx, tx, s.amara, x.ID, "en", 1, 1); !fault.Is(err, fault.KindConflict) {
				s.Errorf("restoring from an old page: %v", err)
			}
			_, err := kb.Restore(s.ctx, tx, s.amara, x.ID, "en", 1, text.Version)
			return err
		})
		p, err := s.open(person.Nobody, x.Slug, "en")
		if err != nil || p.Text.LiveTitle != "Printers" || p.Text.Title != "Printer" || p.Text.Version != 3 || !p.Text.Pending() {
			s.Errorf("after restoring: %+v %v", p.Text, err)
		}
	})
}

func TestATranslationFallsBehind(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Printer", Body: "One.", Publish: true})
		save := func(e kb.Edit) {
			s.write(func(tx *db.Tx) error {
				e.ArticleID, e.Publish = x.ID, true
				_, err := kb.Save(s.ctx, tx, s.amara, e)
				return err
			})
		}
		save(kb.Edit{Language: "de", Title: "Drucker", Body: "Eins.", Follows: 1})
		behind := func(want bool) {
			s.Helper()
			p, err := s.open(person.Nobody, x.Slug, "de")
			if err != nil || p.Text.LiveTitle != "Drucker" || p.Behind != want {
				s.Errorf("in German: %q, behind %v, %v; want %v", p.Text.LiveTitle, p.Behind, err, want)
			}
			s.read(func(tx *db.Tx) error {
				w, err := kb.WorkOf(s.ctx, tx, s.amara)
				if (len(w.Behind) == 1) != want {
					s.Errorf("as work: %+v, want %v", w.Behind, want)
				}
				return err
			})
		}
		behind(false)
		save(kb.Edit{Language: "en", Title: "Printer", Body: "One and a half.", Was: 1})
		behind(true)
		save(kb.Edit{Language: "de", Title: "Drucker", Body: "Eineinhalb.", Was: 1, Follows: 2})
		behind(false)
		p, _ := s.open(person.Nobody, x.Slug, "fr")
		if p.Text.Language != "en" || len(p.Languages) != 2 {
			s.Errorf("in a language that it is not in: %+v", p)
		}
	})
}

func TestWhatReadersMissIsTheOwnersWork(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Printer", Body: "One.", Publish: true, ReviewDays: 30})
		p, err := s.open(s.hana, x.Slug, "en")
		if err != nil {
			s.Fatal(err)
		}
		say := func(a person.Actor, helped, words string) (o kb.Opinion, err error) {
			s.write(func(tx *db.Tx) error {
				o, err = kb.Say(s.ctx, tx, a, p, helped, words)
				return nil
			})
			return o, err
		}
		if _, err := say(s.hana, "", "  "); !fault.Is(err, fault.KindInvalid) {
			s.Errorf("nothing at all: %v", err)
		}
		for _, helped := range []string{"no", "yes"} {
			if _, err := say(s.hana, helped, ""); err != nil {
				s.Fatal(err)
			}
		}
		for range 2 { // the form sent twice
			if _, err := say(s.hana, "", "Which printer?"); err != nil {
				s.Fatal(err)
			}
		}
		work := func(a person.Actor) (w kb.Work) {
			s.read(func(tx *db.Tx) (err error) {
				w, err = kb.WorkOf(s.ctx, tx, a)
				return err
			})
			return w
		}
		w := work(s.amara)
		if len(w.Missed) != 1 || w.Missed[0].Words != "Which printer?" || w.Missed[0].PersonID != s.hana.ID || len(w.Due) != 0 {
			s.Errorf("work: %+v", w)
		}
		if !work(s.lead).Empty() {
			s.Error("it waits for somebody else")
		}
		s.read(func(tx *db.Tx) error {
			c, all, err := kb.Opinions(s.ctx, tx, x.ID)
			if c != (kb.Counts{Yes: 1}) || len(all) != 1 {
				s.Errorf("counted %+v, %d in words", c, len(all))
			}
			return err
		})
		s.write(func(tx *db.Tx) error { return kb.Settle(s.ctx, tx, s.amara, w.Missed[0].ID) })
		s.now = s.now.Add(31 * 24 * time.Hour)
		if w = work(s.amara); len(w.Missed) != 0 || len(w.Due) != 1 {
			s.Errorf("a month later: %+v", w)
		}
		s.write(func(tx *db.Tx) error { return kb.Reviewed(s.ctx, tx, s.amara, x.ID) })
		if !work(s.amara).Empty() {
			s.Error("what was looked at is due still")
		}
		s.write(func(tx *db.Tx) error {
			_, err := tx.Exec(s.ctx, `UPDATE person SET active = FALSE WHERE id = $1`, s.amara.ID)
			return err
		})
		s.now = s.now.Add(31 * 24 * time.Hour)
		if len(work(s.lead).Due) != 1 {
			s.Error("what an owner left waits for nobody")
		}
	})
}

func TestADifferenceMakesOneTextOfTheOther(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"", "one", "two", "two and a half", "drei", "خط", "a\tb", "🎈"}), 0, 12).Draw(t, "lines"), "\n")
	})
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		lines := map[kb.ChangeKind][]string{}
		same := 0
		for _, c := range kb.Diff(before, after) {
			if c.Folded > 0 {
				same += c.Folded
				continue
			}
			var b strings.Builder
			for _, p := range c.Parts {
				b.WriteString(p.Text)
			}
			lines[c.Kind] = append(lines[c.Kind], b.String())
		}
		same += len(lines[kb.Same])
		count := func(s string) int {
			if s == "" {
				return 0
			}
			return strings.Count(strings.TrimSuffix(s, "\n"), "\n") + 1
		}
		if same+len(lines[kb.Gone]) != count(before) || same+len(lines[kb.Come]) != count(after) {
			t.Fatalf("%q → %q: %d same, %q gone, %q new", before, after, same, lines[kb.Gone], lines[kb.Come])
		}
		if before == after && len(lines[kb.Gone])+len(lines[kb.Come]) > 0 {
			t.Fatalf("%q differs from itself", before)
		}
	})
	got := kb.Diff("Press the red button.\nWait.", "Press the green button.\nWait.")
	marked := ""
	for _, p := range got[1].Parts {
		if p.Marked {
			marked += p.Text
		}
	}
	if len(got) != 3 || got[0].Kind != kb.Gone || got[1].Kind != kb.Come || marked != "green" && marked != "gen" {
		t.Errorf("one word differs: %+v", got)
	}
}
