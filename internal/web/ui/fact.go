package ui

import (
	"context"
	"time"

	"goodturn/internal/i18n"
)

// FactValue is the value of a fact of a ticket for a reader: words in their language for "yes" and "no", dates as they write them.
// kind is a ticket.FactKind.
func FactValue(ctx context.Context, kind, value string) string {
	switch kind {
	case "yes_no":
		if value == "yes" {
			return i18n.C(ctx, "answer", "yes")
		}
		return i18n.C(ctx, "answer", "no")
	case "date":
		if t, err := time.Parse(time.DateOnly, value); err == nil {
			return i18n.Date(i18n.With(ctx, i18n.LangOf(ctx), time.UTC), t)
		}
	}
	return value
}
