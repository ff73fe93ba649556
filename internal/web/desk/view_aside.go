package desk

import "goodturn/internal/clock"

// PutAside is how a ticket is put aside, and how it can be.
type PutAside struct {
	// Presets are the moments that a snooze can be chosen with one press; empty where the ticket cannot sleep.
	Presets []SnoozeChoice
	// At and Earliest are what the field for another moment begins with and takes, as "2026-11-22T08:00".
	At, Earliest string
	// Asleep says that it sleeps; Until is when it wakes, 0 for no moment; ByAnswer says that an answer wakes it.
	Asleep   bool
	Until    clock.Instant
	ByAnswer bool
	// TrashedAt is since when it lies in the trash, 0 for not, and GoneAt when it is deleted for good.
	TrashedAt, GoneAt clock.Instant
	// MayPurge says that the reader may delete it for good now.
	MayPurge bool
	// Sender is where it came from, "" for an address that cannot be blocked.
	Sender  string
	Blocked bool
}

// SnoozeChoice is a moment to choose.
type SnoozeChoice struct {
	Value, Label string
	At           clock.Instant
}
