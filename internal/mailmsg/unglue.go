package mailmsg

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var gluedSeparator = regexp.MustCompile(`^\s*(-{4,} ?\p{L}[^-]{2,60}? ?-{4,}) +(\p{L}{1,12} ?: .*)$`)

// unglue copies lines and gives the header of a forward back its line ends: some
// clients write "----- Forwarded Message ----- From: Ann <a@b>To: …" in one line.
func unglue(lines []line) []line {
	work := make([]line, 0, len(lines)+8)
	for _, l := range lines {
		found := []string(nil)
		if strings.Contains(l.raw, "----") && len(l.raw) < 4000 {
			found = gluedSeparator.FindStringSubmatch(l.text)
		}
		if found == nil {
			work = append(work, l)
			continue
		}
		for _, text := range append([]string{found[1]}, ungluedFields(found[2])...) {
			work = append(work, line{raw: text, text: text, depth: l.depth, mark: l.mark, at: l.at})
		}
	}
	return work
}

func ungluedFields(s string) []string {
	var fields []string
	from := 0
	for i := 1; i+1 < len(s); i++ {
		if s[i] == '>' {
			// "…<a@example.com>DW Ann <b@example.com>": a label without its colon.
			if word, rest, ok := strings.Cut(s[i+1:], " "); ok && word != "" && !strings.HasPrefix(rest, ":") && unicode.IsUpper([]rune(word)[0]) && labelWords[strings.ToLower(word)] != noLabel {
				fields = append(fields, s[from:i+1])
				s, from = s[:i+1+len(word)]+":"+s[i+1+len(word):], i+1
			}
			continue
		}
		if s[i] != ':' || s[i+1] != ' ' {
			continue
		}
		if start := labelStart(s[from:i]); start > 0 {
			fields = append(fields, s[from:from+start])
			from += start
		}
	}
	return append(fields, s[from:])
}

// labelStart finds the longest known label at the end of s that starts with a
// capital letter; 0 when there is none.
func labelStart(s string) int {
	best := 0
	s = strings.TrimRight(s, " ")
	for n, i := 0, len(s); n < 24 && i > 0; n++ {
		r, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
		if unicode.IsUpper(r) && labelWords[strings.ReplaceAll(strings.ToLower(s[i:]), "i̇", "i")] != noLabel {
			best = i
		}
	}
	return best
}
