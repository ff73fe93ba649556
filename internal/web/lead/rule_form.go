package lead

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/automation"
	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// The form has every field of every kind of line; those that do not belong to the chosen kind are not shown, and not read.

// readForm reads a rule from the form.
func readForm(r *http.Request) automation.Rule {
	f := r.PostForm
	rule := automation.Rule{Name: f.Get("name")}
	rule.Definition.If = strings.TrimSpace(f.Get("if"))
	rule.Definition.Stop = f.Get("stop") != ""
	for i := 0; f.Has(fmt.Sprintf("when-%d-on", i)); i++ {
		rule.Definition.When = append(rule.Definition.When, readWhen(f, fmt.Sprintf("when-%d-", i)))
	}
	for i := 0; f.Has(fmt.Sprintf("then-%d-do", i)); i++ {
		rule.Definition.Then = append(rule.Definition.Then, readDeed(f, fmt.Sprintf("then-%d-", i)))
	}
	return rule
}

func readWhen(f map[string][]string, at string) automation.When {
	get := func(name string) string { return strings.TrimSpace(strings.Join(f[at+name], "")) }
	w := automation.When{On: automation.On(get("on"))}
	switch w.On {
	case automation.StatusChanged, automation.PriorityChanged, automation.KindChanged:
		w.From, w.To = f[at+string(w.On)+"-from"], f[at+string(w.On)+"-to"]
	case automation.MessageIn, automation.Woke:
		w.From = f[at+string(w.On)+"-from"]
	case automation.Warned, automation.Breached:
		w.To = f[at+"promise-to"]
	case automation.TeamChanged, automation.AssigneeChanged:
		w.From, w.To = split(get("from")), split(get("to"))
	case automation.TagAdded:
		w.To = split(get("tags"))
	case automation.TagRemoved:
		w.From = split(get("tags"))
	case automation.StatusFor:
		w.To = f[at+"status-for"]
	case automation.Recurs:
		w.Every, w.Start, w.Zone = strings.TrimPrefix(strings.ToUpper(get("every")), "RRULE:"), strings.Replace(get("start"), "T", " ", 1), get("zone")
	}
	if w.On.Timed() {
		w.For.N, _ = strconv.Atoi(get("n"))
		unit, working := strings.CutPrefix(get("unit"), "working-")
		w.For.Unit, w.For.Working = automation.Unit(unit), working
		if working {
			w.For.Calendar = get("calendar")
		}
	}
	if len(w.From) == 0 {
		w.From = nil
	}
	if len(w.To) == 0 {
		w.To = nil
	}
	return w
}

func readDeed(f map[string][]string, at string) automation.Deed {
	get := func(name string) string { return strings.TrimSpace(strings.Join(f[at+name], "")) }
	d := automation.Deed{Do: automation.Do(get("do"))}
	switch d.Do {
	case automation.Note, automation.Reply, automation.Notify, automation.Create:
		d.Text = get("text")
	case automation.Wake, automation.Trash:
	default:
		d.Value = get(field(d.Do))
	}
	switch d.Do {
	case automation.Reply:
		if d.Macro, _ = strconv.ParseInt(get("macro"), 10, 64); d.Macro != 0 {
			d.Text = ""
		}
	case automation.Notify:
		d.To = split(get("tell"))
	case automation.Create:
		d.Value, d.To, d.Team = get("subject"), split(get("for")), get("team")
	}
	return d
}

// field names the input that has the value of a deed.
func field(do automation.Do) string {
	switch do {
	case automation.Assign, automation.Follow, automation.Unfollow:
		return "who"
	case automation.MoveTo:
		return "team"
	case automation.Tag, automation.Untag:
		return "tag"
	}
	return string(do)
}

func split(s string) (out []string) {
	for v := range strings.SplitSeq(s, ",") {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// press does what a button of the form says that changes the form and nothing else; done says that it was one.
func press(d *draft, act string) (done bool) {
	def := &d.Definition
	what, at, _ := strings.Cut(act, ":")
	i, _ := strconv.Atoi(at)
	switch {
	case what == "add-when" && len(def.When) < 10:
		def.When = append(def.When, automation.When{On: automation.Comes})
		d.Focus = fmt.Sprintf("when-%d-on", len(def.When)-1)
	case what == "add-then" && len(def.Then) < 20:
		def.Then = append(def.Then, automation.Deed{Do: automation.Tag})
		d.Focus = fmt.Sprintf("then-%d-do", len(def.Then)-1)
	case what == "drop-when" && i >= 0 && i < len(def.When) && len(def.When) > 1:
		def.When = slices.Delete(def.When, i, i+1)
		d.Focus = fmt.Sprintf("when-%d-on", max(i-1, 0))
	case what == "drop-then" && i >= 0 && i < len(def.Then) && len(def.Then) > 1:
		def.Then = slices.Delete(def.Then, i, i+1)
		d.Focus = fmt.Sprintf("then-%d-do", max(i-1, 0))
	case what == "up-then" && i > 0 && i < len(def.Then):
		def.Then[i-1], def.Then[i] = def.Then[i], def.Then[i-1]
		d.Focus = fmt.Sprintf("then-%d-do", i-1)
	case what == "as-text":
		d.AsText, d.Text = true, automation.Print(d.Name, *def)
	case what == "as-form":
	default:
		return false
	}
	return true
}

// choices loads what the form offers.
func choices(ctx context.Context, tx *db.Tx, v page.Visit, view *RuleView) error {
	teams, err := person.VisibleTeams(ctx, tx, v.Actor)
	if err != nil {
		return err
	}
	for _, t := range teams {
		view.Teams = append(view.Teams, ui.Suggestion{Value: t.Slug, Label: t.Name})
	}
	staff, err := person.Staff(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range staff {
		if p.Address != "" {
			view.Staff = append(view.Staff, ui.Suggestion{Value: p.Address, Label: p.Name})
		}
	}
	macros, err := macro.List(ctx, tx, v.Actor)
	if err != nil {
		return err
	}
	for _, m := range macros {
		if len(m.Texts) > 0 {
			view.Macros = append(view.Macros, ui.Choice{Value: decimal(m.ID), Label: m.Name})
		}
	}
	rows, err := new(calendar.Store).All(ctx, tx)
	for i, c := range rows {
		if i > 0 {
			view.Calendars = append(view.Calendars, c.Name)
		}
		if i == 0 {
			view.Standard = c.Name
		}
		view.Days = append(view.Days, i18n.T(ctx, "{{.Calendar}}: a working day is {{.Hours}}", "Calendar", c.Name, "Hours", hours(ctx, c)))
	}
	return err
}

// hours says how long a working day of a calendar is.
func hours(ctx context.Context, c calendar.Row) string {
	minutes := int(automation.WorkingDay(c.Definition).Minutes())
	if minutes%60 == 0 {
		return i18n.N(ctx, "{{.Count}} hour", "{{.Count}} hours", minutes/60)
	}
	return i18n.T(ctx, "{{.Hours}} h {{.Minutes}} min", "Hours", minutes/60, "Minutes", minutes%60)
}

// ticks are the values of a condition as boxes to tick.
func ticks(ctx context.Context, on automation.On, all, chosen []string, name string) Ticks {
	t := Ticks{Name: name}
	for _, v := range all {
		t.Choices = append(t.Choices, ui.Choice{Value: v, Label: valueWords(ctx, on, v), Chosen: slices.Contains(chosen, v)})
	}
	return t
}

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// whenRows are the lines of what sets the rule going.
func whenRows(ctx context.Context, d draft) (out []WhenRow) {
	for i, w := range d.Definition.When {
		at := fmt.Sprintf("when-%d", i)
		row := WhenRow{At: at, Index: i, Only: len(d.Definition.When) == 1, When: w, Error: d.Wrong[at], Focus: d.Focus == at+"-on"}
		row.Kinds = kinds(automation.Ons(), w.On, func(o automation.On) string { return onWords(ctx, o) })
		if len(d.Definition.When) > 1 {
			row.Kinds = slices.DeleteFunc(row.Kinds, func(c ui.Choice) bool { return c.Value == string(automation.Recurs) && !c.Chosen })
		}
		if w.On.Timed() && w.For.N > 0 {
			row.N = strconv.Itoa(w.For.N)
		}
		unit := string(w.For.Unit)
		if w.For.Working {
			unit = "working-" + unit
		}
		if unit == "" {
			unit = "working-days"
		}
		row.Units = kinds([]string{"minutes", "hours", "days", "working-minutes", "working-hours", "working-days"}, unit, func(u string) string { return unitWords(ctx, u) })
		of := func(on automation.On, values []string) []string {
			if w.On == on {
				return values
			}
			return nil
		}
		for on, all := range map[automation.On][]string{automation.StatusChanged: texts(ticket.Statuses()), automation.PriorityChanged: texts(ticket.Priorities()), automation.KindChanged: texts(ticket.Kinds())} {
			row.Changes = append(row.Changes, ChangeTicks{On: on, From: ticks(ctx, on, all, of(on, w.From), at+"-"+string(on)+"-from"), To: ticks(ctx, on, all, of(on, w.To), at+"-"+string(on)+"-to")})
		}
		slices.SortFunc(row.Changes, func(a, b ChangeTicks) int { return strings.Compare(string(a.On), string(b.On)) })
		row.StatusFor = ticks(ctx, automation.StatusFor, texts(ticket.Statuses()), of(automation.StatusFor, w.To), at+"-status-for")
		row.MessageFrom = ticks(ctx, automation.MessageIn, []string{"requester", "other", "program"}, of(automation.MessageIn, w.From), at+"-message_in-from")
		row.WokenBy = ticks(ctx, automation.Woke, []string{"time", "answer", "status", "reply"}, of(automation.Woke, w.From), at+"-woke-from")
		row.Promises = ticks(ctx, automation.Warned, []string{"first_answer", "next_answer", "solve", "team"}, append(of(automation.Warned, w.To), of(automation.Breached, w.To)...), at+"-promise-to")
		switch w.On {
		case automation.TeamChanged, automation.AssigneeChanged:
			row.From, row.To = strings.Join(w.From, ", "), strings.Join(w.To, ", ")
		case automation.TagAdded, automation.TagRemoved:
			row.Tags = strings.Join(append(w.From, w.To...), ", ")
		}
		out = append(out, row)
	}
	return out
}

// thenRows are the lines of what the rule does.
func thenRows(ctx context.Context, d draft, macros []ui.Choice) (out []ThenRow) {
	offered := append(automation.Deeds(), automation.Create)
	for i, x := range d.Definition.Then {
		at := fmt.Sprintf("then-%d", i)
		row := ThenRow{At: at, Index: i, Only: len(d.Definition.Then) == 1, Deed: x, Error: d.Wrong[at], Focus: d.Focus == at+"-do", To: strings.Join(x.To, ", ")}
		row.Kinds = kinds(offered, x.Do, func(o automation.Do) string { return doWords(ctx, o) })
		row.Statuses = kinds(texts(ticket.Statuses()[1:]), x.Value, func(v string) string { return ui.StatusWord(ctx, v) })
		row.Priorities = kinds(texts(ticket.Priorities()), x.Value, func(v string) string { return ui.PriorityWord(ctx, v) })
		row.KindsOf = kinds(texts(ticket.Kinds()), x.Value, func(v string) string { return ui.KindWord(ctx, v) })
		row.Macros = []ui.Choice{{Label: i18n.T(ctx, "no macro: the text below"), Chosen: x.Macro == 0}}
		for _, m := range macros {
			m.Chosen = m.Value == decimal(x.Macro)
			row.Macros = append(row.Macros, m)
		}
		if x.Macro != 0 && !slices.ContainsFunc(row.Macros, func(c ui.Choice) bool { return c.Chosen }) {
			row.Macros = append(row.Macros, ui.Choice{Value: decimal(x.Macro), Label: i18n.T(ctx, "a macro that is not yours to see"), Chosen: true})
		}
		out = append(out, row)
	}
	return out
}

func kinds[T ~string](all []T, chosen T, word func(T) string) (out []ui.Choice) {
	for _, v := range all {
		out = append(out, ui.Choice{Value: string(v), Label: word(v), Chosen: v == chosen})
	}
	return out
}
