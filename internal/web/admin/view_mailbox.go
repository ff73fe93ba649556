package admin

import (
	"goodturn/internal/clock"
	"goodturn/internal/mailbox"
	"goodturn/internal/web/ui"
)

// MailboxesView lists the mailboxes.
type MailboxesView struct {
	Frame     Frame
	Mailboxes []MailboxHealth
	// FilesLimit is how many megabytes of files go with a mail.
	FilesLimit Field
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
	Receipt             bool // what comes is confirmed by a mail
	AuthservID          Field

	FromName, Signature Field
	// Ways lead to the form for each way of signing in.
	Ways  []ui.Tab
	OAuth OAuthFields
	// Status is how a mailbox that is stored is doing; nil for a new one.
	Status *MailboxStatus

	Receiving, Sending AccountFields
	// Folders are the names, one a line; Listed those that the server has, or none, and Chosen those of them that are read.
	Folders        Field
	Listed, Chosen []string
	All            bool
	MoveTo         Field
	// DefaultSending says that answers go out through the desk's own account when none is given here.
	DefaultSending bool
}

// OAuthFields are for signing in by tokens.
type OAuthFields struct {
	Provider mailbox.Provider
	// Name is the provider's, for people; RedirectURL is what is registered with it.
	Name, RedirectURL string
	AsApp             bool
	Flow              string // what is wrong with it
	Tenant, ClientID  Field
	ClientSecret      Field
	// Stored and Kept are as in AccountFields.
	Stored                    bool
	Kept                      string
	AuthURL, TokenURL, Scopes Field
}

// MailboxStatus says why mail comes, or does not.
type MailboxStatus struct {
	MailboxHealth
	CheckURL string
	// Folders are those that are read, when there are several.
	Folders []FolderStatus
	// OnServer counts mails that are on the server and not taken in yet; Counted says that this is known.
	OnServer int
	Counted  bool
	NextAt   clock.Instant
	// ToSend and Failed count recipients of answers; SendError is why the oldest has not gone out.
	ToSend, Failed int
	SendError      string
	SendNext       clock.Instant
	// Provider lets the program in by tokens, "" for passwords. ConnectURL asks somebody for consent, "" where none is wanted.
	Provider, ConnectURL string
	GrantedAt            clock.Instant
	Connect              bool // it is time to
}

// FolderStatus is how one of several folders is doing.
type FolderStatus struct {
	Name, Error string
	ConnectedAt clock.Instant
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
	// Folders are those on the server, or none.
	Folders []string
}

func (f AccountFields) wrong() bool {
	return f.Host.Error+f.Port.Error+f.Security.Error+f.User.Error+f.Password.Error != ""
}
