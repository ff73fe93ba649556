package desk

import (
	"context"
	"net/http"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// noteOf loads what is known of somebody, for its form.
func noteOf(ctx context.Context, tx *db.Tx, id int64) (PersonNote, error) {
	n, err := person.NoteOf(ctx, tx, id)
	return PersonNote{URL: personURL(id) + "/note", Phone: n.Phone, Uses: n.Uses, Explaining: n.Explaining, Seen: int64(n.ChangedAt)}, err
}

// personNote answers POST /people/{id}/note with the fields phone, uses and explaining; was is the version that was
// changed. The field ticket has the number of the ticket beside which the form stood.
func (d *Desk) personNote(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	n := person.Note{Phone: r.PostFormValue("phone"), Uses: r.PostFormValue("uses"), Explaining: r.PostFormValue("explaining")}
	number, seen := idOf(r.PostFormValue("ticket")), clock.Instant(idOf(r.PostFormValue("was")))
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, _ ticket.By) error {
		return person.SetNote(ctx, tx, v.Actor, id, n, seen, v.Remote)
	})
	wrong, ok := page.FieldErrors(r.Context(), err)
	switch {
	case ok && number > 0:
		return d.againWith(w, r, v, number, err, func(t *typed, wrong map[string]string) { t.personNote = takeNote(n, wrong) })
	case ok:
		return d.personPage(w, r, v, id, typedPerson{note: takeNote(n, wrong)})
	case err != nil:
		return err
	case number > 0:
		return page.Goto(w, r, returnTo(r, number))
	}
	return page.Goto(w, r, personURL(id))
}

// takeNote is what was typed, with what is wrong with it.
func takeNote(n person.Note, wrong map[string]string) PersonNote {
	return PersonNote{Phone: n.Phone, Uses: n.Uses, Explaining: n.Explaining, PhoneError: wrong["phone"], UsesError: wrong["uses"], ExplainingError: wrong["explaining"], Changed: wrong["note"]}
}

// again puts back what was typed into a note's form; the version stays the newest, for its writer has now been told of it.
func (n PersonNote) again(t PersonNote) PersonNote {
	t.URL, t.Seen, t.Ticket = n.URL, n.Seen, n.Ticket
	return t
}

// gist is the beginning of an answer in a line, without its greeting.
func gist(text string) string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
	if len(lines) > 1 && len(strings.TrimSpace(lines[0])) < 40 && strings.HasSuffix(strings.TrimSpace(lines[0]), ",") {
		lines = lines[1:]
	}
	r := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(strings.Join(lines, " "), "")), " "))
	if len(r) > 140 {
		return string(r[:140]) + "…"
	}
	return string(r)
}
