package ticket

import (
	"context"
	"errors"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

// FailDelivery notes on the spine that a message did not reach an address. why is in words that an agent
// can act on.
func (d *Desk) FailDelivery(ctx context.Context, tx *db.Tx, m Message, address, why string) error {
	by := By{Actor: person.System}
	t, err := take(ctx, tx, by, person.SeeTicket, m.TicketID)
	if err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: DeliveryFailed, ToValue: address, Cause: why, MessageID: m.ID}, nil)
}

// SetMessageID fixes the Message-ID (RFC 5322 §3.6.4, without <>) that a message of ours has in every
// mail that carries it.
func SetMessageID(ctx context.Context, tx *db.Tx, messageID int64, id string) error {
	_, err := tx.Exec(ctx, `UPDATE message SET rfc_message_id = $2 WHERE id = $1`, messageID, id)
	return err
}

// MessageByRFC finds the message that has one of these Message-IDs, the first of them that there is. None
// is db.ErrNoRow.
func MessageByRFC(ctx context.Context, tx *db.Tx, ids ...string) (Message, error) {
	for _, id := range ids {
		m, err := db.One[Message](ctx, tx, `SELECT `+messageColumns+` FROM message WHERE rfc_message_id = $1 AND rfc_message_id <> '' ORDER BY id LIMIT 1`, id)
		if !errors.Is(err, db.ErrNoRow) {
			return m, err
		}
	}
	return Message{}, db.ErrNoRow
}

// DropLink takes back a link whose mail was never sent.
func DropLink(ctx context.Context, tx *db.Tx, token string) error {
	_, err := tx.Exec(ctx, `DELETE FROM access_link WHERE hash = $1`, secret.Hash(token))
	return err
}
