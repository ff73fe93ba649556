package automation

import (
	"strconv"
	"strings"
)

// Print is the plain-text form of a rule: what Parse makes the same rule of.
func Print(name string, d Definition) string {
	var b strings.Builder
	if name = oneLine(name); name != "" {
		b.WriteString("rule " + name + "\n")
	}
	for _, w := range d.When {
		b.WriteString("when " + w.String() + "\n")
	}
	if d.If != "" {
		b.WriteString("if " + d.If + "\n")
	}
	for _, deed := range d.Then {
		b.WriteString("then " + deed.String() + "\n")
	}
	if d.Stop {
		b.WriteString("stop\n")
	}
	return b.String()
}

// String is what stands behind "when".
func (w When) String() string {
	p, known := phraseOf(w.On)
	words := strings.Join(p.words, " ")
	switch {
	case w.On == StatusFor:
		return list(w.To) + " for " + w.For.String()
	case w.On == WaitingFor:
		return "waiting for us for " + w.For.String()
	case w.On == UnansweredFor:
		return words + " for " + w.For.String()
	case w.On == CreatedAgo:
		return words + " " + w.For.String() + " ago"
	case w.On == Recurs:
		words += " " + w.Every + " from " + w.Start
		if w.Zone != "" {
			words += " in " + quote(w.Zone)
		}
		return words
	case !known:
		return string(w.On)
	}
	for _, part := range []struct {
		word   string
		values []string
	}{{p.before, w.From}, {p.after, w.To}} {
		if len(part.values) == 0 {
			continue
		}
		if part.word != atOnce {
			words += " " + part.word
		}
		words += " " + list(part.values)
	}
	return words
}

// String is how long, as the plain-text form says it: "3 working days".
func (s Span) String() string {
	out := strconv.Itoa(s.N) + " "
	if s.Working {
		out += "working "
	}
	unit := string(s.Unit)
	if s.N == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	out += unit
	if s.Working && s.Calendar != "" {
		out += " in " + quote(s.Calendar)
	}
	return out
}

// String is what stands behind "then", with the lines of its text below.
func (d Deed) String() string {
	words := string(d.Do)
	for _, v := range verbs {
		if v.do == d.Do {
			return v.word + " " + quote(d.Value)
		}
	}
	for _, p := range properties {
		if p.do == d.Do {
			return "set " + p.word + " " + d.Value
		}
	}
	switch d.Do {
	case Reply:
		if d.Macro != 0 {
			words += " macro " + strconv.FormatInt(d.Macro, 10)
		}
	case Notify:
		words += " " + list(d.To)
	case Snooze, Webhook:
		words += " " + d.Value
	case Create:
		words = "create ticket for " + list(d.To)
		if d.Team != "" {
			words += " in " + quote(d.Team)
		}
		words += " about " + d.Value
	}
	if d.Text != "" && hasText(d.Do) {
		for line := range strings.SplitSeq(d.Text, "\n") {
			words += strings.TrimRight("\n  | "+line, " \t")
		}
	}
	return words
}

func list(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = quote(v)
	}
	return strings.Join(out, ", ")
}

// quote writes a value so that it is read as one.
func quote(v string) string {
	switch strings.ToLower(v) {
	case "", "from", "to", "in", "for", "by", "about", "ago":
		return `"` + v + `"`
	}
	if !strings.ContainsAny(v, " \t,\"\\") {
		return v
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
}
