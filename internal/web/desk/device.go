package desk

import (
	"context"
	"strings"

	"goodturn/internal/i18n"
)

// What browsers and systems call themselves; the first that is found counts, because each also names those it imitates.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems  = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"}}
)

// deviceOf says in words what a User-Agent header (RFC 9110 §10.1.5) tells, and whether it is a phone.
func deviceOf(ctx context.Context, userAgent string) (device string, phone bool) {
	browser, system := named(userAgent, browsers), named(userAgent, systems)
	phone = system == "iPhone" || strings.Contains(userAgent, "Mobile")
	switch {
	case browser != "" && system != "":
		return i18n.T(ctx, "{{.Browser}} on {{.System}}", "Browser", browser, "System", system), phone
	case browser+system != "":
		return browser + system, phone
	}
	return i18n.T(ctx, "A program or an unknown browser"), phone
}

func named(in string, known [][2]string) string {
	for _, k := range known {
		if strings.Contains(in, k[0]) {
			return k[1]
		}
	}
	return ""
}
