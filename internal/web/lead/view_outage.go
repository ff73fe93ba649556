package lead

import (
	"context"

	"goodturn/internal/i18n"
	"goodturn/internal/outage"
)

func (f OutageForm) title(ctx context.Context) string {
	switch {
	case f.ID != 0:
		return i18n.T(ctx, "Change: {{.Title}}", "Title", f.New.Title)
	case f.New.Planned:
		return i18n.T(ctx, "Planned work")
	}
	return i18n.T(ctx, "Something is broken")
}

func (f OutageForm) titleLabel(ctx context.Context) string {
	if f.New.Planned {
		return i18n.T(ctx, "What will not work")
	}
	return i18n.T(ctx, "What does not work")
}

func (f OutageForm) sinceLabel(ctx context.Context) string {
	if f.New.Planned {
		return i18n.T(ctx, "It begins")
	}
	return i18n.T(ctx, "Since when; empty is now")
}

func (f OutageForm) saveWords(ctx context.Context) string {
	if f.ID != 0 {
		return i18n.T(ctx, "Save")
	}
	return i18n.C(ctx, "outage", "Post it")
}

func (f OutageForm) url() string {
	if f.ID != 0 {
		return outageURL(f.ID)
	}
	return outagesURL
}

// newsWords is what an update says, or what its kind says where it has no text.
func newsWords(ctx context.Context, u outage.Update) string {
	switch {
	case u.Text != "":
		return u.Text
	case u.Kind == outage.CancelledUpdate:
		return i18n.T(ctx, "Called off.")
	}
	return i18n.T(ctx, "The planned work has ended.")
}

// toldWords says how far an update was told.
func toldWords(ctx context.Context, u outage.Update) string {
	if u.Telling {
		return i18n.T(ctx, "being told: {{.Told}} of {{.Count}} so far", "Told", u.Told, "Count", u.People)
	}
	return i18n.N(ctx, "mailed to {{.Count}} person", "mailed to {{.Count}} people", u.Told)
}
