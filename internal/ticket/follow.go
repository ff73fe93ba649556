package ticket

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Follow has somebody told of every public message. Nothing happens when they follow already or are the
// requester.
func (d *Desk) Follow(ctx context.Context, tx *db.Tx, by By, id, personID int64) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	return d.follow(ctx, tx, by, t, personID)
}

func (d *Desk) follow(ctx context.Context, tx *db.Tx, by By, t Ticket, personID int64) error {
	if personID == t.RequesterID {
		return nil
	}
	if _, err := person.Get(ctx, tx, personID); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO follower (ticket_id, person_id) VALUES ($1, $2)
		ON CONFLICT (ticket_id, person_id) DO UPDATE SET by_merge = FALSE WHERE follower.by_merge`, t.ID, personID)
	if err != nil || n == 0 {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: Followed, ToValue: idText(personID)}, nil)
}

// Unfollow ends it. Links that the follower was mailed open nothing any more.
func (d *Desk) Unfollow(ctx context.Context, tx *db.Tx, by By, id, personID int64) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM follower WHERE ticket_id = $1 AND person_id = $2`, id, personID)
	if err != nil || n == 0 {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: Followed, FromValue: idText(personID)}, nil)
}

// Followers lists who follows a ticket, by name.
func Followers(ctx context.Context, tx *db.Tx, ticketID int64) ([]person.Person, error) {
	ids, err := db.All[int64](ctx, tx, `SELECT f.person_id FROM follower f JOIN person p ON p.id = f.person_id WHERE f.ticket_id = $1 AND p.active ORDER BY p.name, p.id`, ticketID)
	if err != nil {
		return nil, err
	}
	var out []person.Person
	for _, id := range ids {
		p, err := person.Get(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}
