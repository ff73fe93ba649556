package desk

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/web/ui"
)

// ListView is a list of tickets: a page of its own, or the pane beside a ticket.
type ListView struct {
	Frame Frame
	// Title is the name of the view in the reader's language ("Our turn").
	Title string
	// Order says how the list is sorted ("longest wait first").
	Order string
	// URL is the address of this list without a page ("/tickets?view=ours"); the search form posts its other parameters
	// as Hidden.
	URL string
	// Query is the text in the search box.
	Query string
	// QueryError says what is wrong with the query, or "".
	QueryError string
	// Help says where it is wrong, or what it means; nil for nothing to say.
	Help    *FilterHelp
	Hidden  []Param
	Filters []Filter
	Rows    []ListRow
	Pages   ui.Pages
	// Topic is the live topic on which this list changes, or "".
	Topic string
	// Open is the number of the ticket shown beside the list, 0 when the list is alone.
	Open int64
	// Narrowed says that a filter or a query is in use, so an empty list means "nothing like that" and not "all done".
	Narrowed bool
	// NothingYet says that the desk has no ticket at all, so an empty list explains how the first one arrives.
	NothingYet bool
	// Export is the address of the list as a file with the columns that are shown, ExportAll with all; "" for those who may
	// not take one.
	Export, ExportAll string
	// Thanks is what hangs on the wall for the desk as a whole, on the page that people begin with; nil for nothing.
	Thanks *ThanksBlock
	// Compact shows each ticket in one line; Columns are what is shown of it besides the subject.
	Compact bool
	Columns map[string]bool
	// Display is the menu in which one chooses how the list is shown; nil where there is none.
	Display *Display
	// Save keeps the list under a name; nil where there is nothing to keep. Edit is the address at which the saved view that
	// is shown can be changed, "" for those who may not, and Mend says that its filter is not understood any more.
	Save *SaveList
	Edit string
	Mend bool
	// Bulk gives each row a box; the form #bulk, which does something with the rows chosen, must then be on the page.
	Bulk bool
	Bar  BulkBar
	// ReadOnly leaves out everything that changes a ticket.
	ReadOnly bool
	// Address is where mail to this desk goes, told by the empty list; "" when no mailbox is set up.
	Address string
}

// Display says how a list is shown and what could be chosen instead.
type Display struct {
	// Hidden are the parameters of the list that stay as they are.
	Hidden                     []Param
	Orders, Groupings, Columns []ui.Choice
	Compact                    bool
}

// SaveList is the list as it would be saved: its filter, and how it is shown.
type SaveList struct{ Filter, Place string }

// Param is a name and a value of a query.
type Param struct {
	Name, Value string
}

// Filter narrows the list by one property. Each choice is the address of a list.
type Filter struct {
	// Key is unique in the page ("status"); Label is its name in the reader's language.
	Key, Label string
	// Chosen is what the list is narrowed to, "" for anything.
	Chosen  string
	Choices []FilterChoice
}

// FilterChoice is one of the things that a list can be narrowed to; the first is usually "any".
type FilterChoice struct {
	Label, URL string
	Here       bool
}

// ListRow is a ticket in a list.
type ListRow struct {
	Number  int64
	URL     string
	Subject string
	// Requester is the name, or the address when there is none.
	Requester string
	// Last is the beginning of the last message in one line; LastBy is who wrote it when that was not the requester
	// ("Amara"), else "".
	Last, LastBy string
	// Since is when the wait began that Turn ("ours", "theirs" or "") is about.
	Since clock.Instant
	Turn  string
	// Due is when the next of its promises about time is due; 0 for none.
	Due clock.Instant
	// Late says that the wait is longer than was promised.
	Late bool
	// Status and Priority are the words of the database ("pending", "high").
	Status, Priority string
	// Assignee is a name, or "" for nobody.
	Assignee string
	Tags     []string
	// Suspect says that somebody must say whether it is spam.
	Suspect            bool
	Organisation, Team string
	Messages           int64
	Created, Updated   clock.Instant
	// Group is the heading that begins with this row, or "".
	Group string
	// Chat says that a live chat goes on there.
	Chat bool
	// Call is when its requester would like to be rung ("today between 14:00 and 16:00"); "" for those who do not wait for that.
	Call string
	// Asked is how far the questions about a vague request are ("1 of 3"), or "".
	Asked string
	// Read says that this agent has seen the last message.
	Read bool
}

// statusShown is the status when it says more than the turn does.
func (r ListRow) statusShown(ctx context.Context) string {
	switch r.Status {
	case "open", "":
		return ""
	}
	return ui.StatusWord(ctx, r.Status)
}

func (r ListRow) number() string { return strconv.FormatInt(r.Number, 10) }

// elementID is the same for a ticket wherever it stands in the list, so that a newer list finds it again.
func (r ListRow) elementID() string { return "row-" + r.number() }

func (r ListRow) class() string {
	if r.Read {
		return "ticket-row is-read"
	}
	return "ticket-row"
}

func (r ListRow) turnClass() string {
	switch {
	case r.Turn == "ours" && r.Late:
		return "turn is-ours is-late"
	case r.Turn == "ours":
		return "turn is-ours"
	}
	return "turn"
}

func (r ListRow) statusClass() string {
	if r.Status == "new" {
		return "status is-new"
	}
	return "status"
}

func (r ListRow) dueClass(now clock.Instant) string {
	switch {
	case r.Due == 0:
		return "due"
	case r.Due <= now:
		return "due is-late"
	case r.Due <= now.Add(time.Hour):
		return "due is-soon"
	}
	return "due"
}

func (r ListRow) ageClass() string {
	if r.Late {
		return "age is-late"
	}
	return "age"
}

// class is a class attribute without templ's own way of joining classes, which takes longer than the rest of a row.
func class(name string) templ.OrderedAttributes {
	return templ.OrderedAttributes{{Key: "class", Value: name}}
}

func (f Filter) text() string {
	if f.Chosen == "" {
		return f.Label
	}
	return f.Chosen
}

func (f Filter) about() string {
	if f.Chosen == "" {
		return ""
	}
	return f.Label
}

// emptyTitle and emptyText teach the next step.
func (v ListView) emptyTitle(ctx context.Context) string {
	switch {
	case v.NothingYet:
		return i18n.T(ctx, "The desk is ready")
	case v.Narrowed:
		return i18n.T(ctx, "Nothing like that here")
	}
	return i18n.T(ctx, "All done here")
}

func (v ListView) emptyText(ctx context.Context) string {
	switch {
	case v.NothingYet && v.Address != "":
		return i18n.T(ctx, "Mail to {{.Address}} becomes a ticket and appears here by itself. Try it, or write down what somebody tells you on the phone.", "Address", v.Address)
	case v.NothingYet:
		return i18n.T(ctx, "What people send through the form appears here by itself. Write down what somebody tells you on the phone, or set up a mailbox in the administration.")
	case v.Narrowed:
		return i18n.T(ctx, "No ticket matches. Take a filter away, or search all tickets.")
	}
	return i18n.T(ctx, "Nobody waits in this list. New tickets appear by themselves; a look at the unassigned ones may help somebody else.")
}
