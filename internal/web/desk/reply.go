package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// reply answers POST /tickets/{number}/replies: a public message, and the status afterwards.
func (d *Desk) reply(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, draft, err := d.draft(r)
	if err != nil {
		return err
	}
	then := ticket.Status(r.PostFormValue("then"))
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if twice, err := saidBefore(ctx, tx, by, number, draft, false); err != nil || twice {
			return err
		}
		_, err := d.Tickets.Reply(ctx, tx, by, number, draft, then)
		return err
	})
	if err != nil {
		return d.again(w, r, v, number, err, func(t *typed, message string) { t.reply, t.replyError = r.PostFormValue("text"), message })
	}
	return page.Goto(w, r, returnTo(r, number)+"#new")
}

// draft reads the text and the files of a message.
func (d *Desk) draft(r *http.Request) (number int64, m ticket.Draft, err error) {
	if number, err = page.Number(r, "number"); err != nil {
		return 0, m, err
	}
	if err := page.Form(r); err != nil {
		return 0, m, err
	}
	m.Text = r.PostFormValue("text")
	m.Files, err = d.files(r)
	return number, m, err
}

// files stores what was sent in the field files.
func (d *Desk) files(r *http.Request) ([]ticket.File, error) {
	uploads, err := d.Site.Uploads(r.Context(), r, "files")
	var out []ticket.File
	for _, u := range uploads {
		out = append(out, ticket.File{Name: u.Name, Type: u.Type, Ref: u.Ref})
	}
	return out, err
}
