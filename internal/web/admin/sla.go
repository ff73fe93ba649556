package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// policies answers GET /admin/sla with the policies of both levels in their order.
func (a *Admin) policies(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view PoliciesView
	err := a.read(r, v, slaSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		all, err := sla.All(ctx, tx)
		for i, p := range all {
			row := PolicyRow{
				ID: p.ID, Name: p.Name, URL: path(slaSection, p.ID), Filter: p.Filter, Active: p.Active, Promises: promisedWords(ctx, p),
				First: i == 0 || all[i-1].Level != p.Level, Last: i == len(all)-1 || all[i+1].Level != p.Level,
			}
			if p.Level == sla.BetweenTeams {
				view.BetweenTeams = append(view.BetweenTeams, row)
			} else {
				view.ToRequesters = append(view.ToRequesters, row)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, PoliciesPage(view))
}

// promisedWords sums up what a policy promises: "first answer 1 h to 8 h, solution 8 h to 40 h".
func promisedWords(ctx context.Context, p sla.Policy) string {
	var parts []string
	for _, promise := range sla.Promises(p.Level) {
		least, most := int64(0), int64(0)
		for _, priority := range ticket.Priorities() {
			if ms := p.Target(promise, priority); ms > 0 {
				most = max(most, ms)
				if least == 0 || ms < least {
					least = ms
				}
			}
		}
		switch {
		case most == 0:
		case least == most:
			parts = append(parts, ui.PromiseWord(ctx, string(promise))+" "+i18n.Length(ctx, length(most)))
		default:
			parts = append(parts, i18n.T(ctx, "{{.Promise}} {{.From}} to {{.To}}", "Promise", ui.PromiseWord(ctx, string(promise)), "From", i18n.Length(ctx, length(least)), "To", i18n.Length(ctx, length(most))))
		}
	}
	return strings.Join(parts, ", ")
}

func (a *Admin) newPolicy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	p := sla.Policy{Level: sla.ToRequesters, Active: true}
	if r.URL.Query().Get("level") == string(sla.BetweenTeams) {
		p.Level = sla.BetweenTeams
	}
	p.Rests = map[ticket.Status][]sla.Promise{ticket.Pending: {sla.Solve, sla.InTeam}, ticket.OnHold: {sla.Solve, sla.InTeam}}
	return a.showPolicy(w, r, v, http.StatusOK, typedPolicy{Policy: p}, nil)
}

func (a *Admin) policy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var p sla.Policy
	err = a.Site.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		p, err = sla.ByID(r.Context(), tx, id)
		return err
	})
	if err != nil {
		return err
	}
	return a.showPolicy(w, r, v, http.StatusOK, typedPolicy{Policy: p, seen: p.VersionID}, nil)
}

// typedPolicy is a policy with what was typed for its times, which may be no times.
type typedPolicy struct {
	sla.Policy
	typed map[string]string // by field; nil for the policy's own
	seen  int64             // the version that the form was filled with; 0 for a new one
}

func (t typedPolicy) length(field string, ms int64) string {
	if t.typed != nil {
		return t.typed[field]
	}
	return sla.FormatLength(ms)
}

func (a *Admin) showPolicy(w http.ResponseWriter, r *http.Request, v page.Visit, status int, t typedPolicy, wrong map[string]string) error {
	ctx := r.Context()
	view := PolicyView{
		ID: t.ID, Seen: t.seen, Title: i18n.T(ctx, "New promise"), URL: string(slaSection), Wrong: len(wrong) > 0, Level: string(t.Level), Active: t.Active, Wall: t.Wall,
		Name: Field{t.Name, wrong["name"]}, Filter: Field{t.Filter, wrong["filter"]}, CalendarsError: wrong["calendars"], StaleError: wrong["seen"],
	}
	if t.ID != 0 {
		view.URL = path(slaSection, t.ID)
	}
	warns := make([]string, len(t.Warn))
	for i, w := range t.Warn {
		warns[i] = sla.FormatLength(w)
	}
	view.Warn = Field{strings.Join(warns, ", "), wrong["warn"]}
	if t.typed != nil {
		view.Warn.Value = t.typed["warn"]
	}
	for _, p := range sla.Promises(t.Level) {
		row := PolicyPromise{Name: string(p), Label: ui.PromiseWord(ctx, string(p)), Pending: t.RestsAt(p, ticket.Pending), Hold: t.RestsAt(p, ticket.OnHold)}
		for _, at := range slices.Backward(ticket.Priorities()) {
			name := string(p) + "." + string(at)
			row.Targets = append(row.Targets, PolicyTarget{Name: name, Priority: ui.PriorityWord(ctx, string(at)), Field: Field{t.length(name, t.Target(p, at)), wrong[name]}})
		}
		view.Promises = append(view.Promises, row)
	}
	err := a.read(r, v, slaSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		if t.ID != 0 {
			was, err := sla.ByID(ctx, tx, t.ID)
			if err != nil {
				return err
			}
			view.Title = was.Name
		}
		all, err := a.Calendars.All(ctx, tx)
		for _, c := range all {
			view.Calendars = append(view.Calendars, ui.Choice{Value: decimal(c.ID), Label: c.Name, Chosen: slices.Contains(t.Calendars, c.ID)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, PolicyPage(view))
}

// readPolicy reads the form of a policy. What is no time is a fault of its field.
func readPolicy(r *http.Request) (t typedPolicy, wrong []fault.Field) {
	form := r.PostFormValue
	t.typed = map[string]string{"warn": form("warn")}
	t.Name, t.Filter, t.Level = form("name"), form("filter"), sla.Level(form("level"))
	if t.Level != sla.BetweenTeams {
		t.Level = sla.ToRequesters
	}
	t.Active, t.Wall, t.Calendars = form("active") != "", form("count") == "wall", numbers(r.PostForm["calendar"])
	t.seen, _ = strconv.ParseInt(form("seen"), 10, 64)
	t.Targets = map[sla.Promise]map[ticket.Priority]int64{}
	read := func(field, text string) int64 {
		ms, ok := sla.ParseLength(text, t.Wall)
		if !ok {
			m := i18n.M("Please write it like 4h, 90m or 1h 30m. Leave it empty for no promise.")
			if _, days := sla.ParseLength(text, true); days {
				m = i18n.M("Please give it in hours: a working day has not 24 of them.")
			}
			wrong = append(wrong, fault.F(field, m))
		}
		return ms
	}
	for _, p := range sla.Promises(t.Level) {
		t.Targets[p] = map[ticket.Priority]int64{}
		for _, at := range ticket.Priorities() {
			name := string(p) + "." + string(at)
			t.typed[name] = form(name)
			if ms := read(name, form(name)); ms != 0 {
				t.Targets[p][at] = ms
			}
		}
	}
	for one := range strings.FieldsFuncSeq(form("warn"), func(r rune) bool { return r == ',' || r == ';' }) {
		if one = strings.TrimSpace(one); one != "" {
			t.Warn = append(t.Warn, read("warn", one))
		}
	}
	t.Rests = map[ticket.Status][]sla.Promise{}
	for _, s := range []ticket.Status{ticket.Pending, ticket.OnHold} {
		for _, p := range sla.Promises(t.Level) {
			if slices.Contains(r.PostForm["rest."+string(s)], string(p)) {
				t.Rests[s] = append(t.Rests[s], p)
			}
		}
	}
	return t, wrong
}

func (a *Admin) savePolicy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	t, wrong := readPolicy(r)
	if r.PathValue("id") != "" {
		var err error
		if t.ID, err = page.Number(r, "id"); err != nil {
			return err
		}
	}
	ctx := r.Context()
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if err := t.Check(ctx, tx, a.Calendars, v.Actor); err != nil || len(wrong) > 0 {
			f, known := fault.Of(err)
			if err != nil && !known {
				return err
			}
			if known {
				for _, x := range f.Fields { // what cannot be read is not too little as well
					if !slices.ContainsFunc(wrong, func(y fault.Field) bool { return y.Name == x.Name }) {
						wrong = append(wrong, x)
					}
				}
			}
			return fault.Check(wrong)
		}
		was := sla.Policy{}
		if t.ID != 0 {
			var err error
			if was, err = sla.ByID(ctx, tx, t.ID); err != nil {
				return err
			}
			if was.VersionID != t.seen {
				return fault.Invalid(fault.F("seen", i18n.M("Somebody else has changed this policy meanwhile. Look at it in another window; to keep what you typed here instead, save once more.")))
			}
		}
		id, err := sla.Save(ctx, tx, a.Calendars, v.Actor, t.Policy)
		if err != nil {
			return err
		}
		action := "policy changed"
		if t.ID == 0 {
			action = "policy added"
		}
		if err := audit(ctx, tx, v, action, "policy", id, changes(change("name", was.Name, t.Name), change("filter", was.Filter, t.Filter), change("active", yesNo(was.Active), yesNo(t.Active)))); err != nil {
			return err
		}
		return a.recount(ctx, tx)
	})
	if said, ok := page.FieldErrors(ctx, err); ok {
		if said["seen"] != "" {
			if err := a.Site.DB.Read(ctx, func(tx *db.Tx) error {
				now, err := sla.ByID(ctx, tx, t.ID)
				t.seen = now.VersionID
				return err
			}); err != nil {
				return err
			}
		}
		return a.showPolicy(w, r, v, http.StatusUnprocessableEntity, t, said)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "“{{.Name}}” is saved. Open tickets are counted anew now; what they have used stays.", "Name", t.Name), string(slaSection))
}

// recount has open tickets looked at again.
func (a *Admin) recount(ctx context.Context, tx *db.Tx) error {
	if a.Promises == nil {
		return nil
	}
	return a.Promises.Recount(ctx, tx)
}

// movePolicy answers POST /admin/sla/{id}/move: one place up, or down.
func (a *Admin) movePolicy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changePolicy(w, r, v, "policy moved", func(ctx context.Context, tx *db.Tx, p sla.Policy) error {
		return sla.Move(ctx, tx, v.Actor, p.ID, r.PostFormValue("to") == "down")
	}, func(ctx context.Context, _ sla.Policy) string { return i18n.T(ctx, "The order has changed.") })
}

// removePolicy answers POST /admin/sla/{id}/removal.
func (a *Admin) removePolicy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changePolicy(w, r, v, "policy removed", func(ctx context.Context, tx *db.Tx, p sla.Policy) error { return sla.Remove(ctx, tx, v.Actor, p.ID) },
		func(ctx context.Context, p sla.Policy) string {
			return i18n.T(ctx, "“{{.Name}}” is removed.", "Name", p.Name)
		})
}

func (a *Admin) changePolicy(w http.ResponseWriter, r *http.Request, v page.Visit, action string, do func(context.Context, *db.Tx, sla.Policy) error, said func(context.Context, sla.Policy) string) error {
	id, err := page.Number(r, "id")
	if err == nil {
		err = page.Form(r)
	}
	if err != nil {
		return err
	}
	ctx := r.Context()
	var p sla.Policy
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = sla.ByID(ctx, tx, id); err != nil {
			return err
		}
		if err := do(ctx, tx, p); err != nil {
			return err
		}
		if err := audit(ctx, tx, v, action, "policy", id, p.Name); err != nil {
			return err
		}
		return a.recount(ctx, tx)
	})
	if err != nil {
		return err
	}
	return a.done(w, r, said(ctx, p), string(slaSection))
}
