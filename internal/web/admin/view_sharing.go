package admin

import "goodturn/internal/web/ui"

// SharingView is the form of how a team shares its work.
type SharingView struct {
	Frame                          Frame
	Team, TeamURL, URL             string
	Wrong                          bool
	Ways                           []ui.Choice
	WayError                       string
	Capacity, OfferAfter, OfferFor Field
	LastHelper, AtWork, OfferLeads bool
	Calendars                      []ui.Choice
	CalendarError                  string
	Members                        []ShareRow
}

// ShareRow is a member with a limit of their own.
type ShareRow struct {
	Field, Name string
	Capacity    Field
}
