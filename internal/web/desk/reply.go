package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/i18n"
	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// reply answers POST /tickets/{number}/replies: a public message, to whom it goes, and the status afterwards.
// It is held for a moment, in which its author may take it back. What should be looked at first is asked about once.
func (d *Desk) reply(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, said, err := d.draft(r)
	if err != nil {
		return err
	}
	next, place := r.PostFormValue("then"), draftPlace(r, number, false)
	goTo := returnTo(r, number)
	then := ticket.Status(next)
	sleeps := strings.HasPrefix(next, "snooze ")
	if sleeps {
		then = ""
	}
	if sleeps || then != "" && !then.IsOpen() {
		if goTo, err = d.afterwards(r, v, number); err != nil {
			return err
		}
	}
	var held int64
	uploads, source := said.Files, r.PostFormValue("html")
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		kept, err := keptDraft(ctx, tx, by, place)
		if err != nil {
			return err
		}
		m := said // a transaction may run twice
		m.Files = append(kept.ticketFiles(), uploads...)
		if !r.PostForm.Has("html") && lines(m.Text) == kept.Text {
			m.HTML = kept.HTML // written with scripts, sent without
		} else if source != "" {
			m.Text, m.HTML = written(r, kept.picture)
		}
		m.Files = withoutUnused(m.Files, m.HTML)
		if twice, err := repliedBefore(ctx, tx, by, number, m, kept.goneSince(r)); err != nil || twice {
			return err
		}
		if m.Recipients, err = d.readRecipients(ctx, tx, v, number, r); err != nil {
			return err
		}
		m.Follow = r.PostFormValue("follow") != ""
		if kept.PersonID != 0 && kept.PersonID != by.ID {
			m.Author = kept.PersonID
			if err := maySend(ctx, tx, by, number); err != nil {
				return err
			}
		}
		if long, ok := strings.CutPrefix(next, "snooze "); ok {
			s, err := ticket.SnoozeFor(long, tx.Now, by.Actor)
			if err != nil {
				return err
			}
			m.Snooze = &s
		}
		if err := m.Check(); err != nil {
			return err
		}
		if err := d.withMacros(ctx, tx, r, by, number, &m, then); err != nil {
			return err
		}
		if err := d.warn(ctx, tx, by, number, m, r); err != nil {
			return err
		}
		h, err := d.hold(ctx, tx, by, number, m, then)
		if err != nil {
			return err
		}
		if held = h.ID; then == ticket.Solved {
			tx.Signal(page.TopicOffers, by.ID) // they are asked for the fix note at once
		}
		return draft.Drop(ctx, tx, by.Actor, place)
	})
	if w := (*warned)(nil); errors.As(err, &w) {
		err = &stay{func(t *typed) { t.takeReply(r, nil); t.warnings, t.then = w, next }}
	}
	if err != nil {
		return d.keepTyped(w, r, v, number, place, uploads, err, func(t *typed, wrong map[string]string) { t.takeReply(r, wrong) })
	}
	if stay := returnTo(r, number); goTo == stay {
		return page.Goto(w, r, stay+"#new")
	}
	if held != 0 {
		d.Site.TellUndo(w, i18n.T(r.Context(), "The answer to #{{.Number}} goes out in a moment.", "Number", number), ticketAction(number, "held/"+decimal(held)+"/undo"))
	}
	return page.Goto(w, r, goTo)
}

// takeReply keeps what was typed in a reply, and what is wrong with it.
func (t *typed) takeReply(r *http.Request, wrong map[string]string) {
	t.reply, t.follow, t.held = r.PostFormValue("text"), r.PostFormValue("follow") != "", true
	t.macros, t.consent = strings.Join(r.PostForm["macro"], " "), readConsent(r)
	t.lines = addressLines{r.PostFormValue("to"), r.PostFormValue("cc"), r.PostFormValue("bcc")}
	t.wrongLines = wrongLines{wrong["to"], wrong["cc"], wrong["bcc"]}
	for name, message := range wrong {
		if name != "to" && name != "cc" && name != "bcc" {
			t.replyError = message
		}
	}
}

// readRecipients reads the fields to, cc and bcc; a form without them is to everybody.
func (d *Desk) readRecipients(ctx context.Context, tx *db.Tx, v page.Visit, number int64, r *http.Request) (*ticket.Recipients, error) {
	if !r.PostForm.Has("to") && (r.MultipartForm == nil || r.MultipartForm.Value["to"] == nil) {
		return nil, nil
	}
	usual, err := usualOf(ctx, tx, number)
	if err != nil {
		return nil, err
	}
	return recipients(ctx, tx, addressLines{r.PostFormValue("to"), r.PostFormValue("cc"), r.PostFormValue("bcc")}, usual)
}

// usualOf are the fields of an answer to everybody on a ticket.
func usualOf(ctx context.Context, tx *db.Tx, number int64) (addressLines, error) {
	first, err := db.All[string](ctx, tx, `SELECT a.address FROM ticket t JOIN person_address a ON a.person_id = t.requester_id AND a.first WHERE t.id = $1`, number)
	if err != nil {
		return addressLines{}, err
	}
	followers, err := followerAddresses(ctx, tx, number)
	return usualLines(strings.Join(first, ""), followers), err
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

// written reads what was written, and its form where it has one: the field html, which the rich editor sends. picture tells
// the address in mail of a picture that the editor shows.
func written(r *http.Request, picture func(src string) (string, bool)) (text, html string) {
	text = r.PostFormValue("text")
	source := r.PostFormValue("html")
	if source == "" || len(source) > sanitize.MaxHTML {
		return text, ""
	}
	clean, formed := sanitize.Written(source, picture)
	if !formed {
		return text, ""
	}
	return sanitize.Text(clean), clean
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
