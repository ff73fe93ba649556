package line

import (
	"context"
	"slices"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/fault"
)

// hoursOf are the working hours of a team: when any of its people works. Hours of their own go before those of the team, and these before
// the desk's standard.
func (l *Line) hoursOf(ctx context.Context, tx *db.Tx, team int64) (*calendar.Calendar, error) {
	if l.Calendars == nil {
		return calendar.Always(), nil
	}
	ids, err := db.All[int64](ctx, tx, `SELECT DISTINCT CASE WHEN coalesce(h.calendar_id, 0) <> 0 THEN h.calendar_id ELSE coalesce(s.calendar_id, 0) END AS id
		FROM team_member m JOIN person p ON p.id = m.person_id LEFT JOIN helper h ON h.id = m.person_id LEFT JOIN team_sharing s ON s.id = m.team_id WHERE m.team_id = $1 AND p.active ORDER BY 1`, team)
	if err != nil {
		return nil, err
	}
	standard := len(ids) == 0 || slices.Contains(ids, 0)
	ids = slices.DeleteFunc(ids, func(id int64) bool { return id == 0 })
	if standard {
		row, c, err := l.Calendars.Standard(ctx, tx)
		switch {
		case fault.Is(err, fault.KindNotFound):
			return calendar.Always(), nil
		case err != nil || len(ids) == 0:
			return c, err
		case !slices.Contains(ids, row.ID):
			ids = append(ids, row.ID)
		}
	}
	versions, err := l.Calendars.Current(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	return l.Calendars.Together(ctx, tx, versions)
}
