package page

import (
	"context"
	"strconv"

	"goodturn/internal/i18n"
)

func (n Nav) noticesShown() string {
	if n.NoticesMore {
		return strconv.Itoa(n.Notices) + "+"
	}
	return strconv.Itoa(n.Notices)
}

func (n Nav) bellLabel(ctx context.Context) string {
	if n.Notices == 0 {
		return i18n.T(ctx, "Notices")
	}
	return i18n.T(ctx, "Notices, {{.Count}} not read", "Count", n.noticesShown())
}
