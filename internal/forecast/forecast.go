// Package forecast says how much will be asked in each hour of the weeks ahead, how far such a word has been off until now, and how many
// people are needed for it. It knows no help desk: it is given counts an hour and gives numbers.
//
// A week has a shape: so much at Monday, nine o'clock, so little on Sunday night. The shape is how much came in each of the 168 hours of
// the week, on the wall of the desk, against how much came in that whole week. What a single hour says is weighed against what its day and
// the same hour of like days say, so that three weeks are enough to begin with. The level is how much a week brings now; of a few ways to
// see it (a short or a long memory, with or without a trend) that one is used which would have been nearest in the weeks before. An
// outage's storm is cut to what an hour like it can bring, and public holidays, which are counted apart, to their own share.
//
//	m, err := forecast.Fit(hours, desk)      // *TooLittle when there is too little to say anything
//	m.Ahead(monday, 7*24)                    // hours with Mean, Low and High
//	e := forecast.Backtest(hours, desk, 2)   // how far it would have been off, two weeks ahead, against "as in the last week"
//
// Invariants: the same counts give the same forecast; nothing that came after an hour is used to foretell it, in Backtest too.
package forecast

import (
	"fmt"
	"math"
	"time"

	"goodturn/internal/clock"
)

// Hours is how many came in each hour, one after the other, with no hour left out.
type Hours struct {
	From   clock.Instant // the beginning of the first hour: a whole hour in UTC
	Counts []int
}

// At is when hour i begins.
func (h Hours) At(i int) clock.Instant { return h.From + clock.Instant(i)*hour }

// End is when the last hour ends.
func (h Hours) End() clock.Instant { return h.At(len(h.Counts)) }

// Until is what was known at that moment: the hours that were over.
func (h Hours) Until(at clock.Instant) Hours {
	n := int((at - h.From) / hour)
	return Hours{h.From, h.Counts[:max(0, min(n, len(h.Counts)))]}
}

// Desk is where the hours are told by the clock on the wall.
type Desk struct {
	Zone *time.Location
	// Holiday says whether an hour lies on a public holiday, or another day on which it is quieter than usual; nil: there are none.
	Holiday func(at time.Time) bool
}

// Hour is what is expected of an hour.
type Hour struct {
	At        clock.Instant
	Mean      float64 // how many come on the average
	Low, High int     // between which four of five such hours lie
}

// TooLittle says that nothing can be foretold yet.
type TooLittle struct {
	Weeks, NeedWeeks   int // whole weeks that there are, and that are needed
	Counted, NeedCount int // how many came in them, and how many are needed
}

// Error says what there is and what is needed.
func (e *TooLittle) Error() string {
	return fmt.Sprintf("%d weeks with %d arrivals are too little to foretell anything; %d weeks and %d are needed", e.Weeks, e.Counted, e.NeedWeeks, e.NeedCount)
}

const (
	hour = clock.Instant(60 * 60 * 1000)
	week = 7 * 24
	// With fewer weeks one cannot tell a Monday from a bad day; with fewer arrivals no hour of the week has a shape.
	leastWeeks, leastCount = 3, 60
	// mostWeeks are looked at: what is older says nothing of today.
	mostWeeks = 60
)

// Model is what was learned.
type Model struct {
	desk    Desk
	end     clock.Instant
	shape   [week]float64 // how much of a week lies in each of its hours; all together 1
	holiday float64       // how much of an ordinary hour comes on a holiday
	levels  []float64     // how much each whole week brought, storms cut, the oldest first
	way     way
	spread  float64 // by how much more than chance counts scatter: variance = mean + spread·mean²
}

// Weeks is how many weeks it was learned from.
func (m *Model) Weeks() int { return len(m.levels) }

// Level is how much a whole week without holidays is expected to bring, the given number of weeks after the last one that is known.
func (m *Model) Level(ahead int) float64 { return m.way.level(m.levels, ahead) }

// Ahead foretells n hours from the given one on.
func (m *Model) Ahead(from clock.Instant, n int) []Hour {
	out := make([]Hour, n)
	for i := range out {
		at := from + clock.Instant(i)*hour
		mean := m.mean(at)
		low, high := quantiles(mean, m.spread)
		out[i] = Hour{at, mean, low, high}
	}
	return out
}

func (m *Model) mean(at clock.Instant) float64 {
	return m.meanOf(max(1, 1+int((at-m.end)/(hour*week))), m.desk.cell(at), m.desk.quiet(at))
}

func (m *Model) meanOf(ahead, cell int, quiet bool) float64 {
	mean := m.Level(ahead) * m.shape[cell]
	if quiet {
		mean *= m.holiday
	}
	return mean
}

// cell is the hour of the week that the wall shows, from Sunday, midnight, on.
func (d Desk) cell(at clock.Instant) int {
	t := at.Time().In(d.zone())
	return int(t.Weekday())*24 + t.Hour()
}

func (d Desk) zone() *time.Location {
	if d.Zone == nil {
		return time.UTC
	}
	return d.Zone
}

func (d Desk) quiet(at clock.Instant) bool {
	return d.Holiday != nil && d.Holiday(at.Time().In(d.zone()))
}

// Fit learns from what came. It fails with *TooLittle, and with nothing else.
func Fit(h Hours, d Desk) (*Model, error) {
	s := d.read(h)
	m, err := s.fit()
	if err != nil {
		return nil, err
	}
	var seen scatter
	for back := 1; back <= lookBack; back++ {
		n := len(s.y) - back*week
		past, err := s.first(n).fit()
		if err != nil {
			break
		}
		seen.add(past, s, n)
	}
	m.spread = seen.spread()
	return m, nil
}

// lookBack is over how many weeks what was foretold is compared with what came, to know how far off it may be.
const lookBack = 12

// scatter gathers by how much errors of forecasts were more than chance alone makes them.
type scatter struct{ more, squares float64 }

// add takes the week that begins with hour n, as m foretold it. An error over four times what chance makes counts as four times: a storm is
// not what ordinary hours scatter by.
func (s *scatter) add(m *Model, in series, n int) {
	for i := n; i < min(len(in.y), n+week); i++ {
		mean := m.meanOf(1, in.cells[i], in.quiet[i])
		off := math.Min(math.Abs(in.y[i]-mean), 4*math.Sqrt(mean+0.25)+0.2*mean)
		s.more += off*off - mean
		s.squares += mean * mean
	}
}

// spread is the part of variance that grows with the square of the mean. Nothing to look back on: somewhat more than chance.
func (s *scatter) spread() float64 {
	if s.squares == 0 {
		return 0.2
	}
	return math.Max(0, s.more/s.squares)
}

// series is hours with what the wall shows of each.
type series struct {
	desk  Desk
	from  clock.Instant
	y     []float64
	cells []int
	quiet []bool
}

func (d Desk) read(h Hours) series {
	s := series{desk: d, from: h.From, y: make([]float64, len(h.Counts)), cells: make([]int, len(h.Counts)), quiet: make([]bool, len(h.Counts))}
	for i, n := range h.Counts {
		s.y[i], s.cells[i], s.quiet[i] = float64(n), d.cell(h.At(i)), d.quiet(h.At(i))
	}
	return s
}

// first is what was known when n hours were over.
func (s series) first(n int) series {
	n = max(0, n)
	s.y, s.cells, s.quiet = s.y[:n], s.cells[:n], s.quiet[:n]
	return s
}
