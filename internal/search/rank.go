package search

import (
	"math"
	"slices"
	"strings"
)

// weights say what counts how much. They are few, and none is made for one collection: see docs/search.md.
type weights struct {
	forms bool // other forms of a word are the word
	quiet bool // words that only hold a sentence together do not count
	slips bool // a word that nobody wrote is taken for the nearest one

	k, length float64 // BM25: how soon a word more says nothing new; how much a long text is discounted
	heading   float64 // a word in the heading counts as so many in the body
	pairs     float64 // two words that stand beside each other, as they were asked
	grams     float64 // a heading whose letters are those of the question
	synonyms  float64 // another word that says the same
}

// ranking is what Best goes by.
var ranking = weights{forms: true, quiet: true, slips: true, k: 1.6, length: 0.85, heading: 4, pairs: 0.3, grams: 0.9, synonyms: 0.5}

func (w weights) formsOf(word string) []string {
	if !w.forms {
		return []string{word}
	}
	return withForms([]string{word})[0]
}

// lookups are those forms of a word that find all the others in the index: what holds the word holds its stems.
func (w weights) lookups(forms []string) []string {
	if w.forms && len(forms) > 1 && !slices.Contains(Stems(forms[0]), forms[0]) {
		return forms[1:]
	}
	return forms
}

// use says that a form of a page is one of what is asked for.
type use struct {
	term int
	also bool
}

// weigh finds out what each term tells, and which forms stand for it.
func (q *question) weigh() {
	q.uses, q.read, q.known = map[string][]use{}, map[string]reading{}, idleSieve
	for i := range q.terms {
		t := &q.terms[i]
		t.idf, t.eitherIDF = q.rarity(t.own), q.rarity(t.either)
		for _, f := range t.forms {
			q.uses[f] = append(q.uses[f], use{term: i})
		}
		for _, s := range t.also {
			if len(s) == 1 {
				for _, f := range s[0] {
					if !slices.Contains(t.forms, f) {
						q.uses[f] = append(q.uses[f], use{term: i, also: true})
					}
				}
			}
		}
	}
	for f := range q.uses {
		q.known.add(f)
	}
}

// rarity is the inverse document frequency of BM25 (Robertson and Spärck Jones); what no page holds tells nothing.
func (q *question) rarity(p places) float64 {
	n := float64(len(p.anywhere))
	if n == 0 {
		return 0
	}
	return math.Log(1 + max(q.pages-n+0.5, 0)/(n+0.5))
}

// reading is what a word of a page is for a question.
type reading struct {
	uses []use
	idle bool
}

// text is a heading or body as it was read for a question.
type text struct {
	own   []float64
	also  []float64
	size  float64 // words that tell something
	pairs []bool  // by the first of two terms
}

// tally counts what a text holds of the terms.
func (q *question) tally(forms string) text {
	n := len(q.terms)
	numbers := make([]float64, 2*n)
	x := text{own: numbers[:n], also: numbers[n:], pairs: make([]bool, n)}
	last := -1
	for forms := forms; forms != ""; {
		length, may := q.known.next(forms)
		f := forms[:length]
		forms = forms[min(length+1, len(forms)):]
		if !may {
			x.size++
			last = -1
			continue
		}
		r, known := q.read[f]
		if !known {
			word, _, _ := strings.Cut(f, "|")
			r = reading{uses: q.usesOf(f), idle: q.by.quiet && idle[word]}
			q.read[f] = r
		}
		if len(r.uses) == 0 {
			if !r.idle {
				x.size++
				last = -1
			}
			continue
		}
		x.size++
		now := -1
		for _, u := range r.uses {
			if u.also {
				x.also[u.term]++
				continue
			}
			x.own[u.term]++
			now = u.term
			if last >= 0 && u.term == last+1 {
				x.pairs[last] = true
			}
		}
		last = now
	}
	for i := range q.terms {
		for _, s := range q.terms[i].also {
			if len(s) > 1 {
				x.also[i] += s.times(forms)
			}
		}
	}
	return x
}

// usesOf looks a word of a page up, in each of its forms.
func (q *question) usesOf(forms string) (out []use) {
	for f := range strings.SplitSeq(forms, "|") {
		for _, u := range q.uses[f] {
			if !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
		if !q.by.forms {
			break
		}
	}
	return out
}

// times counts how often a phrase stands in a text, of which each word is written in all its forms.
func (s saying) times(text string) (n float64) {
	if !slices.ContainsFunc(s[0], func(f string) bool { return strings.Contains(text, f) }) {
		return 0 // nearly always, and cheaper to tell
	}
	words := strings.Fields(text)
	for i := 0; i+len(s) <= len(words); i++ {
		if s.stands(words[i:]) {
			n++
		}
	}
	return n
}

func (s saying) stands(words []string) bool {
	for i, forms := range s {
		if !slices.ContainsFunc(forms, func(f string) bool { return holds(words[i], f) }) {
			return false
		}
	}
	return true
}

// holds tells whether a form is one of those of a word.
func holds(forms, form string) bool {
	for f := range strings.SplitSeq(forms, "|") {
		if f == form {
			return true
		}
	}
	return false
}

// score is BM25 over two fields (Robertson, Zaragoza, Taylor 2004), with what it leaves out: the order of words, and what is written
// nearly the same. It is 0 for a page that is not what was asked for.
func (q *question) score(p keptPage) float64 {
	h, b := q.tally(p.Heading), q.tally(p.Body)
	for _, s := range q.quoted {
		if s.times(p.Heading) == 0 && s.times(p.Body) == 0 {
			return 0
		}
	}
	hw := q.by.heading / (1 - q.by.length + q.by.length*h.size/q.heading)
	bw := 1 / (1 - q.by.length + q.by.length*b.size/q.body)
	sum, all := 0.0, 0.0
	for i, t := range q.terms {
		own := hw*h.own[i] + bw*b.own[i]
		told := t.idf * q.saturated(own)
		if len(t.also) > 0 {
			either := own + hw*h.also[i] + bw*b.also[i]
			told = max(told, q.by.synonyms*t.eitherIDF*q.saturated(either))
		}
		sum += told
		all += t.tells()
		for _, x := range []text{h, b} {
			if x.pairs[i] {
				sum += q.by.pairs * min(t.idf, q.terms[i+1].idf)
			}
		}
	}
	if q.by.grams > 0 {
		sum += q.by.grams * all * alike(q.grams, gramsOf(q.headingWords(p.Heading)))
	}
	return sum
}

func (q *question) saturated(times float64) float64 { return times * (q.by.k + 1) / (times + q.by.k) }

// tells is what a term tells at most.
func (t *term) tells() float64 {
	if t.idf == 0 {
		return t.eitherIDF
	}
	return t.idf
}

// perfect is what a page would have that is headed by the question. A word that no page holds says little of which one is meant, but
// that none may be.
func (q *question) perfect() float64 {
	all := 0.0
	for i := range q.terms {
		if told := q.terms[i].tells(); told > 0 {
			all += told
		} else {
			all++
		}
	}
	return all * (q.saturated(q.by.heading) + q.by.grams)
}

// headingWords are the words of a heading as they were written, those left out that tell nothing.
func (q *question) headingWords(forms string) []string {
	var out []string
	for f := range strings.FieldsSeq(forms) {
		if word, _, _ := strings.Cut(f, "|"); !q.by.quiet || !idle[word] {
			out = append(out, word)
		}
	}
	return out
}

// gramsOf counts the pieces of three letters in words: what is written together here and apart there, or only ends otherwise, has
// most of them in common.
func gramsOf(words []string) map[string]float64 {
	out := map[string]float64{}
	for _, w := range words {
		r := []rune(" " + w + " ")
		for i := 0; i+3 <= len(r); i++ {
			out[string(r[i:i+3])]++
		}
	}
	return out
}

// alike is the cosine of two counts.
func alike(a, b map[string]float64) float64 {
	dot, x, y := 0.0, 0.0, 0.0
	for g, n := range b {
		dot += n * a[g]
		y += n * n
	}
	if dot == 0 {
		return 0
	}
	for _, n := range a {
		x += n * n
	}
	return dot / math.Sqrt(x*y)
}

// marks gives the words looked for, so that they can be marked in a text.
func (q *question) marks() Query {
	var out Query
	for _, t := range q.terms {
		m := Term{Words: strings.Fields(t.word), Also: t.near, forms: t.forms}
		for _, s := range t.also {
			m.Also = append(m.Also, s.text())
			if len(s) == 1 {
				m.forms = append(m.forms[:len(m.forms):len(m.forms)], s[0]...)
			}
		}
		out.Terms = append(out.Terms, m)
	}
	return out
}
