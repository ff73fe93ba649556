package draft

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// AddFiles puts stored files into a draft, which is begun where there is none. A picture that is to stand in the text gets a
// Content-ID.
func AddFiles(ctx context.Context, tx *db.Tx, a person.Actor, p Place, files []ticket.File) (Draft, error) {
	d, ok, err := find(ctx, tx, a, p, true)
	if err == nil && !ok {
		d, err = begin(ctx, tx, a, Place{TicketID: p.TicketID, Internal: p.Internal})
	}
	if err != nil {
		return d, err
	}
	if len(d.Files)+len(files) > MaxFiles {
		return d, fault.Invalid(fault.F("files", i18n.M("One message can have {{.Count}} files at most. Put more of them into an archive (.zip) first.", "Count", MaxFiles)))
	}
	for _, f := range files {
		if f.Inline && f.ContentID == "" {
			f.ContentID = strings.ToLower(rand.Text()[:16]) + "@goodturn"
		}
		_, err := tx.Exec(ctx, `INSERT INTO draft_file (draft_id, name, type, size, sha256, inline, content_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			d.ID, tidy(f.Name), tidy(f.Type), f.Ref.Size, f.Ref.SHA256, f.Inline, f.ContentID)
		if err != nil {
			return d, err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE draft SET updated_at = $2 WHERE id = $1`, d.ID, tx.Now); err != nil {
		return d, err
	}
	return Find(ctx, tx, a, Place{TicketID: p.TicketID, Internal: d.Internal, ID: d.ID})
}

// RemoveFile takes a file out of a draft. Nothing happens when it is gone already.
func RemoveFile(ctx context.Context, tx *db.Tx, a person.Actor, ticketID, fileID int64) (Draft, error) {
	_, d, err := FileOf(ctx, tx, a, ticketID, fileID)
	if fault.Is(err, fault.KindNotFound) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM draft_file WHERE id = $1`, fileID); err != nil {
		return d, err
	}
	return Find(ctx, tx, a, Place{TicketID: ticketID, Internal: d.Internal, ID: d.ID})
}

// FileOf gives a file of a draft that the actor may see.
func FileOf(ctx context.Context, tx *db.Tx, a person.Actor, ticketID, fileID int64) (File, Draft, error) {
	id, err := db.One[int64](ctx, tx, `SELECT f.draft_id FROM draft_file f JOIN draft d ON d.id = f.draft_id WHERE f.id = $1 AND d.ticket_id = $2`, fileID, ticketID)
	if errors.Is(err, db.ErrNoRow) {
		err = fault.NotFound(i18n.M("There is no such file."))
	}
	if err != nil {
		return File{}, Draft{}, err
	}
	d, _, err := find(ctx, tx, a, Place{TicketID: ticketID, ID: id}, false)
	for _, f := range d.Files {
		if f.ID == fileID {
			return f, d, err
		}
	}
	if err == nil {
		err = fault.NotFound(i18n.M("There is no such file."))
	}
	return File{}, d, err
}
