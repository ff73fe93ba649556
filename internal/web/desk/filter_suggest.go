package desk

import (
	"net/http"
	"strings"
	"unicode/utf16"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// suggestFilter answers GET /filter/suggest?q=: how a filter may go on after what was typed of it up to the caret, as the list
// of a combobox.
func (d *Desk) suggestFilter(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	typed := strings.ToValidUTF8(r.URL.Query().Get("q"), "")
	var found []ticket.Suggestion
	err := d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = ticket.Complete(ctx, tx, v.Actor, typed)
		return err
	})
	if err != nil {
		return err
	}
	all := make([]Completion, len(found))
	for i, s := range found {
		o := Completion{Text: s.Text, Hint: s.Name, Back: utf16Length(typed[len(typed)-s.Back:])}
		switch {
		case s.Value == "":
			o.Hint = fieldHint(ctx, s.Field)
		case s.Field == "status":
			o.Hint = statusWordOf(ctx, s.Value)
		case o.Hint == "":
			o.Hint = filterWords(ctx, s.Field+":"+s.Text)
		}
		all[i] = o
	}
	return page.Render(w, r, http.StatusOK, Completions(all, i18n.T(ctx, "How the filter may go on")))
}

// utf16Length is how long JavaScript takes a text to be.
func utf16Length(s string) int { return len(utf16.Encode([]rune(s))) }
