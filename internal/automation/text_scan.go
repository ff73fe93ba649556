package automation

import (
	"errors"
	"strings"
	"unicode/utf8"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// TextError says where in the plain-text form something is wrong, and what would be right.
type TextError struct {
	Text    string
	At, Len int // in bytes; Len is 0 where something is missing
	Message i18n.Text
}

// Error is the English message with its place.
func (e *TextError) Error() string { return e.Message.String() }

// Line is the line of the place, the first is 1, and Column where in it, counted in characters.
func (e *TextError) Line() (line, column int) {
	before := e.Text[:e.At]
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

// Parts are the line of the place up to it, the place, and the rest of the line.
func (e *TextError) Parts() (before, wrong, after string) {
	from := strings.LastIndexByte(e.Text[:e.At], '\n') + 1
	end := e.At + e.Len
	to := len(e.Text)
	if n := strings.IndexByte(e.Text[end:], '\n'); n >= 0 {
		to = end + n
	}
	return e.Text[from:e.At], e.Text[e.At:end], e.Text[end:to]
}

// WrongPlace finds where a text was not understood.
func WrongPlace(err error) (*TextError, bool) {
	var e *TextError
	ok := errors.As(err, &e)
	return e, ok
}

// scanner reads one line of the plain-text form.
type scanner struct {
	text    string // the whole
	at, end int    // what is left of the line
}

// token is a word, a "quoted one", or a comma.
type token struct {
	text   string
	quoted bool
	at     int
	len    int
}

func (t token) is(word string) bool { return !t.quoted && strings.EqualFold(t.text, word) }

func (s *scanner) space() {
	for s.at < s.end && (s.text[s.at] == ' ' || s.text[s.at] == '\t') {
		s.at++
	}
}

// next reads a token; at the end of the line it is none.
func (s *scanner) next() (token, error) {
	s.space()
	from := s.at
	if s.at == s.end {
		return token{at: from}, nil
	}
	switch s.text[s.at] {
	case ',':
		s.at++
		return token{text: ",", at: from, len: 1}, nil
	case '"':
		return s.quoted()
	}
	for s.at < s.end && !strings.ContainsRune(" \t,\"", rune(s.text[s.at])) {
		s.at++
	}
	return token{text: s.text[from:s.at], at: from, len: s.at - from}, nil
}

func (s *scanner) quoted() (token, error) {
	from := s.at
	var out strings.Builder
	for s.at++; s.at < s.end; s.at++ {
		switch c := s.text[s.at]; c {
		case '"':
			s.at++
			return token{text: out.String(), quoted: true, at: from, len: s.at - from}, nil
		case '\\':
			if s.at+1 < s.end {
				s.at++
			}
			out.WriteByte(s.text[s.at])
		default:
			out.WriteByte(c)
		}
	}
	return token{}, s.wrong(from, s.end-from, i18n.M("The quotation mark that begins here is not closed."))
}

// peek is next without going on.
func (s *scanner) peek() (token, error) {
	at := s.at
	t, err := s.next()
	s.at = at
	return t, err
}

// take goes on when the next token is a word.
func (s *scanner) take(word string) bool {
	at := s.at
	if t, err := s.next(); err == nil && t.is(word) {
		return true
	}
	s.at = at
	return false
}

// rest is what is left of the line, in one line.
func (s *scanner) rest() token {
	s.space()
	t := token{text: oneLine(s.text[s.at:s.end]), at: s.at, len: s.end - s.at}
	s.at = s.end
	return t
}

// value reads one value; what says in words what is wanted.
func (s *scanner) value(what i18n.Text) (string, error) {
	t, err := s.next()
	if err != nil {
		return "", err
	}
	text := oneLine(t.text)
	if text == "" || t.is(",") {
		return "", s.wrong(t.at, t.len, what)
	}
	return text, nil
}

// values reads values with commas between them. known, if any, are those that there are.
func (s *scanner) values(known []string, what i18n.Text) ([]string, error) {
	var out []string
	for {
		s.space()
		at := s.at
		v, err := s.value(what)
		if err != nil {
			return nil, err
		}
		if known != nil {
			if v = strings.ToLower(v); !contains(known, v) {
				return nil, s.wrong(at, s.at-at, i18n.M("“{{.Value}}” is not known here. There are: {{.All}}.", "Value", v, "All", strings.Join(known, ", ")))
			}
		}
		if !contains(out, v) {
			out = append(out, v)
		}
		if !s.take(",") {
			return out, nil
		}
	}
}

// done refuses what is left of the line.
func (s *scanner) done() error {
	if s.space(); s.at < s.end {
		return s.wrong(s.at, s.end-s.at, i18n.M("The line should end here."))
	}
	return nil
}

func (s *scanner) wrong(at, length int, m i18n.Text) error {
	f := fault.Invalid(fault.F("text", m))
	f.Cause = &TextError{Text: s.text, At: at, Len: length, Message: m}
	return f
}

func contains(all []string, v string) bool {
	for _, x := range all {
		if x == v {
			return true
		}
	}
	return false
}

// oneLine is a text without line breaks, control characters and needless space.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(plainRune, s)), " ")
}

// manyLines is a text as it is kept: plain line ends, nothing at its ends.
func manyLines(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if r == '\r' {
			return -1
		}
		return plainRune(r)
	}, s))
}

func plainRune(r rune) rune {
	if r < ' ' || r == 0x7f || r == utf8.RuneError {
		return ' '
	}
	return r
}
