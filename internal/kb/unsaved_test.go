package kb_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

func TestWhatIsNotSavedIsKeptForWhoWritesIt(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Printer", Body: "One."})
		keep := func(a person.Actor, u kb.Unsaved) {
			s.Helper()
			s.write(func(tx *db.Tx) error { return kb.Keep(s.ctx, tx, a, u) })
		}
		has := func(a person.Actor, want string) {
			s.Helper()
			s.write(func(tx *db.Tx) error {
				u, err := kb.UnsavedOf(s.ctx, tx, a, x.ID, "en")
				if u.Body != want {
					s.Errorf("%s has %q kept, not %q", a.Name, u.Body, want)
				}
				return err
			})
		}
		keep(s.amara, kb.Unsaved{ArticleID: x.ID, Language: "en", Title: "Printer", Body: "Two", Was: 1})
		keep(s.amara, kb.Unsaved{ArticleID: x.ID, Language: "en", Title: "Printer", Body: "Two and three", Was: 1})
		has(s.amara, "Two and three")
		has(s.lead, "")
		for _, key := range []string{"a", "b", "a"} {
			keep(s.amara, kb.Unsaved{Key: key, Language: "en", Body: "Begun " + key})
		}
		s.write(func(tx *db.Tx) error {
			all, err := kb.Begun(s.ctx, tx, s.amara)
			if len(all) != 2 {
				s.Errorf("%d articles are begun", len(all))
			}
			return err
		})
		s.write(func(tx *db.Tx) error {
			if err := kb.Keep(s.ctx, tx, person.Nobody, kb.Unsaved{Key: "x", Language: "en", Body: "x"}); err == nil {
				s.Error("a stranger keeps something")
			}
			if err := kb.Keep(s.ctx, tx, s.amara, kb.Unsaved{Key: "x", Language: "en", Body: strings.Repeat("x", 300_001)}); err == nil {
				s.Error("what is too long is kept")
			}
			if err := kb.Forget(s.ctx, tx, s.amara, kb.Unsaved{ArticleID: x.ID, Language: "en"}); err != nil {
				return err
			}
			return kb.ForgetOld(s.ctx, tx)
		})
		has(s.amara, "")
		keep(s.amara, kb.Unsaved{ArticleID: x.ID, Language: "en", Body: "Four"})
		keep(s.amara, kb.Unsaved{ArticleID: x.ID, Language: "en"}) // nothing is left of it
		has(s.amara, "")
	})
}

func TestAnArticleThatLinksToItself(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Printer", Slug: "printer", Body: "See [itself](/help/printer#again), [this part](#again).\n\n## Again\n\n![again](/help/printer)", Publish: true})
		s.write(func(tx *db.Tx) error {
			p, err := kb.Read(s.ctx, tx, s.amara, "printer", "en")
			if html := p.HTML(); !strings.Contains(html, `href="/help/printer#a-again"`) || !strings.Contains(html, `href="#a-again"`) || strings.Contains(html, "<img") {
				s.Errorf("it gives %s", html)
			}
			if err != nil {
				return err
			}
			related, err := kb.Related(s.ctx, tx, s.amara, p, 4)
			for _, h := range related {
				if h.ID == x.ID {
					s.Error("it is like itself")
				}
			}
			return err
		})
	})
}
