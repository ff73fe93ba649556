package desk

import (
	"context"

	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui"
)

// knownFacts are what was asked and answered beside the messages.
func knownFacts(ctx context.Context, l *look, t ticket.Ticket) ([]KnownFact, error) {
	all, err := ticket.KnownFacts(ctx, l.tx, t.ID)
	out := make([]KnownFact, 0, len(all))
	for _, f := range all {
		out = append(out, KnownFact{Label: f.Label, Value: ui.FactValue(ctx, string(f.Kind), f.Value)})
	}
	return out, err
}

// KnownFact is a fact in the side of a ticket.
type KnownFact struct{ Label, Value string }

// factWords tells of an answer that came after the ticket did.
func factWords(ctx context.Context, e ticket.Event, name string) string {
	if e.ToValue == "" {
		return i18n.T(ctx, "{{.Name}} took back: {{.Fact}}", "Name", name, "Fact", e.FromValue)
	}
	return i18n.T(ctx, "{{.Name}} told: {{.Fact}}", "Name", name, "Fact", e.ToValue)
}
