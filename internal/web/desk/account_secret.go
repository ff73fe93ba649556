package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/web/page"
)

// savePassword answers POST /account/password. Whoever has a password says it first; all other sessions end.
func (d *Desk) savePassword(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	err := d.changePassword(ctx, v, r.PostFormValue("old"), r.PostFormValue("new"))
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.accountPage(w, r, v, http.StatusUnprocessableEntity, func(a *AccountView) {
			a.OldPasswordError, a.NewPasswordError = wrong["old"], wrong["password"]
		})
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Your password is changed. You are signed out everywhere else."))
	return page.Goto(w, r, "/account")
}

func (d *Desk) changePassword(ctx context.Context, v page.Visit, old, fresh string) error {
	has, err := d.keys(ctx, v)
	if err != nil {
		return err
	}
	if has.Password != "" {
		ok, err := d.knows(ctx, v, has.Password, old)
		if err != nil {
			return err
		}
		if !ok {
			return fault.Invalid(fault.F("old", i18n.M("This is not the password that you have now.")))
		}
	}
	if err := d.Site.Door.SetPassword(ctx, v.Actor.ID, fresh); err != nil {
		return err
	}
	return d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if err := person.EndSessions(ctx, tx, v.Actor.ID, v.Session); err != nil {
			return err
		}
		return person.Audit(ctx, tx, v.Actor, "password changed", "person "+decimal(v.Actor.ID), "", v.Remote)
	})
}

// keys are what somebody signs in with, as stored.
type keys struct {
	Password   string
	TOTPSecret string `db:"totp_secret"`
	TOTPStep   int64  `db:"totp_step"`
}

func (d *Desk) keys(ctx context.Context, v page.Visit) (k keys, err error) {
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		k, err = db.One[keys](ctx, tx, `SELECT password, totp_secret, totp_step FROM person WHERE id = $1`, v.Actor.ID)
		return err
	})
	return k, err
}

// knows checks a password of somebody signed in, who may guess no more often than somebody at the door.
func (d *Desk) knows(ctx context.Context, v page.Visit, hash, typed string) (bool, error) {
	if err := d.mayGuess(v); err != nil {
		return false, err
	}
	ok, _, err := secret.VerifyPassword(ctx, hash, typed)
	return ok, err
}

func (d *Desk) mayGuess(v page.Visit) error {
	if ok, wait := d.guesses.Allow(decimal(v.Actor.ID)); !ok {
		return fault.Limited(i18n.MN("Too many tries. Please wait {{.Count}} minute and try again.", "Too many tries. Please wait {{.Count}} minutes and try again.", max(1, int(wait.Minutes()))))
	}
	return nil
}

// proposeTOTP answers POST /account/totp: a new secret to be taken into an authenticator. Nothing is stored yet.
func (d *Desk) proposeTOTP(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	account := v.Actor.Name
	err := d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		has, err := person.HasTOTP(ctx, tx, v.Actor.ID)
		if err == nil && has {
			return fault.Conflict(i18n.M("The second step is on already. Switch it off first to set up another authenticator."))
		}
		if err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, v.Actor.ID)
		account = orElse(p.Address, account)
		return err
	})
	if err != nil {
		return err
	}
	t, sealed, err := d.Site.Door.NewTOTP(v.Actor.ID, d.issuer(), account)
	if err != nil {
		return err
	}
	return d.accountPage(w, r, v, http.StatusOK, func(a *AccountView) {
		a.TOTP = TOTP{Secret: grouped(t.Secret.Reveal()), URI: t.URL.Reveal(), Proposal: sealed}
	})
}

func (d *Desk) issuer() string { return strings.ReplaceAll(orElse(d.Site.Name, "Goodturn"), ":", "") }

// grouped writes a secret in fours, as it is easiest to type.
func grouped(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// confirmTOTP answers POST /account/totp/confirm: a code shows that the authenticator has the secret.
func (d *Desk) confirmTOTP(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	if err := d.mayGuess(v); err != nil {
		return err
	}
	ctx, sealed := r.Context(), r.PostFormValue("proposal")
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		has, err := person.HasTOTP(ctx, tx, v.Actor.ID)
		if err != nil {
			return err
		}
		if has {
			return fault.Conflict(i18n.M("The second step is on already. Switch it off first to set up another authenticator."))
		}
		return d.Site.Door.TurnOnTOTP(ctx, tx, v.Actor.ID, sealed, code(r.PostFormValue("code")), v.Remote)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.proposedAgain(w, r, v, sealed, wrong["code"])
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "The second step is on. From now on you are asked for six digits after your password."))
	return page.Goto(w, r, "/account")
}

// proposedAgain shows the same secret once more after a code that did not fit.
func (d *Desk) proposedAgain(w http.ResponseWriter, r *http.Request, v page.Visit, sealed, message string) error {
	plain, err := d.Site.Door.OpenTOTP(v.Actor.ID, sealed)
	if err != nil {
		d.Site.Warn(w, message)
		return page.Goto(w, r, "/account")
	}
	ctx := r.Context()
	account := ""
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := person.Get(ctx, tx, v.Actor.ID)
		account = orElse(p.Address, p.Name)
		return err
	})
	if err != nil {
		return err
	}
	return d.accountPage(w, r, v, http.StatusUnprocessableEntity, func(a *AccountView) {
		a.TOTP = TOTP{Secret: grouped(plain.Reveal()), URI: otpauth(d.issuer(), account, plain.Reveal()), Proposal: sealed, CodeError: message}
	})
}

// code takes out the spaces that people type between digits.
func code(typed string) string { return strings.ReplaceAll(strings.TrimSpace(typed), " ", "") }

// endTOTP answers POST /account/totp/off: it wants the password or a code, so that an open screen is not enough.
func (d *Desk) endTOTP(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	proof := r.PostFormValue("proof")
	has, err := d.keys(ctx, v)
	if err != nil {
		return err
	}
	ok, err := d.proves(ctx, v, has, proof)
	if err != nil {
		return err
	}
	if !ok && has.TOTPSecret != "" {
		return d.accountPage(w, r, v, http.StatusUnprocessableEntity, func(a *AccountView) {
			a.TOTP.OffError = i18n.T(ctx, "This is neither your password nor the newest code that your app shows.")
		})
	}
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) error { return person.TurnOffTOTP(ctx, tx, v.Actor, v.Actor.ID, v.Remote) })
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "The second step is off."))
	return page.Goto(w, r, "/account")
}

func (d *Desk) proves(ctx context.Context, v page.Visit, has keys, proof string) (bool, error) {
	ok, err := d.knows(ctx, v, has.Password, proof)
	if err != nil || ok || has.TOTPSecret == "" {
		return ok, err
	}
	plain, err := d.Site.Door.OpenTOTP(v.Actor.ID, has.TOTPSecret)
	if err != nil {
		return false, err
	}
	_, ok = secret.VerifyTOTP(plain, code(proof), v.Now.Time(), has.TOTPStep)
	return ok, nil
}

// otpauth is the address that an authenticator scans, for a secret that was proposed before.
func otpauth(issuer, account, plain string) string {
	q := url.Values{"secret": {plain}, "issuer": {issuer}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}
