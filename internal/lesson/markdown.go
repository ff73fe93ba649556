package lesson

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	signs  = regexp.MustCompile("[\\\\`*\\[\\]~<]|&[#A-Za-z]|\\b_+|_+\\b|\\|")
	starts = regexp.MustCompile(`^(\d{1,9})([.)])|^([-+>#:=])`)
)

// escape makes plain words of a text that stands within a line of Markdown: whatever somebody wrote, it has no form.
func escape(s string) string {
	return signs.ReplaceAllStringFunc(s, func(m string) string {
		if m[0] == '_' {
			return strings.ReplaceAll(m, "_", "\\_")
		}
		return "\\" + m
	})
}

// escapeAt is escape for a text that may begin a line.
func escapeAt(s string, begins bool) string {
	s = escape(s)
	if begins {
		s = starts.ReplaceAllString(s, `$1\$2$3`)
	}
	return s
}

func number(n int) string { return strconv.Itoa(n) }

// Unescaped is a piece of a draft's text without the signs that keep it plain.
func Unescaped(s string) string { return escaped.ReplaceAllString(s, "$1") }
