package mailmsg

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// minSignature is how many lines with text several mails must share before they
// count as a signature; two lines may be a greeting.
const minSignature = 3

// SharedSignature finds the signature that several mails of one sender have in
// common, for senders whose client marks none: the longest run of equal lines, blank
// ones aside, that stands below something else in at least two of the texts. Give it
// what was written anew in each (Message.NewText with Message.Signature). "" when
// they share none.
func SharedSignature(texts []string) string {
	var shared []string
	for _, text := range texts {
		rows := fullRows(text)
		if len(shared) == 0 {
			for _, other := range texts {
				if other == text {
					continue
				}
				if run := longestRun(rows, fullRows(other)); len(run) > len(shared) {
					shared = run
				}
			}
			continue
		}
		if run := longestRun(shared, rows); len(run) >= minSignature && len(run) < len(shared) {
			shared = run
		}
	}
	if len(shared) < minSignature {
		return ""
	}
	for _, text := range texts {
		if above, signature, _ := cutRows(text, shared); signature != "" && !blank(above) {
			return signature
		}
	}
	return ""
}

// CutSignature takes a signature found by SharedSignature, and what stands below it,
// off a text. signature is "" when the text does not have it.
func CutSignature(text, shared string) (rest, signature string) {
	rows := fullRows(shared)
	if len(rows) < minSignature {
		return text, ""
	}
	above, found, below := cutRows(text, rows)
	if found == "" || blank(above) {
		return text, ""
	}
	return above, strings.TrimSpace(found + below)
}

func fullRows(text string) []string {
	var rows []string
	for row := range strings.Lines(text) {
		if row = strings.TrimSpace(row); row != "" {
			rows = append(rows, row)
		}
	}
	return rows[max(0, len(rows)-300):]
}

// longestRun is the longest run of rows that two texts share; the first of equals.
func longestRun(a, b []string) []string {
	best, end := 0, 0
	before := make([]int, len(b)+1)
	for i := range a {
		here := make([]int, len(b)+1)
		for j := range b {
			if a[i] == b[j] {
				if here[j+1] = before[j] + 1; here[j+1] > best {
					best, end = here[j+1], i+1
				}
			}
		}
		before = here
	}
	return a[end-best : end]
}

// cutRows finds rows, blank lines between them allowed, in a text.
func cutRows(text string, rows []string) (above, found, below string) {
	lines := strings.SplitAfter(text, "\n")
	for i := range lines {
		n, k := i, 0
		for n < len(lines) && k < len(rows) && (strings.TrimSpace(lines[n]) == rows[k] || k > 0 && blank(lines[n])) {
			if !blank(lines[n]) {
				k++
			}
			n++
		}
		if k == len(rows) {
			return strings.TrimRight(strings.Join(lines[:i], ""), " \n"), strings.TrimRight(strings.Join(lines[i:n], ""), "\n"), strings.Join(lines[n:], "")
		}
	}
	return text, "", ""
}

var contactRow = regexp.MustCompile(`[^\s@]+@[^\s@]+\.\p{L}{2,}|(?i)https?://|www\.|\+?\(?\d[\d ()/.-]{6,}\d`)

// cutContact takes off a block of contact data that ends what was written, when it
// starts with the sender's own name: many clients put no dashes above it.
func (m *Message) cutContact() {
	if m.Signature != "" || m.Forwarded != nil {
		return
	}
	at := strings.LastIndex(m.NewText, "\n\n")
	if at <= 0 {
		return
	}
	rows := fullRows(m.NewText[at:])
	if len(rows) < minSignature || len(rows) > 12 || !m.ownName(rows[0]) {
		return
	}
	contact := 0
	for _, row := range rows {
		if utf8.RuneCountInString(row) > 70 || strings.HasSuffix(row, "?") || strings.HasPrefix(row, "- ") || strings.HasPrefix(row, "> ") {
			return
		}
		if contactRow.MatchString(row) {
			contact++
		}
	}
	if contact > 0 {
		m.NewText, m.Signature = strings.TrimRight(m.NewText[:at], " \n"), strings.TrimSpace(m.NewText[at:])
	}
}

// ownName is true for a short line that is the sender's name.
func (m *Message) ownName(row string) bool {
	words := strings.FieldsFunc(strings.ToLower(row), func(r rune) bool { return !unicode.IsLetter(r) })
	local, _, _ := strings.Cut(m.From.Address, "@")
	own := strings.FieldsFunc(strings.ToLower(m.From.Name+" "+local), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) == 0 || len(words) > 6 {
		return false
	}
	for _, w := range own {
		if len(w) >= 3 && words[0] == w || len(w) >= 3 && words[len(words)-1] == w {
			return true
		}
	}
	return false
}
