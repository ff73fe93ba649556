package app

import (
	"context"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/blob"
	"goodturn/internal/bulk"
	"goodturn/internal/care"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/fixnote"
	"goodturn/internal/handoff"
	"goodturn/internal/intake"
	"goodturn/internal/line"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/outage"
	"goodturn/internal/outcome"
	"goodturn/internal/papercut"
	"goodturn/internal/routing"
	"goodturn/internal/sla"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
)

// forget is what features drop of a ticket that is deleted for good.
func forget() []func(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	return []func(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error){mailbox.Forget, bulk.Forget, draft.Forget, notice.Forget, routing.Forget, automation.Forget, sla.Forget, line.Forget, outage.Forget, handoff.Forget, fixnote.Forget, outcome.Forget, intake.Forget, papercut.Forget, thanks.Forget, care.Forget}
}

// usesFile tells whether a feature needs a file.
func usesFile(ctx context.Context, tx *db.Tx, f blob.Ref) (bool, error) {
	for _, uses := range []func(context.Context, *db.Tx, blob.Ref) (bool, error){mailbox.UsesFile, draft.UsesFile} {
		if used, err := uses(ctx, tx, f); err != nil || used {
			return used, err
		}
	}
	return false, nil
}

const purgeEvery = time.Hour

// purge empties the trash of what has lain there long enough.
func (a *App) purge(ctx context.Context) error {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		a.purgeNow(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (a *App) purgeNow(ctx context.Context) {
	p, err := a.Tickets.SweepTrash(ctx, a.DB)
	if err != nil && ctx.Err() == nil {
		a.Config.Log.Error("the trash could not be emptied", "error", err)
	}
	removed, err := ticket.SweepFiles(ctx, a.DB, a.Blobs, usesFile)
	if err != nil && ctx.Err() == nil {
		a.Config.Log.Error("files of deleted tickets could not be removed", "error", err)
	}
	if p.Tickets > 0 || removed > 0 {
		a.Config.Log.Info("trash emptied", "tickets", p.Tickets, "messages", p.Messages, "files_removed", removed)
	}
}
