package portal

import (
	"net/http"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// file sends a file of a public message.
func (p *Portal) file(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	f, err := p.attachment(r, v)
	if err != nil {
		return p.fail(w, r, v, err)
	}
	return p.Site.SendFile(w, r, blob.Ref{SHA256: f.SHA256, Size: f.Size}, f.Name, f.Type)
}

// thumbnail sends a small picture of one.
func (p *Portal) thumbnail(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	f, err := p.attachment(r, v)
	if err != nil {
		return p.fail(w, r, v, err)
	}
	return p.Site.SendThumbnail(w, r, blob.Ref{SHA256: f.SHA256, Size: f.Size})
}

// attachment is the file that is asked for, if the visitor may have it.
func (p *Portal) attachment(r *http.Request, v page.Visit) (f ticket.Attachment, err error) {
	number, err := page.Number(r, "number")
	if err != nil {
		return f, err
	}
	id, err := page.Number(r, "id")
	if err != nil {
		return f, err
	}
	ctx := r.Context()
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := p.open(ctx, tx, r, v, person.SeeOwn, number)
		if err != nil {
			return err
		}
		if f, err = ticket.AttachmentFor(ctx, tx, a.actor, person.SeeOwn, a.ticket.ID, id); err != nil {
			return err
		}
		seen, err := a.sees(ctx, tx)
		if err != nil {
			return err
		}
		m, err := ticket.MessageByID(ctx, tx, f.MessageID)
		if err == nil && !seen(m) {
			err = fault.NotFound(i18n.M("There is no such file."))
		}
		return err
	})
	return f, err
}
