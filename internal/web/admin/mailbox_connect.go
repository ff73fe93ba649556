package admin

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/transport/dial"
	"goodturn/internal/web/page"
)

// consentLife is how long somebody may take at the provider's pages.
const consentLife = 15 * time.Minute

// consent is what a provider hands back unread. It is sealed, so that only the session that asked can go on, and only for the
// mailbox that it asked for; the verifier in it ties the provider's answer to the question (RFC 7636).
type consent struct {
	Session  int64         `json:"session"`
	Mailbox  int64         `json:"mailbox"`
	Verifier string        `json:"verifier"`
	Until    clock.Instant `json:"until"`
}

const consentPurpose = "consent for a mailbox"

// connectMailbox sends the browser to the provider, where somebody lets the program into a mailbox.
func (a *Admin) connectMailbox(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	m, err := a.getMailbox(r)
	if err != nil {
		return err
	}
	c := consent{Session: v.Session, Mailbox: m.ID, Verifier: mailbox.NewVerifier(), Until: v.Now.Add(consentLife)}
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	to, err := a.Post.Consent(m, base64.RawURLEncoding.EncodeToString(a.Site.Key.Seal(consentPurpose, raw)), c.Verifier)
	if err != nil {
		return err
	}
	return page.Goto(w, r, to)
}

// mailboxConnected takes the browser back from the provider.
func (a *Admin) mailboxConnected(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, q := r.Context(), r.URL.Query()
	c, ok := a.openConsent(q.Get("state"), v)
	if !ok {
		a.Site.Warn(w, i18n.T(ctx, "This way back from the provider is not good any more: it belongs to another sign-in, or took longer than a quarter of an hour. Please connect again."))
		return page.Goto(w, r, string(mailboxSection))
	}
	back := path(mailboxSection, c.Mailbox)
	if q.Get("error") != "" || q.Get("code") == "" {
		said := dial.Clean(strings.TrimSpace(q.Get("error_description")))
		if said == "" {
			said = dial.Clean(q.Get("error"))
		}
		a.Site.Warn(w, i18n.T(ctx, "Not connected. The provider says: {{.Said}}", "Said", said))
		return page.Goto(w, r, back)
	}
	err := a.Post.Connect(ctx, v.Actor, c.Mailbox, q.Get("code"), c.Verifier, v.Remote)
	problem, wrong := (*dial.Problem)(nil), (*fault.Error)(nil)
	switch {
	case errors.As(err, &problem):
		a.Site.Warn(w, i18n.T(ctx, "Not connected. {{.Why}}", "Why", problem.Text))
	case errors.As(err, &wrong) && wrong.Kind == fault.KindConflict:
		a.Site.Warn(w, i18n.Print(ctx, wrong.Message))
	case err != nil:
		return err
	default:
		a.Site.Tell(w, i18n.T(ctx, "The mailbox is connected. Mail comes in from now on."))
	}
	return page.Goto(w, r, back)
}

func (a *Admin) openConsent(state string, v page.Visit) (c consent, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil || len(raw) == 0 {
		return c, false
	}
	plain, err := a.Site.Key.Open(consentPurpose, raw)
	return c, err == nil && json.Unmarshal(plain, &c) == nil && c.Session == v.Session && v.Session != 0 && c.Until >= v.Now
}
