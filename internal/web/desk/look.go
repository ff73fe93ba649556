package desk

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/view"
	"goodturn/internal/web/page"
)

// look is one request's look at the store: the transaction it reads in, who asks, and what several parts of a page need,
// loaded once.
type look struct {
	tx    *db.Tx
	visit page.Visit
	// seq is the hub's number from before the transaction began; see counts.
	seq uint64

	staff []person.Person
	teams []person.Team
	mine  *[]person.Team
	saved *[]view.View
	chose map[string]string
}

// read runs fn in one transaction that changes nothing.
func (d *Desk) read(ctx context.Context, v page.Visit, fn func(l *look) error) error {
	seq := d.Site.Hub.Seq()
	return d.Site.DB.Read(ctx, func(tx *db.Tx) error { return fn(&look{tx: tx, visit: v, seq: seq}) })
}

// allStaff are those who may be assigned a ticket.
func (l *look) allStaff(ctx context.Context) (_ []person.Person, err error) {
	if l.staff == nil {
		l.staff, err = person.Staff(ctx, l.tx)
	}
	return l.staff, err
}

// preferences are what the visitor chose for themselves, by name.
func (l *look) preferences(ctx context.Context) (_ map[string]string, err error) {
	if l.chose == nil {
		l.chose, err = person.Preferences(ctx, l.tx, l.visit.Actor.ID)
	}
	return l.chose, err
}

// allTeams are the teams that the visitor may know of.
func (l *look) allTeams(ctx context.Context) (_ []person.Team, err error) {
	if l.teams == nil {
		l.teams, err = person.VisibleTeams(ctx, l.tx, l.visit.Actor)
	}
	return l.teams, err
}
