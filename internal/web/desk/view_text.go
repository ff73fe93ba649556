package desk

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"goodturn/internal/i18n"
)

// text is plain text with its addresses and ticket numbers as links. It is no template because in text every space counts.
func text(plain string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for _, s := range linked(plain) {
			shown := templ.EscapeString(s.text)
			switch {
			case s.url == "":
				out.WriteString(shown)
			case s.outside:
				out.WriteString(`<a href="` + templ.EscapeString(s.url) + `" rel="noopener noreferrer nofollow" target="_blank">` + shown + `</a>`)
			default:
				out.WriteString(`<a href="` + templ.EscapeString(s.url) + `">` + shown + `</a>`)
			}
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

// snippet is the place where a ticket matches, the words found marked.
func snippet(parts []SnippetPart) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for _, p := range parts {
			if p.Hit {
				out.WriteString("<mark>" + templ.EscapeString(p.Text) + "</mark>")
			} else {
				out.WriteString(templ.EscapeString(p.Text))
			}
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

func searchTitle(ctx context.Context, v SearchView) string {
	if v.Query == "" {
		return i18n.T(ctx, "Search")
	}
	return i18n.T(ctx, "Search: {{.Query}}", "Query", v.Query)
}
