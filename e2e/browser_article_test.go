package e2e

import (
	"net/http"
	"testing"

	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// TestBrowserAnArticleFromWritingToItsReader has an agent write an article, looks at it before and after it is published, has a visitor
// without scripts find it and say what is missing, and the agent deal with that.
func TestBrowserAnArticleFromWritingToItsReader(t *testing.T) {
	d := browserDemo(t)
	agent := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0)))
	agent.open("/articles/new").fill("#f-title", "The projector stays blue", "#f-body", "1. Press **Input** twice.\n2. Wait ten seconds.")
	agent.follow(`button[value="preview"]`)
	agent.is(`document.querySelector("#preview strong").textContent === "Input" && document.querySelector("#f-title").value === "The projector stays blue"`)
	agent.follow(`button[value="save"]`)
	agent.has("The draft is saved.")

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
