package stint

import (
	"context"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Span is from a moment to another.
type Span struct{ From, Until clock.Instant }

// Rota is who is on shift in a team for a while, as it is published.
type Rota struct {
	// Until is how far it is known: when the last published shift of the team is over. 0 is a team without a rota; what lies after it is planned by working hours.
	Until  clock.Instant
	Shifts map[int64][]Span // of people, the first first
}

func (k *Keeper) rota(ctx context.Context, tx *db.Tx, teamID int64, from, until clock.Instant) (Rota, error) {
	if k.Rota == nil {
		return Rota{}, nil
	}
	return k.Rota(ctx, tx, teamID, from, until)
}

// has tells that somebody is on shift from a moment to another, as far as is known. A turn of more than a day needs a mentor who is on shift when it begins.
func (r Rota) has(personID int64, from, until clock.Instant) bool {
	if from >= r.Until {
		return true
	}
	if until.Sub(from) > 24*time.Hour {
		until = from + 1
	}
	for _, x := range r.Shifts[personID] {
		if x.From <= from && from < x.Until {
			from = x.Until // the next may follow at once
		}
	}
	return from >= until
}

// beginnings are when a turn may begin on a day: a while after the desk opened, or after the shift of a mentor began.
func (r Rota) beginnings(mentors []person.Person, first, closes clock.Instant) []clock.Instant {
	out := []clock.Instant{first}
	for _, m := range mentors {
		for _, x := range r.Shifts[m.ID] {
			if at := x.From.Add(settle); at > first && at < closes {
				out = append(out, at)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
