package admin

import "goodturn/internal/web/ui"

// MailboxesView lists the mailboxes.
type MailboxesView struct {
	Frame     Frame
	Mailboxes []MailboxHealth
}

// MailboxView is the form of one mailbox, new or known.
type MailboxView struct {
	Frame Frame
	// Title is the address, or that there is none yet. URL is where the form is posted.
	Title, URL string
	Wrong      bool
	// Findings are how the accounts answered when they were tried just now.
	Findings []Finding

	Address, Name, Team Field
	Teams               []ui.Choice
	Active, Subaddress  bool
	AuthservID          Field

	FromName, Signature Field

	Receiving, Sending AccountFields
	Folder, MoveTo     Field
	// DefaultSending says that answers go out through the desk's own account when none is given here.
	DefaultSending bool
}

// AccountFields are the fields that receiving and sending have in common.
type AccountFields struct {
	Host, Port, Security, User, Password Field
	// Stored says that there is a password which an empty field keeps. Kept is one that was typed a moment ago, sealed.
	Stored bool
	Kept   string
}

// Finding is how one part of a mailbox answered.
type Finding struct {
	Title string
	OK    bool
	Words string
}
