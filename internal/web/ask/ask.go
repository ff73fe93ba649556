// Package ask lays out the questions of a service as fields of a form: on the first page, and where administrators try them out.
//
// A question that waits for another's answer stands there with words that say when it counts; with scripts (ask.js) it stands there
// only then. The server asks by the same rules (service.Form.Read), so both ways end the same.
//
//	@ask.Questions(ask.Of(ctx, form, field, wrong))
package ask

import (
	"context"
	"slices"

	"goodturn/internal/i18n"
	"goodturn/internal/service"
	"goodturn/internal/web/ui"
)

// Question is a question as a form shows it. Texts are in the reader's language, or as an administrator wrote them.
type Question struct {
	Name, Label, Help string
	Kind              service.Kind
	Choices           []string
	Required          bool
	// If is the name of the field for whose answer Is this one waits; "" for none. Only says so.
	If, Is, Only string
	Values       []string // as typed
	Error        string
}

// Of makes the fields of a form, with what was typed and what is wrong with it by the names of fields.
func Of(ctx context.Context, f service.Form, typed func(name string) []string, wrong map[string]string) []Question {
	out := make([]Question, 0, len(f.Questions))
	for _, q := range f.Questions {
		x := Question{Name: q.Name(), Label: q.Label, Help: q.Help, Kind: q.Kind, Choices: q.Choices, Required: q.Required, Error: wrong[q.Name()]}
		if typed != nil {
			x.Values = typed(q.Name())
		}
		if i := slices.IndexFunc(f.Questions, func(o service.Question) bool { return q.If != "" && o.Key == q.If }); i >= 0 {
			on := f.Questions[i]
			x.If, x.Is, x.Only = on.Name(), q.Is, i18n.T(ctx, "Only if “{{.Question}}” is “{{.Answer}}”.", "Question", on.Label, "Answer", Answer(ctx, on.Kind, q.Is))
		}
		out = append(out, x)
	}
	return out
}

// Answer is an answer in words.
func Answer(ctx context.Context, k service.Kind, value string) string {
	if k == service.YesNo {
		return ui.FactValue(ctx, "yes_no", value)
	}
	return value
}

// value is the one value of a field.
func (q Question) value() string {
	if len(q.Values) == 0 {
		return ""
	}
	return q.Values[0]
}

func (q Question) has(choice string) bool { return slices.Contains(q.Values, choice) }

// marks tells that the field must be filled in before the browser sends it. One that waits for another answer is not known to be asked.
func (q Question) marks() bool { return q.Required && q.If == "" }

// manyChoices are better in a list that opens.
const manyChoices = 6

// radios says that the choices stand there side by side: few, and one of them is needed.
func (q Question) radios() bool { return q.Required && len(q.Choices) <= manyChoices }

// label is the question with a word for what may be left out.
func (q Question) label(ctx context.Context) string {
	if q.Required {
		return q.Label
	}
	return i18n.T(ctx, "{{.Question}} (optional)", "Question", q.Label)
}

func (q Question) id() string { return "f-" + q.Name }

// hint joins the help and when it counts.
func (q Question) hint() string {
	if q.Help == "" || q.Only == "" {
		return q.Help + q.Only
	}
	return q.Help + " " + q.Only
}

func (q Question) inputType() string {
	switch q.Kind {
	case service.Date:
		return "date"
	case service.Address:
		return "email"
	}
	return "text"
}

func (q Question) mode() string {
	if q.Kind == service.Number {
		return "decimal"
	}
	return ""
}

func (q Question) describedBy() string {
	switch {
	case q.Error != "" && q.hint() != "":
		return q.id() + "-wrong " + q.id() + "-hint"
	case q.Error != "":
		return q.id() + "-wrong"
	case q.hint() != "":
		return q.id() + "-hint"
	}
	return ""
}

// options are choices in a list, with nothing chosen first.
func (q Question) options(ctx context.Context, all []string) []ui.Choice {
	nothing := "–"
	if q.Required {
		nothing = i18n.T(ctx, "Please choose")
	}
	out := []ui.Choice{{Label: nothing}}
	for _, c := range all {
		out = append(out, ui.Choice{Value: c, Label: Answer(ctx, q.Kind, c), Chosen: q.value() == c})
	}
	return out
}

// Fact is an answer as the ticket shows it.
type Fact struct{ Label, Value string }
