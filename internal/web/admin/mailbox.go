package admin

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

func (a *Admin) mailboxes(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view MailboxesView
	err := a.read(r, v, mailboxSection, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		view.Mailboxes, err = a.health(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, MailboxesPage(view))
}

func (a *Admin) newMailbox(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showMailbox(w, r, v, http.StatusOK, mailboxForm{box: mailbox.Mailbox{Active: true}}, nil, nil)
}

func (a *Admin) mailbox(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	m, err := a.getMailbox(r)
	if err != nil {
		return err
	}
	return a.showMailbox(w, r, v, http.StatusOK, mailboxForm{box: m}, nil, nil)
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

// showMailbox shows the form of a mailbox: as it is stored, or as it was typed with what is wrong or what was found.
func (a *Admin) showMailbox(w http.ResponseWriter, r *http.Request, v page.Visit, status int, f mailboxForm, wrong map[string]string, found []Finding) error {
	ctx := r.Context()
	view := f.view(wrong)
	view.Findings, view.DefaultSending = found, a.Post.Default.Sending.Host != ""
	view.Receiving.Kept = a.keep(v, "receiving", f.typedReceiving)
	view.Sending.Kept = a.keep(v, "sending", f.typedSending)
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
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, MailboxPage(view))
}
