package macro

import (
	"html"
	"regexp"
	"strconv"
	"strings"
)

var (
	bold   = regexp.MustCompile(`\*\*(\S(?:[^*\n]*\S)?)\*\*`)
	italic = regexp.MustCompile(`(^|[^\w*])\*(\S(?:[^*\n]*[^\s*])?)\*`)
	code   = regexp.MustCompile("`([^`\n]+)`")
	link   = regexp.MustCompile(`\[([^\]\n]+)\]\((https?://[^\s)]+|mailto:[^\s)]+)\)`)
	bullet = regexp.MustCompile(`^[-*] +(.+)$`)
	number = regexp.MustCompile(`^\d{1,3}[.)] +(.+)$`)
)

// Markdown gives the HTML of a text in light Markdown: **bold**, *italic*, `code`, [links](https://…), lists. A text without any of
// these has no form, which is "". Everything is escaped first.
func Markdown(text string) string {
	var b strings.Builder
	formed, list := false, ""
	end := func() {
		if list != "" {
			b.WriteString("</" + list + ">")
			list = ""
		}
	}
	for _, l := range strings.Split(text, "\n") {
		kind, item := "", bullet.FindStringSubmatch(l)
		if item != nil {
			kind = "ul"
		} else if item = number.FindStringSubmatch(l); item != nil {
			kind = "ol"
		}
		if kind != "" {
			if list != kind {
				end()
				b.WriteString("<" + kind + ">")
				list = kind
			}
			formed = true
			b.WriteString("<li>" + inline(item[1]) + "</li>")
			continue
		}
		end()
		shown := inline(l)
		formed = formed || shown != html.EscapeString(l)
		if strings.TrimSpace(shown) == "" {
			shown = "<br>"
		}
		b.WriteString("<div>" + shown + "</div>")
	}
	end()
	if !formed {
		return ""
	}
	return b.String()
}

func inline(s string) string {
	s = html.EscapeString(s)
	s = code.ReplaceAllString(s, "<code>$1</code>")
	s = bold.ReplaceAllString(s, "<strong>$1</strong>")
	s = italic.ReplaceAllString(s, "$1<em>$2</em>")
	return link.ReplaceAllString(s, `<a href="$2">$1</a>`)
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
