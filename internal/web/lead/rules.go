package lead

import (
	"context"
	"net/http"
	"slices"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// rules answers GET /rules.
func (l *Lead) rules(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view RulesView
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		all, err := automation.List(ctx, tx)
		if err != nil {
			return err
		}
		ids, owners := make([]int64, len(all)), make([]int64, len(all))
		for i, x := range all {
			ids[i], owners[i] = x.ID, x.OwnerID
		}
		records, err := automation.Records(ctx, tx, ids)
		if err != nil {
			return err
		}
		names, err := person.Names(ctx, tx, owners)
		if err != nil {
			return err
		}
		for i, x := range all {
			view.Rules = append(view.Rules, RuleRow{
				ID: x.ID, Name: x.Name, Active: x.Active, What: summary(ctx, x.Definition), Stop: x.Definition.Stop, Owner: names[x.OwnerID], Record: records[x.ID],
				First: i == 0, Last: i == len(all)-1,
				Timed: slices.ContainsFunc(x.Definition.When, func(w automation.When) bool { return w.On.Timed() }),
			})
		}
		for _, m := range automation.Models(ctx, tx.Now.Time(), "") {
			if !slices.ContainsFunc(all, func(x automation.Rule) bool { return x.Model == m.Key }) {
				view.Models = append(view.Models, m)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, RulesPage(view))
}

// summary says in a line what a rule is about: "When a ticket comes, if team:network: add the tag vpn".
func summary(ctx context.Context, d automation.Definition) Summary {
	var s Summary
	for _, x := range d.When {
		s.When = append(s.When, x.Words(ctx, func(on automation.On, v string) string { return valueWords(ctx, on, v) }))
	}
	s.If = d.If
	for _, x := range d.Then {
		s.Then = append(s.Then, deedWords(ctx, x))
	}
	return s
}

// valueWords says a value of a condition in words.
func valueWords(ctx context.Context, on automation.On, v string) string {
	switch on {
	case automation.StatusChanged, automation.StatusFor:
		return ui.StatusWord(ctx, v)
	case automation.PriorityChanged:
		return ui.PriorityWord(ctx, v)
	case automation.KindChanged:
		return ui.KindWord(ctx, v)
	case automation.MessageIn:
		switch v {
		case "requester":
			return i18n.T(ctx, "the requester")
		case "program":
			return i18n.T(ctx, "a program")
		case "other":
			return i18n.T(ctx, "somebody else")
		}
	case automation.Woke:
		return wokenWords(ctx, v)
	case automation.Warned, automation.Breached:
		return promiseWords(ctx, v)
	}
	return v
}

// change runs a change of one rule.
func (l *Lead) change(r *http.Request, do func(ctx context.Context, tx *db.Tx, id int64) error) (int64, error) {
	id, err := page.Number(r, "id")
	if err != nil {
		return 0, err
	}
	if err := page.Form(r); err != nil {
		return id, err
	}
	ctx := r.Context()
	return id, l.Site.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx, id) })
}

// state answers POST /rules/{id}/state: on or off.
func (l *Lead) state(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var rule automation.Rule
	ctx := r.Context()
	id, err := l.change(r, func(ctx context.Context, tx *db.Tx, id int64) (err error) {
		rule, err = automation.Switch(ctx, tx, v.Actor, id, r.PostFormValue("to") == "on", r.PostFormValue("already") != "")
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		for _, why := range wrong {
			l.Site.Warn(w, i18n.T(ctx, "The rule cannot be switched on yet: {{.Why}}", "Why", why))
			break
		}
		return page.Goto(w, r, ruleURL(id))
	}
	if err != nil {
		return err
	}
	if rule.Active {
		l.Site.Tell(w, i18n.T(ctx, "“{{.Name}}” is on.", "Name", rule.Name))
	} else {
		l.Site.Tell(w, i18n.T(ctx, "“{{.Name}}” is off.", "Name", rule.Name))
	}
	return page.Goto(w, r, back(r, id))
}

// back is the page that a button was pressed on: the list, or the rule.
func back(r *http.Request, id int64) string {
	if r.PostFormValue("from") == "rule" {
		return ruleURL(id)
	}
	return rulesURL
}

// place answers POST /rules/{id}/place: up or down.
func (l *Lead) place(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	_, err := l.change(r, func(ctx context.Context, tx *db.Tx, id int64) error {
		return automation.Place(ctx, tx, v.Actor, id, r.PostFormValue("to") == "up")
	})
	if err != nil {
		return err
	}
	return page.Goto(w, r, rulesURL)
}

// remove answers POST /rules/{id}/removal, and restore POST /rules/{id}/restore.
func (l *Lead) remove(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := l.change(r, func(ctx context.Context, tx *db.Tx, id int64) error { return automation.Remove(ctx, tx, v.Actor, id) })
	if err != nil {
		return err
	}
	l.Site.TellUndo(w, i18n.T(r.Context(), "The rule is removed."), ruleURL(id)+"/restore")
	return page.Goto(w, r, rulesURL)
}

func (l *Lead) restore(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	_, err := l.change(r, func(ctx context.Context, tx *db.Tx, id int64) error { return automation.Restore(ctx, tx, v.Actor, id) })
	if err != nil {
		return err
	}
	l.Site.Tell(w, i18n.T(r.Context(), "The rule is there again, switched off."))
	return page.Goto(w, r, rulesURL)
}
