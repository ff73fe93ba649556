package ticket

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Row is a ticket as a list shows it.
type Row struct {
	Ticket
	Requester    string // name
	Organisation string // name of the requester's; "" for none
	Assignee     string // name; "" for nobody
	Team         string // slug
	TeamName     string
	Tags         []string `db:"-"`
	Snippet      string   `db:"-"` // of the best message, when words were searched for
}

const rowColumns = ticketColumns + `, m.private AS team_private, r.name AS requester, coalesce(o.name, '') AS organisation, coalesce(a.name, '') AS assignee, m.slug AS team, m.name AS team_name`

const rowTables = ` FROM ticket t JOIN person r ON r.id = t.requester_id JOIN team m ON m.id = t.team_id LEFT JOIN person a ON a.id = t.assignee_id LEFT JOIN organisation o ON o.id = t.organisation_id`

// Page asks for one page of a list.
type Page struct {
	Filter string // what somebody asks for; see package filter
	Within string // another filter, for what the list is before anything is asked for; it must hold too
	Cursor string // from an earlier answer; "" for the start
	Size   int    // at most MaxPage; 0 for 50
	// Unfinished says that the last word is still being typed, so that words which begin so are looked for too.
	Unfinished bool
	Order      Order // with words in the filter the best match comes first instead
	Group      Grouping
	Groups     []string // the groups in their order, as Grouping.Of names them; what is in none of them comes last
}

// MaxPage is the most rows a page can have.
const MaxPage = 200

const usualPage = 50

// Rows is a page of a list.
type Rows struct {
	Items  []Row
	Next   string // the cursor of the page after, "" at the end
	Prev   string // the cursor of the page before, "" at the start
	Newest bool   // words were searched for, and only the newest search.MaxHits hits were ranked
	// Query is what was looked for, with all the words that were taken to mean the same; for marking them.
	Query search.Query
	// Near says that nothing held the words, and what is found holds words that are spelled nearly so.
	Near bool
}

// List gives a page of the tickets that the actor may see, in the order asked for; with
// words in the filter, the best matches first. verb is person.SeeTicket for staff, person.SeeOwn for a
// requester's own pages.
func List(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, p Page) (Rows, error) {
	if p.Size <= 0 {
		p.Size = usualPage
	}
	p.Size = min(p.Size, MaxPage)
	n, err := narrow(ctx, tx, a, verb, p.Within, p.Filter)
	if err != nil {
		return Rows{}, err
	}
	if n.words() != "" {
		return find(n, p)
	}
	return browse(n, p)
}

// browse walks the segments of the list's order: no count, no offset, in either direction.
func browse(n *narrowing, p Page) (Rows, error) {
	all, err := segmentsOf(p)
	if err != nil {
		return Rows{}, err
	}
	c, err := readCursor(p.Cursor, orderName(p))
	if err != nil {
		return Rows{}, err
	}
	first := 0
	if p.Cursor != "" {
		if first = slices.IndexFunc(all, func(s segment) bool { return s.name == c.segment }); first < 0 {
			return Rows{}, fault.Invalid(fault.F("cursor", i18n.M("This place in the list is not known. Please begin at its start.")))
		}
	}
	w := walk{narrowing: n}
	for i := first; i >= 0 && i < len(all) && len(w.items) <= p.Size; i += c.step() {
		from := c
		if i != first || p.Cursor == "" {
			from.id = 0
		}
		if err := w.add(all[i], from, p.Size+1); err != nil {
			return Rows{}, err
		}
	}
	out := w.page(c, p)
	return out, addTags(n.ctx, n.tx, out.Items)
}

// step is the way from a segment to the next.
func (c cursor) step() int {
	if c.back {
		return -1
	}
	return 1
}

// walk gathers the rows of a page from one segment after the other.
type walk struct {
	*narrowing
	items []Row
	from  []segment // of each item
}

// add reads rows of a segment until there are most in all, those beyond a place where there is one. The limit stands in the
// text, because PostgreSQL plans for a page only when it knows that it is one; so it is always the same.
func (w *walk) add(s segment, c cursor, most int) error {
	var args db.Args
	w.walks = s.key
	where, err := w.where(&args)
	if err != nil {
		return err
	}
	where += s.where(&args)
	compare, order := s.direction(c.back)
	if c.id != 0 {
		where += fmt.Sprintf(" AND (%s, t.id) %s (%s, %s)", s.key, compare, args.Add(c.at), args.Add(c.id))
	}
	text := `SELECT ` + rowColumns + rowTables + ` WHERE ` + where + `
		ORDER BY ` + s.key + ` ` + order + `, t.id ` + order + ` LIMIT ` + strconv.Itoa(most)
	rows, err := db.All[Row](w.ctx, w.tx, text, args...)
	rows = rows[:min(len(rows), most-len(w.items))]
	w.items = append(w.items, rows...)
	for range rows {
		w.from = append(w.from, s)
	}
	return err
}

// page cuts the one row too many, which tells whether the list goes on, and sets the cursors.
func (w *walk) page(c cursor, p Page) Rows {
	more := len(w.items) > p.Size
	items, from := w.items[:min(len(w.items), p.Size)], w.from[:min(len(w.items), p.Size)]
	if c.back {
		slices.Reverse(items)
		slices.Reverse(from)
	}
	out := Rows{Items: items}
	if len(items) == 0 {
		return out
	}
	place := func(i int, back bool) string {
		return cursor{order: orderName(p), segment: from[i].name, at: from[i].of(&items[i].Ticket), id: items[i].ID, back: back}.String()
	}
	if more || c.back {
		out.Next = place(len(items)-1, false)
	}
	if (more && c.back) || (p.Cursor != "" && !c.back) {
		out.Prev = place(0, true)
	}
	return out
}

// addTags fills in the tags of all rows with one query.
func addTags(ctx context.Context, tx *db.Tx, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	ids, at := make([]int64, len(rows)), make(map[int64]int, len(rows))
	for i, r := range rows {
		ids[i], at[r.ID] = r.ID, i
	}
	type tag struct {
		TicketID int64
		Tag      string
	}
	var args db.Args
	tags, err := db.All[tag](ctx, tx, `SELECT ticket_id, tag FROM ticket_tag WHERE ticket_id IN (`+db.List(&args, ids)+`) ORDER BY ticket_id, tag`, args...)
	for _, t := range tags {
		r := &rows[at[t.TicketID]]
		r.Tags = append(r.Tags, t.Tag)
	}
	return err
}
