package desk

import (
	"context"

	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

// snoozeWords tells that a ticket was put to sleep, or what woke it.
func snoozeWords(ctx context.Context, e ticket.Event, name string) string {
	to := ticket.ReadSnooze(e.ToValue)
	until := i18n.DateTime(ctx, to.Until)
	switch {
	case to.Mode == ticket.UntilAnswer && to.Until != 0:
		return i18n.T(ctx, "{{.Name}} snoozed it until an answer comes, or until {{.When}}", "Name", name, "When", until)
	case to.Mode == ticket.UntilAnswer:
		return i18n.T(ctx, "{{.Name}} snoozed it until an answer comes", "Name", name)
	case to.Mode != "":
		return i18n.T(ctx, "{{.Name}} snoozed it until {{.When}}", "Name", name, "When", until)
	}
	switch e.Cause {
	case ticket.WokenByTime:
		return i18n.T(ctx, "It woke, as its time had come")
	case ticket.WokenByAnswer:
		return i18n.T(ctx, "The answer woke it")
	case ticket.WokenByReply, ticket.WokenByStatus:
		return "" // the line beside it says what somebody did
	}
	return i18n.T(ctx, "{{.Name}} woke it", "Name", name)
}

// asleepWords say until when a ticket sleeps.
func asleepWords(ctx context.Context, p PutAside) string {
	until := i18n.DateTime(ctx, p.Until)
	switch {
	case p.Until != 0 && p.ByAnswer:
		return i18n.T(ctx, "This ticket sleeps until {{.When}}, or until an answer comes", "When", until)
	case p.Until != 0:
		return i18n.T(ctx, "This ticket sleeps until {{.When}}, even if an answer comes", "When", until)
	}
	return i18n.T(ctx, "This ticket sleeps until an answer comes")
}
