package ticket

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// New is a ticket to be made. What is empty gets the usual value: status new, priority normal, kind
// incident, the subject from the text.
type New struct {
	Subject   string
	Requester int64
	Team      int64 // 0: the team of the mailbox, or else the desk's first
	Mailbox   int64
	Channel   Channel
	Kind      Kind
	Priority  Priority
	Assignee  int64
	Tags      []string
	Followers []int64
	Message   Draft  // what was asked; its author is the requester
	Service   int64  // that was chosen; 0 for none
	Facts     []Fact // what was answered beside the message
	Suspect   bool   // it is set aside until somebody says that it is wanted
	// An importer says when it happened and how it ended.
	At     clock.Instant
	Status Status
}

// Create makes a ticket with its first message.
func (d *Desk) Create(ctx context.Context, tx *db.Tx, by By, n New) (Ticket, error) {
	if err := n.complete(ctx, tx, by); err != nil {
		return Ticket{}, err
	}
	requester, err := person.Get(ctx, tx, n.Requester)
	if err != nil {
		return Ticket{}, err
	}
	t := Ticket{
		Subject: firstOf(CleanSubject(n.Subject, n.Message.Text), i18n.T(ctx, "No subject")), Status: n.Status, IsOpen: n.Status.IsOpen(), Turn: n.Status.Turn(), Priority: n.Priority, Kind: n.Kind,
		Channel: n.Channel, TeamID: n.Team, AssigneeID: n.Assignee, RequesterID: requester.ID, OrganisationID: requester.OrganisationID, MailboxID: n.Mailbox, ServiceID: n.Service,
		CreatedAt: n.At, StatusAt: n.At, ActivityAt: n.At, WaitingSince: n.At,
	}
	if n.Suspect {
		t.IsOpen, t.Turn = false, Suspect
	}
	if t.ID, err = db.One[int64](ctx, tx, `UPDATE counter SET value = value + 1 WHERE name = 'ticket' RETURNING value`); err != nil {
		return t, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, assignee_id, requester_id, organisation_id, mailbox_id,
		last_text, last_by, messages, waiting_since, answered_at, solved_at, closed_at, created_at, status_at, activity_at, service_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', 0, $14, 0, 0, 0, $14, $14, $14, $15)`,
		t.ID, t.Subject, t.Status, t.IsOpen, t.Turn, t.Priority, t.Kind, t.Channel, t.TeamID, orNull(t.AssigneeID), t.RequesterID, orNull(t.OrganisationID), orNull(t.MailboxID), t.CreatedAt, orNull(t.ServiceID))
	if err != nil {
		return t, err
	}
	if err := bringFacts(ctx, tx, by, t.ID, n.Facts); err != nil {
		return t, err
	}
	if err := search.Add(ctx, tx, search.Document{ID: document(t.ID, 0), Subject: t.Subject, Body: factWords(n.Facts)}); err != nil {
		return t, err
	}
	if err := d.record(ctx, tx, by, t, Event{What: Created, ToValue: string(t.Channel)}, nil); err != nil {
		return t, err
	}
	if err := d.furnish(ctx, tx, by, &t, n); err != nil {
		return t, err
	}
	n.Message.Author, n.Message.inbound = requester.ID, true
	if _, err = d.say(ctx, tx, by, &t, n.Message); err == nil && n.Suspect {
		err = d.record(ctx, tx, By{Actor: person.System}, t, Event{What: Suspected, ToValue: string(Suspect)}, nil)
	}
	return t, err
}

// complete fills in what was left out and checks the rest.
func (n *New) complete(ctx context.Context, tx *db.Tx, by By) error {
	if !person.Can(by.Actor, person.CreateTicket, person.Thing{}) {
		return fault.Denied(i18n.M("This token may only look."))
	}
	n.At = max(n.At, 0)
	if n.At == 0 {
		n.At = tx.Now
	}
	n.Status, n.Priority, n.Kind, n.Channel = orElse(n.Status, StatusNew), orElse(n.Priority, Normal), orElse(n.Kind, Incident), orElse(n.Channel, ByDesk)
	var wrong []fault.Field
	if !known(Priorities(), n.Priority) {
		wrong = append(wrong, wrongValue("priority", Priorities()))
	}
	if !known(Kinds(), n.Kind) {
		wrong = append(wrong, wrongValue("kind", Kinds()))
	}
	if n.Message.empty() {
		wrong = append(wrong, fault.F("text", i18n.M("Please write what you need, a few words are enough.")))
	} else if f, ok := fault.Of(n.Message.check()); ok {
		wrong = append(wrong, f.Fields...)
	}
	if n.Assignee != 0 && n.Status == StatusNew {
		n.Status = Open
	}
	if err := fault.Check(wrong); err != nil {
		return err
	}
	if n.Team == 0 && n.Mailbox != 0 {
		team, err := db.One[int64](ctx, tx, `SELECT team_id FROM mailbox WHERE id = $1`, n.Mailbox)
		n.Team = team
		return err
	}
	if n.Team == 0 {
		team, err := db.One[int64](ctx, tx, `SELECT id FROM team WHERE NOT private ORDER BY id LIMIT 1`)
		n.Team = team
		return err
	}
	return nil
}

// furnish adds what has rows of its own: tags and followers, and the event of an assignee chosen at once.
func (d *Desk) furnish(ctx context.Context, tx *db.Tx, by By, t *Ticket, n New) error {
	if n.Assignee != 0 {
		if err := d.mayBeAssigned(ctx, tx, *t, n.Assignee); err != nil {
			return err
		}
		if err := d.record(ctx, tx, by, *t, Event{What: Assigned, ToValue: idText(n.Assignee)}, nil); err != nil {
			return err
		}
	}
	if len(n.Tags) > 0 {
		if err := d.setTags(ctx, tx, by, *t, n.Tags); err != nil {
			return err
		}
	}
	for _, p := range n.Followers {
		if err := d.follow(ctx, tx, by, *t, p); err != nil {
			return err
		}
	}
	return nil
}

func orElse[T ~string](v, usual T) T {
	if v == "" {
		return usual
	}
	return v
}
