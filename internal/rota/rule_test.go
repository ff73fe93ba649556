package rota_test

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"goodturn/internal/rota"
)

// rulesBroken goes through a proposal person by person and says which rules it breaks: in the plainest way, and with nothing of the package
// but its types. A rule that what they had already breaks by itself counts only where something new has a part in it.
func rulesBroken(in rota.Input, p rota.Proposal) (out []string) {
	slots := map[int64]rota.Slot{}
	for _, s := range in.Slots {
		slots[s.ID] = s
	}
	given, taken := map[int64]int{}, map[[2]int64]bool{}
	of := map[int64][]rota.Slot{}
	for _, place := range p.Places {
		given[place.Slot]++
		if key := [2]int64{place.Slot, place.Person}; taken[key] {
			out = append(out, fmt.Sprintf("person %d stands twice in slot %d", place.Person, place.Slot))
		} else {
			taken[key] = true
		}
		of[place.Person] = append(of[place.Person], slots[place.Slot])
	}
	for id, n := range given {
		if n > slots[id].Need {
			out = append(out, fmt.Sprintf("slot %d has %d and needs %d", id, n, slots[id].Need))
		}
	}
	for _, person := range in.People {
		for _, b := range brokenBy(in, person, of[person.ID]) {
			out = append(out, fmt.Sprintf("person %d: %s", person.ID, b))
		}
	}
	return out
}

type piece struct {
	rota.Work
	new bool
}

func brokenBy(in rota.Input, p rota.Person, slots []rota.Slot) (out []string) {
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	rules := rulesOf(in, p)
	zone := p.Zone
	if zone == nil {
		zone = time.UTC
	}
	var all []piece
	for _, s := range slots {
		if !slices.Contains(p.Teams, s.Team) {
			say("slot %d is of another team", s.ID)
		}
		for _, skill := range s.Skills {
			if !slices.Contains(p.Skills, skill) {
				say("slot %d asks for %s", s.ID, skill)
			}
		}
		for _, a := range p.Away {
			if a.From < s.To && s.From < a.To {
				say("away in slot %d", s.ID)
			}
		}
		all = append(all, piece{rota.Work{Span: rota.Span{From: s.From, To: s.To}, Breaks: s.Breaks}, true})
	}
	for _, h := range p.Has {
		all = append(all, piece{h, false})
	}
	slices.SortFunc(all, func(a, b piece) int { return cmp.Compare(a.From, b.From) })
	type turn struct {
		rota.Span
		parts int
		new   bool
	}
	days := map[string]*turn{}
	var order []string
	weekHours, weekNew := map[string]float64{}, map[string]bool{}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if (a.new || b.new) && a.From < b.To && b.From < a.To {
				say("two things at once at %s", a.From.RFC3339())
			}
		}
		local := a.From.Time().In(zone)
		day := local.Format(time.DateOnly)
		y, w := local.ISOWeek()
		week := fmt.Sprint(y, "-", w)
		weekHours[week] += (a.To.Sub(a.From) - a.Breaks).Hours()
		weekNew[week] = weekNew[week] || a.new
		d := days[day]
		if d == nil {
			d = &turn{Span: a.Span}
			days[day] = d
			order = append(order, day)
		}
		d.To, d.parts, d.new = max(d.To, a.To), d.parts+1, d.new || a.new
	}
	for week, h := range weekHours {
		if weekNew[week] && h > rules.MostHours.Hours()+1e-6 {
			say("%.1f hours in week %s", h, week)
		}
	}
	run, runNew := 0, false
	for i, day := range order {
		d := days[day]
		if d.new && (d.To.Sub(d.From) > rules.MostTurn || d.parts > rules.MostParts) {
			say("a turn of %s in %d parts on %s", d.To.Sub(d.From), d.parts, day)
		}
		if i > 0 {
			before := days[order[i-1]]
			if rest := d.From.Sub(before.To); (d.new || before.new) && rest < rules.MinRest {
				say("%s of rest before %s", rest, day)
			}
		}
		yesterday := ""
		if i > 0 {
			t, _ := time.Parse(time.DateOnly, order[i-1])
			yesterday = t.AddDate(0, 0, 1).Format(time.DateOnly)
		}
		if yesterday != day {
			run, runNew = 0, false
		}
		run, runNew = run+1, runNew || d.new
		if runNew && run > rules.MostDays {
			say("%d days in a row up to %s", run, day)
		}
	}
	return out
}

func rulesOf(in rota.Input, p rota.Person) rota.Rules {
	out := rota.Usual()
	for _, r := range []rota.Rules{in.Rules, p.Rules} {
		out.MostHours = cmp.Or(r.MostHours, out.MostHours)
		out.MinRest = cmp.Or(r.MinRest, out.MinRest)
		out.MostDays = cmp.Or(r.MostDays, out.MostDays)
		out.MostTurn = cmp.Or(r.MostTurn, out.MostTurn)
		out.MostParts = cmp.Or(r.MostParts, out.MostParts)
	}
	return out
}
