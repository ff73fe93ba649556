package admin

import (
	"goodturn/internal/clock"
	"goodturn/internal/web/ui"
)

// ProtectionView is the form of what is set against spam and storms.
type ProtectionView struct {
	Frame       Frame
	Wrong       bool
	Levels      []ui.Choice
	LevelError  string
	BelieveFlag bool
	// Numbers of an hour.
	Mails, Tickets, People Field
	// Exempt has an address or a domain a line.
	Exempt Field
	// Blocked are the senders whose mail is spam at once.
	Blocked []BlockedRow
}

// BlockedRow is a blocked sender.
type BlockedRow struct {
	Address string
	By      string // who blocked it, or ""
	At      clock.Instant
}
