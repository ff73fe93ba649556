package ics

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"
	"golang.org/x/text/encoding/charmap"

	"goodturn/internal/calendar"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Limits of a file.
const (
	MaxFile    = 2 << 20 // bytes
	MaxDays    = 2000    // that one file gives
	maxEvents  = 5000
	maxTold    = 50 // skipped events that are told one by one
	maxLine    = 20_000
	maxOnce    = 400 // days of one event in a row
	maxPerRule = 1000
	maxRules   = 300     // events that come again
	maxSteps   = 200_000 // that their rules may take together
)

// Found is what a file has.
type Found struct {
	Name    string         // of the calendar, if it says so
	Days    []calendar.Day // by date; each is off under its name
	Past    int            // events that lie before or after the days asked for
	Skipped []Skipped      // events that were not taken, the first fifty
	More    int            // how many more those are
}

// Skipped is an event that was not taken.
type Skipped struct {
	Line int    // of the file, where the event begins
	Name string // if it could be read
	Why  i18n.Text
}

// ReadDays takes the all-day events of a file that lie between two days, those that come again every year too. A file that is
// none, or has more than can be taken, is a fault.Invalid or a fault.KindTooLarge; an event that cannot be read is skipped.
func ReadDays(data []byte, first, last calendar.Date) (Found, error) {
	if len(data) > MaxFile {
		return Found{}, fault.TooLarge(i18n.M("This file is larger than {{.Limit}} MB, which no calendar of holidays is.", "Limit", MaxFile>>20))
	}
	r := reader{first: first, last: last, moved: map[string][]calendar.Date{}}
	if err := r.split(text(data)); err != nil {
		return Found{}, err
	}
	for _, b := range r.blocks {
		r.parse(b)
	}
	rules := 0
	for _, e := range r.events {
		r.expand(e)
		if e.rule != "" {
			rules++
		}
		if rules > maxRules || r.steps >= maxSteps {
			return Found{}, fileFault(i18n.M("This file has more events that come again than can be worked out. Please take one with holidays only."))
		}
		if len(r.found.Days) > MaxDays {
			return Found{}, fileFault(i18n.M("This file has more than {{.Limit}} days off. Please take one with holidays only.", "Limit", MaxDays))
		}
	}
	slices.SortStableFunc(r.found.Days, func(a, b calendar.Day) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Name, b.Name))
	})
	r.found.Days = slices.CompactFunc(r.found.Days, func(a, b calendar.Day) bool { return a.From == b.From && a.To == b.To && a.Name == b.Name })
	return r.found, nil
}

func fileFault(m i18n.Text) error { return fault.Invalid(fault.F("file", m)) }

// text is the file in UTF-8; older programs write the code page of Windows.
func text(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if utf8.Valid(data) {
		return string(data)
	}
	if plain, err := charmap.Windows1252.NewDecoder().Bytes(data); err == nil {
		return string(plain)
	}
	return strings.ToValidUTF8(string(data), "�")
}

type reader struct {
	first, last calendar.Date
	found       Found
	blocks      []block
	events      []event
	steps       int                        // that rules took
	moved       map[string][]calendar.Date // by UID: days of a series that have an event of their own
}

// block is the text of one event, as far as it matters here.
type block struct {
	line    int
	lines   []string
	cut     bool // it has no end
	tooLong bool
}

type event struct {
	line        int
	uid, name   string
	first, last calendar.Date
	rule        string
	also, but   []calendar.Date
}

// wanted are the properties that are read; a mistake anywhere else in an event does no harm.
var wanted = []string{"UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS"}

// split finds the events by hand: the library gives up a whole file for one line.
func (r *reader) split(all string) error {
	all = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(all)
	var in *block
	inner, calendars := 0, 0
	number := 0
	begin := 0
	flush := func() {
		if in != nil {
			r.blocks = append(r.blocks, *in)
		}
		in, inner = nil, 0
	}
	lines := strings.Split(all, "\n")
	for number < len(lines) {
		begin = number
		line := lines[number]
		for number++; number < len(lines) && len(lines[number]) > 0 && (lines[number][0] == ' ' || lines[number][0] == '\t') && len(line) <= maxLine; number++ {
			line += lines[number][1:]
		}
		switch upper := strings.ToUpper(strings.TrimSpace(line)); {
		case upper == "BEGIN:VCALENDAR":
			calendars++
		case upper == "BEGIN:VEVENT":
			if in != nil {
				in.cut = true
			}
			flush()
			in = &block{line: begin + 1}
			if len(r.blocks) >= maxEvents {
				return fileFault(i18n.M("This file has more than {{.Limit}} events. Please take one with holidays only.", "Limit", maxEvents))
			}
		case upper == "END:VEVENT":
			flush()
		case in == nil && strings.HasPrefix(upper, "X-WR-CALNAME") && r.found.Name == "":
			_, name, _ := strings.Cut(line, ":")
			r.found.Name = clean(name)
		case in == nil:
		case strings.HasPrefix(upper, "BEGIN:"):
			inner++
		case strings.HasPrefix(upper, "END:"):
			inner = max(0, inner-1)
		case inner == 0:
			in.take(line)
		}
	}
	if in != nil {
		in.cut = true
		flush()
	}
	if calendars == 0 && len(r.blocks) == 0 {
		return fileFault(i18n.M("This is no iCalendar file: it has no BEGIN:VCALENDAR. Such files end in .ics."))
	}
	return nil
}

func (b *block) take(line string) {
	name := line
	if i := strings.IndexAny(line, ":;"); i >= 0 {
		name = line[:i]
	}
	if !slices.Contains(wanted, strings.ToUpper(strings.TrimSpace(name))) {
		return
	}
	if len(line) > maxLine {
		b.tooLong = true
		return
	}
	b.lines = append(b.lines, strings.TrimSpace(line))
}

func (r *reader) skip(line int, name string, why i18n.Text) {
	if len(r.found.Skipped) >= maxTold {
		r.found.More++
		return
	}
	r.found.Skipped = append(r.found.Skipped, Skipped{line, name, why})
}

// parse reads one event with the library.
func (r *reader) parse(b block) {
	if b.tooLong {
		r.skip(b.line, "", i18n.M("a line of it is too long"))
		return
	}
	whole := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + strings.Join(append(b.lines, "END:VEVENT", "END:VCALENDAR"), "\r\n") + "\r\n"
	parsed, err := ical.ParseCalendar(strings.NewReader(whole))
	if err != nil || len(parsed.Events()) != 1 {
		r.skip(b.line, "", i18n.M("it is broken"))
		return
	}
	v := parsed.Events()[0]
	e := event{line: b.line, uid: value(v, ical.ComponentPropertyUniqueId), name: clean(value(v, ical.ComponentPropertySummary)), rule: value(v, ical.ComponentPropertyRrule)}
	switch status := strings.ToUpper(value(v, ical.ComponentPropertyStatus)); {
	case b.cut:
		r.skip(b.line, e.name, i18n.M("it ends in the middle"))
		return
	case status == "CANCELLED":
		r.skip(b.line, e.name, i18n.M("it was cancelled"))
		return
	}
	first, midnight, ok := day(value(v, ical.ComponentPropertyDtStart))
	switch {
	case !ok:
		r.skip(b.line, e.name, i18n.M("it has no day that can be read"))
		return
	case !midnight:
		r.skip(b.line, e.name, i18n.M("it has hours; only whole days are taken"))
		return
	}
	e.first = first
	if why, ok := e.end(v); !ok {
		r.skip(b.line, e.name, why)
		return
	}
	for _, p := range v.GetProperties(ical.ComponentPropertyRdate) {
		e.also = append(e.also, dates(p.Value)...)
	}
	for _, p := range v.GetProperties(ical.ComponentPropertyExdate) {
		e.but = append(e.but, dates(p.Value)...)
	}
	if moved, _, ok := day(value(v, ical.ComponentPropertyRecurrenceId)); ok {
		r.moved[e.uid] = append(r.moved[e.uid], moved)
		e.rule = ""
	}
	r.events = append(r.events, e)
}

// end reads the last day; the standard's end is the day after it.
func (e *event) end(v *ical.VEvent) (i18n.Text, bool) {
	e.last = e.first
	if raw := value(v, ical.ComponentPropertyDtEnd); raw != "" {
		end, midnight, ok := day(raw)
		switch {
		case !ok || end < e.first:
			return i18n.M("its end could not be read, or lies before its beginning"), false
		case !midnight:
			return i18n.M("it has hours; only whole days are taken"), false
		}
		e.last = max(e.first, end-1) // many write the same day for both
	} else if raw := value(v, ical.ComponentPropertyDuration); raw != "" {
		n, ok := days(raw)
		if !ok {
			return i18n.M("it has hours; only whole days are taken"), false
		}
		e.last = e.first + calendar.Date(max(1, n)-1)
	}
	if e.last-e.first >= maxOnce {
		return i18n.M("it lasts longer than a year"), false
	}
	return i18n.Text{}, true
}

// expand adds the days of an event, and those on which it comes again.
func (r *reader) expand(e event) {
	begins := append([]calendar.Date{e.first}, e.also...)
	if e.rule != "" {
		rule, err := ParseRule(e.rule, e.first.Time())
		if err != nil {
			r.skip(e.line, e.name, i18n.M("how it comes again could not be read; its first day was taken"))
		} else {
			rule.days(func(d calendar.Date) bool {
				r.steps++
				if d+e.last-e.first >= r.first && d <= r.last {
					begins = append(begins, d)
				}
				return d <= r.last && len(begins) < maxPerRule && r.steps < maxSteps
			})
		}
	}
	slices.Sort(begins)
	taken := false
	for _, d := range slices.Compact(begins) {
		last := d + e.last - e.first
		if slices.Contains(e.but, d) || (e.rule != "" && slices.Contains(r.moved[e.uid], d)) || last < r.first || d > r.last || len(r.found.Days) > MaxDays {
			continue
		}
		taken = true
		day := calendar.Day{From: d, Name: e.name}
		if last > d {
			day.To = last
		}
		r.found.Days = append(r.found.Days, day)
	}
	if !taken {
		r.found.Past++
	}
}

func value(v *ical.VEvent, p ical.ComponentProperty) string {
	if found := v.GetProperty(p); found != nil {
		return strings.TrimSpace(found.Value)
	}
	return ""
}

// day reads "20261224" or "20261224T000000", with or without a Z, and tells whether it is the beginning of a day.
func day(value string) (d calendar.Date, midnight, ok bool) {
	date, clock, timed := strings.Cut(strings.TrimSuffix(strings.ToUpper(value), "Z"), "T")
	at, err := time.Parse("20060102", date)
	if err != nil || at.Year() < 1900 || at.Year() > 2200 {
		return 0, false, false
	}
	return calendar.DateAt(at), !timed || clock == "000000" || clock == "0000", true
}

func dates(list string) (out []calendar.Date) {
	for v := range strings.SplitSeq(list, ",") {
		v, _, _ = strings.Cut(v, "/")
		if d, _, ok := day(strings.TrimSpace(v)); ok && len(out) < maxPerRule {
			out = append(out, d)
		}
	}
	return out
}

// days reads a duration of whole days: "P1D", "P2W", "PT24H".
func days(duration string) (int, bool) {
	duration = strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(duration), "+"), "P")
	unit := 1
	switch {
	case strings.HasSuffix(duration, "D"):
	case strings.HasSuffix(duration, "W"):
		unit = 7
	case duration == "T24H":
		return 1, true
	default:
		return 0, false
	}
	n := 0
	digits := duration[:len(duration)-1]
	for _, c := range digits {
		if c < '0' || c > '9' || n > maxOnce {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n * unit, digits != ""
}

// clean makes a name of one line and of a bearable length.
func clean(name string) string {
	name = strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(name)
	name = strings.Join(strings.Fields(name), " ")
	if r := []rune(name); len(r) > 150 {
		name = string(r[:149]) + "…"
	}
	return name
}
