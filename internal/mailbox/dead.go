package mailbox

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// DeadLetter is a mail that did not reach its recipient, or not yet.
type DeadLetter struct {
	ID         int64
	TicketID   int64
	Subject    string // of the ticket
	Name       string // of the recipient
	Address    string
	Error      string // why, in words
	Reason     string // the same for mails that failed for the same reason
	Attempts   int
	NextAt     clock.Instant // when it was given up, or is tried again
	AuthorName string        // who wrote it; "" for the desk itself
}

// DeadBound is where CountDead stops.
const DeadBound = 100

// DeadCursor is a place in the list of dead letters: those after it are older. The zero value is the start.
type DeadCursor struct {
	At clock.Instant
	ID int64
}

const deadColumns = `d.id, d.ticket_id, t.subject, p.name, d.address, d.error, d.reason, d.attempts, d.next_at, a.name AS author_name
	FROM delivery d JOIN ticket t ON t.id = d.ticket_id JOIN person p ON p.id = d.person_id JOIN message m ON m.id = d.message_id LEFT JOIN person a ON a.id = m.author_id`

// DeadLetters lists the mails that were given up, the newest first, of tickets that the actor may see as staff.
func (p *Post) DeadLetters(ctx context.Context, tx *db.Tx, by person.Actor, before DeadCursor, size int) ([]DeadLetter, error) {
	var args db.Args
	where := ""
	if before != (DeadCursor{}) {
		where = ` AND (d.next_at, d.id) < (` + args.Add(before.At) + `, ` + args.Add(before.ID) + `)`
	}
	return db.All[DeadLetter](ctx, tx, `SELECT `+deadColumns+` WHERE d.state = 'failed'`+where+` AND `+person.Visible(by, person.SeeTicket, &args)+
		` ORDER BY d.next_at DESC, d.id DESC LIMIT `+strconv.Itoa(size), args...)
}

// LateLetters lists the mails that are tried again by themselves after a failure, the next one first.
func (p *Post) LateLetters(ctx context.Context, tx *db.Tx, by person.Actor, size int) ([]DeadLetter, error) {
	var args db.Args
	return db.All[DeadLetter](ctx, tx, `SELECT `+deadColumns+` WHERE d.state = 'queued' AND d.error <> '' AND `+person.Visible(by, person.SeeTicket, &args)+
		` ORDER BY d.next_at, d.id LIMIT `+strconv.Itoa(size), args...)
}

// CountDead tells how many there are in DeadLetters, up to DeadBound.
func (p *Post) CountDead(ctx context.Context, tx *db.Tx, by person.Actor) (int, error) {
	var args db.Args
	return db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM delivery d JOIN ticket t ON t.id = d.ticket_id WHERE d.state = 'failed' AND `+
		person.Visible(by, person.SeeTicket, &args)+` LIMIT `+strconv.Itoa(DeadBound)+`) AS counted`, args...)
}

// maxAlike is how many mails are sent again at once.
const maxAlike = 500

// SendAlikeAgain sends again all mails that were given up for the reason of this one, on tickets that the actor may
// change, and tells how many; more is true when there are others left.
func (p *Post) SendAlikeAgain(ctx context.Context, tx *db.Tx, by person.Actor, deliveryID int64) (n int, more bool, err error) {
	d, err := p.deadOf(ctx, tx, by, deliveryID)
	if err != nil {
		return 0, false, err
	}
	var args db.Args
	ids, err := db.All[int64](ctx, tx, `SELECT d.id FROM delivery d JOIN ticket t ON t.id = d.ticket_id WHERE d.state = 'failed' AND d.reason = (SELECT reason FROM delivery WHERE id = `+args.Add(d.ID)+`) AND `+person.Visible(by, person.SeeTicket, &args)+` ORDER BY d.next_at, d.id LIMIT `+strconv.Itoa(maxAlike+1), args...)
	if err != nil {
		return 0, false, err
	}
	if more = len(ids) > maxAlike; more {
		ids = ids[:maxAlike]
	}
	for _, id := range ids {
		if err := p.SendAgain(ctx, tx, by, id); err != nil {
			return n, more, err
		}
		n++
	}
	return n, more, nil
}

// SendTo sends a mail that was given up to another address. Where that is somebody else's, the mail is made for them:
// they get no link that opens more than they may see. What is wrong is a field error of address.
func (p *Post) SendTo(ctx context.Context, tx *db.Tx, by person.Actor, deliveryID int64, address string) error {
	d, err := p.deadOf(ctx, tx, by, deliveryID)
	if err != nil {
		return err
	}
	address = person.FoldAddress(address)
	directory, err := p.directory(ctx)
	if err != nil {
		return err
	}
	if directory.ours(address) {
		return fault.Invalid(fault.F("address", i18n.M("{{.Address}} is an address of the desk itself.", "Address", address)))
	}
	who, err := person.ByAddress(ctx, tx, person.Contact{Address: address})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE delivery SET person_id = $2, address = $3, named = TRUE, state = $4, error = '', reason = '', attempts = 0, next_at = $5 WHERE id = $1`,
		d.ID, who.ID, address, Queued, tx.Now)
	if err != nil {
		return err
	}
	return p.Queue.Insert(ctx, tx, job.New(deliveryJob, deliveryArgs{d.ID}))
}

// deadOf gives a delivery that was given up, on a ticket that the actor may change.
func (p *Post) deadOf(ctx context.Context, tx *db.Tx, by person.Actor, deliveryID int64) (Delivery, error) {
	d, err := db.One[Delivery](ctx, tx, `SELECT `+deliveryColumns+` FROM delivery WHERE id = $1`, deliveryID)
	if errors.Is(err, db.ErrNoRow) {
		return d, fault.NotFound(i18n.M("There is no such mail."))
	}
	if err != nil {
		return d, err
	}
	if err := tx.Lock(ctx, "delivery", d.ID); err != nil {
		return d, err
	}
	if _, err := ticket.Get(ctx, tx, by, person.ChangeTicket, d.TicketID); fault.Is(err, fault.KindNotFound) {
		return d, fault.NotFound(i18n.M("There is no such mail."))
	} else if err != nil {
		return d, err
	}
	if d.State != Failed {
		return d, fault.Conflict(i18n.M("This mail is not among those that failed any more."))
	}
	return d, nil
}

var (
	reasonAddress = regexp.MustCompile(`<?[^\s<>]+@[^\s<>]+>?`)
	reasonID      = regexp.MustCompile(`[0-9A-Za-z]*[0-9][0-9A-Za-z]*`)
)

// reasonOf is an error without what differs from mail to mail: addresses, and words with digits such as the queue ids
// of mail servers. Reply codes ("550", "5.1.1") stay.
func reasonOf(text string) string {
	text = reasonAddress.ReplaceAllString(strings.ToLower(text), "…")
	text = reasonID.ReplaceAllStringFunc(text, func(id string) string {
		if len(id) <= 3 {
			return id
		}
		return "#"
	})
	return cut(strings.Join(strings.Fields(text), " "), 200)
}
