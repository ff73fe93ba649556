package ticket

import (
	"fmt"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// field is one field of the filter language on tickets.
type field struct {
	name     string
	also     []string // other names that people write
	values   []string // all that it takes, nil for more than can be listed
	compared bool     // takes < > <= >= and ranges
	where    func(n *narrowing, v filter.Value) (string, error)
}

// fields are the fields in the order in which they are offered.
var fields = []field{
	{name: "status", also: []string{"state"}, values: append(stringsOf(Statuses()), "unsolved", "done"), where: statusField},
	{name: "turn", values: stringsOf([]Turn{Ours, Theirs, Hold, Snoozed}), where: turnField},
	{name: "assignee", also: []string{"agent", "owner"}, where: assigneeField},
	{name: "team", also: []string{"group"}, where: teamField},
	{name: "tag", also: []string{"tags"}, where: tagField},
	{name: "is", values: isValues(), where: isField},
	{name: "priority", also: []string{"prio"}, values: stringsOf(Priorities()), compared: true, where: priorityField},
	{name: "kind", also: []string{"type"}, values: stringsOf(Kinds()), where: column("t.kind")},
	{name: "requester", also: []string{"from"}, where: requesterField},
	{name: "organisation", also: []string{"organization", "org"}, where: organisationField},
	{name: "created", compared: true, where: momentField("t.created_at")},
	{name: "updated", also: []string{"activity"}, compared: true, where: momentField("t.activity_at")},
	{name: "waiting", compared: true, where: momentField("t.waiting_since")},
	{name: "answered", compared: true, where: momentField("t.answered_at")},
	{name: "solved", compared: true, where: momentField("t.solved_at")},
	{name: "closed", compared: true, where: momentField("t.closed_at")},
	{name: "due", compared: true, where: momentField("t.due_at")},
	{name: "snoozed", compared: true, where: momentField("t.snoozed_until")},
	{name: "has", values: hasValues(), where: hasField},
	{name: "subject", also: []string{"title"}, where: func(n *narrowing, v filter.Value) (string, error) { return n.titled(v.Text) }},
	{name: "follower", also: []string{"followed"}, where: followerField},
	{name: "channel", values: stringsOf([]Channel{ByMail, ByForm, ByPhone, ByChat, ByAPI, ByDesk}), where: column("t.channel")},
	{name: "service", where: serviceField},
	{name: "mailbox", also: []string{"to"}, where: mailboxField},
	{name: "messages", compared: true, where: numberField("t.messages")},
	{name: "number", also: []string{"id", "ticket"}, compared: true, where: numberField("t.id")},
	{name: "merged", compared: true, where: numberField("t.merged_into")},
}

// fieldNames are all names of fields.
var fieldNames = func() filter.Names {
	names := filter.Names{}
	for _, f := range fields {
		names[f.name] = f.name
		for _, a := range f.also {
			names[a] = f.name
		}
	}
	return names
}()

func fieldOf(name string) field {
	return fields[slices.IndexFunc(fields, func(f field) bool { return f.name == name })]
}

func stringsOf[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// check holds a value to what the field takes.
func (f field) check(v filter.Value) error {
	if v.Op != filter.Equal && !f.compared {
		if v.Op == filter.Between { // two dots may stand in a name
			return nil
		}
		return v.Wrong(i18n.M("“{{.Field}}” cannot be compared. Please write it without {{.Sign}}.", "Field", f.name+":", "Sign", string(v.Op)), v.Text)
	}
	if f.values == nil || f.compared || slices.Contains(f.values, strings.ToLower(v.Text)) {
		return nil
	}
	return f.wrong(v)
}

// wrong says which values there are.
func (f field) wrong(v filter.Value) error {
	return v.Wrong(i18n.M("“{{.Field}}” cannot be “{{.Value}}”. It takes {{.Values}}.", "Field", f.name+":", "Value", oneLine(v.Text, 80), "Values", strings.Join(f.values, ", ")),
		filter.Nearest(v.Text, f.values)...)
}

// text is what was typed, with the dots of what looked like a range.
func text(v filter.Value) string {
	if v.Op == filter.Between {
		return v.Text + ".." + v.To
	}
	return v.Text
}

// column compares a column with one of the field's words.
func column(name string) func(*narrowing, filter.Value) (string, error) {
	return func(n *narrowing, v filter.Value) (string, error) {
		return name + " = " + n.args.Add(strings.ToLower(v.Text)), nil
	}
}

// turnField knows whose move it is. A turn that few tickets have is looked up; among all that are open a list might walk far to
// find them. Ours is what most open tickets are.
func turnField(n *narrowing, v filter.Value) (string, error) {
	turn := strings.ToLower(v.Text)
	if turn != string(Ours) {
		ids, few, err := n.rare("turn "+turn, func(limit int) ([]int64, error) {
			return db.All[int64](n.ctx, n.tx, `SELECT id FROM ticket WHERE turn = $1 LIMIT $2`, turn, limit)
		})
		if err != nil || few {
			return n.in("t.id", ids), err
		}
	}
	return "t.turn = " + n.args.Add(turn), nil
}

// statusField knows the statuses, "unsolved" for all that are not done, and "done". SQLite uses an index
// for a column that is compared, and none for a bare one.
func statusField(n *narrowing, v filter.Value) (string, error) {
	word := strings.ToLower(v.Text)
	done := word == "done"
	switch {
	case done || word == "unsolved":
		if n.verb != person.SeeTicket { // is_open is FALSE for what is set aside, of which requesters are not told
			return "(t.status IN ('solved', 'closed')) = " + n.args.Add(done), nil
		}
		return "t.is_open = " + map[bool]string{true: "FALSE", false: "TRUE"}[done], nil
	}
	return "t.status = " + n.args.Add(word), nil
}

// priorityField compares in the order from low to urgent.
func priorityField(n *narrowing, v filter.Value) (string, error) {
	all := stringsOf(Priorities())
	at := func(word string, usual int) int {
		if word == "" {
			return usual
		}
		return slices.Index(all, strings.ToLower(word))
	}
	from, to := 0, len(all)-1
	switch i := at(v.Text, 0); v.Op {
	case filter.Between:
		from, to = i, at(v.To, to)
	case filter.Less:
		to = i - 1
	case filter.AtMost:
		to = i
	case filter.More:
		from = i + 1
	case filter.AtLeast:
		from = i
	default:
		from, to = i, i
	}
	if at(v.Text, 0) < 0 || to < 0 && v.Op != filter.Less || from < 0 {
		return "", fieldValues("priority", all).wrong(v)
	}
	if from > to || to < 0 {
		return "FALSE", nil
	}
	return "t.priority IN (" + db.List(n.args, all[from:to+1]) + ")", nil
}

// fieldValues is a field for its messages alone.
func fieldValues(name string, values []string) field { return field{name: name, values: values} }

// numberField compares a column of numbers.
func numberField(name string) func(*narrowing, filter.Value) (string, error) {
	return func(n *narrowing, v filter.Value) (string, error) {
		r, err := v.Numbers()
		switch {
		case err != nil:
			return "", err
		case r.From == r.To:
			return name + " = " + n.args.Add(r.From), nil
		}
		return name + " >= " + n.args.Add(r.From) + " AND " + name + " <= " + n.args.Add(r.To), nil
	}
}

// momentField compares a column of moments, in which 0 is never.
func momentField(name string) func(*narrowing, filter.Value) (string, error) {
	return func(n *narrowing, v filter.Value) (string, error) {
		if v.Op == filter.Equal && strings.EqualFold(v.Text, "never") {
			return name + " = 0", nil
		}
		s, err := v.Moments(n.tx.Now, i18n.ZoneOf(n.ctx), name == "t.snoozed_until" || name == "t.due_at")
		if err != nil {
			return "", err
		}
		hidden, err := n.hides(name, s)
		if err != nil {
			return "", err
		}
		sql := spanSQL(hidden+name, s, n.args)
		if name == "t.created_at" && s.From > 0 { // nothing happens to a ticket before it is there: the walk along activity ends so
			sql += " AND t.activity_at >= " + n.args.Add(s.From)
		}
		return sql, nil
	}
}

func spanSQL(column string, s filter.Span, args *db.Args) string {
	sql := column + " > 0"
	if s.From > 0 {
		sql = column + " >= " + args.Add(s.From)
	}
	if s.To != 0 {
		sql += " AND " + column + " < " + args.Add(s.To)
	}
	return sql
}

// hides gives a plus to stand before a column that SQLite shall not look up in an index: where many tickets are in the span,
// gathering all of them costs more than walking along the list until its page is full, and SQLite has no idea of what the
// other conditions cost.
func (n *narrowing) hides(column string, s filter.Span) (string, error) {
	indexed := column == "t.created_at" || column == "t.activity_at" || column == "t.waiting_since"
	if !indexed || n.walks == "" || n.walks == column || n.tx.Engine() != db.SQLite {
		return "", nil
	}
	ids, err := n.remembered(fmt.Sprint(column, s), func() ([]int64, error) {
		var args db.Args
		return db.All[int64](n.ctx, n.tx, "SELECT t.id FROM ticket t WHERE "+spanSQL(column, s, &args)+" LIMIT "+args.Add(rareList+1), args...)
	})
	if err != nil || len(ids) <= rareList {
		return "", err
	}
	return "+", nil
}
