package desk

import (
	"context"
	"net/http"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/intake"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// Asking is how far the questions about a vague request are.
type Asking struct {
	// Place is "1 of 3".
	Place string
	// Why says what made it vague: "no thing is named; it is only a few words".
	Why string
}

// askingOf says how far the questions about some tickets are; a ticket about which nothing is asked is not among them.
func askingOf(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]Asking, error) {
	all, err := intake.StandingOf(ctx, tx, ids)
	out := make(map[int64]Asking, len(all))
	for id, s := range all {
		var why []string
		for _, w := range s.Why {
			why = append(why, i18n.Print(ctx, w.Text()))
		}
		out[id] = Asking{Place: i18n.T(ctx, "{{.Number}} of {{.Count}}", "Number", s.Place, "Count", intake.MaxAsked), Why: strings.Join(why, "; ")}
	}
	return out, err
}

// stopAsking answers POST /tickets/{number}/questions/end.
func (d *Desk) stopAsking(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		return d.Intake.Stop(ctx, tx, by, number)
	})
}
