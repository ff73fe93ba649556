package stint

import (
	"context"

	"goodturn/internal/i18n"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
)

// when says from when to when a turn takes, in the reader's zone.
func when(ctx context.Context, s stint.Stint) string {
	from, until := s.FromAt.Time(), s.Until.Time()
	zone := i18n.ZoneOf(ctx)
	if a, b := from.In(zone), until.In(zone); a.YearDay() == b.YearDay() && a.Year() == b.Year() {
		return i18n.T(ctx, "{{.Date}}, {{.From}} to {{.Until}}", "Date", i18n.Date(ctx, from), "From", i18n.Clock(ctx, from), "Until", i18n.Clock(ctx, until))
	}
	return i18n.T(ctx, "{{.From}} to {{.Until}}", "From", i18n.DateTime(ctx, from), "Until", i18n.DateTime(ctx, until))
}

func stateWord(ctx context.Context, s stint.State) string {
	switch s {
	case stint.Proposed:
		return i18n.T(ctx, "proposed, not asked yet")
	case stint.Invited:
		return i18n.T(ctx, "asked")
	case stint.Agreed:
		return i18n.T(ctx, "agreed")
	case stint.Running:
		return i18n.T(ctx, "at the desk now")
	case stint.Over:
		return i18n.C(ctx, "stint", "done")
	case stint.Declined:
		return i18n.T(ctx, "needs another date")
	}
	return i18n.T(ctx, "called off")
}

func stageWord(ctx context.Context, s stint.Stage) string {
	switch s {
	case stint.Shadow:
		return i18n.T(ctx, "reads along")
	case stint.Drafts:
		return i18n.T(ctx, "writes drafts, the mentor sends")
	}
	if s == stint.Review {
		return i18n.T(ctx, "sends what the mentor said yes to")
	}
	return i18n.T(ctx, "works alone")
}

// whyWord says in words why a ticket is for somebody new.
func whyWord(ctx context.Context, w stint.Why) string {
	switch w.What {
	case stint.KnownArticle:
		return i18n.T(ctx, "the answer is written down: “{{.Title}}”", "Title", w.Title)
	case stint.KnownTicket:
		return i18n.T(ctx, "the like was solved before")
	case stint.Patient:
		return i18n.T(ctx, "they have been patient with us before")
	case stint.Short:
		return i18n.T(ctx, "it is asked in a few words")
	}
	return i18n.T(ctx, "there is no hurry")
}

// standing says where a lent request stands for its guest.
func standing(ctx context.Context, h stint.Held) string {
	switch {
	case h.Approved:
		return i18n.T(ctx, "your mentor says yes: send it")
	case h.Asked:
		return i18n.T(ctx, "with your mentor")
	case h.Status == ticket.Solved || h.Status == ticket.Closed:
		return i18n.C(ctx, "request", "solved")
	case h.Turn == ticket.Ours && h.Written:
		return i18n.T(ctx, "you have begun to write")
	case h.Turn == ticket.Ours:
		return i18n.T(ctx, "waits for an answer")
	}
	return i18n.T(ctx, "answered")
}

func pointWord(ctx context.Context, k stint.PointKind) string {
	switch k {
	case stint.Papercut:
		return i18n.T(ctx, "papercut")
	case stint.Unwritten:
		return i18n.T(ctx, "to be written down")
	case stint.Product:
		return i18n.T(ctx, "for our product")
	}
	return i18n.T(ctx, "out of the desk's hands")
}
