package rota_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/rota"
)

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

var (
	berlin    = zone("Europe/Berlin")
	austin    = zone("America/Chicago")
	singapore = zone("Asia/Singapore")
	monday    = time.Date(2026, time.November, 23, 0, 0, 0, 0, berlin)
)

// at is a moment of the week that begins on monday, by the wall of Berlin.
func at(day, hour int) clock.Instant {
	return clock.From(time.Date(2026, time.November, 23+day, hour, 0, 0, 0, berlin))
}

// shift is one kind of slot that comes every day, or every working day.
type shift struct {
	from, to int
	need     int
	week     bool // on Saturdays and Sundays too
	skills   []string
	team     int64
}

func slotsOf(from time.Time, days int, shifts []shift) (out []rota.Slot) {
	for d := range days {
		for _, s := range shifts {
			begins := time.Date(from.Year(), from.Month(), from.Day()+d, s.from, 0, 0, 0, from.Location())
			if !s.week && (begins.Weekday() == time.Saturday || begins.Weekday() == time.Sunday) {
				continue
			}
			ends := time.Date(from.Year(), from.Month(), from.Day()+d, s.to, 0, 0, 0, from.Location())
			out = append(out, rota.Slot{ID: int64(len(out) + 1), From: clock.From(begins), To: clock.From(ends), Team: max(1, s.team), Need: s.need, Skills: s.skills})
		}
	}
	return out
}

// crowd are people with wishes, leave and a past, made up.
func crowd(r *rand.Rand, n int, from time.Time, days int, zones ...*time.Location) (out []rota.Person) {
	langs := []string{"de", "printer", "network"}
	for i := range n {
		p := rota.Person{ID: int64(i + 1), Teams: []int64{1}, Zone: zones[i%len(zones)], Share: 1, Unloved: time.Duration(r.IntN(30)) * time.Hour}
		if i%5 == 4 {
			p.Share, p.Rules.MostHours = 0.5, 20*time.Hour
		}
		if i%4 == 0 {
			p.Teams = []int64{1, 2}
		}
		for _, l := range langs {
			if r.IntN(2) == 0 {
				p.Skills = append(p.Skills, l)
			}
		}
		for range r.IntN(4) {
			begins := from.Add(time.Duration(r.IntN(days*24)) * time.Hour)
			p.Wishes = append(p.Wishes, rota.Wish{Span: rota.Span{From: clock.From(begins), To: clock.From(begins.Add(time.Duration(4+r.IntN(20)) * time.Hour))}, Weight: []int{-3, -2, -1, 1, 2, 3}[r.IntN(6)]})
		}
		if r.IntN(6) == 0 {
			begins := from.AddDate(0, 0, r.IntN(days))
			p.Away = append(p.Away, rota.Span{From: clock.From(begins), To: clock.From(begins.AddDate(0, 0, 1+r.IntN(5)))})
		}
		out = append(out, p)
	}
	return out
}

// world is a problem with a name.
type world struct {
	name string
	in   rota.Input
}

func worlds() []world {
	r := func() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }
	week := []shift{
		{from: 7, to: 15, need: 8, week: false},
		{from: 9, to: 17, need: 8},
		{from: 11, to: 19, need: 6, skills: []string{"de"}},
		{from: 14, to: 22, need: 4, week: true},
		{from: 8, to: 16, need: 3, week: true, skills: []string{"printer"}},
		{from: 22, to: 30, need: 2, week: true},
		{from: 9, to: 17, need: 2, team: 2},
	}
	parts := []shift{
		{from: 8, to: 12, need: 9},
		{from: 12, to: 16, need: 9},
		{from: 16, to: 20, need: 6},
		{from: 8, to: 12, need: 3, week: true, skills: []string{"de"}},
		{from: 12, to: 16, need: 3, week: true, skills: []string{"de"}},
		{from: 16, to: 20, need: 3, week: true},
		{from: 9, to: 13, need: 3, team: 2},
		{from: 13, to: 17, need: 3, team: 2},
	}
	more := func(s []shift, by float64) []shift {
		s = slices.Clone(s)
		for i := range s {
			s[i].need = max(1, int(float64(s[i].need)*by))
		}
		return s
	}
	return []world{
		{"40 people, a week, day and night", rota.Input{Slots: slotsOf(monday, 7, week), People: crowd(r(), 40, monday, 7, berlin)}},
		{"40 people, a week, half days", rota.Input{Slots: slotsOf(monday, 7, parts), People: crowd(r(), 40, monday, 7, berlin)}},
		{"40 people, a week, too few", rota.Input{Slots: slotsOf(monday, 7, more(week, 1.5)), People: crowd(r(), 40, monday, 7, berlin)}},
		{"40 people in 3 zones, a week", rota.Input{Slots: slotsOf(monday, 7, []shift{
			{from: 0, to: 8, need: 6, week: true}, {from: 8, to: 16, need: 9, week: true}, {from: 16, to: 24, need: 6, week: true}, {from: 12, to: 20, need: 3, skills: []string{"network"}},
		}), People: crowd(r(), 40, monday, 7, berlin, austin, singapore)}},
		{"100 people, a week", rota.Input{Slots: slotsOf(monday, 7, more(week, 2.4)), People: crowd(r(), 100, monday, 7, berlin)}},
		{"12 people, 4 weeks", rota.Input{Slots: slotsOf(monday, 28, []shift{{from: 7, to: 15, need: 3}, {from: 11, to: 19, need: 3}, {from: 14, to: 22, need: 1, week: true}, {from: 8, to: 16, need: 1, week: true}}), People: crowd(r(), 12, monday, 28, berlin)}},
	}
}

// The line that is printed for each stands in docs/rota-plan.md.
func BenchmarkPropose(b *testing.B) {
	for _, w := range worlds() {
		b.Run(w.name, func(b *testing.B) {
			var p rota.Proposal
			var err error
			for b.Loop() {
				if p, err = rota.Propose(b.Context(), w.in, rota.Options{Seed: 1}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(p.Cost, "points")
			b.ReportMetric(p.Gap(), "gap")
			b.ReportMetric(p.Empty.Hours(), "empty-h")
			b.ReportMetric(p.EmptyAtLeast.Hours(), "least-empty-h")
			b.ReportMetric(p.Filled.Hours(), "filled-h")
		})
	}
}

func TestEveryWorldIsPlannedInTime(t *testing.T) {
	for i, w := range worlds() {
		t.Run(w.name, func(t *testing.T) {
			o := rota.Options{Seed: 1, Effort: 0.3}
			if i == 0 {
				o.Effort = 1 // as it is on a real desk
			}
			began := time.Now()
			p, err := rota.Propose(t.Context(), w.in, o)
			if err != nil {
				t.Fatal(err)
			}
			took := time.Since(began)
			t.Log(said(p), took.Round(time.Millisecond))
			if took > 11*time.Second {
				t.Errorf("it took %s", took)
			}
			if p.Gap() > 0.06*p.Filled.Hours() || p.Empty != p.EmptyAtLeast {
				t.Errorf("far from the bound: %s", said(p))
			}
			if broken := rulesBroken(w.in, p); len(broken) > 0 {
				t.Errorf("rules are broken: %v", broken)
			}
		})
	}
}

func said(p rota.Proposal) string {
	return fmt.Sprintf("filled %.0f h, empty %.0f h (at least %.0f h), cost %.1f, bound %.1f, gap %.1f, cut %v", p.Filled.Hours(), p.Empty.Hours(), p.EmptyAtLeast.Hours(), p.Cost, p.Bound, p.Gap(), p.Cut)
}
