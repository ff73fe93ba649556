package stint

import (
	"context"
	"strconv"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

func decimal[T ~int | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

const (
	// notice is how long before it a turn is proposed at the earliest.
	notice = 5 * 24 * time.Hour
	// lookAhead is how many days are tried.
	lookAhead = 120
	// settle is how long after the desk opens a turn begins: the mentor has read what came.
	settle = 30 * time.Minute
)

// Mentors lists who is glad to be beside guests and may work for a team, by name.
func Mentors(ctx context.Context, tx *db.Tx, teamID int64) ([]person.Person, error) {
	ids, err := db.All[int64](ctx, tx, `SELECT m.person_id FROM stint_mentor m JOIN person p ON p.id = m.person_id WHERE p.active AND p.merged_into IS NULL ORDER BY p.name, p.id`)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	actors, err := person.ActorsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []person.Person
	for _, id := range ids {
		if a := actors[id]; a.Staff() && person.Can(a, person.ChangeTicket, person.Thing{TeamID: teamID}) {
			p, err := person.Get(ctx, tx, id)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// IsMentor tells whether somebody is glad to be beside guests.
func IsMentor(ctx context.Context, tx *db.Tx, personID int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM stint_mentor WHERE person_id = $1`, personID)
}

// SetMentor says that somebody is glad to be beside guests, or not any more. Guests that they have stay.
func SetMentor(ctx context.Context, tx *db.Tx, a person.Actor, on bool) (err error) {
	if !person.Can(a, person.Mentor, person.Thing{}) {
		return fault.Denied(i18n.M("Only who works at the desk can be a mentor."))
	}
	if on {
		_, err = tx.Exec(ctx, `INSERT INTO stint_mentor (person_id, since) VALUES ($1, $2) ON CONFLICT (person_id) DO NOTHING`, a.ID, tx.Now)
	} else {
		_, err = tx.Exec(ctx, `DELETE FROM stint_mentor WHERE person_id = $1`, a.ID)
	}
	return err
}

// Propose finds a date for somebody's turn and keeps it without telling anybody: the first in the working hours of the team for which a
// mentor is there, on shift where the team has a rota, who has no other guest then. Without a mentor or a date it is fault.Conflict, which says what is missing.
func (k *Keeper) Propose(ctx context.Context, tx *db.Tx, by person.Actor, p Policy, personID int64) (Stint, error) {
	if !person.Can(by, person.PlanStints, person.Thing{}) {
		return Stint{}, fault.Denied(i18n.M("Stints are planned by who leads the desk."))
	}
	ahead, err := db.Exists(ctx, tx, `SELECT 1 FROM stint WHERE person_id = $1 AND state IN ('proposed', 'invited', 'agreed', 'running')`, personID)
	if err != nil {
		return Stint{}, err
	}
	if ahead {
		return Stint{}, fault.Conflict(i18n.M("There is a date already. Please change that one."))
	}
	s := Stint{PolicyID: p.ID, TeamID: p.TeamID, PersonID: personID, Kind: Turn, Stage: Drafts, State: Proposed, CreatedAt: tx.Now}
	if err := k.find(ctx, tx, &s, time.Duration(p.Minutes)*time.Minute, tx.Now.Add(notice)); err != nil {
		return s, err
	}
	return s, k.insert(ctx, tx, &s)
}

func (k *Keeper) insert(ctx context.Context, tx *db.Tx, s *Stint) (err error) {
	s.ID, err = db.One[int64](ctx, tx, `INSERT INTO stint (policy_id, team_id, person_id, mentor_id, kind, stage, state, from_at, until, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		orNull(s.PolicyID), s.TeamID, s.PersonID, orNull(s.MentorID), s.Kind, s.Stage, s.State, s.FromAt, s.Until, s.CreatedAt)
	return err
}

// find gives a stint the first date from a moment on that fits, with a mentor.
func (k *Keeper) find(ctx context.Context, tx *db.Tx, s *Stint, long time.Duration, from clock.Instant) error {
	mentors, err := Mentors(ctx, tx, s.TeamID)
	if err != nil {
		return err
	}
	if len(mentors) == 0 {
		return fault.Conflict(i18n.M("Nobody in the team has said that they are glad to be a mentor. They can under Mentoring."))
	}
	hours, err := k.hours(ctx, tx, s.TeamID)
	if err != nil {
		return err
	}
	rota, err := k.rota(ctx, tx, s.TeamID, from, from.Add(lookAhead*24*time.Hour))
	if err != nil {
		return err
	}
	at := from
	for range lookAhead {
		first, _, ok := turnAt(hours, at, long)
		if !ok {
			break
		}
		closes, known := hours.Closes(first)
		if !known {
			closes = first.Add(24 * time.Hour)
		}
		for _, begins := range rota.beginnings(mentors, first, closes) {
			if ends, ok := hours.Due(begins, long); ok && hours.Open(begins) {
				if found, err := k.beside(ctx, tx, rota, mentors, s, begins, ends); err != nil || found {
					return err
				}
			}
		}
		at = closes
	}
	return fault.Conflict(i18n.M("No date fits within the next months: the mentors are away or have other guests. One mentor more would help."))
}

// beside gives a stint a time with a mentor who is free then; false when there is none, or the guest cannot.
func (k *Keeper) beside(ctx context.Context, tx *db.Tx, rota Rota, mentors []person.Person, s *Stint, begins, ends clock.Instant) (bool, error) {
	away, err := k.away(ctx, tx, s.PersonID, begins, ends)
	if err == nil && !away {
		away, err = k.busy(ctx, tx, *s, begins, ends)
	}
	for i := 0; i < len(mentors) && !away && err == nil; i++ {
		m := mentors[(i+int(s.PersonID))%len(mentors)] // guests are spread over the mentors
		free, wrong := k.free(ctx, tx, rota, m.ID, s.ID, begins, ends)
		if err = wrong; err == nil && free {
			s.FromAt, s.Until, s.MentorID = begins, ends, m.ID
			return true, nil
		}
	}
	return false, err
}

// turnAt is the first turn of some working time at or after a moment: it begins a little after the desk opens.
func turnAt(hours *calendar.Calendar, at clock.Instant, long time.Duration) (begins, ends clock.Instant, ok bool) {
	if begins, ok = hours.Opens(at); !ok {
		return 0, 0, false
	}
	begins = begins.Add(settle)
	if !hours.Open(begins) {
		if begins, ok = hours.Opens(begins); !ok {
			return 0, 0, false
		}
	}
	ends, ok = hours.Due(begins, long)
	return begins, ends, ok
}

func (k *Keeper) hours(ctx context.Context, tx *db.Tx, teamID int64) (*calendar.Calendar, error) {
	if k.Hours == nil {
		return calendar.Always(), nil
	}
	return k.Hours(ctx, tx, teamID)
}

func (k *Keeper) away(ctx context.Context, tx *db.Tx, personID int64, from, until clock.Instant) (bool, error) {
	if k.Away == nil {
		return false, nil
	}
	return k.Away(ctx, tx, personID, from, until)
}

// free tells that a mentor is here, on shift where there is a rota, and has no other guest between two moments.
func (k *Keeper) free(ctx context.Context, tx *db.Tx, rota Rota, mentorID, except int64, from, until clock.Instant) (bool, error) {
	if !rota.has(mentorID, from, until) {
		return false, nil
	}
	away, err := k.away(ctx, tx, mentorID, from, until)
	if err != nil || away {
		return false, err
	}
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM stint WHERE mentor_id = $1 AND id <> $2 AND kind = 'stint' AND state IN ('proposed', 'invited', 'agreed', 'running') AND from_at < $4 AND until > $3`, mentorID, except, from, until)
	return !taken, err
}

// Dates gives up to n other dates that fit a stint and begin until latest (0 for any), for whoever would like another one.
func (k *Keeper) Dates(ctx context.Context, tx *db.Tx, s Stint, n int, latest clock.Instant) ([]Stint, error) {
	hours, err := k.hours(ctx, tx, s.TeamID)
	if err != nil {
		return nil, err
	}
	worked := hours.Worked(s.FromAt, s.Until)
	var out []Stint
	from := tx.Now.Add(24 * time.Hour)
	for len(out) < n {
		other := s
		err := k.find(ctx, tx, &other, worked, from)
		if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		if latest != 0 && other.FromAt > latest {
			return out, nil
		}
		if other.FromAt != s.FromAt {
			out = append(out, other)
		}
		from = nextDay(other.FromAt)
	}
	return out, nil
}

func nextDay(at clock.Instant) clock.Instant { return at.Add(12 * time.Hour) }
