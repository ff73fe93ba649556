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

// Suggestion is how a filter may go on.
type Suggestion struct {
	Text  string // what replaces the end of what was typed: "status:" or "status:open"
	Back  int    // how much of the end it replaces, in bytes
	Field string // the field that it names, or whose value it is
	Value string // "" when the field alone is suggested
	Name  string // of the person, team or organisation that the value stands for, or ""
}

// maxSuggested is how many suggestions are given.
const maxSuggested = 12

// Complete gives how a filter may go on after what was typed of it so far: fields, and the values of a field of which the
// actor may know. What is asked of the store is bounded.
func Complete(ctx context.Context, tx *db.Tx, a person.Actor, typed string) ([]Suggestion, error) {
	if len(typed) > filter.MaxLength {
		return nil, nil
	}
	token := strings.TrimLeft(lastToken(typed), "-(")
	name, rest, isTerm := strings.Cut(token, ":")
	if !isTerm {
		return completeField(token, typed), nil
	}
	name = fieldNames[strings.ToLower(name)]
	if name == "" || strings.HasPrefix(token, `"`) {
		return nil, nil
	}
	value := rest[strings.LastIndexByte(rest, ',')+1:]
	if q := strings.Count(rest, `"`); q%2 == 1 { // within quotes a comma is a comma
		value = rest[strings.LastIndexByte(rest, '"'):]
	}
	bare := strings.TrimLeft(value, "<>=\"")
	op := value[:len(value)-len(bare)]
	c := completer{ctx: ctx, tx: tx, actor: a, field: fieldOf(name), begun: bare, op: strings.Trim(op, `"`)}
	if err := c.values(); err != nil {
		return nil, err
	}
	for i := range c.found {
		s := &c.found[i]
		s.Back, s.Field = len(value), name
		s.Text = c.op + filter.Quote(s.Value)
		if strings.HasPrefix(s.Value, "<") || strings.HasPrefix(s.Value, ">") { // written as it stands
			s.Text = s.Value
		}
	}
	return c.found[:min(len(c.found), maxSuggested)], nil
}

// lastToken is what stands at the end since the last space outside of quotes.
func lastToken(typed string) string {
	start, quoted := 0, false
	for i, r := range typed {
		switch {
		case r == '"':
			quoted = !quoted
		case !quoted && strings.ContainsRune(" \t\r\n", r):
			start = i + 1
		}
	}
	return typed[start:]
}

// completeField suggests fields that begin so. With nothing typed yet the first ones are offered; after other terms only once
// a letter says that a field is wanted.
func completeField(begun, typed string) (out []Suggestion) {
	if begun == "" && strings.TrimSpace(typed) != "" || strings.ContainsAny(begun, `"()`) {
		return nil
	}
	folded := strings.ToLower(begun)
	for _, f := range fields {
		if strings.HasPrefix(f.name, folded) || folded != "" && slices.ContainsFunc(f.also, func(n string) bool { return strings.HasPrefix(n, folded) }) {
			out = append(out, Suggestion{Text: f.name + ":", Back: len(begun), Field: f.name})
		}
	}
	return out[:min(len(out), maxSuggested)]
}

// completer gathers the values of a field that begin so.
type completer struct {
	ctx   context.Context
	tx    *db.Tx
	actor person.Actor
	field field
	begun string
	op    string // the comparison before it
	found []Suggestion
}

// add suggests a value if it, or its name, begins as typed.
func (c *completer) add(value, name string) {
	typed := search.Fold(c.begun)
	if len(c.found) < maxSuggested && (strings.HasPrefix(search.Fold(value), typed) || name != "" && begins(name, c.begun)) {
		c.found = append(c.found, Suggestion{Value: value, Name: name})
	}
}

func (c *completer) values() error {
	for _, v := range c.field.values {
		c.add(v, "")
	}
	switch c.field.name {
	case "assignee":
		return c.staff()
	case "team":
		return c.teams()
	case "tag":
		return c.tags()
	case "requester":
		return c.people()
	case "organisation":
		return c.organisations()
	case "mailbox":
		return c.mailboxes()
	case "service":
		return c.services()
	case "follower":
		c.add("me", "")
	case "created", "updated", "waiting", "answered", "solved", "closed", "snoozed", "due":
		for _, v := range momentExamples(c.field.name) {
			if strings.HasPrefix(v, c.op+c.begun) || c.op == "" && strings.HasPrefix(strings.TrimLeft(v, "<>"), c.begun) {
				c.found = append(c.found, Suggestion{Value: v})
			}
		}
	}
	return nil
}

// momentExamples are the times that are asked for most.
func momentExamples(field string) []string {
	switch field {
	case "waiting":
		return []string{">1h", ">4h", ">1d", ">3d", ">1w", "<1h"}
	case "due":
		return []string{"<1h", "<4h", "today", "tomorrow", "this-week", "<2d"}
	case "snoozed":
		return []string{"today", "tomorrow", "this-week", "next-week", "<2d"}
	}
	return []string{"today", "yesterday", "<24h", "<7d", ">7d", ">30d", "this-week", "last-week", "this-month", "last-month"}
}

func (c *completer) staff() error {
	c.add("me", "")
	c.add("nobody", "")
	staff, err := person.Staff(c.ctx, c.tx)
	for _, p := range staff {
		if p.Address != "" {
			c.add(p.Address, p.Name)
		}
	}
	return err
}

func (c *completer) teams() error {
	c.add("mine", "")
	teams, err := person.VisibleTeams(c.ctx, c.tx, c.actor)
	for _, t := range teams {
		c.add(t.Slug, t.Name)
	}
	return err
}

func (c *completer) people() error {
	c.add("me", "")
	if strings.TrimSpace(c.begun) == "" {
		return nil
	}
	people, err := person.Find(c.ctx, c.tx, c.begun, maxSuggested)
	for _, p := range people {
		if p.Address != "" && p.Active && p.MergedInto == 0 {
			c.found = append(c.found, Suggestion{Value: p.Address, Name: p.Name})
		}
	}
	return err
}

func (c *completer) organisations() error {
	all, err := person.Organisations(c.ctx, c.tx)
	for _, o := range all {
		c.add(o.Name, "")
	}
	return err
}

func (c *completer) mailboxes() error {
	type box struct {
		Address string
		Name    string
		TeamID  int64
	}
	all, err := db.All[box](c.ctx, c.tx, `SELECT address, name, team_id FROM mailbox WHERE active ORDER BY address`)
	for _, b := range all {
		if !slices.Contains(c.actor.Hidden, b.TeamID) {
			c.add(b.Address, b.Name)
		}
	}
	return err
}

// Of so many tags that begin so the most used come first, counted up to usedBound.
const (
	tagsRead  = 30
	usedBound = 200
)

// tags steps from tag to tag of tickets that the actor may see: each step is one look into the index, however many tickets
// have a tag.
func (c *completer) tags() error {
	begun := tagOf(c.begun)
	type used struct {
		tag string
		n   int
	}
	var all []used
	for last := begun; len(all) < tagsRead; {
		compare := ">"
		if len(all) == 0 {
			compare = ">="
		}
		var args db.Args
		text := `SELECT g.tag FROM ticket_tag g JOIN ticket t ON t.id = g.ticket_id WHERE g.tag ` + compare + ` ` + args.Add(last) + ` AND g.tag < ` + args.Add(begun+"\U0010FFFF") +
			` AND t.turn NOT IN ` + asideSQL + ` AND ` + person.Visible(c.actor, person.SeeTicket, &args) + ` ORDER BY g.tag LIMIT 1`
		next, err := db.All[string](c.ctx, c.tx, text, args...)
		if err != nil {
			return err
		}
		if len(next) == 0 {
			break
		}
		last = next[0]
		args = db.Args{last}
		count := `SELECT count(*) FROM (SELECT 1 FROM ticket_tag g JOIN ticket t ON t.id = g.ticket_id WHERE g.tag = $1 AND ` + person.Visible(c.actor, person.SeeTicket, &args) + ` LIMIT ` + args.Add(usedBound) + `) AS used`
		n, err := db.One[int](c.ctx, c.tx, count, args...)
		if err != nil {
			return err
		}
		all = append(all, used{last, n})
	}
	slices.SortStableFunc(all, func(x, y used) int { return y.n - x.n })
	for _, t := range all[:min(len(all), maxSuggested)] {
		c.found = append(c.found, Suggestion{Value: t.tag})
	}
	return nil
}
