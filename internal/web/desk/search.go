package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"goodturn/internal/fault"
	"goodturn/internal/fixnote"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/search"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

const (
	hitsShown     = 30
	peopleShown   = 6
	notesShown    = 4
	articlesShown = 4
)

// search answers GET /search?q=. A number leads to its ticket; fields without words are a list, and shown as one.
func (d *Desk) search(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	query, cursor := strings.TrimSpace(r.URL.Query().Get("q")), r.URL.Query().Get("cursor")
	view := SearchView{Query: query}
	jump := ""
	err := d.read(ctx, v, func(l *look) (err error) {
		if jump, err = d.jump(ctx, l, query); err != nil || jump != "" {
			return err
		}
		if view.Frame, err = d.frame(ctx, l, "none"); err != nil || query == "" {
			return err
		}
		return d.find(ctx, l, &view, cursor)
	})
	if err != nil {
		return err
	}
	if jump != "" {
		return page.Goto(w, r, jump)
	}
	status := http.StatusOK
	if view.QueryError != "" {
		status = http.StatusUnprocessableEntity
	}
	return d.show(w, r, v, status, view.Frame, SearchPage(view), nil)
}

// jump is where a search leads without a list of hits, or "".
func (d *Desk) jump(ctx context.Context, l *look, query string) (string, error) {
	if n, err := strconv.ParseInt(strings.TrimPrefix(query, "#"), 10, 64); err == nil && n > 0 {
		_, err := ticket.Get(ctx, l.tx, l.visit.Actor, person.SeeTicket, n)
		if fault.Is(err, fault.KindNotFound) {
			return "", nil // the number may be in a text
		}
		return ticketURL(n), err
	}
	q, err := ticket.ParseFilter(query)
	if err != nil || q.Root == nil || q.Words() != "" {
		return "", nil // the search page says what is wrong with it
	}
	if err := ticket.CheckFilter(ctx, l.tx, l.visit.Actor, query); err != nil {
		if fault.Is(err, fault.KindInvalid) {
			return "", nil
		}
		return "", err
	}
	return place{View: "all", Query: query}.url(), nil
}

// foundNotes are the newest fix notes with the words of a query, of tickets that the visitor may see; fields of the filter language look
// for none.
func foundNotes(ctx context.Context, l *look, query string, limit int) ([]SearchNote, error) {
	if strings.Contains(query, ":") || utf8.RuneCountInString(query) < 2 {
		return nil, nil
	}
	found, err := fixnote.List(ctx, l.tx, l.visit.Actor, fixnote.Page{Query: query, Size: limit})
	marks := search.Parse(query)
	out := make([]SearchNote, 0, len(found))
	for _, f := range found {
		out = append(out, SearchNote{Number: f.TicketID, URL: ticketAction(f.TicketID, "fix-note"), Subject: marked(f.Subject, marks), Gist: marked(gist(f.Gist()), marks), At: f.WrittenAt})
	}
	return out, err
}

// foundArticles are the articles with the words of a query; fields of the filter language look for none.
func foundArticles(ctx context.Context, l *look, query string, limit int) ([]SearchArticle, error) {
	if strings.Contains(query, ":") || utf8.RuneCountInString(query) < 2 {
		return nil, nil
	}
	found, err := kb.Find(ctx, l.tx, l.visit.Actor, i18n.LangOf(ctx), query, limit)
	marks := found.Query
	out := make([]SearchArticle, 0, len(found.Hits))
	for _, h := range found.Hits {
		out = append(out, SearchArticle{ID: h.ID, URL: "/help/" + h.Slug, Title: marked(h.Title, marks), Gist: marked(search.Snippet(kb.Plain(h.Body), marks, 160), marks)})
	}
	return out, err
}

// find fills the hits.
func (d *Desk) find(ctx context.Context, l *look, view *SearchView, cursor string) error {
	rows, err := ticket.List(ctx, l.tx, l.visit.Actor, person.SeeTicket, ticket.Page{Filter: view.Query, Cursor: cursor, Size: hitsShown})
	view.Help = filterHelp(ctx, view.Query, err, func(text string) string { return "/search?q=" + url.QueryEscape(text) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.QueryError = orElse(wrong["q"], wrong["cursor"])
		return nil
	}
	if err != nil {
		return err
	}
	view.Newest, view.Near = rows.Newest, rows.Near
	if cursor == "" {
		people, err := foundPeople(ctx, l, view.Query, peopleShown)
		if err != nil {
			return err
		}
		for _, p := range people {
			view.People = append(view.People, FoundPerson{Name: p.Name, URL: personURL(p.ID), Address: p.Address})
		}
		if view.Articles, err = foundArticles(ctx, l, view.Query, articlesShown); err != nil {
			return err
		}
		if view.Notes, err = foundNotes(ctx, l, view.Query, notesShown); err != nil {
			return err
		}
	}
	for _, r := range rows.Items {
		hit := SearchHit{Number: r.ID, URL: ticketURL(r.ID), Requester: r.Requester, Status: statusShown(r.Ticket), At: r.ActivityAt}
		hit.Subject, hit.Snippet = marked(r.Subject, rows.Query), marked(orElse(r.Snippet, r.LastText), rows.Query)
		view.Hits = append(view.Hits, hit)
	}
	if rows.Next != "" {
		view.Pages.Older = "/search?q=" + url.QueryEscape(view.Query) + "&cursor=" + url.QueryEscape(rows.Next)
	}
	return nil
}
