package routing

import (
	"context"
	"slices"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// hours are the working hours of a team: those chosen for it, else the desk's standard.
func (r *Router) hours(ctx context.Context, tx *db.Tx, s Sharing) (*calendar.Calendar, error) {
	return r.calendar(ctx, tx, s.CalendarID)
}

// Hours are the working hours of a team; those of 0 are the desk's standard.
func (r *Router) Hours(ctx context.Context, tx *db.Tx, teamID int64) (*calendar.Calendar, error) {
	if teamID == 0 {
		return r.calendar(ctx, tx, 0)
	}
	s, err := SharingOf(ctx, tx, teamID)
	if err != nil {
		return nil, err
	}
	return r.hours(ctx, tx, s)
}

// HoursOf are the working hours of somebody in a team: their own, where they have some.
func (r *Router) HoursOf(ctx context.Context, tx *db.Tx, personID, teamID int64) (*calendar.Calendar, error) {
	own, err := CalendarOf(ctx, tx, personID)
	if err != nil || own == 0 {
		return r.Hours(ctx, tx, teamID)
	}
	return r.calendar(ctx, tx, own)
}

// calendar gives working hours; 0, and one that is gone, is the desk's standard, and without any it is always open.
func (r *Router) calendar(ctx context.Context, tx *db.Tx, id int64) (*calendar.Calendar, error) {
	if r.Calendars == nil {
		return calendar.Always(), nil
	}
	if id != 0 {
		_, c, err := r.Calendars.ByID(ctx, tx, id)
		if !fault.Is(err, fault.KindNotFound) {
			return c, err
		}
	}
	_, c, err := r.Calendars.Standard(ctx, tx)
	if fault.Is(err, fault.KindNotFound) {
		return calendar.Always(), nil
	}
	return c, err
}

// Duty is what a rota says of a team now.
type Duty struct {
	// Covered says that the rota tells who is at the desk; else working hours count.
	Covered bool
	People  []int64                 // who is on shift and not in a break
	Breaks  map[int64]clock.Instant // who is in a break, of whatever team's shift, and when it is over
	Until   clock.Instant           // up to when the rota tells
	Next    map[int64]clock.Instant // when people's next shifts begin
}

// atWork notes when people are at work: now, or next. A published rota that covers this moment says so; else working hours of their own do, before those of the
// team. Nothing is given in a break, however work is shared.
func (r *Router) atWork(ctx context.Context, tx *db.Tx, s Sharing, all []candidate) error {
	if err := r.byHours(ctx, tx, s, all, tx.Now); err != nil || r.Rota == nil {
		return err
	}
	d, err := r.Rota(ctx, tx, s.TeamID)
	if err != nil {
		return err
	}
	if d.Covered {
		if err := r.byHours(ctx, tx, s, all, d.Until); err != nil {
			return err
		}
	}
	for i := range all {
		c := &all[i]
		c.breakUntil = d.Breaks[c.ID]
		if d.Covered && slices.Contains(d.People, c.ID) {
			c.opens = tx.Now
			continue
		}
		if next := d.Next[c.ID]; next != 0 {
			c.opens = min(c.opens, next)
		}
		if c.breakUntil != 0 && d.Covered {
			c.opens = min(c.opens, c.breakUntil)
		}
	}
	return nil
}

// byHours notes when people are at work by working hours, at a moment or next.
func (r *Router) byHours(ctx context.Context, tx *db.Tx, s Sharing, all []candidate, from clock.Instant) error {
	known := map[int64]*calendar.Calendar{}
	for i := range all {
		id := all[i].CalendarID
		if id == 0 {
			id = s.CalendarID
		}
		c := known[id]
		if c == nil {
			var err error
			if c, err = r.calendar(ctx, tx, id); err != nil {
				return err
			}
			known[id] = c
		}
		at, ok := c.Opens(from)
		if !ok {
			at = never
		}
		all[i].opens = at
	}
	return nil
}

// CalendarChanged has the piles of teams looked at again: somebody may be at work now. It is a hook of the calendars' store.
func (r *Router) CalendarChanged(ctx context.Context, tx *db.Tx, _ calendar.Change) error {
	_, err := tx.Exec(ctx, `UPDATE team_sharing SET again_at = $1 WHERE EXISTS (SELECT 1 FROM unclaimed u WHERE u.team_id = team_sharing.id AND u.shared)`, tx.Now)
	return err
}

// RotaChanged has the pile of a team looked at again: somebody may be at the desk now.
func RotaChanged(ctx context.Context, tx *db.Tx, teamID int64) error {
	_, err := tx.Exec(ctx, `UPDATE team_sharing SET again_at = $1 WHERE id = $2 AND EXISTS (SELECT 1 FROM unclaimed u WHERE u.team_id = team_sharing.id AND u.shared)`, tx.Now, teamID)
	return err
}

// CalendarUsed names what goes by a calendar, which is not removed then. It is a hook of the calendars' store.
func CalendarUsed(ctx context.Context, tx *db.Tx, id int64) ([]i18n.Text, error) {
	teams, err := db.All[string](ctx, tx, `SELECT t.name FROM team_sharing s JOIN team t ON t.id = s.id WHERE s.calendar_id = $1 ORDER BY t.name`, id)
	if err != nil {
		return nil, err
	}
	people, err := db.All[string](ctx, tx, `SELECT p.name FROM helper h JOIN person p ON p.id = h.id WHERE h.calendar_id = $1 ORDER BY p.name`, id)
	var out []i18n.Text
	for _, name := range teams {
		out = append(out, i18n.M("the team {{.Name}}", "Name", name))
	}
	for _, name := range people {
		out = append(out, i18n.M("the working hours of {{.Name}}", "Name", name))
	}
	return out, err
}

// CalendarOf gives the working hours that somebody has for themselves; 0 for those of the team.
func CalendarOf(ctx context.Context, tx *db.Tx, personID int64) (int64, error) {
	ids, err := db.All[int64](ctx, tx, `SELECT calendar_id FROM helper WHERE id = $1`, personID)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return ids[0], nil
}

// SetCalendar gives somebody working hours of their own; 0 is those of the team.
func (r *Router) SetCalendar(ctx context.Context, tx *db.Tx, personID, id int64) error {
	if err := r.checkCalendar(ctx, tx, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO helper (id, calendar_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET calendar_id = excluded.calendar_id`, personID, id)
	if err != nil {
		return err
	}
	return r.freed(ctx, tx, personID)
}

// checkCalendar tells that there is no such calendar, as the field "calendar".
func (r *Router) checkCalendar(ctx context.Context, tx *db.Tx, id int64) error {
	if id == 0 {
		return nil
	}
	_, _, err := r.Calendars.ByID(ctx, tx, id)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid(fault.F("calendar", i18n.M("Please choose one of the calendars.")))
	}
	return err
}
