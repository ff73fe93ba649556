package forecast_test

import (
	"container/heap"
	"math"
	"slices"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/forecast"
)

// The shares who wait are those of printed tables of Erlang's formula, and of its closed form for one person: ρ·e^(−(μ−λ)t).
func TestErlang(t *testing.T) {
	for _, c := range []struct {
		people         int
		comes, perHour float64
		within         time.Duration
		want           float64
	}{
		{1, 0.5, 1, 0, 0.5},
		{1, 3, 4, time.Hour, 0.75 * math.Exp(-1)},
		{2, 1, 1, 0, 1.0 / 3},
		{10, 8, 1, 0, 0.4092}, // 8 Erlang, 10 lines
		{3, 3, 1, time.Hour, 1},
		{3, 4, 1, time.Hour, 1},
	} {
		if got := forecast.Late(c.people, c.comes, c.perHour, c.within); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("Late(%d, %g, %g, %s) = %.5f, want %.5f", c.people, c.comes, c.perHour, c.within, got, c.want)
		}
	}
}

func TestPaceNeedsEnough(t *testing.T) {
	busy, idle := forecast.Worked{Done: 8, People: 2, Waiting: true}, forecast.Worked{Done: 1, People: 3}
	if _, ok := forecast.Pace(slices.Repeat([]forecast.Worked{busy}, 19)); ok {
		t.Error("38 hours were enough")
	}
	got, ok := forecast.Pace(append(slices.Repeat([]forecast.Worked{busy}, 20), slices.Repeat([]forecast.Worked{idle}, 100)...))
	if !ok || got != 4 {
		t.Errorf("Pace = %g, %v; want 4: who waits for work is not slow", got, ok)
	}
}

// A year of days is lived through with as many people as were said to be needed: those who write while the desk is open are taken up in
// time, and so are those who wrote at night.
func TestAsManyAsAreNeededKeepThePromise(t *testing.T) {
	r := source(11)
	_, means := office{r: r, perDay: 120}.make(january, 10)
	from := clock.From(january)
	open := func(at clock.Instant) bool {
		t := at.Time().In(berlin)
		return t.Weekday() != time.Sunday && t.Weekday() != time.Saturday && t.Hour() >= 8 && t.Hour() < 18
	}
	for _, service := range []forecast.Service{{0.9, time.Hour}, {0.8, 20 * time.Minute}, {0.95, 4 * time.Hour}} {
		for _, perHour := range []float64{2, 5} {
			hours := make([]forecast.Hour, len(means))
			for i, mean := range means {
				hours[i] = forecast.Hour{At: from + clock.Instant(i*3_600_000), Mean: mean}
			}
			needs := forecast.Staffing{Service: service, PerHour: perHour, Open: open}.For(hours)
			inTime, of, hoursOfPeople := 0, 0, 0
			for range 5 {
				a, b := live(r, needs, perHour, service.Within)
				inTime, of = inTime+a, of+b
			}
			for _, n := range needs {
				hoursOfPeople += n.People
			}
			share := float64(inTime) / float64(of)
			t.Logf("%.0f%% within %s at %g an hour: %.3f of %d were in time, with %d hours of people", 100*service.Share, service.Within, perHour, share, of, hoursOfPeople)
			if share < service.Share-0.03 {
				t.Errorf("%.0f%% within %s at %g an hour: %.3f were in time", 100*service.Share, service.Within, perHour, share)
			}
		}
	}
}

// live lets people come at random and be taken up in the order in which they came, by as many as are there; whoever is being helped is
// helped to the end. It counts who was taken up in time: since they wrote, or since the desk opened.
func live(r interface {
	Float64() float64
	ExpFloat64() float64
}, needs []forecast.Need, perHour float64, within time.Duration,
) (inTime, of int) {
	type asker struct{ from float64 } // hours since the beginning, when their wait begins to count
	var line []asker
	var busy ends
	was := 0.0
	serve := func(until float64, people int) {
		for len(line) > 0 && people > 0 {
			for len(busy) > 0 && busy[0] <= was {
				heap.Pop(&busy)
			}
			begin := was
			if len(busy) >= people {
				begin = busy[0]
			}
			begin = math.Max(begin, line[0].from)
			if begin >= until {
				break
			}
			was = begin
			for len(busy) > 0 && busy[0] <= was {
				heap.Pop(&busy)
			}
			if len(busy) >= people {
				continue
			}
			if begin-line[0].from <= within.Hours() {
				inTime++
			}
			of++
			heap.Push(&busy, begin+r.ExpFloat64()/perHour)
			line = line[1:]
		}
		was = until
	}
	for i, n := range needs {
		var came []float64
		for at := r.ExpFloat64() / math.Max(n.Comes, 1e-12); at < 1; at += r.ExpFloat64() / n.Comes {
			came = append(came, float64(i)+at)
		}
		for _, at := range came {
			line = append(line, asker{at})
		}
		if !n.Open {
			for k := range line {
				line[k].from = math.Max(line[k].from, float64(i+1)) // their wait counts from the opening
			}
			was = float64(i + 1)
			continue
		}
		serve(float64(i+1), n.People)
	}
	return inTime, of
}

type ends []float64

func (e ends) Len() int           { return len(e) }
func (e ends) Less(i, j int) bool { return e[i] < e[j] }
func (e ends) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *ends) Push(x any)        { *e = append(*e, x.(float64)) }
func (e *ends) Pop() any          { x := (*e)[len(*e)-1]; *e = (*e)[:len(*e)-1]; return x }
