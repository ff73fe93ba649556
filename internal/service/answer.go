package service

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Name is the name of the field of a question in the form that asks it.
func (q Question) Name() string { return "q." + q.Key }

// Read reads the answers to a form, in the way of url.Values, and checks them by the rules by which they were asked. Faults name the field:
// Question.Name. What a condition rules out is left aside, whatever was typed.
func (f Form) Read(field func(name string) []string) ([]ticket.Fact, error) {
	var wrong []fault.Field
	var facts []ticket.Fact
	given := func(q Question) []string { return q.given(field(q.Name())) }
	for _, q := range f.Questions {
		if !f.asks(q, given) {
			continue
		}
		said := given(q)
		if len(said) == 0 {
			if q.Required {
				wrong = append(wrong, fault.F(q.Name(), q.missing()))
			}
			continue
		}
		fact, m := q.fact(said)
		if m != nil {
			wrong = append(wrong, fault.F(q.Name(), *m))
			continue
		}
		facts = append(facts, fact)
	}
	return facts, fault.Check(wrong)
}

// asks tells whether a question is to be answered, with what was said to those that it waits for.
func (f Form) asks(q Question, given func(q Question) []string) bool {
	for range len(f.Questions) + 1 {
		if q.If == "" {
			return true
		}
		on := find(f.Questions, q.If)
		if on == nil || !slices.Contains(given(*on), q.Is) {
			return false
		}
		q = *on
	}
	return false
}

// given is what was typed, without what is empty.
func (q Question) given(typed []string) []string {
	var out []string
	for _, v := range typed {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	if q.Kind != Several && len(out) > 1 {
		out = out[:1]
	}
	return out
}

// missing asks for an answer in the way of the question.
func (q Question) missing() i18n.Text {
	switch q.Kind {
	case One, YesNo:
		return i18n.M("Please choose one.")
	case Several:
		return i18n.M("Please choose at least one.")
	case Date:
		return i18n.M("Please say which day.")
	}
	return i18n.M("Please answer this, a few words are enough.")
}

// The longest answers, in bytes.
const (
	maxShort = 300
	maxLong  = ticket.MaxFactValue
)

// number has up to 15 digits and 6 behind a point or a comma, as people write them without marks for thousands.
var number = regexp.MustCompile(`^([+-]?\d{1,15})(?:[.,](\d{1,6}))?$`)

// fact checks an answer and gives it in the form of its kind.
func (q Question) fact(said []string) (ticket.Fact, *i18n.Text) {
	f := ticket.Fact{Source: Source, Key: q.Key, Kind: ticket.FactText, Label: q.Label, Value: said[0]}
	var wrong i18n.Text
	good := true
	switch q.Kind {
	case Short:
		good, wrong = len(f.Value) <= maxShort, i18n.M("This may have at most {{.Limit}} bytes.", "Limit", maxShort)
		f.Value = strings.Join(strings.Fields(f.Value), " ")
	case Long:
		good, wrong = len(f.Value) <= maxLong, i18n.M("This may have at most {{.Limit}} bytes.", "Limit", maxLong)
	case One:
		good, wrong = slices.Contains(q.Choices, f.Value), i18n.M("“{{.Answer}}” is none of the choices. Please choose one.", "Answer", clean(f.Value, 80))
	case Several:
		var chosen []string
		for _, c := range q.Choices {
			if slices.Contains(said, c) {
				chosen = append(chosen, c)
			}
		}
		f.Value = strings.Join(chosen, "\n")
		good, wrong = len(chosen) == len(slices.Compact(slices.Sorted(slices.Values(said)))), i18n.M("Something was chosen that is none of the choices. Please choose anew.")
	case YesNo:
		f.Kind = ticket.FactYesNo
		good, wrong = f.Value == Yes || f.Value == No, i18n.M("Please choose yes or no.")
	case Date:
		f.Kind = ticket.FactDate
		at, err := readDate(f.Value)
		good, wrong = err == nil && at.Year() >= 1900 && at.Year() <= 2200, i18n.M("“{{.Answer}}” is not a day. Please write it like 2026-11-30.", "Answer", clean(f.Value, 80))
		f.Value = at.Format(time.DateOnly)
	case Number:
		f.Kind = ticket.FactNumber
		m := number.FindStringSubmatch(f.Value)
		good, wrong = m != nil, i18n.M("“{{.Answer}}” is not a number. Please write it in digits, like 12 or 3.5.", "Answer", clean(f.Value, 80))
		if good && m[2] != "" {
			f.Value = m[1] + "." + m[2]
		}
	case Address:
		f.Value = person.FoldAddress(f.Value)
		good, wrong = person.ValidAddress(f.Value), i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", clean(said[0], 80))
	}
	if good {
		return f, nil
	}
	return f, &wrong
}

// readDate reads a day as browsers send it, and as people write it where a browser has no field for days: 30.11.2026.
func readDate(s string) (time.Time, error) {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		at, err = time.Parse("2.1.2006", strings.ReplaceAll(s, " ", ""))
	}
	return at, err
}
