package ticket

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Row is a ticket as a list shows it.
type Row struct {
	Ticket
	Requester string // name
	Assignee  string // name; "" for nobody
	Team      string // slug
	TeamName  string
	Tags      []string `db:"-"`
	Snippet   string   `db:"-"` // of the best message, when words were searched for
}

const rowColumns = ticketColumns + `, m.private AS team_private, r.name AS requester, coalesce(a.name, '') AS assignee, m.slug AS team, m.name AS team_name`

const rowTables = ` FROM ticket t JOIN person r ON r.id = t.requester_id JOIN team m ON m.id = t.team_id LEFT JOIN person a ON a.id = t.assignee_id`

// Page asks for one page of a list.
type Page struct {
	Filter string // see Fields
	Cursor string // from an earlier answer; "" for the start
	Size   int    // at most MaxPage; 0 for 50
	// Unfinished says that the last word is still being typed, so that words which begin so are looked for too.
	Unfinished bool
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
}

// List gives a page of the tickets that the actor may see, those with the latest activity first; with
// words in the filter, the best matches first. verb is person.SeeTicket for staff, person.SeeOwn for a
// requester's own pages.
func List(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, p Page) (Rows, error) {
	if p.Size <= 0 {
		p.Size = usualPage
	}
	p.Size = min(p.Size, MaxPage)
	fields := Fields(a)
	q := filter.Parse(p.Filter, fields)
	if strings.TrimSpace(q.Words) != "" {
		return find(ctx, tx, a, verb, q, p)
	}
	return browse(ctx, tx, a, verb, q, p)
}

// browse walks an index by (activity_at, id): no count, no offset, in either direction.
func browse(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, q filter.Query, p Page) (Rows, error) {
	c, err := readCursor(p.Cursor)
	if err != nil {
		return Rows{}, err
	}
	fields, err := withRareTags(ctx, tx, Fields(a), q)
	if err != nil {
		return Rows{}, err
	}
	var args db.Args
	where, err := q.Where(fields, &args)
	if err != nil {
		return Rows{}, err
	}
	compare, order := "<", "DESC"
	if c.back {
		compare, order = ">", "ASC"
	}
	if c.at != 0 {
		where += fmt.Sprintf(" AND (t.activity_at, t.id) %s (%s, %s)", compare, args.Add(c.at), args.Add(c.id))
	}
	text := `SELECT ` + rowColumns + rowTables + ` WHERE ` + where + notAside(q, verb) + ` AND ` + person.Visible(a, verb, &args) +
		` ORDER BY t.activity_at ` + order + `, t.id ` + order + ` LIMIT ` + strconv.Itoa(p.Size+1)
	items, err := db.All[Row](ctx, tx, text, args...)
	if err != nil {
		return Rows{}, err
	}
	out := pageOf(items, c, p.Size)
	return out, addTags(ctx, tx, out.Items)
}

// pageOf cuts the one row too many, which tells whether the list goes on, and sets the cursors.
func pageOf(items []Row, c cursor, size int) Rows {
	more := len(items) > size
	items = items[:min(len(items), size)]
	if c.back {
		for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
			items[i], items[j] = items[j], items[i]
		}
	}
	out := Rows{Items: items}
	if len(items) == 0 {
		return out
	}
	first, last := items[0], items[len(items)-1]
	if more || c.back {
		out.Next = cursor{at: last.ActivityAt, id: last.ID}.String()
	}
	if (more && c.back) || (c.at != 0 && !c.back) {
		out.Prev = cursor{at: first.ActivityAt, id: first.ID, back: true}.String()
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

// cursor is a place in a list: after (or, back, before) the row with these values.
type cursor struct {
	at   clock.Instant
	id   int64
	back bool
	rank int // in a list of matches: how many were shown
}

func (c cursor) String() string {
	way := "n"
	if c.back {
		way = "p"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("%s.%d.%d.%d", way, c.at, c.id, c.rank)))
}

func readCursor(s string) (c cursor, err error) {
	if s == "" {
		return c, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		var way string
		parts := strings.Split(string(raw), ".")
		if len(parts) != 4 {
			err = strconv.ErrSyntax
		} else {
			way = parts[0]
			_, err = fmt.Sscanf(parts[1]+" "+parts[2]+" "+parts[3], "%d %d %d", &c.at, &c.id, &c.rank)
		}
		c.back = way == "p"
	}
	if err != nil || c.rank < 0 {
		return cursor{}, fault.Invalid(fault.F("cursor", i18n.M("This place in the list is not known. Please begin at its start.")))
	}
	return c, nil
}
