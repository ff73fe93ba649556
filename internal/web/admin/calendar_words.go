package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/i18n"
)

// How far the preview looks.
const (
	previewWeeks = 5
	previewYear  = 366
	previewMost  = 20 // days told in one list
)

func shortWeekday(ctx context.Context, d time.Weekday) string {
	switch d {
	case time.Monday:
		return i18n.C(ctx, "weekday", "Mon")
	case time.Tuesday:
		return i18n.C(ctx, "weekday", "Tue")
	case time.Wednesday:
		return i18n.C(ctx, "weekday", "Wed")
	case time.Thursday:
		return i18n.C(ctx, "weekday", "Thu")
	case time.Friday:
		return i18n.C(ctx, "weekday", "Fri")
	case time.Saturday:
		return i18n.C(ctx, "weekday", "Sat")
	}
	return i18n.C(ctx, "weekday", "Sun")
}

// dateWords writes "Thu 24 Dec 2026". A date has no zone, so the reader's is left out.
func dateWords(ctx context.Context, d calendar.Date) string {
	return shortWeekday(ctx, d.Weekday()) + " " + i18n.Date(i18n.With(ctx, i18n.LangOf(ctx), time.UTC), d.Time())
}

// weekWords writes "Mon–Thu 9:00–17:00, Fri 9:00–15:00".
func weekWords(ctx context.Context, w calendar.Week) string {
	var out []string
	for i := 0; i < len(weekdays); {
		hours, j := calendar.Words(w[weekdays[i]]...), i+1
		for j < len(weekdays) && calendar.Words(w[weekdays[j]]...) == hours {
			j++
		}
		name := shortWeekday(ctx, weekdays[i])
		if j-i == 7 {
			name = i18n.T(ctx, "every day")
		} else if j-i > 1 {
			name += "–" + shortWeekday(ctx, weekdays[j-1])
		}
		if hours != "" {
			out = append(out, name+" "+hours)
		}
		i = j
	}
	if len(out) == 0 {
		return i18n.T(ctx, "only on days of its own")
	}
	return strings.Join(out, ", ")
}

// nextWords tells the next day that differs from the week.
func nextWords(ctx context.Context, c *calendar.Calendar, today calendar.Date) string {
	for _, d := range c.Days(today, previewYear) {
		if s := special(ctx, d); s != "" {
			return i18n.T(ctx, "Next: {{.Day}}", "Day", s)
		}
	}
	return ""
}

// special tells a day that differs from the week, or "".
func special(ctx context.Context, d calendar.DayPlan) string {
	switch d.Why {
	case calendar.Holiday, calendar.DayOff:
		if d.Name == "" {
			return i18n.T(ctx, "{{.Day}}, day off", "Day", dateWords(ctx, d.Date))
		}
		return dateWords(ctx, d.Date) + ", " + d.Name
	case calendar.Opening:
		if d.Name == "" {
			return i18n.T(ctx, "{{.Day}}, open {{.Hours}}", "Day", dateWords(ctx, d.Date), "Hours", calendar.Words(d.Spans...))
		}
		return i18n.T(ctx, "{{.Day}}, {{.Name}}, open {{.Hours}}", "Day", dateWords(ctx, d.Date), "Name", d.Name, "Hours", calendar.Words(d.Spans...))
	}
	return ""
}

// specials tell the days that differ; those in a row that are off under one name are told together.
func specials(ctx context.Context, days []calendar.DayPlan) (out []string) {
	for i := 0; i < len(days) && len(out) < previewMost; {
		d, last := days[i], i
		for last+1 < len(days) && d.Why == calendar.DayOff && days[last+1].Why == d.Why && days[last+1].Name == d.Name {
			last++
		}
		if s := special(ctx, d); s != "" && last > i {
			name := d.Name
			if name == "" {
				name = i18n.C(ctx, "of days", "off")
			}
			out = append(out, dateWords(ctx, d.Date)+" – "+dateWords(ctx, days[last].Date)+", "+name)
		} else if s != "" {
			out = append(out, s)
		}
		i = last + 1
	}
	return out
}

// spanWords writes the hours of a day; one that goes on into the next day says so.
func spanWords(ctx context.Context, d calendar.DayPlan) string {
	var out []string
	for _, s := range d.Spans {
		words := calendar.Words(s)
		if from, to, ok := strings.Cut(words, "–"); ok && s.To > 24*60 {
			words = from + "–" + shortWeekday(ctx, (d.Date+1).Weekday()) + " " + to
		}
		out = append(out, words)
	}
	return strings.Join(out, ", ")
}

// oddWords tells that the clocks change on a day, or the zone, and what it does to the hours.
func oddWords(ctx context.Context, d calendar.DayPlan) string {
	var said []string
	if d.Moved {
		said = append(said, i18n.T(ctx, "the zone is {{.Zone}} from now on", "Zone", d.Zone.String()))
	}
	if d.Shift > 0 {
		said = append(said, i18n.T(ctx, "the clocks go forward by {{.Time}}", "Time", lengthWords(ctx, d.Shift)))
	} else if d.Shift < 0 {
		said = append(said, i18n.T(ctx, "the clocks go back by {{.Time}}", "Time", lengthWords(ctx, -d.Shift)))
	}
	if planned := lengthOf(d.Spans); d.Shift != 0 && planned != d.Worked {
		said = append(said, i18n.T(ctx, "these hours last {{.Real}} instead of {{.Planned}}", "Real", lengthWords(ctx, d.Worked), "Planned", lengthWords(ctx, planned)))
	}
	return strings.Join(said, "; ")
}

func lengthOf(spans []calendar.Span) (sum time.Duration) {
	for _, s := range spans {
		sum += time.Duration(s.To-s.From) * time.Minute
	}
	return sum
}

func lengthWords(ctx context.Context, d time.Duration) string {
	h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case m == 0:
		return i18n.T(ctx, "{{.Hours}} h", "Hours", h)
	case h == 0:
		return i18n.T(ctx, "{{.Minutes}} min", "Minutes", m)
	}
	return i18n.T(ctx, "{{.Hours}} h {{.Minutes}} min", "Hours", h, "Minutes", m)
}

// preview shows what comes of what is typed, or nil when that cannot be compiled.
func (f *calendarForm) preview(ctx context.Context, now clock.Instant) *PreviewView {
	row, _ := f.row(ctx)
	c, err := calendar.Compile(row.Definition)
	if err != nil {
		return nil
	}
	today := calendar.DateAt(now.Time().In(c.Location(now)))
	monday := today - calendar.Date((today.Weekday()+6)%7)
	p := &PreviewView{}
	for w := range previewWeeks {
		first := monday + calendar.Date(7*w)
		week := PreviewWeek{Label: i18n.T(ctx, "Week of {{.Day}}", "Day", dateWords(ctx, first))}
		for _, d := range c.Days(first, 7) {
			if d.Date >= today {
				week.Days = append(week.Days, PreviewDay{Label: shortWeekday(ctx, d.Date.Weekday()) + " " + strconv.Itoa(d.Date.Time().Day()), Hours: spanWords(ctx, d), Why: d.Name, Closed: len(d.Spans) == 0, Odd: oddWords(ctx, d)})
			}
		}
		p.Weeks = append(p.Weeks, week)
	}
	year := c.Days(today, previewYear)
	p.Holidays = specials(ctx, year)
	for _, d := range year {
		if odd := oddWords(ctx, d); odd != "" && len(p.Clocks) < previewMost {
			p.Clocks = append(p.Clocks, dateWords(ctx, d.Date)+": "+odd)
		}
	}
	return p
}

// importedRows group imported days by their file.
func importedRows(ctx context.Context, days []calendar.Day) (out []ImportedRow) {
	bySource := map[string][]calendar.Day{}
	var order []string
	for _, d := range days {
		if bySource[d.Source] == nil {
			order = append(order, d.Source)
		}
		bySource[d.Source] = append(bySource[d.Source], d)
	}
	for _, source := range order {
		all := bySource[source]
		slices.SortStableFunc(all, func(a, b calendar.Day) int { return int(a.From - b.From) })
		row := ImportedRow{Source: source, About: i18n.N(ctx, "{{.Count}} day off until {{.Last}}", "{{.Count}} days off until {{.Last}}", countDays(all), "Last", dateWords(ctx, all[len(all)-1].Last()))}
		for _, d := range all {
			words := dateWords(ctx, d.From)
			if d.To != 0 {
				words += " – " + dateWords(ctx, d.To)
			}
			row.Days = append(row.Days, words+" "+d.Name)
		}
		out = append(out, row)
	}
	return out
}

func countDays(all []calendar.Day) (n int) {
	for _, d := range all {
		n += int(d.Last()-d.From) + 1
	}
	return n
}

// readWords tell what was found in a file, and what was left.
func (f *calendarForm) readWords(ctx context.Context) []string {
	out := []string{i18n.N(ctx, "{{.Count}} day off was taken from {{.File}}.", "{{.Count}} days off were taken from {{.File}}.", f.found, "File", f.file)}
	for _, s := range f.left {
		name := s.Name
		if name == "" {
			name = i18n.T(ctx, "an event")
		}
		out = append(out, i18n.T(ctx, "Not taken: {{.Name}} (line {{.Line}}): {{.Why}}.", "Name", name, "Line", s.Line, "Why", s.Why))
	}
	if f.more > 0 {
		out = append(out, i18n.N(ctx, "And {{.Count}} more event was not taken.", "And {{.Count}} more events were not taken.", f.more))
	}
	return out
}

// regionNames says how a region is called: the country in the reader's language, a part as it calls itself.
func regionNames(ctx context.Context) func(code string) string {
	parts := map[string]string{}
	for _, r := range calendar.Regions() {
		parts[r.Code] = r.Name
	}
	return func(code string) string {
		country := countryWord(ctx, code[:min(2, len(code))])
		if parts[code] == "" {
			return country
		}
		return country + ": " + parts[code]
	}
}

// calendarWords tell what a calendar says, for somebody who was not the first to save.
func calendarWords(ctx context.Context, row calendar.Row) []string {
	d := row.Definition
	out := []string{i18n.T(ctx, "{{.Name}}, {{.Zone}}", "Name", row.Name, "Zone", d.Zone), weekWords(ctx, d.Hours)}
	if len(d.Regions) > 0 {
		names, said := regionNames(ctx), []string{}
		for _, r := range d.Regions {
			said = append(said, names(r))
		}
		out = append(out, i18n.T(ctx, "Public holidays: {{.Regions}}", "Regions", strings.Join(said, ", ")))
	}
	if len(d.Days) > 0 {
		out = append(out, i18n.N(ctx, "{{.Count}} day of our own", "{{.Count}} days of our own", len(d.Days)))
	}
	return out
}

// calendarChanges say in the audit record what became of a calendar.
func calendarChanges(was, is calendar.Row) string {
	hours := func(r calendar.Row) string {
		var out []string
		for _, d := range weekdays {
			if spans := r.Definition.Hours[d]; len(spans) > 0 {
				out = append(out, d.String()[:3]+" "+calendar.Words(spans...))
			}
		}
		return strings.Join(out, ", ")
	}
	moves := func(r calendar.Row) string {
		var out []string
		for _, m := range r.Definition.Moves {
			out = append(out, m.From.String()+" "+m.Zone)
		}
		return strings.Join(out, ", ")
	}
	days := func(r calendar.Row) string {
		raw, _ := json.Marshal(r.Definition.Days)
		return string(raw)
	}
	said := changes(change("name", was.Name, is.Name), change("zone", was.Definition.Zone, is.Definition.Zone), change("zone changes", moves(was), moves(is)), change("hours", hours(was), hours(is)),
		change("holidays", strings.Join(was.Definition.Regions, ", "), strings.Join(is.Definition.Regions, ", ")))
	if days(was) != days(is) && (len(was.Definition.Days) > 0 || len(is.Definition.Days) > 0) {
		said = changes(said, change("days of its own", fmt.Sprint(len(was.Definition.Days)), fmt.Sprint(len(is.Definition.Days))+" (changed)"))
	}
	return said
}
