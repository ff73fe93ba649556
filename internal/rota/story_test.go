package rota_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/rota"
)

// work is what somebody has from day to day, at the same hours.
func work(first, last, from, to int) (out []rota.Work) {
	for day := first; day <= last; day++ {
		out = append(out, rota.Work{Span: rota.Span{From: at(day, from), To: at(day, to)}})
	}
	return out
}

func propose(t *testing.T, in rota.Input) rota.Proposal {
	t.Helper()
	p, err := rota.Propose(t.Context(), in, rota.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if broken := rulesBroken(in, p); len(broken) > 0 {
		t.Fatalf("rules are broken: %v", broken)
	}
	return p
}

// Nobody of six who speak German may work Tuesday night: three are away, two come from a late shift, one has a full week.
func TestWhatIsMissingIsSaid(t *testing.T) {
	night := rota.Slot{ID: 7, From: at(1, 22), To: at(2, 6), Team: 1, Need: 1, Skills: []string{"de"}}
	german := func(id int64) rota.Person {
		return rota.Person{ID: id, Teams: []int64{1}, Skills: []string{"de"}, Zone: berlin}
	}
	in := rota.Input{Slots: []rota.Slot{night}}
	for id := range int64(6) {
		in.People = append(in.People, german(id+1))
	}
	for i := range 3 {
		in.People[i].Away = []rota.Span{{From: at(0, 0), To: at(5, 0)}}
	}
	for i := 3; i < 5; i++ {
		in.People[i].Has = work(2, 2, 9, 17)
	}
	in.People[5].Has = work(3, 6, 8, 18)
	in.People = append(in.People, rota.Person{ID: 7, Teams: []int64{1}, Zone: berlin}, rota.Person{ID: 8, Teams: []int64{2}, Skills: []string{"de"}, Zone: berlin})
	p := propose(t, in)
	if len(p.Missing) != 1 || p.Missing[0].Seats != 1 || p.Missing[0].Fit != 6 {
		t.Fatalf("missing: %+v", p.Missing)
	}
	want := []rota.Cause{rota.Absent, rota.Absent, rota.Absent, rota.ShortRest, rota.ShortRest, rota.FullWeek, rota.NoSkill, rota.OtherTeam}
	for i, b := range p.Missing[0].Blocked {
		if b.Cause != want[i] || b.Proposed {
			t.Errorf("person %d: %+v, want %s", i+1, b, want[i])
		}
	}
	if p.Empty != 8*time.Hour || p.EmptyAtLeast != 8*time.Hour {
		t.Errorf("empty %s, at least %s", p.Empty, p.EmptyAtLeast)
	}
}

func TestWhyIsSaid(t *testing.T) {
	in := rota.Input{
		Slots: []rota.Slot{{ID: 1, From: at(1, 16), To: at(1, 22), Team: 1, Need: 1}},
		People: []rota.Person{
			{ID: 1, Teams: []int64{1}, Zone: berlin, Unloved: 9 * time.Hour},
			{ID: 2, Teams: []int64{1}, Zone: berlin, Unloved: 3 * time.Hour, Has: work(0, 0, 9, 17), Wishes: []rota.Wish{{Span: rota.Span{From: at(1, 18), To: at(2, 0)}, Weight: 2}}},
			{ID: 3, Teams: []int64{1}, Zone: berlin, Away: []rota.Span{{From: at(0, 0), To: at(4, 0)}}},
		},
	}
	p := propose(t, in)
	want := rota.Why{Wished: 4 * time.Hour, Rested: 23 * time.Hour, Others: 1, Unloved: 4 * time.Hour, FewestUnloved: true}
	if len(p.Places) != 1 || p.Places[0].Person != 2 {
		t.Fatalf("places: %+v", p.Places)
	}
	got := p.Places[0].Why
	got.UnderShare = false
	if got != want {
		t.Errorf("why: %+v, want %+v", got, want)
	}
	if p.Gap() > 0.3 {
		t.Errorf("a single slot has a gap of %.2f", p.Gap())
	}
}

// The night in which the clocks go back has nine hours between 22 and 6, and seven when they go forward.
func TestClocksChangeInTheNight(t *testing.T) {
	for _, c := range []struct {
		day   time.Time
		hours float64
	}{{time.Date(2026, 10, 24, 22, 0, 0, 0, berlin), 9}, {time.Date(2026, 3, 28, 22, 0, 0, 0, berlin), 7}} {
		night := rota.Slot{ID: 1, From: clock.From(c.day), To: clock.From(time.Date(c.day.Year(), c.day.Month(), c.day.Day()+1, 6, 0, 0, 0, berlin)), Team: 1, Need: 1}
		in := rota.Input{Slots: []rota.Slot{night}, People: []rota.Person{{ID: 1, Teams: []int64{1}, Zone: berlin}}}
		if p := propose(t, in); p.Filled.Hours() != c.hours {
			t.Errorf("%s: %s filled, want %g h", c.day, p.Filled, c.hours)
		}
		in.Rules.MostTurn = time.Duration(c.hours*60-1) * time.Minute
		if p := propose(t, in); p.Filled != 0 {
			t.Errorf("%s: a turn of %g hours is proposed where %s are allowed", c.day, c.hours, in.Rules.MostTurn)
		}
	}
}

// What is an evening depends on where somebody lives: each hour goes to those for whom it is day.
func TestTheSunIsFollowed(t *testing.T) {
	in := rota.Input{Slots: slotsOf(monday, 5, []shift{{from: 1, to: 9, need: 2}, {from: 9, to: 17, need: 2}, {from: 16, to: 24, need: 2}})}
	for i := range 9 {
		in.People = append(in.People, rota.Person{ID: int64(i + 1), Teams: []int64{1}, Zone: []*time.Location{berlin, austin, singapore}[i%3]})
	}
	p := propose(t, in)
	unloved := time.Duration(0)
	for _, place := range p.Places {
		unloved += place.Why.Unloved
	}
	if p.Empty != 0 || unloved > p.Filled/8 {
		t.Errorf("%s empty; %s of %s lie in somebody's evening", p.Empty, unloved, p.Filled)
	}
}

// Twelve weeks, each planned with what was before: who wishes for evenings has more of them, and all others come out even.
func TestUnlovedHoursAreEvenOverTwelveWeeks(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	people := crowd(r, 12, monday, 7, berlin)
	for i := range people {
		people[i].Wishes, people[i].Unloved, people[i].Away, people[i].Skills = nil, 0, nil, []string{"de"}
	}
	days := map[int64][]time.Time{}
	for w := range 12 {
		from := monday.AddDate(0, 0, 7*w)
		in := rota.Input{Slots: slotsOf(from, 7, []shift{{from: 8, to: 16, need: 4}, {from: 14, to: 22, need: 2, week: true}, {from: 8, to: 16, need: 1, week: true, skills: []string{"de"}}})}
		in.People = slices.Clone(people)
		for i := range in.People {
			if r.IntN(5) == 0 { // on leave for some days
				begins := from.AddDate(0, 0, r.IntN(7))
				in.People[i].Away = []rota.Span{{From: clock.From(begins), To: clock.From(begins.AddDate(0, 0, 1+r.IntN(6)))}}
			}
		}
		p := propose(t, in)
		if p.Empty > 16*time.Hour {
			t.Errorf("week %d: %s", w, said(p))
		}
		slots := map[int64]rota.Slot{}
		for _, s := range in.Slots {
			slots[s.ID] = s
		}
		for _, place := range p.Places {
			i := place.Person - 1
			s := slots[place.Slot]
			people[i].Unloved += place.Why.Unloved
			people[i].Has = append(people[i].Has, rota.Work{Span: rota.Span{From: s.From, To: s.To}})
			days[place.Person] = append(days[place.Person], s.From.Time())
		}
	}
	least, most := 1e9, 0.0
	for _, p := range people {
		h := p.Unloved.Hours() / p.Share
		least, most = min(least, h), max(most, h)
	}
	t.Logf("unloved hours after twelve weeks, each against their share: from %.1f to %.1f", least, most)
	if most-least > 16 {
		t.Errorf("unloved hours are between %.1f and %.1f: more than two turns apart", least, most)
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	for name, s := range map[string][]rota.Slot{
		"nothing":   nil,
		"backwards": {{ID: 1, From: at(1, 9), To: at(1, 8), Need: 1}},
		"too long":  {{ID: 1, From: at(0, 9), To: at(3, 8), Need: 1}},
		"too far":   {{ID: 1, From: at(0, 9), To: at(0, 18), Need: 1}, {ID: 2, From: at(101, 9), To: at(101, 18), Need: 1}},
		"less":      {{ID: 1, From: at(0, 9), To: at(0, 18), Need: -1}},
	} {
		if _, err := rota.Propose(t.Context(), rota.Input{Slots: s}, rota.Options{}); err == nil {
			t.Errorf("%s is planned", name)
		}
	}
	p, err := rota.Propose(t.Context(), rota.Input{Slots: []rota.Slot{{ID: 1, From: at(0, 9), To: at(0, 18), Need: 2}}}, rota.Options{})
	if err != nil || p.Empty != 18*time.Hour || len(p.Missing) != 1 {
		t.Errorf("with nobody there: %v, %+v", err, p)
	}
}
