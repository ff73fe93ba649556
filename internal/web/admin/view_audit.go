package admin

import (
	"goodturn/internal/clock"
	"goodturn/internal/web/ui"
)

// AuditView is a page of the record of who came in and who changed what, newest first.
type AuditView struct {
	Frame   Frame
	People  []ui.Choice
	Entries []AuditLine
	// Older leads on, Start back to the newest; "" for none. CSV is the same record as a file.
	Older, Start, CSV string
	Narrowed          bool
}

// AuditLine is one line of the record.
type AuditLine struct {
	At clock.Instant
	// Who is a name or "" for nobody known; What is the action in the reader's language.
	Who, WhoURL, What string
	// Thing is what it was done to, with the page of it or "".
	Thing, ThingURL string
	Detail, Remote  string
}
