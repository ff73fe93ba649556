package app

import (
	"context"

	"goodturn/internal/care"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/stint"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
)

// erase takes away for good who somebody was, with what each feature has of them.
func (a *App) erase(ctx context.Context, tx *db.Tx, by person.Actor, id int64, remote string) error {
	return person.Erase(ctx, tx, by, id, i18n.T(ctx, "Somebody who was erased"), remote, a.Rota.Erase, stint.Erase, thanks.Erase, care.Erase, a.eraseDrafts, a.eraseWork)
}

// eraseDrafts drops what they were writing, with its files.
func (a *App) eraseDrafts(ctx context.Context, tx *db.Tx, id int64) error {
	files, err := draft.Erase(ctx, tx, id)
	if err != nil {
		return err
	}
	return a.Tickets.Orphan(ctx, tx, files)
}

// eraseWork gives the open tickets that they have back to their teams.
func (a *App) eraseWork(ctx context.Context, tx *db.Tx, id int64) error {
	all, err := db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE assignee_id = $1 AND is_open AND trashed_at = 0 ORDER BY id`, id)
	if err != nil {
		return err
	}
	for _, number := range all {
		if err := a.Tickets.Assign(ctx, tx, ticket.By{Actor: person.System}, number, 0); err != nil {
			return err
		}
	}
	return nil
}
