package lesson_test

import (
	"fmt"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/fixnote"
	"goodturn/internal/kb"
	"goodturn/internal/lesson"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestADraftOfOneTicket(t *testing.T) {
	each(t, func(s *stage) {
		id := s.asks(s.hana, s.team, "Re: Hana cannot print", "Hello Amara,\n\nsince Monday the printer on floor 2 prints only half pages. It shows the message \"Load tray 2\" after every page. My PIN is 4711, call me on 030 1234567. Could you please help?\n\nBest regards\nHana Moss\nMoss & Sons, Hauptstraße 12",
			"Good morning Hana,\n\nWhich light blinks on the lid of the printer?\n\nBest regards\nAmara",
			"<The red one blinks.",
			"Hi Hana,\n\nThe tray was set to letter paper.\n\n1. Open the lid of tray 2.\n2. Set the slider to A4.\n3. Press OK and print again, or write to hana.moss@moss.example.\n\nBest regards\nAmara",
			"<That worked, thank you!",
			"You're welcome, Hana. Have a nice day!")
		d, text, err := s.begin(s.jonas, lesson.New{Tickets: []int64{id}})
		if err != nil {
			t.Fatal(err)
		}
		want := "# When you see this\n\n- Since Monday the printer on floor 2 prints only half pages.\n- It shows the message \"Load tray 2\" after every page.\n\n# What to do\n\nThe tray was set to letter paper.\n\n" +
			"1. Open the lid of tray 2.\n2. Set the slider to A4.\n3. Press OK and print again, or write to [mail address].\n\n# If it stays\n\n[Ask us](/), and we look at it together. It helps to tell us:\n\n- what of this you tried, and what you saw then\n- the exact words of a message, or a picture of it\n- Which light blinks on the lid of the printer?"
		if text.Body != want {
			t.Errorf("the draft is\n%s\nwant\n%s", text.Body, want)
		}
		if text.Title != "[name] cannot print" || d.Article.Audience != kb.StaffOnly || !d.Article.ToCheck || d.Article.OwnerID != s.jonas.ID || d.Article.Published {
			t.Errorf("it is %+v of %q", d.Article, text.Title)
		}
		s.write(func(tx *db.Tx) error {
			said, err := lesson.Sentences(s.ctx, tx, s.jonas, d.Article.ID)
			if len(said) != 7 || said[0].TicketID != id || said[0].Part != lesson.See || said[6].Part != lesson.Tell {
				t.Errorf("the sentences are %+v", said)
			}
			return err
		})
	})
}

func TestCutsArePutBackAndCheckedBeforePublishing(t *testing.T) {
	each(t, func(s *stage) {
		id := s.asks(s.hana, s.team, "VPN of Hana drops", "The VPN of Hana drops every hour. The VPN of Omar drops too, his password is Sommer2024! since then.", "Please restart the client twice, as Omar did.")
		d, _, err := s.begin(s.amara, lesson.New{Tickets: []int64{id}})
		if err != nil {
			t.Fatal(err)
		}
		article := d.Article.ID
		var cuts []lesson.Cut
		load := func() (text kb.Text) {
			s.write(func(tx *db.Tx) (err error) {
				if cuts, err = lesson.Cuts(s.ctx, tx, s.amara, article); err != nil {
					return err
				}
				text, err = kb.TextOf(s.ctx, tx, article, "en")
				return err
			})
			return text
		}
		text := load()
		if len(cuts) != 5 {
			t.Fatalf("cuts are %+v of\n%s", cuts, text.Body)
		}
		s.write(func(tx *db.Tx) error { // the writer changes the text around them
			_, err := kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: article, Language: "en", Title: text.Title, Body: strings.Replace(text.Body, "drops every hour", "is gone every hour", 1), Was: text.Version})
			return err
		})
		change := func(c lesson.Cut, back bool) (err error) {
			return s.db.Write(s.ctx, func(tx *db.Tx) error {
				if back {
					return lesson.PutBack(s.ctx, tx, s.amara, article, c.ID)
				}
				return lesson.TakeOut(s.ctx, tx, s.amara, article, c.ID)
			})
		}
		for _, c := range cuts {
			switch err := change(c, true); {
			case c.Kind == "secret" && !fault.Is(err, fault.KindInvalid):
				t.Errorf("a secret was put back: %v", err)
			case c.Kind == "secret" && c.Was != "":
				t.Errorf("a secret is kept: %+v", c)
			case c.Kind != "secret" && err != nil:
				t.Error(err)
			}
		}
		if text = load(); text.Title != "VPN of Hana drops" || !strings.Contains(text.Body, "- The VPN of Hana is gone every hour.\n- The VPN of Omar drops too, his password is [secret] since then.") || !strings.Contains(text.Body, "as Omar did") {
			t.Errorf("put back it is %q\n%s", text.Title, text.Body)
		}
		for _, c := range cuts {
			if c.Kind == "name" && c.InTitle {
				if err := change(c, false); err != nil {
					t.Error(err)
				}
			}
		}
		if text = load(); text.Title != "VPN of [name] drops" {
			t.Errorf("taken out again it is %q", text.Title)
		}

		save := func(checked bool) error {
			return s.db.Write(s.ctx, func(tx *db.Tx) error {
				_, err := kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: article, Language: "en", Title: "The VPN drops", Body: text.Body, Was: text.Version, Publish: true, Checked: checked})
				return err
			})
		}
		if err := save(false); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("it was published unchecked: %v", err)
		}
		if err := save(true); err != nil {
			t.Fatal(err)
		}
		s.write(func(tx *db.Tx) error {
			if err := lesson.Settle(s.ctx, tx, article); err != nil {
				return err
			}
			x, err := kb.ByID(s.ctx, tx, s.amara, article)
			if x.ToCheck || !x.Published || x.Slug != "the-vpn-drops" {
				t.Errorf("published it is %+v", x)
			}
			return err
		})
		if load(); len(cuts) != 0 {
			t.Error("what was taken out is kept after it was checked")
		}
	})
}

func TestADraftOfSeveralTickets(t *testing.T) {
	each(t, func(s *stage) {
		var ids []int64
		for i, text := range []string{"The beamer in room 4 shows no picture.", "In room 7 the beamer shows no picture since noon.", "The beamer shows no picture. Our meeting begins in an hour."} {
			answer := []string{"Please use the other cable.", "Please press the button “source” until it says HDMI 2.", "Please restart the beamer, then wait for a minute."}[i]
			ids = append(ids, s.asks(s.hana, s.team, "Beamer", text, answer))
		}
		foreign := s.asks(s.omar, s.team, "Beamer", "Der Beamer in unserem Besprechungsraum zeigt seit heute Morgen kein Bild mehr an.", "Bitte schalten Sie den Beamer aus und nach einer Minute wieder ein.")
		open := s.asks(s.omar, s.team, "Beamer", "The beamer is loud.")
		s.write(func(tx *db.Tx) error {
			return s.desk.SetStatus(s.ctx, tx, ticket.By{Actor: s.amara}, open, ticket.Open)
		})
		trash := s.asks(s.omar, s.team, "Beamer", "The beamer is in the trash.", "Please take it out of there.")
		s.write(func(tx *db.Tx) error { return s.desk.Trash(s.ctx, tx, ticket.By{Actor: s.amara}, trash) })
		s.write(func(tx *db.Tx) error {
			_, err := s.book.Write(s.ctx, tx, s.amara, ids[1], fixnote.Content{Wrong: "The source was wrong", Next: "Press the button “source” until it says HDMI 2."})
			return err
		})
		d, text, err := s.begin(s.amara, lesson.New{Tickets: append(ids, foreign, open, trash, ids[0])})
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Used) != 3 || len(d.LeftOut[lesson.Foreign]) != 1 || len(d.LeftOut[lesson.NotSolved]) != 1 || len(d.LeftOut[lesson.PutAside]) != 1 {
			t.Errorf("used are %v, left out %v", d.Used, d.LeftOut)
		}
		if n := strings.Count(text.Body, "shows no picture"); n != 1 {
			t.Errorf("the same is said %d times:\n%s", n, text.Body)
		}
		note, other := strings.Index(text.Body, "HDMI 2"), strings.Index(text.Body, "other cable")
		if note < 0 || other < note || !strings.Contains(text.Body, "The source was wrong") || strings.Count(text.Body, "If that does not help:") != 2 {
			t.Errorf("the best does not come first:\n%s", text.Body)
		}
	})
}

func TestPrivateTicketsAreDraftedByTheirTeamAlone(t *testing.T) {
	each(t, func(s *stage) {
		id := s.asks(s.hana, s.private, "Wage of May", "The wage of May is missing on my account since Friday.", "Please open the portal of the bank and confirm it.")
		if _, _, err := s.begin(s.jonas, lesson.New{Tickets: []int64{id}, Private: true}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else drafts from it: %v", err)
		}
		if _, _, err := s.begin(s.hana, lesson.New{Tickets: []int64{id}, Private: true}); err == nil {
			t.Error("a requester drafts articles")
		}
		if _, _, err := s.begin(s.amara, lesson.New{Tickets: []int64{id}}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("it is drafted unasked: %v", err)
		}
		d, _, err := s.begin(s.amara, lesson.New{Tickets: []int64{id}, Private: true})
		if err != nil {
			t.Fatal(err)
		}
		s.write(func(tx *db.Tx) error {
			for _, a := range []person.Actor{s.amara, s.jonas} {
				sources, err := lesson.Sources(s.ctx, tx, a, d.Article.ID)
				if err != nil {
					return err
				}
				said, err := lesson.Sentences(s.ctx, tx, a, d.Article.ID)
				if err != nil {
					return err
				}
				if mine := a.ID == s.amara.ID; (len(sources) == 1) != mine || (len(said) > 0) != mine {
					t.Errorf("%s sees %d sources and %d sentences", a.Name, len(sources), len(said))
				}
			}
			return nil
		})
	})
}

func TestHardTickets(t *testing.T) {
	each(t, func(s *stage) {
		thanks := s.asks(s.hana, s.team, "Thanks", "Thank you so much!")
		if _, _, err := s.begin(s.amara, lesson.New{Tickets: []int64{thanks}}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("only thanks: %v", err)
		}
		if _, _, err := s.begin(s.amara, lesson.New{}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("none: %v", err)
		}
		if _, _, err := s.begin(s.amara, lesson.New{Tickets: []int64{99999}}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		silent := s.asks(s.hana, s.team, "Mouse", "The mouse jumps over the screen whenever it is warm.")
		d, text, err := s.begin(s.amara, lesson.New{Tickets: []int64{silent}})
		if err != nil || !d.NoAnswer || !strings.Contains(text.Body, "The mouse jumps") {
			t.Errorf("without an answer: %v\n%s", err, text.Body)
		}
		hostile := s.asks(s.hana, s.team, "<script>alert(1)</script>", "The page <script>alert(1)</script> shows [click](javascript:alert(1)) and ![x](x) since today.\n# No heading here at all\n[Omar]: it does not work", "1. Open <b>this</b> page\n2. Press the `key` *now* please")
		if _, text, err = s.begin(s.amara, lesson.New{Tickets: []int64{hostile}}); err != nil {
			t.Fatal(err)
		}
		html := kb.Render(1, text.Body)
		if strings.Contains(html, "<script") || strings.Contains(html, `href="javascript`) || strings.Contains(html, "<b>") || strings.Contains(html, "<em>") || strings.Count(html, "<h2") != 3 || strings.Contains(html, "<img") || !strings.Contains(html, "alert(1)") {
			t.Errorf("hostile words have a form:\n%s\n%s", text.Body, html)
		}
		var long []string
		for i := range 60 {
			if i%2 == 0 {
				long = append(long, fmt.Sprintf("Please press the button %d and wait for the lamp.", i))
			} else {
				long = append(long, fmt.Sprintf("<The lamp %d is still dark.", i))
			}
		}
		sixty := s.asks(s.hana, s.team, "Lamp", "The lamp of the scanner stays dark.", long...)
		if _, text, err = s.begin(s.amara, lesson.New{Tickets: []int64{sixty}}); err != nil || !strings.Contains(text.Body, "press the button 58") {
			t.Errorf("of 60 messages: %v\n%s", err, text.Body)
		}
		s.write(func(tx *db.Tx) error {
			_, err := s.desk.Merge(s.ctx, tx, ticket.By{Actor: s.amara}, sixty, []int64{silent})
			return err
		})
		if d, _, err = s.begin(s.amara, lesson.New{Tickets: []int64{silent}}); err != nil || len(d.Used) != 1 || d.Used[0] != sixty {
			t.Errorf("one that became part of another: %v %v", d.Used, err)
		}
	})
}
