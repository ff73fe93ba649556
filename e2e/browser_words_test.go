package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/gap"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
	tickets "goodturn/internal/ticket"
)

// TestBrowserFromWorkToWords has an agent draft an article from a solved ticket, put a name back and take it out again, be asked to look before it
// is published, publish it for everybody, and make a macro of it that is used in an answer.
func TestBrowserFromWorkToWords(t *testing.T) {
	for name, how := range browserPhones {
		t.Run(name, func(t *testing.T) {
			d, scripts := browserDemo(t), name == "with scripts"
			agent := d.staff(person.Agent, 0)
			d.visitorOf(t).asks("dana@dale.example", "The label printer of Dana Dale prints only stripes since Monday. My PIN is 4711.")
			number := d.ticket("The label printer of Dana Dale prints only stripes since Monday. My PIN is 4711.")
			d.reply(agent, number, "Please open the lid of the label printer.\n\nThen ask dana@dale.example to wipe the glass strip with a dry cloth.", tickets.Solved)

			p := d.page(t, how...).cookie(d.session(agent))
			p.open(fmt.Sprintf("/articles/drafts?ticket=%d", number)).checked(t, scripts).follow(`form[action="/articles/drafts"] button.primary`)
			p.has("A draft for staff only.", "taken out by rule", "[mail address]").hasNot("4711").checked(t, scripts)
			article := d.number(`SELECT max(id) FROM article`)
			body := func() string { return d.word(`SELECT body FROM article_text WHERE article_id = $1`, article) }
			cut := d.number(`SELECT min(id) FROM lesson_cut WHERE kind = 'mail'`)
			press := fmt.Sprintf(`button[formaction="/articles/%d/cuts/%d"]`, article, cut)
			p.fill("#f-title", "Stripes on labels").follow(press)
			if got := body(); !strings.Contains(got, "ask dana@dale.example to wipe") {
				t.Errorf("put back it says\n%s", got)
			}
			p.is(`document.querySelector("#f-title").value === "Stripes on labels"`) // what was typed stays
			p.has("You put it back.").follow(press)
			if got := body(); strings.Contains(got, "dana@dale.example") {
				t.Errorf("taken out again it says\n%s", got)
			}

			p.follow(`button[value="publish"]`)
			p.has("tick this before it is published").checked(t, scripts)
			p.forget() // the 422
			p.choose("#f-audience", "everybody").click("#f-checked").follow(`button[value="publish"]`)
			p.has("Published.", fmt.Sprintf("#%d", number)).hasNot("taken out by rule")
			visitor := d.page(t, browser.Size(390, 844), browser.WithoutJavaScript())
			visitor.open("/help/stripes-on-labels").has("When you see this", "wipe the glass strip with a dry cloth", "Ask us").hasNot("Dana", "4711", fmt.Sprintf("#%d", number))
			if n := d.number(`SELECT count(*) FROM lesson_cut`); n != 0 {
				t.Errorf("%d cuts are kept", n)
			}

			p.open(fmt.Sprintf("/macros/new?article=%d", article)).checked(t, scripts).is(`document.querySelector("#f-text-en").value.includes("/help/stripes-on-labels)")`).follow(".macro-form button.primary")
			macro := d.number(`SELECT max(id) FROM macro`)
			p.has("From the article", "Stripes on labels").open(fmt.Sprintf("/macros/%d", macro)).has("From the article").checked(t, scripts)
			d.visitorOf(t).asks("ella@dale.example", "Stripes on each label again.")
			open := d.ticket("Stripes on each label again.")
			p.open(fmt.Sprintf("/macros/%d?ticket=%d", macro, open)).has("wipe the glass strip")
			p.quiet()
			visitor.quiet()
		})
	}
}

// TestBrowserAnArticleOfAFixNote makes an article of a fix note in one click, and one of several tickets of a list; the primer is read.
func TestBrowserAnArticleOfAFixNote(t *testing.T) {
	d := browserDemo(t)
	agent := d.staff(person.Agent, 0)
	d.visitorOf(t).asks("dana@dale.example", "The badge reader of gate four stays red.")
	number := d.ticket("The badge reader of gate four stays red.")
	d.reply(agent, number, "The reader is set right again.", tickets.Solved)
	d.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, agent)
		if err != nil {
			return err
		}
		_, err = (&fixnote.Book{}).Write(ctx, tx, a, number, fixnote.Content{Wrong: "The reader had lost its time", Next: "Hold the badge before it for ten seconds."})
		return err
	})
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(agent))
	p.open("/fix-notes").follow(fmt.Sprintf(`form:has(input[value="%d"]) button`, number))
	p.has("A draft for staff only.").is(`document.querySelector("#f-body").value.includes("1. Hold the badge before it for ten seconds.")`)

	p.open(fmt.Sprintf("/articles/drafts?ticket=%d&ticket=%d", number, d.number(`SELECT max(t.id) FROM ticket t JOIN team m ON m.id = t.team_id WHERE t.is_open AND NOT m.private AND t.turn IN ('ours', 'theirs')`)))
	p.follow(`form[action="/articles/drafts"] button.primary`)
	p.has("1 ticket is not solved yet, and was left out.").quiet()
	p.open("/primer").has("Primer").follow(`form[action="/primer/reading"] button`)
	p.has("You read it").quiet()
	if r, _ := d.ask("/primer"); r.StatusCode == http.StatusOK {
		t.Error("a stranger reads the primer")
	}
}

// TestBrowserWhereADraftBegins begins a draft in the menu of a solved ticket, with a selection in a list, and of what nobody has written down.
func TestBrowserWhereADraftBegins(t *testing.T) {
	d := browserDemo(t)
	agent := d.staff(person.Agent, 0)
	var numbers []int64
	for _, text := range []string{"The barrier of the car park stays shut at noon.", "The barrier of the car park stays shut again."} {
		d.visitorOf(t).asks("dana@dale.example", text)
		number := d.ticket(text)
		d.reply(agent, number, "Please press the green button of the barrier for three seconds, then drive on.", tickets.Solved)
		numbers = append(numbers, number)
	}
	must(t, d.app.Gaps.Sweep(d.Context())) // what is learned first would place all tickets anew
	var topic int64
	d.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if topic, err = db.One[int64](ctx, tx, `INSERT INTO gap (kind, ref, label, state, lately, found_at) VALUES ('topic', '999', 'barrier, car park', 'open', 2, $1) RETURNING id`, tx.Now); err != nil {
			return err
		}
		for _, number := range numbers {
			if _, err := tx.Exec(ctx, `INSERT INTO gap_ticket (ticket_id, gap_id, week) VALUES ($1, $2, $3)`, number, topic, gap.Week(tx.Now)); err != nil {
				return err
			}
		}
		return nil
	})
	before := d.number(`SELECT max(id) FROM article`)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(agent))
	drafted := func(where string) {
		t.Helper()
		p.has("Where each sentence comes from")
		if body := d.word(`SELECT body FROM article_text WHERE article_id = (SELECT max(id) FROM article)`); !strings.Contains(body, "press the green button") {
			t.Errorf("%s: the draft says\n%s", where, body)
		}
	}
	p.open(fmt.Sprintf("/tickets/%d", numbers[0])).click(`[popovertarget="ticket-menu"]`).follow(`#ticket-menu form[action="/articles/drafts"] button`)
	drafted("the menu of a ticket")
	p.open("/tickets?view=all&q=status%3Asolved+barrier").keys("j", "x", "j", "x").until(`document.getElementById("bulk").classList.contains("is-open")`)
	p.click(`[popovertarget="bulk-more"]`).click(`#bulk-more button[value="draft"]`).until(`location.pathname === "/articles/drafts"`).follow(`form[action="/articles/drafts"] button.primary`)
	drafted("a selection")
	p.open(fmt.Sprintf("/gaps/%d", topic)).follow(fmt.Sprintf(`form[action="/gaps/%d/article"] button`, topic))
	drafted("what nobody has written down")
	if n := d.number(`SELECT count(*) FROM article WHERE id > $1 AND published`, before); n != 0 {
		t.Errorf("%d of the drafts are published", n)
	}
	p.quiet()
}
