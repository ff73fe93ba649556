package person

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/search"
)

// Organisation is a firm or a part of one that people belong to.
type Organisation struct {
	ID            int64
	Name          string
	SeeColleagues bool     // may its people see each other's tickets
	Domains       []string `db:"-"` // mail domains whose new people join it
}

// Organisations lists all of them by name, with their domains.
func Organisations(ctx context.Context, tx *db.Tx) ([]Organisation, error) {
	all, err := db.All[Organisation](ctx, tx, `SELECT id, name, see_colleagues FROM organisation ORDER BY folded`)
	if err != nil {
		return nil, err
	}
	type domain struct {
		OrganisationID int64
		Domain         string
	}
	domains, err := db.All[domain](ctx, tx, `SELECT organisation_id, domain FROM organisation_domain ORDER BY domain`)
	for i := range all {
		for _, d := range domains {
			if d.OrganisationID == all[i].ID {
				all[i].Domains = append(all[i].Domains, d.Domain)
			}
		}
	}
	return all, err
}

// OrganisationByID gives one organisation, without its domains; 0 gives the empty one.
func OrganisationByID(ctx context.Context, tx *db.Tx, id int64) (Organisation, error) {
	o, err := db.One[Organisation](ctx, tx, `SELECT id, name, see_colleagues FROM organisation WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return o, fault.NotFound(i18n.M("There is no such organisation."))
	}
	return o, err
}

var domainForm = regexp.MustCompile(`^[\pL\pN]([\pL\pN-]*[\pL\pN])?(\.[\pL\pN]([\pL\pN-]*[\pL\pN])?)+$`)

// SaveOrganisation adds an organisation (ID 0) or changes it, and gives its id. People without an
// organisation whose address lies in one of its domains join it.
func SaveOrganisation(ctx context.Context, tx *db.Tx, o Organisation) (int64, error) {
	o.Name = CleanName(o.Name)
	if o.Name == "" {
		return 0, fault.Invalid(fault.F("name", i18n.M("Please give a name.")))
	}
	var err error
	if o.ID == 0 {
		o.ID, err = db.One[int64](ctx, tx, `INSERT INTO organisation (name, folded, see_colleagues, created_at) VALUES ($1, $2, $3, $4) RETURNING id`,
			o.Name, search.Fold(o.Name), o.SeeColleagues, tx.Now)
	} else {
		_, err = tx.Exec(ctx, `UPDATE organisation SET name = $2, folded = $3, see_colleagues = $4 WHERE id = $1`, o.ID, o.Name, search.Fold(o.Name), o.SeeColleagues)
	}
	if errors.Is(err, db.ErrUnique) {
		err = fault.Invalid(fault.F("name", i18n.M("There is an organisation of that name already.")))
	}
	if err != nil {
		return 0, err
	}
	if err := saveDomains(ctx, tx, o); err != nil {
		return 0, err
	}
	return o.ID, joinByDomain(ctx, tx, o.ID)
}

// joinByDomain takes in the people without an organisation whose address of record lies in a domain of this one.
func joinByDomain(ctx context.Context, tx *db.Tx, id int64) error {
	type row struct {
		PersonID int64
		Address  string
	}
	domains, err := db.All[string](ctx, tx, `SELECT domain FROM organisation_domain WHERE organisation_id = $1`, id)
	if err != nil {
		return err
	}
	for _, d := range domains {
		people, err := db.All[row](ctx, tx, `SELECT a.person_id, a.address FROM person_address a JOIN person p ON p.id = a.person_id
			WHERE a.first AND p.organisation_id IS NULL AND p.merged_into IS NULL AND substr(a.address, length(a.address) - length($1) + 1) = $1`, d)
		if err != nil {
			return err
		}
		for _, p := range people {
			// A longer domain of another organisation may claim them, and notexample.com only ends like example.com.
			if organisationOfDomain(ctx, tx, p.Address) != id {
				continue
			}
			if _, err := tx.Exec(ctx, `UPDATE person SET organisation_id = $2 WHERE id = $1`, p.PersonID, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func saveDomains(ctx context.Context, tx *db.Tx, o Organisation) error {
	if _, err := tx.Exec(ctx, `DELETE FROM organisation_domain WHERE organisation_id = $1`, o.ID); err != nil {
		return err
	}
	for _, d := range o.Domains {
		d = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(d), "@"))
		if d == "" {
			continue
		}
		if !domainForm.MatchString(d) {
			return fault.Invalid(fault.F("domains", i18n.M("“{{.Domain}}” is not a domain. One looks like example.com.", "Domain", d)))
		}
		n, err := tx.Exec(ctx, `INSERT INTO organisation_domain (domain, organisation_id) VALUES ($1, $2) ON CONFLICT (domain) DO NOTHING`, d, o.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Invalid(fault.F("domains", i18n.M("{{.Domain}} belongs to an organisation already.", "Domain", d)))
		}
	}
	return nil
}

// OrganisationOf gives the organisation that an address belongs to by its domain; 0 for none.
func OrganisationOf(ctx context.Context, tx *db.Tx, address string) int64 {
	return organisationOfDomain(ctx, tx, FoldAddress(address))
}

// organisationOfDomain finds who owns the domain of an address, or a domain above it; 0 for nobody.
func organisationOfDomain(ctx context.Context, tx *db.Tx, address string) int64 {
	_, domain, _ := strings.Cut(address, "@")
	for strings.Contains(domain, ".") {
		if id, err := db.One[int64](ctx, tx, `SELECT organisation_id FROM organisation_domain WHERE domain = $1`, domain); err == nil {
			return id
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return 0
}
