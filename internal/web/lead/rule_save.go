package lead

import (
	"context"
	"net/http"
	"strings"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
)

// draft is a rule as somebody is writing it.
type draft struct {
	automation.Rule
	AsText bool
	Text   string
	Wrong  map[string]string
	Place  *automation.TextError
	Focus  string // the name of the field that has the focus
	Blank  bool   // nothing was typed yet
}

// newRule answers GET /rules/new.
func (l *Lead) newRule(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	d := draft{AsText: r.URL.Query().Get("as") == "text", Blank: true}
	d.Definition = automation.Definition{When: []automation.When{{On: automation.Comes}}, Then: []automation.Deed{{Do: automation.Tag}}}
	if d.AsText {
		d.Text = "rule \nwhen a ticket comes\nif \nthen tag \n"
	}
	return l.show(w, r, v, http.StatusOK, d)
}

// rule answers GET /rules/{id}, with ?as=text in the plain-text form.
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
	return l.show(w, r, v, http.StatusOK, draft{Rule: rule, AsText: r.URL.Query().Get("as") == "text", Text: automation.Print(rule.Name, rule.Definition)})
}

// save answers POST /rules and POST /rules/{id}: it saves, or does what else the button that was pressed says.
func (l *Lead) save(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	if err := page.Form(r); err != nil {
		return err
	}
	d, err := l.readDraft(r)
	if err != nil && d.Wrong == nil {
		return err
	}
	if d.Wrong != nil {
		return l.show(w, r, v, http.StatusUnprocessableEntity, d)
	}
	act := r.PostFormValue("act")
	if press(&d, act) {
		return l.show(w, r, v, http.StatusOK, d)
	}
	if act == "try" {
		return l.startTrial(w, r, v, d)
	}
	made := d.ID == 0
	err = l.Site.DB.Write(ctx, func(tx *db.Tx) error {
		saved, err := automation.Save(ctx, tx, v.Actor, d.Rule)
		if err == nil {
			d.Rule = saved
		}
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		d.wrong(wrong)
		return l.show(w, r, v, http.StatusUnprocessableEntity, d)
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		d.Wrong, d.VersionID = map[string]string{"": i18n.Print(ctx, f.Message)}, 0
		return l.show(w, r, v, http.StatusConflict, d)
	}
	if err != nil {
		return err
	}
	if made {
		l.Site.Tell(w, i18n.T(ctx, "“{{.Name}}” is saved, and off. Try it on the last thirty days, then switch it on.", "Name", d.Name))
	} else {
		l.Site.Tell(w, i18n.T(ctx, "“{{.Name}}” is saved.", "Name", d.Name))
	}
	if d.AsText {
		return page.Goto(w, r, ruleURL(d.ID)+"?as=text")
	}
	return page.Goto(w, r, ruleURL(d.ID))
}

// readDraft reads what was typed, in either form.
func (l *Lead) readDraft(r *http.Request) (d draft, err error) {
	ctx := r.Context()
	if r.PathValue("id") != "" {
		if d.ID, err = page.Number(r, "id"); err != nil {
			return d, err
		}
	}
	d.VersionID = number(r.PostFormValue("was"))
	if !r.PostForm.Has("text") {
		rule := readForm(r)
		d.Name, d.Definition = rule.Name, rule.Definition
		return d, nil
	}
	act := r.PostFormValue("act")
	d.AsText, d.Text = act != "as-form", strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	name, def, err := automation.Parse(d.Text)
	d.Name, d.Definition = name, def
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		d.AsText, d.Wrong = true, wrong
		d.Place, _ = automation.WrongPlace(err)
	}
	return d, err
}

// wrong keeps what is wrong. In the plain-text form it all stands above the text.
func (d *draft) wrong(w map[string]string) { d.Wrong = w }

// trialTime is how long a page waits for a dry run before it says how far it is.
const trialTime = 1500 * time.Millisecond

// startTrial tries what was typed; nothing is saved.
func (l *Lead) startTrial(w http.ResponseWriter, r *http.Request, v page.Visit, d draft) error {
	ctx := r.Context()
	var id int64
	err := l.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = l.Rules.StartTrial(ctx, tx, v.Actor, d.Rule)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		d.wrong(wrong)
		return l.show(w, r, v, http.StatusUnprocessableEntity, d)
	}
	if err != nil {
		return err
	}
	if err := l.Rules.RunTrial(ctx, id, trialTime); err != nil {
		return err
	}
	return page.Goto(w, r, trialURL(id))
}

func (l *Lead) show(w http.ResponseWriter, r *http.Request, v page.Visit, status int, d draft) error {
	view := RuleView{ID: d.ID, Title: d.Name, URL: rulesURL, Name: d.Name, If: d.Definition.If, Stop: d.Definition.Stop, AsText: d.AsText, Text: d.Text, Was: d.VersionID, Wrong: d.Wrong, Place: d.Place}
	if d.ID != 0 {
		view.URL = ruleURL(d.ID)
	}
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		if err := choices(ctx, tx, v, &view); err != nil {
			return err
		}
		view.When, view.Then = whenRows(ctx, d), thenRows(ctx, d, view.Macros)
		if err := l.around(ctx, tx, v, d, &view); err != nil {
			return err
		}
		if d.Blank || status != http.StatusOK { // what is wrong comes first
			return nil
		}
		warnings, err := automation.Warnings(ctx, tx, v.Actor, d.Rule)
		for _, x := range warnings {
			view.Warnings = append(view.Warnings, i18n.Print(ctx, x))
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, RulePage(view))
}
