package mailbox

import (
	"regexp"
	"strings"
)

// A token of ours is 43 characters of base64url. Clients and link rewriters quote our links in many
// coats: percent-encoded inside their own, with entities in HTML. What all keep is "/t/" or "/link/" and
// the token.
var linkOfOurs = regexp.MustCompile(`((?:/|%2[Ff]|%252[Ff]|&#47;|&#[xX]2[Ff];)(?:[tT]|link|LINK)(?:/|%2[Ff]|%252[Ff]|&#47;|&#[xX]2[Ff];))([A-Za-z0-9_-]{43,})`)

// One of these stands in every coat. The expression above costs a millisecond a page, so that it is kept
// for the few mails that need it.
var linkHints = []string{"/t/", "/T/", "/link/", "/LINK/", "%2Ft%2", "%2ft%2", "%2FT%2", "%2Flink", "%2flink", "%252", "&#47;", "&#x2f;", "&#x2F;", "&#X2F;"}

// cutLinks takes the tokens out of links of ours. A link that opens something is its recipient's own
// and must not be read by others in quoted text.
func (p *Post) cutLinks(s string) string {
	for _, hint := range linkHints {
		if strings.Contains(s, hint) {
			return linkOfOurs.ReplaceAllStringFunc(s, func(link string) string {
				found := linkOfOurs.FindStringSubmatch(link)
				if !isToken(found[2]) {
					return link
				}
				return found[1] + "…"
			})
		}
	}
	return s
}

// isToken tells a token, perhaps with a mark of emphasis after it, from the titles and trackers that other
// sites put after a "/t/".
func isToken(s string) bool {
	return len(s) <= 46 && strings.ToLower(s) != s && strings.ToUpper(s) != s
}
