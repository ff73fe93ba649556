package ticket

import (
	"context"
	"errors"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// File is a stored file that is to be attached to a message.
type File struct {
	Name      string
	Type      string // media type
	Ref       blob.Ref
	Inline    bool
	ContentID string // for pictures shown within the text
}

// Attachment is a file of a message.
type Attachment struct {
	ID        int64
	MessageID int64
	TicketID  int64
	Name      string
	Type      string
	Size      int64  // bytes
	SHA256    string `db:"sha256"`
	Inline    bool
	ContentID string
}

const attachmentColumns = `a.id, a.message_id, a.ticket_id, a.name, a.type, a.size, a.sha256, a.inline, a.content_id`

func attach(ctx context.Context, tx *db.Tx, m Message, files []File) error {
	for _, f := range files {
		name := oneLine(f.Name, 200)
		if name == "" {
			name = "file"
		}
		_, err := tx.Exec(ctx, `INSERT INTO attachment (message_id, ticket_id, name, type, size, sha256, inline, content_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			m.ID, m.TicketID, name, oneLine(f.Type, 100), f.Ref.Size, f.Ref.SHA256, f.Inline, oneLine(f.ContentID, 200))
		if err != nil {
			return err
		}
	}
	return nil
}

// Attachments lists the files of a ticket; without those of notes unless internal is wanted.
func Attachments(ctx context.Context, tx *db.Tx, ticketID int64, internal bool) ([]Attachment, error) {
	return db.All[Attachment](ctx, tx, `SELECT `+attachmentColumns+` FROM attachment a JOIN message m ON m.id = a.message_id
		WHERE a.ticket_id = $1 AND (NOT m.internal OR $2) ORDER BY a.id`, ticketID, internal)
}

// AttachmentsBetween lists the files of the messages of a ticket with numbers from first to last, those of notes too.
func AttachmentsBetween(ctx context.Context, tx *db.Tx, ticketID, first, last int64) ([]Attachment, error) {
	return db.All[Attachment](ctx, tx, `SELECT `+attachmentColumns+` FROM attachment a JOIN message m ON m.id = a.message_id
		WHERE a.ticket_id = $1 AND m.seq >= $2 AND m.seq <= $3 ORDER BY a.id`, ticketID, first, last)
}

// AttachmentFor gives a file that the actor may see: staff every one, a requester those of public
// messages.
func AttachmentFor(ctx context.Context, tx *db.Tx, a person.Actor, verb person.Verb, ticketID, id int64) (Attachment, error) {
	if _, err := Get(ctx, tx, a, verb, ticketID); err != nil {
		return Attachment{}, err
	}
	f, err := db.One[Attachment](ctx, tx, `SELECT `+attachmentColumns+` FROM attachment a JOIN message m ON m.id = a.message_id
		WHERE a.id = $1 AND a.ticket_id = $2 AND (NOT m.internal OR $3)`, id, ticketID, verb == person.SeeTicket)
	if errors.Is(err, db.ErrNoRow) {
		err = fault.NotFound(i18n.M("There is no such file."))
	}
	return f, err
}

// Pictures within a mail's text that are smaller than this, in bytes, are logos, lines and trackers.
const ornamentBytes = 6 << 10

// Ornament tells whether a file is a small picture of a mail's design rather than something that somebody sent.
func (a Attachment) Ornament() bool { return a.Inline && a.Size < ornamentBytes }

// FileSum is how many files a ticket has, ornaments aside, and their size in bytes.
type FileSum struct{ Count, Size int64 }

// FilesSum counts the files of a ticket, those of notes too.
func FilesSum(ctx context.Context, tx *db.Tx, ticketID int64) (FileSum, error) {
	return db.One[FileSum](ctx, tx, `SELECT count(*) AS count, coalesce(CAST(sum(size) AS BIGINT), 0) AS size FROM attachment WHERE ticket_id = $1 AND NOT (inline AND size < $2)`, ticketID, ornamentBytes)
}

// FilesAfter lists files of a ticket in the order in which they came, ornaments aside, after the one with an id (0 for the
// first), those of notes too.
func FilesAfter(ctx context.Context, tx *db.Tx, ticketID, after int64, limit int) ([]Attachment, error) {
	return db.All[Attachment](ctx, tx, `SELECT `+attachmentColumns+` FROM attachment a WHERE a.ticket_id = $1 AND a.id > $2 AND NOT (a.inline AND a.size < $3) ORDER BY a.id LIMIT $4`,
		ticketID, after, ornamentBytes, limit)
}
