package search

import (
	"cmp"
	"context"
	"slices"

	"goodturn/internal/db"
)

// Asked is a question in somebody's own words.
type Asked struct {
	Text    string
	Shelves []int64 // pages of these may be found
	Most    int     // so many are given at most; 0 is 10
	// Unfinished says that the last word may still be typed.
	Unfinished bool
	// Some are pages of other shelves that may be found as well. They are few: each is named.
	Some []int64
}

// Answer is what was found for a question.
type Answer struct {
	Found []Found // the best first
	// Instead are words that no page holds, with the words that were looked for in their place.
	Instead []Correction
	// Query holds the words as they were found, for Snippet and Mark.
	Query Query
}

// Found is a page that was found.
type Found struct {
	ID    int64
	Score float64
	// Fit is how much of what was asked the page is about, from 0 to 1, which is a page that is headed by the question.
	Fit float64
}

// Correction is a word that was typed and what it was taken for.
type Correction struct{ Typed, Meant string }

// What is looked at, however long a question is and however many pages there are.
const (
	mostAsked      = 24  // different words of a question
	mostHeard      = 480 // words of a question
	mostCandidates = 50  // pages that are read
)

// leastOfBest is how much of the best page's score another must have: what only shares a common word is nothing to read.
const leastOfBest = 0.1

// Best gives the pages that are most about what was asked, in the same order on both engines. A page need not hold all words: rare
// ones count more than common ones, those of the heading more than those of the body; other forms of a word, what says the same and
// what it may be a slip for count too; what stands in quotes must be there. docs/search.md has the formula, and what each part brings.
func Best(ctx context.Context, tx *db.Tx, a Asked) (Answer, error) {
	return bestBy(ctx, tx, a, ranking)
}

func bestBy(ctx context.Context, tx *db.Tx, a Asked, by weights) (Answer, error) {
	q := &question{by: by, asked: a}
	for _, step := range []func(context.Context, *db.Tx) error{q.count, q.understand, q.locate, q.correct} {
		if err := step(ctx, tx); err != nil {
			return Answer{}, err
		}
	}
	q.weigh()
	pages, err := q.candidates(ctx, tx)
	if err != nil {
		return Answer{}, err
	}
	out := Answer{Instead: q.instead}
	most := q.perfect()
	for _, p := range pages {
		if score := q.score(p); score > 0 {
			out.Found = append(out.Found, Found{ID: p.ID, Score: score, Fit: min(score/most, 1)})
		}
	}
	slices.SortFunc(out.Found, func(x, y Found) int { return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(y.ID, x.ID)) })
	if a.Most <= 0 {
		a.Most = 10
	}
	out.Found = out.Found[:min(len(out.Found), a.Most)]
	for len(out.Found) > 0 && out.Found[len(out.Found)-1].Score < leastOfBest*out.Found[0].Score {
		out.Found = out.Found[:len(out.Found)-1]
	}
	out.Query = q.marks()
	return out, nil
}

// count reads how many pages there are and how long they are in the mean.
func (q *question) count(ctx context.Context, tx *db.Tx) error {
	var args db.Args
	all, err := db.All[struct{ Pages, HeadingWords, BodyWords int64 }](ctx, tx, `SELECT pages, heading_words, body_words FROM search_shelf WHERE shelf IN (`+db.List(&args, padded(q.asked.Shelves))+`)`, args...)
	q.some = make(map[int64]bool, len(q.asked.Some))
	for _, id := range q.asked.Some {
		q.some[id] = true
	}
	for _, s := range all {
		q.pages += float64(s.Pages)
		q.heading += float64(s.HeadingWords)
		q.body += float64(s.BodyWords)
	}
	if q.pages > 0 {
		q.heading, q.body = q.heading/q.pages, q.body/q.pages
	}
	q.heading, q.body = max(q.heading, 1), max(q.body, 1)
	q.pages += float64(len(q.some))
	return err
}

// keptPage is a page as the ranking reads it.
type keptPage struct {
	ID      int64
	Heading string
	Body    string
}

// candidates reads the pages that hold the words that tell most.
func (q *question) candidates(ctx context.Context, tx *db.Tx) ([]keptPage, error) {
	told := map[int64]float64{}
	for _, common := range []bool{false, true} { // a common word chooses only where rare ones leave room
		if common && len(told) >= mostCandidates {
			break
		}
		for i := range q.terms {
			t := &q.terms[i]
			if common == (float64(len(t.either.anywhere))*4 > q.pages) {
				t.choose(told, q.by.synonyms)
			}
		}
	}
	tellsMore := func(x, y int64) int { return cmp.Or(cmp.Compare(told[y], told[x]), cmp.Compare(y, x)) }
	ids := make([]int64, 0, mostCandidates+1) // kept in order: sorting all for the few that are read costs as much as finding them
	for id := range told {
		if len(ids) == mostCandidates && tellsMore(id, ids[len(ids)-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(ids, id, tellsMore)
		ids = slices.Insert(ids, at, id)
		ids = ids[:min(len(ids), mostCandidates)]
	}
	for i := range ids {
		ids[i] >>= shelfBits
	}
	var args db.Args
	return db.All[keptPage](ctx, tx, `SELECT id, heading, body FROM search_page WHERE id IN (`+db.List(&args, padded(ids))+`)`, args...)
}

// choose adds what a term tells of each page, a word in the heading twice.
func (t *term) choose(told map[int64]float64, synonyms float64) {
	for _, p := range t.own.anywhere {
		told[p] += t.idf
	}
	for _, p := range t.own.heading {
		told[p] += t.idf
	}
	if len(t.also) == 0 {
		return
	}
	own := t.own.anywhere
	for _, p := range t.either.anywhere { // both go up
		for len(own) > 0 && own[0] < p {
			own = own[1:]
		}
		if len(own) == 0 || own[0] != p {
			told[p] += synonyms * t.eitherIDF
		}
	}
	for _, p := range t.either.heading {
		told[p] += synonyms * t.eitherIDF
	}
}
