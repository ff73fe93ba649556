package kb

import (
	"bytes"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"goodturn/internal/markdown"
	"goodturn/internal/sanitize"
)

// Render makes clean HTML of a text. Files that it calls by name are those of the article; links to other articles are as they were
// written, "/help/…"; a picture from elsewhere becomes a link to it.
func Render(articleID int64, body string) string {
	return RenderWith(body, Ways{Files: func(name string) string { return FileURL(articleID, name) }})
}

// Ways say where what a text refers to is.
type Ways struct {
	Files    func(name string) string // of the article's own files; "" for one that is not there
	Articles func(path string) string // of what begins with /help/; nil leaves it
}

// RenderWith is Render with addresses of other places, as the offline copy has them.
func RenderWith(body string, w Ways) string {
	var b bytes.Buffer
	if err := markdown.Engine().Convert([]byte(flat(body)), &b); err != nil {
		return ""
	}
	return sanitize.Article(b.String(), sanitize.ArticleOptions{
		Link: func(href string) (string, bool) {
			u, err := url.Parse(href)
			switch {
			case err != nil:
				return "", false
			case u.Scheme != "" || u.Host != "":
				return href, u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "mailto" || u.Scheme == "tel"
			case strings.HasPrefix(u.Path, "/"):
				if w.Articles != nil && strings.HasPrefix(href, "/help/") {
					href = w.Articles(href)
				}
				return href, true
			}
			return ownFile(u, w)
		},
		Picture: func(src string) (string, bool) {
			u, err := url.Parse(src)
			if err != nil || u.Scheme != "" || u.Host != "" || strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(u.Path, "/help/files/") {
				return "", false
			}
			if strings.HasPrefix(u.Path, "/") {
				return u.Path, true
			}
			return ownFile(u, w)
		},
	})
}

// ownFile is the address of a file that is called by its name alone.
func ownFile(u *url.URL, w Ways) (string, bool) {
	name := path.Clean(u.Path)
	if w.Files == nil || name == "." || strings.Contains(name, "/") {
		return "", false
	}
	at := w.Files(name)
	return at, at != ""
}

var nested = regexp.MustCompile(`^(?:[ \t]*(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t])){41,}`)

// flat keeps a text from nesting so deep that reading it takes longer than anybody waits.
func flat(body string) string {
	body = fewLinks(body)
	if !nestsDeep(body) {
		return body
	}
	lines := strings.Split(body, "\n")
	for i, l := range lines {
		if nested.MatchString(l) {
			lines[i] = `\` + strings.TrimLeft(l, " \t")
		}
	}
	return strings.Join(lines, "\n")
}

// Blocks parts a text for the editor. One that would take too long to read is one piece.
func Blocks(body string) []markdown.Block {
	body = tidyBody(body)
	if flat(body) != body {
		return []markdown.Block{{Source: body, Node: markdown.Node{Type: markdown.RawBlock, Attrs: markdown.Attrs{Source: body}}}}
	}
	return markdown.Blocks(body)
}

// mostLinks are read as such in one text: what begins a link and never ends costs the square of its number.
const mostLinks = 1000

func fewLinks(body string) string {
	if strings.Count(body, "](") <= mostLinks {
		return body
	}
	parts := strings.SplitN(body, "](", mostLinks+1)
	parts[mostLinks] = strings.ReplaceAll(parts[mostLinks], "](", `]\(`)
	return strings.Join(parts, "](")
}

func nestsDeep(body string) bool {
	for line := range strings.Lines(body) {
		if nested.MatchString(line) {
			return true
		}
	}
	return false
}

// Plain is what a text says, without marks, links and pictures.
func Plain(body string) string {
	var b bytes.Buffer
	if err := markdown.Engine().Convert([]byte(flat(body)), &b); err != nil {
		return body
	}
	return sanitize.Text(sanitize.Article(b.String(), sanitize.ArticleOptions{}))
}

// Gist is the beginning of a text in one line of at most so many characters.
func Gist(body string, most int) string {
	words := begin(body, most)
	var b strings.Builder
	n := 0
	for _, w := range words {
		n += utf8.RuneCountInString(w) + 1
		if n > most {
			b.WriteString("…")
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return strings.Replace(b.String(), " …", "…", 1)
}

// begin gives words of the beginning of a text, of so many characters at least where it has them. Little of it is read: to make text of all
// of it costs more than to find it.
func begin(body string, most int) (words []string) {
	for size := 3 * most; ; size *= 4 { // pictures and addresses of links say nothing
		part := body
		if len(part) > size {
			part = strings.ToValidUTF8(part[:size], "")
		}
		words = strings.Fields(Plain(part))
		n := 0
		for _, w := range words {
			n += utf8.RuneCountInString(w) + 1
		}
		if n > most || size >= min(len(body), 20*most) {
			return words
		}
	}
}

// HTML is what a reader sees. In the place of a picture that is not there stand its words.
func (p Page) HTML() string {
	names := make([]string, len(p.Files))
	for i, f := range p.Files {
		names[i] = f.Name
	}
	return made.of(strconv.FormatInt(p.ID, 10)+"\x00"+strings.Join(names, "\x00")+"\x00\x00"+p.Text.LiveBody, func() string {
		return RenderWith(p.Text.LiveBody, Ways{Files: func(name string) string {
			if !slices.Contains(names, name) {
				return ""
			}
			return FileURL(p.ID, name)
		}})
	})
}

func escapePath(name string) string { return url.PathEscape(name) }

// Direction is in which direction a language is written: "ltr" or "rtl".
func Direction(language string) string {
	switch language {
	case "ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi":
		return "rtl"
	}
	return "ltr"
}
