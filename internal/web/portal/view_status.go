package portal

import (
	"context"
	"strconv"
	"unicode/utf8"

	"goodturn/internal/i18n"
	"goodturn/internal/outage"
)

// Feeds are the addresses at which programs read how things stand.
type Feeds struct{ Atom, RSS, Calendar string }

func feedsAt(root string) Feeds {
	if root == "/status" {
		return Feeds{"/status.atom", "/status.rss", "/status.ics"}
	}
	return Feeds{root + "/status.atom", root + "/status.rss", root + "/status.ics"}
}

func numeral(n int64) string { return strconv.FormatInt(n, 10) }

// cutMost is how much of an update stands among others, in bytes.
const cutMost = 400

func cutText(s string) string {
	if len(s) <= cutMost {
		return s
	}
	at := cutMost
	for !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at] + "…"
}

// meTooWords are what one taps to say that one has it too, or wants to hear of work that is planned.
func meTooWords(ctx context.Context, o Outage) string {
	if o.State == outage.Planned {
		return i18n.T(ctx, "Tell me about it")
	}
	return i18n.T(ctx, "Me too")
}
