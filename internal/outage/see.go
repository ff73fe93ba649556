package outage

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// seen tells whether an outage exists for the requester's side of a circle.
func seen(c person.Circle, o Outage) bool {
	switch o.Audience {
	case Everybody:
		return true
	case SomeOrganisations:
		return slices.ContainsFunc(o.Organisations, c.Holds)
	}
	return false
}

// visible gives an outage that exists in a circle.
func visible(ctx context.Context, tx *db.Tx, c person.Circle, id int64) (Outage, error) {
	o, err := load(ctx, tx, id)
	if err == nil && !seen(c, o) {
		return Outage{}, NotFound()
	}
	return o, err
}

// Shown is an outage as the requester's side sees it.
type Shown struct {
	Outage
	// People is how many have it, as far as that may be told; 0 says nothing.
	People int
	// Mine says that the reader is one of them.
	Mine    bool
	Updates []Update // the newest first
}

// See gives an outage with its news as it may be shown in a circle; reader is whoever looks, 0 for nobody known.
func See(ctx context.Context, tx *db.Tx, c person.Circle, id, reader int64) (Shown, error) {
	o, err := visible(ctx, tx, c, id)
	if err != nil {
		return Shown{}, err
	}
	all, err := show(ctx, tx, c, reader, []Outage{o})
	if err != nil {
		return Shown{}, err
	}
	return all[0], nil
}

// Window is how long what is over is still shown among the rest.
const Window = 7 * 24 * time.Hour

// mostShown is how many of each sort are shown together.
const mostShown = 50

// Standing is what a status page says: what is broken now, what is planned, and what was over lately. The newest news of each comes first.
type Standing struct {
	Now, Planned, Past []Shown
	// ChangedAt is when any of it last changed; 0 for nothing there.
	ChangedAt clock.Instant
}

// Status gives what may be shown in a circle.
func Status(ctx context.Context, tx *db.Tx, c person.Circle, reader int64) (s Standing, err error) {
	all, err := db.All[Outage](ctx, tx, `SELECT `+columns+` FROM outage o WHERE o.state IN ('open', 'planned') AND o.audience <> 'team' ORDER BY o.since_at, o.id`)
	if err != nil {
		return s, err
	}
	past, err := db.All[Outage](ctx, tx, `SELECT `+columns+` FROM outage o WHERE o.over_at > $1 AND o.audience <> 'team' ORDER BY o.over_at DESC, o.id DESC`, tx.Now.Add(-Window))
	if err != nil {
		return s, err
	}
	all = append(all, past...)
	if err := organisations(ctx, tx, all); err != nil {
		return s, err
	}
	all = slices.DeleteFunc(all, func(o Outage) bool { return !seen(c, o) })
	shown, err := show(ctx, tx, c, reader, all)
	if err != nil {
		return s, err
	}
	for _, o := range shown {
		s.ChangedAt = max(s.ChangedAt, o.ChangedAt)
		switch {
		case o.State == Open && len(s.Now) < mostShown:
			s.Now = append(s.Now, o)
		case o.State == Planned && len(s.Planned) < mostShown:
			s.Planned = append(s.Planned, o)
		case !o.State.Current() && len(s.Past) < mostShown:
			s.Past = append(s.Past, o)
		}
	}
	return s, nil
}

// show adds news and numbers.
func show(ctx context.Context, tx *db.Tx, c person.Circle, reader int64, all []Outage) ([]Shown, error) {
	ids := make([]int64, len(all))
	for i, o := range all {
		ids[i] = o.ID
	}
	counts, err := Counts(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	news, err := updates(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	mine, err := mineOf(ctx, tx, ids, reader)
	out := make([]Shown, len(all))
	for i, o := range all {
		out[i] = Shown{Outage: o, People: counts[o.ID].In(c), Mine: slices.Contains(mine, o.ID), Updates: news[o.ID]}
	}
	return out, err
}

// mineOf gives those outages that somebody has.
func mineOf(ctx context.Context, tx *db.Tx, ids []int64, reader int64) ([]int64, error) {
	if reader == 0 || len(ids) == 0 {
		return nil, nil
	}
	args := db.Args{reader}
	return db.All[int64](ctx, tx, `SELECT h.outage_id FROM (`+having+` AND a.outage_id IN (`+db.List(&args, ids)+`)) AS h WHERE h.person_id = $1`, args...)
}
