package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// How much one calendar may hold. Nobody needs as much; a file that somebody imports may have more.
const (
	maxMoves   = 50
	maxRegions = 20
	maxDays    = 3000
	maxSpans   = 12
	maxName    = 200
	maxRange   = 400 // days in a row under one name
)

// Compile checks a definition and makes it ready to be asked. What is wrong is a fault.Invalid whose fields are "zone",
// "moves.0" (and on), "hours.monday" …, "hours" (no working time at all), "regions", "days.0" (and on) and "days".
func Compile(d Definition) (*Calendar, error) {
	d = d.clone()
	var c check
	p := &plan{open: map[Date]Day{}}
	p.zones = c.zones(&d)
	c.week(&d.Hours)
	c.regions(&d)
	c.days(p, d.Days)
	if !slices.ContainsFunc(d.Hours[:], func(s []Span) bool { return len(s) > 0 }) && len(p.open) == 0 {
		c.wrong("hours", i18n.M("There is no working time at all. At least one weekday, or one opening, needs hours, such as 9–17."))
	}
	if err := fault.Check(c.found); err != nil {
		return nil, err
	}
	p.def = d
	return &Calendar{plan: p}, nil
}

// check gathers what is wrong.
type check struct{ found []fault.Field }

func (c *check) wrong(field string, m i18n.Text) { c.found = append(c.found, fault.F(field, m)) }

func (c *check) zone(field, name string) *time.Location {
	if name == "" {
		c.wrong(field, i18n.M("Which zone? Its name is a continent and a city, such as Europe/Berlin, or UTC."))
		return time.UTC
	}
	loc, err := location(name)
	if err != nil || name == "Local" {
		c.wrong(field, i18n.M("{{.Zone}} is no zone that is known. Its name is a continent and a city, such as Europe/Berlin, or UTC.", "Zone", name))
		return time.UTC
	}
	return loc
}

func (c *check) zones(d *Definition) []zoneFrom {
	out := []zoneFrom{{firstDate, c.zone("zone", d.Zone)}}
	if len(d.Moves) > maxMoves {
		c.wrong("moves", i18n.M("At most {{.Limit}} changes of the zone fit into one calendar.", "Limit", maxMoves))
		return out
	}
	seen := map[Date]bool{}
	for i, m := range d.Moves {
		field := fmt.Sprintf("moves.%d", i)
		if seen[m.From] {
			c.wrong(field, i18n.M("Two zones begin on {{.Date}}. Only one can.", "Date", m.From.String()))
		}
		seen[m.From] = true
		out = append(out, zoneFrom{m.From, c.zone(field, m.Zone)})
	}
	slices.SortFunc(out[1:], func(a, b zoneFrom) int { return cmp.Compare(a.from, b.from) })
	slices.SortFunc(d.Moves, func(a, b Move) int { return cmp.Compare(a.From, b.From) })
	return out
}

func (c *check) week(w *Week) {
	ok := true
	for d := range w {
		ok = c.spans("hours."+weekdayName(time.Weekday(d)), w[d]) && ok
	}
	if !ok {
		return
	}
	for d := range w {
		next := (d + 1) % 7
		if len(w[d]) == 0 || len(w[next]) == 0 {
			continue
		}
		night, morning := w[d][len(w[d])-1], w[next][0]
		if night.To-dayMinutes > morning.From {
			c.wrong("hours."+weekdayName(time.Weekday(next)), i18n.M("{{.First}} overlaps {{.Second}} of the evening before, which lasts until {{.Until}}.",
				"First", Words(morning), "Second", Words(night), "Until", minuteWords(night.To-dayMinutes)))
		}
	}
}

// spans checks the spans of one day and sorts them.
func (c *check) spans(field string, spans []Span) bool {
	if len(spans) > maxSpans {
		c.wrong(field, i18n.M("At most {{.Limit}} spans fit into one day.", "Limit", maxSpans))
		return false
	}
	for _, s := range spans {
		switch {
		case s.From < 0 || s.From >= dayMinutes || s.To > s.From+dayMinutes:
			c.wrong(field, i18n.M("{{.Span}} does not fit into a day. A span begins between 0:00 and 23:59 and is at most 24 hours long.", "Span", Words(s)))
			return false
		case s.To <= s.From:
			c.wrong(field, i18n.M("{{.Span}} ends before it begins. Please write the beginning first, as in 9–17.", "Span", Words(s)))
			return false
		}
	}
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	for i := 1; i < len(spans); i++ {
		if a, b := spans[i-1], spans[i]; b.From < a.To {
			c.wrong(field, i18n.M("{{.First}} and {{.Second}} overlap. Please let one end before the other begins.", "First", Words(a), "Second", Words(b)))
			return false
		}
	}
	return true
}

func (c *check) regions(d *Definition) {
	var kept []string
	for _, r := range d.Regions {
		if r = strings.ToUpper(strings.TrimSpace(r)); r == "" || slices.Contains(kept, r) {
			continue
		}
		if !knownRegion(r) {
			c.wrong("regions", i18n.M("The holidays of {{.Region}} are not known here. They can be imported from an iCalendar file (.ics).", "Region", r))
			continue
		}
		kept = append(kept, r)
	}
	if len(kept) > maxRegions {
		c.wrong("regions", i18n.M("At most {{.Limit}} regions fit into one calendar.", "Limit", maxRegions))
	}
	d.Regions = kept
}

func (c *check) days(p *plan, days []Day) {
	if len(days) > maxDays {
		c.wrong("days", i18n.M("At most {{.Limit}} days of your own fit into one calendar; these are {{.Count}}.", "Limit", maxDays, "Count", len(days)))
		return
	}
	for i := range days {
		d, field := &days[i], fmt.Sprintf("days.%d", i)
		if d.Name = strings.Join(strings.Fields(d.Name), " "); utf8.RuneCountInString(d.Name) > maxName {
			c.wrong(field, i18n.M("The name of a day may have at most {{.Limit}} letters.", "Limit", maxName))
			continue
		}
		if d.Last() < d.From {
			c.wrong(field, i18n.M("{{.Last}} is before {{.First}}. Please write the first day first.", "First", d.From.String(), "Last", d.Last().String()))
			continue
		}
		if d.Last()-d.From >= maxRange {
			c.wrong(field, i18n.M("From {{.First}} to {{.Last}} are more than {{.Limit}} days in a row. Please write them as several.", "First", d.From.String(), "Last", d.Last().String(), "Limit", maxRange))
			continue
		}
		if !c.spans(field, d.Hours) {
			continue
		}
		c.day(p, field, *d)
	}
	slices.SortStableFunc(p.off, func(a, b Day) int { return cmp.Compare(a.From, b.From) })
}

func (c *check) day(p *plan, field string, d Day) {
	if len(d.Hours) == 0 {
		p.off = append(p.off, d)
		p.longest = max(p.longest, d.Last()-d.From)
		return
	}
	for at := d.From; at <= d.Last(); at++ {
		if other, taken := p.open[at]; taken {
			c.wrong(field, i18n.M("{{.Date}} has two openings: {{.First}} and {{.Second}}. Please write all hours of a day into one.", "Date", at.String(), "First", Words(other.Hours...), "Second", Words(d.Hours...)))
			return
		}
		p.open[at] = d
	}
}
