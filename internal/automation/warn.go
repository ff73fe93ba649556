package automation

import (
	"context"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Warnings say what about a rule is allowed and still probably not meant: that it acts on everything, feeds itself, or never acts;
// and what it names that is gone since it was saved.
func Warnings(ctx context.Context, tx *db.Tx, a person.Actor, r Rule) (out []i18n.Text, err error) {
	d := r.Definition
	condition, err := ticket.NewCondition(d.If)
	if err != nil {
		return nil, nil // it is said where the filter stands
	}
	if d.If == "" {
		for _, w := range d.When {
			if w.On != Recurs && len(w.From)+len(w.To) == 0 {
				out = append(out, i18n.M("It has no condition, so it acts on every ticket: each time that {{.When}}.", "When", plainWords(ctx, w)))
			}
		}
	}
	if len(d.When) > 0 && d.When[0].On != Recurs && impossible(d, condition) {
		out = append(out, i18n.M("It can never act: no ticket is as “when” and “if” want it together."))
	}
	for _, deed := range d.Then {
		for _, m := range momentsByDeed(deed) {
			if slices.ContainsFunc(d.When, func(w When) bool { return w.takes(m) }) && !condition.Excludes(string(m.On), m.To) {
				out = append(out, i18n.M("It feeds itself: “{{.Deed}}” sets it going again. It is held back then, and the record says so; a condition that no longer holds afterwards would be better.", "Deed", strings.SplitN(deed.String(), "\n", 2)[0]))
			}
		}
	}
	if r.ID == 0 {
		return out, nil
	}
	f, wrong := fault.Of(Check(ctx, tx, a, &r))
	if wrong {
		for _, x := range f.Fields {
			out = append(out, i18n.M("It cannot work as it is: {{.Why}}", "Why", x.Message))
		}
	}
	return out, nil
}

// plainWords are what sets a rule going, within another sentence.
func plainWords(ctx context.Context, w When) string { return w.Words(ctx, nil) }

// takes tells whether something that happens is what a rule waits for.
func (w When) takes(m moment) bool {
	return w.On == m.On && (len(w.To) == 0 || slices.Contains(w.To, m.To)) && (len(w.From) == 0 || m.From == "" || slices.Contains(w.From, m.From))
}

// momentsByDeed is what a deed sets going. Setting a value to what it is already does nothing.
func momentsByDeed(d Deed) []moment {
	switch d.Do {
	case SetStatus:
		return []moment{{On: StatusChanged, To: d.Value}}
	case SetPriority:
		return []moment{{On: PriorityChanged, To: d.Value}}
	case SetKind:
		return []moment{{On: KindChanged, To: d.Value}}
	case SetSubject:
		return []moment{{On: SubjectChanged}}
	case Tag:
		return []moment{{On: TagAdded, To: d.Value}}
	case Untag:
		return []moment{{On: TagRemoved, From: d.Value}}
	case Note:
		return []moment{{On: NoteWritten}}
	case Snooze:
		return []moment{{On: WasSnoozed}}
	case Assign:
		return []moment{{On: AssigneeChanged, To: d.Value}}
	case MoveTo:
		return []moment{{On: TeamChanged, To: d.Value}}
	}
	return nil
}

// impossible tells that a condition excludes whatever its events make of a ticket, or every ticket.
func impossible(d Definition, c ticket.Condition) bool {
	for field, all := range map[string][]string{"status": names(ticket.Statuses()), "priority": names(ticket.Priorities()), "kind": names(ticket.Kinds())} {
		if !slices.ContainsFunc(all, func(v string) bool { return !c.Excludes(field, v) }) {
			return true
		}
	}
	return !slices.ContainsFunc(d.When, func(w When) bool {
		field := string(w.On)
		switch w.On {
		case StatusFor:
			field = "status"
		case StatusChanged, PriorityChanged, KindChanged:
		default:
			return true
		}
		return len(w.To) == 0 || slices.ContainsFunc(w.To, func(v string) bool { return !c.Excludes(field, v) })
	})
}
