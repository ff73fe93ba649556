package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// shown is how a list is shown. The address weighs most, then the saved view, then what the person usually wants.
type shown struct {
	order   ticket.Order
	group   ticket.Grouping
	columns []string
	compact bool
}

// The columns of a list besides the subject; the usual ones first.
const (
	columnRequester    = "requester"
	columnTags         = "tags"
	columnPriority     = "priority"
	columnStatus       = "status"
	columnWaiting      = "waiting"
	columnDue          = "due"
	columnAssignee     = "assignee"
	columnNumber       = "number"
	columnOrganisation = "organisation"
	columnTeam         = "team"
	columnMessages     = "messages"
	columnCreated      = "created"
	columnUpdated      = "updated"
)

var (
	usualColumns = []string{columnRequester, columnTags, columnPriority, columnStatus, columnWaiting, columnDue, columnAssignee}
	allColumns   = append(slices.Clone(usualColumns), columnNumber, columnOrganisation, columnTeam, columnMessages, columnCreated, columnUpdated)
)

// The preferences that hold how lists are shown, as queries: columns and density of all of them, and for each view its order
// and grouping behind viewShown.
const (
	listShown = "list"
	viewShown = "list "
)

const compactDensity = "compact"

// shownFor puts together how a list is shown.
func shownFor(p place, preferences map[string]string) shown {
	all, _ := url.ParseQuery(preferences[listShown])
	one, _ := url.ParseQuery(preferences[viewShown+p.view().key])
	saved := url.Values{}
	if p.saved != nil {
		saved, _ = url.ParseQuery(p.saved.Place)
	}
	first := func(name, asked string, from ...url.Values) string {
		if asked != "" {
			return asked
		}
		for _, q := range from {
			if v := q.Get(name); v != "" {
				return v
			}
		}
		return ""
	}
	s := shown{
		order: ticket.Order(first("sort", p.Sort, saved, one)), group: ticket.Grouping(first("group", p.Group, saved, one)),
		columns: readColumns(first("cols", p.Cols, saved, all)), compact: first("density", p.Density, saved, all) == compactDensity,
	}
	if s.order == "" {
		s.order = ticket.ByActivity
	}
	if s.group == "none" {
		s.group = ""
	}
	return s
}

// readColumns reads a list of columns; one that does not exist is left out, and "" is the usual ones.
func readColumns(text string) (cols []string) {
	if text == "" {
		return usualColumns
	}
	asked := strings.Split(text, ",")
	for _, c := range allColumns {
		if slices.Contains(asked, c) {
			cols = append(cols, c)
		}
	}
	return cols
}

func (s shown) has(column string) bool { return slices.Contains(s.columns, column) }

// query is how a list is shown, for an address or a preference.
func (s shown) query() url.Values {
	density := "comfortable"
	if s.compact {
		density = compactDensity
	}
	group := string(s.group)
	if group == "" {
		group = "none"
	}
	return url.Values{"sort": {string(s.order)}, "group": {group}, "cols": {strings.Join(append([]string{"subject"}, s.columns...), ",")}, "density": {density}}
}

// saved is what a saved view keeps of it: columns and spacing only where the address says so, for they are a matter of taste
// and the view may be shared.
func (s shown) saved(p place) url.Values {
	q := s.query()
	if p.Cols == "" {
		q.Del("cols")
	}
	if p.Density == "" {
		q.Del("density")
	}
	return q
}

// page is what a list asks for. Groups come in an order that people know: teams and names as they are sorted elsewhere, most
// urgent first, statuses as a ticket lives through them.
func (s shown) page(ctx context.Context, l *look, p place) (ticket.Page, error) {
	out := ticket.Page{Within: p.within(), Filter: p.Query, Order: s.order, Group: s.group}
	switch s.group {
	case ticket.GroupByTeam:
		teams, err := l.allTeams(ctx)
		if err != nil {
			return out, err
		}
		for _, t := range teams {
			out.Groups = append(out.Groups, decimal(t.ID))
		}
	case ticket.GroupByAssignee:
		staff, err := l.allStaff(ctx)
		if err != nil {
			return out, err
		}
		out.Groups = append(out.Groups, decimal(l.visit.Actor.ID), "0")
		for _, a := range staff {
			if a.ID != l.visit.Actor.ID {
				out.Groups = append(out.Groups, decimal(a.ID))
			}
		}
	case ticket.GroupByStatus:
		for _, st := range p.view().statuses {
			out.Groups = append(out.Groups, string(st))
		}
	case ticket.GroupByPriority:
		for _, pr := range slices.Backward(ticket.Priorities()) {
			out.Groups = append(out.Groups, string(pr))
		}
	}
	return out, nil
}

// groupOf is the heading over a row: what it is the same for, and its words. Nothing is ("", "").
func (s shown) groupOf(ctx context.Context, row ticket.Row) (key, label string) {
	switch s.group {
	case ticket.GroupByTeam:
		return s.group.Of(row.Ticket), row.TeamName
	case ticket.GroupByAssignee:
		if row.AssigneeID == 0 {
			return "0", i18n.T(ctx, "Nobody has it")
		}
		return s.group.Of(row.Ticket), row.Assignee
	case ticket.GroupByStatus:
		return s.group.Of(row.Ticket), ui.StatusWord(ctx, string(row.Status))
	case ticket.GroupByPriority:
		return s.group.Of(row.Ticket), ui.PriorityWord(ctx, string(row.Priority))
	case ticket.GroupByDay:
		at := row.ActivityAt
		switch {
		case s.order == ticket.ByCreated || s.order == ticket.ByOldest:
			at = row.CreatedAt
		case s.order == ticket.ByWait && row.WaitingSince != 0:
			at = row.WaitingSince
		case s.order == ticket.ByDue && row.DueAt != 0:
			at = row.DueAt
		}
		day := at.Time().In(i18n.ZoneOf(ctx))
		return day.Format(time.DateOnly), dayWords(ctx, day)
	}
	return "", ""
}

// dayWords names a day as people do.
func dayWords(ctx context.Context, day time.Time) string {
	now := clock.Now().Time().In(i18n.ZoneOf(ctx))
	switch day.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return i18n.T(ctx, "Today")
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		return i18n.T(ctx, "Yesterday")
	}
	return i18n.DateLong(ctx, day)
}

// orderWords says how a list is sorted.
func orderWords(ctx context.Context, o ticket.Order) string {
	switch o {
	case ticket.ByWait:
		return i18n.T(ctx, "longest wait first")
	case ticket.ByDue:
		return i18n.T(ctx, "soonest due first")
	case ticket.ByCreated:
		return i18n.T(ctx, "newest ticket first")
	case ticket.ByOldest:
		return i18n.T(ctx, "oldest ticket first")
	case ticket.ByPriority:
		return i18n.T(ctx, "most urgent first")
	}
	return i18n.T(ctx, "newest activity first")
}

func groupingWords(ctx context.Context, g ticket.Grouping) string {
	switch g {
	case ticket.GroupByStatus:
		return i18n.T(ctx, "by status")
	case ticket.GroupByPriority:
		return i18n.T(ctx, "by priority")
	case ticket.GroupByAssignee:
		return i18n.T(ctx, "by who has it")
	case ticket.GroupByTeam:
		return i18n.T(ctx, "by team")
	case ticket.GroupByDay:
		return i18n.T(ctx, "by day")
	}
	return i18n.T(ctx, "not grouped")
}

func columnWords(ctx context.Context, c string) string {
	switch c {
	case columnRequester:
		return i18n.T(ctx, "Requester")
	case columnTags:
		return i18n.T(ctx, "Tags")
	case columnPriority:
		return i18n.T(ctx, "Priority")
	case columnStatus:
		return i18n.T(ctx, "Status")
	case columnWaiting:
		return i18n.T(ctx, "Turn and wait")
	case columnDue:
		return i18n.C(ctx, "column", "Due")
	case columnAssignee:
		return i18n.T(ctx, "Who has it")
	case columnNumber:
		return i18n.T(ctx, "Number")
	case columnOrganisation:
		return i18n.T(ctx, "Organisation")
	case columnTeam:
		return i18n.T(ctx, "Team")
	case columnMessages:
		return i18n.T(ctx, "Messages")
	case columnCreated:
		return i18n.T(ctx, "Created")
	}
	return i18n.T(ctx, "Last activity")
}

// display is the menu in which one chooses how the list is shown.
func (s shown) display(ctx context.Context, p place) *Display {
	d := &Display{Hidden: p.hidden(), Compact: s.compact}
	for _, o := range ticket.Orders() {
		d.Orders = append(d.Orders, ui.Choice{Value: string(o), Label: orderWords(ctx, o), Chosen: o == s.order})
	}
	for _, g := range append([]ticket.Grouping{""}, ticket.Groupings()...) {
		value := string(g)
		if g == "" {
			value = "none"
		}
		d.Groupings = append(d.Groupings, ui.Choice{Value: value, Label: groupingWords(ctx, g), Chosen: g == s.group})
	}
	for _, c := range allColumns {
		d.Columns = append(d.Columns, ui.Choice{Value: c, Label: columnWords(ctx, c), Chosen: s.has(c)})
	}
	return d
}

// hidden are the parameters of a place that a form about how it is shown keeps as they are.
func (p place) hidden() (all []Param) {
	for _, kv := range [...][2]string{{"view", p.View}, {"q", p.Query}, {"status", p.Status}, {"assignee", p.Assignee}, {"team", p.Team}, {"tag", p.Tag}} {
		if kv[1] != "" {
			all = append(all, Param{kv[0], kv[1]})
		}
	}
	return all
}

// keepShown answers POST /tickets/display: the list is shown so from now on, whenever its address does not say otherwise.
func (d *Desk) keepShown(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	p := readPlace(r.PostForm)
	s := shownFor(p, nil).query()
	err := d.Site.DB.Write(r.Context(), func(tx *db.Tx) error {
		if err := person.SetPreference(r.Context(), tx, v.Actor.ID, listShown, url.Values{"cols": s["cols"], "density": s["density"]}.Encode()); err != nil {
			return err
		}
		return person.SetPreference(r.Context(), tx, v.Actor.ID, viewShown+p.key(), url.Values{"sort": s["sort"], "group": s["group"]}.Encode())
	})
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(r.Context(), "Kept. Columns and spacing are so in all your lists, the order in this one."))
	p.Sort, p.Group, p.Cols, p.Density = "", "", "", ""
	return page.Goto(w, r, p.url())
}

// key names the view of a place in preferences, also where the saved view has not been loaded.
func (p place) key() string {
	if p.savedID() != 0 {
		return p.View
	}
	return p.view().key
}

// savedID is the number of the saved view that a place names ("v12"), or 0.
func (p place) savedID() int64 {
	text, ok := strings.CutPrefix(p.View, "v")
	if id, err := strconv.ParseInt(text, 10, 64); ok && err == nil && id > 0 {
		return id
	}
	return 0
}
