package automation

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/httpout"
	"goodturn/internal/i18n"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Check tidies a rule and says what is wrong with it, all at once: the fields are "name", "when-0", "if", "then-0" and so on.
func Check(ctx context.Context, tx *db.Tx, a person.Actor, r *Rule) error {
	c := checker{a: a}
	if r.Name = cutName(oneLine(r.Name)); r.Name == "" {
		c.say("name", i18n.M("Please give the rule a name; it stands on the timeline of every ticket that it changes."))
	}
	d := &r.Definition
	switch {
	case len(d.When) == 0:
		c.say("when-0", i18n.M("Please choose what sets the rule going."))
	case len(d.When) > maxWhen:
		c.say("when-0", i18n.M("A rule has at most {{.Count}} lines with “when”.", "Count", maxWhen))
	case len(d.Then) == 0:
		c.say("then-0", i18n.M("Please choose what the rule does."))
	case len(d.Then) > maxThen:
		c.say("then-0", i18n.M("A rule has at most {{.Count}} lines with “then”.", "Count", maxThen))
	default:
		for i := range d.When {
			if err := c.when(ctx, tx, *d, i); err != nil {
				return err
			}
		}
		for i := range d.Then {
			if err := c.deed(ctx, tx, d, i); err != nil {
				return err
			}
		}
	}
	d.If = oneLine(d.If)
	if err := c.wrong("if", ticket.CheckFilter(ctx, tx, a, d.If)); err != nil {
		return err
	}
	return fault.Check(c.all)
}

func cutName(s string) string {
	for len(s) > maxName {
		r := []rune(s)
		s = string(r[:len(r)-1])
	}
	return s
}

// checker gathers what is wrong.
type checker struct {
	a   person.Actor
	all []fault.Field
}

func (c *checker) say(field string, m i18n.Text) { c.all = append(c.all, fault.F(field, m)) }

// wrong takes a fault as something wrong with a field; any other error is given back.
func (c *checker) wrong(field string, err error) error {
	f, ok := fault.Of(err)
	if !ok {
		return err
	}
	words := f.Message
	if len(f.Fields) > 0 {
		words = f.Fields[0].Message
	}
	c.say(field, words)
	return nil
}

func (c *checker) when(ctx context.Context, tx *db.Tx, d Definition, i int) error {
	w, field := d.When[i], fmt.Sprintf("when-%d", i)
	p, known := phraseOf(w.On)
	switch {
	case !known && w.On != StatusFor:
		c.say(field, i18n.M("Please choose what sets the rule going."))
		return nil
	case w.On == StatusFor && len(w.To) == 0:
		c.say(field, i18n.M("Please say which status."))
	case w.On == Recurs && len(d.When) > 1:
		c.say(field, i18n.M("A recurrence stands alone: it is about no ticket that there is."))
	case w.On == Recurs:
		return c.wrong(field, checkRecurrence(w))
	}
	for _, v := range w.From {
		if p.from != nil && !contains(p.from, v) {
			c.say(field, i18n.M("“{{.Value}}” is not known here. There are: {{.All}}.", "Value", clip(v), "All", strings.Join(p.from, ", ")))
		}
	}
	for _, v := range w.To {
		all := p.to
		if w.On == StatusFor {
			all = names(ticket.Statuses())
		}
		if all != nil && !contains(all, v) {
			c.say(field, i18n.M("“{{.Value}}” is not known here. There are: {{.All}}.", "Value", clip(v), "All", strings.Join(all, ", ")))
		}
	}
	if w.On.Timed() {
		if w.For.N < 1 || w.For.Unit.minutes() > maxSpan/max(w.For.N, 1) {
			c.say(field, i18n.M("Please say for how long, such as 3 working days; two years at most."))
			return nil
		}
		return c.wrong(field, checkSpan(ctx, tx, w.For))
	}
	return c.peopleAndTeams(ctx, tx, field, w)
}

// peopleAndTeams checks values that name somebody or a team.
func (c *checker) peopleAndTeams(ctx context.Context, tx *db.Tx, field string, w When) error {
	for _, v := range append(append([]string{}, w.From...), w.To...) {
		var err error
		switch {
		case w.On == TeamChanged:
			_, _, err = actionOf(ctx, tx, c.a, Deed{Do: MoveTo, Value: v})
		case w.On == AssigneeChanged && !strings.EqualFold(v, nobody):
			_, err = somebody(ctx, tx, v)
		}
		if err := c.wrong(field, err); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) deed(ctx context.Context, tx *db.Tx, def *Definition, i int) error {
	field := fmt.Sprintf("then-%d", i)
	d := &def.Then[i]
	d.Value, d.Text = oneLine(d.Value), manyLines(d.Text)
	if len(d.Text) > maxText {
		c.say(field, i18n.M("This text is too long for a rule."))
		return nil
	}
	recurs := len(def.When) > 0 && def.When[0].On == Recurs
	if recurs != (d.Do == Create) {
		if recurs {
			c.say(field, i18n.M("A recurrence makes a ticket and does nothing else; other rules can react to it."))
		} else {
			c.say(field, i18n.M("Tickets are made by recurrences alone."))
		}
		return nil
	}
	switch d.Do {
	case Note, Reply:
		return c.wrong(field, checkSaid(ctx, tx, c.a, *d))
	case Notify:
		if len(d.To) == 0 {
			c.say(field, i18n.M("Please say whom: assignee, owner, team, team:network, or addresses."))
			return nil
		}
		if _, err := peopleOf(ctx, tx, c.a, d.To, ticket.Ticket{}); err != nil {
			return c.wrong(field, err)
		}
		return c.wrong(field, macro.CheckText("text", d.Text))
	case Webhook:
		if err := httpout.Check(d.Value); err != nil {
			c.say(field, webhookWords(err, hookPatience))
		}
		return nil
	case Create:
		return c.create(ctx, tx, field, *d)
	}
	a, plain, err := actionOf(ctx, tx, c.a, *d)
	if err != nil {
		return c.wrong(field, err)
	}
	if !plain {
		c.say(field, i18n.M("Please choose what the rule does."))
		return nil
	}
	return c.wrong(field, ticket.CheckActions(ctx, tx, c.a, []ticket.Action{a}))
}

func checkSaid(ctx context.Context, tx *db.Tx, a person.Actor, d Deed) error {
	if d.Macro != 0 {
		m, err := macro.Get(ctx, tx, a, d.Macro)
		if err == nil && len(m.Texts) == 0 {
			err = fault.Invalid(fault.F("macro", i18n.M("The macro “{{.Name}}” has no text.", "Name", m.Name)))
		}
		return err
	}
	if d.Text == "" {
		return fault.Invalid(fault.F("text", i18n.M("Please write the text.")))
	}
	return macro.CheckText("text", d.Text)
}

func (c *checker) create(ctx context.Context, tx *db.Tx, field string, d Deed) error {
	if d.Value == "" || d.Text == "" {
		c.say(field, i18n.M("Please write a subject and a text for the ticket."))
	}
	if len(d.To) != 1 {
		c.say(field, i18n.M("Please say for whom the ticket is: an address."))
		return nil
	}
	if _, err := somebody(ctx, tx, d.To[0]); err != nil {
		return c.wrong(field, err)
	}
	if d.Team == "" {
		return nil
	}
	_, _, err := actionOf(ctx, tx, c.a, Deed{Do: MoveTo, Value: d.Team})
	return c.wrong(field, err)
}

func parseID(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }

func (g *Engine) zone() *time.Location {
	if g.Zone == nil {
		return time.UTC
	}
	return g.Zone
}
