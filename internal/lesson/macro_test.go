package lesson_test

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/kb"
	"goodturn/internal/lesson"
	"goodturn/internal/macro"
)

func TestAMacroOfAnArticle(t *testing.T) {
	each(t, func(s *stage) {
		var x kb.Article
		s.write(func(tx *db.Tx) (err error) {
			x, err = kb.Create(s.ctx, tx, s.amara, kb.New{
				Title: "Toner [new]", Language: "en", Publish: true,
				Body: "## When you see this\n\nThe pages are grey.\n\n## What to do\n\n1. Open the lid \\*slowly\\*.\n2. See [the list](/help/toner).\n\n![The lid](lid.png)\n\nWrite {{name}} on it.\n\n## If it stays\n\nAsk us.",
			})
			if err != nil {
				return err
			}
			_, err = kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: x.ID, Language: "de", Title: "Toner", Body: "Öffnen Sie den Deckel.", Publish: true})
			return err
		})
		var m macro.Macro
		save := func() {
			s.write(func(tx *db.Tx) (err error) {
				if m, err = lesson.MacroOf(s.ctx, tx, s.amara, x.ID, "https://desk.example"); err != nil {
					return err
				}
				if m.ID, err = macro.Save(s.ctx, tx, s.amara, m); err != nil {
					return err
				}
				return lesson.Pair(s.ctx, tx, s.amara, m.ID, x.ID)
			})
		}
		save()
		want := "1. Open the lid *slowly*.\n2. See [the list](https://desk.example/help/toner).\n\nThe lid\n\nWrite { {name} } on it.\n\nMore about this: [Toner (new)](https://desk.example/help/" + x.Slug + ")"
		if m.Name != "Toner [new]" || m.Texts["en"] != want || m.Texts["de"] != "Öffnen Sie den Deckel.\n\nMehr dazu: [Toner](https://desk.example/help/"+x.Slug+")" {
			t.Errorf("the macro is %q\n%s\n%s", m.Name, m.Texts["en"], m.Texts["de"])
		}
		pair := func() (p lesson.Paired) {
			s.write(func(tx *db.Tx) error {
				all, err := lesson.Pairs(s.ctx, tx, []int64{m.ID})
				p = all[m.ID]
				return err
			})
			return p
		}
		if p := pair(); p.ArticleID != x.ID || p.Changed() || p.Title != "Toner [new]" {
			t.Errorf("they are paired as %+v", p)
		}
		s.write(func(tx *db.Tx) error {
			_, err := kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: x.ID, Language: "en", Title: "Toner", Body: "Ask us.", Was: 1, Publish: true})
			return err
		})
		if !pair().Changed() {
			t.Error("nobody is told that the article has changed")
		}
		s.write(func(tx *db.Tx) error { return lesson.Same(s.ctx, tx, s.amara, m.ID) })
		if pair().Changed() {
			t.Error("it is told again")
		}
		s.write(func(tx *db.Tx) error { return kb.Withdraw(s.ctx, tx, s.amara, x.ID, "en") })
		if !pair().Withdrawn() {
			t.Error("nobody is told that readers do not have it any more")
		}
		if err := s.db.Write(s.ctx, func(tx *db.Tx) error { return lesson.Same(s.ctx, tx, s.jonas, m.ID) }); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else changes it: %v", err)
		}
		s.write(func(tx *db.Tx) error {
			all, err := lesson.Macros(s.ctx, tx, s.jonas, x.ID)
			if len(all) != 0 {
				t.Error("somebody else sees her own macro")
			}
			return err
		})
	})
}

func TestAnArticleOfAMacro(t *testing.T) {
	each(t, func(s *stage) {
		var id int64
		var x, again kb.Article
		var en, de kb.Text
		s.write(func(tx *db.Tx) (err error) {
			id, err = macro.Save(s.ctx, tx, s.amara, macro.Macro{Name: "Restart the router", Scope: macro.Own, Texts: map[string]string{
				"en": "{{greeting}} {{requester.first_name}},\n\nyour request {{ticket.number}}: pull the plug of **your** router.\n\n1. Wait.\n\nBest regards\n{{agent.name}}",
				"de": "Guten Tag {{requester.name}},\n\nziehen Sie den Stecker.\n\nViele Grüße\n{{agent.first_name}}, {{team}}",
			}})
			if err != nil {
				return err
			}
			if x, err = lesson.ArticleOf(s.ctx, tx, s.amara, id); err != nil {
				return err
			}
			if again, err = lesson.ArticleOf(s.ctx, tx, s.amara, id); err != nil {
				return err
			}
			if en, err = kb.TextOf(s.ctx, tx, x.ID, "en"); err != nil {
				return err
			}
			de, err = kb.TextOf(s.ctx, tx, x.ID, "de")
			return err
		})
		if again.ID != x.ID {
			t.Error("pressed twice there are two")
		}
		if en.Body != "your request (the number of your request): pull the plug of **your** router.\n\n1. Wait." || de.Body != "ziehen Sie den Stecker." {
			t.Errorf("it says\n%s\n%s", en.Body, de.Body)
		}
		if !x.ToCheck || x.Audience != kb.StaffOnly || strings.Contains(en.Body+de.Body, "{{") {
			t.Errorf("it is %+v", x)
		}
		s.write(func(tx *db.Tx) error {
			if _, err := kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: x.ID, Language: "en", Title: en.Title, Body: en.Body, Was: en.Version, Publish: true, Checked: true}); err != nil {
				return err
			}
			if err := lesson.Settle(s.ctx, tx, x.ID); err != nil {
				return err
			}
			pairs, err := lesson.Pairs(s.ctx, tx, []int64{id})
			if p := pairs[id]; !p.FromMacro || p.Version == 0 || p.Changed() {
				t.Errorf("they are paired as %+v", p)
			}
			return err
		})
	})
}
