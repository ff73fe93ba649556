package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// addDraftFiles answers POST /tickets/{number}/draft/files: files for what is being written, stored at once. With the field
// inline, pictures among them are to stand in the text.
func (d *Desk) addDraftFiles(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, uploads, err := d.draftForm(r)
	if err != nil {
		return err
	}
	for i := range uploads {
		uploads[i].Inline = r.PostFormValue("inline") != "" && page.IsPicture(uploads[i].Type)
	}
	return d.changeDraft(w, r, v, number, func(ctx context.Context, tx *db.Tx, by ticket.By, p draft.Place) error {
		_, err := draft.AddFiles(ctx, tx, by.Actor, p, uploads)
		return err
	})
}

// removeDraftFile answers POST /tickets/{number}/draft/files/{file}/removal, and keeps what was typed in the form around its
// button.
func (d *Desk) removeDraftFile(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, uploads, err := d.draftForm(r)
	if err != nil {
		return err
	}
	id, err := page.Number(r, "file")
	if err != nil {
		return err
	}
	return d.changeDraft(w, r, v, number, func(ctx context.Context, tx *db.Tx, by ticket.By, p draft.Place) error {
		if r.PostForm.Has("text") {
			if err := d.storeDraft(ctx, tx, by, r, p, uploads); err != nil {
				return err
			}
		}
		_, err := draft.RemoveFile(ctx, tx, by.Actor, number, id)
		return err
	})
}

// draftFile answers GET /tickets/{number}/draft/files/{file}.
func (d *Desk) draftFile(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	id, err := page.Number(r, "file")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var f draft.File
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		f, _, err = draft.FileOf(ctx, tx, v.Actor, number, id)
		return err
	})
	if err != nil {
		return err
	}
	return d.Site.SendFile(w, r, f.Ref(), f.Name, f.Type)
}
