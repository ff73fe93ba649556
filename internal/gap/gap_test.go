package gap_test

import (
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/gap"
	"goodturn/internal/kb"
	"goodturn/internal/ticket"
)

// What tickets are about is found in the night, named by its words, counted by week; what comes later is counted at once, and what is new
// becomes a topic of its own without changing the others.
func TestTopicsAreFoundAndStay(t *testing.T) {
	each(t, func(f *fixture) {
		f.routine(10)
		f.sweep()
		if all := f.gaps(gap.Topic); len(all) != 0 {
			t.Fatalf("found %v of forty tickets", all)
		}
		f.routine(10)
		f.night()
		f.at = start.Add(8 * 24 * time.Hour)
		f.night() // the weeks are whole
		all := f.gaps(gap.Topic)
		names := map[string]gap.Gap{}
		said := ""
		for _, g := range all {
			names[g.Ref] = g
			said += g.Label + "; "
		}
		for _, word := range []string{"print", "password", "vpn", "calendar"} {
			if !strings.Contains(said, word) {
				t.Errorf("no topic is named by %q: %s", word, said)
			}
		}
		if n := f.total(gap.Topic); n != 80 {
			t.Errorf("%d tickets are counted, want 80", n)
		}

		came := f.ask("the printer prints half pages again", f.first)
		f.sweep()
		if n := f.total(gap.Topic); n != 81 {
			t.Errorf("%d tickets are counted once another came, want 81", n)
		}
		seen := false
		for _, g := range all {
			f.read(func(tx *db.Tx) error {
				for _, e := range must(gap.Examples(f.ctx(), tx, f.amara, g.ID, 3)) {
					if e.ID == came.ID {
						seen = strings.Contains(g.Label, "print")
					}
				}
				return nil
			})
		}
		if !seen {
			t.Error("the new ticket is not among those of its topic")
		}

		for i := range 8 {
			f.ask([]string{"zotero citations vanish from footnotes", "footnotes lose zotero citations", "zotero citations footnotes gone", "where are zotero footnotes citations"}[i%4], f.first)
		}
		f.night()
		f.at = f.at.Add(7 * 24 * time.Hour)
		f.night()
		found := false
		for _, g := range f.gaps(gap.Topic) {
			was, known := names[g.Ref]
			if known && was.Label != g.Label {
				t.Errorf("%q is called %q now", was.Label, g.Label)
			}
			found = found || !known && strings.Contains(g.Label, "zotero")
		}
		if !found {
			t.Errorf("what is new has no topic: %v", f.gaps(gap.Topic))
		}
	})
}

// A private team's tickets are not counted, and give no words; one that comes to such a team later is taken out at once.
func TestPrivateTicketsAreNotCounted(t *testing.T) {
	each(t, func(f *fixture) {
		f.routine(16)
		for range 12 {
			f.ask("salary of the severance garnishment is wrong", f.payroll)
		}
		f.night()
		for _, g := range f.gaps(gap.Topic) {
			if strings.Contains(g.Label, "salary") || strings.Contains(g.Label, "garnishment") {
				t.Errorf("a private team's words are a label: %s", g.Label)
			}
		}
		n := f.total(gap.Topic)
		moved := f.ask("the printer prints half pages", f.first)
		f.at = f.at.Add(2 * time.Minute)
		f.sweep()
		if now := f.total(gap.Topic); now != n+1 {
			t.Fatalf("%d are counted, want %d", now, n+1)
		}
		f.write(func(tx *db.Tx) error {
			return f.desk.MoveTo(f.ctx(), tx, ticket.By{Actor: f.amara}, moved.ID, f.payroll)
		})
		if now := f.total(gap.Topic); now != n {
			t.Errorf("%d are counted after one became private, want %d", now, n)
		}
	})
}

// Searches that found nothing become gaps from the third on, without what may tell of a person.
func TestSearchesInVain(t *testing.T) {
	each(t, func(f *fixture) {
		search := func(times int, query string, found int) {
			t.Helper()
			for range times {
				f.keeper.Searched(query, found, false, f.at)
			}
		}
		search(2, "badge printer", 0)
		search(1, "Printer  badge anna@acme.example 0123456", 0)
		search(2, "rare thing", 0)
		search(7, "holiday form", 4)
		search(7, "expense form", 4)
		f.keeper.Searched("form expense", 1, true, f.at)
		f.night()
		if all := f.gaps(gap.Nothing); len(all) != 1 || all[0].Label != "badge printer" {
			t.Errorf("in vain: %v, want badge printer alone", all)
		}
		if all := f.gaps(gap.Unopened); len(all) != 1 || all[0].Label != "form holiday" {
			t.Errorf("not opened: %v, want form holiday alone", all)
		}
		f.at = f.at.Add(20 * 7 * 24 * time.Hour)
		f.night()
		if all := f.gaps(gap.Nothing); len(all) != 0 {
			t.Errorf("a quarter later there is still %v", all)
		}
	})
}

// Articles from which people went on to write, and those of which something is missing, are gaps until that is dealt with.
func TestArticlesThatDoNotDo(t *testing.T) {
	each(t, func(f *fixture) {
		var x kb.Article
		f.write(func(tx *db.Tx) (err error) {
			x, err = kb.Create(f.ctx(), tx, f.amara, kb.New{Title: "Reset your password", Body: "Press the button.", Language: "en", Publish: true})
			return err
		})
		f.night()
		if all := append(f.gaps(gap.Came), f.gaps(gap.Stale)...); len(all) != 0 {
			t.Fatalf("nothing happened, and there is %v", all)
		}
		for range 2 {
			came := f.ask("the button is not there", f.first)
			f.write(func(tx *db.Tx) error { return gap.CameAfter(f.ctx(), tx, came.ID, x.ID) })
			f.write(func(tx *db.Tx) error { return gap.CameAfter(f.ctx(), tx, came.ID, x.ID) })
		}
		f.write(func(tx *db.Tx) error {
			_, err := tx.Exec(f.ctx(), `INSERT INTO article_answer (article_id, language, version, helped, words, at, settled_at, person_id) VALUES ($1, 'en', 1, 'no', 'Which button?', $2, 0, $3)`, x.ID, tx.Now, f.askers[f.asked%len(f.askers)].ID)
			return err
		})
		f.at = f.at.Add(10 * time.Minute)
		f.ask("the button in the article is grey", f.first) // by whoever said that the article did not help
		f.night()
		if all := f.gaps(gap.Came); len(all) != 1 || all[0].Label != "Reset your password" || f.total(gap.Came) != 3 {
			t.Errorf("tickets after reading: %v, counted %d", all, f.total(gap.Came))
		}
		if all := f.gaps(gap.Asked); len(all) != 1 || all[0].ArticleID != x.ID {
			t.Errorf("what is missing: %v", all)
		}
		f.write(func(tx *db.Tx) error {
			_, err := tx.Exec(f.ctx(), `UPDATE article_answer SET settled_at = $1`, tx.Now)
			return err
		})
		f.at = f.at.Add(200 * 24 * time.Hour)
		f.night()
		if all := f.gaps(gap.Asked); len(all) != 0 {
			t.Errorf("it was dealt with, and there is %v", all)
		}
		if all := f.gaps(gap.Stale); len(all) != 1 {
			t.Errorf("its review is due, and there is %v", all)
		}
	})
}
