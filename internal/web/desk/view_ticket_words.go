package desk

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"goodturn/internal/i18n"
	"goodturn/internal/web/ui"
)

// topic is the attribute that makes a fragment live.
func topic(name string) templ.OrderedAttributes {
	if name == "" {
		return templ.OrderedAttributes{{Key: "data-fragment", Value: true}}
	}
	return templ.OrderedAttributes{{Key: "data-topic", Value: name}}
}

func boolWord(b bool) string { return strconv.FormatBool(b) }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func replyTitle(ctx context.Context, c Composer) string {
	if c.FirstName == "" {
		return i18n.T(ctx, "Reply")
	}
	return i18n.T(ctx, "Reply to {{.Name}}", "Name", c.FirstName)
}

// everybody names all to whom a reply goes.
func (c Composer) everybody(ctx context.Context) string {
	return addressLines{c.To, c.CC, c.BCC}.all(ctx)
}

func statusTone(status string) ui.Tone {
	switch status {
	case "pending", "on_hold":
		return ui.ToneWait
	case "solved":
		return ui.ToneGood
	}
	return ui.ToneNone
}

func choicesOf(ctx context.Context, values []string, current string, word func(context.Context, string) string) []ui.Choice {
	out := make([]ui.Choice, 0, len(values))
	for _, v := range values {
		out = append(out, ui.Choice{Value: v, Label: word(ctx, v), Chosen: v == current})
	}
	return out
}

func statusChoices(ctx context.Context, v TicketView) []ui.Choice {
	return choicesOf(ctx, v.Side.Statuses, v.Status, ui.StatusWord)
}

func priorityChoices(ctx context.Context, v TicketView) []ui.Choice {
	return choicesOf(ctx, v.Side.Priorities, v.Priority, ui.PriorityWord)
}

func kindChoices(ctx context.Context, v TicketView) []ui.Choice {
	return choicesOf(ctx, v.Side.Kinds, v.Kind, ui.KindWord)
}
