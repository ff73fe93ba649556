package desk

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// suggestTickets answers GET /tickets/suggest?q=: the datalist of the field "numbers", for tickets with that number or
// those words. What stands before the last comma stays.
func (d *Desk) suggestTickets(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	before, typed := "", strings.TrimSpace(r.URL.Query().Get("q"))
	if at := strings.LastIndexByte(typed, ','); at >= 0 {
		before, typed = typed[:at+1]+" ", strings.TrimSpace(typed[at+1:])
	}
	var found []ticket.Row
	err := d.read(ctx, v, func(l *look) (err error) {
		found, err = ticketsNamed(ctx, l, typed)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b strings.Builder
		b.WriteString(`<datalist id="f-numbers-list">`)
		for _, t := range found {
			label := hash(t.ID) + " " + t.Subject + " · " + t.Requester + " · " + ui.StatusWord(ctx, string(t.Status))
			b.WriteString(`<option value="` + templ.EscapeString(before+decimal(t.ID)) + `">` + templ.EscapeString(label) + `</option>`)
		}
		b.WriteString(`</datalist>`)
		_, err := io.WriteString(w, b.String())
		return err
	}))
}

// ticketsNamed finds the ticket with a number, or those with words.
func ticketsNamed(ctx context.Context, l *look, typed string) ([]ticket.Row, error) {
	if id, err := strconv.ParseInt(strings.TrimPrefix(typed, "#"), 10, 64); err == nil {
		t, err := ticket.Get(ctx, l.tx, l.visit.Actor, person.SeeTicket, id)
		if _, ours := fault.Of(err); ours {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		p, err := person.Get(ctx, l.tx, t.RequesterID)
		return []ticket.Row{{Ticket: t, Requester: p.Name}}, err
	}
	words := strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:"*()`, r) {
			return ' '
		}
		return r
	}, typed))
	if words == "" {
		return nil, nil
	}
	rows, err := ticket.List(ctx, l.tx, l.visit.Actor, person.SeeTicket, ticket.Page{Filter: words + "*", Size: maxSuggestions})
	return rows.Items, err
}
