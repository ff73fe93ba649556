package admin

import (
	"context"
	"errors"
	"net/http"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
)

// calendars answers GET /admin/calendars.
func (a *Admin) calendars(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view CalendarsView
	err := a.read(r, v, calendarSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		all, err := a.Calendars.All(ctx, tx)
		if err != nil {
			return err
		}
		for i, row := range all {
			_, c, err := a.Calendars.ByID(ctx, tx, row.ID)
			if err != nil {
				return err
			}
			today := calendar.DateAt(tx.Now.Time().In(c.Location(tx.Now)))
			view.Calendars = append(view.Calendars, CalendarRow{
				Name: row.Name, URL: path(calendarSection, row.ID), Zone: c.Location(tx.Now).String(), Hours: weekWords(ctx, row.Definition.Hours), Next: nextWords(ctx, c, today), Standard: i == 0,
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, CalendarsPage(view))
}

func (a *Admin) newCalendar(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showCalendar(w, r, v, http.StatusOK, formOf(calendar.Row{Definition: calendar.Standard(a.deskZone())}), nil)
}

func (a *Admin) calendar(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	row, err := a.getCalendar(r)
	if err != nil {
		return err
	}
	return a.showCalendar(w, r, v, http.StatusOK, formOf(row), nil)
}

// getCalendar finds the calendar that the address names, or gives fault.NotFound; a zero row where it names none.
func (a *Admin) getCalendar(r *http.Request) (row calendar.Row, err error) {
	if r.PathValue("id") == "" {
		return row, nil
	}
	id, err := page.Number(r, "id")
	if err != nil {
		return row, err
	}
	err = a.Site.DB.Read(r.Context(), func(tx *db.Tx) error {
		row, _, err = a.Calendars.ByID(r.Context(), tx, id)
		return err
	})
	return row, err
}

// saveCalendar saves what is typed; with another button it only shows what comes of it, reads a file, or adds rows.
func (a *Admin) saveCalendar(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	stored, err := a.getCalendar(r)
	if err != nil {
		return err
	}
	f := readCalendar(r, stored.ID, v.Now)
	row, wrong := f.row(r.Context())
	do := r.PostFormValue("do")
	if len(wrong) > 0 && do != "more" {
		return a.showCalendar(w, r, v, http.StatusUnprocessableEntity, f, wrong)
	}
	if (do != "" && do != "save") || len(f.left) > 0 {
		if do == "more" {
			f.rows += addedRows
			wrong = nil
		}
		return a.showCalendar(w, r, v, http.StatusOK, f, wrong)
	}
	ctx := r.Context()
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error { return a.storeCalendar(ctx, tx, v, row) })
	if fault.Is(err, fault.KindConflict) {
		return a.showConflict(w, r, v, f, stored.ID)
	}
	if bad, ok := fault.Of(err); ok && bad.Kind == fault.KindInvalid {
		return a.showCalendar(w, r, v, http.StatusUnprocessableEntity, f, f.words(ctx, bad))
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The calendar {{.Name}} is saved.", "Name", row.Name), string(calendarSection))
}

// storeCalendar saves a calendar and writes down what changed.
func (a *Admin) storeCalendar(ctx context.Context, tx *db.Tx, v page.Visit, row calendar.Row) error {
	var was calendar.Row
	if row.ID != 0 {
		var err error
		if was, _, err = a.Calendars.ByID(ctx, tx, row.ID); err != nil {
			return err
		}
	}
	saved, err := a.Calendars.Save(ctx, tx, row)
	if err != nil {
		return err
	}
	said := calendarChanges(was, saved)
	if said == "" {
		return nil
	}
	action := "calendar changed"
	if row.ID == 0 {
		action = "calendar added"
	}
	return audit(ctx, tx, v, action, "calendar", saved.ID, said)
}

// showConflict gives the form back to somebody who was not the first, with what the other one saved.
func (a *Admin) showConflict(w http.ResponseWriter, r *http.Request, v page.Visit, f calendarForm, id int64) error {
	err := a.Site.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		now, _, err := a.Calendars.ByID(r.Context(), tx, id)
		f.version, f.now = now.VersionID, &now
		return err
	})
	if err != nil {
		return err
	}
	return a.showCalendar(w, r, v, http.StatusConflict, f, nil)
}

// removeCalendar answers POST /admin/calendars/{id}/removal.
func (a *Admin) removeCalendar(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	row, err := a.getCalendar(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if err := a.Calendars.Remove(ctx, tx, row.ID); err != nil {
			return err
		}
		return audit(ctx, tx, v, "calendar removed", "calendar", row.ID, row.Name)
	})
	var refused *fault.Error
	if errors.As(err, &refused) && refused.Kind == fault.KindConflict {
		return a.done(w, r, i18n.Print(ctx, refused.Message), path(calendarSection, row.ID))
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The calendar {{.Name}} is removed.", "Name", row.Name), string(calendarSection))
}

// showCalendar renders the form; wrong is by field of the form.
func (a *Admin) showCalendar(w http.ResponseWriter, r *http.Request, v page.Visit, status int, f calendarForm, wrong map[string]string) error {
	view := f.view(r.Context(), wrong)
	view.Title, view.URL, view.Zones = i18n.T(r.Context(), "New calendar"), string(calendarSection), zoneSuggestions()
	err := a.read(r, v, calendarSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		if f.id == 0 {
			return nil
		}
		row, _, err := a.Calendars.ByID(ctx, tx, f.id)
		if err != nil {
			return err
		}
		standard, _, err := a.Calendars.Standard(ctx, tx)
		view.Title, view.URL, view.Standard = row.Name, path(calendarSection, f.id), standard.ID == f.id
		if !view.Standard {
			view.Remove = path(calendarSection, f.id, "removal")
		}
		return err
	})
	if err != nil {
		return err
	}
	view.Preview = f.preview(r.Context(), v.Now)
	return page.Render(w, r, status, CalendarPage(view))
}
