package portal

import (
	"context"

	"goodturn/internal/ticket"
	"goodturn/internal/web/ui"
)

// Fact is what the visitor was asked, and answered.
type Fact struct{ Label, Value string }

// facts are what is known of the request beside its messages. Somebody who only typed an address sees what came through such
// links.
func (l *loader) facts(ctx context.Context) ([]Fact, error) {
	all, err := ticket.KnownFacts(ctx, l.tx, l.ticket.ID)
	var out []Fact
	for _, f := range all {
		if !l.unproven || f.Cause == causeUnproven && f.TicketID == l.ticket.ID {
			out = append(out, Fact{Label: f.Label, Value: ui.FactValue(ctx, string(f.Kind), f.Value)})
		}
	}
	return out, err
}
