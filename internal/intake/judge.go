package intake

import (
	"strings"

	"goodturn/internal/mailmsg"
)

// Reason is why a request is vague.
type Reason string

// The reasons, in the order in which they are told.
const (
	Short     Reason = "short"      // a few words, and nothing besides
	NoThing   Reason = "no_thing"   // nothing is named that it is about
	NoSymptom Reason = "no_symptom" // neither what is wrong nor what is wanted
)

// Verdict is what Judge thinks of a request.
type Verdict struct {
	Vague bool
	Why   []Reason
	// Language is the one that the text was read in: a code of Languages, or "" when none of them fits.
	Language string
	// Thing and Symptom are the words that name them, as they were written but for capitals and accents; "" where there are none. That
	// something does not work, and no more, is no Symptom: it says that there is one.
	Thing, Symptom string
	// Topic is what Thing belongs to, such as "vpn"; "" when nobody knows.
	Topic string
	// Own says that Thing looks like the name of one certain thing, which no list can know.
	Own bool
}

// Has tells whether a reason is among those of a vague request.
func (v Verdict) Has(r Reason) bool {
	for _, w := range v.Why {
		if w == r {
			return true
		}
	}
	return false
}

// The bounds of the rules. docs/intake.md says what each of them is for.
const (
	manyWords      = 30 // so many words that say something: it is told, in words that no list knows
	unknownUnsure  = 8  // up to so many unknown words, "problem" says nothing about them
	describedWords = 14
	plainWords     = 5 // up to so many words without one like "problem" only name something
	shortWords     = 3
)

// Judge tells whether somebody could start work on a request without asking back, and why not. language is what the person
// is known to write ("" for unknown); the text itself is believed first. It never fails, and takes far less than a millisecond.
func Judge(text, subject, language string) Verdict {
	raw := text
	subject, text = strip(subject), strip(text)
	all := subject + " . " + text
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(text)), strings.ToLower(strings.TrimSpace(subject))) {
		all = text
	}
	if foreign(all) {
		return Verdict{}
	}
	tokens := tokensOf(all)
	w := choose(tokens, all, language)
	if w == nil {
		return Verdict{}
	}
	c := count(w, tokens)
	if strings.Contains(raw, "[cid:") {
		c.n[shown]++
	}
	v := c.verdict(strings.Contains(all, "?"))
	v.Language = w.language
	return v
}

// choose finds the lists in whose language most of the words are; nil when the text is in a language that has none.
func choose(tokens []string, text, language string) *words {
	var best *words
	most, second := 0, 0
	for _, code := range Languages() {
		w, known := lists[code], 0
		for _, t := range tokens {
			if _, ok := w.whole[t]; ok {
				known += 2
			} else if _, ok := w.phrases[t]; ok {
				known++
			}
		}
		if code == language || language == "" && code == "en" { // when nothing else decides
			known++
		}
		switch {
		case known > most:
			best, most, second = w, known, most
		case known > second:
			second = known
		}
	}
	if most <= len(tokens) || most == second {
		if other := mailmsg.LanguageOf(text); other != "" && lists[other] == nil {
			return nil
		}
	}
	if best == nil {
		best = lists["en"]
	}
	return best
}

// tally counts what the words of a text mean.
type tally struct {
	n                     map[kind]int
	unknown               []string
	thing, symptom, topic string
	own                   string
	things                int // that are not what people do with a thing as well
	said                  int // words that are not small
	meant                 map[string]bool
}

func count(w *words, tokens []string) *tally {
	c := &tally{n: map[kind]int{}, meant: map[string]bool{}}
	for i := 0; i < len(tokens); {
		m, n := w.find(tokens[i:])
		if n == 0 {
			m, n = elsewhere(w, tokens[i:])
		}
		if n == 0 && !own(tokens[i]) {
			m, n = w.nearly(tokens[i])
		}
		if n == 0 {
			c.stranger(tokens[i])
			i++
			continue
		}
		c.take(m, strings.Join(tokens[i:i+n], " "))
		i += n
	}
	return c
}

// elsewhere looks a word up in the other languages: people mix them, above all the names of things.
func elsewhere(w *words, tokens []string) (meaning, int) {
	for _, code := range Languages() {
		if other := lists[code]; other != w {
			if m, n := other.find(tokens); n > 0 {
				return m, n
			}
		}
	}
	return meaning{}, 0
}

// stranger counts a word that no list knows.
func (c *tally) stranger(t string) {
	if c.meant[t] {
		return
	}
	c.meant[t] = true
	switch {
	case own(t):
		c.own = firstOf(c.own, t)
		c.said++
	case len(t) > 1:
		c.unknown = append(c.unknown, t)
		c.said++
	}
}

func (c *tally) take(m meaning, word string) {
	if m.kind == small || c.meant[word] {
		return
	}
	c.meant[word] = true
	c.said++
	for k := small; k <= named; k <<= 1 {
		if m.kind&k != 0 {
			c.n[k]++
		}
	}
	if m.kind&named != 0 {
		if m.kind&activity == 0 {
			c.things++
		}
		if c.thing == "" || c.topic == "account" && m.topic != "account" { // "my password for Outlook" is about Outlook
			c.thing, c.topic = word, m.topic
		}
	}
	if m.kind&(symptom|wish) != 0 {
		c.symptom = firstOf(c.symptom, word)
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// verdict applies the rules.
func (c *tally) verdict(asks bool) Verdict {
	v := Verdict{Thing: c.thing, Topic: c.topic, Symptom: c.symptom}
	if v.Thing == "" && c.own != "" {
		v.Thing, v.Own = c.own, true
	}
	anyThing := c.things > 0 || c.own != "" || len(c.unknown) > 0
	said := c.n[symptom] > 0 || c.n[negation] > 0 || c.n[wish] > 0 || asks && c.said >= 3
	if !said && c.n[activity] > 0 && anyThing { // "problem with the login of X"
		said = true
	}
	if c.n[shown] > 0 && (c.n[named] > 0 || c.own != "") { // the agent looks there first
		said = true
	}
	if c.said > describedWords { // it is described, in words that no list knows
		said = true
	}
	if !said && c.n[unclear] > 0 && len(c.unknown) > unknownUnsure || !said && c.n[unclear] == 0 && c.said > plainWords {
		said = true
	}
	if c.n[nothing] > 0 && c.n[wish] == 0 && c.things == 0 && len(c.unknown) <= 2 {
		anyThing, said = false, false
	}
	thing := anyThing || c.n[named] > 0 || said && c.n[shown] > 0
	if said && thing || c.said > manyWords {
		return v
	}
	v.Vague = true
	if c.said <= shortWords {
		v.Why = append(v.Why, Short)
	}
	if !thing {
		v.Why = append(v.Why, NoThing)
	}
	if !said {
		v.Why = append(v.Why, NoSymptom)
	}
	return v
}
