package admin

import (
	"context"
	"net/http"
	"strings"

	"goodturn/internal/care"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/thanks"
	"goodturn/internal/web/page"
)

// CareView is what the desk does for whoever answers, and with thanks.
type CareView struct {
	Frame  Frame
	Care   care.Setting
	Thanks thanks.Setting
}

// care answers GET /admin/care.
func (a *Admin) care(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view CareView
	err := a.read(r, v, careSection, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Care, err = care.ReadSetting(ctx, tx); err != nil {
			return err
		}
		view.Thanks, err = thanks.ReadSetting(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, CarePage(view))
}

// saveCare answers POST /admin/care.
func (a *Admin) saveCare(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	off := func(name string) bool { return r.PostFormValue(name) == "" }
	var on []string
	for _, name := range []string{"mail", "month", "fold", "threat", "spread", "pause"} {
		if !off(name) {
			on = append(on, name)
		}
	}
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if err := (thanks.Setting{NoMail: off("mail"), NoDigest: off("month")}).Save(ctx, tx); err != nil {
			return err
		}
		if err := (care.Setting{NoFold: off("fold"), NoThreat: off("threat"), NoSpread: off("spread"), NoPause: off("pause")}).Save(ctx, tx); err != nil {
			return err
		}
		return audit(ctx, tx, v, "care changed", "care", 1, strings.Join(on, ", "))
	})
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "Saved."), string(careSection))
}
