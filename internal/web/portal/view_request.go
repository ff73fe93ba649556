package portal

import (
	"context"

	"goodturn/internal/i18n"
)

// addHint says in the empty box what may come into it.
func addHint(ctx context.Context, v RequestView) string {
	if v.Mailed {
		return i18n.T(ctx, "Or just answer the mail: it arrives here.")
	}
	return i18n.T(ctx, "Something new, or an answer to our question")
}
