package desk

import (
	"io"
	"net/http"
	"strconv"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// file answers GET /tickets/{number}/files/{id}.
func (d *Desk) file(w http.ResponseWriter, r *http.Request, v page.Visit) error {
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
	return d.Site.SendFile(w, r, blob.Ref{SHA256: f.SHA256, Size: f.Size}, f.Name, f.Type)
}

// raw answers GET /tickets/{number}/messages/{id}/raw: the mail as it came, byte for byte, as a download.
func (d *Desk) raw(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, id, err := numberAndID(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	type stored struct {
		SHA256 string `db:"sha256"`
		Size   int64
	}
	var mail []stored
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.SeeTicket, number); err != nil {
			return err
		}
		mail, err = db.All[stored](ctx, tx, `SELECT r.sha256, r.size FROM mail r JOIN message m ON m.id = r.message_id WHERE r.message_id = $1 AND m.ticket_id = $2 ORDER BY r.id LIMIT 1`, id, number)
		return err
	})
	if err != nil {
		return err
	}
	if len(mail) == 0 {
		return fault.NotFound(i18n.M("This message did not come by mail, or its mail is no longer kept."))
	}
	f, err := d.Site.Blobs.Open(blob.Ref{SHA256: mail[0].SHA256, Size: mail[0].Size})
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "text/plain")
	h.Set("Content-Disposition", `attachment; filename="ticket-`+decimal(number)+`-mail-`+decimal(id)+`.eml"`)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Length", strconv.FormatInt(mail[0].Size, 10))
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, f)
	}
	return nil
}

func numberAndID(r *http.Request) (number, id int64, err error) {
	if number, err = page.Number(r, "number"); err != nil {
		return 0, 0, err
	}
	id, err = page.Number(r, "id")
	return number, id, err
}
