// Package person knows the people on both sides of a ticket: who they are, by which addresses they
// are known, where they belong, how they sign in, and what they may do.
//
// Everybody is a Person, staff and requester alike; a Role says how far their rights go, each role
// holding all rights of the one before. Whether somebody may do something is decided in one place:
// Can asks about one thing, Visible is the same question as a SQL predicate for lists. Secrets
// that people carry (sessions, links, tokens) are stored as hashes only.
//
//	p, err := person.ByAddress(ctx, tx, person.Contact{Address: "hana@example.com", Name: "Hana Sato"})
//	actor, err := person.ActorOf(ctx, tx, p.ID)
//	if !person.Can(actor, person.SeeTicket, facts) { … }
package person

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Role says how far somebody's rights go.
type Role string

// The roles; each may do all that the one before may.
const (
	Requester     Role = "requester"
	Agent         Role = "agent"
	Lead          Role = "lead"
	Administrator Role = "administrator"
)

// Roles lists the roles from least to most.
func Roles() []Role { return []Role{Requester, Agent, Lead, Administrator} }

// AtLeast tells whether r may do all that other may.
func (r Role) AtLeast(other Role) bool { return r.rank() >= other.rank() }

func (r Role) rank() int {
	for i, x := range Roles() {
		if x == r {
			return i + 1
		}
	}
	return 0
}

// Person is somebody known to the desk.
type Person struct {
	ID             int64
	Name           string
	Role           Role
	Language       string // "en", "de"; "" follows the browser
	Zone           string // IANA name; "" is the desk's
	OrganisationID int64  // 0 for none
	Active         bool
	MergedInto     int64 // the person this one became, or 0
	CreatedAt      clock.Instant
	Address        string // the address of record; "" when there is none
}

const personColumns = `p.id, p.name, p.role, p.language, p.zone, p.organisation_id, p.active, p.merged_into, p.created_at, coalesce(a.address, '') AS address`

// Get gives a person by id.
func Get(ctx context.Context, tx *db.Tx, id int64) (Person, error) {
	p, err := db.One[Person](ctx, tx, `SELECT `+personColumns+` FROM person p LEFT JOIN person_address a ON a.person_id = p.id AND a.first WHERE p.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return p, fault.NotFound(i18n.M("There is no such person."))
	}
	return p, err
}

// FindByAddress gives the person with that address; none is db.ErrNoRow.
func FindByAddress(ctx context.Context, tx *db.Tx, address string) (Person, error) {
	return db.One[Person](ctx, tx, `SELECT `+personColumns+` FROM person_address x JOIN person p ON p.id = x.person_id
		LEFT JOIN person_address a ON a.person_id = p.id AND a.first WHERE x.address = $1`, FoldAddress(address))
}

// Contact is a name and an address as they stand in a mail or a form.
type Contact struct{ Name, Address string }

// ByAddress gives the person with that address, and makes a requester of somebody who is not known yet.
// A new person joins the organisation that owns the address's domain.
func ByAddress(ctx context.Context, tx *db.Tx, c Contact) (Person, error) {
	p, err := FindByAddress(ctx, tx, c.Address)
	if !errors.Is(err, db.ErrNoRow) {
		return p, err
	}
	err = tx.Try(ctx, func() error {
		p, err = Create(ctx, tx, New{Name: c.Name, Addresses: []string{c.Address}, Role: Requester})
		return err
	})
	if err != nil { // somebody else may have made them at this very moment
		if other, found := FindByAddress(ctx, tx, c.Address); found == nil {
			return other, nil
		}
	}
	return p, err
}

// New is somebody to be added.
type New struct {
	Name         string
	Addresses    []string // the first is the address of record
	Role         Role
	Language     string
	Zone         string
	Organisation int64
	Verified     bool // the addresses are known to be theirs
}

// Create adds a person. An address that cannot be right, or is somebody else's already, is a field
// error of "address".
func Create(ctx context.Context, tx *db.Tx, n New) (Person, error) {
	n.Name = CleanName(n.Name)
	for i, a := range n.Addresses {
		if n.Addresses[i] = FoldAddress(a); !ValidAddress(n.Addresses[i]) {
			return Person{}, fault.Invalid(fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", a)))
		}
	}
	if n.Name == "" && len(n.Addresses) > 0 {
		n.Name, _, _ = strings.Cut(n.Addresses[0], "@")
	}
	if n.Organisation == 0 && len(n.Addresses) > 0 {
		n.Organisation = organisationOfDomain(ctx, tx, n.Addresses[0])
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO person (name, role, language, zone, organisation_id, active, created_at)
		VALUES ($1, $2, $3, $4, $5, TRUE, $6) RETURNING id`, n.Name, n.Role, n.Language, n.Zone, orNull(n.Organisation), tx.Now)
	if err != nil {
		return Person{}, err
	}
	for i, a := range n.Addresses {
		if err := addAddress(ctx, tx, id, a, i == 0, n.Verified); err != nil {
			return Person{}, err
		}
	}
	if err := index(ctx, tx, id); err != nil {
		return Person{}, err
	}
	return Get(ctx, tx, id)
}

// Change is what may be changed about a person; nil leaves it.
type Change struct {
	Name         *string
	Language     *string
	Zone         *string
	Role         *Role
	Active       *bool
	Organisation *int64
}

// Update changes a person.
func Update(ctx context.Context, tx *db.Tx, id int64, c Change) error {
	p, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	set(&p.Language, c.Language)
	set(&p.Zone, c.Zone)
	set(&p.Role, c.Role)
	set(&p.Active, c.Active)
	set(&p.OrganisationID, c.Organisation)
	if c.Name != nil {
		if p.Name = CleanName(*c.Name); p.Name == "" {
			return fault.Invalid(fault.F("name", i18n.M("Please give a name.")))
		}
	}
	if p.Role.rank() == 0 {
		return fault.Invalid(fault.F("role", i18n.M("Please choose one of the roles.")))
	}
	if p.OrganisationID != 0 && c.Organisation != nil {
		if _, err := OrganisationByID(ctx, tx, p.OrganisationID); err != nil {
			return fault.Invalid(fault.F("organisation", i18n.M("There is no such organisation.")))
		}
	}
	if err := keepAnAdministrator(ctx, tx, p); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE person SET name = $2, language = $3, zone = $4, role = $5, active = $6, organisation_id = $7 WHERE id = $1`,
		id, p.Name, p.Language, p.Zone, p.Role, p.Active, orNull(p.OrganisationID))
	if err != nil {
		return err
	}
	tx.Signal(RightsChanged, id)
	if !p.Active {
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE person_id = $1`, id); err != nil {
			return err
		}
	}
	if p.Role == Requester { // or the teams would wait for them should they become staff again
		if _, err := tx.Exec(ctx, `DELETE FROM team_member WHERE person_id = $1`, id); err != nil {
			return err
		}
	}
	return index(ctx, tx, id)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// keepAnAdministrator refuses a change after which nobody could administer the desk.
func keepAnAdministrator(ctx context.Context, tx *db.Tx, after Person) error {
	if after.Active && after.Role == Administrator {
		return nil
	}
	const administrators = `SELECT id FROM person WHERE role = 'administrator' AND active AND merged_into IS NULL ORDER BY id`
	all, err := db.All[int64](ctx, tx, administrators)
	if err != nil || !slices.Contains(all, after.ID) {
		return err
	}
	for _, id := range all { // two who take the right from each other at once must not both succeed
		if err := tx.Lock(ctx, "person", id); err != nil {
			return err
		}
	}
	if all, err = db.All[int64](ctx, tx, administrators); err != nil {
		return err
	}
	if len(all) == 1 && all[0] == after.ID {
		return fault.Invalid(fault.F("role", i18n.M("This is the only administrator. Please make somebody else one first.")))
	}
	return nil
}

// CleanName trims a name, folds its white space and drops what cannot be shown; at most 120 bytes stay.
func CleanName(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || r == 0x7f {
			return ' '
		}
		return r
	}, s)), " ")
	for len(s) > 120 {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// orNull binds 0 as NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
