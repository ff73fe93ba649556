package desk

import (
	"goodturn/internal/clock"
	"goodturn/internal/web/ui"
)

// Held is an answer that is about to be sent.
type Held struct {
	ID     int64
	Author string
	// Mine says that the signed-in person may take it back.
	Mine bool
	Text string
	// Mail shows its form, nil for plain text.
	Mail *ui.Mail
	// To says to whom it goes: a first name, or addresses.
	To string
	// Then is the status that the ticket gets with it, or "".
	Then   string
	Files  []KeptFile
	GiveAt clock.Instant
	// Left is how many seconds there are until then.
	Left int
}

// KeptFile is a file of an answer that is not sent yet.
type KeptFile struct {
	Name string
	// Size is in bytes.
	Size int64
}
