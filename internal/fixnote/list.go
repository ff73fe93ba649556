package fixnote

import (
	"context"
	"math"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Page is which notes are wanted.
type Page struct {
	// Query is words that they have, or "" for all.
	Query string
	// Before is where the page begins: the last note of the page before; the zero value is the newest.
	Before Place
	Size   int
}

// Place is a note in the order in which they are listed: when it was written, and its ticket.
type Place struct {
	At       clock.Instant
	TicketID int64
}

// place is a Page's beginning, behind all notes for the zero value.
func (p Page) place() Place {
	if p.Before == (Place{}) {
		return Place{At: math.MaxInt64, TicketID: math.MaxInt64}
	}
	return p.Before
}

// Own gives the notes of somebody's own requests, and with colleagues those of their organisation's where it shares them, newest first.
// They are the person's who is signed in: the holder of a link has none.
func Own(ctx context.Context, tx *db.Tx, a person.Actor, colleagues bool, p Page) ([]Found, error) {
	if a.ID == 0 || a.OnlyTicket != 0 || colleagues && (!a.SeesColleagues || a.OrganisationID == 0) {
		return nil, nil
	}
	at := p.place()
	args := db.Args{a.ID, at.At, at.TicketID}
	whose := `t.requester_id = $1`
	if colleagues {
		whose = `t.organisation_id = ` + args.Add(a.OrganisationID) + ` AND t.requester_id <> $1 AND ` + person.Visible(a, person.SeeOwn, &args)
	}
	limit := p.Size
	if p.Query != "" {
		limit = lookedThrough * 4 // what does not have the words is left out below
	}
	all, err := db.All[Found](ctx, tx, `SELECT `+foundColumns+` FROM ticket t JOIN fix_note n ON n.ticket_id = t.id LEFT JOIN person p ON p.id = t.requester_id
		WHERE `+whose+` AND `+given+` AND (n.written_at, n.ticket_id) < ($2, $3) ORDER BY n.written_at DESC, n.ticket_id DESC LIMIT `+args.Add(limit), args...)
	if err != nil || p.Query == "" {
		return all, err
	}
	asked := search.Words(p.Query)
	all = slices.DeleteFunc(all, func(f Found) bool { return !has(f, asked) })
	return all[:min(len(all), p.Size)], nil
}

// has tells that a note has all of the words, in any of their forms, or words that begin so.
func has(f Found, asked []string) bool {
	said := search.Words(f.Subject + " " + f.Text())
	stemmed := map[string]bool{}
	for _, w := range said {
		for _, s := range search.Stems(w) {
			stemmed[s] = true
		}
	}
	return !slices.ContainsFunc(asked, func(word string) bool {
		begins := func(w string) bool { return strings.HasPrefix(w, word) }
		return !slices.ContainsFunc(said, begins) && !slices.ContainsFunc(search.Stems(word), func(s string) bool { return stemmed[s] })
	})
}

// found bounds how many notes a search gives.
const found = 200

// List gives the notes of tickets that the actor may see as staff: the newest first, or those that have the words of the query, of the
// newest tickets first and all at once.
func List(ctx context.Context, tx *db.Tx, a person.Actor, p Page) ([]Found, error) {
	at := p.place()
	args := db.Args{at.At, at.TicketID}
	where := `n.skipped = '' AND t.turn NOT IN ('suspect', 'spam', 'merged', 'trash') AND (n.written_at, n.ticket_id) < ($1, $2) AND ` + person.Visible(a, person.SeeTicket, &args)
	if p.Query != "" {
		hits, err := search.Find(ctx, tx, search.Parse(p.Query), search.Range{From: documentBase, To: documentEnd, Most: found})
		if err != nil || len(hits) == 0 {
			return nil, err
		}
		ids := make([]int64, len(hits))
		for i, h := range hits {
			ids[i] = h.ID - documentBase
		}
		where += ` AND n.ticket_id IN (` + db.List(&args, ids) + `)`
	}
	return db.All[Found](ctx, tx, `SELECT `+foundColumns+` FROM fix_note n JOIN ticket t ON t.id = n.ticket_id LEFT JOIN person p ON p.id = t.requester_id
		WHERE `+where+` ORDER BY n.written_at DESC, n.ticket_id DESC LIMIT `+args.Add(p.Size), args...)
}
