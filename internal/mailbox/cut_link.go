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

// cutLinks takes the tokens out of links and reply addresses of ours. A link that opens something is its recipient's own
// and must not be read by others in quoted text.
func (p *Post) cutLinks(s string) string {
	s = cutReplyAddresses(s)
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

// A signed reply address, as text and in the coats that HTML and links put on it. Only its tag is secret.
var replyOfOurs = regexp.MustCompile(`(?:\+|%2[Bb]|%252[Bb]|&#43;|&#[xX]2[Bb];|&plus;)\d{1,12}(?:\.|%2[Ee])[A-Za-z2-7]{20}(@|%40|%2540|&#64;|&#[xX]40;|&commat;)`)

// cutReplyAddresses makes plain addresses of the desk of signed ones: whoever reads the text must not get a way into another
// ticket.
func cutReplyAddresses(s string) string {
	for _, plus := range plusSigns {
		rest := s
		for at := strings.Index(rest, plus); at >= 0; at = strings.Index(rest, plus) {
			if rest = rest[at+len(plus):]; rest != "" && rest[0] >= '0' && rest[0] <= '9' {
				return replyOfOurs.ReplaceAllString(s, "$1")
			}
		}
	}
	return s
}

// plusSigns are the coats of "+"; a digit follows it in an address of ours, which most mails have nowhere.
var plusSigns = []string{"+", "%2B", "%2b", "%252B", "%252b", "&#43;", "&#x2b;", "&#x2B;", "&#X2B;", "&#X2b;", "&plus;"}
