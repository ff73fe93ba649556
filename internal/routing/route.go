package routing

import (
	"context"
	"errors"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Route leads what comes and fits its filter to a team. Routes are asked in the order of Place; the first that fits counts.
type Route struct {
	ID     int64
	Place  int64
	Filter string // of the filter language; it must not be empty
	TeamID int64
	Active bool
}

// maxRoutes bounds what is asked of each ticket that comes.
const maxRoutes = 200

// Routes lists the routes in their order.
func Routes(ctx context.Context, tx *db.Tx) ([]Route, error) {
	return db.All[Route](ctx, tx, `SELECT id, place, filter, team_id, active FROM team_route ORDER BY place, id`)
}

// SaveRoute adds a route at the end (ID 0) or changes one, and gives its id. The fields of what is wrong are filter and team.
func SaveRoute(ctx context.Context, tx *db.Tx, x Route) (int64, error) {
	x.Filter = strings.TrimSpace(x.Filter)
	all, err := Routes(ctx, tx)
	if err != nil {
		return 0, err
	}
	var wrong []fault.Field
	switch f, err := filterWrong(ctx, tx, x.Filter); {
	case err != nil:
		return 0, err
	case f != nil:
		wrong = append(wrong, *f)
	}
	teams, err := person.Teams(ctx, tx)
	if err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(teams, func(t person.Team) bool { return t.ID == x.TeamID }) {
		wrong = append(wrong, fault.F("team", i18n.M("Please choose one of the teams.")))
	}
	if x.ID == 0 && len(all) >= maxRoutes {
		wrong = append(wrong, fault.F("filter", i18n.M("There can be up to {{.Most}} routes.", "Most", maxRoutes)))
	}
	if err := fault.Check(wrong); err != nil {
		return 0, err
	}
	if x.ID == 0 {
		for _, o := range all {
			x.Place = max(x.Place, o.Place)
		}
		return db.One[int64](ctx, tx, `INSERT INTO team_route (place, filter, team_id, active, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`, x.Place+1, x.Filter, x.TeamID, x.Active, tx.Now)
	}
	n, err := tx.Exec(ctx, `UPDATE team_route SET filter = $2, team_id = $3, active = $4 WHERE id = $1`, x.ID, x.Filter, x.TeamID, x.Active)
	if err == nil && n == 0 {
		err = noRoute()
	}
	return x.ID, err
}

func noRoute() error { return fault.NotFound(i18n.M("There is no such route any more.")) }

// filterWrong says what is wrong with the filter of a route.
func filterWrong(ctx context.Context, tx *db.Tx, text string) (*fault.Field, error) {
	if text == "" {
		f := fault.F("filter", i18n.M("Please say which tickets, such as subject:vpn or mailbox:payroll@example.com. All that no route fits stay where they came."))
		return &f, nil
	}
	err := ticket.CheckFilter(ctx, tx, person.System, text)
	if e, ok := ticket.FilterError(err); ok {
		f := fault.F("filter", e.Message)
		return &f, nil
	}
	if x, ok := fault.Of(err); ok && len(x.Fields) > 0 {
		f := fault.F("filter", x.Fields[0].Message)
		return &f, nil
	}
	return nil, err
}

// Broken tells why the filter of a route cannot be used any more, such as a mailbox that is gone; nil when it can.
func (x Route) Broken(ctx context.Context, tx *db.Tx) (*fault.Field, error) {
	return filterWrong(ctx, tx, x.Filter)
}

// RemoveRoute removes a route. What it led somewhere stays there.
func RemoveRoute(ctx context.Context, tx *db.Tx, id int64) error {
	n, err := tx.Exec(ctx, `DELETE FROM team_route WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = noRoute()
	}
	return err
}

// MoveRoute moves a route one place up or down; at the end nothing happens.
func MoveRoute(ctx context.Context, tx *db.Tx, id int64, up bool) error {
	all, err := Routes(ctx, tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(x Route) bool { return x.ID == id })
	if at < 0 {
		return noRoute()
	}
	to := at + 1
	if up {
		to = at - 1
	}
	if to < 0 || to >= len(all) {
		return nil
	}
	all[at], all[to] = all[to], all[at]
	for i, x := range all {
		if _, err := tx.Exec(ctx, `UPDATE team_route SET place = $2 WHERE id = $1 AND place <> $2`, x.ID, i+1); err != nil {
			return err
		}
	}
	return nil
}

// lead moves a ticket that has just come to the team of the first route that fits, unless somebody chose its team: a colleague who wrote
// it down, a rule, or a program that named one. It gives the ticket as it is then.
func (r *Router) lead(ctx context.Context, tx *db.Tx, t ticket.Ticket) (ticket.Ticket, error) {
	if t.Channel == ticket.ByDesk || t.Channel == ticket.ByPhone {
		return t, nil
	}
	all, err := db.All[Route](ctx, tx, `SELECT id, place, filter, team_id, active FROM team_route WHERE active ORDER BY place, id`)
	if err != nil || len(all) == 0 {
		return t, err
	}
	if chosen, err := teamChosen(ctx, tx, t); err != nil || chosen {
		return t, err
	}
	facts, err := ticket.FactsOf(ctx, tx, t)
	if err != nil {
		return t, err
	}
	for _, x := range all {
		c, err := ticket.NewCondition(x.Filter)
		fits := false
		if err == nil {
			fits, err = ticket.Holds(ctx, tx, person.System, &facts, c)
		}
		if err != nil {
			if _, refused := fault.Of(err); !refused {
				return t, err
			}
			r.Log.Warn("a route cannot be asked", "route", x.ID, "error", err)
			continue
		}
		if !fits {
			continue
		}
		if x.TeamID == t.TeamID {
			return t, nil
		}
		err = r.attempt(ctx, tx, "a route could not be followed", t.ID, func() error {
			return r.Desk.MoveTo(ctx, tx, desk(Reason{Why: RouteWas, Route: x.ID}), t.ID, x.TeamID)
		})
		if err != nil {
			return t, err
		}
		return ticket.Get(ctx, tx, person.System, person.SeeTicket, t.ID)
	}
	return t, nil
}

// teamChosen tells that a ticket is not in the team where it would be by itself: that of its mailbox, or the desk's first.
func teamChosen(ctx context.Context, tx *db.Tx, t ticket.Ticket) (bool, error) {
	usual, err := db.One[int64](ctx, tx, `SELECT coalesce((SELECT team_id FROM mailbox WHERE id = $1), (SELECT id FROM team WHERE NOT private ORDER BY id LIMIT 1))`, t.MailboxID)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return usual != t.TeamID, err
}
