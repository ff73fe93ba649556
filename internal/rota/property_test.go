package rota_test

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/clock"
	"goodturn/internal/rota"
)

// drawn is a small problem of any kind: nights, weeks in which clocks change, zones, work that is there already and breaks rules by itself.
func drawn(rt *rapid.T, people, slots, most int) rota.Input {
	zones := []*time.Location{berlin, austin, singapore, nil}
	from := []time.Time{monday, time.Date(2026, 3, 27, 0, 0, 0, 0, berlin), time.Date(2026, 10, 23, 0, 0, 0, 0, berlin)}[rapid.IntRange(0, 2).Draw(rt, "from")]
	span := func(longest int) rota.Span {
		begins := from.Add(time.Duration(rapid.IntRange(-20, 24*6).Draw(rt, "begins")) * time.Hour)
		return rota.Span{From: clock.From(begins), To: clock.From(begins.Add(time.Duration(rapid.IntRange(1, longest).Draw(rt, "long")) * time.Hour))}
	}
	in := rota.Input{Rules: rota.Rules{
		MostHours: time.Duration(rapid.IntRange(8, 40).Draw(rt, "hours")) * time.Hour, MinRest: time.Duration(rapid.IntRange(4, 14).Draw(rt, "rest")) * time.Hour,
		MostDays: rapid.IntRange(1, 6).Draw(rt, "days"), MostTurn: time.Duration(rapid.IntRange(4, 12).Draw(rt, "turn")) * time.Hour, MostParts: rapid.IntRange(1, 3).Draw(rt, "parts"),
	}}
	for i := range rapid.IntRange(1, slots).Draw(rt, "slots") {
		s := span(9)
		in.Slots = append(in.Slots, rota.Slot{ID: int64(i + 1), From: s.From, To: s.To, Team: int64(rapid.IntRange(1, 2).Draw(rt, "team")), Need: rapid.IntRange(0, most).Draw(rt, "need")})
		if s.To.Sub(s.From) > 4*time.Hour {
			in.Slots[i].Breaks = time.Duration(rapid.IntRange(0, 2).Draw(rt, "break")) * 30 * time.Minute
		}
		if rapid.IntRange(0, 3).Draw(rt, "skilled") == 0 {
			in.Slots[i].Skills = []string{"de"}
		}
	}
	for i := range rapid.IntRange(1, people).Draw(rt, "people") {
		p := rota.Person{ID: int64(i + 1), Teams: []int64{1}, Zone: zones[rapid.IntRange(0, 3).Draw(rt, "zone")], Share: rapid.SampledFrom([]float64{0, 0.5, 1}).Draw(rt, "share"), Unloved: time.Duration(rapid.IntRange(0, 40).Draw(rt, "past")) * time.Hour}
		if rapid.Bool().Draw(rt, "both teams") {
			p.Teams = []int64{2, 1}
		}
		if rapid.Bool().Draw(rt, "speaks German") {
			p.Skills = []string{"printer", "de"}
		}
		for range rapid.IntRange(0, 2).Draw(rt, "has") {
			p.Has = append(p.Has, rota.Work{Span: span(10)})
		}
		for range rapid.IntRange(0, 1).Draw(rt, "away") {
			p.Away = append(p.Away, span(40))
		}
		for range rapid.IntRange(0, 2).Draw(rt, "wishes") {
			p.Wishes = append(p.Wishes, rota.Wish{Span: span(30), Weight: rapid.SampledFrom([]int{-3, -1, 1, 2}).Draw(rt, "weight")})
		}
		in.People = append(in.People, p)
	}
	return in
}

var quick = rota.Options{Seed: 1, Effort: 0.2}

func TestNoRuleIsEverBroken(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		in := drawn(rt, 6, 14, 3)
		p, err := rota.Propose(t.Context(), in, quick)
		if err != nil {
			rt.Fatal(err)
		}
		if broken := rulesBroken(in, p); len(broken) > 0 {
			rt.Fatalf("%v", broken)
		}
		everySeatIsAccountedFor(rt, in, p)
	})
}

// everySeatIsAccountedFor checks that what is not taken is said to be missing, with a cause for everybody, and that nobody is free to take it.
func everySeatIsAccountedFor(rt *rapid.T, in rota.Input, p rota.Proposal) {
	given := map[int64]int{}
	for _, place := range p.Places {
		given[place.Slot]++
	}
	for _, m := range p.Missing {
		given[m.Slot] += m.Seats
		there := 0
		for _, place := range p.Places {
			if place.Slot == m.Slot {
				there++
			}
		}
		if len(m.Blocked)+there != len(in.People) {
			rt.Fatalf("slot %d misses %d, and of %d people only %d are said to be kept from it", m.Slot, m.Seats, len(in.People), len(m.Blocked))
		}
	}
	for _, s := range in.Slots {
		if given[s.ID] != s.Need {
			rt.Fatalf("slot %d needs %d, and %d are placed or missing", s.ID, s.Need, given[s.ID])
		}
	}
}

// bestOfAll goes through every rota that keeps the rules, and gives what the best costs, and how many hours stay empty at least.
func bestOfAll(in rota.Input) (cost, empty float64) {
	soft := rota.Soft(in)
	type choice struct {
		slots []int
		cost  float64
	}
	choices := make([][]choice, len(in.People))
	for i, p := range in.People {
		for set := range 1 << len(in.Slots) {
			var c choice
			var slots []rota.Slot
			var ids []int64
			for s := range in.Slots {
				if set>>s&1 == 1 {
					c.slots, slots, ids = append(c.slots, s), append(slots, in.Slots[s]), append(ids, in.Slots[s].ID)
				}
			}
			if len(slots) == 0 || (len(brokenBy(in, p, slots)) == 0 && !slices.ContainsFunc(slots, func(s rota.Slot) bool { return s.Need == 0 })) {
				c.cost = soft(i, ids)
				choices[i] = append(choices[i], c)
			}
		}
	}
	left := make([]int, len(in.Slots))
	length := make([]float64, len(in.Slots))
	for s, slot := range in.Slots {
		left[s], length[s] = slot.Need, (slot.To.Sub(slot.From) - slot.Breaks).Hours()
	}
	cost, empty = math.Inf(1), math.Inf(1)
	var go_ func(i int, sum float64)
	go_ = func(i int, sum float64) {
		if i == len(in.People) {
			open := 0.0
			for s := range left {
				open += float64(left[s]) * length[s]
			}
			cost, empty = min(cost, sum+rota.EmptyHour*open), min(empty, open)
			return
		}
		for _, c := range choices[i] {
			ok := true
			for _, s := range c.slots {
				left[s]--
				ok = ok && left[s] >= 0
			}
			if ok {
				go_(i+1, sum+c.cost)
			}
			for _, s := range c.slots {
				left[s]++
			}
		}
	}
	go_(0, 0)
	return cost, empty
}

func TestAgainstEveryRota(t *testing.T) {
	optimal, cases, gaps := 0, 0, 0.0
	rapid.Check(t, func(rt *rapid.T) {
		in := drawn(rt, 4, 6, 2)
		p, err := rota.Propose(t.Context(), in, quick)
		if err != nil {
			rt.Fatal(err)
		}
		cost, empty := bestOfAll(in)
		if p.Cost < cost-1e-6 {
			rt.Fatalf("the proposal costs %.4f, less than the best of all rotas, %.4f", p.Cost, cost)
		}
		if p.Bound > cost+1e-6 {
			rt.Fatalf("the bound is %.6f, above the best of all rotas, %.6f", p.Bound, cost)
		}
		if p.EmptyAtLeast.Hours() > empty+1e-6 {
			rt.Fatalf("%.2f hours are said to stay empty at least; %.2f would", p.EmptyAtLeast.Hours(), empty)
		}
		if p.Empty.Hours() > empty+1e-6 {
			rt.Fatalf("%.2f hours stay empty; %.2f would do", p.Empty.Hours(), empty)
		}
		cases++
		gaps += p.Gap()
		if p.Cost < cost+1e-6 {
			optimal++
		}
	})
	t.Logf("%d of %d proposals are the best of all; the gaps that they claim are %.2f points on the average", optimal, cases, gaps/float64(cases))
	if optimal < cases*95/100 {
		t.Errorf("only %d of %d proposals are the best", optimal, cases)
	}
}

func TestOneMoreIsNeverWorse(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		in := drawn(rt, 5, 10, 2)
		before, err := rota.Propose(t.Context(), in, quick)
		if err != nil {
			rt.Fatal(err)
		}
		in.People = append(in.People, rota.Person{ID: 99, Teams: []int64{1}, Zone: berlin})
		after, err := rota.Propose(t.Context(), in, quick)
		if err != nil {
			rt.Fatal(err)
		}
		if after.EmptyAtLeast > before.Empty {
			rt.Fatalf("with one more %s stay empty at least; without them %s did", after.EmptyAtLeast, before.Empty)
		}
		if after.Empty > before.Empty {
			rt.Fatalf("with one more %s stay empty; without them %s did", after.Empty, before.Empty)
		}
	})
}

func TestTheSameGivesTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		in := drawn(rt, 6, 12, 3)
		seed := rapid.Uint64().Draw(rt, "seed")
		a, err := rota.Propose(t.Context(), in, rota.Options{Seed: seed, Effort: 0.02})
		if err != nil {
			rt.Fatal(err)
		}
		b, _ := rota.Propose(t.Context(), in, rota.Options{Seed: seed, Effort: 0.02})
		if !reflect.DeepEqual(a, b) {
			rt.Fatalf("%+v\n%+v", a, b)
		}
	})
}

func TestCancelledAndCut(t *testing.T) {
	in := worlds()[4].in
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	_, err := rota.Propose(ctx, in, rota.Options{Progress: func(float64) {
		if calls++; calls == 2 {
			cancel()
		}
	}})
	if err != context.Canceled {
		t.Errorf("a cancelled search gives %v", err)
	}
	began := time.Now()
	p, err := rota.Propose(t.Context(), in, rota.Options{Budget: 200 * time.Millisecond, Effort: 50})
	if err != nil || !p.Cut {
		t.Errorf("cut: %v, %v", p.Cut, err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("with 200 ms it took %s", took)
	}
	if broken := rulesBroken(in, p); len(broken) > 0 {
		t.Errorf("cut short, rules are broken: %v", broken)
	}
	if p.Bound > p.Cost {
		t.Errorf("cut short, the bound %.1f is above the cost %.1f", p.Bound, p.Cost)
	}
}
