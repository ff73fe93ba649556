package search

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"goodturn/internal/db"
)

// question is a text that was understood.
type question struct {
	by      weights
	asked   Asked
	some    map[int64]bool
	terms   []term
	quoted  []saying // must stand there so
	grams   map[string]float64
	instead []Correction

	pages, heading, body float64 // how many there are, and their mean lengths
	uses                 map[string][]use
	read                 map[string]reading // words of pages, in all their forms
	known                sieve              // lets those through that stand in uses, or are idle
}

// term is one thing that is asked for.
type term struct {
	word  string
	forms []string // of the word itself
	also  []saying // what says the same
	near  []string // the words that were taken for it

	own, either    places // pages with a form of the word; with that or what says the same
	idf, eitherIDF float64
}

// places are the numbers in the index of pages that hold something anywhere, and in their heading. They go up.
type places struct{ anywhere, heading []int64 }

// understand finds out which words are asked for.
func (q *question) understand(ctx context.Context, tx *db.Tx) error {
	if q.pages == 0 {
		return nil
	}
	all := Words(q.asked.Text)
	all = all[:min(len(all), mostHeard)]
	words := all
	if q.by.quiet {
		words = slices.DeleteFunc(slices.Clone(all), func(w string) bool { return idle[w] })
		if len(words) == 0 {
			words = all
		}
	}
	q.grams = gramsOf(words)
	for _, w := range words {
		forms := q.by.formsOf(w)
		if len(q.terms) < mostAsked && !slices.ContainsFunc(q.terms, func(t term) bool { return share(t.forms, forms) }) {
			q.terms = append(q.terms, term{word: w, forms: forms})
		}
	}
	for _, t := range Parse(q.asked.Text).Terms {
		if t.Quoted {
			q.quoted = append(q.quoted, exactly(t.Words))
		}
	}
	if err := q.addSynonyms(ctx, tx, all); err != nil {
		return err
	}
	if q.asked.Unfinished && len(words) > 0 && words[len(words)-1] == all[len(all)-1] {
		return q.goOn(ctx, tx, words[len(words)-1])
	}
	return nil
}

// exactly is a phrase of words without their other forms.
func exactly(words []string) saying {
	s := make(saying, len(words))
	for i, w := range words {
		s[i] = []string{w}
	}
	return s
}

// addSynonyms notes by what a word may be said as well; a phrase that may is one more thing asked for.
func (q *question) addSynonyms(ctx context.Context, tx *db.Tx, words []string) error {
	if q.by.synonyms == 0 {
		return nil
	}
	t, err := readThesaurus(ctx, tx)
	if err != nil {
		return err
	}
	for _, m := range t.of(withForms(words)) {
		if m.to > m.from+1 {
			if phrase := strings.Join(words[m.from:m.to], " "); len(q.terms) < mostAsked && !slices.ContainsFunc(q.terms, func(t term) bool { return t.word == phrase }) {
				q.terms = append(q.terms, term{word: phrase, also: slices.Concat(m.own, m.others)})
			}
			continue
		}
		for i := range q.terms {
			if slices.Contains(q.terms[i].forms, words[m.from]) {
				q.terms[i].also = append(q.terms[i].also, m.others...)
			}
		}
	}
	return nil
}

// wish is what the vocabulary is asked for: the words of the pages that the searcher may find.
func (q *question) wish() Wish {
	w := Wish{Near: true}
	for _, s := range q.asked.Shelves {
		w.Scopes = append(w.Scopes, shelfScope(s))
	}
	return w
}

// goOn has the word that is still being typed stand for those that begin so.
func (q *question) goOn(ctx context.Context, tx *db.Tx, word string) error {
	begun, err := q.wish().beginnings(ctx, tx, word)
	for i := range q.terms {
		t := &q.terms[i]
		if !slices.Contains(t.forms, word) {
			continue
		}
		for _, b := range begun {
			for _, f := range q.by.formsOf(b) {
				if !slices.Contains(t.forms, f) {
					t.forms = append(t.forms, f)
				}
			}
		}
	}
	return err
}

// locate asks the index where the terms stand.
func (q *question) locate(ctx context.Context, tx *db.Tx) error {
	return q.locateThese(ctx, tx, q.terms)
}

func (q *question) locateThese(ctx context.Context, tx *db.Tx, terms []term) error {
	var all []wanted
	for i := range terms {
		t := &terms[i]
		var own []saying
		if len(t.forms) > 0 {
			own = []saying{{q.by.lookups(t.forms)}}
			all = append(all, wanted{is: own, to: &t.own})
		}
		if len(t.also) > 0 {
			either := own
			for _, s := range t.also {
				said := make(saying, len(s))
				for j, forms := range s {
					said[j] = q.by.lookups(forms)
				}
				either = append(either, said)
			}
			all = append(all, wanted{is: either, to: &t.either})
		}
	}
	if err := placesOf(ctx, tx, all, q.counts); err != nil {
		return err
	}
	for i := range terms {
		if len(terms[i].also) == 0 {
			terms[i].either = terms[i].own
		}
	}
	return nil
}

// counts tells whether a place of the index is there for the searcher.
func (q *question) counts(place int64) bool {
	return slices.Contains(q.asked.Shelves, place&(MaxShelf-1)) || q.some[place>>shelfBits]
}

// mostUnknown are the words that are looked at as slips.
const mostUnknown = 6

// correct takes words that no page holds for the beginnings of others, and else for the ones that they are nearest to.
func (q *question) correct(ctx context.Context, tx *db.Tx) error {
	if !q.by.slips {
		return nil
	}
	looked := 0
	for i := range q.terms {
		t := &q.terms[i]
		if len(t.either.anywhere) > 0 || len(t.forms) == 0 || looked == mostUnknown {
			continue
		}
		looked++
		if begun, err := q.goesOn(ctx, tx, t); err != nil || begun {
			if err != nil {
				return err
			}
			continue
		}
		if err := q.mean(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}

// goesOn takes a word for the beginning of others, and tells whether there are any.
func (q *question) goesOn(ctx context.Context, tx *db.Tx, t *term) (bool, error) {
	if len(t.word) < shortestNear {
		return false, nil
	}
	if err := q.goOn(ctx, tx, t.word); err != nil {
		return false, err
	}
	one := []term{*t}
	one[0].also = nil
	if err := q.locateThese(ctx, tx, one); err != nil {
		return false, err
	}
	t.own, t.either = one[0].own, one[0].own
	return len(t.own.anywhere) > 0, nil
}

// mean takes a word for the one that it is nearest to, of several the one that most pages hold.
func (q *question) mean(ctx context.Context, tx *db.Tx, t *term) error {
	near, err := q.wish().near(ctx, tx, t.word)
	if err != nil || len(near) == 0 {
		return err
	}
	tried := make([]term, len(near))
	for j, w := range near {
		tried[j] = term{word: w, forms: q.by.formsOf(w)}
	}
	if err := q.locateThese(ctx, tx, tried); err != nil {
		return err
	}
	best := slices.MaxFunc(tried, func(x, y term) int { return cmp.Compare(len(x.own.anywhere), len(y.own.anywhere)) })
	if len(best.own.anywhere) == 0 {
		return nil
	}
	q.instead = append(q.instead, Correction{Typed: t.word, Meant: best.word})
	t.forms, t.own, t.either, t.near = best.forms, best.own, best.own, []string{best.word}
	return nil
}
