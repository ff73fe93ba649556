package handoff

import "time"

// Advice is what the rule says about bringing in help.
type Advice string

// What it can say.
const (
	CannotSay Advice = "cannot say" // too few full weeks are noted
	NotYet    Advice = "not yet"
	Perhaps   Advice = "perhaps" // yes, if a third of the help was not noted
	ItIsTime  Advice = "time"
)

// Verdict is the rule with its numbers, so that a page can show the arithmetic.
//
// It looks at the last four full weeks. It is time when each of them took at least so many hours (four, unless something else is said),
// or when a month at their average cost more than the help of a desk would. A month is 13/12 of four weeks, as a year has 52 weeks and
// twelve months. Minutes are noted by hand and often forgotten; so where it is not time by what was noted, the rule looks once more with
// half as much again, which is what was given if a third was never noted, and then says "perhaps".
type Verdict struct {
	Advice Advice
	// Full is how many of the four weeks lie after the first entry; fewer than four is CannotSay.
	Full int
	// Least is the least minutes that one of those weeks has, Sum what all four have.
	Least, Sum int
	// Month is what a month costs at their average, in hundredths; ByHours and ByMoney say which part of the rule holds.
	Month            int64
	ByHours, ByMoney bool
}

func (c *Cost) judge(zone *time.Location) {
	v := Verdict{Least: -1}
	begun := c.Since.Time().In(zone)
	for _, w := range c.Weeks[:RuleWeeks] {
		if c.Since != 0 && !begun.After(w.From.AddDate(0, 0, 1)) { // who begins on a Monday has that week
			v.Full++
		}
		v.Sum += w.Minutes
		if v.Least < 0 || w.Minutes < v.Least {
			v.Least = w.Minutes
		}
	}
	v.Month = c.Money(v.Sum) * 13 / 12
	v.ByHours = v.Least >= c.WeekMinutes
	v.ByMoney = c.Monthly > 0 && v.Month > c.Monthly
	switch {
	case v.Full < RuleWeeks:
		v.Advice, v.ByHours, v.ByMoney = CannotSay, false, false
	case v.ByHours || v.ByMoney:
		v.Advice = ItIsTime
	case v.Least*3/2 >= c.WeekMinutes, c.Monthly > 0 && v.Month*3/2 > c.Monthly:
		v.Advice = Perhaps
	default:
		v.Advice = NotYet
	}
	c.Verdict = v
}
