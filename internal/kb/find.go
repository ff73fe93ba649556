package kb

import (
	"cmp"
	"context"
	"math"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Hit is an article that was found.
type Hit struct {
	ID       int64
	Slug     string
	Language string // of the text that was found
	Title    string
	Body     string
	Score    float64 `db:"-"`
}

const (
	maxFound = 300 // documents of one word that are looked at
	maxAsked = 24  // words of a text that are looked for
)

// Find gives the articles with all the words of a query, in any of their forms, that somebody may read: those that have them in the title
// first. An article in several languages is found once, in the reader's own if that has the words.
func Find(ctx context.Context, tx *db.Tx, a person.Actor, language, query string, size int) ([]Hit, error) {
	q := search.Parse(query)
	for i, t := range q.Terms {
		if len(t.Words) == 1 && !t.Quoted {
			q.Terms[i].Also = search.Stems(t.Words[0])
			q.Terms[i].Prefix = i == len(q.Terms)-1 && len(t.Words[0]) > 2
		}
	}
	hits, err := search.Find(ctx, tx, q, search.Range{From: documentBase, To: documentEnd, Most: maxFound})
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	scores := make(map[int64]float64, len(hits))
	for _, h := range hits {
		scores[h.ID-documentBase] = 1
		if h.InSubject {
			scores[h.ID-documentBase] = 2
		}
	}
	return load(ctx, tx, a, language, scores, size)
}

// Like gives the articles that are like a text, the most alike first: for whoever types what does not work, beside a ticket, below an
// article. Rare words tell more than common ones, and words of a title more than those of a text.
func Like(ctx context.Context, tx *db.Tx, a person.Actor, language, text string, size int) ([]Hit, error) {
	scores, most, err := alike(ctx, tx, text)
	if err != nil || len(scores) == 0 {
		return nil, err
	}
	for id, s := range scores {
		if s < most*leastAlike {
			delete(scores, id)
		}
	}
	return load(ctx, tx, a, language, scores, size)
}

// leastAlike is the share of what a text says that an article has to have.
const leastAlike = 0.3

// alike scores texts by the words that they share with one; most is what one would have that has all of them in its title.
func alike(ctx context.Context, tx *db.Tx, text string) (scores map[int64]float64, most float64, err error) {
	all, err := db.One[int64](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM article_text WHERE live > 0 LIMIT 10000) AS x`)
	if err != nil || all == 0 {
		return nil, 0, err
	}
	scores = map[int64]float64{}
	asked := map[string]bool{}
	for _, w := range search.Words(text) {
		if len(asked) == maxAsked {
			break
		}
		stem := search.Stems(w)[0]
		if asked[stem] || len(w) < 2 {
			continue
		}
		asked[stem] = true
		q := search.Query{Terms: []search.Term{{Words: []string{w}, Also: search.Stems(w)}}}
		hits, err := search.Find(ctx, tx, q, search.Range{From: documentBase, To: documentEnd, Most: maxFound})
		if err != nil {
			return nil, 0, err
		}
		rare := math.Log(1 + float64(all)/float64(1+len(hits)))
		if len(hits) == 0 {
			rare = 1 // a word that no article knows says little of which is meant
		}
		most += 2 * rare
		for _, h := range hits {
			scores[h.ID-documentBase] += rare
			if h.InSubject {
				scores[h.ID-documentBase] += rare
			}
		}
	}
	return scores, most, nil
}

// Related are articles like one, without itself.
func Related(ctx context.Context, tx *db.Tx, a person.Actor, p Page, size int) ([]Hit, error) {
	all, err := Like(ctx, tx, a, p.Text.Language, p.Text.LiveTitle, size+1)
	all = slices.DeleteFunc(all, func(h Hit) bool { return h.ID == p.ID })
	return all[:min(len(all), size)], err
}

// load gives what may be read of the texts with a score, the best first, each article once.
func load(ctx context.Context, tx *db.Tx, a person.Actor, language string, scores map[int64]float64, size int) ([]Hit, error) {
	ids := make([]int64, 0, len(scores))
	for id := range scores {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y int64) int { return cmp.Or(cmp.Compare(scores[y], scores[x]), cmp.Compare(y, x)) })
	ids = ids[:min(len(ids), maxFound)]
	type found struct {
		TextID int64
		Hit
	}
	var args db.Args
	where := `t.live > 0 AND t.id IN (` + db.List(&args, ids) + `) AND ` + person.Readable(a, &args)
	all, err := db.All[found](ctx, tx, `SELECT t.id AS text_id, a.id, a.slug, t.language, t.live_title AS title, '' AS body FROM article_text t JOIN article a ON a.id = t.article_id WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Score = scores[all[i].TextID]
	}
	slices.SortFunc(all, func(x, y found) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(foreign(x.Language, language), foreign(y.Language, language)), cmp.Compare(y.TextID, x.TextID))
	})
	var out []Hit
	for _, f := range all {
		if len(out) == size {
			break
		}
		if slices.ContainsFunc(out, func(h Hit) bool { return h.ID == f.ID }) {
			continue
		}
		if f.Body, err = db.One[string](ctx, tx, `SELECT live_body FROM article_text WHERE id = $1`, f.TextID); err != nil {
			return nil, err
		}
		out = append(out, f.Hit)
	}
	return out, nil
}

func foreign(language, readers string) int {
	if language == readers {
		return 0
	}
	return 1
}

// Search gives what Find does, as the desk lists it.
func Search(ctx context.Context, tx *db.Tx, a person.Actor, language, query string, size int) ([]Listed, error) {
	hits, err := Find(ctx, tx, a, language, query, size)
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	ids := make([]int64, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	var args db.Args
	all, err := db.All[Listed](ctx, tx, `SELECT `+columns+`, `+draftTitle+` AS title, `+pending+` AS pending, (SELECT count(*) FROM article_text t WHERE t.article_id = a.id) AS texts FROM article a WHERE a.id IN (`+db.List(&args, ids)+`)`, args...)
	slices.SortFunc(all, func(x, y Listed) int { return cmp.Compare(slices.Index(ids, x.ID), slices.Index(ids, y.ID)) })
	return all, err
}
