package mailbox

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/transport/oauth"
)

// RedirectPath is where a provider sends the browser back to, below the public address. It is one for all mailboxes, because
// providers want to know it beforehand.
const RedirectPath = "/admin/mailboxes/connected"

// RedirectURL is what has to be registered with a provider, exactly.
func (p *Post) RedirectURL() string { return p.PublicURL() + RedirectPath }

// NewVerifier makes the secret that a consent is asked for with (RFC 7636), for Consent and Connect.
func NewVerifier() string { return oauth.NewVerifier() }

// Consent is where the browser of somebody who lets the program into the mailbox is sent. fault.Invalid says that the mailbox needs
// no consent.
func (p *Post) Consent(m Mailbox, state, verifier string) (string, error) {
	if m.OAuth.Provider == Password || m.OAuth.AsApp {
		return "", fault.Invalid(fault.F("sign_in", i18n.M("This mailbox signs in without anybody's consent.")))
	}
	return m.OAuth.client().AuthURLFor(p.RedirectURL(), state, verifier, m.Address), nil
}

// Connect takes the authorisation code that a browser brought back, and keeps the consent. The error is a *dial.Problem where the
// provider is the trouble, or fault.Conflict when the settings were changed meanwhile.
func (p *Post) Connect(ctx context.Context, by person.Actor, id int64, code, verifier, remote string) error {
	if !person.Can(by, person.Administer, person.Thing{}) {
		return fault.Denied(i18n.M("Only an administrator can change mailboxes."))
	}
	var m Mailbox
	err := p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = p.Get(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	grant, err := m.OAuth.client().Exchange(ctx, p.RedirectURL(), code, verifier)
	if err != nil {
		return err
	}
	return p.DB.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "mailbox", id); err != nil {
			return err
		}
		now, err := p.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if now.OAuth.client() != m.OAuth.client() {
			return fault.Conflict(i18n.M("The settings of {{.Address}} were changed meanwhile. Please connect again.", "Address", now.Address))
		}
		if _, err = tx.Exec(ctx, `UPDATE mailbox SET refresh_token = $2, granted_at = $3 WHERE id = $1`, id, p.sealText(grant.Refresh, purpose(id, "oauth refresh")), tx.Now); err != nil {
			return err
		}
		if err := forgetTrouble(ctx, tx, id); err != nil {
			return err
		}
		tx.AfterCommit(p.changed)
		return person.Audit(ctx, tx, by, "mailbox connected", "mailbox "+strconv.FormatInt(id, 10), now.OAuth.Name(), remote)
	})
}
