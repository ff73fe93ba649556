package portal

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// The pages to which mails about small things lead. They only ask: programs look at every link in a mail, and the button does it.

// cutChoice runs do with the papercut of the token in the address, and shows what it gives.
func (p *Portal) cutChoice(w http.ResponseWriter, r *http.Request, v page.Visit, purpose papercut.Purpose, do func(ctx context.Context, tx *db.Tx, s papercut.Shown, who int64) (ChoiceView, error)) error {
	ctx := r.Context()
	run := p.Site.DB.Read
	if r.Method == http.MethodPost {
		run = p.Site.DB.Write
	}
	var view ChoiceView
	err := run(ctx, func(tx *db.Tx) error {
		id, who, ok := papercut.ReadToken(p.Site.Key, purpose, r.PathValue("token"))
		if !ok {
			return errGone
		}
		c, err := person.CircleOf(ctx, tx, who)
		if err != nil {
			return err
		}
		s, err := papercut.See(ctx, tx, c, papercut.Who{Person: who}, id)
		if fault.Is(err, fault.KindNotFound) {
			s, err = papercut.Shown{ID: id}, nil // taken back, or never theirs: the page tells nothing of it
		}
		if err != nil {
			return err
		}
		view, err = do(ctx, tx, s, who)
		return err
	})
	if err != nil {
		return p.fail(w, r, v, err)
	}
	view.Frame, view.URL = p.frame(v), r.URL.Path
	w.Header().Set("Referrer-Policy", "no-referrer")
	return page.Render(w, r, http.StatusOK, ChoicePage(view))
}

// cutTitle is the heading of such a page.
func cutTitle(ctx context.Context, s papercut.Shown) string {
	if s.Text == "" || !s.Mine {
		return i18n.T(ctx, "Small things")
	}
	return s.Text
}

// confirmPapercutPage answers GET /papercut-tell/{token}.
func (p *Portal) confirmPapercutPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.cutChoice(w, r, v, papercut.Confirm, func(ctx context.Context, _ *db.Tx, s papercut.Shown, _ int64) (ChoiceView, error) {
		return ChoiceView{Title: cutTitle(ctx, s), Text: i18n.T(ctx, "Do you want to hear from us when it is gone? You get one mail then, and nothing else."), Button: i18n.T(ctx, "Tell me when it is gone")}, nil
	})
}

// confirmPapercut answers POST /papercut-tell/{token}.
func (p *Portal) confirmPapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.cutChoice(w, r, v, papercut.Confirm, func(ctx context.Context, tx *db.Tx, s papercut.Shown, who int64) (ChoiceView, error) {
		view := ChoiceView{Title: cutTitle(ctx, s), Done: i18n.T(ctx, "You hear from us when it is gone."), Back: "/papercut", Way: i18n.T(ctx, "Small things")}
		err := p.Papercuts.Confirm(ctx, tx, s.ID, who)
		if fault.Is(err, fault.KindNotFound) {
			view.Done, err = i18n.T(ctx, "It was taken back meanwhile, so there is nothing to be told."), nil
		}
		return view, err
	})
}

// backPapercutPage answers GET /papercut-back/{token}.
func (p *Portal) backPapercutPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.cutChoice(w, r, v, papercut.Back, func(ctx context.Context, _ *db.Tx, s papercut.Shown, _ int64) (ChoiceView, error) {
		if !s.Mine {
			return ChoiceView{Title: cutTitle(ctx, s), Done: i18n.T(ctx, "Taken back, as if it had not been said."), Back: "/papercut", Way: i18n.T(ctx, "Small things")}, nil
		}
		return ChoiceView{Title: cutTitle(ctx, s), Text: i18n.T(ctx, "Shall we forget that you said this?"), Button: i18n.T(ctx, "Take it back")}, nil
	})
}

// backPapercut answers POST /papercut-back/{token}.
func (p *Portal) backPapercut(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.cutChoice(w, r, v, papercut.Back, func(ctx context.Context, tx *db.Tx, s papercut.Shown, who int64) (ChoiceView, error) {
		return ChoiceView{Title: cutTitle(ctx, s), Done: i18n.T(ctx, "Taken back, as if it had not been said."), Back: "/papercut", Way: i18n.T(ctx, "Small things")}, p.Papercuts.TakeBack(ctx, tx, papercut.Who{Person: who}, s.ID)
	})
}

// stopPapercutsPage answers GET /papercut-stop/{token}.
func (p *Portal) stopPapercutsPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.cutChoice(w, r, v, papercut.Quiet, func(ctx context.Context, _ *db.Tx, _ papercut.Shown, _ int64) (ChoiceView, error) {
		return ChoiceView{Title: i18n.T(ctx, "Small things"), Text: i18n.T(ctx, "Shall the mails about small things end? What you said still counts."), Button: i18n.T(ctx, "No more mails about small things")}, nil
	})
}

// stopPapercuts answers POST /papercut-stop/{token}.
func (p *Portal) stopPapercuts(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.cutChoice(w, r, v, papercut.Quiet, func(ctx context.Context, tx *db.Tx, _ papercut.Shown, who int64) (ChoiceView, error) {
		return ChoiceView{Title: i18n.T(ctx, "Small things"), Done: i18n.T(ctx, "You hear no more of small things by mail."), Back: "/papercut", Way: i18n.T(ctx, "Small things")}, papercut.Hush(ctx, tx, who, true)
	})
}
