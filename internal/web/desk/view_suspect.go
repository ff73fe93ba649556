package desk

import (
	"context"

	"goodturn/internal/i18n"
)

// Aside tells of a ticket that is set aside.
type Aside struct {
	// Spam says that somebody judged it; else it is a guess.
	Spam bool
	// Percent is how sure the guess is, 0 when there was none.
	Percent int
	// Why are the reasons, in the reader's language.
	Why []string
}

func asideTitle(ctx context.Context, a Aside) string {
	if a.Spam {
		return i18n.T(ctx, "This is spam")
	}
	return i18n.T(ctx, "This looks like spam")
}
