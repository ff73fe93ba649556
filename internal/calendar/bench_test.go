package calendar_test

import (
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
)

// The calendar of the benchmarks: an office with a break at noon, holidays, and some own days.
func benchCalendar(b *testing.B) *calendar.Calendar {
	d := calendar.Definition{Zone: "Europe/Berlin", Regions: []string{"DE-BY"}}
	for w := 1; w <= 5; w++ {
		d.Hours[w] = spans("9-12:30, 13:30-17")
	}
	for i := range 50 {
		d.Days = append(d.Days, calendar.Day{From: date("2020-01-03") + calendar.Date(i*45), Name: "off"})
	}
	return compile(b, d)
}

func BenchmarkWorked(b *testing.B) {
	c := benchCalendar(b)
	for name, length := range map[string]time.Duration{"day": 24 * time.Hour, "year": 365 * 24 * time.Hour, "10years": 3652 * 24 * time.Hour} {
		b.Run(name, func(b *testing.B) {
			from := moment(b, "2020-02-03T04:05Z")
			for i := 0; b.Loop(); i++ {
				at := from + clock.Instant(i%1000)*3_600_000
				c.Worked(at, at.Add(length))
			}
		})
	}
}

func BenchmarkDue(b *testing.B) {
	c := benchCalendar(b)
	for name, length := range map[string]time.Duration{"8h": 8 * time.Hour, "2000h": 2000 * time.Hour, "20000h": 20000 * time.Hour} {
		b.Run(name, func(b *testing.B) {
			from := moment(b, "2020-02-03T04:05Z")
			for i := 0; b.Loop(); i++ {
				c.Due(from+clock.Instant(i%1000)*3_600_000, length)
			}
		})
	}
}

func BenchmarkPartsOfTwoWeeks(b *testing.B) {
	c := benchCalendar(b)
	from := moment(b, "2026-02-03T04:05Z")
	for b.Loop() {
		c.Parts(from, from.Add(14*24*time.Hour))
	}
}

// What the first question about a year costs: compiling and working the year out.
func BenchmarkCompileAndAYear(b *testing.B) {
	def := benchCalendar(b).Definition()
	from := moment(b, "2026-02-03T04:05Z")
	for b.Loop() {
		c, err := calendar.Compile(def)
		if err != nil {
			b.Fatal(err)
		}
		c.Due(from, 8*time.Hour)
	}
}
