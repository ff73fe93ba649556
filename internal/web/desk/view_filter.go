package desk

import (
	"context"
	"errors"

	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

// Completion is how what is typed may go on.
type Completion struct {
	// Text replaces the last Back characters (as JavaScript counts them) before the caret.
	Text string
	Back int
	Hint string
}

// FilterHelp stands under a box that takes a filter: what is wrong with it and where, or what it means.
type FilterHelp struct {
	// Wrong says what is wrong, "" for nothing. Before, Part and After are the filter, cut at the place.
	Wrong, Before, Part, After string
	// Instead are filters that would be right.
	Instead []FilterInstead
	// Means is a filter without a mistake in words, or "".
	Means string
}

// FilterInstead is a filter that would be right: Text in the place of what is wrong.
type FilterInstead struct{ Text, URL string }

// filterHelp tells of a filter that was typed; err is what came of asking with it, and link is the address of the same list
// with another filter. nil when there is nothing to tell.
func filterHelp(ctx context.Context, typed string, err error, link func(text string) string) *FilterHelp {
	wrong, ok := ticket.FilterError(err)
	switch {
	case ok && wrong.Text == typed:
		h := &FilterHelp{Wrong: i18n.Print(ctx, wrong.Message)}
		h.Before, h.Part, h.After = wrong.Parts()
		for _, i := range wrong.Instead {
			if text := wrong.Corrected(i); i != "" {
				h.Instead = append(h.Instead, FilterInstead{Text: i, URL: link(text)})
			}
		}
		return h
	case err != nil && !errors.Is(err, context.Canceled), typed == "":
		return nil
	}
	q, err := ticket.ParseFilter(typed)
	if err != nil || q.Root == nil || q.Rest().Root == nil { // words alone explain themselves
		return nil
	}
	return &FilterHelp{Means: filterWords(ctx, typed)}
}
