package automation

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// set is all rules that are switched on, found by what sets them going. It never changes.
type set struct {
	version int64
	rules   map[int64]*armed
	byEvent map[key][]trigger
	timed   []trigger
	recurs  []trigger
}

// armed is a rule that is ready to be asked.
type armed struct {
	Rule
	order     int
	condition ticket.Condition
}

// trigger is one of the things that set a rule going. Its values are those of the spine.
type trigger struct {
	*armed
	part     int // of Definition.When
	on       On
	from, to []string
	anyFrom  bool
	anyTo    bool
}

// key finds triggers: by a new value, else by an old one, else by nothing.
type key struct {
	on    On
	side  byte // 't', 'f', '*'
	value string
}

// moment is what an event of the spine says to rules.
type moment struct {
	On   On     `json:"on"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// setNote remembers for a transaction which rules it goes by.
type setNote struct{}

// current gives the rules as the store has them: one short read a transaction.
func (g *Engine) current(ctx context.Context, tx *db.Tx) (*set, error) {
	if s, ok := tx.Notes()[setNote{}].(*set); ok {
		return s, nil
	}
	version, err := db.One[int64](ctx, tx, `SELECT version FROM rule_set WHERE id = 1`)
	if err != nil {
		return nil, err
	}
	s := g.set.Load()
	if s == nil || s.version != version {
		if s, err = load(ctx, tx, version); err != nil {
			return nil, err
		}
		g.set.Store(s)
	}
	tx.Notes()[setNote{}] = s
	return s, nil
}

func load(ctx context.Context, tx *db.Tx, version int64) (*set, error) {
	rows, err := db.All[row](ctx, tx, `SELECT `+columns+` FROM rule r WHERE r.active AND r.removed_at = 0 ORDER BY r.position, r.id`)
	if err != nil {
		return nil, err
	}
	all, err := open(rows)
	if err != nil {
		return nil, err
	}
	s := &set{version: version, rules: map[int64]*armed{}, byEvent: map[key][]trigger{}}
	for i, r := range all {
		a := &armed{Rule: r, order: i}
		// A filter that was good when it was saved may name a field that is gone; asking it says so, and that is told.
		if a.condition, err = ticket.NewCondition(r.Definition.If); err != nil {
			a.condition = ticket.Condition{}
		}
		s.rules[r.ID] = a
		for part := range r.Definition.When {
			if err := s.add(ctx, tx, a, part); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func (s *set) add(ctx context.Context, tx *db.Tx, a *armed, part int) error {
	w := a.Definition.When[part]
	x := trigger{armed: a, part: part, on: w.On, anyFrom: len(w.From) == 0, anyTo: len(w.To) == 0}
	switch {
	case w.On == Recurs:
		s.recurs = append(s.recurs, x)
		return nil
	case w.On.Timed():
		x.to = w.To
		s.timed = append(s.timed, x)
		return nil
	}
	var err error
	if x.from, err = spineValues(ctx, tx, w.On, w.From); err != nil {
		return err
	}
	if x.to, err = spineValues(ctx, tx, w.On, w.To); err != nil {
		return err
	}
	put := func(side byte, values ...string) {
		for _, v := range values {
			k := key{w.On, side, v}
			s.byEvent[k] = append(s.byEvent[k], x)
		}
	}
	switch {
	case !x.anyTo:
		put('t', x.to...)
	case !x.anyFrom:
		put('f', x.from...)
	default:
		put('*', "")
	}
	return nil
}

// find gives the triggers that a moment sets off, in the order of the rules, each rule once.
func (s *set) find(m moment) []trigger {
	var out []trigger
	for _, k := range []key{{m.On, 't', m.To}, {m.On, 'f', m.From}, {m.On, '*', ""}} {
		for _, x := range s.byEvent[k] {
			if x.anyFrom || slices.Contains(x.from, m.From) {
				out = append(out, x)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b trigger) int { return cmp.Compare(a.order, b.order) })
	return slices.CompactFunc(out, func(a, b trigger) bool { return a.armed == b.armed })
}

// spineValues are values as the spine has them: ids instead of names. What there is not stands for nothing that happens.
func spineValues(ctx context.Context, tx *db.Tx, on On, values []string) ([]string, error) {
	if on != TeamChanged && on != AssigneeChanged {
		return values, nil
	}
	out := make([]string, 0, len(values))
	for _, v := range values {
		id := int64(0)
		var err error
		switch {
		case on == TeamChanged:
			id, err = teamID(ctx, tx, v)
		case strings.EqualFold(v, nobody):
			out = append(out, "")
			continue
		default:
			id, err = personID(ctx, tx, v)
		}
		if err != nil {
			return nil, err
		}
		if id != 0 {
			out = append(out, strconv.FormatInt(id, 10))
		}
	}
	return out, nil
}

// Words that stand for people.
const (
	nobody       = "nobody"
	theOwner     = "owner"
	theAssignee  = "assignee"
	theTeam      = "team"
	teamPrefix   = "team:"
	theRequester = "requester"
)

// teamID finds a team by its short name; 0 for none.
func teamID(ctx context.Context, tx *db.Tx, slug string) (int64, error) {
	return one(db.One[int64](ctx, tx, `SELECT id FROM team WHERE slug = $1`, strings.ToLower(slug)))
}

// personID finds somebody by an address; 0 for nobody.
func personID(ctx context.Context, tx *db.Tx, address string) (int64, error) {
	return one(db.One[int64](ctx, tx, `SELECT coalesce(p.merged_into, p.id) FROM person_address a JOIN person p ON p.id = a.person_id WHERE a.address = $1`, person.FoldAddress(address)))
}

func one(id int64, err error) (int64, error) {
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	return id, err
}

// momentsOf reads an event of the spine. m is its message, nil for none.
func momentsOf(e ticket.Event, t ticket.Ticket, m *ticket.Message) []moment {
	if m != nil && m.CreatedAt != e.At {
		return nil // an importer brings it from the past
	}
	changed := func(on On) []moment { return []moment{{on, e.FromValue, e.ToValue}} }
	switch e.What {
	case ticket.Messaged:
		if m == nil {
			return nil
		}
		return said(t, *m)
	case ticket.SplitOff:
		if e.FromValue != "" {
			return []moment{{On: Comes}}
		}
	case ticket.Noted:
		return []moment{{On: NoteWritten}}
	case ticket.StatusChanged, ticket.PriorityChanged, ticket.KindChanged, ticket.TeamChanged, ticket.Assigned, ticket.SubjectChanged, ticket.Warned, ticket.Breached:
		return changed(On(e.What))
	case ticket.Tagged:
		return eitherWay(TagRemoved, TagAdded, e)
	case ticket.Followed:
		return eitherWay(FollowerRemoved, FollowerAdded, e)
	case ticket.SnoozeChanged:
		if e.ToValue == "" {
			return []moment{{On: Woke, From: e.Cause}}
		}
		return []moment{{On: WasSnoozed}}
	case ticket.Joined:
		if e.FromValue != "" {
			return []moment{{On: Merged}}
		}
	case ticket.DeliveryFailed:
		return []moment{{On: Undelivered}}
	}
	return nil
}

func eitherWay(gone, come On, e ticket.Event) (out []moment) {
	if e.FromValue != "" {
		out = append(out, moment{On: gone, From: e.FromValue})
	}
	if e.ToValue != "" {
		out = append(out, moment{On: come, To: e.ToValue})
	}
	return out
}

// said is what a public message sets going. The first one of a ticket is the ticket's coming.
func said(t ticket.Ticket, m ticket.Message) []moment {
	switch {
	case m.Seq == 1 && m.Inbound:
		return []moment{{On: Comes}}
	case !m.Inbound && m.Automatic:
		return nil // what a rule answers is no answer
	case !m.Inbound:
		return []moment{{On: MessageOut}}
	}
	from := "other"
	switch {
	case m.Automatic:
		from = "program"
	case m.AuthorID == t.RequesterID:
		from = theRequester
	}
	return []moment{{On: MessageIn, From: from}}
}
