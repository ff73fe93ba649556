package lead

import (
	"context"
	"net/http"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
)

// newRule answers GET /rules/new.
func (l *Lead) newRule(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.show(w, r, v, http.StatusOK, draft{Text: "rule \nwhen a ticket comes\nif \nthen tag \n"})
}

// rule answers GET /rules/{id}.
func (l *Lead) rule(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var rule automation.Rule
	err = l.Site.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		rule, err = automation.Get(r.Context(), tx, id)
		return err
	})
	if err != nil {
		return err
	}
	return l.show(w, r, v, http.StatusOK, draft{Rule: rule, Text: automation.Print(rule.Name, rule.Definition)})
}

// draft is a rule as somebody is writing it.
type draft struct {
	automation.Rule
	Text  string
	Wrong map[string]string
	Place *automation.TextError
}

// save answers POST /rules and POST /rules/{id}.
func (l *Lead) save(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	if err := page.Form(r); err != nil {
		return err
	}
	var d draft
	if r.PathValue("id") != "" {
		id, err := page.Number(r, "id")
		if err != nil {
			return err
		}
		d.ID = id
	}
	d.Text = r.PostFormValue("text")
	d.VersionID = number(r.PostFormValue("was"))
	name, def, err := automation.Parse(d.Text)
	if err == nil {
		d.Name, d.Definition = name, def
		err = l.Site.DB.Write(ctx, func(tx *db.Tx) error { return l.store(ctx, tx, v, &d) })
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		d.Wrong = wrong
		d.Place, _ = automation.WrongPlace(err)
		return l.show(w, r, v, http.StatusUnprocessableEntity, d)
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		d.Wrong, d.VersionID = map[string]string{"": i18n.Print(ctx, f.Message)}, 0
		return l.show(w, r, v, http.StatusConflict, d)
	}
	if err != nil {
		return err
	}
	l.Site.Tell(w, i18n.T(ctx, "“{{.Name}}” is saved.", "Name", d.Name))
	return page.Goto(w, r, ruleURL(d.ID))
}

func (l *Lead) store(ctx context.Context, tx *db.Tx, v page.Visit, d *draft) error {
	saved, err := automation.Save(ctx, tx, v.Actor, d.Rule)
	if err == nil {
		d.Rule = saved
	}
	return err
}

func (l *Lead) show(w http.ResponseWriter, r *http.Request, v page.Visit, status int, d draft) error {
	view := RuleView{ID: d.ID, Title: d.Name, URL: rulesURL, Text: d.Text, Was: d.VersionID, Wrong: d.Wrong}
	if d.ID != 0 {
		view.URL = ruleURL(d.ID)
	}
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		if d.ID != 0 {
			kept, err := automation.Get(ctx, tx, d.ID)
			if err != nil {
				return err
			}
			view.Title, view.Active = kept.Name, kept.Active
			if view.Was == 0 {
				view.Was = kept.VersionID
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, RulePage(view))
}
