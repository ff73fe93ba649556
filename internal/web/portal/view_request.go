package portal

import (
	"context"

	"goodturn/internal/i18n"
)

// fresh says that nothing has been said but the request itself.
func (v RequestView) fresh() bool { return v.Earlier == 0 && len(v.Said) < 2 }

// addHint says in the empty box what may come into it.
func addHint(ctx context.Context, v RequestView) string {
	if v.Mailed {
		return i18n.T(ctx, "Or just answer the mail: it arrives here.")
	}
	return i18n.T(ctx, "Something new, or an answer to our question")
}
