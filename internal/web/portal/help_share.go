package portal

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/handoff"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/web/page"
)

const shareURL = "/me/help"

// ShareView is what somebody shares who is asked for help.
type ShareView struct {
	Frame Frame
	// Link and Address are what they share; "" while they share nothing, or where no mailbox takes such addresses.
	Link, Address string
}

// share answers GET /me/help.
func (p *Portal) share(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, view := r.Context(), ShareView{Frame: p.frame(v)}
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		l, err := p.Helping.LinkOf(ctx, tx, v.Actor.ID)
		if err != nil || l.ID == 0 {
			return err
		}
		view.Link = p.URL() + "/with/" + l.Token
		view.Address, err = mailbox.HelperAddress(ctx, tx, l.Token)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, SharePage(view))
}

// changeShare answers POST /me/help: on, off, or renew.
func (p *Portal) changeShare(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var told string
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		switch r.PostFormValue("do") {
		case "on":
			_, err = p.Helping.SwitchOn(ctx, tx, v.Actor.ID)
			told = i18n.T(ctx, "You have a link to share now.")
		case "renew":
			_, err = p.Helping.Renew(ctx, tx, v.Actor.ID)
			told = i18n.T(ctx, "You have a new link. The old one is no longer good.")
		case "off":
			err = p.Helping.SwitchOff(ctx, tx, v.Actor.ID)
			told = i18n.T(ctx, "Your link is switched off.")
		default:
			return fault.Invalid(fault.F("do", i18n.M("Please choose one of: {{.Values}}.", "Values", "on, renew, off")))
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Site.Tell(w, told)
	return page.Goto(w, r, shareURL)
}

// HandedView is the page on which somebody who handed a request on chooses what becomes of it.
type HandedView struct {
	Frame Frame
	URL   string
	handoff.State
}

// handedPage answers GET /handed/{token}. It only asks: programs look at every link in a mail.
func (p *Portal) handedPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, view := r.Context(), HandedView{Frame: p.frame(v), URL: r.URL.Path}
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		view.State, err = p.Helping.Handed(ctx, tx, r.PathValue("token"))
		return err
	})
	if fault.Is(err, fault.KindNotFound) {
		err = errGone
	}
	if err != nil {
		return p.fail(w, r, v, err)
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	return page.Render(w, r, http.StatusOK, HandedPage(view))
}

// handedChoice answers POST /handed/{token}.
func (p *Portal) handedChoice(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var told string
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := p.Helping.Handed(ctx, tx, r.PathValue("token"))
		if fault.Is(err, fault.KindNotFound) {
			return errGone
		}
		if err != nil {
			return err
		}
		told, err = p.chosen(ctx, tx, s, r)
		return err
	})
	if err != nil {
		return p.fail(w, r, v, err)
	}
	p.Site.Tell(w, told)
	return page.Goto(w, r, r.URL.Path)
}

// chosen does what one of the page's buttons says, and gives the words that say that it is done.
func (p *Portal) chosen(ctx context.Context, tx *db.Tx, s handoff.State, r *http.Request) (told string, err error) {
	if text := r.PostFormValue("minutes"); text != "" {
		minutes, err := strconv.Atoi(text)
		if err != nil {
			minutes = 0
		}
		return i18n.T(ctx, "Noted."), p.Helping.NoteHanded(ctx, tx, s, minutes)
	}
	answer := handoff.Answer(r.PostFormValue("answer"))
	told = i18n.T(ctx, "Thank you. You can let go of it.")
	if answer == handoff.Stay {
		told = i18n.T(ctx, "You are kept in the loop: each answer comes to you as well.")
	}
	return told, p.Helping.Choose(ctx, tx, s, answer)
}

func (v HandedView) title(ctx context.Context) string {
	if v.Solved {
		return i18n.T(ctx, "It is solved")
	}
	return i18n.T(ctx, "We have it")
}
