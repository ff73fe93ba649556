package line

import (
	"context"
	"slices"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
)

// crew are the people of a team and when they work, as far as the desk knows: hours of their own go before those of the team, these before
// the desk's standard, and days on which they are noted as absent are none.
type crew struct {
	hours  *calendar.Calendar           // when any of them works
	people map[int64]*calendar.Calendar // by the id of the person
	// onShift are those at the desk now where a published rota says who is (covered).
	covered bool
	onShift []int64
}

// clock is what a wait is measured by: the hours of whoever has the ticket, else those of the team.
func (c crew) clock(holder int64) *calendar.Calendar {
	if own := c.people[holder]; own != nil {
		return own
	}
	return c.hours
}

// here tells who is at work now, at the given moment.
func (c crew) here(at clock.Instant) (ids []int64) {
	if c.covered {
		return c.onShift
	}
	for id, hours := range c.people {
		if hours.Open(at) {
			ids = append(ids, id)
		}
	}
	return ids
}

// pastAbsences is for how long absences that are over still count: waits that began before they were over are measured by them.
const pastAbsences = 100 * 24 * 3600 * 1000

// crewOf finds the people of a team and their hours.
func (l *Line) crewOf(ctx context.Context, tx *db.Tx, team int64) (crew, error) {
	c := crew{people: map[int64]*calendar.Calendar{}}
	if l.Duty != nil {
		var err error
		if c.covered, c.onShift, err = l.Duty(ctx, tx, team); err != nil {
			return c, err
		}
	}
	if l.Calendars == nil {
		c.hours = calendar.Always()
		return c, nil
	}
	members, err := db.All[struct{ ID, CalendarID int64 }](ctx, tx, `SELECT p.id, CASE WHEN coalesce(h.calendar_id, 0) <> 0 THEN h.calendar_id ELSE coalesce(s.calendar_id, 0) END AS calendar_id
		FROM team_member m JOIN person p ON p.id = m.person_id LEFT JOIN helper h ON h.id = m.person_id LEFT JOIN team_sharing s ON s.id = m.team_id WHERE m.team_id = $1 AND p.active ORDER BY p.id`, team)
	if err != nil {
		return c, err
	}
	absences, err := db.All[absence](ctx, tx, `SELECT a.person_id, a.from_at, a.until_at FROM absence a JOIN team_member m ON m.person_id = a.person_id WHERE m.team_id = $1 AND a.until_at > $2 ORDER BY a.from_at`, team, tx.Now-pastAbsences)
	if err != nil {
		return c, err
	}
	known := map[int64]*calendar.Calendar{}
	var all []*calendar.Calendar
	for _, m := range members {
		hours := known[m.CalendarID]
		if hours == nil {
			if hours, err = l.calendar(ctx, tx, m.CalendarID); err != nil {
				return c, err
			}
			known[m.CalendarID] = hours
		}
		own := without(hours, m.ID, absences)
		c.people[m.ID] = own
		if !slices.Contains(all, own) {
			all = append(all, own)
		}
	}
	switch len(all) {
	case 0:
		c.hours, err = l.calendar(ctx, tx, 0)
	case 1:
		c.hours = all[0]
	default:
		c.hours = calendar.Together(all...)
	}
	return c, err
}

// calendar gives working hours; 0, and one that is gone, is the desk's standard, and without any it is always open.
func (l *Line) calendar(ctx context.Context, tx *db.Tx, id int64) (*calendar.Calendar, error) {
	if id != 0 {
		_, c, err := l.Calendars.ByID(ctx, tx, id)
		if !fault.Is(err, fault.KindNotFound) {
			return c, err
		}
	}
	_, c, err := l.Calendars.Standard(ctx, tx)
	if fault.Is(err, fault.KindNotFound) {
		return calendar.Always(), nil
	}
	return c, err
}

// absence is when somebody is not here.
type absence struct {
	PersonID        int64
	FromAt, UntilAt clock.Instant
}

// without are somebody's hours without the days of their absences. A day counts as absent when its noon lies in an absence.
func without(hours *calendar.Calendar, id int64, all []absence) *calendar.Calendar {
	def, n := hours.Definition(), 0
	def.Days = slices.Clone(def.Days)
	for _, a := range all {
		if a.PersonID != id {
			continue
		}
		from, until := a.FromAt.Time().In(hours.Location(a.FromAt)), a.UntilAt.Time().In(hours.Location(a.UntilAt))
		first, last := calendar.DateAt(from), calendar.DateAt(until)
		if from.Hour() >= 12 {
			first++
		}
		if until.Hour() < 12 {
			last--
		}
		if last >= first {
			def.Days, n = append(def.Days, calendar.Day{From: first, To: last, Name: "absent"}), n+1
		}
	}
	if n == 0 {
		return hours
	}
	own, err := calendar.Compile(def)
	if err != nil { // such as an absence for ever
		return hours
	}
	return own
}
