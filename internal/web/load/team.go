package load

import (
	"context"
	"math"
	"strings"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/proposal"
	"goodturn/internal/shift"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui"
)

// TeamPart is how it is in a team: who is there, against what.
type TeamPart struct {
	Team person.Team
	Now  clock.Instant
	// Here are those on shift now, Next those who begin next.
	Here, Next []OnShift
	// Waiting are the tickets that are the desk's turn, Free those of them that nobody has.
	Waiting, Free int
	// LastHour and Today are how many came.
	LastHour, Today int
	// Rota says that shifts are planned at all in the days shown.
	Rota    bool
	Outlook proposal.Outlook
	Hours   []proposal.Hour // the next open ones
	Days    []DayPart
}

// OnShift is a shift with who has it.
type OnShift struct {
	shift.Shift
	Name string // "" for nobody yet
	// Back is when their break is over; 0 for no break.
	Back clock.Instant
}

// DayPart is what is foretold of a day, beside what is planned.
type DayPart struct {
	Date  calendar.Date
	Comes float64 // tickets, of the whole day
	// Needed and Planned are hours of people while the desk is open, of what is left of the day.
	Needed, Planned int
	Short           []string // in words
}

// How many hours and days are shown.
const (
	hoursShown = 8
	daysShown  = 7
	hourLong   = clock.Instant(60 * 60 * 1000)
)

// alive tells that there is something to say of a team.
func (p TeamPart) alive() bool {
	return len(p.Here)+len(p.Next)+p.Waiting+p.Today > 0 || p.Rota
}

func (l *Load) team(ctx context.Context, tx *db.Tx, a person.Actor, t person.Team, f figures) (TeamPart, error) {
	p := TeamPart{Team: t, Now: tx.Now, LastHour: f.hour[t.ID], Today: f.today[t.ID]}
	p.Waiting = f.tally.Count(a, ticket.Which{Turns: []ticket.Turn{ticket.Ours}, Teams: []int64{t.ID}})
	p.Free = f.tally.Count(a, ticket.Which{Turns: []ticket.Turn{ticket.Ours}, Assignee: ticket.Nobody, Teams: []int64{t.ID}})
	now, next, err := shift.NowAndNext(ctx, tx, t.ID)
	if err != nil {
		return p, err
	}
	if p.Here, err = named(ctx, tx, now); err != nil {
		return p, err
	}
	if p.Next, err = named(ctx, tx, next); err != nil {
		return p, err
	}
	first := today(ctx, tx.Now)
	in := shift.Span{From: midnight(ctx, first), Until: midnight(ctx, first+daysShown)}
	if p.Outlook, err = l.Planner.Outlook(ctx, tx, a, t.ID, in); err != nil {
		return p, err
	}
	p.foretell(ctx, first)
	return p, nil
}

// named gives shifts the names of those who have them.
func named(ctx context.Context, tx *db.Tx, all []shift.Shift) ([]OnShift, error) {
	var ids []int64
	for _, s := range all {
		ids = append(ids, s.PersonID)
	}
	names, err := person.Names(ctx, tx, ids)
	var out []OnShift
	for _, s := range all {
		if s.PersonID == 0 && s.FromAt <= tx.Now {
			continue // that nobody came is seen by who is there
		}
		one := OnShift{Shift: s, Name: names[s.PersonID]}
		for _, b := range s.Breaks {
			if b.From <= tx.Now && tx.Now < b.Until {
				one.Back = b.Until
			}
		}
		out = append(out, one)
	}
	return out, err
}

// foretell parts what is foretold into the next open hours and the days.
func (p *TeamPart) foretell(ctx context.Context, first calendar.Date) {
	zone := i18n.ZoneOf(ctx)
	days := make([]DayPart, daysShown)
	hours := make([][]proposal.Hour, daysShown)
	for i := range days {
		days[i].Date = first + calendar.Date(i)
	}
	for _, h := range p.Outlook.Hours {
		p.Rota = p.Rota || h.Planned > 0
		i := int(calendar.DateAt(h.At.Time().In(zone)) - first)
		if i < 0 || i >= daysShown {
			continue
		}
		d := &days[i]
		d.Comes += h.Mean
		hours[i] = append(hours[i], h)
		if h.Past || !h.Open {
			continue
		}
		d.Needed, d.Planned = d.Needed+h.People, d.Planned+h.Planned
		if len(p.Hours) < hoursShown && h.At < p.Now+24*hourLong {
			p.Hours = append(p.Hours, h)
		}
	}
	for i := range days {
		days[i].Short = shortWords(ctx, hours[i])
		if len(hours[i]) > 0 {
			p.Days = append(p.Days, days[i])
		}
	}
}

// shortWords says in which hours more are needed: "10:00–12:00: one more".
func shortWords(ctx context.Context, all []proposal.Hour) (out []string) {
	for i := 0; i < len(all); {
		n, j := all[i].Short(), i+1
		for j < len(all) && all[j].Short() == n && all[j].At == all[j-1].At+hourLong {
			j++
		}
		if n > 0 {
			out = append(out, i18n.N(ctx, "{{.Hours}}: one more", "{{.Hours}}: {{.Count}} more", n, "Hours", i18n.Clock(ctx, all[i].At)+"–"+i18n.Clock(ctx, all[j-1].At+hourLong)))
		}
		i = j
	}
	return out
}

// staff are the next hours as the chart has them, and the highest number of it.
func (p TeamPart) staff() (out []ui.StaffHour, most int) {
	for _, h := range p.Hours {
		out = append(out, ui.StaffHour{Needed: h.People, Planned: h.Planned, Short: h.Short()})
		most = max(most, h.People, h.Planned)
	}
	return out, most
}

// working are those on shift and not in a break.
func (p TeamPart) working() (n int) {
	for _, o := range p.Here {
		if o.Back == 0 {
			n++
		}
	}
	return n
}

// nowWords say in a sentence how many are there, and what waits for them.
func (p TeamPart) nowWords(ctx context.Context) string {
	waits := i18n.N(ctx, "one ticket waits for the desk", "{{.Count}} tickets wait for the desk", p.Waiting)
	if p.Waiting == 0 {
		waits = i18n.T(ctx, "nothing waits for the desk")
	} else if p.Free > 0 && p.Free < p.Waiting {
		waits = i18n.N(ctx, "{{.Waits}}, one of which nobody has", "{{.Waits}}, {{.Count}} of which nobody has", p.Free, "Waits", waits)
	} else if p.Free > 0 {
		waits = i18n.T(ctx, "{{.Waits}}, and nobody has any of them", "Waits", waits)
	}
	switch n := p.working(); {
	case n > 0:
		return i18n.N(ctx, "One is here; {{.Waits}}.", "{{.Count}} are here; {{.Waits}}.", n, "Waits", waits)
	case len(p.Here) > 0:
		return i18n.T(ctx, "Who is on shift is in a break; {{.Waits}}.", "Waits", waits)
	case p.Rota:
		return i18n.T(ctx, "Nobody is on shift now; {{.Waits}}.", "Waits", waits)
	}
	return i18n.T(ctx, "This team plans no shifts, so its working hours count; {{.Waits}}.", "Waits", waits)
}

// cameWords say what came.
func (p TeamPart) cameWords(ctx context.Context) string {
	switch {
	case p.Today == 0 && p.LastHour == 0:
		return i18n.T(ctx, "Nothing came today.")
	case p.LastHour == 0:
		return i18n.T(ctx, "Nothing came in the last hour, {{.Today}} today.", "Today", p.Today)
	}
	return i18n.T(ctx, "{{.Hour}} came in the last hour, {{.Today}} today.", "Hour", p.LastHour, "Today", p.Today)
}

// nextWords say what the next whole open hour brings, and how many that takes; "" where nothing is foretold. short says that fewer are planned.
func (p TeamPart) nextWords(ctx context.Context) (text string, short bool) {
	for _, h := range p.Hours {
		if h.At < p.Now {
			continue
		}
		span := i18n.Clock(ctx, h.At) + "–" + i18n.Clock(ctx, h.At+hourLong)
		if today(ctx, h.At) != today(ctx, p.Now) {
			span = i18n.Weekday(ctx, h.At.Time().In(i18n.ZoneOf(ctx)).Weekday()) + ", " + span
		}
		comes := i18n.T(ctx, "{{.Hours}}: about {{.Count}} come ({{.Range}})", "Hours", span, "Count", int(math.Round(h.Mean)), "Range", between(ctx, h.Low, h.High))
		if h.Mean < 0.5 {
			comes = i18n.T(ctx, "{{.Hours}}: hardly anything comes", "Hours", span)
		}
		if h.Lies >= 0.5 {
			comes = i18n.T(ctx, "{{.Comes}}, and about {{.Lies}} lie there from when the desk was closed", "Comes", comes, "Lies", int(math.Round(h.Lies)))
		}
		if p.Outlook.Pace == 0 {
			return comes + ".", false
		}
		return i18n.N(ctx, "{{.Comes}}. That takes one; {{.Planned}}.", "{{.Comes}}. That takes {{.Count}}; {{.Planned}}.", h.People, "Comes", comes, "Planned", plannedWords(ctx, h.Planned)), h.Short() > 0
	}
	return "", false
}

func plannedWords(ctx context.Context, n int) string {
	if n == 0 {
		return i18n.T(ctx, "nobody is planned")
	}
	return i18n.N(ctx, "one is planned", "{{.Count}} are planned", n)
}

// between is a number, or a range of two.
func between(ctx context.Context, low, high int) string {
	if low == high {
		return i18n.Number(ctx, int64(low))
	}
	return i18n.T(ctx, "{{.Low}} to {{.High}}", "Low", low, "High", high)
}

// offWords say how far the forecast has been off.
func (p TeamPart) offWords(ctx context.Context) string {
	m := p.Outlook.Measured
	if m.Weeks == 0 {
		return i18n.T(ctx, "There is no week yet to which this forecast could be compared.")
	}
	return i18n.N(ctx, "Over the last {{.Count}} week that could be compared, a day was off by {{.Off}} of what came; whoever goes by the last week known was off by {{.Last}}.",
		"Over the last {{.Count}} weeks, a day was off by {{.Off}} of what came; whoever goes by the last week known was off by {{.Last}}.", m.Weeks, "Off", i18n.Percent(ctx, m.Days.Off), "Last", i18n.Percent(ctx, m.Days.AsLastWeek))
}

// littleWords say what is missing for a forecast.
func (p TeamPart) littleWords(ctx context.Context) string {
	o := p.Outlook.Little
	return i18n.T(ctx, "It takes {{.Weeks}} whole weeks with {{.Need}} tickets in them; there are {{.Have}} weeks with {{.Count}}. It begins by itself.", "Weeks", o.NeedWeeks, "Need", o.NeedCount, "Have", o.Weeks, "Count", o.Counted)
}

// shiftWords names who has a shift and until when they are there, or from when.
func shiftWords(ctx context.Context, o OnShift, next bool) string {
	name := o.Name
	if name == "" {
		name = i18n.T(ctx, "somebody who is not found yet")
	}
	switch {
	case next:
		return i18n.T(ctx, "{{.Name}} from {{.Time}}", "Name", name, "Time", i18n.Clock(ctx, o.FromAt))
	case o.Back != 0:
		return i18n.T(ctx, "{{.Name}} until {{.Time}}, in a break until {{.Break}}", "Name", name, "Time", i18n.Clock(ctx, o.UntilAt), "Break", i18n.Clock(ctx, o.Back))
	}
	return i18n.T(ctx, "{{.Name}} until {{.Time}}", "Name", name, "Time", i18n.Clock(ctx, o.UntilAt))
}

func listWords(ctx context.Context, all []OnShift, next bool) string {
	out := make([]string, len(all))
	for i, o := range all {
		out[i] = shiftWords(ctx, o, next)
	}
	return strings.Join(out, ", ")
}

// needURL is the plan of the week of a day.
func (p TeamPart) needURL(d calendar.Date) string {
	return "/rota/need?team=" + decimal(p.Team.ID) + "&week=" + d.String()
}
