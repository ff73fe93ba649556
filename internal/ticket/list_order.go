package ticket

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Order is how a list is sorted; "" is ByActivity. Tickets that are equal in it are sorted by their number.
type Order string

// The orders.
const (
	ByActivity Order = "activity" // latest message or change of status first
	ByWait     Order = "wait"     // who waits longest for us first; then the others, by activity
	ByCreated  Order = "created"  // newest ticket first
	ByOldest   Order = "oldest"   // oldest ticket first
	ByPriority Order = "priority" // urgent first; tickets of one priority by activity
	ByDue      Order = "due"      // what was promised soonest first; then those of which nothing is, by activity
)

// Orders lists them, the usual one first.
func Orders() []Order { return []Order{ByActivity, ByWait, ByDue, ByCreated, ByOldest, ByPriority} }

// Grouping is what a list is put under headings by: whole groups after each other, each in the list's order. "" is none.
// ByDay only marks where another day begins, for orders by time.
type Grouping string

// The groupings.
const (
	GroupByTeam     Grouping = "team"
	GroupByAssignee Grouping = "assignee"
	GroupByStatus   Grouping = "status"
	GroupByPriority Grouping = "priority"
	GroupByDay      Grouping = "day"
)

// Groupings lists them.
func Groupings() []Grouping {
	return []Grouping{GroupByStatus, GroupByPriority, GroupByAssignee, GroupByTeam, GroupByDay}
}

// segment is a piece of a list that one index gives in its order. A list is its segments after each other, so that every
// order walks indices that there are, and an order whose beginning holds few tickets needs to index those alone.
type segment struct {
	name  string // in cursors
	where func(args *db.Args) string
	key   string
	of    func(t *Ticket) clock.Instant // the value of key
	up    bool
}

func (s segment) direction(back bool) (compare, order string) {
	if s.up != back {
		return ">", "ASC"
	}
	return "<", "DESC"
}

func byActivityKey(t *Ticket) clock.Instant { return t.ActivityAt }

// segments are those of an order.
func (o Order) segments() []segment {
	text := func(s string) func(*db.Args) string { return func(*db.Args) string { return s } }
	switch o {
	case "", ByActivity:
		return []segment{{where: text(""), key: "t.activity_at", of: byActivityKey}}
	case ByCreated, ByOldest:
		return []segment{{where: text(""), key: "t.created_at", of: func(t *Ticket) clock.Instant { return t.CreatedAt }, up: o == ByOldest}}
	case ByWait:
		return []segment{
			{name: "w", where: text(" AND t.waiting_since > 0"), key: "t.waiting_since", of: func(t *Ticket) clock.Instant { return t.WaitingSince }, up: true},
			{name: "n", where: text(" AND t.waiting_since = 0"), key: "t.activity_at", of: byActivityKey},
		}
	case ByDue:
		return []segment{
			{name: "d", where: text(" AND t.due_at > 0"), key: "t.due_at", of: func(t *Ticket) clock.Instant { return t.DueAt }, up: true},
			{name: "n", where: text(" AND t.due_at = 0"), key: "t.activity_at", of: byActivityKey},
		}
	case ByPriority:
		var all []segment
		for _, p := range slices.Backward(Priorities()) {
			// The second condition says nothing new but to the engine, which knows by it that the index of these is enough.
			where := " AND t.priority = '" + string(p) + "'"
			if p != Normal {
				where += " AND t.priority <> 'normal'"
			}
			all = append(all, segment{name: string(p), where: text(where), key: "t.activity_at", of: byActivityKey})
		}
		return all
	}
	return nil
}

// segmentsOf are those of an order within each group.
func segmentsOf(p Page) ([]segment, error) {
	order := p.Order.segments()
	if order == nil {
		return nil, fault.Invalid(fault.F("sort", i18n.M("There is no such order. There are: {{.Orders}}.", "Orders", joined(Orders()))))
	}
	switch p.Group {
	case "", GroupByDay:
		return order, nil
	case GroupByPriority:
		if p.Order == ByPriority {
			return order, nil
		}
	case GroupByTeam, GroupByAssignee, GroupByStatus:
	default:
		return nil, fault.Invalid(fault.F("group", i18n.M("A list cannot be grouped by that. There are: {{.Groupings}}.", "Groupings", joined(Groupings()))))
	}
	var all []segment
	for _, g := range append(slices.Clone(p.Groups), restGroup) {
		for _, s := range order {
			within := s
			within.name = g + "/" + s.name
			within.where = func(args *db.Args) string { return p.condition(g, args) + s.where(args) }
			all = append(all, within)
		}
	}
	return all, nil
}

// restGroup stands for what is in none of the groups that a page names: somebody who has left may still have tickets.
const restGroup = "*"

// condition is that a ticket is in one group, or in none of those named.
func (p Page) condition(group string, args *db.Args) string {
	if group != restGroup {
		return p.Group.is(group, args)
	}
	if p.Group == GroupByPriority {
		return " AND FALSE"
	}
	where := ""
	for _, g := range p.Groups {
		where += " AND NOT (" + strings.TrimPrefix(p.Group.is(g, args), " AND ") + ")"
	}
	if p.Group == GroupByAssignee { // a comparison with nobody is neither true nor false
		where += " AND t.assignee_id IS NOT NULL"
	}
	return where
}

// is the condition that a ticket is in the group of a value.
func (g Grouping) is(value string, args *db.Args) string {
	id, _ := strconv.ParseInt(value, 10, 64)
	switch {
	case g == GroupByTeam:
		return " AND t.team_id = " + args.Add(id)
	case g == GroupByAssignee && id == 0:
		return " AND t.assignee_id IS NULL"
	case g == GroupByAssignee:
		return " AND t.assignee_id = " + args.Add(id)
	case g == GroupByStatus:
		return " AND t.status = " + args.Add(value)
	}
	return " AND t.priority = " + args.Add(value)
}

// Of is the group that a ticket is in, as Page.Groups has it; "" where there is none, or by day.
func (g Grouping) Of(t Ticket) string {
	switch g {
	case GroupByTeam:
		return strconv.FormatInt(t.TeamID, 10)
	case GroupByAssignee:
		return strconv.FormatInt(t.AssigneeID, 10)
	case GroupByStatus:
		return string(t.Status)
	case GroupByPriority:
		return string(t.Priority)
	}
	return ""
}

func joined[T ~string](all []T) string {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}

// cursor is a place in a list: after (or, back, before) the row with these values. It holds for lists of the same order.
type cursor struct {
	order   string // and grouping
	segment string
	at      clock.Instant
	id      int64
	back    bool
	rank    int // in a list of matches: how many were shown
}

func orderName(p Page) string { return string(orElse(p.Order, ByActivity)) + "+" + string(p.Group) }

func (c cursor) String() string {
	way := "n"
	if c.back {
		way = "p"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("%s.%d.%d.%d.%s.%s", way, c.at, c.id, c.rank, c.order, c.segment)))
}

// readCursor reads a cursor of a list in the order named; order is "" for a list of matches.
func readCursor(s, order string) (c cursor, err error) {
	if s == "" {
		return cursor{order: order}, nil
	}
	unknown := fault.Invalid(fault.F("cursor", i18n.M("This place in the list is not known. Please begin at its start.")))
	raw, err := base64.RawURLEncoding.DecodeString(s)
	parts := strings.SplitN(string(raw), ".", 6)
	if err != nil || len(parts) != 6 {
		return cursor{}, unknown
	}
	c.back, c.order, c.segment = parts[0] == "p", parts[4], parts[5]
	if _, err := fmt.Sscanf(parts[1]+" "+parts[2]+" "+parts[3], "%d %d %d", &c.at, &c.id, &c.rank); err != nil || c.rank < 0 {
		return cursor{}, unknown
	}
	if c.order != order {
		return cursor{}, fault.Invalid(fault.F("cursor", i18n.M("This place belongs to the list in another order. Please begin at its start.")))
	}
	return c, nil
}
