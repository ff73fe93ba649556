package admin

import "goodturn/internal/clock"

// OverviewView is how the desk is doing: what is still to be set up, the mailboxes, and what went wrong.
type OverviewView struct {
	Frame     Frame
	Steps     []Step
	Mailboxes []MailboxHealth
	Jobs      []Job
	// MoreJobs says that there are more than those shown.
	MoreJobs bool
	Unread   []UnreadMail
	// Version is the program's, Engine the database's name.
	Version, Engine string
}

// Step is something to be set up, and where.
type Step struct{ Icon, Title, Text, Button, URL string }

// MailboxHealth is a mailbox and how it goes.
type MailboxHealth struct {
	ID      int64
	Address string
	URL     string
	Team    string
	// Off says that the mailbox takes no mail; Bad that something needs a hand. Words say what, or that all is well.
	Off, Bad bool
	Words    string
	// ErrorAt is since when it is Bad, ConnectedAt when the connection was good last, LastMailAt when a mail came in
	// last; 0 for not.
	ErrorAt, ConnectedAt, LastMailAt clock.Instant
	// Waiting counts the mails that are still to be read.
	Waiting int
	// OnServer counts the mails that are on the server and not taken in yet, as far as it was seen.
	OnServer int
	// NoSending says that answers cannot go out.
	NoSending bool
}

// Job is background work that has been given up.
type Job struct {
	ID          int64
	What, Error string
	At          clock.Instant
}

// UnreadMail is a mail that could not be read as mail.
type UnreadMail struct {
	Mailbox, Words string
	// Ticket and Subject are of the ticket that it became; 0 when it has become none yet, or none that the reader may see.
	Ticket  int64
	Subject string
	At      clock.Instant
}
