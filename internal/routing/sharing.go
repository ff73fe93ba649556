package routing

import (
	"context"
	"errors"
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Way is how a team shares its work.
type Way string

// The ways.
const (
	Pull  Way = "none"  // nobody is given anything: everybody takes what they can
	Turns Way = "turn"  // one after the other
	Least Way = "least" // whoever has the least to do
)

// Ways lists them.
func Ways() []Way { return []Way{Pull, Turns, Least} }

// Sharing is how a team shares its work.
type Sharing struct {
	TeamID     int64 `db:"id"`
	Way        Way
	Capacity   int64 // how many tickets that are our turn somebody may have before nothing more is given to them; 0 for no limit
	CalendarID int64 // the team's working hours; 0 for the desk's standard
	AtWork     bool  // tickets are given only to those who are at work now
	LastHelper bool  // whoever helped the requester last comes first
	OfferAfter int64 // after how many working minutes a ticket that nobody took is offered around; 0 for never
	OfferFor   int64 // for how many minutes it is offered to one person
	OfferLeads bool  // when nobody took it, the leads are asked

	Turns   int64         // how many tickets were given by turn
	AgainAt clock.Instant // when what waits to be shared is looked at again; 0 for not by itself
}

const sharingColumns = `id, way, capacity, calendar_id, at_work, last_helper, offer_after, offer_for, offer_leads, turns, again_at`

// Limits of what can be set.
const (
	maxCapacity = 1000
	maxMinutes  = 7 * 24 * 60
)

// usual is how a team shares its work for which nothing is set.
func usual(team int64) Sharing {
	return Sharing{TeamID: team, Way: Pull, AtWork: true, LastHelper: true, OfferFor: 10, OfferLeads: true}
}

// SharingOf gives how a team shares its work; one for which nothing is set leaves it to everybody to take something.
func SharingOf(ctx context.Context, tx *db.Tx, team int64) (Sharing, error) {
	s, err := db.One[Sharing](ctx, tx, `SELECT `+sharingColumns+` FROM team_sharing WHERE id = $1`, team)
	if errors.Is(err, db.ErrNoRow) {
		return usual(team), nil
	}
	return s, err
}

// Check says what cannot be, by the names way, capacity, offer_after and offer_for.
func (s Sharing) Check() error {
	var wrong []fault.Field
	if !slices.Contains(Ways(), s.Way) {
		wrong = append(wrong, fault.F("way", i18n.M("Please choose how the work is shared.")))
	}
	if s.Capacity < 0 || s.Capacity > maxCapacity {
		wrong = append(wrong, fault.F("capacity", i18n.M("Please give a number from 1 to {{.Most}}, or nothing for no limit.", "Most", maxCapacity)))
	}
	if s.OfferAfter < 0 || s.OfferAfter > maxMinutes {
		wrong = append(wrong, fault.F("offer_after", i18n.M("Please give minutes from 1 to {{.Most}}, or nothing for never.", "Most", maxMinutes)))
	}
	if s.OfferAfter != 0 && (s.OfferFor < 1 || s.OfferFor > maxMinutes) {
		wrong = append(wrong, fault.F("offer_for", i18n.M("Please give minutes from 1 to {{.Most}}.", "Most", maxMinutes)))
	}
	return fault.Check(wrong)
}

// SaveSharing sets how a team shares its work. What waits in it is looked at anew.
func (r *Router) SaveSharing(ctx context.Context, tx *db.Tx, s Sharing) error {
	if err := errors.Join(s.Check(), r.checkCalendar(ctx, tx, s.CalendarID)); err != nil {
		return err
	}
	if s.OfferFor == 0 {
		s.OfferFor = usual(s.TeamID).OfferFor
	}
	_, err := tx.Exec(ctx, `INSERT INTO team_sharing (id, way, capacity, calendar_id, at_work, last_helper, offer_after, offer_for, offer_leads, again_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET way = excluded.way, capacity = excluded.capacity, calendar_id = excluded.calendar_id,
		at_work = excluded.at_work, last_helper = excluded.last_helper, offer_after = excluded.offer_after, offer_for = excluded.offer_for, offer_leads = excluded.offer_leads, again_at = excluded.again_at`,
		s.TeamID, s.Way, s.Capacity, s.CalendarID, s.AtWork, s.LastHelper, s.OfferAfter, s.OfferFor, s.OfferLeads, tx.Now)
	return err
}
