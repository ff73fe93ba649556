package automation

import (
	"context"

	"goodturn/internal/i18n"
)

// Words say what sets a rule going, in the reader's language: "pending for 3 working days". value says one of its values in words:
// the names of statuses, people and teams are known to pages.
func (w When) Words(ctx context.Context, value func(on On, v string) string) string {
	from, to := either(ctx, w.On, w.From, value), either(ctx, w.On, w.To, value)
	switch w.On {
	case Comes:
		return i18n.T(ctx, "a ticket comes")
	case MessageIn:
		if from != "" {
			return i18n.T(ctx, "a message comes from {{.Who}}", "Who", from)
		}
		return i18n.T(ctx, "a message comes")
	case MessageOut:
		return i18n.T(ctx, "the desk answers")
	case NoteWritten:
		return i18n.T(ctx, "a note is written")
	case SubjectChanged:
		return i18n.T(ctx, "the subject changes")
	case FollowerAdded:
		return i18n.T(ctx, "somebody follows the ticket")
	case FollowerRemoved:
		return i18n.T(ctx, "somebody no longer follows the ticket")
	case WasSnoozed:
		return i18n.T(ctx, "the ticket is put to sleep")
	case Merged:
		return i18n.T(ctx, "another ticket becomes part of it")
	case Undelivered:
		return i18n.T(ctx, "an answer does not arrive")
	case TagAdded:
		return orAny(ctx, to, i18n.T(ctx, "the tag {{.Tag}} is added", "Tag", to), i18n.T(ctx, "a tag is added"))
	case TagRemoved:
		return orAny(ctx, from, i18n.T(ctx, "the tag {{.Tag}} is taken off", "Tag", from), i18n.T(ctx, "a tag is taken off"))
	case Woke:
		return orAny(ctx, from, i18n.T(ctx, "the ticket wakes by {{.What}}", "What", from), i18n.T(ctx, "the ticket wakes"))
	case Warned:
		return orAny(ctx, to, i18n.T(ctx, "a promise is in danger: {{.Promise}}", "Promise", to), i18n.T(ctx, "a promise is in danger"))
	case Breached:
		return orAny(ctx, to, i18n.T(ctx, "a promise was not kept: {{.Promise}}", "Promise", to), i18n.T(ctx, "a promise was not kept"))
	case Recurs:
		return i18n.T(ctx, "{{.Rule}} from {{.Start}}", "Rule", w.Every, "Start", w.Start)
	}
	if w.On.Timed() {
		return w.lasting(ctx, to)
	}
	return w.change(ctx, from, to)
}

func orAny(_ context.Context, value, with, without string) string {
	if value == "" {
		return without
	}
	return with
}

func (w When) lasting(ctx context.Context, status string) string {
	long := w.For.Words(ctx)
	switch w.On {
	case StatusFor:
		return i18n.T(ctx, "{{.Status}} for {{.Time}}", "Status", status, "Time", long)
	case WaitingFor:
		return i18n.T(ctx, "they wait for us for {{.Time}}", "Time", long)
	case UnansweredFor:
		return i18n.T(ctx, "no answer for {{.Time}}", "Time", long)
	}
	return i18n.T(ctx, "created {{.Time}} ago", "Time", long)
}

func (w When) change(ctx context.Context, from, to string) string {
	what := w.On.Field(ctx)
	switch {
	case from != "" && to != "":
		return i18n.T(ctx, "{{.What}} changes from {{.From}} to {{.To}}", "What", what, "From", from, "To", to)
	case to != "":
		return i18n.T(ctx, "{{.What}} changes to {{.To}}", "What", what, "To", to)
	case from != "":
		return i18n.T(ctx, "{{.What}} changes from {{.From}}", "What", what, "From", from)
	}
	return i18n.T(ctx, "{{.What}} changes", "What", what)
}

// Field names what changes, as the subject of a sentence.
func (o On) Field(ctx context.Context) string {
	switch o {
	case StatusChanged:
		return i18n.C(ctx, "rule", "the status")
	case PriorityChanged:
		return i18n.C(ctx, "rule", "the priority")
	case KindChanged:
		return i18n.C(ctx, "rule", "the kind")
	case TeamChanged:
		return i18n.C(ctx, "rule", "the team")
	case AssigneeChanged:
		return i18n.C(ctx, "rule", "who has it")
	}
	return string(o)
}

// either is values as one of which is enough: "open or pending".
func either(ctx context.Context, on On, values []string, value func(On, string) string) string {
	out := ""
	for i, v := range values {
		if value != nil {
			v = value(on, v)
		}
		switch {
		case i == 0:
			out = v
		case i == len(values)-1:
			out = i18n.T(ctx, "{{.All}} or {{.Last}}", "All", out, "Last", v)
		default:
			out += ", " + v
		}
	}
	return out
}

// Words say how long, in the reader's language.
func (s Span) Words(ctx context.Context) string {
	out := s.words(ctx)
	if s.Working && s.Calendar != "" {
		return i18n.T(ctx, "{{.Time}} in {{.Calendar}}", "Time", out, "Calendar", s.Calendar)
	}
	return out
}

func (s Span) words(ctx context.Context) string {
	switch {
	case s.Working && s.Unit == Days:
		return i18n.N(ctx, "{{.Count}} working day", "{{.Count}} working days", s.N)
	case s.Working && s.Unit == Hours:
		return i18n.N(ctx, "{{.Count}} working hour", "{{.Count}} working hours", s.N)
	case s.Working:
		return i18n.N(ctx, "{{.Count}} working minute", "{{.Count}} working minutes", s.N)
	case s.Unit == Days:
		return i18n.N(ctx, "{{.Count}} day", "{{.Count}} days", s.N)
	case s.Unit == Hours:
		return i18n.N(ctx, "{{.Count}} hour", "{{.Count}} hours", s.N)
	}
	return i18n.N(ctx, "{{.Count}} minute", "{{.Count}} minutes", s.N)
}
