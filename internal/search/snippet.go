package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a piece of a snippet; Hit says that it is one of the words looked for.
type Span struct {
	Text string
	Hit  bool
}

// Snippet cuts about size bytes out of text around the first word looked for, as one line.
func Snippet(text string, q Query, size int) string {
	const look = 20_000 // a word further on is shown by the start of the text
	if len(text) > look {
		text = text[:look]
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	at := 0
	for _, s := range spans(text, q) {
		if s.Hit {
			break
		}
		at += len(s.Text)
	}
	if at == len(text) {
		at = 0
	}
	from := max(0, at-size/3)
	for from > 0 && text[from-1] != ' ' {
		from--
	}
	to := min(len(text), from+size)
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	out := text[from:to]
	if from > 0 {
		out = "… " + out
	}
	if to < len(text) {
		out += " …"
	}
	return out
}

// Mark splits text so that the words looked for can be marked.
func Mark(text string, q Query) []Span { return spans(text, q) }

func spans(text string, q Query) []Span {
	wanted := map[string]bool{}
	var prefixes []string
	stems := map[string]bool{}
	for _, t := range q.Terms {
		for _, f := range t.forms {
			stems[f] = true
		}
		for _, a := range t.Also {
			for w := range strings.FieldsSeq(a) {
				wanted[w] = !idle[w]
			}
		}
		for i, w := range t.Words {
			if len(t.Words) > 1 && !t.Quoted && idle[w] {
				continue
			}
			if t.Prefix && i == len(t.Words)-1 {
				prefixes = append(prefixes, w)
				continue
			}
			wanted[w] = true
		}
	}
	isHit := func(word string) bool {
		for _, w := range Words(word) {
			if wanted[w] || len(stems) > 0 && !idle[w] && slices.ContainsFunc(Stems(w), func(s string) bool { return stems[s] }) {
				return true
			}
			for _, p := range prefixes {
				if strings.HasPrefix(w, p) {
					return true
				}
			}
		}
		return false
	}
	var out []Span
	add := func(s string, hit bool) {
		if s == "" {
			return
		}
		if n := len(out); n > 0 && !out[n-1].Hit && !hit {
			out[n-1].Text += s
			return
		}
		out = append(out, Span{s, hit})
	}
	start, inWord := 0, false
	for i, r := range text {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
		if letter == inWord {
			continue
		}
		add(text[start:i], inWord && isHit(text[start:i]))
		start, inWord = i, letter
	}
	add(text[start:], inWord && isHit(text[start:]))
	return out
}
