package automation

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

func arm(ctx context.Context, tx *db.Tx, r Rule, already bool) error { return nil }
func checkSpan(ctx context.Context, tx *db.Tx, s Span) error         { return nil }
func checkRecurrence(w When) error                                   { return nil }

var _ = person.System
