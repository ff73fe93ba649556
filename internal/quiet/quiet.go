// Package quiet finds out on which days somebody at the desk had no quiet hour, for two readers: they themselves, who are told the days (Own), and
// whoever leads, who is told how many people it was in a week that is over (LastWeek), from three on.
//
// A quiet hour is sixty minutes on end of somebody's time at the desk in which they answered nobody, were given or took no ticket and no chat, and
// wrote none down for somebody on the phone. Their time at the desk is their published shifts without breaks; for who is only in teams without a
// rota, the working hours. Leave does not count, and neither does a day with less than four hours.
//
//	days, err := keeper.Own(ctx, tx, actor)          // theirs alone
//	told, err := keeper.LastWeek(ctx, tx, lead)      // told.People is 0, or 3 and more
//	err = keeper.Sweep(ctx)                          // once a week is over: its number is kept, and nothing else
//
// Invariants: nothing about a person leaves this package but to that person; what is kept is one number a week, made once, so that no change of a
// rota, a team or a person afterwards moves it; there is one number for the whole desk and none by team, and every lead reads the same, so that no
// two numbers can be held against each other; and it never says that it was everybody (tell).
package quiet

import (
	"context"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Keeper finds out who had no quiet hour. The program builds one.
type Keeper struct {
	DB *db.DB
	// Zone is the desk's: where a week begins and ends. nil is UTC.
	Zone *time.Location
	// Hours are the working hours of somebody in a team; the team 0 is none. nil knows shifts only.
	Hours func(ctx context.Context, tx *db.Tx, personID, teamID int64) (*calendar.Calendar, error)
}

// Told is what whoever leads is told of a week. There is no more than this.
type Told struct {
	// People had a day without a quiet hour: 0 for nothing that can be said, else 3 or more.
	People int
	// OrMore says that it may have been more.
	OrMore bool
}

// The least number of people that is told, and the least number who were at the desk that anything is said of.
const (
	fewest  = 3
	crowded = 2 * fewest
)

// tell is what can be said when so many of those who were at the desk had no quiet hour. It is nothing while it was fewer than three, or fewer
// than six were there; and where fewer than three were spared it is "three or more", since a number next to all of them would say who it was.
func tell(had, worked int) Told {
	switch {
	case had < fewest || worked < crowded:
		return Told{}
	case worked-had < fewest:
		return Told{People: fewest, OrMore: true}
	}
	return Told{People: had}
}

// LastWeek tells whoever leads of the week that is over. Nobody else is told.
func (k *Keeper) LastWeek(ctx context.Context, tx *db.Tx, a person.Actor) (Told, error) {
	if !person.Can(a, person.SeeLoad, person.Thing{}) {
		return Told{}, fault.Denied(i18n.M("This page is for leads."))
	}
	monday, _ := k.lastWeek(tx.Now)
	all, err := db.All[Told](ctx, tx, `SELECT people, or_more FROM quiet_week WHERE week = $1`, int64(monday))
	if err != nil || len(all) == 0 {
		return Told{}, err
	}
	return all[0], nil
}

// lastWeek is the Monday of the last week that is over, and until when its days went: those of a Sunday night end on Monday.
func (k *Keeper) lastWeek(now clock.Instant) (calendar.Date, clock.Instant) {
	at := now.Time().In(k.zone())
	this := calendar.DateAt(at) - calendar.Date((int(at.Weekday())+6)%7)
	return this - 7, k.midnight(this).Add(settled)
}

// settled is how long after a week its number is made.
const settled = 12 * time.Hour

func (k *Keeper) zone() *time.Location {
	if k.Zone == nil {
		return time.UTC
	}
	return k.Zone
}

func (k *Keeper) midnight(d calendar.Date) clock.Instant {
	t := d.Time()
	return clock.From(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, k.zone()))
}

// Sweep makes the number of the week that is over, once, and forgets those before it. It costs one look when that is done.
func (k *Keeper) Sweep(ctx context.Context) error {
	var monday calendar.Date
	var told Told
	due := false
	err := k.DB.Read(ctx, func(tx *db.Tx) (err error) {
		var over clock.Instant
		if monday, over = k.lastWeek(tx.Now); tx.Now < over {
			return nil
		}
		known, err := db.Exists(ctx, tx, `SELECT 1 FROM quiet_week WHERE week = $1`, int64(monday))
		if due = err == nil && !known; !due {
			return err
		}
		told, err = k.reckon(ctx, tx, monday)
		return err
	})
	if err != nil || !due {
		return err
	}
	return k.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM quiet_week WHERE week < $1`, int64(monday)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO quiet_week (week, people, or_more) VALUES ($1, $2, $3) ON CONFLICT (week) DO NOTHING`, int64(monday), told.People, told.OrMore)
		return err
	})
}

// reckon finds out how many it was in a week.
func (k *Keeper) reckon(ctx context.Context, tx *db.Tx, monday calendar.Date) (Told, error) {
	crew, err := k.crew(ctx, tx, monday, 0)
	if err != nil {
		return Told{}, err
	}
	from, until := bounds(crew)
	seen, err := touches(ctx, tx, from, until, 0)
	if err != nil {
		return Told{}, err
	}
	had, worked := 0, 0
	for _, one := range crew {
		if len(one.days) == 0 {
			continue
		}
		worked++
		if len(without(one.days, seen[one.id])) > 0 {
			had++
		}
	}
	return tell(had, worked), nil
}

// Own are the days of this week and the last on which somebody had no quiet hour, as far as their time at the desk is over then; the oldest first.
// It is for them, and tells of nobody else.
func (k *Keeper) Own(ctx context.Context, tx *db.Tx, a person.Actor) ([]calendar.Date, error) {
	if !a.Staff() || a.ID == 0 {
		return nil, nil
	}
	last, _ := k.lastWeek(tx.Now)
	var days []day
	for _, monday := range []calendar.Date{last, last + 7} {
		crew, err := k.crew(ctx, tx, monday, a.ID)
		if err != nil {
			return nil, err
		}
		for _, one := range crew {
			for _, d := range one.days {
				if d.work[len(d.work)-1].Until <= tx.Now {
					days = append(days, d)
				}
			}
		}
	}
	if len(days) == 0 {
		return nil, nil
	}
	from, until := bounds([]worker{{days: days}})
	seen, err := touches(ctx, tx, from, until, a.ID)
	return without(days, seen[a.ID]), err
}
