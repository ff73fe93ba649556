package ui

import (
	"context"

	"goodturn/internal/i18n"
)

func versionShown(ctx context.Context, text string) string {
	if text == "" {
		return i18n.T(ctx, "nothing")
	}
	return text
}
