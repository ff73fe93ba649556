// Package helping is the pages for people whom others ask for help beside their work: the ledger of minutes, and what they cost.
//
// The ledger is its owner's alone: each address asks for person.UseAccount and finds nothing of anybody else's. Only the page of a link
// that its owner made, and can end, is seen by others; it has no names.
//
//	site.Mount(mux, helping.Routes(&helping.Helping{Site: site, Keeper: keeper, URL: publicURL}))
//
// Invariants: every page works without scripts in three requests and 14 KB; a form that needs changing comes back with all that was
// typed (422); opening a page changes nothing.
package helping

import (
	"net/http"
	"strconv"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"goodturn/internal/clock"
	"goodturn/internal/handoff"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Helping is what the pages stand on. The program builds one and mounts its Routes.
type Helping struct {
	Site   *page.Site
	Keeper *handoff.Keeper
	// URL is how people reach us, without a slash at the end.
	URL func() string
}

const (
	ledgerURL = "/helping"
	costURL   = "/helping/cost"
)

func entryURL(id int64) string { return ledgerURL + "/" + strconv.FormatInt(id, 10) }

// Routes are all addresses of these pages.
func Routes(h *Helping) []page.Route {
	return []page.Route{
		{Pattern: "GET /helping", Verb: person.UseAccount, Handle: h.ledger},
		{Pattern: "POST /helping", Verb: person.UseAccount, Handle: h.note},
		{Pattern: "GET /helping.csv", Verb: person.UseAccount, Handle: h.export},
		{Pattern: "GET /helping/cost", Verb: person.UseAccount, Handle: h.cost},
		{Pattern: "POST /helping/cost", Verb: person.UseAccount, Handle: h.reckon},
		{Pattern: "POST /helping/cost/pages", Verb: person.UseAccount, Handle: h.show},
		{Pattern: "POST /helping/cost/pages/{id}/end", Verb: person.UseAccount, Handle: h.endShown},
		{Pattern: "GET /helping/{id}", Verb: person.UseAccount, Handle: h.entry},
		{Pattern: "POST /helping/{id}", Verb: person.UseAccount, Handle: h.change},
		{Pattern: "POST /helping/{id}/removal", Verb: person.UseAccount, Handle: h.remove},
		{Pattern: "POST /helping/{id}/restoration", Verb: person.UseAccount, Handle: h.restore},
		{Pattern: "GET /cost/{token}", Handle: h.shown},
	}
}

// Frame is what stands around each page.
type Frame struct {
	page.PortalFrame
	Now clock.Instant
}

func (h *Helping) frame(v page.Visit) Frame {
	f := Frame{PortalFrame: page.PortalFrame{Site: h.Site.Name, Flash: v.Flash, Demo: h.Site.Demo}, Now: v.Now}
	if v.Actor.SignedIn() {
		f.Person, f.Staff = v.Actor.Name, v.Actor.Staff()
	}
	return f
}

func (f Frame) page(title string) page.PortalFrame {
	f.Title = title
	return f.PortalFrame
}

// currencyOf is what somebody reckons in who has chosen none: that of the country which their browser speaks the language of.
func currencyOf(r *http.Request) string {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err == nil && len(tags) > 0 {
		if unit, confidence := currency.FromTag(tags[0]); confidence != language.No {
			if code := unit.String(); known(code) {
				return code
			}
		}
	}
	if i18n.LangOf(r.Context()) == "en" {
		return "USD"
	}
	return "EUR"
}

func known(code string) bool {
	for _, c := range handoff.Currencies() {
		if c == code {
			return true
		}
	}
	return false
}

func currencyChoices(chosen string) (out []ui.Choice) {
	for _, c := range handoff.Currencies() {
		out = append(out, ui.Choice{Value: c, Label: c, Chosen: c == chosen})
	}
	return out
}
