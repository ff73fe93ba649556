package line

import (
	"math/rand/v2"
	"testing"
	"time"

	"goodturn/internal/clock"
)

const minute = int64(time.Minute / time.Millisecond)

// queue draws waits in which everybody before somebody takes ten minutes, give or take, and nothing else matters.
func queue(n int, r *rand.Rand) (all []Sample) {
	for i := range n {
		t := Traits{Ahead: r.IntN(20), Rank: r.IntN(4), Minute: r.IntN(1440), Day: r.IntN(7), Open: true, Pace: r.IntN(9), Here: 1 + r.IntN(5), Mine: r.IntN(30)}
		all = append(all, Sample{Traits: t, Worked: int64(float64(t.Ahead+1) * float64(10*minute) * (0.8 + 0.4*r.Float64())), Ended: clock.Instant(i)})
	}
	return all
}

func evenly(Sample) float64 { return 1 }

func TestTheForestFindsWhatMatters(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	f := grow(queue(2000, r), evenly)
	held, n := [2]int{}, 0
	for _, s := range queue(1000, r) {
		q, alike := f.quantiles(s.Traits, levels)
		for k := range q[1:] {
			if q[k] > q[k+1] {
				t.Fatalf("%+v has the bounds %v", s.Traits, q)
			}
		}
		if alike < leaf/2 || alike > 1000 {
			t.Fatalf("%+v is like %.0f others", s.Traits, alike)
		}
		n++
		w := float64(s.Worked)
		if w >= q[1] && w <= q[2] {
			held[0]++
		}
		if w >= q[0] && w <= q[3] {
			held[1]++
		}
		if expected := float64(s.Ahead+1) * float64(10*minute); s.Ahead > 3 && s.Ahead < 17 && (q[2] < expected*0.75 || q[1] > expected*1.25) {
			t.Errorf("%d before it: told %.0f to %.0f minutes", s.Ahead, q[1]/float64(minute), q[2]/float64(minute))
		}
	}
	if half, most := 100*held[0]/n, 100*held[1]/n; half < 45 || half > 65 || most < 85 || most > 97 {
		t.Errorf("the ranges held %d %% and %d %% of the time", half, most)
	}
}

func TestTheForestCountsNewWaitsMore(t *testing.T) {
	var all []Sample
	for i := range 400 { // it took ten minutes for half a year, and an hour since
		worked := 10 * minute
		if i >= 200 {
			worked = 60 * minute
		}
		all = append(all, Sample{Traits: Traits{Open: true, Ahead: i % 5}, Worked: worked, Ended: clock.Instant(i) * 24 * 3600 * 1000})
	}
	q, _ := grow(all, func(s Sample) float64 { return fresh(s.Ended, all[399].Ended) }).quantiles(Traits{Open: true, Ahead: 2}, levels)
	if q[1] != float64(60*minute) || q[3] != float64(60*minute) {
		t.Errorf("after two hundred waits of an hour %v is told", q)
	}
}

// TestTheForestOfOneKind has nothing to ask: all waits are the same.
func TestTheForestOfOneKind(t *testing.T) {
	all := make([]Sample, fewest)
	for i := range all {
		all[i].Worked = 7 * minute
	}
	if q, alike := grow(all, evenly).quantiles(Traits{Ahead: 1000, Held: true}, levels); q != [4]float64{float64(7 * minute), float64(7 * minute), float64(7 * minute), float64(7 * minute)} || alike < fewest-0.1 {
		t.Errorf("%v from %.1f", q, alike)
	}
}

func BenchmarkGrow(b *testing.B) {
	all := queue(remembered, rand.New(rand.NewPCG(3, 4)))
	for b.Loop() {
		grow(all, evenly)
	}
}

func BenchmarkQuantiles(b *testing.B) {
	f := grow(queue(remembered, rand.New(rand.NewPCG(3, 4))), evenly)
	for b.Loop() {
		f.quantiles(Traits{Ahead: 7, Minute: 600, Here: 3, Open: true}, levels)
	}
}
