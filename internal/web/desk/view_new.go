package desk

import "goodturn/internal/web/ui"

// NewTicketView is a ticket written down while somebody is on the phone: three fields, posted to /tickets.
type NewTicketView struct {
	Frame Frame
	// Who is a name or an address, as typed; the suggestions are people who asked lately.
	Who, WhoError string
	People        []ui.Suggestion
	// Subject and Text are what was typed.
	Subject, SubjectError string
	Text, TextError       string
	// Teams, Agents, Priorities and Kinds are options with the usual one chosen.
	Teams, Agents, Priorities, Kinds []ui.Choice
	// More opens the part under "more", after an error there.
	More bool
	// MaxBytes is the limit for files, 0 for none.
	MaxBytes int64
}
