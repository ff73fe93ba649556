package desk

import (
	"context"

	"goodturn/internal/i18n"
)

func (v AbsenceView) title(ctx context.Context) string {
	if v.Mine {
		return i18n.T(ctx, "When you are away")
	}
	return i18n.T(ctx, "When {{.Name}} is away", "Name", v.Name)
}

func (v AbsenceView) backWords(ctx context.Context) string {
	if v.Mine {
		return i18n.T(ctx, "Your account")
	}
	return v.Name
}

func (a AbsenceRow) endWords(ctx context.Context) string {
	if a.Now {
		return i18n.T(ctx, "Back now")
	}
	return i18n.T(ctx, "Cancel")
}
