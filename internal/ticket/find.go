package ticket

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"goodturn/internal/db"
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
	exact     bool
	near      bool  // only words that are spelled nearly so
	bestSeq   int64 // the newest message that holds them; 0 when only the subject does
}

// find gives the best matches: of the newest search.MaxHits documents that hold the words, those tickets
// first where the subject holds them or many messages do, the words themselves before their other forms, newer ones before older
// ones. Where nothing is found, words that begin so are looked for, and then words that are spelled nearly so.
func find(n *narrowing, p Page) (Rows, error) {
	ctx, tx, a := n.ctx, n.tx, n.actor
	c, err := readCursor(p.Cursor, "")
	if err != nil {
		return Rows{}, err
	}
	query := search.Parse(n.words())
	if n.verb != person.SeeTicket {
		return findOwn(n, query, p)
	}
	l, err := lookFor(ctx, tx, a, query, p.Unfinished)
	if err != nil {
		return Rows{}, err
	}
	query = l.query
	out := Rows{Newest: l.cut, Query: query, Near: len(l.matches) > 0 && l.matches[0].near}
	matches := l.matches
	seen := min(c.rank, len(matches))
	for seen < len(matches) && len(out.Items) < p.Size {
		chunk := matches[seen:min(seen+p.Size, len(matches))]
		rows, err := visibleRows(n, chunk)
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

// found is what a search came to.
type found struct {
	query   search.Query // with the words that it was widened by
	matches []match
	cut     bool // there were more hits than are ranked
}

// Fewer tickets than this make a search look for what may have been meant instead, if that is much more common.
const (
	fewMatches = 3
	nearCommon = 10
)

// lookFor asks the index for the words and, when hardly anything is found, for what may have been meant. What the
// actor must not know of plays no part in it: neither its words, nor whether there are hits.
func lookFor(ctx context.Context, tx *db.Tx, a person.Actor, q search.Query, unfinished bool) (found, error) {
	scopes, err := wordScopes(ctx, tx, a)
	if err != nil {
		return found{}, err
	}
	wish := search.Wish{Scopes: scopes, Unfinished: unfinished}
	out, err := ask(ctx, tx, a, q, wish)
	if err == nil && len(out.matches) == 0 {
		wish.Beginnings = true
		out, err = ask(ctx, tx, a, q, wish)
	}
	if err != nil || len(out.matches) >= fewMatches {
		return out, err
	}
	wish.Near = true
	if len(out.matches) > 0 {
		wish.NearFrom = nearCommon * int64(1+len(out.matches))
	}
	more, err := ask(ctx, tx, a, q, wish)
	for i := range more.matches {
		m := &more.matches[i]
		if m.near = !slices.ContainsFunc(out.matches, func(o match) bool { return o.id == m.id }); m.near {
			m.score -= nearScore
		}
	}
	sortMatches(more.matches)
	return more, err
}

// wordScopes are the scopes in the vocabulary that the actor may know: what everybody at the desk sees, and the private
// teams that are not hidden from them.
func wordScopes(ctx context.Context, tx *db.Tx, a person.Actor) ([]int64, error) {
	var args db.Args
	where := `EXISTS (SELECT 1 FROM search_word w WHERE w.scope = t.id AND w.word = '')`
	if len(a.Hidden) > 0 {
		where += ` AND t.id NOT IN (` + db.List(&args, a.Hidden) + `)`
	}
	teams, err := db.All[int64](ctx, tx, `SELECT t.id FROM team t WHERE `+where+` ORDER BY t.id`, args...)
	return append([]int64{0}, teams...), err
}

// ask widens a query, finds the newest documents that the actor may see, and ranks their tickets.
func ask(ctx context.Context, tx *db.Tx, a person.Actor, q search.Query, w search.Wish) (found, error) {
	q, err := search.Expand(ctx, tx, q, w)
	if err != nil {
		return found{}, err
	}
	out := found{query: q}
	var all []search.Hit
	r := search.Range{To: documentEnd, Most: search.MaxHits}
	if w.Unfinished {
		r.Most = typingHits
	}
	for range maxRounds { // what is hidden makes room for what is not
		hits, err := search.Find(ctx, tx, q, r)
		if err != nil {
			return out, err
		}
		if out.cut = len(hits) == r.Most; out.cut {
			r.To = hits[len(hits)-1].ID
		}
		if hits, err = dropHidden(ctx, tx, a, hits); err != nil {
			return out, err
		}
		all = append(all, hits...)
		if !out.cut || len(all) >= r.Most {
			break
		}
	}
	out.cut = out.cut || len(all) > r.Most
	out.matches = rank(all[:min(len(all), r.Most)])
	return out, nil
}

const (
	maxRounds = 8
	// typingHits are the newest hits that are ranked while somebody types: the next letter asks anew.
	typingHits = 300
)

// Some gives those of the tickets that the actor may see as rows of a list, in the order of their numbers in ids.
func Some(ctx context.Context, tx *db.Tx, a person.Actor, ids []int64) ([]Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var args db.Args
	rows, err := db.All[Row](ctx, tx, `SELECT `+rowColumns+rowTables+` WHERE t.id IN (`+db.List(&args, padded(ids))+`) AND t.turn <> 'trash' AND `+person.Visible(a, person.SeeTicket, &args), args...)
	slices.SortFunc(rows, func(x, y Row) int { return cmp.Compare(slices.Index(ids, x.ID), slices.Index(ids, y.ID)) })
	return rows, err
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
func findOwn(n *narrowing, query search.Query, p Page) (Rows, error) {
	wanted := p.Size
	p.Size, p.Cursor, p.Order, p.Group = MaxPage, "", "", ""
	var out Rows
	for looked := 0; looked < ownLimit; {
		page, err := browse(n, p)
		if err != nil {
			return Rows{}, err
		}
		for _, r := range page.Items {
			said, err := db.All[string](n.ctx, n.tx, `SELECT text FROM message WHERE ticket_id = $1 AND NOT internal ORDER BY seq`, r.ID)
			if err != nil {
				return Rows{}, err
			}
			facts, err := KnownFacts(n.ctx, n.tx, r.ID)
			if err != nil {
				return Rows{}, err
			}
			text := strings.Join(append(said, factWords(facts)), "\n")
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
		matches[i].exact = matches[i].exact || h.Exact
	}
	for i := range matches {
		m := &matches[i]
		m.score = math.Log2(1+float64(m.documents)) - 2*float64(i)/float64(len(matches))
		if m.inSubject {
			m.score += subjectScore
		}
		if m.exact {
			m.score += exactScore
		}
	}
	sortMatches(matches)
	return matches
}

// What counts how much beside the logarithm of the number of messages; being old takes up to two away.
const (
	subjectScore = 2
	exactScore   = 1.5
	nearScore    = 8 // after everything that was found without a slip
)

func sortMatches(all []match) {
	slices.SortStableFunc(all, func(x, y match) int { return cmp.Compare(y.score, x.score) })
}

// visibleRows loads those of the matches that the actor may see and the rest of the filter lets through.
func visibleRows(n *narrowing, matches []match) (map[int64]Row, error) {
	ids := make([]int64, len(matches))
	for i, m := range matches {
		ids[i] = m.id
	}
	var args db.Args
	where, err := n.where(&args)
	if err != nil {
		return nil, err
	}
	rows, err := db.All[Row](n.ctx, n.tx, `SELECT `+rowColumns+rowTables+` WHERE t.id IN (`+db.List(&args, ids)+`) AND `+where, args...)
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
