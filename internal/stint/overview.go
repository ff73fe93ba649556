package stint

import (
	"context"

	"goodturn/internal/db"
)

// Ahead lists the stints that lie ahead or run, the first first; those that were declined too, since they need another date.
func Ahead(ctx context.Context, tx *db.Tx, most int) ([]Stint, error) {
	return db.All[Stint](ctx, tx, `SELECT `+columns+` FROM stint s WHERE s.state IN ('proposed', 'invited', 'agreed', 'running') OR s.state = 'declined' AND s.until > $1 ORDER BY s.from_at, s.id LIMIT $2`, tx.Now, most)
}

// ProposedOf gives the stints of a policy that nobody was told of and that lie ahead, 100 at most.
func ProposedOf(ctx context.Context, tx *db.Tx, policyID int64) ([]int64, error) {
	return db.All[int64](ctx, tx, `SELECT id FROM stint WHERE policy_id = $1 AND state = 'proposed' AND from_at > $2 ORDER BY from_at, id LIMIT 100`, policyID, tx.Now)
}

// Gain is a point of a debrief with whose it is and what became of it.
type Gain struct {
	Point
	Name  string
	State string // of the papercut ("open", "gone", …) or of the request (a ticket.Status)
}

// Brought lists what debriefs brought, the newest first.
func Brought(ctx context.Context, tx *db.Tx, most int) ([]Gain, error) {
	type row struct {
		ID, StintID, PapercutID, TicketID, GapID int64
		Kind                                     PointKind
		Text, Name, State                        string
		Hours                                    float64
	}
	rows, err := db.All[row](ctx, tx, `SELECT d.id, d.stint_id, d.kind, d.text, d.papercut_id, d.ticket_id, d.gap_id, d.hours, p.name, coalesce(c.state, t.status, '') AS state
		FROM debrief_point d JOIN stint s ON s.id = d.stint_id JOIN person p ON p.id = s.person_id LEFT JOIN papercut c ON c.id = d.papercut_id LEFT JOIN ticket t ON t.id = d.ticket_id
		ORDER BY d.id DESC LIMIT $1`, most)
	out := make([]Gain, len(rows))
	for i, r := range rows {
		out[i] = Gain{Point: Point{ID: r.ID, StintID: r.StintID, Kind: r.Kind, Text: r.Text, PapercutID: r.PapercutID, TicketID: r.TicketID, GapID: r.GapID, Hours: r.Hours}, Name: r.Name, State: r.State}
	}
	return out, err
}
