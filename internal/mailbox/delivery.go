package mailbox

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// State is where a delivery stands.
type State string

// The states.
const (
	Queued State = "queued" // will be sent; Error says what went wrong so far, NextAt when it is tried again
	Sent   State = "sent"   // a mail server has taken it
	Failed State = "failed" // Error says why; it is not tried again by itself
)

// Delivery is the fate of one message on its way to one recipient.
type Delivery struct {
	ID        int64
	MessageID int64
	TicketID  int64
	PersonID  int64
	MailboxID int64 // 0 when the desk has no mailbox
	Address   string
	Copy      bool // named in Cc: a follower, or somebody who was chosen for that
	Named     bool // chosen for this message, so that it reaches them even when the ticket is not theirs to see
	Blind     bool // named in no header (Bcc)
	State     State
	Attempts  int
	Error     string        // in words; "" when nothing went wrong
	NextAt    clock.Instant // of the next try, or of the last when there is none
	SentAt    clock.Instant // 0 until it is sent
}

const (
	deliveryColumns = `id, message_id, ticket_id, person_id, mailbox_id, address, copy, named, blind, state, attempts, error, next_at, sent_at`
	deliveryJob     = "delivery"
)

// deliveryArgs is what the job is given.
type deliveryArgs struct {
	ID int64 `json:"id"`
}

// Deliveries lists the fate of all messages of a ticket, the oldest first. Who may see the ticket as staff
// may see them.
func Deliveries(ctx context.Context, tx *db.Tx, ticketID int64) ([]Delivery, error) {
	return db.All[Delivery](ctx, tx, `SELECT `+deliveryColumns+` FROM delivery WHERE ticket_id = $1 ORDER BY id`, ticketID)
}

func deliveriesOf(ctx context.Context, tx *db.Tx, messageID int64) ([]Delivery, error) {
	return db.All[Delivery](ctx, tx, `SELECT `+deliveryColumns+` FROM delivery WHERE message_id = $1 ORDER BY id`, messageID)
}

// Hook queues a mail to the requester and each follower when a public message goes out. The one who wrote
// it gets none, and neither does anybody for messages that an importer brings from the past.
func (p *Post) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		switch e.What {
		case ticket.Suspected:
			if e.Cause == CauseBlocked { // what somebody may not write is not all like spam
				return nil
			}
			return p.learn(ctx, tx, e, t)
		case ticket.Joined, ticket.Parted, ticket.SplitOff:
			return moved(ctx, tx, e, t)
		}
		if e.What != ticket.Messaged || m == nil || m.Inbound || m.Internal || m.CreatedAt != tx.Now {
			return nil
		}
		return p.queue(ctx, tx, t, m)
	}
}

func (p *Post) queue(ctx context.Context, tx *db.Tx, t ticket.Ticket, m *ticket.Message) error {
	to, err := recipientsOf(ctx, tx, t, m)
	if err != nil || len(to) == 0 {
		return err
	}
	box, err := p.mailboxOf(ctx, tx, t)
	if err != nil {
		return err
	}
	domain := p.Domain
	if address := orElse(box.Address, p.Default.Address); address != "" {
		_, domain, _ = strings.Cut(address, "@")
	}
	m.RFCMessageID = mailmsg.NewMessageID("goodturn."+strconv.FormatInt(t.ID, 10), domain)
	if err := ticket.SetMessageID(ctx, tx, m.ID, m.RFCMessageID); err != nil {
		return err
	}
	for _, r := range to {
		at := tx.Now
		if p.Hold != nil {
			until, err := p.Hold(ctx, tx, t, r.PersonID)
			if err != nil {
				return err
			}
			at = max(at, until)
		}
		id, err := db.One[int64](ctx, tx, `INSERT INTO delivery (message_id, ticket_id, person_id, mailbox_id, address, copy, named, blind, state, next_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`, m.ID, t.ID, r.PersonID, orNull(box.ID), r.Address, r.Copy, r.Named, r.Blind, Queued, at)
		if err != nil {
			return err
		}
		send := job.New(deliveryJob, deliveryArgs{id})
		if at > tx.Now {
			send.At = at
		}
		if err := p.Queue.Insert(ctx, tx, send); err != nil {
			return err
		}
	}
	return nil
}

// Seen drops the mails to somebody, up to a message, that wait and were never tried: they have read on a page what would stand in them.
func Seen(ctx context.Context, tx *db.Tx, ticketID, personID, upTo int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM delivery WHERE ticket_id = $1 AND person_id = $2 AND message_id <= $3 AND state = $4 AND attempts = 0 AND next_at > $5`, ticketID, personID, upTo, Queued, tx.Now)
	return err
}

// recipient is somebody who gets a message by mail.
type recipient struct {
	PersonID int64
	Name     string
	Address  string
	Copy     bool
	Named    bool
	Blind    bool
}

// recipientsOf gives those who were chosen for a message, or else the requester and the followers who can be
// written to, without the author.
func recipientsOf(ctx context.Context, tx *db.Tx, t ticket.Ticket, m *ticket.Message) ([]recipient, error) {
	if m.Recipients != nil {
		return namedRecipients(ctx, tx, *m.Recipients)
	}
	return db.All[recipient](ctx, tx, `SELECT p.id AS person_id, p.name, coalesce(w.address, a.address) AS address, p.id <> $2 AS copy FROM person p JOIN person_address a ON a.person_id = p.id AND a.first
		LEFT JOIN answer_address w ON w.ticket_id = $1 AND w.person_id = p.id
		WHERE p.active AND p.merged_into IS NULL AND p.id <> $3 AND (p.id = $2 OR p.id IN (SELECT person_id FROM follower WHERE ticket_id = $1))
		ORDER BY CASE WHEN p.id = $2 THEN 0 ELSE 1 END, p.name, p.id`, t.ID, t.RequesterID, m.AuthorID)
}

// namedRecipients gives everybody once, where they are named first: To, Cc, Bcc.
func namedRecipients(ctx context.Context, tx *db.Tx, all ticket.Recipients) ([]recipient, error) {
	var out []recipient
	had := map[string]bool{}
	for _, field := range []struct {
		list        []ticket.Recipient
		copy, blind bool
	}{{all.To, false, false}, {all.CC, true, false}, {all.BCC, true, true}} {
		for _, r := range field.list {
			address := person.FoldAddress(r.Address)
			if address == "" {
				p, err := person.Get(ctx, tx, r.PersonID)
				if err != nil {
					return nil, err
				}
				address = p.Address
			}
			if address == "" || had[address] {
				continue
			}
			had[address] = true
			out = append(out, recipient{PersonID: r.PersonID, Address: address, Copy: field.copy, Named: true, Blind: field.blind})
		}
	}
	return out, nil
}

// mailboxOf gives the mailbox that a ticket is answered through: its own, else its team's first, else the
// desk's first active one. Without any it is the zero Mailbox.
func (p *Post) mailboxOf(ctx context.Context, tx *db.Tx, t ticket.Ticket) (Mailbox, error) {
	id, err := db.One[int64](ctx, tx, `SELECT id FROM mailbox WHERE id = $1 OR active
		ORDER BY CASE WHEN id = $1 THEN 0 WHEN team_id = $2 THEN 1 ELSE 2 END, id LIMIT 1`, t.MailboxID, t.TeamID)
	if errors.Is(err, db.ErrNoRow) {
		return Mailbox{}, nil
	}
	if err != nil {
		return Mailbox{}, err
	}
	return p.Get(ctx, tx, id)
}

// maxTries is how often a mail is tried: with the pauses below, three days.
const maxTries = 75

func pause(attempts int) time.Duration {
	switch attempts {
	case 0, 1:
		return time.Minute
	case 2:
		return 5 * time.Minute
	case 3:
		return 15 * time.Minute
	}
	return time.Hour
}

// fail ends a delivery for good and says so on the spine.
func (p *Post) fail(ctx context.Context, tx *db.Tx, m ticket.Message, d Delivery, why string) error {
	n, err := tx.Exec(ctx, `UPDATE delivery SET state = $2, error = $3, next_at = $4, reason = $5 WHERE id = $1 AND state <> $2`, d.ID, Failed, plainText(cut(why, 1000)), tx.Now, plainText(reasonOf(cut(why, 1000))))
	if err != nil || n == 0 {
		return err
	}
	return p.Desk.FailDelivery(ctx, tx, m, d.Address, plainText(cut(why, 1000)))
}

// SendAgain has a failed delivery tried again, and one that waits for its next try tried now. The mail
// keeps its Message-ID.
func (p *Post) SendAgain(ctx context.Context, tx *db.Tx, by person.Actor, deliveryID int64) error {
	d, err := db.One[Delivery](ctx, tx, `SELECT `+deliveryColumns+` FROM delivery WHERE id = $1`, deliveryID)
	if errors.Is(err, db.ErrNoRow) {
		return fault.NotFound(i18n.M("There is no such mail."))
	}
	if err != nil {
		return err
	}
	if _, err := ticket.Get(ctx, tx, by, person.ChangeTicket, d.TicketID); err != nil {
		return err
	}
	if d.State == Sent {
		return fault.Conflict(i18n.M("This mail has been sent already."))
	}
	_, err = tx.Exec(ctx, `UPDATE delivery SET state = $2, error = '', attempts = 0, next_at = $3 WHERE id = $1`, d.ID, Queued, tx.Now)
	if err != nil {
		return err
	}
	return p.Queue.Insert(ctx, tx, job.New(deliveryJob, deliveryArgs{d.ID}))
}
