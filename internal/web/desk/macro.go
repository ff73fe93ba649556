package desk

import (
	"context"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/lesson"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

const macrosURL = "/macros"

func macroURL(id int64) string { return macrosURL + "/" + decimal(id) }

// macros answers GET /macros: those that the visitor may use, narrowed by the query q.
func (d *Desk) macros(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	view := MacrosView{Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, macrosURL); err != nil {
			return err
		}
		all, err := macro.List(ctx, l.tx, v.Actor)
		if err != nil {
			return err
		}
		view.Any = len(all) > 0
		if view.Query != "" {
			all = macro.Find(all, view.Query)
		}
		ids := make([]int64, len(all))
		for i, m := range all {
			ids[i] = m.ID
		}
		pairs, err := lesson.Pairs(ctx, l.tx, ids)
		if err != nil {
			return err
		}
		for _, m := range all {
			shown, err := macroShown(ctx, l, m)
			if err != nil {
				return err
			}
			if p, ok := pairs[m.ID]; ok {
				shown.Pair = &p
			}
			if n := len(view.Folders); view.Query != "" || n == 0 || view.Folders[n-1].Name != m.Folder {
				if n == 0 || view.Query == "" {
					view.Folders = append(view.Folders, MacroFolder{Name: m.Folder})
				}
			}
			f := &view.Folders[len(view.Folders)-1]
			f.Macros = append(f.Macros, shown)
		}
		if view.Query != "" && len(view.Folders) > 0 {
			view.Folders[0].Name = ""
		}
		return nil
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, view.Frame, MacrosPage(view), nil)
}

// macroShown is a macro as lists show it.
func macroShown(ctx context.Context, l *look, m macro.Macro) (MacroShown, error) {
	shown := MacroShown{ID: m.ID, Name: m.Name, Shortcut: m.Shortcut, Used: int(m.Used), UsedAt: m.UsedAt, Risky: m.Risky(), Mine: macro.MayChange(l.visit.Actor, m), HasText: len(m.Texts) > 0}
	for _, lang := range i18n.Languages() {
		if text := m.Texts[lang.Code]; text != "" {
			shown.Languages = append(shown.Languages, lang.Code)
			if shown.Text == "" {
				shown.Text = text
			}
		}
	}
	var err error
	if len(m.Actions) > 0 {
		if shown.What, err = actionsInWords(ctx, l, m.Actions); err != nil {
			return shown, err
		}
	}
	switch m.Scope {
	case macro.Own:
		shown.For = i18n.T(ctx, "only you")
	case macro.All:
		shown.For = i18n.T(ctx, "everybody")
	case macro.Team:
		teams, err := l.allTeams(ctx)
		if err != nil {
			return shown, err
		}
		for _, t := range teams {
			if t.ID == m.TeamID {
				shown.For = t.Name
			}
		}
	}
	return shown, nil
}

// removeMacro answers POST /macros/{id}/removal, and restoreMacro POST /macros/{id}/restore.
func (d *Desk) removeMacro(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.setMacro(w, r, v, macro.Remove, func(id int64) {
		d.Site.TellUndo(w, i18n.T(r.Context(), "The macro is removed. It can be had back for thirty days."), macroURL(id)+"/restore")
	})
}

func (d *Desk) restoreMacro(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.setMacro(w, r, v, macro.Restore, func(int64) { d.Site.Tell(w, i18n.T(r.Context(), "The macro is there again.")) })
}

func (d *Desk) setMacro(w http.ResponseWriter, r *http.Request, v page.Visit, change changeMacro, tell func(id int64)) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return change(ctx, tx, v.Actor, id) }); err != nil {
		return err
	}
	tell(id)
	return page.Goto(w, r, macrosURL)
}

// changeMacro is macro.Remove or macro.Restore.
type changeMacro func(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error
