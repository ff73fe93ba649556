package portal

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/brand"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// frame is what stands around each page for this visitor: in the brand of their organisation, or of the address by which they came.
func (p *Portal) frame(v page.Visit) Frame {
	f := Frame{Site: p.Site.Name, Flash: v.Flash, Demo: p.Site.Demo, Now: v.Now}
	if v.Actor.SignedIn() {
		f.Person, f.Staff = v.Actor.Name, v.Actor.Staff()
	}
	return f.in(p.brandOf(v))
}

func (p *Portal) brandOf(v page.Visit) brand.Brand {
	if v.Actor.SignedIn() {
		return p.Brands.Of(v.Actor.OrganisationID)
	}
	if at, known := p.Brands.At(v.At); known {
		return at
	}
	return p.Brands.Of(0)
}

// doorLook is the brand for the pages before the door: signing in, and what went wrong.
func (p *Portal) doorLook(v page.Visit) (name, sheet string) {
	b := p.brandOf(v)
	return b.Name, sheetURL(b)
}

// in puts a frame into a brand.
func (f Frame) in(b brand.Brand) Frame {
	f.Brand = b
	f.Site = cmp.Or(b.Name, f.Site)
	return f
}

// sheetURL is the address of the style sheet in a brand; "" when the usual one serves.
func sheetURL(b brand.Brand) string {
	if b.Plain() {
		return ""
	}
	return "/brand/" + strconv.FormatInt(b.ID, 10) + "/" + b.Hash(ui.Text("portal.css")) + ".css"
}

// sheet answers GET /brand/{id}/{file}: the style sheet of the requester's pages with what a brand adds, in one file.
func (p *Portal) sheet(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	b := p.Brands.Of(id)
	if err != nil || b.Plain() {
		return fault.NotFound(i18n.Text{})
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	if sheetURL(b) == r.URL.Path { // another is that of before, asked for by a page that is open
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(ui.Text("portal.css"))
	_, err = w.Write([]byte(b.Sheet()))
	return err
}

// at answers GET /at/{slug}: the form in the brand of an organisation.
func (p *Portal) at(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	b, known := p.Brands.At(r.PathValue("slug"))
	if !known {
		return fault.NotFound(i18n.Text{})
	}
	p.Site.SetAt(w, b.Slug)
	return page.Goto(w, r, "/")
}

// language answers POST /language: a visitor chooses, and stays on their page.
func (p *Portal) language(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	code := r.PostFormValue("language")
	if slices.ContainsFunc(i18n.Languages(), func(l i18n.Language) bool { return l.Code == code }) {
		p.Site.SetLanguage(w, code)
	}
	back := "/"
	if from, err := url.Parse(r.Referer()); err == nil && strings.HasPrefix(from.Path, "/") && !strings.HasPrefix(from.Path, "//") {
		back = (&url.URL{Path: from.Path, RawQuery: from.RawQuery}).String()
	}
	return page.Goto(w, r, back)
}

// languages are those that a visitor may choose from; whoever is signed in has chosen at /me.
func (f Frame) languages() (out []page.FootLanguage) {
	if f.Person != "" {
		return nil
	}
	offered := strings.Fields(f.Brand.Languages)
	for _, l := range i18n.Languages() {
		if len(offered) == 0 || slices.Contains(offered, l.Code) {
			out = append(out, page.FootLanguage{Code: l.Code, Name: l.Name})
		}
	}
	return out
}
