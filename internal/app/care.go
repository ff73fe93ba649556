package app

import (
	"context"
	"slices"

	"goodturn/internal/care"
	"goodturn/internal/db"
	"goodturn/internal/notice"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// careFor builds what looks after whoever answers.
func (a *App) careFor() {
	a.Care = &care.Keeper{Warn: a.warnLeads, Hold: routing.Hold}
	a.Router.Spare = a.Care.Spare
}

// warnLeads tells the leads who may see a ticket that it holds a threat; where none of them may, everybody of its team.
func (a *App) warnLeads(ctx context.Context, tx *db.Tx, t ticket.Ticket, words string) error {
	people, err := db.All[int64](ctx, tx, `SELECT id FROM person WHERE role IN ('lead', 'administrator') AND active AND merged_into IS NULL ORDER BY id`)
	if err != nil {
		return err
	}
	if t.TeamPrivate {
		type member struct {
			ID   int64
			Lead bool
		}
		all, err := db.All[member](ctx, tx, `SELECT p.id, p.role IN ('lead', 'administrator') AS lead FROM team_member m JOIN person p ON p.id = m.person_id WHERE m.team_id = $1 AND p.active ORDER BY p.id`, t.TeamID)
		if err != nil {
			return err
		}
		led := slices.ContainsFunc(all, func(m member) bool { return m.Lead })
		people = nil
		for _, m := range all {
			if m.Lead || !led {
				people = append(people, m.ID)
			}
		}
	}
	return a.Notices.Tell(ctx, tx, t, people, notice.Threatened, words)
}
