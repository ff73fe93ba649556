package portal

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"os"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/web/page"
)

// helpCopy answers GET /help.zip: all articles that the visitor may read, as plain pages. It is made in a file first, so that a slow line
// holds nothing up and an error is told as one.
func (p *Portal) helpCopy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if wait := p.limited(w, r, v); wait != "" {
		http.Error(w, wait, http.StatusTooManyRequests)
		return nil
	}
	f, err := os.CreateTemp("", "help-*.zip")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	ctx, frame := r.Context(), p.frame(v)
	title := i18n.T(ctx, "Help articles")
	if site := frame.page("").Site; site != "" {
		title = site + " – " + title
	}
	if err := kb.Offline(ctx, p.Site.DB, p.Site.Blobs, v.Actor, i18n.LangOf(ctx), title, f); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="help.zip"`)
	http.ServeContent(w, r, "", v.Now.Time(), f)
	return nil
}

const mostOnMap = 50_000 // addresses; what machines that read sitemaps take

// sitemap answers GET /sitemap.xml: the addresses of what everybody may read, and nothing else.
func (p *Portal) sitemap(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	ctx, base := r.Context(), ""
	if p.URL != nil {
		base = p.URL()
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	address := func(path, at string) {
		b.WriteString("<url><loc>")
		_ = xml.EscapeText(&b, []byte(base+path))
		b.WriteString("</loc>")
		if at != "" {
			b.WriteString("<lastmod>" + at + "</lastmod>")
		}
		b.WriteString("</url>\n")
	}
	address("/", "")
	address(helpURL, "")
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := kb.Public(ctx, tx, 0, mostOnMap)
		for _, x := range all {
			address(articleURL(x.Slug), x.ChangedAt.RFC3339())
		}
		return err
	})
	if err != nil {
		return err
	}
	b.WriteString("</urlset>\n")
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, err = w.Write(b.Bytes())
	return err
}
