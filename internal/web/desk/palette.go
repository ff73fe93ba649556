package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// What the palette shows at most, and reads of what was typed.
const (
	paletteTickets = 8
	palettePeople  = 4
	paletteNotes   = 3
	paletteRecent  = 10
	maxTyped       = 500
)

func (d *Desk) paletteRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /palette", Handle: d.palette},
		{Pattern: "POST /palette/visits", Handle: d.visited},
		{Pattern: "POST /tickets/{number}/pin", Handle: d.pin},
	}
}

// palette answers GET /palette?q=: what the palette shows for what was typed so far, and with nothing typed what somebody
// pinned and where they were.
func (d *Desk) palette(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	typed := r.URL.Query().Get("q")
	typed = strings.ToValidUTF8(typed[:min(len(typed), maxTyped)], "")
	view := PaletteView{Now: clock.Now()}
	err := d.read(ctx, v, func(l *look) error {
		if strings.TrimSpace(typed) == "" {
			return d.recent(ctx, l, &view)
		}
		return d.sought(ctx, l, &view, typed)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, PaletteFound(view))
}

// visited answers POST /palette/visits: the script of a page tells which address it stands at.
func (d *Desk) visited(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	at, err := url.Parse(r.PostFormValue("at"))
	if err != nil {
		at = &url.URL{}
	}
	var place person.Place
	if n, ok := numberAfter(at.Path, "/tickets/"); ok {
		place = placeOfTicket(n)
	} else if n, ok := numberAfter(at.Path, "/people/"); ok {
		place = person.Place{Kind: "person", Ref: strconv.FormatInt(n, 10)}
	} else if at.Path == "/tickets" {
		place = person.Place{Kind: "view", Ref: at.RequestURI()}
	}
	if place.Kind != "" {
		ctx := r.Context()
		if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return person.Visited(ctx, tx, v.Actor.ID, place) }); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func numberAfter(path, prefix string) (int64, bool) {
	rest, ok := strings.CutPrefix(path, prefix)
	n, err := strconv.ParseInt(rest, 10, 64)
	return n, ok && err == nil && n > 0
}

// recent shows what is pinned and where somebody was last, as far as they may still see it.
func (d *Desk) recent(ctx context.Context, l *look, view *PaletteView) error {
	all, err := person.Visits(ctx, l.tx, l.visit.Actor.ID)
	if err != nil {
		return err
	}
	var tickets, people []int64
	for _, v := range all {
		n, _ := strconv.ParseInt(v.Ref, 10, 64)
		switch v.Kind {
		case "ticket":
			tickets = append(tickets, n)
		case "person":
			people = append(people, n)
		}
	}
	rows, err := ticket.Some(ctx, l.tx, l.visit.Actor, tickets)
	if err != nil {
		return err
	}
	names, err := person.Names(ctx, l.tx, people)
	if err != nil {
		return err
	}
	f, err := d.frame(ctx, l, "")
	if err != nil {
		return err
	}
	links := slices.Concat(f.Nav.Views, f.Nav.Saved)
	pinned, visited := PaletteGroup{ID: "pinned", Label: i18n.T(ctx, "Pinned")}, PaletteGroup{ID: "recent", Label: i18n.T(ctx, "Recent")}
	for _, v := range all {
		n, _ := strconv.ParseInt(v.Ref, 10, 64)
		var o PaletteOption
		switch v.Kind {
		case "ticket":
			i := slices.IndexFunc(rows, func(r ticket.Row) bool { return r.ID == n })
			if i < 0 {
				continue
			}
			o = ticketOption(rows[i], search.Query{})
		case "person":
			if names[n] == "" {
				continue
			}
			o = PaletteOption{ID: "person-" + v.Ref, URL: personURL(n), Face: names[n], Title: plainly(names[n])}
		default:
			i := slices.IndexFunc(links, func(link page.NavLink) bool { return link.URL == v.Ref })
			if i < 0 {
				continue
			}
			o = PaletteOption{ID: "view-" + strconv.Itoa(i), URL: v.Ref, Icon: "inbox", Title: plainly(links[i].Label)}
		}
		switch {
		case v.Pinned:
			o.Icon = orElse(o.Icon, "pin")
			pinned.Options = append(pinned.Options, o)
		case len(visited.Options) < paletteRecent:
			visited.Options = append(visited.Options, o)
		}
	}
	view.add(pinned)
	view.add(visited)
	return nil
}

// sought shows what is found for words, names and numbers.
func (d *Desk) sought(ctx context.Context, l *look, view *PaletteView, typed string) error {
	query := strings.TrimSpace(typed)
	number, err := d.numbered(ctx, l, query)
	if err != nil {
		return err
	}
	people, sure, err := soughtPeople(ctx, l, query)
	if err != nil {
		return err
	}
	tickets := PaletteGroup{ID: "tickets", Label: i18n.T(ctx, "Tickets")}
	looked := query
	err = ticket.CheckFilter(ctx, l.tx, l.visit.Actor, query)
	if wrong, ok := page.FieldErrors(ctx, err); ok { // half a filter, or words that only look like one: what is wrong is said, and the words are looked for
		view.Said, looked = wrong["q"], filter.Plain(query)
	} else if err != nil {
		return err
	}
	rows, err := ticket.List(ctx, l.tx, l.visit.Actor, person.SeeTicket, ticket.Page{Filter: looked, Size: paletteTickets, Unfinished: !strings.HasSuffix(typed, " ")})
	if _, ok := page.FieldErrors(ctx, err); err != nil && !ok {
		return err
	}
	for _, r := range rows.Items {
		tickets.Options = append(tickets.Options, ticketOption(r, rows.Query))
	}
	view.add(number)
	if sure {
		view.add(people)
	}
	view.add(tickets)
	if !sure {
		view.add(people)
	}
	notes, err := soughtNotes(ctx, l, query)
	if err != nil {
		return err
	}
	view.add(notes)
	articles, err := soughtArticles(ctx, l, query)
	if err != nil {
		return err
	}
	view.add(articles)
	found := len(number.Options) + len(people.Options) + len(tickets.Options) + len(notes.Options) + len(articles.Options)
	view.add(PaletteGroup{ID: "all", Label: i18n.T(ctx, "Everything"), Options: []PaletteOption{
		{ID: "page", URL: "/search?q=" + url.QueryEscape(query), Icon: "search", Title: plainly(i18n.T(ctx, "All that is found for “{{.Query}}”", "Query", shortened(query)))},
	}})
	switch {
	case view.Said != "":
	case found == 0:
		view.Said = i18n.T(ctx, "Nothing found")
	case rows.Next != "":
		view.Said = i18n.T(ctx, "The best of many")
	case rows.Near:
		view.Said = i18n.T(ctx, "Nothing has exactly these words. These have similar ones.")
	default:
		view.Said = i18n.N(ctx, "{{.Count}} found", "{{.Count}} found", found)
	}
	return nil
}

func (v *PaletteView) add(g PaletteGroup) {
	if len(g.Options) > 0 {
		v.Groups = append(v.Groups, g)
	}
}

// numbered is the ticket whose number was typed.
func (d *Desk) numbered(ctx context.Context, l *look, query string) (PaletteGroup, error) {
	g := PaletteGroup{ID: "number", Label: i18n.T(ctx, "By its number")}
	n, err := strconv.ParseInt(strings.TrimPrefix(query, "#"), 10, 64)
	if err != nil || n <= 0 {
		return g, nil
	}
	rows, err := ticket.Some(ctx, l.tx, l.visit.Actor, []int64{n})
	for _, r := range rows {
		g.Options = append(g.Options, ticketOption(r, search.Query{}))
	}
	return g, err
}

// soughtPeople are those whose name or address begins with the words; sure says that it does and is not only spelled nearly
// so, so that a name that was typed leads to the person first.
func soughtPeople(ctx context.Context, l *look, query string) (g PaletteGroup, sure bool, err error) {
	g = PaletteGroup{ID: "people", Label: i18n.T(ctx, "People")}
	found, err := foundPeople(ctx, l, query, palettePeople)
	if err != nil {
		return g, false, err
	}
	var marks search.Query
	for _, w := range search.Words(query) {
		marks = marks.With(w + "*")
	}
	for _, p := range found {
		sure = sure || marks.Matches(p.Name+" "+p.Address)
		g.Options = append(g.Options, PaletteOption{ID: "person-" + strconv.FormatInt(p.ID, 10), URL: personURL(p.ID), Face: p.Name, Title: marked(p.Name, marks), About: p.Address})
	}
	return g, sure, nil
}

// soughtNotes are the fix notes with the words.
func soughtNotes(ctx context.Context, l *look, query string) (PaletteGroup, error) {
	g := PaletteGroup{ID: "notes", Label: i18n.T(ctx, "Fix notes")}
	found, err := foundNotes(ctx, l, query+"*", paletteNotes) // the last word may go on
	for _, n := range found {
		g.Options = append(g.Options, PaletteOption{ID: "note-" + decimal(n.Number), URL: n.URL, Icon: "sticky-note", Title: n.Subject, Snippet: n.Gist, Number: n.Number, At: n.At})
	}
	return g, err
}

// soughtArticles are the articles about the words.
func soughtArticles(ctx context.Context, l *look, query string) (PaletteGroup, error) {
	g := PaletteGroup{ID: "articles", Label: i18n.T(ctx, "Articles")}
	found, err := foundArticles(ctx, l, query, paletteNotes)
	for _, x := range found {
		g.Options = append(g.Options, PaletteOption{ID: "article-" + decimal(x.ID), URL: x.URL, Icon: "file-text", Title: x.Title, Snippet: x.Gist})
	}
	return g, err
}

// foundPeople are people by the words of a query; fields of the filter language look for none.
func foundPeople(ctx context.Context, l *look, query string, limit int) ([]person.Person, error) {
	if strings.Contains(query, ":") || utf8.RuneCountInString(query) < 2 {
		return nil, nil
	}
	found, err := person.Find(ctx, l.tx, query, limit)
	return slices.DeleteFunc(found, func(p person.Person) bool { return !p.Active || p.MergedInto != 0 }), err
}

func ticketOption(r ticket.Row, marks search.Query) PaletteOption {
	o := PaletteOption{
		ID: "ticket-" + strconv.FormatInt(r.ID, 10), URL: ticketURL(r.ID), Icon: "message-square", Title: marked(r.Subject, marks), Number: r.ID, Status: statusShown(r.Ticket), At: r.ActivityAt,
	}
	if r.Snippet != "" {
		o.Snippet = marked(r.Snippet, marks)
	}
	return o
}

// marked is a text with the words that were looked for marked.
func marked(text string, q search.Query) (out []SnippetPart) {
	for _, s := range search.Mark(text, q) {
		out = append(out, SnippetPart{Text: s.Text, Hit: s.Hit})
	}
	return out
}

func plainly(text string) []SnippetPart { return []SnippetPart{{Text: text}} }

// shortened is a query as a line can show it.
func shortened(query string) string {
	r := []rune(query)
	if len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return query
}
