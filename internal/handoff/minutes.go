package handoff

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	replied  = regexp.MustCompile(`(?i)^\s*((re|aw|fwd?|wg)\s*:\s*)+`)
	inHours  = regexp.MustCompile(`(?i)^(\d{1,2})(?:[.,](\d{1,2}))?\s*(?:h|hrs?|hours?|std\.?|stunden?)(?:\s+(\d{1,2})\s*(?:m|min\.?|minutes?|minuten?))?(?:$|[\s:,;–-]+)`)
	inClock  = regexp.MustCompile(`^(\d{1,2}):([0-5]\d)(?:\s*h)?(?:$|[\s,;–-]+)`)
	inMinute = regexp.MustCompile(`(?i)^(\d{1,4})\s*(?:m|mins?\.?|minutes?|minuten?|['’′])(?:$|[\s:,;–-]+)`)
)

// ReadMinutes reads how long something took, and what it was, from a line such as "15 min printer", "1 h", "1.5 h VPN for Hana" or
// "0:45 mail". A line that begins otherwise is none, and one over a day is none.
func ReadMinutes(line string) (minutes int, words string, ok bool) {
	if len(line) > 1000 {
		return 0, "", false
	}
	line = strings.TrimSpace(replied.ReplaceAllString(strings.ReplaceAll(line, "\u00a0", " "), ""))
	number := func(s string) int {
		n, _ := strconv.Atoi(s) // digits, and few
		return n
	}
	var m []string
	switch {
	case inHours.MatchString(line):
		m = inHours.FindStringSubmatch(line)
		minutes = 60*number(m[1]) + number(m[3])
		if part := m[2]; part != "" {
			minutes += 60 * number((part + "0")[:2]) / 100
		}
	case inClock.MatchString(line):
		m = inClock.FindStringSubmatch(line)
		minutes = 60*number(m[1]) + number(m[2])
	case inMinute.MatchString(line):
		m = inMinute.FindStringSubmatch(line)
		minutes = number(m[1])
	default:
		return 0, "", false
	}
	if minutes < 1 || minutes > MaxMinutes {
		return 0, "", false
	}
	return minutes, strings.TrimSpace(line[len(m[0]):]), true
}
