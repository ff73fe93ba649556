package person

import (
	"context"

	"goodturn/internal/db"
)

// Circle is of whom somebody may learn that they exist and what troubles them. Where a desk serves several organisations, numbers and
// names that tell about others ("14 people have it", who came before, what is broken) stay within the organisation of whoever reads them.
//
//	c, err := person.CircleOf(ctx, tx, reader)
//	if c.Holds(ticket.OrganisationID) { … }
type Circle struct {
	// All says that the desk serves one organisation at most, so that everybody belongs together.
	All bool
	// OrganisationID is the reader's own; 0 for none.
	OrganisationID int64
}

// CircleOf gives the circle of somebody who is not of the desk's staff; personID 0 is a visitor of whom nothing is known.
func CircleOf(ctx context.Context, tx *db.Tx, personID int64) (c Circle, err error) {
	served, err := db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM organisation LIMIT 2) AS o`)
	if err != nil || served < 2 {
		return Circle{All: err == nil}, err
	}
	if personID == 0 {
		return c, nil
	}
	p, err := Get(ctx, tx, personID)
	return Circle{OrganisationID: p.OrganisationID}, err
}

// Holds tells that what concerns an organisation, or nobody's (0), may be told in this circle.
func (c Circle) Holds(organisationID int64) bool {
	return c.All || c.OrganisationID != 0 && c.OrganisationID == organisationID
}
