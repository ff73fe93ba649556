package api

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// Fact is a question that was answered.
type Fact struct {
	Label  string `json:"label" doc:"The question as it was asked." example:"Which device?"`
	Value  string `json:"value" doc:"The answer, in the form of its kind; several of several choices stand on lines of their own." example:"Laptop"`
	Kind   string `json:"kind" enum:"text,yes_no,date,number" doc:"text; yes_no: yes or no; date: 2026-11-22; number: decimal."`
	Source string `json:"source" doc:"Who asked: service or intake." example:"service"`
	At     Time   `json:"at"`
}

func factsOf(ctx context.Context, tx *db.Tx, ticketID int64) ([]Fact, error) {
	all, err := ticket.KnownFacts(ctx, tx, ticketID)
	out := make([]Fact, 0, len(all))
	for _, f := range all {
		out = append(out, Fact{Label: f.Label, Value: f.Value, Kind: string(f.Kind), Source: f.Source, At: Time(f.At)})
	}
	return out, err
}

// servicesByID gives the short names of the services that there are.
func servicesByID(ctx context.Context, tx *db.Tx) (map[int64]string, error) {
	type row struct {
		ID   int64
		Slug string
	}
	all, err := db.All[row](ctx, tx, `SELECT id, slug FROM service`)
	out := make(map[int64]string, len(all))
	for _, s := range all {
		out[s.ID] = s.Slug
	}
	return out, err
}
