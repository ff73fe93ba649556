package ticket

import (
	"context"
	"errors"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Off says what of a ticket becomes a ticket of its own.
type Off struct {
	Message int64  // the id of the message
	Rest    bool   // all messages after it too
	Subject string // "": from the message's text
}

// Split makes a ticket of its own of a message, or of it and all that came after. The messages go over with their files
// and mails, and both tickets say so. Who wrote the message asks on the new one, if they are of the requester's side. It is
// undone by merging the two.
func (d *Desk) Split(ctx context.Context, tx *db.Tx, by By, id int64, off Off) (Ticket, error) {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return Ticket{}, err
	}
	if t.Turn.Aside() {
		return Ticket{}, fault.Conflict(i18n.M("This ticket is set aside, so nothing can be split off from it."))
	}
	all, err := Messages(ctx, tx, t.ID, true)
	if err != nil {
		return Ticket{}, err
	}
	at := slices.IndexFunc(all, func(m Message) bool { return m.ID == off.Message })
	if at < 0 {
		return Ticket{}, fault.Invalid(fault.F("message", i18n.M("There is no such message on this ticket.")))
	}
	goes := all[at : at+1]
	if off.Rest {
		goes = all[at:]
	}
	if len(goes) == len(all) {
		return Ticket{}, fault.Invalid(fault.F("message", i18n.M("This is all that was said on the ticket. Something must stay.")))
	}
	made, err := d.splitInto(ctx, tx, by, t, goes, off.Subject)
	if err != nil {
		return made, err
	}
	had := t.Messages
	marks, err := unreadOf(ctx, tx, t.ID)
	if err != nil {
		return made, err
	}
	if err := errors.Join(renumber(ctx, tx, &t, marks), renumber(ctx, tx, &made, nil)); err != nil {
		return made, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO ticket_read (person_id, ticket_id, seq, read_at) SELECT id, $2, $3, $4 FROM person WHERE id = $1 ON CONFLICT DO NOTHING`, by.ID, made.ID, made.Messages, tx.Now)
	if err != nil {
		return made, err
	}
	if err := d.record(ctx, tx, by, made, Event{What: SplitOff, FromValue: idText(t.ID)}, nil); err != nil {
		return made, err
	}
	if err := d.record(ctx, tx, by, t, Event{What: SplitOff, ToValue: idText(made.ID)}, nil); err != nil {
		return made, err
	}
	return made, errors.Join(reindex(ctx, tx, t, had), reindex(ctx, tx, made, 0))
}

// splitInto makes the ticket and brings the messages there.
func (d *Desk) splitInto(ctx context.Context, tx *db.Tx, by By, t Ticket, goes []Message, subject string) (Ticket, error) {
	first := goes[0]
	requester := t.RequesterID
	if first.Inbound && first.AuthorID != 0 {
		requester = first.AuthorID
	}
	who, err := person.Get(ctx, tx, requester)
	if err != nil {
		return Ticket{}, err
	}
	made := Ticket{
		Subject: firstOf(CleanSubject(subject, first.Text), i18n.T(ctx, "No subject")), Status: Open, IsOpen: true, Turn: Ours, Priority: t.Priority, Kind: t.Kind, Channel: first.Channel,
		TeamID: t.TeamID, TeamPrivate: t.TeamPrivate, AssigneeID: t.AssigneeID, RequesterID: who.ID, OrganisationID: who.OrganisationID, MailboxID: t.MailboxID, CreatedAt: tx.Now, StatusAt: tx.Now, ActivityAt: tx.Now,
	}
	for _, m := range goes {
		switch {
		case m.Internal || m.Automatic:
		case m.Inbound && made.WaitingSince == 0:
			made.WaitingSince = m.CreatedAt
		case !m.Inbound:
			made.WaitingSince = 0
		}
	}
	if made.ID, err = db.One[int64](ctx, tx, `UPDATE counter SET value = value + 1 WHERE name = 'ticket' RETURNING value`); err != nil {
		return made, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, assignee_id, requester_id, organisation_id, mailbox_id,
		last_text, last_by, messages, waiting_since, answered_at, solved_at, closed_at, created_at, status_at, activity_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', 0, $14, 0, 0, 0, $15, $15, $15)`,
		made.ID, made.Subject, made.Status, made.IsOpen, made.Turn, made.Priority, made.Kind, made.Channel, made.TeamID, orNull(made.AssigneeID), made.RequesterID, orNull(made.OrganisationID), orNull(made.MailboxID),
		made.WaitingSince, made.CreatedAt)
	if err != nil {
		return made, err
	}
	for _, m := range goes {
		if _, err := tx.Exec(ctx, `UPDATE message SET ticket_id = $2, seq = -id, home_id = NULL WHERE id = $1`, m.ID, made.ID); err != nil {
			return made, err
		}
	}
	if err := follow(ctx, tx, made.ID); err != nil {
		return made, err
	}
	if err := search.Add(ctx, tx, search.Document{ID: document(made.ID, 0), Subject: made.Subject}); err != nil {
		return made, err
	}
	if err := d.record(ctx, tx, by, made, Event{What: Created, ToValue: string(made.Channel), Cause: "split"}, nil); err != nil {
		return made, err
	}
	if made.AssigneeID != 0 {
		if err := d.record(ctx, tx, by, made, Event{What: Assigned, ToValue: idText(made.AssigneeID)}, nil); err != nil {
			return made, err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO ticket_relation (ticket_id, other_id, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, made.ID, t.ID, SplitFrom)
	return made, err
}
