package desk

import (
	"context"
	"errors"
	"net/http"

	"goodturn/internal/care"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// pause answers POST /account/pause: what the visitor says of a pause that was suggested to them.
func (d *Desk) pause(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	take := r.PostFormValue("value") == "take"
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return d.Care.Answer(ctx, tx, v.Actor, take) })
	if err != nil {
		return err
	}
	if take {
		d.Site.Tell(w, i18n.T(ctx, "Nothing new comes to you for twenty minutes. Have some fresh air."))
	}
	return page.Goto(w, r, "/tickets")
}

// handOver answers POST /tickets/{number}/hand-over: somebody else gets the visitor's ticket, and nobody is told why.
func (d *Desk) handOver(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var to int64
	name := ""
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if to, err = d.Router.HandOn(ctx, tx, v.Actor, number); err != nil || to == 0 {
			return err
		}
		all, err := db.All[string](ctx, tx, `SELECT name FROM person WHERE id = $1`, to)
		if len(all) > 0 {
			name = firstName(all[0])
		}
		return err
	})
	switch {
	case errors.Is(err, routing.NotYours):
		d.Site.Warn(w, i18n.T(ctx, "Somebody else has this ticket now, so there is nothing to hand over."))
	case err != nil:
		return err
	case to == 0:
		d.Site.Tell(w, i18n.T(ctx, "It is with the team again. Nobody is told why."))
	default:
		d.Site.Tell(w, i18n.T(ctx, "{{.Name}} has it now. Nobody is told why.", "Name", name))
	}
	return page.Goto(w, r, ticketURL(number))
}

// hardOn tells whether a ticket of the visitor's is one that they may hand over without a word.
func (d *Desk) hardOn(ctx context.Context, l *look, t ticket.Ticket) (bool, error) {
	if d.Router == nil || t.AssigneeID != l.visit.Actor.ID || !t.IsOpen {
		return false, nil
	}
	return care.Hard(ctx, l.tx, t)
}

// folds tells whether strong language is folded.
func folds(ctx context.Context, tx *db.Tx) (bool, error) {
	set, err := care.ReadSetting(ctx, tx)
	return !set.NoFold, err
}

// foldLast takes strong language out of the last lines of tickets in a list.
func foldLast(ctx context.Context, tx *db.Tx, rows []ListRow) error {
	for i, r := range rows {
		if !care.Look(r.Last).Any() {
			continue
		}
		if fold, err := folds(ctx, tx); err != nil || !fold {
			return err
		}
		rows[i].Last = i18n.T(ctx, "strong language")
	}
	return nil
}
