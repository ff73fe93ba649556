package portal

import (
	"html"
	"regexp"
	"strings"

	"goodturn/internal/sanitize"
)

// helpHeading is a heading of a text, with the id that leads to it.
type helpHeading struct{ ID, Text string }

// A text this long (bytes of HTML) with so many headings begins with what is in it.
const (
	helpLong     = 5000
	helpHeadings = 4
)

var headed = regexp.MustCompile(`(?s)<h2 id="([^"]+)">(.*?)</h2>`)

// headingsOf gives the headings of a long text, none for a short one.
func headingsOf(text string) (out []helpHeading) {
	if len(text) < helpLong {
		return nil
	}
	for _, m := range headed.FindAllStringSubmatch(text, -1) {
		if words := strings.Join(strings.Fields(sanitize.Text(m[2])), " "); words != "" {
			out = append(out, helpHeading{html.UnescapeString(m[1]), words})
		}
	}
	if len(out) < helpHeadings {
		return nil
	}
	return out
}
