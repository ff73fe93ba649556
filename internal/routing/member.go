package routing

import (
	"context"
	"slices"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Share is a member's own part in the sharing of a team.
type Share struct {
	PersonID int64
	Name     string
	Capacity int64 // -1 for the team's; 0 for nothing at all
}

// Shares lists the members of a team by name.
func Shares(ctx context.Context, tx *db.Tx, team int64) ([]Share, error) {
	return db.All[Share](ctx, tx, `SELECT p.id AS person_id, p.name, coalesce(x.capacity, -1) AS capacity FROM team_member m JOIN person p ON p.id = m.person_id
		LEFT JOIN team_share x ON x.team_id = m.team_id AND x.person_id = m.person_id WHERE m.team_id = $1 ORDER BY p.name, p.id`, team)
}

// SaveShares sets the capacities of members; those who are not named keep theirs. A number that cannot be is a fault of the field
// "capacity-" and the person's id.
func SaveShares(ctx context.Context, tx *db.Tx, team int64, shares []Share) error {
	members, err := Shares(ctx, tx, team)
	if err != nil {
		return err
	}
	var wrong []fault.Field
	for _, s := range shares {
		if s.Capacity < -1 || s.Capacity > maxCapacity {
			wrong = append(wrong, fault.F("capacity-"+strconv.FormatInt(s.PersonID, 10), i18n.M("Please give a number from 0 to {{.Most}}, or nothing for what the team has.", "Most", maxCapacity)))
		}
	}
	if err := fault.Check(wrong); err != nil {
		return err
	}
	for _, s := range shares {
		if !slices.ContainsFunc(members, func(m Share) bool { return m.PersonID == s.PersonID && m.Capacity != s.Capacity }) {
			continue // what nobody changed, and who left meanwhile
		}
		var capacity any
		if s.Capacity >= 0 {
			capacity = s.Capacity
		}
		if _, err := tx.Exec(ctx, `INSERT INTO team_share (team_id, person_id, capacity) VALUES ($1, $2, $3) ON CONFLICT (team_id, person_id) DO UPDATE SET capacity = excluded.capacity`, team, s.PersonID, capacity); err != nil {
			return err
		}
	}
	return nil
}
