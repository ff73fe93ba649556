package desk

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

const maxSuggestions = 12

// suggest answers GET /people/suggest?q=: the datalist of the field "who", for people whose name or address has words
// that begin as those typed.
func (d *Desk) suggest(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var found []person.Person
	err := d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = person.Find(ctx, tx, r.URL.Query().Get("q"), maxSuggestions)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		b.WriteString(`<datalist id="f-who-list">`)
		for _, p := range found {
			if p.Active && p.MergedInto == 0 {
				b.WriteString(`<option value="` + templ.EscapeString(called(p)) + `"></option>`)
			}
		}
		b.WriteString(`</datalist>`)
		_, err := io.WriteString(w, b.String())
		return err
	}))
}

// completePeople answers GET /people/complete?q=: who may be meant by the last of some addresses with commas between them, as
// the list of a combobox.
func (d *Desk) completePeople(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	typed := strings.ToValidUTF8(r.URL.Query().Get("q"), "")
	last := strings.TrimLeft(typed[strings.LastIndexAny(typed, ",;")+1:], " ")
	var found []person.Person
	var err error
	if last != "" {
		err = d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
			found, err = person.Find(ctx, tx, last, maxSuggestions)
			return err
		})
	}
	if err != nil {
		return err
	}
	var all []Completion
	for _, p := range found {
		if p.Active && p.MergedInto == 0 && p.Address != "" {
			all = append(all, Completion{Text: p.Address + ",", Back: utf16Length(last), Hint: p.Name})
		}
	}
	return page.Render(w, r, http.StatusOK, Completions(all, i18n.T(ctx, "People")))
}
