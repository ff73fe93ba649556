package ticket

import (
	"context"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/filter"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Condition is a filter that is asked of single tickets, by rules and policies. It is read once and asked often.
type Condition struct {
	text  string
	needs []need
	whole bool // there is nothing in it but needs
}

// need is a term that must hold and that the ticket's own row decides.
type need struct {
	field   string
	holds   func(f *Facts, word string) bool
	words   []string
	negated bool
}

// Facts are what conditions look at before they ask the store.
type Facts struct {
	Ticket
	Tags []string
	Team person.Team
}

// FactsOf loads the facts of a ticket.
func FactsOf(ctx context.Context, tx *db.Tx, t Ticket) (Facts, error) {
	type row struct {
		person.Team
		Tags string
	}
	r, err := db.One[row](ctx, tx, `SELECT m.id, m.slug, m.name, m.private, coalesce((SELECT string_agg(x.tag, ' ') FROM ticket_tag x WHERE x.ticket_id = $1), '') AS tags FROM team m WHERE m.id = $2`, t.ID, t.TeamID)
	f := Facts{Ticket: t, Tags: strings.Fields(r.Tags), Team: r.Team} // no tag has a space in it
	slices.Sort(f.Tags)
	return f, err
}

// NewCondition reads a filter; "" lets every ticket through. What is wrong with its values only Holds and CheckFilter tell.
func NewCondition(text string) (Condition, error) {
	q, err := ParseFilter(text)
	c := Condition{text: text}
	if err != nil || q.Root == nil {
		c.whole = err == nil
		return c, err
	}
	c.whole = true
	side := []*filter.Node{q.Root}
	if q.Root.Kind == filter.And {
		side = q.Root.Nodes
	}
	for _, n := range side {
		if known, ok := needOf(n); ok {
			c.needs = append(c.needs, known)
			// That something is not in a team must not hold because there is no such team.
			c.whole = c.whole && !(known.negated && n.Nodes[0].Field == "team")
		} else {
			c.whole = false
		}
	}
	return c, nil
}

// String is the filter as it was written.
func (c Condition) String() string { return c.text }

// RulesOut tells, without asking the store, that a condition cannot hold for a ticket; false says nothing.
func (c Condition) RulesOut(f *Facts) bool {
	for _, n := range c.needs {
		if slices.ContainsFunc(n.words, func(w string) bool { return n.holds(f, w) }) == n.negated {
			return true
		}
	}
	return false
}

// Whole tells that the facts of a ticket decide a condition, so that it can be asked of facts as they once were.
func (c Condition) Whole() bool { return c.whole }

// Excludes tells that no ticket with this status, priority or kind is let through, whatever else it is like.
func (c Condition) Excludes(field, value string) bool {
	f := Facts{Ticket: Ticket{Status: Status(value), IsOpen: Status(value).IsOpen(), Priority: Priority(value), Kind: Kind(value)}}
	for _, n := range c.needs {
		if n.field == field && slices.ContainsFunc(n.words, func(w string) bool { return n.holds(&f, w) }) == n.negated {
			return true
		}
	}
	return false
}

// Holds tells whether a ticket that an actor may see is let through by a condition. A ticket that is set aside is let through only
// by a condition that asks for such ones.
func Holds(ctx context.Context, tx *db.Tx, a person.Actor, f *Facts, c Condition) (bool, error) {
	if c.RulesOut(f) {
		return false, nil
	}
	if c.whole && !f.Turn.Aside() {
		return person.Can(a, person.SeeTicket, f.Thing()), nil
	}
	n, err := narrow(ctx, tx, a, person.SeeTicket, c.text)
	if err != nil {
		return false, err
	}
	n.alone = true
	args := db.Args{f.ID}
	where, err := n.where(&args)
	if err != nil {
		return false, err
	}
	if strings.Contains(where, "search_index") {
		if err := tx.Settle(); err != nil { // what was just written is not in the index before
			return false, err
		}
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM ticket t WHERE t.id = $1 AND `+where, args...)
}

// plainFields are the fields whose words a ticket's facts decide.
var plainFields = map[string]func(f *Facts, word string) bool{
	"status": func(f *Facts, w string) bool {
		return w == string(f.Status) || w == "unsolved" && f.IsOpen || w == "done" && !f.IsOpen
	},
	"turn":     func(f *Facts, w string) bool { return w == string(f.Turn) },
	"priority": func(f *Facts, w string) bool { return w == string(f.Priority) },
	"kind":     func(f *Facts, w string) bool { return w == string(f.Kind) },
	"channel":  func(f *Facts, w string) bool { return w == string(f.Channel) },
	"tag":      func(f *Facts, w string) bool { return slices.Contains(f.Tags, tagOf(w)) },
	"team": func(f *Facts, w string) bool {
		return strings.EqualFold(f.Team.Slug, w) || search.Fold(f.Team.Name) == search.Fold(w)
	},
	"assignee": func(f *Facts, _ string) bool { return f.AssigneeID == 0 },
	"is": func(f *Facts, w string) bool {
		switch w {
		case "open":
			return f.IsOpen
		case "done":
			return !f.IsOpen
		case "unassigned":
			return f.AssigneeID == 0
		case "answered":
			return f.AnsweredAt > 0
		case "unanswered":
			return f.AnsweredAt == 0
		case "waiting":
			return f.WaitingSince > 0
		}
		return f.Turn == Snoozed
	},
}

// plainWords are the words that can be decided, of fields that know more.
var plainWords = map[string][]string{
	"assignee": {"nobody", "none"},
	"is":       {"open", "done", "unassigned", "answered", "unanswered", "waiting", "snoozed"},
}

// needOf reads a term that the facts of a ticket decide. One with a value that they do not is no such term, nor one whose value is wrong.
func needOf(node *filter.Node) (need, bool) {
	n := need{}
	if node.Kind == filter.Not {
		n.negated, node = true, node.Nodes[0]
	}
	holds, known := plainFields[node.Field]
	if node.Kind != filter.Term || !known {
		return n, false
	}
	n.holds, n.field = holds, node.Field
	for _, v := range node.Values {
		word := strings.ToLower(v.Text)
		if v.Op != filter.Equal || node.Field == "team" && word == "mine" {
			return n, false
		}
		if few, limited := plainWords[node.Field]; limited && !slices.Contains(few, word) {
			return n, false
		}
		n.words = append(n.words, word)
	}
	return n, true
}
