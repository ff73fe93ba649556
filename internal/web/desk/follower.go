package desk

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// followers answers POST /tickets/{number}/followers: add is an address or a name, remove a person's id.
func (d *Desk) followers(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.setOr(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		if gone := r.PostFormValue("remove"); gone != "" {
			return d.Tickets.Unfollow(ctx, tx, by, number, idOf(gone))
		}
		p, err := whoIs(ctx, tx, r.PostFormValue("add"), false)
		if err != nil {
			return err
		}
		return d.Tickets.Follow(ctx, tx, by, number, p.ID)
	}, func(t *typed, message string) { t.follower, t.followerError = r.PostFormValue("add"), message })
}

// revokeLinks answers POST /tickets/{number}/links/revoke: the links of one person, the field person, open nothing more.
func (d *Desk) revokeLinks(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		return d.Tickets.RevokeLinks(ctx, tx, by, number, idOf(r.PostFormValue("person")))
	})
}
