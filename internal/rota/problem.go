package rota

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"goodturn/internal/clock"
)

// problem is the input made ready: everything by small numbers, everything that cannot change looked up.
type problem struct {
	slots  []Slot
	people []*member
	seats  []seat  // every place that is to be filled
	able   [][]int // by slot: who may stand there if nothing else were given to them
	total  float64 // hours of all seats
	days   int     // that there are for everybody, with some before and after
}

type seat struct{ slot int }

// member is a person made ready.
type member struct {
	Person
	rules   Rules
	block   []Cause // by slot: why they cannot, whatever else is proposed; "" if they can
	lacks   []string
	day     []int     // by slot: on which day it begins, where they live
	wish    []float64 // by slot: points that it is better by
	unloved []float64 // by slot: hours
	fixed   []turn    // by day: what they work already
	week    []int     // by day: in which week it lies
	had     []float64 // by week: hours that they work already
	first   int       // the date of day 0
	base    float64   // hours that they work already within the time that is planned
	target  float64   // hours that fall to them
	past    float64   // unloved hours of late, beyond who has had least for their share
	share   float64
}

// turn is what begins on one day of somebody.
type turn struct {
	from, to clock.Instant
	parts    int
}

func (t turn) with(s Span) turn {
	if t.parts == 0 {
		return turn{s.From, s.To, 1}
	}
	return turn{min(t.from, s.From), max(t.to, s.To), t.parts + 1}
}

// margin is how many days before and after the slots are looked at, for rest and days off.
const margin = 15

func prepare(in Input) (*problem, error) {
	if err := check(in); err != nil {
		return nil, err
	}
	p := &problem{slots: slices.Clone(in.Slots)}
	slices.SortStableFunc(p.slots, func(a, b Slot) int {
		switch {
		case a.From != b.From:
			return int(max(-1, min(1, a.From-b.From)))
		case a.To != b.To:
			return int(max(-1, min(1, a.To-b.To)))
		}
		return int(max(-1, min(1, a.ID-b.ID)))
	})
	whole := Span{p.slots[0].From, p.slots[0].To}
	for i, s := range p.slots {
		whole.To = max(whole.To, s.To)
		for range s.Need {
			p.seats = append(p.seats, seat{i})
		}
		p.total += float64(s.Need) * s.hours()
	}
	p.days = int(hours(whole.From, whole.To)/24) + 3 + 2*margin
	rules := in.Rules.or(Usual())
	liked := in.Liked
	if liked == (Liked{}) {
		liked = Liked{7, 18}
	}
	for _, person := range in.People {
		p.people = append(p.people, p.member(person, rules, liked, whole))
	}
	p.able = make([][]int, len(p.slots))
	for s := range p.slots {
		for i, m := range p.people {
			if m.block[s] == "" {
				p.able[s] = append(p.able[s], i)
			}
		}
	}
	p.shareOut(whole)
	return p, nil
}

func check(in Input) error {
	if len(in.Slots) == 0 {
		return errors.New("there is nothing to plan")
	}
	for _, s := range in.Slots {
		switch {
		case s.To <= s.From:
			return fmt.Errorf("slot %d ends before it begins", s.ID)
		case s.To.Sub(s.From) > 48*time.Hour:
			return fmt.Errorf("slot %d is longer than two days", s.ID)
		case s.Breaks < 0 || s.Breaks >= s.To.Sub(s.From):
			return fmt.Errorf("slot %d is all breaks", s.ID)
		case s.Need < 0:
			return fmt.Errorf("slot %d needs %d people", s.ID, s.Need)
		}
	}
	first, last := in.Slots[0].From, in.Slots[0].To
	for _, s := range in.Slots {
		first, last = min(first, s.From), max(last, s.To)
	}
	if last.Sub(first) > 100*24*time.Hour {
		return errors.New("more than a hundred days are planned at once")
	}
	return nil
}

func (p *problem) member(person Person, rules Rules, liked Liked, whole Span) *member {
	m := &member{Person: person, rules: person.Rules.or(rules), share: person.Share}
	m.rules.MostDays = min(m.rules.MostDays, margin-1)
	if m.Zone == nil {
		m.Zone = time.UTC
	}
	if m.share <= 0 {
		m.share = 1
	}
	m.first = dateIn(whole.From, m.Zone) - margin
	m.fixed = make([]turn, p.days)
	m.week = make([]int, p.days)
	firstWeek := (m.first + 3) / 7 // 1 January 1970 was a Thursday
	for d := range m.week {
		m.week[d] = (m.first+d+3)/7 - firstWeek
	}
	m.had = make([]float64, m.week[p.days-1]+1)
	for _, has := range m.Has {
		d := dateIn(has.From, m.Zone) - m.first
		if d >= 0 && d < p.days && has.To > has.From {
			m.fixed[d] = m.fixed[d].with(has.Span)
			m.had[m.week[d]] += has.hours()
			if has.overlaps(whole) {
				m.base += has.hours()
			}
		}
	}
	for _, s := range p.slots {
		m.day = append(m.day, dateIn(s.From, m.Zone)-m.first)
		m.wish = append(m.wish, m.wishes(s))
		m.unloved = append(m.unloved, unlovedHours(s, m.Zone, liked))
		m.lacks = append(m.lacks, m.lack(s))
	}
	for i := range p.slots {
		m.block = append(m.block, p.never(m, i))
	}
	return m
}

// lack is the first skill of a slot that they do not have.
func (m *member) lack(s Slot) string {
	for _, skill := range s.Skills {
		if !slices.Contains(m.Skills, skill) {
			return skill
		}
	}
	return ""
}

// wishes is how many points the slot is better by because of what they wish: hours by weight.
func (m *member) wishes(s Slot) (points float64) {
	for _, w := range m.Wishes {
		if w.overlaps(Span{s.From, s.To}) {
			points += float64(max(-3, min(3, w.Weight))) * hours(max(w.From, s.From), min(w.To, s.To))
		}
	}
	return points
}

// unlovedHours is how much of a slot nobody likes who lives in that zone.
func unlovedHours(s Slot, zone *time.Location, liked Liked) (sum float64) {
	if s.Unloved {
		return s.hours()
	}
	const quarter = clock.Instant(15 * 60 * 1000)
	for at := s.From; at < s.To; at += quarter {
		t := at.Time().In(zone)
		if d := t.Weekday(); d == time.Saturday || d == time.Sunday || t.Hour() < liked.From || t.Hour() >= liked.To {
			sum += hours(at, min(at+quarter, s.To))
		}
	}
	return min(sum, s.hours())
}

// shareOut says how many hours fall to each: by their shares, of what they can take, and not more than they may.
func (p *problem) shareOut(whole Span) {
	weight := make([]float64, len(p.people))
	all := p.total
	for i, m := range p.people {
		all += m.base
		can := 0.0
		for s, slot := range p.slots {
			if m.block[s] == "" {
				can += float64(slot.Need) * slot.hours()
			}
		}
		weight[i] = m.share * can
	}
	weeks := max(1, hours(whole.From, whole.To)/(7*24))
	left, full := all, make([]bool, len(p.people))
	for range 5 { // what is too much for some falls to the others
		sum, given := 0.0, 0.0
		for i := range p.people {
			if !full[i] {
				sum += weight[i]
			}
		}
		if sum == 0 {
			break
		}
		for i, m := range p.people {
			if full[i] {
				continue
			}
			m.target = left * weight[i] / sum
			if most := max(m.base, m.rules.MostHours.Hours()*weeks); m.target > most {
				m.target, full[i] = most, true
				given += most
			}
		}
		if given == 0 {
			break
		}
		left -= given
	}
	p.unlovedShares()
}

// unlovedShares sets what everybody has had of the unloved hours of late, beyond who has had least.
func (p *problem) unlovedShares() {
	least := math.Inf(1)
	for _, m := range p.people {
		if slices.Contains(m.block, "") {
			least = min(least, m.Unloved.Hours()/m.share)
		}
	}
	for _, m := range p.people {
		m.past = max(0, min(mostPast, m.Unloved.Hours()/m.share-least)) * m.share
	}
}

// mostPast is how many hours more than others, in the past, count at most, so that nobody has to make good for years at once.
const mostPast = 60.0

func hours(from, to clock.Instant) float64 { return float64(to-from) / 3_600_000 }

// dateIn numbers the days of a zone: 0 is 1 January 1970.
func dateIn(at clock.Instant, zone *time.Location) int {
	y, mo, d := at.Time().In(zone).Date()
	return int(time.Date(y, mo, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
