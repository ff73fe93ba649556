package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// note answers POST /tickets/{number}/notes: what only staff see.
func (d *Desk) note(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, said, err := d.draft(r)
	if err != nil {
		return err
	}
	place := draftPlace(r, number, true)
	uploads, source := said.Files, r.PostFormValue("html")
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		kept, err := keptDraft(ctx, tx, by, place)
		if err != nil {
			return err
		}
		m := said
		m.Files = append(kept.ticketFiles(), uploads...)
		if !r.PostForm.Has("html") && lines(m.Text) == kept.Text {
			m.HTML = kept.HTML
		} else if source != "" {
			m.Text, m.HTML = written(r, kept.picture)
		}
		m.Files = withoutUnused(m.Files, m.HTML)
		if twice, err := saidBefore(ctx, tx, by, number, m, true, kept.goneSince(r)); err != nil || twice {
			return err
		}
		if _, err := d.Tickets.Note(ctx, tx, by, number, m); err != nil {
			return err
		}
		return draft.Drop(ctx, tx, by.Actor, place)
	})
	if err != nil {
		return d.keepTyped(w, r, v, number, place, uploads, err, func(t *typed, wrong map[string]string) {
			t.note = r.PostFormValue("text")
			for _, message := range wrong {
				t.noteError = message
			}
		})
	}
	return page.Goto(w, r, returnTo(r, number)+"#new")
}
