package lead

import (
	"context"
	"net/http"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// around fills what stands around the editor of a rule that is saved.
func (l *Lead) around(ctx context.Context, tx *db.Tx, v page.Visit, d draft, view *RuleView) error {
	if d.ID == 0 {
		return nil
	}
	kept, err := automation.Get(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	view.Title, view.Active, view.Removed = kept.Name, kept.Active, kept.RemovedAt != 0
	if view.Was == 0 {
		view.Was = kept.VersionID
	}
	owner, err := person.Names(ctx, tx, []int64{kept.OwnerID})
	if err != nil {
		return err
	}
	view.Owner, view.Mine = owner[kept.OwnerID], kept.OwnerID == v.Actor.ID
	for _, w := range kept.Definition.When {
		view.Timed = view.Timed || w.On.Timed()
	}
	for _, x := range kept.Definition.Then {
		view.Webhook = view.Webhook || x.Do == automation.Webhook
	}
	if kept.Active {
		view.Next = l.Rules.Next(kept, tx.Now)
	}
	records, err := automation.Records(ctx, tx, []int64{d.ID})
	if err != nil {
		return err
	}
	view.Record = records[d.ID]
	if view.Record.Failed+view.Record.Held > 0 {
		for _, o := range []automation.Outcome{automation.Failed, automation.Held} {
			runs, err := automation.Runs(ctx, tx, v.Actor, d.ID, o, 0, 3)
			if err != nil {
				return err
			}
			view.Trouble = append(view.Trouble, runs...)
		}
	}
	view.Tabs = tabs(ctx, d.ID, view.URL)
	return nil
}

// tabs are the pages of one rule.
func tabs(ctx context.Context, id int64, here string) (out []ui.Tab) {
	for _, t := range []struct{ at, label string }{
		{ruleURL(id), i18n.T(ctx, "Rule")}, {ruleURL(id) + "/runs", i18n.T(ctx, "What it did")}, {ruleURL(id) + "/versions", i18n.T(ctx, "Versions")},
	} {
		out = append(out, ui.Tab{Label: t.label, URL: t.at, Here: t.at == here})
	}
	return out
}

const runsShown = 50

// runs answers GET /rules/{id}/runs: what the rule did, and what it could not do.
func (l *Lead) runs(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	view := RunsView{ID: id}
	only := automation.Outcome(r.URL.Query().Get("only"))
	err = l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		rule, err := automation.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		view.Title, view.Tabs = rule.Name, tabs(ctx, id, ruleURL(id)+"/runs")
		for _, o := range []automation.Outcome{"", automation.Acted, automation.Failed, automation.Held, automation.Sent} {
			url := ruleURL(id) + "/runs"
			if o != "" {
				url += "?only=" + string(o)
			}
			view.Only = append(view.Only, ui.Tab{Label: outcomeWords(ctx, o), URL: url, Here: o == only})
		}
		view.Runs, err = automation.Runs(ctx, tx, v.Actor, id, only, number(r.URL.Query().Get("before")), runsShown+1)
		if len(view.Runs) > runsShown {
			view.Runs = view.Runs[:runsShown]
			view.Pages.Older = ruleURL(id) + "/runs?only=" + string(only) + "&before=" + decimal(view.Runs[runsShown-1].ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, RunsPage(view))
}

func outcomeWords(ctx context.Context, o automation.Outcome) string {
	switch o {
	case automation.Acted:
		return i18n.C(ctx, "rule", "acted")
	case automation.Failed:
		return i18n.C(ctx, "rule", "failed")
	case automation.Held:
		return i18n.C(ctx, "rule", "held back")
	case automation.Sent:
		return i18n.C(ctx, "rule", "webhook sent")
	}
	return i18n.C(ctx, "rule", "all")
}

// versions answers GET /rules/{id}/versions.
func (l *Lead) versions(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	view := VersionsView{ID: id}
	err = l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		rule, err := automation.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		view.Title, view.Tabs = rule.Name, tabs(ctx, id, ruleURL(id)+"/versions")
		all, err := automation.Versions(ctx, tx, id)
		for i, x := range all {
			row := VersionRow{ID: x.ID, What: whatWords(ctx, x), At: x.At, Saved: x.What == "saved", Newest: x.ID == rule.VersionID}
			if row.Saved {
				before := ""
				for _, older := range all[i+1:] {
					if older.What == "saved" {
						before = automation.Print(older.Name, older.Definition)
						break
					}
				}
				row.Lines = differences(before, automation.Print(x.Name, x.Definition))
			}
			view.Versions = append(view.Versions, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, VersionsPage(view))
}

func whatWords(ctx context.Context, v automation.Version) string {
	switch v.What {
	case "on":
		return i18n.T(ctx, "{{.Name}} switched it on", "Name", v.By)
	case "off":
		return i18n.T(ctx, "{{.Name}} switched it off", "Name", v.By)
	case "removed":
		return i18n.T(ctx, "{{.Name}} removed it", "Name", v.By)
	case "restored":
		return i18n.T(ctx, "{{.Name}} had it back", "Name", v.By)
	}
	return i18n.T(ctx, "{{.Name}} saved it", "Name", v.By)
}

// bringBack answers POST /rules/{id}/versions/{version}: the rule becomes what it was, as a new version.
func (l *Lead) bringBack(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	version, err := page.Number(r, "version")
	if err != nil {
		return err
	}
	ctx := r.Context()
	id, err := l.change(r, func(ctx context.Context, tx *db.Tx, id int64) error {
		old, err := automation.VersionByID(ctx, tx, id, version)
		if err != nil {
			return err
		}
		_, err = automation.Save(ctx, tx, v.Actor, automation.Rule{ID: id, Name: old.Name, Definition: old.Definition})
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		for _, why := range wrong {
			l.Site.Warn(w, i18n.T(ctx, "This version cannot be brought back: {{.Why}}", "Why", why))
			break
		}
		return page.Goto(w, r, ruleURL(id)+"/versions")
	}
	if err != nil {
		return err
	}
	l.Site.Tell(w, i18n.T(ctx, "The rule is again as it was then."))
	return page.Goto(w, r, ruleURL(id))
}

// addModel answers POST /rules/models: a ready-made rule is added, switched off.
func (l *Lead) addModel(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var made []automation.Rule
	err := l.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		made, err = automation.AddModel(ctx, tx, v.Actor, r.PostFormValue("key"))
		return err
	})
	if err != nil {
		return err
	}
	l.Site.Tell(w, i18n.N(ctx, "The rule is added, and off. Look at it, change it as you like, then switch it on.", "The {{.Count}} rules are added, and off. Look at them, change them as you like, then switch them on.", len(made)))
	if len(made) == 1 {
		return page.Goto(w, r, ruleURL(made[0].ID))
	}
	return page.Goto(w, r, rulesURL)
}

// secret answers POST /rules/{id}/secret: the key that signs what the webhooks send, shown this once, or a new one.
func (l *Lead) secret(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view SecretView
	id, err := l.change(r, func(ctx context.Context, tx *db.Tx, id int64) error {
		rule, err := automation.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		view.ID, view.Title = id, rule.Name
		give := l.Rules.Secret
		if r.PostFormValue("new") != "" {
			give = l.Rules.NewSecret
		}
		view.Secret, err = give(ctx, tx, id)
		if err != nil {
			return err
		}
		return person.Audit(ctx, tx, v.Actor, "webhook secret shown", "rule "+decimal(id), rule.Name, v.Remote)
	})
	if err != nil {
		return err
	}
	if err := l.read(r, v, &view.Frame, func(ctx context.Context, _ *db.Tx) error {
		view.Tabs = tabs(ctx, id, "")
		return nil
	}); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.Render(w, r, http.StatusOK, SecretPage(view))
}
