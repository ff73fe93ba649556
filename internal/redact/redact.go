// Package redact takes out of a text what says who or where somebody is, and what must stay secret: names, addresses, telephone numbers,
// the names of accounts and computers, numbers that belong to somebody, passwords.
//
// It works by rules alone and knows nobody but those whom it is told of. What it takes out it says, with the place, so that a person can
// look at it: rules miss things, and take too much.
//
//	k := redact.Know([]string{"Hana Moss"}, []string{"Moss & Sons"})
//	r := k.Redact("Hana's PIN 4711 is blocked, call +49 30 1234567.", redact.English)
//	r.Text // "[name]'s PIN [secret] is blocked, call [phone]."
//
// Invariants: what was redacted once is not changed by redacting it again; the text grows by no more than a placeholder for each thing
// that is taken out; a placeholder that stands in the text stays as it is.
package redact

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is what was taken out.
type Kind string

// The kinds.
const (
	Name         Kind = "name"
	Organisation Kind = "organisation"
	Mail         Kind = "mail"    // an address of mail
	Phone        Kind = "phone"   // or fax, or an extension
	Place        Kind = "place"   // a street and house, a postcode
	Machine      Kind = "machine" // an address or a name of a computer
	Account      Kind = "account" // a user's name
	Link         Kind = "link"    // with something in it that may be personal
	Number       Kind = "number"  // of a ticket, a device, a customer, an account at a bank
	Key          Kind = "key"     // a licence, or what looks like one
	Secret       Kind = "secret"  // a password or a code
)

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{Name, Organisation, Mail, Phone, Place, Machine, Account, Link, Number, Key, Secret}
}

// English is what stands in place of something in English.
func English(k Kind) string {
	switch k {
	case Mail:
		return "[mail address]"
	case Place:
		return "[address]"
	case Machine:
		return "[computer]"
	case Account:
		return "[user name]"
	}
	return "[" + string(k) + "]"
}

// Cut is something that was taken out.
type Cut struct {
	Kind Kind
	Was  string
	Word string // what stands there now
	At   int    // where that begins in Result.Text, in bytes
}

// Result is a text without what was taken out, and that, in its order.
type Result struct {
	Text string
	Cuts []Cut
}

// hole stands for what was taken out while the rules look at the rest: no rule matches it.
const hole = "\uFFFC"

// passes bounds how often the rules look again at what they left.
const passes = 40

// Redact takes out what the rules and the known names find. word says what stands there instead; it must be the same every time.
func (k *Known) Redact(text string, word func(Kind) string) Result {
	w := work{text: strings.ReplaceAll(strings.ToValidUTF8(text, ""), hole, "")}
	w.keep(word)
	for range passes {
		if !w.take(k.find(w.text)) {
			break
		}
	}
	return w.result(word)
}

// span is a place in a text that is to be taken out.
type span struct {
	from, to int
	kind     Kind
}

// work is a text with holes, and what was in them, in their order. A Cut without a kind is kept as it was.
type work struct {
	text  string
	holes []Cut
}

// keep makes holes of the placeholders that stand in the text already.
func (w *work) keep(word func(Kind) string) {
	var all []span
	for _, k := range Kinds() {
		for p, at := word(k), 0; p != ""; {
			i := strings.Index(w.text[at:], p)
			if i < 0 {
				break
			}
			all = append(all, span{at + i, at + i + len(p), ""})
			at += i + len(p)
		}
	}
	w.take(all)
}

// take makes holes of spans; of those that overlap, the first of the list. It tells whether there were any.
func (w *work) take(all []span) bool {
	var chosen []span
	for _, s := range all {
		if s.from >= s.to || strings.Contains(w.text[s.from:s.to], hole) {
			continue
		}
		at, _ := slices.BinarySearchFunc(chosen, s.from, func(c span, from int) int { return c.from - from })
		if at < len(chosen) && chosen[at].from < s.to || at > 0 && chosen[at-1].to > s.from {
			continue
		}
		chosen = slices.Insert(chosen, at, s)
	}
	if len(chosen) == 0 {
		return false
	}
	var b strings.Builder
	var holes []Cut
	last, next := 0, 0
	pass := func(to int) {
		piece := w.text[last:to]
		n := strings.Count(piece, hole)
		holes = append(holes, w.holes[next:next+n]...)
		next += n
		b.WriteString(piece)
	}
	for _, s := range chosen {
		pass(s.from)
		holes = append(holes, Cut{Kind: s.kind, Was: w.text[s.from:s.to]})
		b.WriteString(hole)
		last = s.to
	}
	pass(len(w.text))
	w.text, w.holes = b.String(), holes
	return true
}

// result puts the placeholders into the holes.
func (w *work) result(word func(Kind) string) Result {
	var b strings.Builder
	var r Result
	rest := w.text
	for _, h := range w.holes {
		at := strings.Index(rest, hole)
		b.WriteString(rest[:at])
		rest = rest[at+len(hole):]
		if h.Kind == "" {
			b.WriteString(h.Was)
			continue
		}
		h.Word, h.At = word(h.Kind), b.Len()
		b.WriteString(h.Word)
		r.Cuts = append(r.Cuts, h)
	}
	b.WriteString(rest)
	r.Text = b.String()
	return r
}

// Around gives what stands before and behind a cut, up to so many characters of the same line on each side.
func (r Result) Around(c Cut, most int) (before, after string) {
	before, after = r.Text[:c.At], r.Text[c.At+len(c.Word):]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	after, _, _ = strings.Cut(after, "\n")
	return tail(before, most), head(after, most)
}

func head(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}

func tail(s string, most int) string {
	for at, n := len(s), 0; ; n++ {
		if at == 0 || n == most {
			return s[at:]
		}
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
}

// Secret tells that what was taken out must not be kept, nor shown again.
func (k Kind) Secret() bool { return k == Secret || k == Key }
