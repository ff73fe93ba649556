package service

import (
	"fmt"
	"slices"
	"strings"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/search"
)

// Kind is what the answer to a question is.
type Kind string

// The kinds of questions.
const (
	Short   Kind = "short"   // one line
	Long    Kind = "long"    // many lines
	One     Kind = "one"     // one of the choices
	Several Kind = "several" // any of the choices
	YesNo   Kind = "yes_no"
	Date    Kind = "date"
	Number  Kind = "number"
	Address Kind = "address" // a mail address
)

// Kinds lists them in the order in which they are offered.
func Kinds() []Kind { return []Kind{Short, Long, One, Several, YesNo, Date, Number, Address} }

// Question is one that a service asks.
type Question struct {
	// Key names it among those of its service as long as it is asked; an empty one gets one when it is saved.
	Key      string   `json:"key"`
	Label    string   `json:"label"`
	Help     string   `json:"help,omitempty"`
	Kind     Kind     `json:"kind"`
	Choices  []string `json:"choices,omitempty"`
	Required bool     `json:"required,omitempty"`
	// If is the key of another question; this one is asked only when the answer to that is, or has among it, Is.
	If string `json:"if,omitempty"`
	Is string `json:"is,omitempty"`
}

// The answers to a YesNo.
const (
	Yes = "yes"
	No  = "no"
)

// Answers are the answers that another question may wait for; nil for what has no list.
func (q Question) Answers() []string {
	switch q.Kind {
	case One, Several:
		return q.Choices
	case YesNo:
		return []string{Yes, No}
	}
	return nil
}

// Bounds of a form.
const (
	MaxQuestions = 40
	MaxChoices   = 60
	maxLabel     = 300
	maxHelp      = 600
	maxChoice    = 200
)

// Field is the name of what is wrong with question number i, as faults tell it: Field(0, "label") is "q0.label". The parts are label, help,
// kind, choices and if.
func Field(i int, part string) string { return fmt.Sprintf("q%d.%s", i, part) }

// tidy folds what was typed.
func (q *Question) tidy() {
	q.Label, q.Help = clean(q.Label, maxLabel), clean(q.Help, maxHelp)
	if q.Kind != One && q.Kind != Several {
		q.Choices = nil
	}
	var choices []string
	for _, c := range q.Choices {
		if c = clean(c, maxChoice); c != "" {
			choices = append(choices, c)
		}
	}
	q.Choices = choices
	if q.If == "" {
		q.Is = ""
	}
}

// Check tells all that is wrong with a list of questions, each fault at its field.
func Check(all []Question) error {
	var wrong []fault.Field
	if len(all) > MaxQuestions {
		wrong = append(wrong, fault.F("questions", i18n.M("A service can ask up to {{.Most}} questions. Fewer are answered better.", "Most", MaxQuestions)))
	}
	named := map[string]int{}
	for i, q := range all {
		say := func(part string, m i18n.Text) { wrong = append(wrong, fault.F(Field(i, part), m)) }
		if q.Label == "" {
			say("label", i18n.M("Please write what is asked, such as “Which device?”"))
		} else if before, known := named[search.Fold(q.Label)]; known {
			say("label", i18n.M("Question {{.Number}} asks the same. Please give one of them other words.", "Number", before+1))
		} else {
			named[search.Fold(q.Label)] = i
		}
		if !slices.Contains(Kinds(), q.Kind) {
			say("kind", i18n.M("Please choose what the answer is."))
		}
		if m, bad := q.wrongChoices(); bad {
			say("choices", m)
		}
		if m, bad := wrongCondition(all, q); bad {
			say("if", m)
		}
	}
	return fault.Check(wrong)
}

func (q Question) wrongChoices() (i18n.Text, bool) {
	if q.Kind != One && q.Kind != Several {
		return i18n.Text{}, false
	}
	if len(q.Choices) < 2 {
		return i18n.M("Please write at least two choices, one a line."), true
	}
	if len(q.Choices) > MaxChoices {
		return i18n.M("There can be up to {{.Most}} choices.", "Most", MaxChoices), true
	}
	seen := map[string]bool{}
	for _, c := range q.Choices {
		if seen[c] {
			return i18n.M("“{{.Choice}}” stands there twice.", "Choice", c), true
		}
		seen[c] = true
	}
	return i18n.Text{}, false
}

// wrongCondition tells why the condition of a question can never be met.
func wrongCondition(all []Question, q Question) (i18n.Text, bool) {
	if q.If == "" {
		return i18n.Text{}, false
	}
	on := find(all, q.If)
	switch {
	case on == nil:
		return i18n.M("The question that this one waits for is gone. Please choose another, or ask it always."), true
	case on.Answers() == nil:
		return i18n.M("“{{.Question}}” has no choices that could be waited for.", "Question", on.Label), true
	case !slices.Contains(on.Answers(), q.Is):
		return i18n.M("“{{.Question}}” can no longer be answered with “{{.Answer}}”. Please choose another answer, or ask it always.", "Question", on.Label, "Answer", q.Is), true
	}
	var way []string
	for at := q; ; {
		way = append(way, "“"+at.Label+"”")
		next := find(all, at.If)
		switch {
		case at.If == "" || next == nil || len(way) > len(all): // a circle elsewhere is told there
			return i18n.Text{}, false
		case next.Key == q.Key && len(way) == 1:
			return i18n.M("A question cannot wait for its own answer."), true
		case next.Key == q.Key:
			return i18n.M("These questions wait for each other, so none of them would ever be asked: {{.Questions}}.", "Questions", strings.Join(way, ", ")), true
		}
		at = *next
	}
}

func find(all []Question, key string) *Question {
	if i := slices.IndexFunc(all, func(q Question) bool { return q.Key == key }); key != "" && i >= 0 {
		return &all[i]
	}
	return nil
}

// clean makes one line of a text and cuts it at limit bytes, between runes.
func clean(s string, limit int) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))), " ")
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "")
	}
	return s
}
