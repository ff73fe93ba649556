package desk

import (
	"context"
	"net/url"
	"strings"

	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/view"
)

// standingList is one of the lists that everybody has.
type standingList struct {
	key   string
	title func(ctx context.Context) string
	// filter says what it holds; see package filter.
	filter string
	// counted says which tickets are in it, for the number beside its name; nil where none is shown.
	counted func(a person.Actor) ticket.Which
	// statuses are those that can be met there: what it can be narrowed to.
	statuses []ticket.Status
	// quiet lists are reached, but do not ask for attention.
	quiet bool
}

var (
	// awake are the turns of tickets that are being worked on.
	awake        = []ticket.Turn{ticket.Ours, ticket.Theirs, ticket.Hold}
	openStatuses = []ticket.Status{ticket.StatusNew, ticket.Open, ticket.Pending, ticket.OnHold}
)

const (
	teamView     = "team"
	followedView = "followed"
)

// standing are the lists in the order of the navigation; the first is shown when none is asked for. That a list holds open
// tickets alone is said even where the turn says so too: the engine knows a smaller index by it.
var standing = []standingList{
	{"ours", func(ctx context.Context) string { return i18n.T(ctx, "Our turn") }, "turn:ours status:unsolved", turns(ticket.Ours), []ticket.Status{ticket.StatusNew, ticket.Open}, false},
	{"mine", func(ctx context.Context) string { return i18n.T(ctx, "Mine") }, "assignee:me status:unsolved turn:ours,theirs,hold", func(a person.Actor) ticket.Which { return ticket.Which{Turns: awake, Assignee: a.ID} }, openStatuses, false},
	{"unassigned", func(ctx context.Context) string { return i18n.T(ctx, "Unassigned") }, "assignee:nobody status:unsolved turn:ours,theirs,hold", func(person.Actor) ticket.Which { return ticket.Which{Turns: awake, Assignee: ticket.Nobody} }, openStatuses, false},
	{teamView, func(ctx context.Context) string { return i18n.T(ctx, "My teams") }, "team:mine status:unsolved turn:ours,theirs,hold", turns(awake...), openStatuses, false},
	{"waiting", func(ctx context.Context) string { return i18n.T(ctx, "Waiting") }, "status:unsolved turn:theirs,hold", turns(ticket.Theirs, ticket.Hold), []ticket.Status{ticket.Pending, ticket.OnHold}, false},
	{"snoozed", func(ctx context.Context) string { return i18n.T(ctx, "Snoozed") }, "turn:snoozed status:unsolved", turns(ticket.Snoozed), openStatuses, false},
	{followedView, func(ctx context.Context) string { return i18n.T(ctx, "Followed") }, "follower:me status:unsolved", turns(), openStatuses, false},
	{suspectView, func(ctx context.Context) string { return i18n.T(ctx, "Suspect") }, "is:suspect", turns(ticket.Suspect), []ticket.Status{ticket.StatusNew}, false},
	{"all", func(ctx context.Context) string { return i18n.T(ctx, "All") }, "", nil, ticket.Statuses(), false},
	{"done", func(ctx context.Context) string { return i18n.T(ctx, "Done") }, "status:done", nil, []ticket.Status{ticket.Solved, ticket.Closed}, true},
	{"trash", func(ctx context.Context) string { return i18n.T(ctx, "Trash") }, "is:trash", nil, ticket.Statuses(), true},
}

func turns(all ...ticket.Turn) func(person.Actor) ticket.Which {
	return func(person.Actor) ticket.Which { return ticket.Which{Turns: all} }
}

func standingByKey(key string) (standingList, bool) {
	for _, s := range standing {
		if s.key == key {
			return s, true
		}
	}
	return standing[0], false
}

// place is a list as its address names it: which view, what it is narrowed to, and where in it.
type place struct {
	View, Query, Status, Assignee, Team, Tag, Cursor string
	// Sort, Group, Cols and Density say how it is shown, "" for as usual; see shown.
	Sort, Group, Cols, Density string
	// saved is the saved view that View names, once look.open has loaded it.
	saved *view.View
}

// readPlace reads a place from the query of an address. A view that does not exist is the first.
func readPlace(q url.Values) place {
	p := place{
		View: q.Get("view"), Query: strings.TrimSpace(q.Get("q")), Status: q.Get("status"), Assignee: q.Get("assignee"), Team: q.Get("team"), Tag: q.Get("tag"), Cursor: q.Get("cursor"),
		Sort: q.Get("sort"), Group: q.Get("group"), Cols: strings.Join(q["cols"], ","), Density: q.Get("density"),
	}
	if p.View != "" && p.savedID() == 0 {
		s, _ := standingByKey(p.View)
		p.View = s.key
	}
	return p
}

func (p place) view() standingList {
	if p.saved != nil {
		name := p.saved.Name
		return standingList{key: p.View, title: func(context.Context) string { return name }, filter: p.saved.Filter, statuses: ticket.Statuses()}
	}
	s, _ := standingByKey(p.View)
	return s
}

// here names the list that the navigation marks: the view, or one team's list of it.
func (p place) here() string {
	if p.View == teamView && p.Team != "" {
		return teamView + ":" + p.Team
	}
	return p.key()
}

// narrowed tells whether more is asked for than the view alone.
func (p place) narrowed() bool { return p.Query+p.Status+p.Assignee+p.Team+p.Tag != "" }

// query is the place as the query of an address, "" for the first view from its start.
func (p place) query() string {
	var b strings.Builder
	for _, kv := range [...][2]string{{"view", p.View}, {"q", p.Query}, {"status", p.Status}, {"assignee", p.Assignee}, {"team", p.Team}, {"tag", p.Tag}, {"sort", p.Sort}, {"group", p.Group}, {"cols", p.Cols}, {"density", p.Density}, {"cursor", p.Cursor}} {
		if kv[1] == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(kv[0] + "=" + url.QueryEscape(kv[1]))
	}
	return b.String()
}

func (p place) url() string { return at("/tickets", p.query()) }

// at puts a query behind a path.
func at(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// start is the place from its first page on.
func (p place) start() place {
	p.Cursor = ""
	return p
}

// within is what the list is before anything is typed, in the filter language: the view, and what was chosen.
func (p place) within() string {
	text := p.view().filter
	if text != "" {
		text = "(" + text + ")"
	}
	for _, chosen := range [...][2]string{{"status", p.Status}, {"assignee", p.Assignee}, {"team", p.Team}, {"tag", p.Tag}} {
		if chosen[1] != "" {
			text += " " + chosen[0] + ":" + filter.Quote(chosen[1])
		}
	}
	return strings.TrimSpace(text)
}

// filter is the place as one filter, for what is done to all of it later.
func (p place) filter() (string, error) {
	if _, err := ticket.ParseFilter(p.Query); err != nil { // brackets of its own must not open ours
		return "", err
	}
	within := p.within()
	if p.Query == "" || within == "" {
		return within + p.Query, nil
	}
	return within + " (" + p.Query + ")", nil
}

// readPlaceText is readPlace for the query as it stands in an address.
func readPlaceText(query string) place {
	q, _ := url.ParseQuery(query)
	return readPlace(q)
}
