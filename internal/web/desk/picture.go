package desk

import (
	"errors"
	"net/http"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// thumbnail answers GET /tickets/{number}/files/{id}/thumbnail.
func (d *Desk) thumbnail(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, id, err := numberAndID(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	var f ticket.Attachment
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		f, err = ticket.AttachmentFor(ctx, tx, v.Actor, person.SeeTicket, number, id)
		return err
	})
	if err != nil {
		return err
	}
	return d.Site.SendThumbnail(w, r, blob.Ref{SHA256: f.SHA256, Size: f.Size})
}

// picture answers GET /tickets/{number}/messages/{id}/pictures/{index}: a remote picture of a message, by its place in that
// message's own list, so that nobody can have us fetch anything else.
func (d *Desk) picture(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, id, err := numberAndID(r)
	if err != nil {
		return err
	}
	index, err := page.Number(r, "index")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var m ticket.Message
	var files []ticket.Attachment
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.SeeTicket, number); err != nil {
			return err
		}
		if m, err = ticket.MessageByID(ctx, tx, id); err != nil {
			return err
		}
		all, err := ticket.Attachments(ctx, tx, number, true)
		for _, f := range all {
			if f.MessageID == id {
				files = append(files, f)
			}
		}
		return err
	})
	if errors.Is(err, db.ErrNoRow) || err == nil && m.TicketID != number {
		return fault.NotFound(i18n.M("There is no such picture."))
	}
	if err != nil {
		return err
	}
	remote := d.bodies.of(m, files, true).Remote
	if index > int64(len(remote)) {
		return fault.NotFound(i18n.M("There is no such picture."))
	}
	return d.Site.SendRemote(w, r, remote[index-1])
}
