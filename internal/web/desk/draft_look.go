package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// askLook answers POST /tickets/{number}/draft/look: a colleague, or everybody on the ticket, is asked to look at what is
// being written, which is saved first.
func (d *Desk) askLook(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, uploads, err := d.draftForm(r)
	if err != nil {
		return err
	}
	return d.changeDraft(w, r, v, number, func(ctx context.Context, tx *db.Tx, by ticket.By, p draft.Place) error {
		if err := d.storeDraft(ctx, tx, by, r, p, uploads); err != nil {
			return err
		}
		colleague := idOf(r.PostFormValue("colleague"))
		k, err := keptDraft(ctx, tx, by, p)
		if err != nil {
			return err
		}
		if k.ID == 0 {
			return fault.Invalid(fault.F("text", i18n.M("Please write something first.")))
		}
		if k.Shared && k.AskedID == colleague {
			return nil // the same form again
		}
		if err := d.Tickets.AskLook(ctx, tx, by, number, colleague); err != nil {
			return err
		}
		_, err = draft.Ask(ctx, tx, by.Actor, p, colleague, r.PostFormValue("comment"))
		return err
	})
}

// handBack answers POST /tickets/{number}/draft/return: the look is over. A comment of somebody else becomes a note.
func (d *Desk) handBack(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, _, err := d.draftForm(r)
	if err != nil {
		return err
	}
	return d.changeDraft(w, r, v, number, func(ctx context.Context, tx *db.Tx, by ticket.By, p draft.Place) error {
		was, err := draft.Return(ctx, tx, by.Actor, p)
		if err != nil || !was.Shared || was.PersonID == by.ID {
			return err
		}
		if err := d.Tickets.HandBack(ctx, tx, by, number, was.PersonID); err != nil {
			return err
		}
		if comment := strings.TrimSpace(r.PostFormValue("comment")); comment != "" {
			_, err = d.Tickets.Note(ctx, tx, by, number, ticket.Draft{Text: comment})
		}
		return err
	})
}

// sendDraft answers POST /tickets/{number}/draft/send: what somebody else wrote is sent as it stands. The field version says
// what the sender has read; another one is shown first.
func (d *Desk) sendDraft(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, _, err := d.draftForm(r)
	if err != nil {
		return err
	}
	p := draftPlace(r, number, false)
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if err := maySend(ctx, tx, by, number); err != nil {
			return err
		}
		k, err := draft.Find(ctx, tx, by.Actor, p)
		if err != nil {
			return err
		}
		if k.Version != idOf(r.PostFormValue("version")) {
			return fault.Conflict(i18n.M("This draft has changed since you read it. Please read it again before you send it."))
		}
		m := ticket.Draft{Text: k.Text, HTML: k.HTML, Follow: k.Follow, Files: withoutUnused(kept{k}.ticketFiles(), k.HTML), Author: k.PersonID}
		if k.Addressed {
			usual, err := usualOf(ctx, tx, number)
			if err != nil {
				return err
			}
			if m.Recipients, err = recipients(ctx, tx, addressLines{k.To, k.CC, k.BCC}, usual); err != nil {
				return err
			}
		}
		if err := d.warn(ctx, tx, by, number, m, r); err != nil {
			return err
		}
		if _, err := d.Tickets.Hold(ctx, tx, by, number, m, ticket.Status(r.PostFormValue("then"))); err != nil {
			return err
		}
		return draft.Drop(ctx, tx, by.Actor, p)
	})
	if again := (*warned)(nil); errors.As(err, &again) {
		d.Site.Warn(w, again.all[0].Text)
		return page.Goto(w, r, ticketURL(number)+"?draft="+decimal(p.ID)+"#composer")
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		d.Site.Warn(w, i18n.Print(r.Context(), f.Message))
		err = nil
	}
	if err != nil {
		return d.again(w, r, v, number, err, func(t *typed, message string) { t.other = message })
	}
	return page.Goto(w, r, returnTo(r, number)+"#new")
}

// useCopy answers POST /tickets/{number}/draft/copies/{id}: with the value "use" the copy becomes the text, else it is
// forgotten.
func (d *Desk) useCopy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, _, err := d.draftForm(r)
	if err != nil {
		return err
	}
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	return d.changeDraft(w, r, v, number, func(ctx context.Context, tx *db.Tx, by ticket.By, p draft.Place) error {
		if r.PostFormValue("copy") == "use" {
			return draft.UseCopy(ctx, tx, by.Actor, p, id)
		}
		return draft.ForgetCopy(ctx, tx, by.Actor, p, id)
	})
}
