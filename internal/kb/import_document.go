package kb

import (
	"context"
	"io"
	"io/fs"
	"mime"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	md "github.com/JohannesKaufmann/html-to-markdown/v2"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// document is a file that becomes an article, or a translation of one.
type document struct {
	row         ReportRow
	title, body string
	language    string
	slug, of    string // of: the slug of what it is a translation of
	section     []string
	order       int
	draft       bool
	behind      bool
	review      int64
	audience    Audience
	names       []string // of organisations
	aliases     []string // addresses at which others link to it
	addresses   []string // that lead to it still
	files       map[string]string
	original    *document
	skip        bool
}

func (d *document) say(m i18n.Text) { d.row.Notes = append(d.row.Notes, m) }

type textKind int

const (
	notText textKind = iota
	isMarkdown
	isHTML
	isRST
	isPlain
)

func kindOf(p string) textKind {
	switch strings.ToLower(path.Ext(p)) {
	case ".md", ".markdown", ".mdown", ".mdx":
		return isMarkdown
	case ".html", ".htm", ".xhtml":
		return isHTML
	case ".rst", ".rest":
		return isRST
	case ".txt":
		if strings.Contains(p, "/files/") || strings.HasPrefix(p, "files/") {
			return notText
		}
		return isPlain
	}
	return notText
}

// pictureTypes does not ask the system, which may not know them.
var pictureTypes = map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}

func typeOf(name string) string {
	ext := strings.ToLower(path.Ext(name))
	if t := pictureTypes[ext]; t != "" {
		return t
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}

// readDocument reads a file and what it says of itself. One that cannot be used says why.
func readDocument(fsys fs.FS, p string, kind textKind) *document {
	d := &document{row: ReportRow{Path: p}, files: map[string]string{}}
	text, err := readText(fsys, p)
	switch {
	case err != nil:
		d.skip = true
		d.say(i18n.M("This file could not be read."))
		return d
	case len(text) > maxBody:
		d.skip = true
		d.say(i18n.M("This is longer than {{.Most}}. Please make two articles of it.", "Most", i18n.Size(maxBody)))
		return d
	}
	front, body := frontMatter(text)
	switch kind {
	case isHTML:
		d.readHTML(text)
	case isRST:
		d.body = body
		d.say(i18n.M("reStructuredText is kept as it is written; please look at what became of it."))
	default:
		d.body = body
	}
	d.readFront(front)
	if d.title == "" {
		d.title, d.body = titleOf(d.body)
	} else if t, rest := titleOf(d.body); t != "" && search.Fold(t) == search.Fold(d.title) {
		d.body = rest
	}
	if d.title == "" {
		d.title = spoken(strings.TrimSuffix(path.Base(p), path.Ext(p)))
	}
	if utf8.RuneCountInString(d.title) > maxTitle {
		d.title = string([]rune(d.title)[:maxTitle])
	}
	if d.section == nil {
		for _, part := range strings.Split(path.Dir(p), "/") {
			if part != "." && part != "" {
				d.section = append(d.section, spoken(part))
			}
		}
	}
	d.row.Title = d.title
	if strings.TrimSpace(d.body) == "" {
		d.say(i18n.M("It has no text, so it is kept as a draft."))
	}
	return d
}

func readText(fsys fs.FS, p string) (string, error) {
	f, err := fsys.Open(p)
	if err != nil {
		return "", err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxBody+1))
	return tidyBody(strings.TrimPrefix(string(raw), "\ufeff")), err
}

var htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// readHTML makes Markdown of a page, so that it can be written on.
func (d *document) readHTML(text string) {
	if body, err := md.ConvertString(text); err == nil {
		d.body = tidyBody(body)
	} else {
		d.body = text
	}
	if m := htmlTitle.FindStringSubmatch(text); m != nil {
		if t, _ := titleOf(d.body); t == "" {
			d.title = clean(Plain(m[1]))
		}
	}
}

// readFront takes what the front matter says.
func (d *document) readFront(front map[string][]string) {
	first := func(names ...string) string {
		for _, n := range names {
			if v := front[n]; len(v) > 0 && v[0] != "" {
				return v[0]
			}
		}
		return ""
	}
	if t := clean(first("title", "name")); t != "" {
		d.title = t
	}
	d.language, d.slug, d.of = strings.ToLower(first("language", "lang", "locale")), strings.ToLower(first("slug")), strings.ToLower(first("translation_of"))
	if len(d.language) > 2 && (d.language[2] == '-' || d.language[2] == '_') {
		d.language = d.language[:2]
	}
	if !slugs.MatchString(d.slug) {
		d.slug = ""
	}
	d.order, _ = strconv.Atoi(first("order", "weight", "nav_order"))
	d.draft = first("draft") == "true" || first("published") == "false"
	d.behind = first("out_of_date") == "true"
	if days, err := strconv.ParseInt(first("review_days"), 10, 64); err == nil {
		if d.review = days; days == 0 {
			d.review = -1
		}
	}
	if s := first("section"); s != "" {
		for _, name := range strings.Split(s, sectionRule) {
			if name = clean(name); name != "" {
				d.section = append(d.section, name)
			}
		}
	} else if _, said := front["section"]; said {
		d.section = []string{}
	}
	d.audience, d.names = Audience(first("audience")), front["organisations"]
	d.addresses = front["addresses"]
	d.aliases = append(d.aliases, front["redirect_from"]...)
	d.aliases = append(d.aliases, front["aliases"]...)
	if p := first("permalink", "url"); p != "" {
		d.aliases = append(d.aliases, p)
	}
	d.row.Title = d.title
}

// readers puts in who may read it. When an organisation is not known here, nobody but staff may: rather too few than too many.
func (d *document) readers(ctx context.Context, tx *db.Tx, n *New) error {
	switch d.audience {
	case Everybody, StaffOnly:
		n.Audience = d.audience
	case SomeOrganisations:
		n.Audience = SomeOrganisations
		all, err := person.Organisations(ctx, tx)
		if err != nil {
			return err
		}
		for _, name := range d.names {
			known := false
			for _, o := range all {
				if search.Fold(o.Name) == search.Fold(name) {
					known, n.Organisations = true, append(n.Organisations, o.ID)
				}
			}
			if !known {
				d.say(i18n.M("There is no organisation “{{.Name}}” here.", "Name", name))
			}
		}
		if len(n.Organisations) == 0 {
			n.Audience = StaffOnly
		}
	}
	return nil
}

// frontMatter reads what stands between lines of --- at the top: names with values, in quotes or not, or lists of them.
func frontMatter(text string) (front map[string][]string, body string) {
	front = map[string][]string{}
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return front, text
	}
	head, body, ok := strings.Cut(rest, "\n---")
	if !ok || body != "" && body[0] != '\n' {
		if body, ok = strings.CutPrefix(rest, "---"); !ok {
			return front, text
		}
		head = ""
	}
	name := ""
	for line := range strings.Lines(head) {
		line = strings.TrimRight(line, " \t\n")
		item, listed := strings.CutPrefix(strings.TrimSpace(line), "- ")
		if listed && name != "" {
			front[name] = append(front[name], unquoted(item))
			continue
		}
		key, value, found := strings.Cut(line, ":")
		if !found || strings.HasPrefix(line, " ") || strings.HasPrefix(line, "#") {
			continue
		}
		name = strings.ToLower(strings.TrimSpace(key))
		value = strings.TrimSpace(value)
		front[name] = nil
		if inner, ok := strings.CutPrefix(value, "["); ok && strings.HasSuffix(inner, "]") {
			for _, v := range strings.Split(strings.TrimSuffix(inner, "]"), ",") {
				if v = unquoted(v); v != "" {
					front[name] = append(front[name], v)
				}
			}
		} else if value != "" {
			front[name] = []string{unquoted(value)}
		}
	}
	return front, strings.TrimLeft(body, "\n")
}

func unquoted(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		if u, err := strconv.Unquote(s); err == nil {
			return u
		}
	}
	if len(s) > 1 && s[0] == '\'' && s[len(s)-1] == '\'' {
		return strings.ReplaceAll(s[1:len(s)-1], "''", "'")
	}
	return s
}

var (
	atxTitle    = regexp.MustCompile(`^\s*#[ \t]+([^\n]+?)[ \t]*#*[ \t]*(?:\n|$)`)
	setextTitle = regexp.MustCompile(`^\s*(?:=+\n)?([^\n#>\-*\s][^\n]*)\n=+[ \t]*(?:\n|$)`)
)

// titleOf takes a first heading off a text.
func titleOf(body string) (title, rest string) {
	for _, re := range []*regexp.Regexp{atxTitle, setextTitle} {
		if m := re.FindStringSubmatchIndex(body); m != nil {
			return clean(Plain(body[m[2]:m[3]])), strings.TrimLeft(body[m[1]:], "\n")
		}
	}
	return "", body
}

// spoken makes a name of the name of a file or a folder: "travel-and-leave" is "Travel and leave".
func spoken(name string) string {
	name = clean(strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToValidUTF8(name, "")))
	r, n := utf8.DecodeRuneInString(name)
	name = string(unicode.ToUpper(r)) + name[n:]
	if r := []rune(name); len(r) > maxSectionName {
		name = string(r[:maxSectionName])
	}
	return name
}
