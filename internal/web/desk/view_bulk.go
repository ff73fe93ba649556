package desk

import (
	"context"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/web/ui"
)

// BulkBar is what can be done with the chosen rows of a list.
type BulkBar struct {
	// Place is the list as the query of its address.
	Place string
	// All names every ticket of the list, for the box that chooses them.
	All                                          string
	Agents, Teams, Statuses, Priorities, Snoozes []ui.Choice
	// Macros can be done to many tickets at once.
	Macros []ui.Choice
	// Suspects says that the list is of what may be spam.
	Suspects bool
}

// Bulk is a change of many tickets.
type Bulk struct {
	ID int64
	// What says what is done, in words.
	What  string
	State string
	// Total is how many tickets it is about, Done how many of them were looked at, Changed and Failed what became of those.
	Total, Done, Changed, Failed int64
	At                           clock.Instant
	// Undoes and UndoneBy are the changes that this one takes back, and that takes this one back; 0 for none.
	Undoes, UndoneBy int64
	CanUndo, Over    bool
}

// BulkFailure is a ticket that was not changed.
type BulkFailure struct {
	Number int64
	Reason string
}

// BulkView is the page of one change.
type BulkView struct {
	Frame    Frame
	Bulk     Bulk
	Failures []BulkFailure
}

// BulksView lists changes, the newest first.
type BulksView struct {
	Frame Frame
	Bulks []Bulk
}

// title says how far a change is.
func (b Bulk) title(ctx context.Context) string {
	switch {
	case b.State == "collecting":
		return i18n.T(ctx, "Noting which tickets it is about")
	case b.State == "running":
		return i18n.T(ctx, "Changing tickets")
	case b.State == "stopped":
		return i18n.T(ctx, "Stopped")
	case b.Undoes != 0:
		return i18n.T(ctx, "Taken back")
	}
	return i18n.T(ctx, "Done")
}

// counts tells what became of the tickets.
func (b Bulk) counts(ctx context.Context) string {
	switch {
	case b.State == "collecting":
		return i18n.T(ctx, "Nothing is changed yet.")
	case !b.Over:
		return i18n.T(ctx, "{{.Done}} of {{.Total}}", "Done", i18n.Amount(b.Done), "Total", i18n.Amount(b.Total))
	}
	text := i18n.N(ctx, "{{.Count}} ticket changed", "{{.Count}} tickets changed", int(b.Changed))
	if same := b.Done - b.Changed - b.Failed; same > 0 {
		text += " · " + i18n.N(ctx, "{{.Count}} was like that already", "{{.Count}} were like that already", int(same))
	}
	if b.Failed > 0 {
		text += " · " + i18n.N(ctx, "{{.Count}} not changed", "{{.Count}} not changed", int(b.Failed))
	}
	if left := b.Total - b.Done; left > 0 {
		text += " · " + i18n.N(ctx, "{{.Count}} left", "{{.Count}} left", int(left))
	}
	return text
}

func (b Bulk) url() string { return "/bulk/" + strconv.FormatInt(b.ID, 10) }
