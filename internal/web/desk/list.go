package desk

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/line"
	"goodturn/internal/livechat"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Rows of a list with the window to itself, and beside a ticket.
const (
	listRows = 50
	paneRows = 30
)

// list answers GET /tickets.
func (d *Desk) list(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	p := readPlace(r.URL.Query())
	var view ListView
	ctx := r.Context()
	err := d.read(ctx, v, func(l *look) error {
		p, ok, err := l.open(ctx, p)
		if err == nil && !ok {
			err = errNoView
		}
		if err != nil {
			return err
		}
		f, err := d.frame(ctx, l, p.here())
		if err != nil {
			return err
		}
		if view, err = d.listView(ctx, l, f, p, listRows); err == nil && r.URL.RawQuery == "" {
			view.Thanks, err = thanksBlock(ctx, l)
		}
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if view.QueryError != "" {
		status = http.StatusUnprocessableEntity
	}
	return d.show(w, r, v, status, view.Frame, ListPage(view), pieces{"list": ListFragment(view)})
}

// listView fills a list. A filter that cannot be understood is told at the search box.
func (d *Desk) listView(ctx context.Context, l *look, f Frame, p place, size int) (ListView, error) {
	p, _, err := l.open(ctx, p)
	if err != nil {
		return ListView{}, err
	}
	chose, err := l.preferences(ctx)
	if err != nil {
		return ListView{}, err
	}
	how := shownFor(p, chose)
	view := ListView{
		Frame: f, Title: p.view().title(ctx), Order: orderWords(ctx, how.order), URL: place{View: p.View}.url(), Query: p.Query,
		Topic: page.TopicList, Narrowed: p.narrowed(), Compact: how.compact, Columns: columnSet(how.columns), Display: how.display(ctx, p),
	}
	view.offerSaving(l, p, how)
	if person.Can(l.visit.Actor, person.ExportData, person.Thing{}) {
		whole, asShown := p.start(), p.start()
		asShown.Sort, asShown.Group, asShown.Cols = string(how.order), how.query().Get("group"), how.query().Get("cols")
		view.ExportAll, view.Export = at("/tickets.csv", whole.query()), at("/tickets.csv", asShown.query())
	}
	ask, err := how.page(ctx, l, p)
	if err != nil {
		return view, err
	}
	ask.Cursor, ask.Size = p.Cursor, size
	rows, err := ticket.List(ctx, l.tx, l.visit.Actor, person.SeeTicket, ask)
	view.Help = filterHelp(ctx, p.Query, err, func(text string) string { p := p.start(); p.Query = text; return p.url() })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		view.takeWrong(p, wrong)
	} else if err != nil {
		return view, err
	}
	unread, err := ticket.Unread(ctx, l.tx, l.visit.Actor.ID, idsOf(rows.Items))
	if err != nil {
		return view, err
	}
	asked, err := askingOf(ctx, l.tx, idsOf(rows.Items))
	if err != nil {
		return view, err
	}
	calls, err := line.CallsOf(ctx, l.tx, idsOf(rows.Items))
	if err != nil {
		return view, err
	}
	chats, err := livechat.Among(ctx, l.tx, idsOf(rows.Items))
	if err != nil {
		return view, err
	}
	group := ""
	for i, row := range rows.Items {
		shown := listed(row, p)
		if c, ok := calls[row.ID]; ok {
			shown.Call = callWhen(ctx, l.tx.Now, c)
		}
		shown.Asked, shown.Chat = asked[row.ID].Place, chats[row.ID]
		shown.Read = !unread[row.ID]
		if key, label := how.groupOf(ctx, row); label != "" && (i == 0 || key != group) {
			group, shown.Group = key, label
		}
		view.Rows = append(view.Rows, shown)
	}
	if err := foldLast(ctx, l.tx, view.Rows); err != nil {
		return view, err
	}
	if rows.Newest {
		view.Order = i18n.T(ctx, "best of the newest 1,000 first")
	}
	next, prev := p, p
	if next.Cursor = rows.Next; rows.Next != "" {
		view.Pages.Older = next.url()
	}
	if prev.Cursor = rows.Prev; rows.Prev != "" {
		view.Pages.Newer = prev.url()
	}
	if view.Filters, err = d.filters(ctx, l, p, rows.Items); err != nil {
		return view, err
	}
	if view.Bulk = d.mayChangeMany(l.visit) && len(view.Rows) > 0; view.Bulk {
		if view.Bar, err = d.bulkBar(ctx, l, p.start()); err != nil {
			return view, err
		}
	}
	if len(view.Rows) == 0 && !view.Narrowed {
		err = d.emptyDesk(ctx, l, &view)
	}
	return view, err
}

func idsOf(rows []ticket.Row) []int64 {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids
}

// listed is a ticket as a row of a list.
func listed(r ticket.Row, p place) ListRow {
	row := ListRow{
		Number: r.ID, URL: at(ticketURL(r.ID), p.query()), Subject: r.Subject, Requester: r.Requester, Last: r.LastText, Turn: turnShown(r.Ticket.Turn), Status: statusShown(r.Ticket),
		Priority: string(r.Priority), Assignee: r.Assignee, Tags: r.Tags,
	}
	if r.LastBy != r.Requester {
		row.LastBy = firstName(r.LastBy)
	}
	if r.Snippet != "" {
		row.Last, row.LastBy = r.Snippet, ""
	}
	row.Organisation, row.Team, row.Messages, row.Created, row.Updated = r.Organisation, r.TeamName, r.Messages, r.CreatedAt, r.ActivityAt
	row.Since, row.Suspect, row.Due = since(r.Ticket), r.Turn == ticket.Suspect, r.DueAt
	row.Late = r.DueAt != 0 && r.DueAt <= clock.Now()
	return row
}

// turnShown is the turn as the views know it; on hold is told by the status.
func turnShown(t ticket.Turn) string {
	if t == ticket.Hold || t.Aside() {
		return ""
	}
	return string(t)
}

// statusShown is the status as the views know it; what is set aside has no other that matters.
func statusShown(t ticket.Ticket) string {
	if t.Turn.Aside() {
		return string(t.Turn)
	}
	return string(t.Status)
}

// firstName is how colleagues call somebody; an address stays whole.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// filters are the menus over a list. Tags are offered as they are met in the rows shown.
func (d *Desk) filters(ctx context.Context, l *look, p place, rows []ticket.Row) ([]Filter, error) {
	p = p.start()
	staff, err := l.allStaff(ctx)
	if err != nil {
		return nil, err
	}
	teams, err := l.allTeams(ctx)
	if err != nil {
		return nil, err
	}
	status := menu(i18n.T(ctx, "any"), p.Status, func(s string) string { p := p; p.Status = s; return p.url() })
	for _, s := range p.view().statuses {
		status.add(string(s), ui.StatusWord(ctx, string(s)))
	}
	who := menu(i18n.T(ctx, "anybody"), p.Assignee, func(s string) string { p := p; p.Assignee = s; return p.url() })
	who.add("me", i18n.T(ctx, "me"))
	who.add("nobody", i18n.T(ctx, "nobody"))
	for _, a := range staff {
		if a.Address != "" && a.ID != l.visit.Actor.ID {
			who.add(a.Address, a.Name)
		}
	}
	team := menu(i18n.T(ctx, "any"), p.Team, func(s string) string { p := p; p.Team = s; return p.url() })
	for _, t := range teams {
		team.add(t.Slug, t.Name)
	}
	tag := menu(i18n.T(ctx, "any"), p.Tag, func(s string) string { p := p; p.Tag = s; return p.url() })
	for _, t := range tagsOf(rows, p.Tag) {
		tag.add(t, t)
	}
	return []Filter{
		{Key: "status", Label: i18n.T(ctx, "Status"), Chosen: status.label, Choices: status.choices},
		{Key: "assignee", Label: i18n.T(ctx, "Who has it"), Chosen: who.label, Choices: who.choices},
		{Key: "team", Label: i18n.T(ctx, "Team"), Chosen: team.label, Choices: team.choices},
		{Key: "tag", Label: i18n.T(ctx, "Tag"), Chosen: tag.label, Choices: tag.choices},
	}, nil
}

// filterMenu builds the choices of one filter.
type filterMenu struct {
	chosen, label string
	url           func(value string) string
	choices       []FilterChoice
}

func menu(anything, chosen string, url func(value string) string) *filterMenu {
	return &filterMenu{chosen: chosen, label: chosen, url: url, choices: []FilterChoice{{Label: anything, URL: url(""), Here: chosen == ""}}}
}

func (m *filterMenu) add(value, label string) {
	if value == m.chosen {
		m.label = label
	}
	m.choices = append(m.choices, FilterChoice{Label: label, URL: m.url(value), Here: value == m.chosen})
}

func tagsOf(rows []ticket.Row, chosen string) []string {
	var out []string
	if chosen != "" {
		out = append(out, chosen)
	}
	for _, r := range rows {
		for _, t := range r.Tags {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return out
}

// emptyDesk tells an empty list whether there is no ticket at all yet, and how the first one arrives.
func (d *Desk) emptyDesk(ctx context.Context, l *look, view *ListView) error {
	var args db.Args
	any, err := db.Exists(ctx, l.tx, `SELECT 1 FROM ticket t WHERE `+person.Visible(l.visit.Actor, person.SeeTicket, &args)+` LIMIT 1`, args...)
	if err != nil || any {
		return err
	}
	view.NothingYet = true
	address, err := db.All[string](ctx, l.tx, `SELECT b.address FROM mailbox b JOIN team m ON m.id = b.team_id WHERE b.active AND NOT m.private ORDER BY b.id LIMIT 1`)
	view.Address = strings.Join(address, "")
	return err
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
