package lead

import (
	"context"
	"slices"
	"strings"

	"goodturn/internal/automation"
	"goodturn/internal/i18n"
)

func (v RuleView) heading(ctx context.Context) string {
	if v.ID == 0 {
		return i18n.T(ctx, "New rule")
	}
	return v.Title
}

// faults are what is wrong with a rule as text, which has no fields to stand at.
func (v RuleView) faults(ctx context.Context) (out []string) {
	for at, w := range v.Wrong {
		if at == "" {
			continue
		}
		word, n, _ := strings.Cut(at, "-")
		if n != "" {
			word += " " + decimal(number(n)+1)
		}
		out = append(out, i18n.T(ctx, "{{.Where}}: {{.What}}", "Where", word, "What", w))
	}
	slices.Sort(out)
	return out
}

// lineOf says in which line a text is wrong.
func lineOf(ctx context.Context, e *automation.TextError) string {
	line, column := e.Line()
	return i18n.T(ctx, "Line {{.Line}}, place {{.Column}}:", "Line", line, "Column", column)
}

func before(e *automation.TextError) string {
	s, _, _ := e.Parts()
	return s
}

// at is the wrong part of the line; where something is missing, a space that can be seen.
func at(e *automation.TextError) string {
	if _, s, _ := e.Parts(); s != "" {
		return s
	}
	return "\u00a0"
}

func after(e *automation.TextError) string {
	_, _, s := e.Parts()
	return s
}

// sampleText shows how the plain-text form is written.
const sampleText = `rule Close after silence
when pending for 9 working days
when pending for 9 working days in "Berlin"
when a ticket comes
when a message comes from requester
when status changed from open to pending, solved
when tag added vpn
when waiting for us for 4 working hours
when created 30 days ago
when sla_warning first_answer
when every FREQ=WEEKLY;BYDAY=MO from 2026-12-07 08:00

if team:network -tag:keep priority:>=high

then set status solved
then assign amara@example.com
then move to network
then tag stale
then reply macro 12
then reply
  | {{greeting}},
  |
  | we take this as solved.
then note
  | Solved by itself.
then notify assignee, team:network
then snooze answer 3d
then webhook https://example.com/hook
stop`
