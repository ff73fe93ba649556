package ticket

import (
	"context"
	"slices"

	"goodturn/internal/db"
)

// Circles names the organisations, and the people of none, who would read each other's messages if tickets were joined;
// nil when nobody would read what is not said within their own circle already. Staff read everything in any case.
func Circles(ctx context.Context, tx *db.Tx, ids []int64) ([]string, error) {
	type member struct {
		TicketID       int64
		PersonID       int64
		OrganisationID int64
		Name           string
	}
	kept := make([]int64, 0, len(ids))
	for _, id := range ids {
		k, err := Kept(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		kept = append(kept, k)
	}
	var args db.Args
	in := db.List(&args, kept)
	all, err := db.All[member](ctx, tx, `SELECT x.ticket_id, p.id AS person_id, p.organisation_id, coalesce(o.name, p.name) AS name
		FROM (SELECT id AS ticket_id, requester_id AS person_id FROM ticket WHERE id IN (`+in+`) UNION SELECT ticket_id, person_id FROM follower WHERE ticket_id IN (`+in+`)) AS x
		JOIN person p ON p.id = x.person_id LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.role = 'requester' ORDER BY name, p.id`, args...)
	if err != nil {
		return nil, err
	}
	type circle struct{ organisation, person int64 }
	everybody, of := map[circle]string{}, map[int64]map[circle]bool{}
	for _, m := range all {
		c := circle{organisation: m.OrganisationID}
		if m.OrganisationID == 0 {
			c.person = m.PersonID
		}
		if of[m.TicketID] == nil {
			of[m.TicketID] = map[circle]bool{}
		}
		everybody[c], of[m.TicketID][c] = m.Name, true
	}
	for _, one := range of {
		if len(one) < len(everybody) {
			names := make([]string, 0, len(everybody))
			for _, name := range everybody {
				names = append(names, name)
			}
			slices.Sort(names)
			return names, nil
		}
	}
	return nil, nil
}
