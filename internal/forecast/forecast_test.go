package forecast_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/clock"
	"goodturn/internal/forecast"
)

var berlin = func() *time.Location {
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return z
}()

// byHour and byDay are the shape of an office.
var (
	byHour = [24]float64{.1, .1, .1, .1, .2, .4, 1.2, 4, 9, 11, 10.5, 9, 5.5, 8, 9, 8, 6.5, 4, 2, 1.2, .9, .7, .4, .2}
	byDay  = [7]float64{.06, 1.25, 1.05, 1, 1, .85, .08}
)

// office is an invented desk whose every hour's average is known.
type office struct {
	r       *rand.Rand
	perDay  float64
	growth  float64 // a week
	wobble  float64 // how much whole days differ
	storms  float64 // a week
	holiday func(time.Time) bool
}

func (o office) make(from time.Time, weeks int) (h forecast.Hours, means []float64) {
	h.From = clock.From(from)
	storm := map[int]int{}
	for w := range weeks {
		if o.r.Float64() < o.storms {
			at := w*168 + o.r.IntN(168)
			storm[at], storm[at+1] = int(o.perDay*0.8), int(o.perDay*0.4)
		}
	}
	day := 1.0
	for i := range weeks * 168 {
		at := h.At(i).Time().In(berlin)
		if at.Hour() == 0 {
			day = math.Exp(o.wobble * o.r.NormFloat64())
		}
		mean := o.perDay / 95 * byHour[at.Hour()] * byDay[at.Weekday()] * math.Exp(o.growth*float64(i)/168)
		if o.holiday != nil && o.holiday(at) {
			mean *= 0.1
		}
		means = append(means, mean)
		h.Counts = append(h.Counts, poisson(o.r, mean*day)+storm[i])
	}
	return h, means
}

func poisson(r *rand.Rand, mean float64) int {
	n, p, least := 0, 1.0, math.Exp(-mean)
	for p *= r.Float64(); p > least; p *= r.Float64() {
		n++
	}
	return n
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

var january = time.Date(2026, time.January, 5, 0, 0, 0, 0, berlin)

// off is how far a week's forecast is from the true averages, against how much comes.
func off(t *testing.T, m *forecast.Model, h forecast.Hours, means []float64) float64 {
	t.Helper()
	diff, sum := 0.0, 0.0
	for i, x := range m.Ahead(h.End(), 168) {
		mean := means[len(h.Counts)+i]
		diff += math.Abs(x.Mean - mean)
		sum += mean
	}
	return diff / sum
}

func fit(t *testing.T, o office, weeks int) (*forecast.Model, forecast.Hours, []float64) {
	t.Helper()
	all, means := o.make(january, weeks+1)
	h := all.Until(all.At(weeks * 168))
	m, err := forecast.Fit(h, forecast.Desk{Zone: berlin, Holiday: o.holiday})
	if err != nil {
		t.Fatal(err)
	}
	return m, h, means
}

func TestTheShapeOfAnOfficeIsFound(t *testing.T) {
	for _, c := range []struct {
		name   string
		office office
		weeks  int
		most   float64 // how far off it may be from the true averages
	}{
		{"a year of a large desk", office{perDay: 400}, 50, 0.05},
		{"ten weeks of it", office{perDay: 400}, 10, 0.08},
		{"three weeks of it", office{perDay: 400}, 3, 0.12},
		{"ten weeks of a small desk", office{perDay: 30}, 10, 0.25},
		{"with an outage in every second week", office{perDay: 200, storms: 0.5}, 20, 0.10},
		{"growing by two of a hundred a week", office{perDay: 200, growth: 0.02}, 20, 0.10},
		{"over the spring night", office{perDay: 400}, 12, 0.10},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.office.r = source(1)
			m, h, means := fit(t, c.office, c.weeks)
			if got := off(t, m, h, means); got > c.most {
				t.Errorf("the forecast is off by %.3f, more than %.2f", got, c.most)
			}
		})
	}
}

func TestAStormIsNoShape(t *testing.T) {
	o := office{r: source(3), perDay: 100}
	all, means := o.make(january, 13)
	h := all.Until(all.At(12 * 168))
	h.Counts[8*168+34] += 300 // Tuesday, ten o'clock, four weeks ago
	m, err := forecast.Fit(h, forecast.Desk{Zone: berlin})
	if err != nil {
		t.Fatal(err)
	}
	if got := off(t, m, h, means); got > 0.2 {
		t.Errorf("one storm put the forecast off by %.2f", got)
	}
	if hour := m.Ahead(h.End(), 168)[34]; hour.Mean > 2*means[12*168+34] {
		t.Errorf("Tuesday, ten o'clock, is foretold to have %.1f; it has %.1f", hour.Mean, means[12*168+34])
	}
}

func TestHolidaysCountApart(t *testing.T) {
	holiday := func(at time.Time) bool { return at.Weekday() == time.Thursday && at.YearDay()%21 < 7 } // every third Thursday
	o := office{r: source(4), perDay: 200, holiday: holiday}
	all, means := o.make(january, 30)
	for weeks := 24; weeks < 28; weeks++ {
		h := all.Until(all.At(weeks * 168))
		m, err := forecast.Fit(h, forecast.Desk{Zone: berlin, Holiday: holiday})
		if err != nil {
			t.Fatal(err)
		}
		if got := off(t, m, h, means); got > 0.12 {
			t.Errorf("after %d weeks the forecast is off by %.2f", weeks, got)
		}
	}
}

func TestTooLittleIsSaid(t *testing.T) {
	short, _ := office{r: source(1), perDay: 400}.make(january, 2)
	quiet, _ := office{r: source(1), perDay: 2}.make(january, 4)
	for name, h := range map[string]forecast.Hours{"nothing": {}, "two weeks": short, "forty tickets": quiet} {
		var little *forecast.TooLittle
		if _, err := forecast.Fit(h, forecast.Desk{Zone: berlin}); !errors.As(err, &little) {
			t.Errorf("%s: Fit gives %v", name, err)
		}
		if e := forecast.Backtest(h, forecast.Desk{Zone: berlin}, 1); e.Weeks != 0 {
			t.Errorf("%s: %d weeks were compared", name, e.Weeks)
		}
	}
}

func TestMeasuredErrorIsNearChanceAndBeatsLastWeek(t *testing.T) {
	holiday := func(at time.Time) bool { return at.YearDay() == 93 || at.YearDay() == 96 || at.YearDay() == 121 }
	for _, perDay := range []float64{20, 80, 300} {
		h, _ := office{r: source(5), perDay: perDay, wobble: 0.1, storms: 0.2, holiday: holiday}.make(january, 40)
		for _, ahead := range []int{1, 2, 4} {
			e := forecast.Backtest(h, forecast.Desk{Zone: berlin, Holiday: holiday}, ahead)
			t.Logf("%3.0f a day, %d ahead: hours off %.2f, as last week %.2f, chance %.2f; days off %.2f, as last week %.2f, chance %.2f; held %.2f of %d hours, in %d weeks", perDay, ahead,
				e.Hours.Off, e.Hours.AsLastWeek, e.Hours.Chance, e.Days.Off, e.Days.AsLastWeek, e.Days.Chance, e.Held, e.Checked, e.Weeks)
			for what, x := range map[string]forecast.Error{"hours": e.Hours, "days": e.Days} {
				if x.Off > 0.85*x.AsLastWeek || x.Off < 0.9*x.Chance {
					t.Errorf("%.0f a day, %d ahead: %s are off by %.3f; last week's are by %.3f, and chance alone is %.3f", perDay, ahead, what, x.Off, x.AsLastWeek, x.Chance)
				}
			}
			if e.Held < 0.78 || e.Held > 0.97 {
				t.Errorf("%.0f a day, %d ahead: the range that should hold 0.8 held %.3f", perDay, ahead, e.Held)
			}
		}
	}
}

func TestNothingLaterIsUsed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h, _ := office{r: source(rapid.Uint64().Draw(rt, "seed")), perDay: rapid.Float64Range(10, 200).Draw(rt, "a day"), storms: 0.5}.make(january, 8)
		known := h.At(rapid.IntRange(4*168, 7*168).Draw(rt, "known"))
		before, err := forecast.Fit(h.Until(known), forecast.Desk{Zone: berlin})
		for i := range h.Counts {
			if h.At(i) >= known {
				h.Counts[i] = 10 * i
			}
		}
		after, err2 := forecast.Fit(h.Until(known), forecast.Desk{Zone: berlin})
		if (err == nil) != (err2 == nil) || err != nil {
			return
		}
		a, b := before.Ahead(known, 336), after.Ahead(known, 336)
		for i := range a {
			if a[i] != b[i] {
				rt.Fatalf("hour %d: %+v and %+v", i, a[i], b[i])
			}
			if a[i].Low > a[i].High || a[i].Mean < 0 || math.IsNaN(a[i].Mean) {
				rt.Fatalf("hour %d: %+v", i, a[i])
			}
		}
	})
}
