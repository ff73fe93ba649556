package shift

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// Duty is who is at the desk of a team at a moment, as its published rota says.
type Duty struct {
	// Covered says that the rota tells who is at the desk: somebody has a published shift then. Else working hours count.
	Covered bool
	People  []int64                 // on shift and not in a break, by their ids
	Breaks  map[int64]clock.Instant // those on shift and in a break, and when it is over
	Until   clock.Instant           // when the last of these shifts is over
}

// Has tells whether somebody is at the desk.
func (d Duty) Has(personID int64) bool { return slices.Contains(d.People, personID) }

// dutyQuery reads an index: shifts are a day long at most. Who is not here any more, or left the team, is not at the desk.
const dutyQuery = `SELECT s.person_id, s.until_at, s.breaks FROM shift s JOIN person p ON p.id = s.person_id JOIN team_member m ON m.team_id = s.team_id AND m.person_id = s.person_id
	WHERE s.team_id = $1 AND s.from_at > $3 AND s.from_at <= $2 AND s.until_at > $2 AND s.published AND p.active AND p.merged_into IS NULL ORDER BY s.person_id`

// OnDuty tells who is at the desk of a team at a moment.
func OnDuty(ctx context.Context, tx *db.Tx, teamID int64, at clock.Instant) (d Duty, err error) {
	rows, err := db.All[struct {
		PersonID int64
		UntilAt  clock.Instant
		Breaks   Spans
	}](ctx, tx, dutyQuery, teamID, at, at.Add(-Longest)-1)
	for _, r := range rows {
		d.Covered, d.Until = true, max(d.Until, r.UntilAt)
		i := slices.IndexFunc(r.Breaks, func(b Span) bool { return b.has(at) })
		if i < 0 {
			d.People = append(d.People, r.PersonID)
			continue
		}
		if d.Breaks == nil {
			d.Breaks = map[int64]clock.Instant{}
		}
		d.Breaks[r.PersonID] = r.Breaks[i].Until
	}
	return d, err
}

// PublishedUntil is when the last published shift of a team is over that somebody has; 0 for a team without a rota.
func PublishedUntil(ctx context.Context, tx *db.Tx, teamID int64) (clock.Instant, error) {
	return db.One[clock.Instant](ctx, tx, `SELECT coalesce(max(until_at), 0) FROM shift WHERE team_id = $1 AND published AND person_id IS NOT NULL AND from_at > $2 AND until_at > $3`, teamID, tx.Now.Add(-Longest), tx.Now)
}

// inSight is how far ahead it matters when somebody is on shift next.
const inSight = 8 * 24 * time.Hour

// NextOnDuty tells of people of a team when their next published shift begins, within eight days; those without one are not in it.
func NextOnDuty(ctx context.Context, tx *db.Tx, teamID int64, after clock.Instant) (map[int64]clock.Instant, error) {
	rows, err := db.All[struct {
		PersonID int64
		FromAt   clock.Instant
	}](ctx, tx, `SELECT person_id, min(from_at) AS from_at FROM shift WHERE team_id = $1 AND from_at > $2 AND from_at < $3 AND published AND person_id IS NOT NULL GROUP BY person_id`, teamID, after, after.Add(inSight))
	out := make(map[int64]clock.Instant, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r.FromAt
	}
	return out, err
}

// BreaksNow tells of people who are in a break of a published shift, in whatever team, when it is over.
func BreaksNow(ctx context.Context, tx *db.Tx, people []int64, at clock.Instant) (map[int64]clock.Instant, error) {
	if len(people) == 0 {
		return nil, nil
	}
	args := db.Args{at, at.Add(-Longest) - 1}
	rows, err := db.All[breakRow](ctx, tx, `SELECT person_id, breaks FROM shift WHERE person_id IN (`+db.List(&args, people)+`) AND from_at > $2 AND from_at <= $1 AND until_at > $1 AND published AND breaks <> ''`, args...)
	return inBreak(rows, at), err
}

// BreaksIn tells of the people of a team who are in a break of a published shift, in whatever team, when it is over.
func BreaksIn(ctx context.Context, tx *db.Tx, teamID int64, at clock.Instant) (map[int64]clock.Instant, error) {
	rows, err := db.All[breakRow](ctx, tx, `SELECT s.person_id, s.breaks FROM team_member m JOIN shift s ON s.person_id = m.person_id
		WHERE m.team_id = $1 AND s.from_at > $3 AND s.from_at <= $2 AND s.until_at > $2 AND s.published AND s.breaks <> ''`, teamID, at, at.Add(-Longest)-1)
	return inBreak(rows, at), err
}

type breakRow struct {
	PersonID int64
	Breaks   Spans
}

func inBreak(rows []breakRow, at clock.Instant) (out map[int64]clock.Instant) {
	for _, r := range rows {
		for _, b := range r.Breaks {
			if b.has(at) {
				if out == nil {
					out = map[int64]clock.Instant{}
				}
				out[r.PersonID] = max(out[r.PersonID], b.Until)
			}
		}
	}
	return out
}
