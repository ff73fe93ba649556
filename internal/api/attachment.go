package api

import (
	"context"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

const attachmentPattern = "GET /api/v1/tickets/{number}/attachments/{id}"

// Attachment is a file of a message.
type Attachment struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Type   string `json:"type" doc:"The media type that it came with, which may be wrong."`
	Size   int64  `json:"size" doc:"In bytes."`
	SHA256 string `json:"sha256"`
	Inline bool   `json:"inline" doc:"A picture within the text."`
	URL    string `json:"url" doc:"Where its bytes are, with the same token." example:"/api/v1/tickets/1042/attachments/7"`
}

func attachmentOf(f ticket.Attachment) Attachment {
	return Attachment{
		ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, SHA256: f.SHA256, Inline: f.Inline,
		URL: fmt.Sprintf("/api/v1/tickets/%d/attachments/%d", f.TicketID, f.ID),
	}
}

type oneAttachment struct {
	ByNumber
	ID int64 `path:"id" minimum:"1" doc:"The id of the attachment."`
}

type bytesOf struct{ Body func(huma.Context) }

func (s *server) attachment(ctx context.Context, in *oneAttachment) (*bytesOf, error) {
	var f ticket.Attachment
	err := s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		_, staff, err := see(ctx, tx, a, in.Number)
		if err != nil {
			return err
		}
		verb := person.SeeOwn
		if staff {
			verb = person.SeeTicket
		}
		f, err = ticket.AttachmentFor(ctx, tx, a, verb, in.Number, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &bytesOf{Body: func(h huma.Context) {
		r, w := humago.Unwrap(h)
		files := &page.Site{Blobs: s.Blobs}
		if err := files.SendFile(w, r, blob.Ref{SHA256: f.SHA256, Size: f.Size}, f.Name, f.Type); err != nil {
			s.problem(ctx, err).send(w)
		}
	}}, nil
}
