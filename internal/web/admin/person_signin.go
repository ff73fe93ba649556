package admin

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// endSessions signs somebody out in every browser; whoever does it to themselves stays signed in here.
func (a *Admin) endSessions(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	p, _, err := a.getPerson(r)
	if err != nil {
		return err
	}
	return a.changePerson(w, r, p, func(ctx context.Context, tx *db.Tx) (i18n.Text, error) {
		but, words := int64(0), i18n.M("{{.Name}} is signed out everywhere.", "Name", shownName(p))
		if p.ID == v.Actor.ID {
			but, words = v.Session, i18n.M("You are signed out everywhere but here.")
		}
		if err := person.EndSessions(ctx, tx, p.ID, but); err != nil {
			return words, err
		}
		return words, audit(ctx, tx, v, "signed out everywhere", "person", p.ID, "")
	})
}

// endTOTP turns somebody's second factor off.
func (a *Admin) endTOTP(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	p, _, err := a.getPerson(r)
	if err != nil {
		return err
	}
	return a.changePerson(w, r, p, func(ctx context.Context, tx *db.Tx) (i18n.Text, error) {
		has, err := person.HasTOTP(ctx, tx, p.ID)
		if err != nil || !has {
			return i18n.M("There was no second step to turn off."), err
		}
		return i18n.M("The second step is off. It can be set up anew at any time."), person.TurnOffTOTP(ctx, tx, v.Actor, p.ID, v.Remote)
	})
}

// invite mails somebody how to sign in.
func (a *Admin) invite(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	p, _, err := a.getPerson(r)
	if err != nil {
		return err
	}
	return a.changePerson(w, r, p, func(ctx context.Context, tx *db.Tx) (i18n.Text, error) {
		if a.Invite == nil || !p.Active || p.Address == "" {
			return i18n.Text{}, fault.Conflict(i18n.M("No mail can be sent to this person: there is no address, or they may not sign in."))
		}
		return i18n.M("A mail is on its way to {{.Address}}.", "Address", p.Address), a.mailInvitation(ctx, tx, v, p)
	})
}
