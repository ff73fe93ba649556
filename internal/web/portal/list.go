package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// pageSize is how many requests a page of the list shows.
const pageSize = 20

// list shows the visitor's own requests, those they follow, and those of colleagues where the organisation shares them.
func (p *Portal) list(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, words := r.Context(), strings.TrimSpace(r.FormValue("q"))
	view := ListView{Frame: p.frame(v), Query: words, Shared: v.Actor.SeesColleagues && v.Actor.OrganisationID != 0}
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := ticket.List(ctx, tx, v.Actor, person.SeeOwn, ticket.Page{Filter: filter.Plain(words), Cursor: r.FormValue("cursor"), Size: pageSize})
		if err != nil {
			return err
		}
		view.Newer, view.Older = listURL(words, rows.Prev), listURL(words, rows.Next)
		view.More = words != "" && len(rows.Items) == pageSize
		view.Rows = make([]Row, 0, len(rows.Items))
		for _, row := range rows.Items {
			view.Rows = append(view.Rows, rowOf(ctx, v, row))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, ListPage(view))
}

func rowOf(ctx context.Context, v page.Visit, t ticket.Row) Row {
	r := Row{URL: requestURL(t.ID), Number: t.ID, Subject: t.Subject, State: stateWord(ctx, t), Waits: t.Status == ticket.Pending, Done: !t.Status.IsOpen(), At: t.ActivityAt, Snippet: t.Snippet}
	if t.RequesterID != v.Actor.ID {
		r.Whose = t.Requester
	}
	return r
}

// stateWord is stateOf in a few words, for a list.
func stateWord(ctx context.Context, t ticket.Row) string {
	switch t.Status {
	case ticket.Solved:
		return i18n.T(ctx, "Solved")
	case ticket.Closed:
		return i18n.T(ctx, "Closed")
	case ticket.Pending:
		return i18n.T(ctx, "Waits for your answer")
	case ticket.OnHold:
		return i18n.T(ctx, "Waits for somebody else")
	}
	if t.Assignee != "" {
		return i18n.T(ctx, "{{.Name}} has it", "Name", firstName(t.Assignee))
	}
	return i18n.T(ctx, "In the line")
}

// listURL is the address of another page of the list; "" when there is none.
func listURL(words, cursor string) string {
	if cursor == "" {
		return ""
	}
	q := url.Values{"cursor": {cursor}}
	if words != "" {
		q.Set("q", words)
	}
	return "/requests?" + q.Encode()
}
