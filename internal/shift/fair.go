package shift

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// How far back and ahead the sharing of the unloved hours is looked at, and from how many people on a mean is told: of two, it would tell the other's.
const (
	fairPast   = 8 * 7 * 24 * time.Hour
	fairAhead  = 4 * 7 * 24 * time.Hour
	fairPeople = 3
)

// Fair is how the unloved hours of a team (evenings, nights, weekends, and what was said to be) are shared, for one of its people: their own, and the mean.
// There is no such thing for anybody else.
type Fair struct {
	Span   Span
	Mine   int // minutes
	Mean   int // minutes a person of the team; 0 where People are too few to tell
	People int
}

// Known tells that the mean is told.
func (f Fair) Known() bool { return f.People >= fairPeople }

// Even tells that somebody has about as much as all: within two hours, or a fifth.
func (f Fair) Even() bool {
	far := f.Mine - f.Mean
	return max(far, -far) <= max(120, f.Mean/5)
}

func fairSpan(now clock.Instant) Span { return Span{now.Add(-fairPast), now.Add(fairAhead)} }

// FairOf tells somebody of their own share in the unloved hours of a team of theirs. Only what is published counts.
func FairOf(ctx context.Context, tx *db.Tx, a person.Actor, teamID int64) (f Fair, err error) {
	f.Span = fairSpan(tx.Now)
	row, err := db.One[struct{ Mine, Total int }](ctx, tx, `SELECT coalesce(CAST(sum(CASE WHEN s.person_id = $4 THEN s.unloved ELSE 0 END) AS BIGINT), 0) AS mine, coalesce(CAST(sum(s.unloved) AS BIGINT), 0) AS total
		FROM shift s JOIN team_member m ON m.team_id = s.team_id AND m.person_id = s.person_id WHERE s.team_id = $1 AND s.from_at >= $2 AND s.from_at < $3 AND s.published`, teamID, f.Span.From, f.Span.Until, a.ID)
	if err != nil {
		return f, err
	}
	f.Mine = row.Mine
	f.People, err = db.One[int](ctx, tx, `SELECT count(*) FROM team_member m JOIN person p ON p.id = m.person_id WHERE m.team_id = $1 AND p.active`, teamID)
	if f.Known() {
		f.Mean = row.Total / f.People
	}
	return f, err
}

// Unloved is what each of a team's people has of its unloved hours, in minutes, drafts too. It is for working out a rota and for saying who is asked next, and must
// not be shown.
func Unloved(ctx context.Context, tx *db.Tx, teamID int64) (map[int64]int, error) {
	in := fairSpan(tx.Now)
	rows, err := db.All[struct {
		PersonID int64
		Total    int
	}](ctx, tx, `SELECT person_id, CAST(sum(unloved) AS BIGINT) AS total FROM shift WHERE team_id = $1 AND from_at >= $2 AND from_at < $3 AND person_id IS NOT NULL GROUP BY person_id`, teamID, in.From, in.Until)
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r.Total
	}
	return out, err
}

// Next is who the rule asks for a shift, and why.
type Next struct {
	PersonID int64
	Name     string
	Why      i18n.Text
}

// NextAsked says whom the rule would ask for an open shift: among those against whom nothing stands, whoever had least of the unloved hours where the shift has
// some, else whoever has least planned in its week. False for nobody. It is for whoever plans.
func NextAsked(ctx context.Context, tx *db.Tx, c Crew, s Shift) (n Next, ok bool, err error) {
	had := map[int64]int{}
	if s.Unloved > 0 {
		if had, err = Unloved(ctx, tx, c.Team); err != nil {
			return n, false, err
		}
	}
	least := 0
	for _, m := range c.Members {
		if Worst(c.Against(s, m.ID)) > Note {
			continue
		}
		is := m.Planned(s.FromAt, c.Zone)
		if s.Unloved > 0 {
			is = had[m.ID]
		}
		if !ok || is < least {
			n, least, ok = Next{PersonID: m.ID, Name: m.Name}, is, true
		}
	}
	n.Why = i18n.M("has room in that week, and nothing stands against it")
	if s.Unloved > 0 {
		n.Why = i18n.M("it is their turn for the hours that nobody loves, and nothing stands against it")
	}
	return n, ok, err
}
