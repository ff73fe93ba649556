package admin

import (
	"context"

	"goodturn/internal/i18n"
	"goodturn/internal/web/ui"
)

// RoutesView are the routes, and the form of one: of a new one (ID 0) below the list of all, of a known one alone.
type RoutesView struct {
	Frame     Frame
	ID        int64
	URL       string
	Wrong     bool
	Filter    Field
	Teams     []ui.Choice
	TeamError string
	Active    bool
	Routes    []RouteRow
}

// RouteRow is a route in the list.
type RouteRow struct {
	Number            int64
	URL, Filter, Team string
	Off, First, Last  bool
	// Broken says why it cannot be used, or is "".
	Broken string
}

func (r RouteRow) words(ctx context.Context) string {
	return i18n.T(ctx, "Route {{.Number}}", "Number", r.Number)
}
