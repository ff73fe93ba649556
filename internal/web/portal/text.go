package portal

import (
	"context"
	"io"
	"net/url"
	"strings"

	"github.com/a-h/templ"
)

// firstName is the first word of a name; of a name that is a mail address, what stands before the "@".
func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	first, _, _ = strings.Cut(first, "@")
	return strings.TrimRight(first, ",")
}

// plain is plain text with its web addresses as links. It is no template because in text every space counts.
func plain(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for text != "" {
			at := addressAt(text)
			out.WriteString(templ.EscapeString(text[:at]))
			n := addressLength(text[at:])
			if n > 0 {
				shown := templ.EscapeString(text[at : at+n])
				out.WriteString(`<a href="` + shown + `" rel="noopener noreferrer nofollow">` + shown + `</a>`)
			}
			text = text[at+n:]
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

// addressAt is where the next web address begins that can be opened; len(text) when there is none.
func addressAt(text string) int {
	for at := 0; at < len(text); {
		next := strings.Index(text[at:], "http")
		if next < 0 {
			break
		}
		at += next
		n := addressLength(text[at:])
		if u, err := url.Parse(text[at : at+n]); n > 0 && err == nil && u.Host != "" {
			return at
		}
		at += len("http")
	}
	return len(text)
}

// addressLength is how long the web address is that text begins with, without the punctuation that ends a sentence; 0
// when it begins with none.
func addressLength(text string) int {
	if !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://") {
		return 0
	}
	n := strings.IndexAny(text, " \t\r\n<>\"”“»")
	if n < 0 {
		n = len(text)
	}
	n = len(strings.TrimRight(text[:n], ".,;:!?'"))
	if n > 0 && text[n-1] == ')' && !strings.Contains(text[:n], "(") {
		n--
	}
	return n
}
