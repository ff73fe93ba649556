package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// TestBrowserAnArticleFromWritingToItsReader has an agent write an article, looks at it before and after it is published, has a visitor
// without scripts find it and say what is missing, and the agent deal with that.
func TestBrowserAnArticleFromWritingToItsReader(t *testing.T) {
	d := browserDemo(t)
	agent := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0)))
	agent.open("/articles/new").until(`document.querySelector("#rich-body")`).click(`[data-mode="markdown"]`).until(`document.querySelector("#f-body").offsetWidth`).fill("#f-title", "The projector stays blue", "#f-body", "1. Press **Input** twice.\n2. Wait ten seconds.")
	agent.until(`document.querySelector(".author-preview strong")`).follow(`button[value="preview"]`)
	agent.is(`document.querySelector("#preview strong").textContent === "Input" && document.querySelector("#f-title").value === "The projector stays blue"`)
	agent.follow(`button[value="save"]`)
	agent.has("The draft is saved.").until(`document.querySelector(".author-preview strong")`)

	visitor := d.page(t, browser.Size(390, 844), browser.WithoutJavaScript())
	if r, _ := d.ask("/help/the-projector-stays-blue"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a draft is answered with %d", r.StatusCode)
	}
	agent.follow(`button[value="publish"]`)
	agent.has("Published.")
	visitor.open("/help?q=blue+projector").has("The projector stays blue")
	visitor.open("/help/the-projector-stays-blue").has("Press Input twice.").follow(`button[value="no"]`)
	visitor.fill("#f-words", "Which of the two buttons?").follow("#helped button")
	visitor.has("Whoever keeps this article reads it.")

	agent.open("/articles").has("Which of the two buttons?").follow(`form[action^="/article-answers/"] button`)
	agent.is(`!document.querySelector('form[action^="/article-answers/"]')`)
	agent.quiet()
	visitor.quiet()
}

// TestBrowserOneTextIsWrittenInTwoWays has an agent write an article without knowing any Markdown, look at it as Markdown, change it there, link
// another article by searching for it, leave and come back to what was not saved, and change one line of an article that has pieces which
// the rich surface cannot show: nothing else of it may differ.
func TestBrowserOneTextIsWrittenInTwoWays(t *testing.T) {
	d := browserDemo(t)
	writer := d.staff(person.Agent, 0)
	p := d.page(t, browser.Size(1440, 900)).cookie(d.session(writer))
	p.open("/articles/new").until(`document.getElementById("rich-body")`).fill("#f-title", "The beamer hums")
	p.click("#rich-body").text("Press ").keys("Ctrl+b").text("Input").keys("Ctrl+b").text(" twice.").keys("Enter")
	p.text("# Then").keys("Enter").text("1. Wait").keys("Enter").text("Breathe").keys("Enter", "Enter").text("2 * 3 [x]").keys("Enter")
	p.click(`[data-do="table"]`).text("Light").keys("Tab").text("a|b")
	p.is(`document.querySelector("#rich-body strong").textContent === "Input" && document.querySelectorAll("#rich-body ol > li").length === 2`)
	p.until(`document.querySelector(".author-state").textContent.startsWith("Kept")`)
	p.click(`[data-mode="markdown"]`).until(`document.querySelector(".author").dataset.mode === "markdown"`)
	want := "Press **Input** twice.\n\n# Then\n\n1. Wait\n2. Breathe\n\n2 * 3 [x]\n\n| Light | a\\|b |\n| --- | --- |\n|  |  |\n|  |  |\n"
	if got := browserEval[string](p, `document.querySelector("#f-body").value`); got != want {
		t.Errorf("as Markdown it is %q", got)
	}
	p.until(`document.querySelector(".author-preview strong")?.textContent === "Input"`)
	p.is(`document.querySelector(".author-preview").offsetWidth > 300`)

	// Back, a link to another article, and away without saving.
	p.click(`[data-mode="rich"]`).until(`document.querySelector("#rich-body table")`).click("#rich-body h2").text(" See ")
	p.click(`[data-do="link"]`).until(`document.getElementById("ask-link").open`).text("VPN").until(`document.querySelector("#ask-link [data-href]")`).keys("Enter")
	p.until(`document.querySelector("#rich-body a[href^='/help/']")`).until(`document.querySelector(".author-state").textContent.startsWith("Kept")`)
	p.open("/articles").open("/articles/new").has("Begun and not saved", "The beamer hums").follow(`a[href*="go-on"]`)
	p.until(`document.querySelector("#rich-body a[href^='/help/']")`).has("This is what you wrote and did not save")
	p.follow(`button[value="save"]`)
	p.has("The draft is saved.").open("/articles/new").hasNot("Begun and not saved")

	// An article with what the surface cannot show.
	strange := "* one\n* two\n\n\n<details><summary>More</summary>\n\nInside *it*.\n\n</details>\n\nLine one\nand two[^1] with <kbd>Ctrl</kbd>.\n\n[^1]: A note.\n\n| a|b |\n|--|:-:|\n|c |d |\n"
	var id int64
	d.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, writer)
		if err != nil {
			return err
		}
		x, err := kb.Create(ctx, tx, a, kb.New{Title: "Strange", Body: strange, Language: "en"})
		id = x.ID
		return err
	})
	p.open(fmt.Sprintf("/articles/%d", id)).until(`document.querySelector("#rich-body .raw-block")`)
	p.follow(`button[value="save"]`)
	if n := d.number(`SELECT version FROM article_text WHERE article_id = $1`, id); n != 1 {
		t.Errorf("saving what was not changed made version %d", n)
	}
	p.until(`document.querySelector("#rich-body li p")`).click("#rich-body li:last-child p").is(`(getSelection().collapse(document.querySelector("#rich-body li:last-child p").firstChild, 3), true)`).text(" and a half").follow(`button[value="save"]`)
	p.has("The draft is saved.")
	d.read(func(ctx context.Context, tx *db.Tx) error {
		x, err := kb.TextOf(ctx, tx, id, "en")
		if want := strings.Replace(strings.TrimSpace(strange), "* two\n\n\n", "* two and a half\n\n", 1); x.Body != want {
			t.Errorf("after one line was changed the text is\n%q\nnot\n%q", x.Body, want)
		}
		return err
	})
	p.quiet()
}

// TestBrowserAPictureInAnArticle pastes a picture into an article that is not there yet, and says what it shows.
func TestBrowserAPictureInAnArticle(t *testing.T) {
	d := browserDemo(t)
	p := d.page(t, browser.Size(390, 844)).cookie(d.session(d.staff(person.Agent, 0)))
	p.open("/articles/new").until(`document.getElementById("rich-body")`).click("#rich-body").text("The lid: ")
	paste := `(async () => { const c = new OffscreenCanvas(40, 30); c.getContext("2d").fillRect(0, 0, 40, 30); const data = new DataTransfer();
		data.items.add(new File([await c.convertToBlob()], "the lid.png", { type: "image/png" })); document.getElementById("rich-body").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); })(), true`
	p.is(paste).until(`document.querySelector(".author-state").textContent.includes("title first")`).fill("#f-title", "Open the lid")
	p.click("#rich-body").is(paste).until(`document.getElementById("ask-picture").open`).text("the lid, open").keys("Enter")
	p.until(`document.querySelector("#rich-body img[alt='the lid, open']")?.naturalWidth === 40`)
	p.is(`/^\/articles\/\d+$/.test(location.pathname)`)
	p.follow(`button[value="publish"]`)
	p.has("Published.").open("/help/open-the-lid").until(`document.querySelector(".written img[alt='the lid, open']")?.naturalWidth === 40`)
	p.quiet()
}
