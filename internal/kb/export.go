package kb

import (
	"archive/zip"
	"context"
	"fmt"
	"html"
	"io"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Export writes all articles as a zip of Markdown files, in folders as their sections, with their pictures and files; Import reads it again.
// A text that is published is written as readers see it, another as it is written so far.
func Export(ctx context.Context, d *db.DB, blobs *blob.Store, a person.Actor, to io.Writer) error {
	if !person.Can(a, person.ManageArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	z := zip.NewWriter(to)
	w := &exporter{d: d, blobs: blobs, z: z, written: map[string]bool{}}
	if err := w.all(ctx); err != nil {
		return err
	}
	return z.Close()
}

type exporter struct {
	d       *db.DB
	blobs   *blob.Store
	z       *zip.Writer
	places  map[string]string // by slug: the folder of the article
	written map[string]bool
}

// exported is an article with all that is written of it.
type exported struct {
	Article
	texts     []Text
	files     []File
	section   []Section
	readers   []string
	addresses []string
}

const exportAtOnce = 100

func (w *exporter) all(ctx context.Context) error {
	var sections []Section
	names := map[int64]string{}
	err := w.d.Read(ctx, func(tx *db.Tx) (err error) {
		if sections, err = Sections(ctx, tx); err != nil {
			return err
		}
		organisations, err := person.Organisations(ctx, tx)
		for _, o := range organisations {
			names[o.ID] = o.Name
		}
		if err != nil {
			return err
		}
		type placed struct {
			Slug      string
			SectionID int64
		}
		all, err := db.All[placed](ctx, tx, `SELECT slug, section_id FROM article`)
		w.places = make(map[string]string, len(all))
		for _, x := range all {
			w.places[x.Slug] = folderOf(Path(sections, x.SectionID))
		}
		return err
	})
	for after := int64(0); err == nil; {
		var part []exported
		if part, err = w.read(ctx, sections, names, after); err != nil || len(part) == 0 {
			return err
		}
		for _, x := range part {
			if err := w.one(ctx, x); err != nil {
				return err
			}
			after = x.ID
		}
	}
	return err
}

func (w *exporter) read(ctx context.Context, sections []Section, names map[int64]string, after int64) (out []exported, err error) {
	err = w.d.Read(ctx, func(tx *db.Tx) error {
		out = nil
		ids, err := db.All[int64](ctx, tx, `SELECT id FROM article WHERE id > $1 ORDER BY id LIMIT $2`, after, exportAtOnce)
		if err != nil {
			return err
		}
		for _, id := range ids {
			var x exported
			if x.Article, err = ByID(ctx, tx, person.System, id); err != nil {
				return err
			}
			if x.texts, err = Texts(ctx, tx, x.Article); err != nil {
				return err
			}
			if x.files, err = Files(ctx, tx, id); err != nil {
				return err
			}
			if x.addresses, err = db.All[string](ctx, tx, `SELECT slug FROM article_address WHERE article_id = $1 ORDER BY slug`, id); err != nil {
				return err
			}
			x.section = Path(sections, x.SectionID)
			for _, o := range x.Organisations {
				x.readers = append(x.readers, names[o])
			}
			slices.Sort(x.readers)
			out = append(out, x)
		}
		return nil
	})
	return out, err
}

func folderOf(way []Section) string {
	var parts []string
	for _, s := range way {
		parts = append(parts, s.Slug)
	}
	return path.Join(parts...)
}

func (w *exporter) one(ctx context.Context, x exported) error {
	folder := folderOf(x.section)
	for _, t := range x.texts {
		name := x.Slug + ".md"
		if t.Language != x.Language {
			name = x.Slug + "." + t.Language + ".md"
		}
		if err := w.text(path.Join(folder, name), w.markdown(x, t, folder)); err != nil {
			return err
		}
	}
	for _, f := range x.files {
		if err := w.file(ctx, path.Join(folder, "files", x.Slug, f.Name), f); err != nil {
			return err
		}
	}
	return nil
}

func (w *exporter) text(name, text string) error {
	to, err := w.z.Create(name)
	if err == nil {
		_, err = io.WriteString(to, text)
	}
	return err
}

func (w *exporter) file(ctx context.Context, name string, f File) error {
	from, err := w.blobs.Open(f.Ref())
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer from.Close()
	to, err := w.z.Create(name)
	if err == nil && ctx.Err() == nil {
		_, err = io.Copy(to, from)
	}
	return err
}

// markdown is a text with what it says of itself, and links that hold within the folder.
func (w *exporter) markdown(x exported, t Text, folder string) string {
	title, body := t.LiveTitle, t.LiveBody
	if t.Live == 0 {
		title, body = t.Title, t.Body
	}
	var b strings.Builder
	b.WriteString("---\n")
	field := func(name, value string) { b.WriteString(name + ": " + strconv.Quote(value) + "\n") }
	field("title", title)
	field("language", t.Language)
	if t.Language != x.Language {
		field("translation_of", x.Slug)
		if t.Follows < x.texts[0].Live {
			b.WriteString("out_of_date: true\n")
		}
	} else {
		field("slug", x.Slug)
		var names []string
		for _, s := range x.section {
			names = append(names, s.Name)
		}
		field("section", strings.Join(names, sectionRule))
		field("audience", string(x.Audience))
		list(&b, "organisations", x.readers)
		list(&b, "addresses", x.addresses)
		b.WriteString("order: " + strconv.FormatInt(x.Place, 10) + "\nreview_days: " + strconv.FormatInt(x.ReviewDays, 10) + "\n")
	}
	if t.Live == 0 {
		b.WriteString("draft: true\n")
	}
	b.WriteString("---\n\n" + w.relinked(x, body, folder) + "\n")
	return b.String()
}

func list(b *strings.Builder, name string, values []string) {
	if len(values) > 0 {
		b.WriteString(name + ":\n")
		for _, v := range values {
			b.WriteString("  - " + strconv.Quote(v) + "\n")
		}
	}
}

// relinked has the links of a text lead to files of the folder.
func (w *exporter) relinked(x exported, body, folder string) string {
	known := map[string]bool{}
	for _, f := range x.files {
		known[f.Name] = true
	}
	return readdressed(body, func(to string) string {
		u, err := url.Parse(to)
		if err != nil || u.Scheme != "" || u.Host != "" {
			return to
		}
		if slug, ok := strings.CutPrefix(u.Path, "/help/"); ok {
			if there, known := w.places[slug]; known {
				to = relative(folder, path.Join(there, slug+".md"))
				if u.Fragment != "" {
					to += "#" + u.Fragment
				}
			}
			return to
		}
		if known[u.Path] {
			return "files/" + x.Slug + "/" + url.PathEscape(u.Path)
		}
		return to
	})
}

// relative is how a file is called from a folder.
func relative(folder, to string) string {
	if folder == "" {
		return to
	}
	return strings.Repeat("../", strings.Count(folder, "/")+1) + to
}

// Offline writes what somebody may read as a zip of plain pages that need no server, with their pictures.
func Offline(ctx context.Context, d *db.DB, blobs *blob.Store, a person.Actor, language, name string, to io.Writer) error {
	z := zip.NewWriter(to)
	w := &exporter{d: d, blobs: blobs, z: z}
	var index strings.Builder
	err := d.Read(ctx, func(tx *db.Tx) error {
		sections, err := SectionsFor(ctx, tx, a)
		if err != nil {
			return err
		}
		for _, s := range append([]Section{{}}, sections...) {
			if s.ID != 0 {
				level := strconv.Itoa(min(s.Depth+2, 6))
				index.WriteString("<h" + level + ">" + html.EscapeString(s.Name) + "</h" + level + ">\n")
			}
			if err := w.offlineSection(ctx, tx, a, language, name, s.ID, &index); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.text("index.html", offlinePage(language, name, "<h1>"+html.EscapeString(name)+"</h1>\n"+index.String())); err != nil {
		return err
	}
	return z.Close()
}

func (w *exporter) offlineSection(ctx context.Context, tx *db.Tx, a person.Actor, language, name string, id int64, index *strings.Builder) error {
	index.WriteString("<ul>\n")
	for after := int64(0); ; {
		rows, err := In(ctx, tx, a, language, id, after, exportAtOnce)
		if err != nil {
			return err
		}
		for _, r := range rows {
			after = r.Place
			p, err := Read(ctx, tx, a, r.Slug, language)
			if err != nil {
				return err
			}
			index.WriteString(`<li><a href="` + r.Slug + `.html">` + html.EscapeString(p.Text.LiveTitle) + "</a></li>\n")
			body := RenderWith(p.Text.LiveBody, Ways{
				Files:    func(name string) string { return "files/" + strconv.FormatInt(p.ID, 10) + "/" + escapePath(name) },
				Articles: offlineAddress,
			})
			page := offlinePage(p.Text.Language, p.Text.LiveTitle, "<p><a href=\"index.html\">"+html.EscapeString(name)+"</a></p>\n<h1>"+html.EscapeString(p.Text.LiveTitle)+"</h1>\n"+body)
			if err := w.text(r.Slug+".html", page); err != nil {
				return err
			}
			for _, f := range p.Files {
				if err := w.file(ctx, "files/"+strconv.FormatInt(p.ID, 10)+"/"+f.Name, f); err != nil {
					return err
				}
			}
		}
		if len(rows) < exportAtOnce {
			break
		}
	}
	index.WriteString("</ul>\n")
	return nil
}

// offlineAddress is where an article is among the plain pages.
func offlineAddress(href string) string {
	slug, fragment, has := strings.Cut(strings.TrimPrefix(href, "/help/"), "#")
	if has {
		return slug + ".html#" + fragment
	}
	return slug + ".html"
}

func offlinePage(language, title, body string) string {
	return `<!DOCTYPE html>
<html lang="` + language + `" dir="` + Direction(language) + `">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>` + html.EscapeString(title) + `</title>
<style>body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%}pre{white-space:pre-wrap}td,th{border:1px solid #999;padding:.2rem .5rem;text-align:start}table{border-collapse:collapse}</style>
` + body + `
</html>
`
}
