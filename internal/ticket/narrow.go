package ticket

import (
	"context"
	"errors"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// ParseFilter reads a filter of tickets. What cannot be understood is a fault of the field "q", with the *filter.Error as its
// cause.
func ParseFilter(text string) (filter.Query, error) {
	q, err := filter.Parse(text, fieldNames)
	return q, wrongFilter(text, err)
}

// CheckFilter tells whether a filter can be understood, with its values: for what is stored to be used later.
func CheckFilter(ctx context.Context, tx *db.Tx, a person.Actor, text string) error {
	n, err := narrow(ctx, tx, a, person.SeeTicket, text)
	if err != nil {
		return err
	}
	_, err = n.where(new(db.Args))
	return err
}

// FilterError finds what is wrong with a filter, and where.
func FilterError(err error) (*filter.Error, bool) {
	var e *filter.Error
	ok := errors.As(err, &e)
	return e, ok
}

func wrongFilter(text string, err error) error {
	e, ok := FilterError(err)
	if !ok {
		return err
	}
	e.Text = text
	f := fault.Invalid(fault.F("q", e.Message))
	f.Cause = e
	return f
}

// narrowing is filters that all hold, for one actor in one transaction. It remembers what it looked up, as a list may ask for
// its condition several times.
type narrowing struct {
	ctx     context.Context
	tx      *db.Tx
	actor   person.Actor
	verb    person.Verb
	queries []filter.Query

	args  *db.Args
	few   map[string][]int64
	lists int
	walks string // the column that the list walks along, "" for none
	alone bool   // it is asked of one ticket, so nothing is worth gathering
}

// narrow reads filters for an actor. What requesters may look for is less: see ownOnly.
func narrow(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, texts ...string) (*narrowing, error) {
	n := &narrowing{ctx: ctx, tx: tx, actor: a, verb: verb, few: map[string][]int64{}}
	for _, text := range texts {
		q, err := ParseFilter(text)
		if err == nil && verb != person.SeeTicket {
			err = wrongFilter(text, ownOnly(q))
		}
		if err != nil {
			return nil, err
		}
		n.queries = append(n.queries, q)
	}
	return n, nil
}

// ownOnly refuses what would tell requesters of properties that they do not see. Words within OR and NOT would have to ask
// the index, which knows the words of notes too.
func ownOnly(q filter.Query) (err error) {
	q.Terms(func(n *filter.Node, _ bool) {
		if err == nil && n.Kind == filter.Term && n.Field != "status" {
			err = n.Wrong(i18n.M("Only status: and words can be looked for here."))
		}
	})
	q.Rest().Terms(func(n *filter.Node, _ bool) {
		if err == nil && n.Kind == filter.Word {
			err = n.Wrong(i18n.M("Words cannot stand within brackets, beside OR or behind a minus here."))
		}
	})
	return err
}

// words are those that must all be found.
func (n *narrowing) words() string {
	var all []string
	for _, q := range n.queries {
		all = append(all, q.Words())
	}
	return strings.TrimSpace(strings.Join(all, " "))
}

// where is the condition for a ticket "t" to be let through by everything but words, and to be seen by the actor.
func (n *narrowing) where(args *db.Args) (string, error) {
	n.args, n.lists = args, 0
	var all []string
	for _, q := range n.queries {
		if !n.alone { // else there is no search beside it, which would know the words
			q = q.Rest()
		}
		if q.Root == nil {
			continue
		}
		sql, err := q.Where(n.leaf, costOf)
		if err != nil {
			return "", wrongFilter(q.Text, err)
		}
		all = append(all, sql)
	}
	if len(*args) > maxBound {
		return "", wrongFilter("", &filter.Error{Message: i18n.M("This filter asks for too many people at once. Please say more exactly whom you mean.")})
	}
	if hidden := n.aside(); len(hidden) > 0 {
		all = append(all, "t.turn NOT IN ('"+strings.Join(hidden, "', '")+"')")
	}
	return strings.Join(append(all, person.Visible(n.actor, n.verb, args)), " AND "), nil
}

// costOf tells what a condition asks for with each ticket: columns of its own, other tables, or the search index.
func costOf(sql string) int {
	switch {
	case strings.Contains(sql, "search_index"):
		return 2
	case strings.Contains(sql, "SELECT"):
		return 1
	}
	return 0
}

// leaf is the condition of one term or word.
func (n *narrowing) leaf(node *filter.Node) (string, error) {
	if node.Kind == filter.Word {
		return n.said(node.Text)
	}
	f := fieldOf(node.Field)
	either := make([]string, 0, len(node.Values))
	for _, v := range node.Values {
		if err := f.check(v); err != nil {
			return "", err
		}
		sql, err := f.where(n, v)
		if err != nil {
			return "", err
		}
		either = append(either, sql)
	}
	return strings.Join(either, " OR "), nil
}

// aside lists the turns that are left out: what is set aside stands in no list that does not ask for it. Requesters are not
// told that a ticket may be spam.
func (n *narrowing) aside() []string {
	all := []string{string(Suspect), string(Spam), string(Merged), string(Trash)}
	if n.verb != person.SeeTicket {
		return all[2:]
	}
	if n.words() != "" { // what waits to be judged, or became part of another, may be looked for
		all = []string{string(Spam), string(Trash)}
	}
	for _, q := range n.queries {
		if q.Has("turn") {
			return nil
		}
		q.Terms(func(node *filter.Node, negated bool) {
			if negated {
				return
			}
			for _, v := range node.Values {
				switch {
				case node.Field == "is":
					all = slices.DeleteFunc(all, func(t string) bool { return strings.EqualFold(t, v.Text) })
				case node.Field == "merged":
					all = slices.DeleteFunc(all, func(t string) bool { return t == string(Merged) })
				}
			}
		})
	}
	return all
}

// rareList is how many tickets, or people, are looked up rather than looked for: a list that met each of them in the order of
// activity would walk all tickets to find the last one.
var rareList = 2048 // a variable for tests

// A statement can bind no more than some thousands of values: so many lists that are not short may one condition have, and so
// many values in all.
const (
	maxLists  = 8
	shortList = 64
	maxBound  = 30_000
)

// rare gives the ids that a search finds when they are few. key names the search.
func (n *narrowing) rare(key string, find func(limit int) ([]int64, error)) (ids []int64, few bool, err error) {
	if n.alone {
		return nil, false, nil
	}
	ids, err = n.remembered(key, func() ([]int64, error) { return find(rareList + 1) })
	if err != nil || len(ids) > rareList || (len(ids) > shortList && n.lists == maxLists) {
		return nil, false, err
	}
	if len(ids) > shortList {
		n.lists++
	}
	return ids, true, nil
}

// remembered finds ids once.
func (n *narrowing) remembered(key string, find func() ([]int64, error)) ([]int64, error) {
	if ids, known := n.few[key]; known {
		return ids, nil
	}
	ids, err := find()
	n.few[key] = ids
	return ids, err
}

// in is the condition for a column to be one of some ids.
func (n *narrowing) in(column string, ids []int64) string {
	return column + " IN (" + db.List(n.args, padded(ids)) + ")"
}

// padded repeats the last id up to the next power of two, so that a few texts serve for every length.
func padded(ids []int64) []int64 {
	if len(ids) == 0 {
		return nil
	}
	n := 1
	for n < len(ids) {
		n *= 2
	}
	for len(ids) < n {
		ids = append(ids, ids[len(ids)-1])
	}
	return ids
}
