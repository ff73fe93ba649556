package line

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// Wait is what can be said about how long a wait will last.
type Wait struct {
	// Known is false when too little has been seen to say anything.
	Known bool
	// Half and Most are the moments between which one of two, and nine of ten, such waits end. Times when nobody works are skipped.
	Half, Most Range
	// Worked are the same as working milliseconds, by level: 5, 25, 75 and 95 of a hundred waits are shorter.
	Worked Bounds
	// Open tells that somebody of the team works now.
	Open bool
	// Traits are what it was told from, and Alike on how many waits it stands.
	Traits Traits
	Alike  int
}

// Range is a stretch of time.
type Range struct{ From, To clock.Instant }

// WaitOf tells how long somebody who waits will probably wait from now on. Of what waits for nobody nothing is known.
func (l *Line) WaitOf(ctx context.Context, tx *db.Tx, t ticket.Ticket, p Place) (Wait, error) {
	if !p.Waits || t.WaitingSince == 0 {
		return Wait{}, nil
	}
	k, err := l.learnt(ctx, tx, t.TeamID)
	if err != nil {
		return Wait{}, err
	}
	began, again := t.WaitingSince, t.AnsweredAt != 0
	open, err := db.All[wait](ctx, tx, `SELECT id, ticket_id, team_id, again, began_at, looks FROM line_wait WHERE ticket_id = $1 AND ended_at = 0`, t.ID)
	if err != nil {
		return Wait{}, err
	}
	if len(open) > 0 {
		began, again = open[0].BeganAt, open[0].Again
	}
	tr, err := traitsOf(ctx, tx, k.crew, t, p, began, again)
	if err != nil {
		return Wait{}, err
	}
	w := Wait{Traits: tr, Open: tr.Open}
	var alike float64
	if w.Worked, alike, w.Known = k.bounds(tr, tr.Age < arrives); !w.Known {
		return w, nil
	}
	w.Alike = int(alike)
	at, hours := [4]clock.Instant{}, k.crew.clock(p.Holder)
	for i, worked := range w.Worked {
		due, ok := hours.Due(tx.Now, time.Duration(worked)*time.Millisecond)
		if !ok {
			w.Known = false // it would never be worked
			return w, nil
		}
		at[i] = due
	}
	w.Most, w.Half = Range{at[0], at[3]}, Range{at[1], at[2]}
	return w, nil
}

// arrives is how young a wait is that has just begun, in milliseconds.
const arrives = int64(time.Minute / time.Millisecond)

// pause is after how long a wait is looked at again: each time about twice as late.
func (k *learnt) pause(now, began clock.Instant) time.Duration {
	worked := k.crew.hours.Worked(began, now)
	due, ok := k.crew.hours.Due(now, max(20*time.Minute, worked))
	if !ok {
		return 24 * time.Hour
	}
	return max(time.Minute, due.Sub(now))
}

// traitsOf finds what is known of a wait now.
func traitsOf(ctx context.Context, tx *db.Tx, c crew, t ticket.Ticket, p Place, began clock.Instant, again bool) (Traits, error) {
	hours := c.clock(p.Holder)
	local := tx.Now.Time().In(c.hours.Location(tx.Now))
	tr := Traits{Holder: p.Holder, Ahead: p.Ahead, Held: p.Holder != 0, Rank: rank(t.Priority), Minute: local.Hour()*60 + local.Minute(), Day: int(local.Weekday()), Open: hours.Open(tx.Now), Age: hours.Worked(began, tx.Now).Milliseconds(), Again: again}
	if !tr.Open {
		if at, ok := hours.Opens(tx.Now); ok {
			tr.Opens = at.Sub(tx.Now).Milliseconds()
		}
	}
	since, ok := c.hours.Since(tx.Now, lately)
	if !ok {
		since = tx.Now.Add(-24 * time.Hour)
	}
	pace, err := db.One[int64](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM line_wait WHERE team_id = $1 AND ended_at > $2 LIMIT 500) AS w`, t.TeamID, since)
	if err != nil {
		return tr, err
	}
	tr.Pace = int(pace)
	loads, err := db.All[struct{ ID, Load int64 }](ctx, tx, `SELECT m.person_id AS id, (SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE t.assignee_id = m.person_id AND t.turn = 'ours' LIMIT $2) AS few) AS load
		FROM team_member m WHERE m.team_id = $1`, t.TeamID, manyMine)
	here := c.here(tx.Now)
	tr.Here = len(here)
	for _, x := range loads {
		if len(here) == 0 || slices.Contains(here, x.ID) {
			tr.Mine += int(x.Load)
		}
	}
	return tr, err
}

// manyMine is up to how many tickets of one person are counted: more tell nothing more.
const manyMine = 100

// lately is the working time by which a team's pace is told.
const lately = 2 * time.Hour

// learnt gives what is known of a team's waits, read anew now and then.
func (l *Line) learnt(ctx context.Context, tx *db.Tx, team int64) (*learnt, error) {
	fresh := l.Fresh
	if fresh == 0 {
		fresh = time.Minute
	}
	l.mu.Lock()
	k := l.teams[team]
	l.mu.Unlock()
	if k != nil && tx.Now.Sub(k.at) < fresh && tx.Now >= k.at {
		return k, nil
	}
	k = &learnt{at: tx.Now, shifts: map[shiftKey]shift{}}
	var err error
	if k.crew, err = l.crewOf(ctx, tx, team); err != nil {
		return nil, err
	}
	if k.waits, err = l.woodOf(ctx, tx, team); err != nil {
		return nil, err
	}
	shifts, err := db.All[struct {
		Later bool
		Hour  int
		Shift string
	}](ctx, tx, `SELECT later, hour, shift FROM line_shift WHERE team_id = $1`, team)
	if err != nil {
		return nil, err
	}
	for _, r := range shifts {
		var s shift
		if json.Unmarshal([]byte(r.Shift), &s) == nil {
			k.shifts[shiftKey{r.Later, r.Hour}] = s
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.teams == nil {
		l.teams = map[int64]*learnt{}
	}
	l.teams[team] = k
	return k, nil
}

// Levels are the parts of all waits that are shorter than each of the bounds of what is told.
func Levels() []float64 { return levels[:] }

// Worked is how much working time of a team lies between two moments, in milliseconds.
func (l *Line) Worked(ctx context.Context, tx *db.Tx, team int64, from, to clock.Instant) (int64, error) {
	k, err := l.learnt(ctx, tx, team)
	if err != nil {
		return 0, err
	}
	return k.crew.hours.Worked(from, to).Milliseconds(), nil
}
