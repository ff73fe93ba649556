package kb

import (
	"cmp"
	"context"
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
	// Fit is how much of what was asked it is about, up to 1.
	Fit   float64 `db:"-"`
	score float64
}

// Answer is what was found for some words.
type Answer struct {
	Hits []Hit
	// Instead are words that no article has, with those that were looked for in their place.
	Instead []search.Correction
	// Query has the words as they were found, to be marked.
	Query search.Query
}

// spare is how many more texts are asked for than articles: some are of the same article.
const spare = 3

// Find gives the articles that are most about what somebody asks and that they may read, the best first. An article in several languages
// is found once: in the reader's own where that is about it, too.
func Find(ctx context.Context, tx *db.Tx, a person.Actor, language, query string, size int) (Answer, error) {
	return find(ctx, tx, a, language, search.Asked{Text: query, Most: size * spare}, 0, size)
}

// leastFit keeps what has little to do with a text from being offered unasked.
const leastFit = 0.12

// Like gives the articles that are like a text, the most alike first: for whoever types what does not work, beside a ticket, below an
// article. What has little to do with it is left out.
func Like(ctx context.Context, tx *db.Tx, a person.Actor, language, text string, size int) ([]Hit, error) {
	out, err := find(ctx, tx, a, language, search.Asked{Text: text, Most: size * spare, Unfinished: true}, leastFit, size)
	return out.Hits, err
}

// Related are articles like one, without itself.
func Related(ctx context.Context, tx *db.Tx, a person.Actor, p Page, size int) ([]Hit, error) {
	out, err := find(ctx, tx, a, p.Text.Language, search.Asked{Text: p.Text.LiveTitle, Most: (size + 1) * spare}, leastFit, size+1)
	all := slices.DeleteFunc(out.Hits, func(h Hit) bool { return h.ID == p.ID })
	return all[:min(len(all), size)], err
}

func find(ctx context.Context, tx *db.Tx, a person.Actor, language string, asked search.Asked, least float64, size int) (Answer, error) {
	if err := reach(ctx, tx, a, &asked); err != nil {
		return Answer{}, err
	}
	best, err := search.Best(ctx, tx, asked)
	out := Answer{Instead: best.Instead, Query: best.Query}
	if err != nil || len(best.Found) == 0 {
		return out, err
	}
	var ids []int64
	by := map[int64]search.Found{}
	for _, f := range best.Found {
		if id := textOf(f.ID); f.Fit >= least && pageOf(id) == f.ID {
			ids, by[id] = append(ids, id), f
		}
	}
	out.Hits, err = load(ctx, tx, a, language, ids, by, size)
	return out, err
}

// load reads what was found, by the rule of who may read once more, and keeps each article once.
func load(ctx context.Context, tx *db.Tx, a person.Actor, language string, ids []int64, by map[int64]search.Found, size int) ([]Hit, error) {
	type found struct {
		TextID int64
		Hit
	}
	var args db.Args
	where := `t.live > 0 AND t.id IN (` + db.List(&args, ids) + `) AND ` + person.Readable(a, &args)
	all, err := db.All[found](ctx, tx, `SELECT t.id AS text_id, a.id, a.slug, t.language, t.live_title AS title, t.live_body AS body FROM article_text t JOIN article a ON a.id = t.article_id WHERE `+where, args...)
	for i := range all {
		all[i].score, all[i].Fit = by[all[i].TextID].Score, by[all[i].TextID].Fit
	}
	slices.SortFunc(all, func(x, y found) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(foreign(x.Language, language), foreign(y.Language, language)), cmp.Compare(y.TextID, x.TextID))
	})
	var out []Hit
	for _, f := range all {
		i := slices.IndexFunc(out, func(h Hit) bool { return h.ID == f.ID })
		switch {
		case i >= 0 && foreign(out[i].Language, language) > foreign(f.Language, language):
			out[i] = f.Hit
		case i < 0 && len(out) < size:
			out = append(out, f.Hit)
		}
	}
	return out, err
}

func foreign(language, readers string) int {
	if language == readers {
		return 0
	}
	return 1
}

// Search gives what Find does, as the desk lists it.
func Search(ctx context.Context, tx *db.Tx, a person.Actor, language, query string, size int) ([]Listed, error) {
	found, err := Find(ctx, tx, a, language, query, size)
	if err != nil || len(found.Hits) == 0 {
		return nil, err
	}
	ids := make([]int64, len(found.Hits))
	for i, h := range found.Hits {
		ids[i] = h.ID
	}
	var args db.Args
	all, err := db.All[Listed](ctx, tx, `SELECT `+columns+`, `+draftTitle+` AS title, `+pending+` AS pending, (SELECT count(*) FROM article_text t WHERE t.article_id = a.id) AS texts FROM article a WHERE a.id IN (`+db.List(&args, ids)+`)`, args...)
	slices.SortFunc(all, func(x, y Listed) int { return cmp.Compare(slices.Index(ids, x.ID), slices.Index(ids, y.ID)) })
	return all, err
}
