package ticket

import (
	"context"
	"math"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/filter"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Tickets come first in the search index; see document.
const documentEnd = int64(1) << 61

const snippetSize = 160 // bytes

// match is a ticket in which the words were found.
type match struct {
	id        int64
	score     float64
	documents int
	inSubject bool
	bestSeq   int64 // the newest message that holds them; 0 when only the subject does
}

// find gives the best matches: of the newest search.MaxHits documents that hold the words, those tickets
// first where the subject holds them or many messages do, newer ones before older ones.
func find(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, q filter.Query, p Page) (Rows, error) {
	c, err := readCursor(p.Cursor)
	if err != nil {
		return Rows{}, err
	}
	query := search.Parse(q.Words)
	if verb != person.SeeTicket {
		return findOwn(ctx, tx, a, verb, q, query, p)
	}
	hits, err := search.Find(ctx, tx, query, search.Range{To: documentEnd})
	if err != nil {
		return Rows{}, err
	}
	out := Rows{Newest: len(hits) == search.MaxHits}
	if hits, err = dropHidden(ctx, tx, a, hits); err != nil {
		return Rows{}, err
	}
	matches := rank(hits)
	seen := min(c.rank, len(matches))
	for seen < len(matches) && len(out.Items) < p.Size {
		chunk := matches[seen:min(seen+p.Size, len(matches))]
		rows, err := visibleRows(ctx, tx, a, verb, q, chunk)
		if err != nil {
			return Rows{}, err
		}
		for _, m := range chunk {
			if len(out.Items) == p.Size {
				break
			}
			seen++
			if r, ok := rows[m.id]; ok {
				if r.Snippet, err = snippetOf(ctx, tx, query, m); err != nil {
					return Rows{}, err
				}
				out.Items = append(out.Items, r)
			}
		}
	}
	if seen < len(matches) {
		out.Next = cursor{rank: seen}.String()
	}
	return out, addTags(ctx, tx, out.Items)
}

// dropHidden leaves out what lies in teams that the actor must not know of. It comes before all counting and ranking, or
// the places in the list would tell that there is something.
func dropHidden(ctx context.Context, tx *db.Tx, a person.Actor, hits []search.Hit) ([]search.Hit, error) {
	if len(a.Hidden) == 0 || len(hits) == 0 {
		return hits, nil
	}
	ids := make([]int64, 0, len(hits))
	for _, h := range hits {
		if id := h.ID >> documentBits; len(ids) == 0 || ids[len(ids)-1] != id {
			ids = append(ids, id)
		}
	}
	for len(ids)%250 != 0 { // the statement is kept prepared by its text: few lengths make few texts
		ids = append(ids, ids[0])
	}
	var args db.Args
	where := `t.id IN (` + db.List(&args, ids) + `) AND NOT (` + person.Visible(a, person.SeeTicket, &args) + `)`
	hidden, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t WHERE `+where, args...)
	if err != nil || len(hidden) == 0 {
		return hits, err
	}
	return slices.DeleteFunc(hits, func(h search.Hit) bool { return slices.Contains(hidden, h.ID>>documentBits) }), nil
}

// ownLimit is how many of a requester's newest tickets are looked through.
const ownLimit = 500

// findOwn looks through a requester's own tickets, newest first. The index is not asked: it holds the
// words of notes too, and even a match would tell of them.
func findOwn(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, q filter.Query, query search.Query, p Page) (Rows, error) {
	wanted := p.Size
	p.Size, p.Cursor = MaxPage, ""
	var out Rows
	for looked := 0; looked < ownLimit; {
		page, err := browse(ctx, tx, a, verb, q, p)
		if err != nil {
			return Rows{}, err
		}
		for _, r := range page.Items {
			said, err := db.All[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND NOT internal ORDER BY seq`, r.ID)
			if err != nil {
				return Rows{}, err
			}
			text := strings.Join(said, "\n")
			if !query.Matches(r.Subject + "\n" + text) {
				continue
			}
			r.Snippet = search.Snippet(text, query, snippetSize)
			if out.Items = append(out.Items, r); len(out.Items) == wanted {
				return out, nil
			}
		}
		looked += len(page.Items)
		if p.Cursor = page.Next; p.Cursor == "" {
			break
		}
	}
	return out, nil
}

// rank joins the hits of each ticket and sorts them. Hits come newest first.
func rank(hits []search.Hit) []match {
	at := make(map[int64]int, len(hits))
	matches := make([]match, 0, len(hits))
	for _, h := range hits {
		id, seq := h.ID>>documentBits, h.ID&(1<<documentBits-1)
		i, ok := at[id]
		if !ok {
			i = len(matches)
			at[id] = i
			matches = append(matches, match{id: id, bestSeq: seq})
		}
		matches[i].documents++
		matches[i].inSubject = matches[i].inSubject || h.InSubject
	}
	for i := range matches {
		m := &matches[i]
		m.score = math.Log2(1+float64(m.documents)) - 2*float64(i)/float64(len(matches))
		if m.inSubject {
			m.score += 2
		}
	}
	slices.SortStableFunc(matches, func(x, y match) int {
		switch {
		case x.score > y.score:
			return -1
		case x.score < y.score:
			return 1
		}
		return 0
	})
	return matches
}

// visibleRows loads those of the matches that the actor may see and the rest of the filter lets through.
func visibleRows(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, q filter.Query, matches []match) (map[int64]Row, error) {
	ids := make([]int64, len(matches))
	for i, m := range matches {
		ids[i] = m.id
	}
	var args db.Args
	where, err := q.Where(Fields(a), &args)
	if err != nil {
		return nil, err
	}
	rows, err := db.All[Row](ctx, tx, `SELECT `+rowColumns+rowTables+` WHERE t.id IN (`+db.List(&args, ids)+`) AND `+where+` AND `+person.Visible(a, verb, &args), args...)
	out := make(map[int64]Row, len(rows))
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, err
}

// snippetOf cuts the piece of the best message around the first word that was looked for.
func snippetOf(ctx context.Context, tx *db.Tx, q search.Query, m match) (string, error) {
	if m.bestSeq == 0 {
		return "", nil
	}
	text, err := db.All[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND seq = $2`, m.id, m.bestSeq)
	return search.Snippet(strings.Join(text, ""), q, snippetSize), err
}
