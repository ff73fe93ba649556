package person

import (
	"context"
	"errors"
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
)

// Actor is somebody who asks for something, with all that decides what they may do. It is loaded anew
// for every request, so that a right that ends, ends at once.
type Actor struct {
	ID             int64
	Name           string
	Role           Role
	Language       string
	Zone           string
	OrganisationID int64
	SeesColleagues bool    // the organisation lets its people see each other's tickets
	Hidden         []int64 // private teams they do not belong to
	ReadOnly       bool    // a token that may look only
	OnlyTicket     int64   // they came by the link of one ticket: it alone exists for them
	System         bool    // the desk itself

	// Guest says that they take a turn at the desk just now, without working there: of its tickets they know those Lent to them alone.
	Guest bool
	Lent  []Lent
}

// System is the desk itself: what mail and jobs do without a person.
var System = Actor{System: true, Role: Administrator}

// Nobody is a visitor who has not signed in.
var Nobody = Actor{}

// SignedIn tells that the actor is a known person with all of that person's own rights.
func (a Actor) SignedIn() bool { return a.ID != 0 && a.OnlyTicket == 0 }

// Staff tells that the actor works at the desk.
func (a Actor) Staff() bool { return a.System || (a.SignedIn() && a.Role.AtLeast(Agent)) }

func (a Actor) hidden(team int64) bool { return slices.Contains(a.Hidden, team) }

// Narrow lowers the actor's role, as a token may. It leaves nothing of what is lent to a guest.
func (a Actor) Narrow(to Role, readOnly bool) Actor {
	if to != "" && a.Role.AtLeast(to) {
		a.Role = to
	}
	a.ReadOnly = a.ReadOnly || readOnly
	a.Guest, a.Lent = false, nil // what is lent to guests, they see on its pages alone
	return a
}

// ForTicket is the actor as the holder of one ticket's link: a requester to whom nothing else exists.
func (a Actor) ForTicket(id int64) Actor {
	a.Role, a.OnlyTicket, a.SeesColleagues, a.OrganisationID = Requester, id, false, 0
	a.Guest, a.Lent = false, nil
	return a
}

// ActorOf loads a person's rights. Somebody who is not active has none.
func ActorOf(ctx context.Context, tx *db.Tx, id int64) (Actor, error) {
	r, err := db.One[actorRow](ctx, tx, actorQuery+` WHERE p.id = $1 AND p.active AND p.merged_into IS NULL`, id)
	if err != nil {
		return Nobody, err
	}
	hidden, err := db.All[int64](ctx, tx, `SELECT t.id FROM team t WHERE t.private AND NOT EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = t.id AND m.person_id = $1)`, id)
	a := r.actor(tx.Now)
	a.Hidden = hidden
	if err == nil && a.Guest {
		a.Lent, err = lentTo(ctx, tx, id)
	}
	return a, err
}

// ActorsOf loads the rights of several people at once. Who is not active is not among them.
func ActorsOf(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]Actor, error) {
	out := make(map[int64]Actor, len(ids))
	if len(ids) == 1 {
		a, err := ActorOf(ctx, tx, ids[0])
		if errors.Is(err, db.ErrNoRow) {
			return out, nil
		}
		out[a.ID] = a
		return out, err
	}
	var args db.Args
	list := db.List(&args, ids)
	rows, err := db.All[actorRow](ctx, tx, actorQuery+` WHERE p.id IN (`+list+`) AND p.active AND p.merged_into IS NULL`, args...)
	if err != nil || len(rows) == 0 {
		return out, err
	}
	type hidden struct{ PersonID, TeamID int64 }
	args = nil
	list = db.List(&args, ids)
	kept, err := db.All[hidden](ctx, tx, `SELECT p.id AS person_id, t.id AS team_id FROM team t JOIN person p ON p.id IN (`+list+`)
		WHERE t.private AND NOT EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = t.id AND m.person_id = p.id)`, args...)
	for _, r := range rows {
		a := r.actor(tx.Now)
		if a.Guest && err == nil {
			a.Lent, err = lentTo(ctx, tx, a.ID)
		}
		for _, h := range kept {
			if h.PersonID == a.ID {
				a.Hidden = append(a.Hidden, h.TeamID)
			}
		}
		out[a.ID] = a
	}
	return out, err
}

// actorRow is what decides what a person may do.
type actorRow struct {
	ID             int64
	Name           string
	Role           Role
	Language       string
	Zone           string
	OrganisationID int64
	SeeColleagues  bool
	GuestFrom      clock.Instant
	GuestUntil     clock.Instant
}

const actorQuery = `SELECT p.id, p.name, p.role, p.language, p.zone, p.organisation_id, o.see_colleagues,
	coalesce(g.from_at, 0) AS guest_from, coalesce(g.until, 0) AS guest_until
	FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id LEFT JOIN desk_guest g ON g.person_id = p.id`

func (r actorRow) actor(now clock.Instant) Actor {
	return Actor{
		ID: r.ID, Name: r.Name, Role: r.Role, Language: r.Language, Zone: r.Zone, OrganisationID: r.OrganisationID, SeesColleagues: r.SeeColleagues,
		Guest: !r.Role.AtLeast(Agent) && r.GuestFrom <= now && now < r.GuestUntil,
	}
}
