// Package portal is the requester's side of Goodturn: the form, the page of one request, the list of one's own requests,
// and the small page about oneself.
//
// Nobody needs an account. Whoever sends the form gets a link; the link puts its secret into a cookie that belongs to
// that one request's addresses and leaves the address bar at once. Whoever is signed in needs no link. Both ways end in
// access.go, which asks ticket.Get what the visitor may see.
//
//	site.Mount(mux, portal.Routes(&portal.Portal{Site: site, Tickets: desk}))
//
// Invariants: every page works without scripts, in three requests and 14 KB; only public messages, their files and
// public happenings are ever loaded; of the desk's people only first names are shown; whoever holds a link that has not
// proven an address sees what came through such links and what the desk answered, and nothing of the person whose
// address was typed.
package portal

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"goodturn/internal/brand"
	"goodturn/internal/db"
	"goodturn/internal/gap"
	"goodturn/internal/handoff"
	"goodturn/internal/intake"
	"goodturn/internal/kb"
	"goodturn/internal/line"
	"goodturn/internal/livechat"
	"goodturn/internal/outage"
	"goodturn/internal/outcome"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/ratelimit"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// Portal is what the requester's pages stand on.
type Portal struct {
	Site    *page.Site
	Tickets *ticket.Desk
	// Outcomes keeps what requesters say of what was solved.
	Outcomes *outcome.Keeper
	// Thanks keeps thank-you cards.
	Thanks *thanks.Book
	// Helping knows people whom others ask for help; URL is how people reach us, without a slash at the end.
	Helping *handoff.Keeper
	URL     func() string
	// Intake takes the answers to the questions about a request.
	Intake *intake.Asker
	// Line tells how long waits are; without it only places are told.
	Line *line.Line
	// Outages is where outages and planned work are posted; nil knows none.
	Outages *outage.Board
	// Papercuts keeps the small things that annoy.
	Papercuts *papercut.Book
	// Chats is where live chats take place; nil for none.
	Chats *livechat.Room
	// Limit bounds how often one place may send a form; nil means the usual bound.
	Limit *ratelimit.Limiter

	// Gaps is told what was looked for in the articles, which of them were opened, and what was asked after reading one; nil for nobody.
	Gaps *gap.Keeper

	// Missed tells the owner of an article that a reader misses something in it; nil tells nobody.
	Missed func(ctx context.Context, tx *db.Tx, x kb.Page) error

	// Suggest finds what may help while somebody types, in the order in which it is shown.
	Suggest []Suggester

	// Brands are how the pages look, and what they are called; nil for nothing of one's own.
	Brands *brand.Book

	limitOnce sync.Once
	typeOnce  sync.Once
	typing    *ratelimit.Limiter
	chatOnce  sync.Once
	chatting  *ratelimit.Limiter
	looking   *ratelimit.Limiter
}

// Routes are the requester's pages. Where the holder of a link may come, the right is decided for each request inside.
func Routes(p *Portal) []page.Route {
	if p.Site != nil { // who only asks which routes there are has none
		p.Site.Look = p.doorLook
	}
	routes := []page.Route{
		{Pattern: "GET /{$}", Handle: p.home},
		{Pattern: "GET /robots.txt", Handle: p.robots},
		{Pattern: "POST /requests", MaxBytes: page.MaxFiles, Handle: p.send},
		{Pattern: "GET /at/{slug}", Handle: p.at},
		{Pattern: "GET /brand/{id}/{file}", Handle: p.sheet},
		{Pattern: "POST /language", Handle: p.language},
		{Pattern: "GET /suggestions", Handle: p.suggestions},
		{Pattern: "POST /look", MaxBytes: page.MaxFiles, Handle: p.look},
		{Pattern: "GET /requests", Verb: person.ListOwn, Handle: p.list},
		{Pattern: "GET /answers", Verb: person.ListOwn, Handle: p.answers},
		{Pattern: "GET /t/{token}", Handle: p.link},
		{Pattern: "GET /t/{token}/{rest...}", Handle: p.link},
		{Pattern: "GET /unfollow/{token}", Handle: p.leavePage},
		{Pattern: "POST /unfollow/{token}", Handle: p.leave},
		{Pattern: "GET /notices/stop/{token}", Handle: p.stopPage},
		{Pattern: "POST /notices/stop/{token}", Handle: p.stop},
		{Pattern: "GET /with/{token}", Handle: p.with},
		{Pattern: "GET /handed/{token}", Handle: p.handedPage},
		{Pattern: "POST /handed/{token}", Handle: p.handedChoice},
		{Pattern: "GET /me/help", Verb: person.UseAccount, Handle: p.share},
		{Pattern: "POST /me/help", Verb: person.UseAccount, Handle: p.changeShare},
		{Pattern: "GET /requests/{number}", Handle: p.request},
		{Pattern: "GET /requests/{number}/worked", Handle: p.workedPage},
		{Pattern: "POST /requests/{number}/worked", Handle: p.worked},
		{Pattern: "GET /requests/{number}/thanks", Handle: p.thanksPage},
		{Pattern: "POST /requests/{number}/thanks", Handle: p.thank},
		{Pattern: "POST /requests/{number}/thanks/{card}", Handle: p.chooseCard},
		{Pattern: "GET /requests/{number}/line", Handle: p.linePart},
		{Pattern: "POST /requests/{number}/call", Handle: p.askCall},
		{Pattern: "POST /requests/{number}/answers", MaxBytes: page.MaxFiles, Handle: p.answer},
		{Pattern: "GET /requests/{number}/question", Handle: p.questionPage},
		{Pattern: "POST /requests/{number}/question", Handle: p.answerQuestion},
		{Pattern: "GET /requests/{number}/files/{id}", Handle: p.file},
		{Pattern: "GET /requests/{number}/files/{id}/thumbnail", Handle: p.thumbnail},
		{Pattern: "GET /me", Verb: person.UseAccount, Handle: p.me},
		{Pattern: "POST /me", Verb: person.UseAccount, Handle: p.changeMe},
		{Pattern: "POST /me/sessions/{id}/end", Verb: person.UseAccount, Handle: p.endSession},
	}
	return slices.Concat(routes, p.outageRoutes(), p.feedRoutes(), p.helpRoutes(), p.papercutRoutes(), p.buttonRoutes(), p.chatRoutes())
}

// robots keeps search engines out of what is somebody's own.
func (p *Portal) robots(w http.ResponseWriter, _ *http.Request, _ page.Visit) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	text := robotsText
	if p.URL != nil {
		text += "Sitemap: " + p.URL() + "/sitemap.xml\n"
	}
	_, err := w.Write([]byte(text))
	return err
}

var robotsText = "User-agent: *\n" + strings.Join([]string{
	"Disallow: /account", "Disallow: /answers", "Disallow: /articles", "Disallow: /help.zip", "Disallow: /sections", "Disallow: /admin", "Disallow: /api", "Disallow: /demo", "Disallow: /cards", "Disallow: /me", "Disallow: /papercut", "Disallow: /papercuts", "Disallow: /people",
	"Disallow: /requests", "Disallow: /search", "Disallow: /status-feed/", "Disallow: /status-join/", "Disallow: /status-leave/", "Disallow: /setup/", "Disallow: /sign-in", "Disallow: /suggestions", "Disallow: /t/", "Disallow: /with/", "Disallow: /handed/", "Disallow: /helping", "Disallow: /cost/", "Disallow: /tickets", "Disallow: /notices", "Disallow: /unfollow/", "Disallow: /wall",
}, "\n") + "\n"
