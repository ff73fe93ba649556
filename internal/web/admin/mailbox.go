package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

func (a *Admin) mailboxes(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showMailboxes(w, r, v, http.StatusOK, Field{})
}

func (a *Admin) showMailboxes(w http.ResponseWriter, r *http.Request, v page.Visit, status int, limit Field) error {
	view := MailboxesView{FilesLimit: limit}
	err := a.read(r, v, mailboxSection, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Mailboxes, err = a.health(ctx, tx); err != nil || limit != (Field{}) {
			return err
		}
		bytes, err := mailbox.FilesLimit(ctx, tx)
		view.FilesLimit.Value = decimal(bytes >> 20)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, MailboxesPage(view))
}

// filesLimit answers POST /admin/mailboxes/files: how many megabytes of files go with a mail.
func (a *Admin) filesLimit(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, typed := r.Context(), strings.TrimSpace(r.PostFormValue("files_limit"))
	megabytes, wrong := strconv.ParseInt(typed, 10, 32)
	if wrong != nil {
		megabytes = -1
	}
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return mailbox.SetFilesLimit(ctx, tx, v.Actor, megabytes<<20, v.Remote) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showMailboxes(w, r, v, http.StatusUnprocessableEntity, Field{typed, wrong["files_limit"]})
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "Files of up to {{.Size}} go with a mail now.", "Size", i18n.Bytes(ctx, megabytes<<20)), string(mailboxSection))
}

func (a *Admin) newMailbox(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	f := mailboxForm{box: mailbox.Mailbox{Active: true}}
	f.signInBy(r)
	return a.showMailbox(w, r, v, http.StatusOK, f, nil, nil)
}

func (a *Admin) mailbox(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	m, err := a.getMailbox(r)
	if err != nil {
		return err
	}
	f := mailboxForm{box: m}
	f.signInBy(r)
	return a.showMailbox(w, r, v, http.StatusOK, f, nil, nil)
}

// getMailbox gives the mailbox that the address names.
func (a *Admin) getMailbox(r *http.Request) (m mailbox.Mailbox, err error) {
	id, err := page.Number(r, "id")
	if err != nil {
		return m, err
	}
	err = a.Site.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		m, err = a.Post.Get(r.Context(), tx, id)
		return err
	})
	return m, err
}

// signInBy is the way of signing in that the address asks for: the provider's servers are filled in where none are set.
func (f *mailboxForm) signInBy(r *http.Request) {
	way := mailbox.Provider(r.URL.Query().Get("sign_in"))
	if !r.URL.Query().Has("sign_in") || !slices.Contains(mailbox.Providers(), way) || way == f.box.OAuth.Provider {
		return
	}
	f.box.OAuth = mailbox.OAuth{Provider: way}
	in, out := way.Servers()
	if in.Host == "" {
		return
	}
	f.box.Receiving.Host, f.box.Receiving.Port, f.box.Receiving.Security = in.Host, in.Port, in.Security
	f.box.Sending.Host, f.box.Sending.Port, f.box.Sending.Security = out.Host, out.Port, out.Security
	f.box.Receiving.User, f.box.Sending.User = f.box.Address, f.box.Address
}

// ways lead to the form at url for each way of signing in.
func ways(ctx context.Context, url string, here mailbox.Provider) (out []ui.Tab) {
	for _, p := range mailbox.Providers() {
		out = append(out, ui.Tab{Label: wayWord(ctx, p), URL: url + "?sign_in=" + string(p), Here: p == here})
	}
	return out
}

func wayWord(ctx context.Context, p mailbox.Provider) string {
	switch p {
	case mailbox.Microsoft, mailbox.Google:
		return mailbox.OAuth{Provider: p}.Name()
	case mailbox.Other:
		return i18n.T(ctx, "Another provider (OAuth)")
	}
	return i18n.T(ctx, "With a password")
}

// showMailbox shows the form of a mailbox: as it is stored, or as it was typed with what is wrong or what was found.
func (a *Admin) showMailbox(w http.ResponseWriter, r *http.Request, v page.Visit, status int, f mailboxForm, wrong map[string]string, found []Finding) error {
	ctx := r.Context()
	view := f.view(wrong)
	view.Findings, view.DefaultSending = found, a.Post.Default.Sending.Host != ""
	view.Receiving.Kept = a.keep(v, "receiving", f.typedReceiving)
	view.Sending.Kept = a.keep(v, "sending", f.typedSending)
	view.OAuth.Kept = a.keep(v, "oauth", f.typedClient)
	view.OAuth.Name = f.box.OAuth.Name()
	if f.box.OAuth.Provider == mailbox.Other {
		view.OAuth.Name = "OAuth"
	}
	view.OAuth.RedirectURL = a.Post.RedirectURL()
	form := string(mailboxSection) + "/new"
	if f.box.ID != 0 {
		form = path(mailboxSection, f.box.ID)
	}
	view.Ways = ways(ctx, form, f.box.OAuth.Provider)
	view.Title, view.URL = i18n.T(ctx, "New mailbox"), string(mailboxSection)
	err := a.read(r, v, mailboxSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		teams, err := person.Teams(ctx, tx)
		for _, t := range teams {
			view.Teams = append(view.Teams, ui.Choice{Value: decimal(t.ID), Label: t.Name, Chosen: t.ID == f.box.TeamID})
		}
		if err != nil || f.box.ID == 0 {
			return err
		}
		stored, err := a.Post.Get(ctx, tx, f.box.ID)
		view.Title, view.URL = stored.Address, path(mailboxSection, stored.ID)
		view.Receiving.Stored, view.Sending.Stored = stored.Receiving.Password != "", stored.Sending.Password != ""
		view.OAuth.Stored = stored.OAuth.ClientSecret != "" && stored.OAuth.Provider == f.box.OAuth.Provider
		if err == nil {
			view.Status, err = a.status(ctx, tx, stored)
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, MailboxPage(view))
}
