package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// kept is the draft that a form goes on from; the zero one where there is none.
type kept struct{ draft.Draft }

// keptDraft gives the draft of a place, or the zero one.
func keptDraft(ctx context.Context, tx *db.Tx, by ticket.By, p draft.Place) (kept, error) {
	all, err := draft.On(ctx, tx, by.Actor, p.TicketID)
	for _, d := range all {
		if p.ID == d.ID || (p.ID == 0 && d.PersonID == by.ID && d.Internal == p.Internal) {
			return kept{d}, err
		}
	}
	return kept{}, err
}

// goneSince tells whether there was a draft when the form was shown, and is none any more: a form before it took it.
func (k kept) goneSince(r *http.Request) bool {
	return k.ID == 0 && idOf(r.PostFormValue("version")) > 0
}

func (k kept) ticketFiles() []ticket.File {
	var out []ticket.File
	for _, f := range k.Files {
		out = append(out, ticket.File{Name: f.Name, Type: f.Type, Ref: f.Ref(), Inline: f.Inline, ContentID: f.ContentID})
	}
	return out
}

// picture gives the address in mail of a picture of the draft by the one that the editor shows it at.
func (k kept) picture(src string) (string, bool) {
	for _, f := range k.Files {
		if f.ContentID != "" && (src == draftFileURL(k.TicketID, f.ID) || src == "cid:"+f.ContentID) {
			return "cid:" + f.ContentID, true
		}
	}
	return "", false
}

// shownHTML is the draft's HTML as the editor shows it: its pictures have our addresses.
func (k kept) shownHTML() string {
	html := k.HTML
	for _, f := range k.Files {
		if f.ContentID != "" {
			html = strings.ReplaceAll(html, `"cid:`+f.ContentID+`"`, `"`+draftFileURL(k.TicketID, f.ID)+`"`)
		}
	}
	return html
}

// withoutUnused leaves out pictures that were put into the text and taken out of it again.
func withoutUnused(files []ticket.File, html string) []ticket.File {
	return slices.DeleteFunc(slices.Clone(files), func(f ticket.File) bool {
		return f.Inline && f.ContentID != "" && !strings.Contains(html, `"cid:`+f.ContentID+`"`)
	})
}

func draftFileURL(number, id int64) string { return ticketAction(number, "draft/files/"+decimal(id)) }

// textAsHTML is a plain text in the form that the editor writes.
func textAsHTML(text string) string {
	clean, _ := sanitize.Written(sanitize.Linkify(text), nil)
	return clean
}

// draftPlace tells from a form which draft it is about: the field draft names one of somebody else.
func draftPlace(r *http.Request, number int64, internal bool) draft.Place {
	return draft.Place{TicketID: number, Internal: internal, ID: idOf(r.PostFormValue("draft"))}
}

// maySend refuses who has no right to send what another wrote.
func maySend(ctx context.Context, tx *db.Tx, by ticket.By, number int64) error {
	_, err := ticket.Get(ctx, tx, by.Actor, person.SendDraft, number)
	return err
}

// content reads what a form would save.
func content(r *http.Request, k kept) draft.Content {
	c := draft.Content{Follow: r.PostFormValue("follow") != "", Version: idOf(r.PostFormValue("version")), Writer: r.PostFormValue("writer")}
	c.Text, c.HTML = written(r, k.picture)
	if !r.PostForm.Has("html") && lines(c.Text) == k.Text {
		c.HTML = k.HTML
	}
	if r.PostForm.Has("to") {
		c.To, c.CC, c.BCC = r.PostFormValue("to"), r.PostFormValue("cc"), r.PostFormValue("bcc")
		c.Addressed = true
	}
	return c
}

// saveDraft answers POST /tickets/{number}/draft: what is typed in the composer. The field kind is "reply" or "note".
func (d *Desk) saveDraft(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, uploads, err := d.draftForm(r)
	if err != nil {
		return err
	}
	return d.changeDraft(w, r, v, number, func(ctx context.Context, tx *db.Tx, by ticket.By, p draft.Place) error {
		return d.storeDraft(ctx, tx, by, r, p, uploads)
	})
}

// draftForm reads a form of the composer, with its files.
func (d *Desk) draftForm(r *http.Request) (number int64, uploads []ticket.File, err error) {
	if number, err = page.Number(r, "number"); err != nil {
		return 0, nil, err
	}
	if err = page.Form(r); err != nil {
		return 0, nil, err
	}
	uploads, err = d.files(r)
	return number, uploads, err
}

// storeDraft saves what a form of the composer holds.
func (d *Desk) storeDraft(ctx context.Context, tx *db.Tx, by ticket.By, r *http.Request, p draft.Place, uploads []ticket.File) error {
	k, err := keptDraft(ctx, tx, by, p)
	if err != nil {
		return err
	}
	c := content(r, k)
	if c.Addressed && !p.Internal {
		usual, err := usualOf(ctx, tx, p.TicketID)
		if err != nil {
			return err
		}
		if l := (addressLines{c.To, c.CC, c.BCC}); l.same(usual) {
			c.Addressed, c.To, c.CC, c.BCC = false, "", "", ""
		}
	}
	if k.ID == 0 { // a save that was on its way while the answer was sent would bring it back
		if late, err := repliedBefore(ctx, tx, by, p.TicketID, ticket.Draft{Text: c.Text}, true); err != nil || late && !p.Internal {
			return err
		}
		if late, err := saidBefore(ctx, tx, by, p.TicketID, ticket.Draft{Text: c.Text}, true, true); err != nil || late && p.Internal {
			return err
		}
	}
	saved, err := draft.Save(ctx, tx, by.Actor, p, c)
	if err != nil || len(uploads) == 0 {
		return err
	}
	_, err = draft.AddFiles(ctx, tx, by.Actor, draft.Place{TicketID: p.TicketID, Internal: p.Internal, ID: saved.ID}, uploads)
	return err
}

// changeDraft changes a draft, and answers with the part of the composer that tells of it, or with the ticket's page.
func (d *Desk) changeDraft(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, change func(ctx context.Context, tx *db.Tx, by ticket.By, p draft.Place) error) error {
	ctx := r.Context()
	internal := r.PostFormValue("kind") == "note"
	place := draftPlace(r, number, internal)
	err := d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if _, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		return change(ctx, tx, by, place)
	})
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict { // somebody else was faster
		d.Site.Warn(w, i18n.Print(ctx, f.Message))
		err = nil
	}
	which := "reply"
	if internal {
		which = "note"
	}
	if !slices.Contains(v.Fragments, "draft-"+which) {
		if err != nil {
			return d.againWith(w, r, v, number, err, func(t *typed, wrong map[string]string) { t.takeReply(r, wrong) })
		}
		return page.Goto(w, r, returnTo(r, number)+"#composer")
	}
	wrong, ok := page.FieldErrors(ctx, err)
	if err != nil && !ok {
		return err
	}
	var part DraftPart
	err = d.read(ctx, v, func(l *look) error {
		k, err := keptDraft(ctx, l.tx, ticket.By{Actor: v.Actor}, place)
		if err == nil {
			part, err = d.draftPart(ctx, l, number, which, k)
		}
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	for _, message := range wrong {
		part.Wrong, status = message, http.StatusUnprocessableEntity
	}
	return page.Render(w, r, status, DraftFragment(part))
}

// keepTyped shows the page again after a form of the composer that has to be changed: what was typed, and the files that came
// with it, are a draft now.
func (d *Desk) keepTyped(w http.ResponseWriter, r *http.Request, v page.Visit, number int64, p draft.Place, uploads []ticket.File, err error, put func(t *typed, wrong map[string]string)) error {
	again := (*stay)(nil)
	if _, ok := page.FieldErrors(r.Context(), err); !ok && !errors.As(err, &again) {
		return err
	}
	saved := d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		return d.storeDraft(ctx, tx, by, r, p, uploads)
	})
	if _, ok := page.FieldErrors(r.Context(), saved); saved != nil && !ok {
		return saved
	}
	if again != nil {
		var t typed
		again.put(&t)
		return d.ticketPage(w, r, v, number, placeOf(r, number), t)
	}
	return d.againWith(w, r, v, number, err, put)
}

// stay is the error of a form that is shown again although nothing in it is wrong.
type stay struct{ put func(t *typed) }

func (s *stay) Error() string { return "the form is shown once more" }

// discardDraft answers POST /tickets/{number}/draft/discard: what was being written is thrown away.
func (d *Desk) discardDraft(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, _, err := d.draftForm(r)
	if err != nil {
		return err
	}
	return d.changeDraft(w, r, v, number, func(ctx context.Context, tx *db.Tx, by ticket.By, p draft.Place) error {
		return draft.Drop(ctx, tx, by.Actor, p)
	})
}
