package portal

import (
	"context"
	"strings"

	"goodturn/internal/i18n"
)

// device says in words which browser a User-Agent header (RFC 9110 section 10.1.5) names, as far as people need it to
// know their own.
func device(ctx context.Context, agent string) string {
	browser := firstIn(agent, "Edg", "Edge", "OPR", "Opera", "Firefox", "Firefox", "FxiOS", "Firefox", "CriOS", "Chrome", "Chromium", "Chromium", "Chrome", "Chrome", "Safari", "Safari")
	system := firstIn(agent, "iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "CrOS", "ChromeOS", "Mac OS", "macOS", "Linux", "Linux")
	switch {
	case browser != "" && system != "":
		return i18n.T(ctx, "{{.Browser}} on {{.System}}", "Browser", browser, "System", system)
	case browser+system != "":
		return browser + system
	}
	return i18n.T(ctx, "A browser")
}

// firstIn gives the name of the first mark that is in text; marks and names take turns.
func firstIn(text string, marksAndNames ...string) string {
	for i := 0; i+1 < len(marksAndNames); i += 2 {
		if strings.Contains(text, marksAndNames[i]) {
			return marksAndNames[i+1]
		}
	}
	return ""
}
