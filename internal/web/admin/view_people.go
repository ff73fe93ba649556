package admin

import (
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/web/ui"
)

// PeopleView lists people: all, those of one role, or those that a search found.
type PeopleView struct {
	Frame Frame
	// Query and Roles are what the list is narrowed by.
	Query    string
	Roles    []ui.Choice
	Narrowed bool
	People   []PersonRow
	// Older leads on, Start back to the first page; "" for none.
	Older, Start string
	// Cut says that a search found more than is shown.
	Cut bool
}

// PersonRow is somebody in the list.
type PersonRow struct {
	Name, URL, Address, Role, Organisation string
	// Staff says that the role is worth showing: most people are requesters.
	Staff, Inactive bool
}

// NewPersonView is the form that adds somebody.
type NewPersonView struct {
	Frame         Frame
	Wrong         bool
	Name, Address Field
	RoleError     string
	Roles         []ui.Choice
	Teams         []TeamTick
	// MayInvite offers to mail an invitation; Invite is ticked.
	MayInvite, Invite bool
}

// TeamTick is a team that somebody may belong to.
type TeamTick struct {
	ID      int64
	Name    string
	Private bool
	Chosen  bool
}

// PersonView is everything that can be set about somebody.
type PersonView struct {
	// Skills are languages and skills, Calendars their working hours; for staff.
	Skills        Field
	Calendars     []ui.Choice
	CalendarError string
	Frame         Frame
	// Title is the name; URL is where the form is posted, and the other forms below it.
	Title, URL, Role string
	Wrong            bool
	// MergedName and MergedURL are of the person this one became; then nothing can be changed here.
	MergedName, MergedURL string
	// Me says that this is whoever looks at the page.
	Me bool

	Name                     Field
	Roles, Languages         []ui.Choice
	RoleError, LanguageError string
	Zone                     Field
	Zones                    []ui.Suggestion
	DeskZone                 string // what an empty Zone means
	Organisations            []ui.Choice
	OrganisationError        string
	Active                   bool
	Teams                    []TeamTick
	Addresses                []Address
	NewAddress               Field
	Sessions                 int
	TOTP, Password           bool
	MayInvite                bool
	// MayErase offers to erase them.
	MayErase  bool
	Merges    []Merge
	MergeWith Field
	Since     clock.Instant
}

// Address is one of somebody's mail addresses.
type Address struct {
	Address string
	// First is where answers go; Proven that they showed it to be theirs; Bounced that mail came back.
	First, Proven, Bounced bool
}

// Merge is another record that became part of this person.
type Merge struct {
	ID   int64
	Name string
	At   clock.Instant
}

// id is the person's number, the last part of URL.
func (v PersonView) id() string { return v.URL[strings.LastIndexByte(v.URL, '/')+1:] }

func (v PersonView) ticketsURL() string { return "/people/" + v.id() }

func (v PersonView) auditURL() string { return string(auditSection) + "?person=" + v.id() }

func join(parts []string) string { return strings.Join(parts, " · ") }
