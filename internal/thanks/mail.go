package thanks

import (
	"context"
	"errors"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Reads tells, for ticket.Desk.OnlyThanks, whether somebody's message on a ticket that is done only says thanks.
func (b *Book) Reads(ctx context.Context, tx *db.Tx, t ticket.Ticket, m ticket.Draft) (bool, error) {
	set, err := ReadSetting(ctx, tx)
	if err != nil || set.NoMail {
		return false, err
	}
	names, err := db.All[string](ctx, tx, `SELECT p.name FROM person p WHERE p.id IN (SELECT e.person_id FROM event e WHERE e.ticket_id = $1) OR p.id = $2 OR p.id = $3`, t.ID, t.RequesterID, t.AssigneeID)
	if err != nil {
		return false, err
	}
	return OnlyThanks(Said{Text: m.Text, Subject: m.Subject, TicketSubject: t.Subject, Files: len(m.Files) > 0, Names: names}), nil
}

// Hook is for ticket.Desk.Hooks: it makes a card of a message that only says thanks.
func (b *Book) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		if e.What != ticket.Messaged || m == nil || !m.OnlyThanks || m.AuthorID == 0 {
			return nil
		}
		to, err := thanked(ctx, tx, t, m.AuthorID)
		if err != nil {
			return err
		}
		by := ticket.By{Actor: person.Actor{ID: e.PersonID, System: e.PersonID == 0}, Cause: e.Cause}
		_, err = b.keep(ctx, tx, by, t, Card{TicketID: t.ID, FromID: m.AuthorID, ToID: to, Text: clean(m.Text), How: ByMail, MessageID: m.ID})
		return err
	}
}

// thanked is whom a message that only says thanks is for: who has the ticket, else who answered last; 0, the desk, where that is nobody who
// is still here.
func thanked(ctx context.Context, tx *db.Tx, t ticket.Ticket, author int64) (int64, error) {
	id, err := db.One[int64](ctx, tx, `SELECT p.id FROM person p WHERE p.active AND p.merged_into IS NULL AND p.role <> 'requester' AND p.id <> $2
		AND (p.id = $3 OR p.id IN (SELECT m.author_id FROM message m WHERE m.ticket_id = $1 AND NOT m.internal AND NOT m.inbound AND NOT m.automatic))
		ORDER BY CASE WHEN p.id = $3 THEN 0 ELSE 1 END, (SELECT max(m.id) FROM message m WHERE m.ticket_id = $1 AND m.author_id = p.id AND NOT m.internal) DESC NULLS LAST LIMIT 1`, t.ID, author, t.AssigneeID)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil
	}
	return id, err
}

// OfMessage are the cards that messages of a ticket were taken for, by message.
func OfMessage(ctx context.Context, tx *db.Tx, ticketID int64) (map[int64]Card, error) {
	all, err := db.All[Card](ctx, tx, `SELECT `+columns+joins+` WHERE c.ticket_id = $1 AND c.message_id IS NOT NULL`, ticketID)
	out := make(map[int64]Card, len(all))
	for _, c := range all {
		out[c.MessageID] = c
	}
	return out, err
}

// NotThanks takes back that a message of a ticket was taken for thanks: the card is gone, and the desk opens the ticket again. That by may
// change the ticket has been checked. One that was taken back already is no error.
func (b *Book) NotThanks(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, cardID int64) error {
	if err := tx.Lock(ctx, "ticket", t.ID); err != nil {
		return err
	}
	if dropped, err := b.dropMail(ctx, tx, t, cardID); err != nil || !dropped {
		return err
	}
	now, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, t.ID)
	if err != nil || now.IsOpen {
		return err
	}
	by.Cause = ticket.NotOnlyThanks
	return b.Desk.SetStatus(ctx, tx, by, t.ID, ticket.Open)
}

// Unsolved is NotThanks by whoever wrote the message. What they add, text, opens the ticket.
func (b *Book) Unsolved(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, cardID int64, text string) error {
	if err := tx.Lock(ctx, "ticket", t.ID); err != nil {
		return err
	}
	c, err := get(ctx, tx, cardID)
	if err == nil && (c.TicketID != t.ID || c.FromID != by.ID || c.How != ByMail) {
		err = errGone
	}
	if err != nil {
		return err
	}
	if _, err := b.dropMail(ctx, tx, t, cardID); err != nil {
		return err
	}
	_, err = b.Desk.Answer(ctx, tx, by, t.ID, ticket.Draft{Text: text, Channel: ticket.ByForm})
	return err
}

func (b *Book) dropMail(ctx context.Context, tx *db.Tx, t ticket.Ticket, cardID int64) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM card WHERE id = $1 AND ticket_id = $2 AND how = 'mail'`, cardID, t.ID)
	return n > 0, err
}
