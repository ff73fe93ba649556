package quiet

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/shift"
)

// week is what is known of the whole desk for a week.
type week struct {
	monday  calendar.Date
	teams   map[int64][]int64 // of people
	rota    map[int64]bool    // teams that had one
	shifts  map[int64][]shift.Shift
	off     map[int64][]shift.Span
	between shift.Span
}

// crew gives people with their days of a week: all who work at the desk, or only the one given.
func (k *Keeper) crew(ctx context.Context, tx *db.Tx, monday calendar.Date, only int64) (out []worker, err error) {
	ids := []int64{only}
	if only == 0 {
		if ids, err = db.All[int64](ctx, tx, `SELECT id FROM person WHERE role <> 'requester' AND active AND merged_into IS NULL ORDER BY id`); err != nil {
			return nil, err
		}
	}
	w, err := k.load(ctx, tx, monday)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		one := worker{id: id}
		if one.days, err = k.days(ctx, tx, w, id); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// load reads rotas, teams and leave.
func (k *Keeper) load(ctx context.Context, tx *db.Tx, monday calendar.Date) (week, error) {
	w := week{monday: monday, teams: map[int64][]int64{}, rota: map[int64]bool{}, shifts: map[int64][]shift.Shift{}, off: map[int64][]shift.Span{}}
	w.between = shift.Span{From: k.midnight(monday).Add(-24 * time.Hour), Until: k.midnight(monday + 8)} // days begin elsewhere at other times
	members, err := db.All[struct{ TeamID, PersonID int64 }](ctx, tx, `SELECT team_id, person_id FROM team_member ORDER BY person_id, team_id`)
	if err != nil {
		return w, err
	}
	for _, m := range members {
		w.teams[m.PersonID] = append(w.teams[m.PersonID], m.TeamID)
	}
	all, err := db.All[int64](ctx, tx, `SELECT id FROM team ORDER BY id`)
	if err != nil {
		return w, err
	}
	for _, team := range all {
		shifts, err := shift.Between(ctx, tx, team, w.between)
		if err != nil {
			return w, err
		}
		for _, s := range shifts {
			if !s.Published || s.Day < monday || s.Day >= monday+7 {
				continue
			}
			w.rota[team] = true
			w.shifts[s.PersonID] = append(w.shifts[s.PersonID], s)
		}
	}
	away, err := db.All[struct {
		PersonID        int64
		FromAt, UntilAt clock.Instant
	}](ctx, tx, `SELECT person_id, from_at, until_at FROM absence WHERE until_at > $1 AND from_at < $2`, w.between.From, w.between.Until)
	for _, a := range away {
		w.off[a.PersonID] = append(w.off[a.PersonID], shift.Span{From: a.FromAt, Until: a.UntilAt})
	}
	return w, err
}

// days are somebody's days at the desk: by their shifts; without any, and without a team that has a rota, by working hours.
func (k *Keeper) days(ctx context.Context, tx *db.Tx, w week, id int64) (out []day, err error) {
	work, off := map[calendar.Date][]shift.Span{}, slices.Clone(w.off[id])
	for _, s := range w.shifts[id] {
		work[s.Day] = append(work[s.Day], s.Span())
		off = append(off, s.Breaks...)
	}
	if len(work) == 0 && !slices.ContainsFunc(w.teams[id], func(team int64) bool { return w.rota[team] }) {
		if work, err = k.byHours(ctx, tx, w, id); err != nil {
			return nil, err
		}
	}
	for d := w.monday; d < w.monday+7; d++ {
		if one, ok := dayOf(d, work[d], off); ok {
			out = append(out, one)
		}
	}
	return out, nil
}

// byHours are the working hours of somebody's teams in a week, by day. Hours without an end are no hours of anybody.
func (k *Keeper) byHours(ctx context.Context, tx *db.Tx, w week, id int64) (map[calendar.Date][]shift.Span, error) {
	work := map[calendar.Date][]shift.Span{}
	if k.Hours == nil {
		return work, nil
	}
	teams := w.teams[id]
	if len(teams) == 0 {
		teams = []int64{0}
	}
	for _, team := range teams {
		c, err := k.Hours(ctx, tx, id, team)
		if err != nil {
			return nil, err
		}
		for at := k.midnight(w.monday); ; {
			from, ok := c.Opens(at)
			if !ok || from >= k.midnight(w.monday+7) {
				break
			}
			until, ends := c.Closes(from)
			if !ends || until.Sub(from) > shift.Longest {
				break
			}
			d := calendar.DateAt(from.Time().In(k.zone()))
			work[d] = append(work[d], shift.Span{From: from, Until: until})
			at = until
		}
	}
	return work, nil
}
