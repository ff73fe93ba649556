package desk

import "goodturn/internal/clock"

// PersonView is a person: who they are, their addresses and tickets, and merging two records of one person.
type PersonView struct {
	Frame Frame
	// URL is the person's own address ("/people/17"); forms post below it.
	URL  string
	Name string
	// Role is a word in the reader's language ("requester"), or "".
	Role         string
	Organisation string
	// OrganisationURL leads to the organisation, or is "".
	OrganisationURL string
	Addresses       []Address
	Zone            string
	// Language is the one that they read, when it is not the reader's; Summary counts what they asked this year.
	Language, Summary string
	// Note is what staff wrote down about them.
	Note    PersonNote
	Since   clock.Instant
	Tickets []EarlierTicket
	// MoreURL leads to all tickets of the person, or is "".
	MoreURL string
	// Merges are earlier merges that can be undone.
	Merges []Merge
	// MergeWith and MergeError keep what was typed into the merge form and say what is wrong.
	MergeWith, MergeError string
	// MayMerge shows the merge form and the undo buttons.
	MayMerge bool
	// MayAddress offers to add and to take away addresses; AddressValue and AddressError keep what was typed and say what
	// is wrong.
	MayAddress                 bool
	AddressValue, AddressError string
	// Away says until when somebody of the desk is away, or is ""; AwayURL leads to where that is set, or is "". Skills are their
	// languages and skills.
	Away, AwayURL string
	Skills        []string
	// EditURL leads to the page where name, role and addresses are changed, or is "".
	EditURL string
}

// Merge is another record that was joined to this person.
type Merge struct {
	// ID is part of the address that undoes it: URL + "/merges/44/undo".
	ID   string
	Name string
	At   clock.Instant
	By   string
}
