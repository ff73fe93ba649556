package ticket_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// TestOrdersAndGroups walks lists in every order and grouping, forwards and backwards, and compares them with sorting in Go.
func TestOrdersAndGroups(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		all := f.someTickets(40)
		for _, order := range append(ticket.Orders(), "") {
			for _, group := range append(ticket.Groupings(), "") {
				for _, text := range []string{"", "turn:ours status:unsolved"} {
					p := ticket.Page{Filter: text, Size: 7, Order: order, Group: group, Groups: f.groups(group)}
					want := sorted(all, p, func(x ticket.Ticket) bool { return text == "" || x.Turn == ticket.Ours })
					f.walks(p, want)
				}
			}
		}
	})
}

func (f *fixture) groups(g ticket.Grouping) (all []string) {
	switch g {
	case ticket.GroupByTeam:
		return []string{id(f.private), id(f.open)}
	case ticket.GroupByAssignee:
		return []string{"0", id(f.amara.ID)}
	case ticket.GroupByStatus:
		for _, s := range ticket.Statuses()[:4] {
			all = append(all, string(s))
		}
	case ticket.GroupByPriority:
		for _, p := range ticket.Priorities() {
			all = append(all, string(p))
		}
	}
	return all
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// someTickets makes tickets that often are equal in what they are sorted by.
func (f *fixture) someTickets(n int) (all []ticket.Ticket) {
	r := rand.New(rand.NewPCG(1, 2))
	f.write(func(tx *db.Tx) error {
		for i := range n {
			x := must(f.desk.Create(f.Context(), tx, by(f.hana), ticket.New{Requester: f.hana.ID, Team: []int64{f.open, f.private}[r.IntN(2)], Priority: ticket.Priorities()[r.IntN(4)], Message: ticket.Draft{Text: fmt.Sprint("ticket ", i)}}))
			if _, err := tx.Exec(f.Context(), `UPDATE ticket SET status = $2, turn = $3, is_open = $4, assignee_id = $5, waiting_since = $6, created_at = $7, activity_at = $8 WHERE id = $1`,
				x.ID, ticket.Statuses()[i%6], ticket.Statuses()[i%6].Turn(), ticket.Statuses()[i%6].IsOpen(), []any{nil, f.amara.ID, f.jonas.ID}[r.IntN(3)], max(0, r.Int64N(8)-3), r.Int64N(9), r.Int64N(9)); err != nil {
				return err
			}
			all = append(all, must(ticket.Get(f.Context(), tx, person.System, person.SeeTicket, x.ID)))
		}
		return nil
	})
	return all
}

// sorted gives the numbers of a list as it should be.
func sorted(all []ticket.Ticket, p ticket.Page, in func(ticket.Ticket) bool) (ids []int64) {
	rows := slices.DeleteFunc(slices.Clone(all), func(x ticket.Ticket) bool { return !in(x) })
	slices.SortFunc(rows, func(x, y ticket.Ticket) int {
		if p.Group != "" && p.Group != ticket.GroupByDay && (p.Group != ticket.GroupByPriority || p.Order != ticket.ByPriority) {
			at := func(x ticket.Ticket) uint { return uint(slices.Index(p.Groups, p.Group.Of(x))) } // what is in none comes last
			if c := cmp.Compare(at(x), at(y)); c != 0 {
				return c
			}
		}
		down := func(x, y clock.Instant, i, j int64) int { return cmp.Or(cmp.Compare(y, x), cmp.Compare(j, i)) }
		switch p.Order {
		case ticket.ByCreated:
			return down(x.CreatedAt, y.CreatedAt, x.ID, y.ID)
		case ticket.ByOldest:
			return -down(x.CreatedAt, y.CreatedAt, x.ID, y.ID)
		case ticket.ByWait:
			if x.WaitingSince != 0 && y.WaitingSince != 0 {
				return -down(x.WaitingSince, y.WaitingSince, x.ID, y.ID)
			}
			if x.WaitingSince != y.WaitingSince {
				return cmp.Compare(y.WaitingSince, x.WaitingSince)
			}
		case ticket.ByPriority:
			if c := cmp.Compare(slices.Index(ticket.Priorities(), y.Priority), slices.Index(ticket.Priorities(), x.Priority)); c != 0 {
				return c
			}
		}
		return down(x.ActivityAt, y.ActivityAt, x.ID, y.ID)
	})
	for _, x := range rows {
		ids = append(ids, x.ID)
	}
	return ids
}

// walks goes through all pages to the end and back.
func (f *fixture) walks(p ticket.Page, want []int64) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		var got, back []int64
		var last ticket.Rows
		for {
			last = must(ticket.List(f.Context(), tx, f.jonas, person.SeeTicket, p))
			for _, r := range last.Items {
				got = append(got, r.ID)
			}
			if p.Cursor = last.Next; p.Cursor == "" || len(got) > len(want) {
				break
			}
		}
		if !slices.Equal(got, want) {
			f.Errorf("%q by %q in %q: %v, want %v", p.Filter, p.Order, p.Group, got, want)
		}
		for p.Cursor = last.Prev; p.Cursor != "" && len(back) <= len(want); {
			rows := must(ticket.List(f.Context(), tx, f.jonas, person.SeeTicket, p))
			var ids []int64
			for _, r := range rows.Items {
				ids = append(ids, r.ID)
			}
			back, p.Cursor = append(ids, back...), rows.Prev
		}
		if end := want[:max(0, len(want)-len(last.Items))]; !slices.Equal(back, end) {
			f.Errorf("%q by %q in %q, backwards: %v, want %v", p.Filter, p.Order, p.Group, back, end)
		}
		return nil
	})
}

func TestACursorBelongsToItsOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		f.someTickets(4)
		f.write(func(tx *db.Tx) error {
			rows := must(ticket.List(t.Context(), tx, f.jonas, person.SeeTicket, ticket.Page{Size: 2}))
			for _, p := range []ticket.Page{{Order: ticket.ByWait, Cursor: rows.Next}, {Group: ticket.GroupByDay, Cursor: rows.Next}, {Cursor: "x"}, {Cursor: "bi4wLjAuMC5hY3Rpdml0eSsuel8"}, {Order: "size"}, {Group: "colour"}, {Filter: "printer", Cursor: rows.Next}} {
				if _, err := ticket.List(t.Context(), tx, f.jonas, person.SeeTicket, p); !fault.Is(err, fault.KindInvalid) {
					t.Errorf("%+v: %v", p, err)
				}
			}
			return nil
		})
	})
}
