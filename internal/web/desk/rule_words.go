package desk

import (
	"context"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui"
)

// ruled is what the timeline says of rules: what they are called, and what set them going, by the causes of their events.
type ruled struct {
	names map[int64]string
	whens map[string]automation.When
	// links says that the reader may look at rules.
	links bool
}

// loadRules loads the rules that events name.
func loadRules(ctx context.Context, tx *db.Tx, a person.Actor, events []ticket.Event) (ruled, error) {
	var ids []int64
	var causes []string
	for _, e := range events {
		if e.RuleID != 0 {
			ids, causes = append(ids, e.RuleID), append(causes, e.Cause)
		}
	}
	out := ruled{links: person.Can(a, person.ManageRules, person.Thing{})}
	if len(ids) == 0 {
		return out, nil
	}
	var err error
	if out.names, err = automation.Names(ctx, tx, ids); err != nil {
		return out, err
	}
	out.whens, err = automation.Whens(ctx, tx, causes)
	return out, err
}

// name is how a rule is called within a sentence.
func (r ruled) name(ctx context.Context, id int64) string {
	if name := r.names[id]; name != "" {
		return i18n.T(ctx, "the rule “{{.Name}}”", "Name", name)
	}
	return i18n.T(ctx, "a rule")
}

// subject is how a rule is called at the beginning of a sentence.
func (r ruled) subject(ctx context.Context, id int64) string {
	if name := r.names[id]; name != "" {
		return i18n.T(ctx, "The rule “{{.Name}}”", "Name", name)
	}
	return i18n.T(ctx, "A rule")
}

// tell adds to a line of the timeline why a rule did it, and where it stands.
func (r ruled) tell(ctx context.Context, e ticket.Event, line *Event) {
	if e.RuleID == 0 {
		return
	}
	if w, known := r.whens[e.Cause]; known && line.Why == "" {
		line.Why = w.Words(ctx, func(on automation.On, v string) string { return ruleValue(ctx, on, v) })
	}
	if r.links && line.URL == "" {
		line.URL, line.URLText = "/rules/"+decimal(e.RuleID), i18n.T(ctx, "Rule")
	}
}

// ruleValue says a value of a condition in words.
func ruleValue(ctx context.Context, on automation.On, v string) string {
	switch on {
	case automation.StatusChanged, automation.StatusFor:
		return ui.StatusWord(ctx, v)
	case automation.PriorityChanged:
		return ui.PriorityWord(ctx, v)
	case automation.KindChanged:
		return ui.KindWord(ctx, v)
	}
	return v
}
