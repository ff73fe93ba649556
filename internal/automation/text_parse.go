package automation

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/fault"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

// parser reads the plain-text form.
type parser struct {
	text     string
	name     string
	d        Definition
	asked    bool // there was an if
	block    bool // lines that begin with | belong to the last deed
	lines    []string
	mistaken error
}

// Parse reads the plain-text form of a rule: one line for its name ("rule …", optional), when, if, then, and stop. What cannot be
// understood is a fault of the field "text" with the *TextError as its cause. Whether people, teams and values exist is not asked.
func Parse(text string) (name string, d Definition, err error) {
	p := parser{text: text}
	for at := 0; at <= len(text); {
		end := len(text)
		if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
			end = at + n
		}
		if err := p.line(at, end); err != nil {
			return "", Definition{}, err
		}
		at = end + 1
	}
	p.endBlock()
	if p.mistaken != nil {
		return "", Definition{}, p.mistaken
	}
	whole := scanner{text: text, at: len(text), end: len(text)}
	switch {
	case len(p.d.When) == 0:
		return "", Definition{}, whole.wrong(len(text), 0, i18n.M("A line that begins with “when” is missing, such as: when a ticket comes"))
	case len(p.d.Then) == 0:
		return "", Definition{}, whole.wrong(len(text), 0, i18n.M("A line that begins with “then” is missing, such as: then tag vpn"))
	}
	return p.name, p.d, nil
}

func (p *parser) line(at, end int) error {
	for end > at && strings.ContainsRune(" \t\r", rune(p.text[end-1])) {
		end--
	}
	s := scanner{text: p.text, at: at, end: end}
	s.space()
	if s.at == s.end {
		return nil
	}
	if p.text[s.at] == '|' {
		if !p.block {
			return s.wrong(s.at, end-s.at, i18n.M("A line that begins with | belongs below a deed that has a text: note, reply, notify or create."))
		}
		p.lines = append(p.lines, strings.TrimPrefix(p.text[s.at+1:end], " "))
		return nil
	}
	p.endBlock()
	word, err := s.next()
	if err != nil {
		return err
	}
	switch {
	case word.is("rule"):
		p.name = s.rest().text
		return nil
	case word.is("when"):
		w, err := parseWhen(&s)
		if err != nil {
			return err
		}
		if p.d.When = append(p.d.When, w); len(p.d.When) > maxWhen {
			return s.wrong(word.at, word.len, i18n.M("A rule has at most {{.Count}} lines with “when”.", "Count", maxWhen))
		}
		return s.done()
	case word.is("if"):
		return p.parseIf(&s, word)
	case word.is("then"):
		deed, err := parseDeed(&s)
		if err != nil {
			return err
		}
		if p.d.Then = append(p.d.Then, deed); len(p.d.Then) > maxThen {
			return s.wrong(word.at, word.len, i18n.M("A rule has at most {{.Count}} lines with “then”.", "Count", maxThen))
		}
		p.block = hasText(deed.Do)
		return s.done()
	case word.is("stop"):
		p.d.Stop = true
		return s.done()
	}
	return s.wrong(word.at, word.len, i18n.M("A line begins with rule, when, if, then, stop, or | for a line of a text."))
}

func (p *parser) endBlock() {
	if p.block && len(p.lines) > 0 {
		last := &p.d.Then[len(p.d.Then)-1]
		if last.Text = manyLines(strings.Join(p.lines, "\n")); len(last.Text) > maxText && p.mistaken == nil {
			p.mistaken = fault.Invalid(fault.F("text", i18n.M("This text is too long for a rule.")))
		}
	}
	p.block, p.lines = false, nil
}

// parseIf takes the filter as it is written; what is wrong with it is told with the place in the whole text.
func (p *parser) parseIf(s *scanner, word token) error {
	if p.asked {
		return s.wrong(word.at, word.len, i18n.M("There is one “if” already. What must hold too stands beside it: if team:network -tag:vpn"))
	}
	p.asked = true
	s.space()
	at := s.at
	p.d.If = strings.TrimSpace(s.text[at:s.end])
	s.at = s.end
	_, err := ticket.NewCondition(p.d.If)
	var e *filter.Error
	if errors.As(err, &e) {
		return s.wrong(at+e.At, e.Len, e.Message)
	}
	if clean := oneLine(p.d.If); err == nil && clean != p.d.If {
		p.d.If = clean
		_, err = ticket.NewCondition(clean)
	}
	return err
}

func parseWhen(s *scanner) (When, error) {
	s.space()
	from := s.at
	for _, p := range phrases {
		s.at = from
		if taken := slices.IndexFunc(p.words, func(w string) bool { return !s.take(w) }) < 0; taken {
			return parsePhrase(s, p)
		}
	}
	s.at = from
	if first, err := s.peek(); err == nil && contains(names(ticket.Statuses()), strings.ToLower(first.text)) {
		w := When{On: StatusFor}
		if w.To, err = s.values(names(ticket.Statuses()), i18n.M("Please say which status.")); err != nil {
			return w, err
		}
		return w, parseFor(s, &w)
	}
	return When{}, s.wrong(from, s.end-from, i18n.M("This is nothing that sets a rule going. Such lines are: when a ticket comes · when status changed to pending · when pending for 3 working days"))
}

func parsePhrase(s *scanner, p phrase) (w When, err error) {
	w.On = p.on
	which := i18n.M("Please say which, with commas between several.")
	switch p.on {
	case Recurs:
		return w, parseEvery(s, &w)
	case WaitingFor:
		if s.take("for") && s.take("us") {
			return w, parseFor(s, &w)
		}
		return w, s.wrong(s.at, s.end-s.at, i18n.M("Please write it so: when waiting for us for 4 working hours"))
	case UnansweredFor:
		return w, parseFor(s, &w)
	case CreatedAgo:
		if w.For, err = parseSpan(s); err == nil && !s.take("ago") {
			err = s.wrong(s.at, s.end-s.at, i18n.M("Please write it so: when created 30 days ago"))
		}
		return w, err
	}
	if p.before != "" && (p.before != atOnce && s.take(p.before) || p.before == atOnce && s.more()) {
		if w.From, err = s.values(p.from, which); err != nil {
			return w, err
		}
	}
	if p.after != "" && (p.after != atOnce && s.take(p.after) || p.after == atOnce && s.more()) {
		w.To, err = s.values(p.to, which)
	}
	return w, err
}

func (s *scanner) more() bool {
	s.space()
	return s.at < s.end
}

func parseFor(s *scanner, w *When) (err error) {
	if !s.take("for") {
		return s.wrong(s.at, s.end-s.at, i18n.M("Please say for how long, such as: for 3 working days"))
	}
	w.For, err = parseSpan(s)
	return err
}

// maxSpan is the longest time that a rule may wait for, in minutes: two years.
const maxSpan = 2 * 366 * 24 * 60

func parseSpan(s *scanner) (out Span, err error) {
	s.space()
	from := s.at
	long := i18n.M("Please say how long, such as 4 hours, 30 days, 3 working days, or 4 working hours in \"Berlin\".")
	t, err := s.next()
	if err != nil {
		return out, err
	}
	if out.N, err = strconv.Atoi(t.text); err != nil || out.N < 1 {
		return out, s.wrong(t.at, t.len, long)
	}
	out.Working = s.take("working")
	unit, err := s.next()
	if err != nil {
		return out, err
	}
	out.Unit = Unit(strings.ToLower(unit.text))
	if out.Unit == "week" || out.Unit == "weeks" {
		if out.Unit = Days; out.Working {
			return out, s.wrong(unit.at, unit.len, i18n.M("Working time is counted in minutes, hours and days."))
		}
		out.N *= min(7, maxSpan)
	}
	if !strings.HasSuffix(string(out.Unit), "s") {
		out.Unit += "s"
	}
	if !slices.Contains(Units(), out.Unit) {
		return out, s.wrong(unit.at, unit.len, long)
	}
	if out.N > maxSpan/out.Unit.minutes() {
		return out, s.wrong(from, s.at-from, i18n.M("A rule waits for two years at most."))
	}
	if out.Working && s.take("in") {
		out.Calendar, err = s.value(i18n.M("Please say which calendar."))
	}
	return out, err
}

func (u Unit) minutes() int {
	switch u {
	case Days:
		return 24 * 60
	case Hours:
		return 60
	}
	return 1
}

func parseEvery(s *scanner, w *When) error {
	s.space()
	from := s.at
	for s.at < s.end && s.text[s.at] != ' ' && s.text[s.at] != '\t' {
		s.at++
	}
	w.Every = strings.ToUpper(oneLine(strings.TrimPrefix(strings.ToUpper(s.text[from:s.at]), "RRULE:")))
	if w.Every == "" || strings.Contains(w.Every, " ") {
		return s.wrong(from, s.at-from, i18n.M("Please say how often, as a recurrence rule (RFC 5545): when every FREQ=MONTHLY;BYDAY=1MO from 2026-12-07 08:00"))
	}
	if !s.take("from") {
		return s.wrong(s.at, s.end-s.at, i18n.M("Please say from when on: from 2026-12-07 08:00"))
	}
	s.space()
	at := s.at
	day, err := s.value(i18n.M("Please say from when on: from 2026-12-07 08:00"))
	if err != nil {
		return err
	}
	hour, err := s.value(i18n.M("Please say at what time: from 2026-12-07 08:00"))
	if err != nil {
		return err
	}
	if w.Start = day + " " + hour; !validStart(w.Start) {
		return s.wrong(at, s.at-at, i18n.M("This is no day and time. One looks like 2026-12-07 08:00."))
	}
	if s.take("in") {
		w.Zone, err = s.value(i18n.M("Please say in which time zone, such as Europe/Berlin."))
	}
	return err
}
