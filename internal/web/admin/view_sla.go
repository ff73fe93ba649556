package admin

import (
	"time"

	"goodturn/internal/web/ui"
)

// PoliciesView lists the policies of both levels in their order.
type PoliciesView struct {
	Frame                      Frame
	ToRequesters, BetweenTeams []PolicyRow
}

// PolicyRow is a policy in its list.
type PolicyRow struct {
	ID                int64
	Name, URL, Filter string
	// Promises sums up what is promised.
	Promises    string
	Active      bool
	First, Last bool
}

// PolicyView is the form of one policy, new or known.
type PolicyView struct {
	Frame          Frame
	ID             int64
	Seen           int64 // the version that the form was filled with
	Title, URL     string
	Wrong          bool
	Level          string
	Name, Filter   Field
	Active, Wall   bool
	Promises       []PolicyPromise
	Warn           Field
	Calendars      []ui.Choice
	CalendarsError string
	// StaleError says that somebody else changed it meanwhile.
	StaleError string
}

// PolicyPromise is a row of the table of times.
type PolicyPromise struct {
	Name, Label   string
	Targets       []PolicyTarget // from urgent to low
	Pending, Hold bool           // it rests then
}

// PolicyTarget is how long is promised at one priority.
type PolicyTarget struct {
	Name, Priority string
	Field          Field
}

func length(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
