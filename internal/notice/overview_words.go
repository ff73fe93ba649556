package notice

import (
	"context"
	"fmt"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
)

// Title names a part, in the reader's language.
func (p Part) Title(ctx context.Context) string {
	switch p {
	case PartDue:
		return i18n.T(ctx, "Overdue, or due before the next overview")
	case PartWaits:
		return i18n.T(ctx, "Yours, and it waits for you")
	case PartNews:
		return i18n.T(ctx, "What you have not seen yet")
	case PartTeams:
		return i18n.T(ctx, "In your teams, and nobody has it")
	}
	return i18n.T(ctx, "Yours, solved by others")
}

// Path is the page that has all of a part.
func (p Part) Path() string {
	switch p {
	case PartNews:
		return "/notices"
	case PartSolved:
		return "/tickets?q=assignee:me+is:done"
	}
	return "/tickets?q=assignee:me+is:open"
}

// About is what a line is about.
func (l Line) About() string {
	switch {
	case l.Team != "":
		return l.Team
	case l.ID == 0:
		return ""
	}
	return fmt.Sprintf("#%d %s", l.ID, l.Subject)
}

// Path is the page that a line leads to.
func (l Line) Path() string {
	switch {
	case l.Team != "":
		return "/tickets?q=team:" + l.Slug + "+is:unassigned+turn:ours"
	case l.ID == 0 && len(l.News) > 0:
		return l.News[0].Path()
	}
	return fmt.Sprintf("/tickets/%d", l.ID)
}

// Text says what there is to know about a line at a moment.
func (l Line) Text(ctx context.Context, p Part, now clock.Instant) string {
	var parts []string
	switch {
	case p == PartTeams:
		count := i18n.N(ctx, "{{.Count}} ticket that nobody has", "{{.Count}} tickets that nobody has", l.Count)
		if l.Count >= CountBound {
			count = i18n.T(ctx, "{{.Count}} tickets and more that nobody has", "Count", CountBound-1)
		}
		parts = append(parts, count)
		if l.WaitingSince > 0 {
			parts = append(parts, i18n.T(ctx, "the longest wait began {{.Ago}}", "Ago", i18n.AgoLong(ctx, now, l.WaitingSince)))
		}
	case p == PartDue && l.DueAt <= now:
		parts = append(parts, i18n.T(ctx, "was due {{.When}}", "When", i18n.DateTime(ctx, l.DueAt)))
	case p == PartDue:
		parts = append(parts, i18n.T(ctx, "due {{.When}}", "When", i18n.DateTime(ctx, l.DueAt)))
	case p == PartWaits && l.WaitingSince > 0:
		parts = append(parts, i18n.T(ctx, "they wait since {{.When}}", "When", i18n.DateTime(ctx, l.WaitingSince)))
	}
	for _, n := range l.News {
		parts = append(parts, n.times(ctx))
	}
	return strings.Join(parts, " · ")
}
