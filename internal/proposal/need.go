package proposal

import (
	"context"
	"errors"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/forecast"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/shift"
)

// Need is how many a team wants to be at the desk.
type Need struct {
	TeamID        int64
	Share         int // of a hundred that are to be taken up in time
	WithinMinutes int
	PerHour       int // conversations that somebody gets done in an hour, in hundredths; 0: as was measured
	Least         int // at the desk whenever it is open
}

// NeedOf gives what a team wants: nine of ten within an hour, if nobody has said anything else.
func NeedOf(ctx context.Context, tx *db.Tx, teamID int64) (Need, error) {
	all, err := db.All[Need](ctx, tx, `SELECT id AS team_id, share, within_minutes, per_hour, least FROM rota_need WHERE id = $1`, teamID)
	if err != nil || len(all) > 0 {
		return append(all, Need{})[0], err
	}
	return Need{TeamID: teamID, Share: 90, WithinMinutes: 60, Least: 1}, nil
}

// SaveNeed says what a team wants. The fields of what is wrong are share, within, hour and least.
func SaveNeed(ctx context.Context, tx *db.Tx, by person.Actor, n Need) error {
	if err := mayPlan(by, n.TeamID); err != nil {
		return err
	}
	var wrong []fault.Field
	if n.Share < 50 || n.Share > 99 {
		wrong = append(wrong, fault.F("share", i18n.M("Please give a number from 50 to 99, such as 90.")))
	}
	if n.WithinMinutes < 5 || n.WithinMinutes > 24*60 {
		wrong = append(wrong, fault.F("within", i18n.M("Please give minutes from 5 to 1440, such as 60.")))
	}
	if n.PerHour != 0 && (n.PerHour < 10 || n.PerHour > 6000) {
		wrong = append(wrong, fault.F("hour", i18n.M("Please give a number from 0.1 to 60, such as 2.5, or nothing for what was measured.")))
	}
	if n.Least < 1 || n.Least > 100 {
		wrong = append(wrong, fault.F("least", i18n.M("Please give a number from 1 to 100, such as 1.")))
	}
	if err := fault.Check(wrong); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO rota_need (id, share, within_minutes, per_hour, least) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET share = excluded.share, within_minutes = excluded.within_minutes, per_hour = excluded.per_hour, least = excluded.least`, n.TeamID, n.Share, n.WithinMinutes, n.PerHour, n.Least)
	return err
}

// Outlook is what is foretold for a time, beside what is planned.
type Outlook struct {
	Need     Need
	Hours    []Hour
	Ahead    int // weeks, for which Measured holds
	Measured forecast.Measured
	Little   *forecast.TooLittle // there is too little to foretell anything; then there are no Hours
	// Pace is how many conversations somebody at the desk gets done in an hour: chosen, or measured of the desk as a whole. 0: neither, and
	// nobody knows how many are needed.
	Pace   float64
	Chosen bool
}

// Hour is an hour that is foretold.
type Hour struct {
	forecast.Hour
	Open    bool
	Lies    float64 // what came while the desk was closed and is to be done now
	People  int     // that are needed
	Planned int     // that are planned, drafts too
	Past    bool
}

// Short is how many more are needed in the hour.
func (h Hour) Short() int {
	if h.Past || !h.Open {
		return 0
	}
	return max(0, h.People-h.Planned)
}

// learned is what is known of a team, for as long as it is fresh.
type learned struct {
	at       clock.Instant
	model    *forecast.Model
	little   *forecast.TooLittle
	measured [aheadMost]forecast.Measured
	pace     float64
	worked   map[stretch]demand // what was worked out of it
}

// stretch is a time for which it was worked out how many are needed, and what that depends on.
type stretch struct {
	in    shift.Span
	need  Need
	hours *calendar.Calendar
}

// demand is what is foretold of each hour of a stretch, and how many are needed.
type demand struct {
	hours []forecast.Hour
	needs []forecast.Need
}

// stretchesKept is how many of them are kept of a team: the weeks that people look at.
const stretchesKept = 16

// How long what was learned is used, how far back is looked, for arrivals and for how fast work gets done, and how many weeks ahead is measured.
const (
	fresh     = time.Hour
	backMost  = 60 * 7 * 24 * time.Hour
	paceBack  = 8 * 7 * 24 * time.Hour
	aheadMost = 4
	hourLong  = clock.Instant(60 * 60 * 1000)
)

// Outlook foretells the hours of a time for whoever plans.
func (p *Planner) Outlook(ctx context.Context, tx *db.Tx, a person.Actor, teamID int64, in shift.Span) (out Outlook, err error) {
	if err := mayPlan(a, teamID); err != nil {
		return out, err
	}
	if out.Need, err = NeedOf(ctx, tx, teamID); err != nil {
		return out, err
	}
	hours, err := p.hoursOf(ctx, tx, teamID)
	if err != nil {
		return out, err
	}
	of, err := p.learn(ctx, tx, teamID, hours)
	if err != nil {
		return out, err
	}
	out.Ahead = max(1, min(aheadMost, int((in.From-tx.Now)/(7*24*hourLong))+1))
	out.Little, out.Measured, out.Pace = of.little, of.measured[out.Ahead-1], of.pace
	if out.Need.PerHour > 0 {
		out.Pace, out.Chosen = float64(out.Need.PerHour)/100, true
	}
	if of.little != nil {
		return out, nil
	}
	shifts, err := shift.Between(ctx, tx, teamID, in)
	if err != nil {
		return out, err
	}
	d := p.demand(of, stretch{in, out.Need, hours}, out.Pace)
	for i := range d.hours {
		h := Hour{Hour: d.hours[i], Open: d.needs[i].Open, Lies: d.needs[i].Lies, Past: d.hours[i].At+hourLong <= tx.Now}
		if out.Pace > 0 {
			h.People = d.needs[i].People
		}
		h.Planned = int(peopleIn(shifts, h.At, false) + 0.5)
		out.Hours = append(out.Hours, h)
	}
	return out, nil
}

// demand works out how many are needed, once for as long as what was learned is fresh: it takes a while for a team that gets much.
func (p *Planner) demand(of learned, x stretch, pace float64) demand {
	p.mu.Lock()
	d, ok := of.worked[x]
	p.mu.Unlock()
	if ok {
		return d
	}
	d = workOut(of.model, x, pace)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(of.worked) >= stretchesKept {
		clear(of.worked)
	}
	of.worked[x] = d
	return d
}

func workOut(m *forecast.Model, x stretch, pace float64) demand {
	before := clock.Instant(3 * 24) // what came while the desk was closed, from before the time
	all := m.Ahead(x.in.From-before*hourLong, int((x.in.Until-x.in.From)/hourLong+before))
	staff := forecast.Staffing{
		Service: forecast.Service{Share: float64(x.need.Share) / 100, Within: time.Duration(x.need.WithinMinutes) * time.Minute}, PerHour: pace, Least: x.need.Least,
		Open: func(at clock.Instant) bool { return x.hours.Worked(at, at+hourLong) > 0 },
	}
	return demand{all[before:], staff.For(all)[before:]}
}

// peopleIn is how many hours of people lie in an hour.
func peopleIn(shifts []shift.Shift, at clock.Instant, published bool) (sum float64) {
	for _, s := range shifts {
		if s.PersonID == 0 || published && !s.Published {
			continue
		}
		sum += overlap(s.FromAt, s.UntilAt, at)
		for _, b := range s.Breaks {
			sum -= overlap(b.From, b.Until, at)
		}
	}
	return sum
}

func overlap(from, until, at clock.Instant) float64 {
	return max(0, float64(min(until, at+hourLong)-max(from, at))) / float64(hourLong)
}

func (p *Planner) hoursOf(ctx context.Context, tx *db.Tx, teamID int64) (*calendar.Calendar, error) {
	if p.Hours == nil {
		return calendar.Always(), nil
	}
	return p.Hours(ctx, tx, teamID)
}

// learn gives what is known of a team's arrivals; once an hour it is learned anew.
func (p *Planner) learn(ctx context.Context, tx *db.Tx, teamID int64, hours *calendar.Calendar) (learned, error) {
	p.mu.Lock()
	of, ok := p.known[teamID]
	p.mu.Unlock()
	if ok && tx.Now >= of.at && tx.Now.Sub(of.at) < fresh {
		return of, nil
	}
	set, err := shift.SettingsOf(ctx, tx, teamID)
	if err != nil {
		return of, err
	}
	came, err := arrivals(ctx, tx, teamID)
	if err != nil {
		return of, err
	}
	of = learned{at: tx.Now, worked: map[stretch]demand{}}
	desk := forecast.Desk{Zone: p.Rota.ZoneOf(set), Holiday: holidays(hours)}
	if of.model, err = forecast.Fit(came, desk); err != nil && !errors.As(err, &of.little) {
		return of, err
	}
	if of.little == nil {
		for i := range of.measured {
			of.measured[i] = forecast.Backtest(came, desk, i+1)
		}
	}
	if of.pace, err = pace(ctx, tx, teamID); err != nil {
		return of, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = map[int64]learned{}
	}
	p.known[teamID] = of
	return of, nil
}

// holidays tells the public holidays and days off of working hours.
func holidays(c *calendar.Calendar) func(time.Time) bool {
	known := map[calendar.Date]bool{}
	return func(at time.Time) bool {
		d := calendar.DateAt(at)
		off, ok := known[d]
		if !ok {
			if days := c.Days(d, 1); len(days) == 1 {
				off = days[0].Why == calendar.Holiday || days[0].Why == calendar.DayOff
			}
			known[d] = off
		}
		return off
	}
}

// arrivals counts the tickets of a team by the hour in which they came.
func arrivals(ctx context.Context, tx *db.Tx, teamID int64) (h forecast.Hours, err error) {
	end := tx.Now / hourLong
	rows, err := db.All[struct{ Hour, N int64 }](ctx, tx, `SELECT created_at / 3600000 AS hour, count(*) AS n FROM ticket WHERE team_id = $1 AND created_at >= $2 AND created_at < $3 AND trashed_at = 0
		GROUP BY created_at / 3600000 ORDER BY hour`, teamID, tx.Now.Add(-backMost), end*hourLong)
	if err != nil || len(rows) == 0 {
		return h, err
	}
	first := rows[0].Hour
	h = forecast.Hours{From: clock.Instant(first) * hourLong, Counts: make([]int, int64(end)-first)}
	for _, r := range rows {
		h.Counts[r.Hour-first] = int(r.N)
	}
	return h, nil
}

// pace measures how many conversations somebody on shift gets done in an hour: of the desk as a whole, in the hours of the last eight weeks in
// which somebody waited all the time. 0 where too little is known.
func pace(ctx context.Context, tx *db.Tx, teamID int64) (float64, error) {
	from, end := tx.Now.Add(-paceBack)/hourLong, tx.Now/hourLong
	shifts, err := shift.Between(ctx, tx, teamID, shift.Span{From: from * hourLong, Until: end * hourLong})
	if err != nil || len(shifts) == 0 {
		return 0, err
	}
	rows, err := db.All[struct{ CreatedAt, AnsweredAt, SolvedAt clock.Instant }](ctx, tx, `SELECT created_at, answered_at, solved_at FROM ticket WHERE team_id = $1 AND created_at >= $2 AND trashed_at = 0 ORDER BY created_at`, teamID, from*hourLong)
	if err != nil {
		return 0, err
	}
	n := int(end - from)
	done, waiting := make([]int, n), make([]int, n+1)
	for _, r := range rows {
		if i := int(r.SolvedAt/hourLong - from); r.SolvedAt > 0 && i >= 0 && i < n {
			done[i]++
		}
		first, last := int(r.CreatedAt/hourLong-from)+1, n // the whole hours in which it waited
		if r.AnsweredAt > 0 {
			last = min(n, int(r.AnsweredAt/hourLong-from))
		}
		if first < last {
			waiting[first]++
			waiting[last]--
		}
	}
	people := make([]float64, n)
	for _, s := range shifts {
		for i := max(0, int(s.FromAt/hourLong-from)); i < n && (from+clock.Instant(i))*hourLong < s.UntilAt; i++ {
			people[i] += peopleIn([]shift.Shift{s}, (from+clock.Instant(i))*hourLong, true)
		}
	}
	worked, waits := make([]forecast.Worked, n), 0
	for i := range worked {
		waits += waiting[i]
		worked[i] = forecast.Worked{Done: done[i], People: people[i], Waiting: waits > 0}
	}
	got, _ := forecast.Pace(worked)
	return got, nil
}
