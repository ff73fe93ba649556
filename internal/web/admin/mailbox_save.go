package admin

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/web/page"
)

// saveMailbox saves what is typed, or with the button "check" tries it.
func (a *Admin) saveMailbox(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	var stored mailbox.Mailbox
	if r.PathValue("id") != "" {
		var err error
		if stored, err = a.getMailbox(r); err != nil {
			return err
		}
	}
	f := a.readMailbox(r, v, stored.ID)
	if r.PostFormValue("do") == "check" {
		return a.checkTyped(w, r, v, f, stored)
	}
	ctx := r.Context()
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := a.Post.Save(ctx, tx, v.Actor, f.box, v.Remote)
		if err == nil {
			stored, err = a.Post.Get(ctx, tx, id)
		}
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showMailbox(w, r, v, http.StatusUnprocessableEntity, f, wrong, nil)
	}
	if err != nil {
		return err
	}
	if stored.OAuth.NeedsConsent() {
		return a.done(w, r, i18n.T(ctx, "{{.Address}} is saved. What is left is to connect it.", "Address", stored.Address), path(mailboxSection, stored.ID))
	}
	return a.done(w, r, i18n.T(ctx, "{{.Address}} is saved.", "Address", strings.ToLower(f.box.Address)), string(mailboxSection))
}

var errNotSaved = errors.New("only looked at")

// checkTyped tries the accounts as they are typed, without saving them. What cannot be tried as it is typed is said at
// its field instead.
func (a *Admin) checkTyped(w http.ResponseWriter, r *http.Request, v page.Visit, f mailboxForm, stored mailbox.Mailbox) error {
	ctx := r.Context()
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { // Save knows all that can be wrong; nothing of it is kept
		if _, err := a.Post.Save(ctx, tx, v.Actor, f.box, v.Remote); err != nil {
			return err
		}
		return errNotSaved
	})
	wrong, invalid := page.FieldErrors(ctx, err)
	if !invalid && !errors.Is(err, errNotSaved) {
		return err
	}
	for name := range wrong {
		if !strings.HasPrefix(name, "receiving_") && !strings.HasPrefix(name, "sending_") && !strings.HasPrefix(name, "oauth_") {
			delete(wrong, name) // what the accounts do not depend on may wait until it is saved
		}
	}
	if len(wrong) > 0 {
		return a.showMailbox(w, r, v, http.StatusUnprocessableEntity, f, wrong, nil)
	}
	m := f.box
	if m.Receiving.Password == "" && m.Receiving.Host == stored.Receiving.Host && m.Receiving.User == stored.Receiving.User {
		m.Receiving.Password = stored.Receiving.Password
	}
	if m.Sending.Password == "" && m.Sending.Host == stored.Sending.Host && m.Sending.User == stored.Sending.User {
		m.Sending.Password = stored.Sending.Password
	}
	found := a.try(ctx, m)
	f.listed = listed(found)
	return a.showMailbox(w, r, v, http.StatusOK, f, nil, found)
}

// listed are the folders that a check has found.
func listed(found []Finding) (names []string) {
	for _, f := range found {
		names = append(names, f.Folders...)
	}
	return names
}

// checkMailbox tries a mailbox as it is stored.
func (a *Admin) checkMailbox(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	m, err := a.getMailbox(r)
	if err != nil {
		return err
	}
	found := a.try(r.Context(), m)
	return a.showMailbox(w, r, v, http.StatusOK, mailboxForm{box: m, listed: listed(found)}, nil, found)
}

// checkTime is how long an account may be tried unless something else is set. Somebody waits for the page.
const checkTime = 12 * time.Second

// try tries both accounts side by side, for as long as somebody may be kept waiting for a page.
func (a *Admin) try(ctx context.Context, m mailbox.Mailbox) []Finding {
	in, out := m, m
	in.Sending, out.Receiving = mailbox.Sending{}, mailbox.Receiving{}
	receiving, sending := make(chan Finding, 1), make(chan Finding, 1)
	go func() {
		receiving <- a.tryOne(ctx, in, "receiving", i18n.T(ctx, "Receiving"), in.Receiving.Host)
	}()
	sender := out.Sending.Host
	if sender == "" {
		sender = a.Post.Default.Sending.Host
	}
	go func() { sending <- a.tryOne(ctx, out, "sending", i18n.T(ctx, "Sending"), sender) }()
	return []Finding{<-receiving, <-sending}
}

// tryOne gives one of the findings of a check that may hang.
func (a *Admin) tryOne(ctx context.Context, m mailbox.Mailbox, what, title, host string) Finding {
	limit := a.CheckTime
	if limit == 0 {
		limit = checkTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	answer := make(chan []mailbox.Finding, 1)
	go func() { answer <- a.Post.Check(ctx, m) }()
	late := Finding{Title: title, Words: i18n.N(ctx, "{{.Host}} did not answer within {{.Count}} second. Please check the name and the port, and whether a firewall is in between.",
		"{{.Host}} did not answer within {{.Count}} seconds. Please check the name and the port, and whether a firewall is in between.", int(limit.Seconds()), "Host", host)}
	select {
	case all := <-answer:
		if ctx.Err() != nil {
			return late
		}
		for _, f := range all {
			if f.What == what {
				return Finding{Title: title, OK: f.OK, Words: i18n.Print(ctx, f.Words), Folders: f.Folders}
			}
		}
	case <-ctx.Done():
	}
	return late
}
