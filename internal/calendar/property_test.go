package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
)

// far draws any moment, also outside of what calendars reach over.
func far(t *rapid.T, label string) clock.Instant {
	return clock.Instant(rapid.Int64Range(-3_000_000_000_000, 8_000_000_000_000).Draw(t, label))
}

func TestWorkedIsAdditiveAndNeverNegative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _, _ := drawCalendar(t)
		a, b, d := far(t, "a"), far(t, "b"), far(t, "c")
		a, b = min(a, b), max(a, b)
		b, d = min(b, d), max(b, d)
		a, b = min(a, b), max(a, b)
		if c.Worked(a, b)+c.Worked(b, d) != c.Worked(a, d) {
			t.Fatalf("%v + %v is not %v", c.Worked(a, b), c.Worked(b, d), c.Worked(a, d))
		}
		if w := c.Worked(a, d); w < 0 || w.Milliseconds() > int64(d-a) {
			t.Fatalf("from %v to %v: %v", a.RFC3339(), d.RFC3339(), w)
		}
		if w := c.Worked(d, a); w != 0 {
			t.Fatalf("backwards: %v", w)
		}
	})
}

func TestDueAndSinceAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _, around := drawCalendar(t)
		from := clock.From(around).Add(time.Duration(rapid.Int64Range(-1e12, 1e12).Draw(t, "from")) * time.Millisecond)
		worked := time.Duration(rapid.Int64Range(1, 2e10).Draw(t, "worked")) * time.Millisecond
		due, ok := c.Due(from, worked)
		if !ok {
			return
		}
		if got := c.Worked(from, due); got != worked {
			t.Fatalf("due %v has %v, not %v", due.RFC3339(), got, worked)
		}
		if got := c.Worked(from, due-1); got >= worked {
			t.Fatalf("a millisecond earlier would have done: %v", got)
		}
		since, ok := c.Since(due, worked)
		if !ok || since < from || c.Worked(from, since) != 0 || c.Worked(since, due) != worked {
			t.Fatalf("since %v, from %v", since.RFC3339(), from.RFC3339())
		}
		if !c.Open(since) || !c.Open(due-1) {
			t.Fatalf("work neither begins nor ends in closed time: %v, %v", since.RFC3339(), due.RFC3339())
		}
		if again, ok := c.Due(since, worked); !ok || again != due {
			t.Fatalf("due again %v, not %v", again.RFC3339(), due.RFC3339())
		}
	})
}

func TestPartsTellAllOfIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, m, around := drawCalendar(t)
		if rapid.Bool().Draw(t, "two") {
			other, _, _ := drawCalendar(t)
			c = calendar.Together(c, other)
		}
		from, to := clock.Instant(drawMoment(t, "from", around, m)), clock.Instant(drawMoment(t, "to", around, m))
		from, to = min(from, to), max(from, to)
		at, worked := from, time.Duration(0)
		for _, p := range c.Parts(from, to) {
			if p.From != at || p.To <= p.From || p.Why == "" || (p.Why == calendar.Holiday && p.Name == "") {
				t.Fatalf("after %v: %+v", at.RFC3339(), p)
			}
			at = p.To
			if p.Open {
				worked += p.To.Sub(p.From)
			}
			if c.Open(p.From) != p.Open || c.Open(p.To-1) != p.Open {
				t.Fatalf("%+v is not so", p)
			}
		}
		if at != to || worked != c.Worked(from, to) {
			t.Fatalf("until %v, not %v: %v, not %v", at.RFC3339(), to.RFC3339(), worked, c.Worked(from, to))
		}
	})
}

func TestTogetherIsOpenWhenAnyIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, m, around := drawCalendar(t)
		b, n, _ := drawCalendar(t)
		both := calendar.Together(a, b)
		from, to := clock.Instant(drawMoment(t, "from", around, m)), clock.Instant(drawMoment(t, "to", around, m))
		from, to = min(from, to), max(from, to)
		if both.Worked(from, to) < max(a.Worked(from, to), b.Worked(from, to)) || both.Worked(from, to) > a.Worked(from, to)+b.Worked(from, to) {
			t.Fatalf("%v together, %v and %v alone", both.Worked(from, to), a.Worked(from, to), b.Worked(from, to))
		}
		if both.Open(from) != (m.open(int64(from)) || n.open(int64(from))) {
			t.Fatalf("open at %v: %v", from.RFC3339(), both.Open(from))
		}
	})
}

func TestOpensAndClosesLieAtTheEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, m, around := drawCalendar(t)
		at := clock.Instant(drawMoment(t, "at", around, m))
		if opens, ok := c.Opens(at); ok && (!c.Open(opens) || c.Worked(at, opens) != 0) {
			t.Fatalf("opens at %v", opens.RFC3339())
		}
		if closes, ok := c.Closes(at); ok && (c.Open(closes) || c.Worked(at, closes) != closes.Sub(at)) {
			t.Fatalf("closes at %v", closes.RFC3339())
		}
	})
}
