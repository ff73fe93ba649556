package mailmsg

import (
	"regexp"
	"strings"
)

// forwardPrefix is how clients start the subject of a forward.
var forwardPrefix = regexp.MustCompile(`(?i)^\s*(\[[^\]]{1,40}\]\s*)?(fwd?|wg|tr|rv|i|enc|vb|vs|vl|fs|pd|továbbítás|doorst|doorgest|ilt|fyi|转发|轉寄|отв|转|przek|továbbítva|fw|weiterleitung|進階)\s*[:：]`)

// findForward looks for a mail that this one hands on. at and end bound the lines
// that hold it. Nested forwards are followed to the innermost.
func findForward(lines []line, subject string) (f *Forwarded, at, end int) {
	titled := forwardPrefix.MatchString(subject)
	// A mail without a subject that prints the header of another one tells no
	// better what it is; an answer has the subject of what it answers.
	named := titled || strings.TrimSpace(subject) == ""
	for i := range lines {
		text := lines[i].text
		if i > maxSeam {
			break
		}
		if blank(text) {
			continue
		}
		kind := separatorOf(text)
		if kind == noSeparator && announcesForward(text) {
			if next := nextFull(lines, i+1); next-i <= 4 && headerBlock(lines, next).found() {
				kind = forwardSeparator
			}
		}
		switch {
		case kind == forwardSeparator:
			from := nextFull(lines, i+1)
			if block := headerBlock(lines, from); block.found() || len(block.values) >= 1 && block.values[labelFrom] != "" {
				return unpack(lines, i, block)
			}
			if from < len(lines) && from-i <= 2 && i+1 < len(lines) && strings.HasSuffix(strings.TrimSpace(text), ":") {
				return bare(lines, i, from)
			}
		case kind == originalSeparator || ruled(text):
			block := headerBlock(lines, nextFull(lines, i+1))
			if block.found() && (titled || kind != originalSeparator && named || kind == originalSeparator && !anyFull(lines[:i])) {
				return unpack(lines, i, block)
			}
			if block.found() && kind == originalSeparator {
				return nil, 0, 0
			}
		case named || i < 20 && !anyFull(lines[:i]):
			if block := headerBlock(lines, i); block.found() {
				return unpack(lines, i, block)
			}
		}
		if n := introLength(lines, i); n > 0 {
			if titled && lines[i].depth == 0 {
				return underIntro(lines, i, n, subject)
			}
			return nil, 0, 0 // an answer; what it quotes may hold a forward of others
		}
		if !named && lines[i].depth == 0 && headerBlock(lines, i).found() {
			return nil, 0, 0
		}
	}
	return nil, 0, 0
}

func ruled(text string) bool {
	text = strings.TrimLeft(text, " \t")
	return text != "" && startsDashed(text) && (ruleRow.MatchString(text) || separatorRow.MatchString(text))
}

func anyFull(lines []line) bool {
	for i := range lines {
		if !blank(lines[i].text) {
			return true
		}
	}
	return false
}

// unpack reads the mail under a header block that belongs to the separator at line at.
func unpack(lines []line, at int, block quotedHeader) (*Forwarded, int, int) {
	depth := 0
	if block.end > 0 {
		depth = lines[block.end-1].depth
	}
	start, end := block.end, len(lines)
	if depth > 0 {
		// The original stands in a quotation: what comes after it was added.
		for i := start; i < len(lines); i++ {
			if lines[i].depth < depth && !blank(lines[i].text) && (blank(lines[i-1].text) || lines[i-1].depth < depth) {
				end = i
				break
			}
		}
	}
	if depth == 0 && allQuoted(lines[start:]) {
		depth = 1
	}
	body := make([]line, 0, end-start)
	for _, l := range lines[start:end] {
		l.intro = 0
		if l.depth >= depth {
			l.depth -= depth
			l.raw = strings.TrimRight(strings.Repeat(">", l.depth)+padded(l.depth)+l.text, " ")
		}
		body = append(body, l)
	}
	f := &Forwarded{Subject: block.values[labelSubject], Date: looseForwardDate(block.values[labelDate]), Text: strings.TrimSpace(joinRaw(body))}
	if from := forwardAddresses(block.values[labelFrom]); len(from) > 0 {
		f.From = from[0]
	}
	f.To, f.CC = forwardAddresses(block.values[labelTo]), forwardAddresses(block.values[labelCC])
	if inner := innermost(body, f.Subject); inner != nil {
		f = inner
	}
	return f, at, end
}

func allQuoted(lines []line) bool {
	for _, l := range lines {
		if l.depth == 0 && !blank(l.text) {
			return false
		}
	}
	return anyFull(lines)
}

// maxForwarded is how many mails inside one another are opened to find who asked.
const maxForwarded = 3

// readForwardedFile takes the original of a mail that was forwarded as an attachment
// (message/rfc822), when its subject or the lack of any other text says that it was.
func (m *Message) readForwardedFile(nested int) {
	if m.Forwarded != nil || m.Kind != KindMessage || nested >= maxForwarded || !forwardPrefix.MatchString(m.Subject) && !blank(m.NewText) {
		return
	}
	var file []byte
	for _, a := range m.Attachments {
		if a.Type == "message/rfc822" {
			if file != nil {
				return // several: nobody can say whose question it is
			}
			file = a.Data
		}
	}
	if len(file) == 0 {
		return
	}
	inner := parse(file, nested+1)
	if inner.From.Address == "" || inner.Kind != KindMessage {
		return
	}
	m.Forwarded = &Forwarded{From: inner.From, To: inner.To, CC: inner.CC, Subject: inner.Subject, Date: inner.Date, Text: inner.Text}
	if inner.Forwarded != nil && inner.NewText == inner.Forwarded.Text {
		m.Forwarded = inner.Forwarded
	}
	if blank(m.NewText) {
		m.NewText = m.Forwarded.Text
	}
}

var introAddress = regexp.MustCompile(`[<(\[]([^\s<>@]+@[^\s<>]+)[>)\]]`)

// underIntro is a forward whose client writes "On … Ann <ann@example.com> wrote:"
// and nothing else; only the subject tells that it is one.
func underIntro(lines []line, at, n int, subject string) (*Forwarded, int, int) {
	intro := strings.TrimSpace(joinRaw(lines[at : at+n]))
	f := &Forwarded{Subject: strings.TrimSpace(forwardPrefix.ReplaceAllString(subject, ""))}
	if found := introAddress.FindStringSubmatchIndex(intro); found != nil {
		f.From = Address{Name: introName(intro[:found[0]]), Address: intro[found[2]:found[3]]}
	}
	body := make([]string, 0, len(lines)-at-n)
	for _, l := range lines[at+n:] {
		body = append(body, strings.TrimPrefix(l.text, "    "))
	}
	f.Text = strings.TrimSpace(strings.Join(body, "\n"))
	return f, at, len(lines)
}

var beforeName = regexp.MustCompile(`(?i)^.*(\d[\d:.h]*( ?(am|pm|uhr))?,?( (schrieb|skrev|schreef|пользователь|użytkownik|uživatel|používateľ|de|от))?)\s+`)

// introName takes the name that stands before the address of an intro: in quotes,
// or after the date.
func introName(s string) string {
	s = strings.TrimSpace(s)
	for _, marks := range [][2]string{{"\"", "\""}, {"«", "»"}, {"„", "”"}, {"„", "“"}, {"“", "”"}} {
		open := strings.Index(s, marks[0])
		if open < 0 {
			continue
		}
		rest := s[open+len(marks[0]):]
		if end := strings.Index(rest, marks[1]); end > 0 {
			return strings.Trim(rest[:end], " \u00a0")
		}
	}
	return strings.Trim(beforeName.ReplaceAllString(s, ""), " ,\"'")
}

func padded(depth int) string {
	if depth > 0 {
		return " "
	}
	return ""
}

// innermost follows a forward inside a forward, as long as nobody wrote anything
// between the two.
func innermost(body []line, subject string) *Forwarded {
	first := nextFull(body, 0)
	if first >= len(body) {
		return nil
	}
	starts := separatorOf(body[first].text) == forwardSeparator || headerBlock(body, first).found() && forwardPrefix.MatchString(subject)
	if !starts {
		return nil
	}
	f, _, _ := findForward(body, subject)
	return f
}

// bare is a forward whose header the client left out.
func bare(lines []line, at, from int) (*Forwarded, int, int) {
	body := make([]string, 0, len(lines)-from)
	for _, l := range lines[from:] {
		body = append(body, l.text)
	}
	return &Forwarded{Text: strings.TrimSpace(strings.Join(body, "\n"))}, at, len(lines)
}

var mailtoLink = regexp.MustCompile(`(?i)[<\[(]?mailto:([^>\])\s]+)[>\])]?`)

// forwardAddresses reads addresses as clients print them in a text:
// "Name <a@b>", "Name [mailto:a@b]", "a@b <mailto:a@b>".
func forwardAddresses(s string) []Address {
	if s == "" {
		return nil
	}
	s = strings.NewReplacer("*", "", "\u200e", "", "\u00a0", " ").Replace(s)
	s = mailtoLink.ReplaceAllString(s, "<$1>")
	list := ParseAddresses([]byte(s))
	for i := range list {
		list[i].Name = strings.Trim(list[i].Name, `'" <>`)
		if j := strings.Index(list[i].Name, " <"); j > 0 {
			list[i].Name = list[i].Name[:j]
		}
		if strings.EqualFold(list[i].Name, list[i].Address) {
			list[i].Name = ""
		}
	}
	return list
}

// PlainSubject takes what clients put before the subject of a mail that they hand on ("Fwd:", "WG:") off it, however
// often it is there.
func PlainSubject(s string) string {
	for range 10 {
		at := forwardPrefix.FindStringIndex(s)
		if at == nil {
			break
		}
		s = s[at[1]:]
	}
	return strings.TrimSpace(s)
}
