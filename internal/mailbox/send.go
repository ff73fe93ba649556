package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/smtp"
)

// deliver is the job that sends one message to one recipient. After a kill it runs again: the mail may go
// out twice then, with the same Message-ID, but never not at all.
func (p *Post) deliver(ctx context.Context, raw json.RawMessage) error {
	var args deliveryArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	if !p.claim(args.ID) {
		return job.After(time.Minute, errors.New("another job is sending it"))
	}
	defer p.release(args.ID)
	l, wait, err := p.prepare(ctx, args.ID)
	switch {
	case err != nil:
		return err
	case wait > 0:
		return job.After(wait, errors.New("it is not time yet"))
	case l == nil:
		return nil
	}
	mail, from, err := p.compose(ctx, l)
	if err != nil {
		return p.settle(ctx, l, err)
	}
	return p.settle(ctx, l, p.hand(ctx, l.account, from, l.delivery.Address, mail))
}

// claim keeps two jobs of this process from sending one mail at the same time.
func (p *Post) claim(id int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sending[id] {
		return false
	}
	if p.sending == nil {
		p.sending = map[int64]bool{}
	}
	p.sending[id] = true
	return true
}

func (p *Post) release(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.sending, id)
}

// outgoing is all that one mail of a message is made from.
type outgoing struct {
	delivery   Delivery
	ticket     ticket.Ticket
	message    ticket.Message
	author     person.Person  // ID 0: the desk itself
	reader     person.Person  // who gets this one
	recipients []recipient    // everybody who is named in it, the requester first
	answered   ticket.Message // the last message of the requester's side before this one; ID 0 for none
	asker      string         // who wrote that
	references []string
	files      []ticket.Attachment
	box        Mailbox
	account    Sending
	from       mailmsg.Address
	maxMailed  int64  // how many bytes of files go along
	token      string // of the link to the ticket; "" for somebody who was sent this message and sees no more of it
}

// finalError ends a delivery for good.
type finalError struct{ words i18n.Text }

func (e *finalError) Error() string { return e.words.String() }

// prepare loads all that a mail needs and makes its link. It gives nil when there is nothing to do, and
// how long to wait when the next try is not due.
func (p *Post) prepare(ctx context.Context, id int64) (l *outgoing, wait time.Duration, err error) {
	err = p.DB.Write(ctx, func(tx *db.Tx) error {
		l, wait = nil, 0
		d, err := db.One[Delivery](ctx, tx, `SELECT `+deliveryColumns+` FROM delivery WHERE id = $1`, id)
		if errors.Is(err, db.ErrNoRow) || (err == nil && d.State != Queued) {
			return nil
		}
		if err != nil {
			return err
		}
		if wait = d.NextAt.Sub(tx.Now); wait > 0 {
			return nil
		}
		o := &outgoing{delivery: d}
		err = p.fill(ctx, tx, o)
		if final := (*finalError)(nil); errors.As(err, &final) {
			return p.fail(ctx, tx, o.message, d, i18n.Print(p.locale(ctx, "", ""), final.words))
		}
		l = o
		return err
	})
	return l, wait, err
}

func (p *Post) fill(ctx context.Context, tx *db.Tx, o *outgoing) (err error) {
	d := o.delivery
	if o.message, err = ticket.MessageByID(ctx, tx, d.MessageID); err != nil {
		return err
	}
	if o.ticket, err = ticket.Get(ctx, tx, person.System, person.SeeTicket, d.TicketID); err != nil {
		return err
	}
	if o.reader, err = person.Get(ctx, tx, d.PersonID); err != nil {
		return err
	}
	if o.message.AuthorID != 0 {
		if o.author, err = person.Get(ctx, tx, o.message.AuthorID); err != nil {
			return err
		}
	}
	if err := p.chooseSender(ctx, tx, o); err != nil {
		return err
	}
	actor, err := person.ActorOf(ctx, tx, d.PersonID)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	t := o.ticket
	if t.Following, err = db.Exists(ctx, tx, `SELECT 1 FROM follower WHERE ticket_id = $1 AND person_id = $2`, t.ID, d.PersonID); err != nil {
		return err
	}
	o.ticket.Following = t.Following
	sees := person.Can(actor.ForTicket(t.ID), person.SeeOwn, t.Thing())
	if !sees && !d.Named {
		return &finalError{i18n.M("{{.Name}} does not follow this ticket any more.", "Name", o.reader.Name)}
	}
	o.recipients, err = db.All[recipient](ctx, tx, `SELECT d.person_id, p.name, d.address, d.copy FROM delivery d JOIN person p ON p.id = d.person_id WHERE d.message_id = $1 AND NOT d.blind ORDER BY d.copy, d.id`, d.MessageID)
	if err != nil {
		return err
	}
	if err := fillHistory(ctx, tx, o); err != nil {
		return err
	}
	if o.maxMailed, err = FilesLimit(ctx, tx); err != nil {
		return err
	}
	if sees {
		// A link that goes elsewhere than to an address of theirs shows no more than what its ticket's mails say.
		theirs, err := db.Exists(ctx, tx, `SELECT 1 FROM person_address WHERE address = $1 AND person_id = $2`, d.Address, d.PersonID)
		if err != nil {
			return err
		}
		o.token, err = ticket.NewLink(ctx, tx, t.ID, d.PersonID, theirs)
		return err
	}
	return nil
}

// chooseSender finds the address and the account to send from.
func (p *Post) chooseSender(ctx context.Context, tx *db.Tx, o *outgoing) (err error) {
	o.from, o.account = mailmsg.Address{Name: p.Default.Name, Address: p.Default.Address}, p.Default.Sending
	if o.delivery.MailboxID != 0 {
		if o.box, err = p.Get(ctx, tx, o.delivery.MailboxID); err != nil {
			return err
		}
	} else if o.box, err = p.mailboxOf(ctx, tx, o.ticket); err != nil { // one was made meanwhile
		return err
	}
	if o.box.ID != 0 {
		o.from = mailmsg.Address{Name: o.box.Name, Address: o.box.Address}
		if o.box.Sending.Host != "" {
			o.account = o.box.Sending
		}
	}
	o.from.Name = p.calledIn(o.ticket, o.from.Name)
	switch {
	case o.from.Address == "":
		return &finalError{i18n.M("There is no mailbox to send from. Please set one up, then send this again.")}
	case o.account.Host == "":
		return &finalError{i18n.M("{{.Address}} has no account to send through. Please set one up, then send this again.", "Address", o.from.Address)}
	}
	return nil
}

// How many of the newest messages of a ticket a mail refers to, beside the first.
const maxReferences = 20

// fillHistory loads what a mail refers to: the message it answers, the ids of those before, and the files.
func fillHistory(ctx context.Context, tx *db.Tx, o *outgoing) error {
	m := o.message
	answered, err := db.One[int64](ctx, tx, `SELECT id FROM message WHERE ticket_id = $1 AND seq < $2 AND inbound AND NOT internal ORDER BY seq DESC LIMIT 1`, m.TicketID, m.Seq)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	if err == nil {
		if o.answered, err = ticket.MessageByID(ctx, tx, answered); err != nil {
			return err
		}
		name, err := db.All[string](ctx, tx, `SELECT name FROM person WHERE id = $1`, o.answered.AuthorID)
		if err != nil {
			return err
		}
		o.asker = strings.Join(name, "")
	}
	newest, err := db.All[string](ctx, tx, `SELECT rfc_message_id FROM message WHERE ticket_id = $1 AND seq < $2 AND NOT internal AND rfc_message_id <> '' ORDER BY seq DESC LIMIT $3`, m.TicketID, m.Seq, maxReferences)
	if err != nil {
		return err
	}
	first, err := db.All[string](ctx, tx, `SELECT rfc_message_id FROM message WHERE ticket_id = $1 AND seq < $2 AND NOT internal AND rfc_message_id <> '' ORDER BY seq LIMIT 1`, m.TicketID, m.Seq)
	if err != nil {
		return err
	}
	o.references = references(first, newest)
	all, err := ticket.Attachments(ctx, tx, m.TicketID, false)
	for _, f := range all {
		if f.MessageID == m.ID {
			o.files = append(o.files, f)
		}
	}
	return err
}

// settle writes down how sending went. What may work later is tried again.
func (p *Post) settle(ctx context.Context, o *outgoing, failure error) error {
	if failure == nil {
		return p.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE delivery SET state = $2, error = '', attempts = attempts + 1, next_at = $3, sent_at = $3 WHERE id = $1 AND state <> $4`, o.delivery.ID, Sent, tx.Now, Failed)
			return err
		})
	}
	words, permanent, unsent := verdict(failure)
	why := i18n.Print(p.locale(ctx, "", ""), words)
	attempts := o.delivery.Attempts + 1
	var again time.Duration
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		if unsent {
			if err := ticket.DropLink(ctx, tx, o.token); err != nil {
				return err
			}
		}
		if permanent || attempts >= maxTries {
			if _, err := tx.Exec(ctx, `UPDATE delivery SET attempts = $2 WHERE id = $1`, o.delivery.ID, attempts); err != nil {
				return err
			}
			return p.fail(ctx, tx, o.message, o.delivery, why)
		}
		again = pause(attempts)
		_, err := tx.Exec(ctx, `UPDATE delivery SET error = $2, attempts = $3, next_at = $4 WHERE id = $1 AND state = $5`, o.delivery.ID, plainText(cut(why, 1000)), attempts, tx.Now.Add(again), Queued)
		return err
	})
	if err != nil {
		return err
	}
	if again > 0 {
		return job.After(again, fmt.Errorf("send to %s: %w", o.delivery.Address, failure))
	}
	return nil
}

// verdict says in words why a mail was not sent, whether trying again is no use, and whether it is certain
// that it was not sent.
func verdict(err error) (words i18n.Text, permanent, unsent bool) {
	if final := (*finalError)(nil); errors.As(err, &final) {
		return final.words, true, true
	}
	if d := (*dial.Problem)(nil); errors.As(err, &d) {
		words = d.Text
	}
	if unsigned := (*unsignedError)(nil); errors.As(err, &unsigned) {
		return i18n.M("The mail could not be signed: the key of the sending domain cannot be used. Please make a new one or switch signing off."), false, true
	}
	e := (*smtp.Error)(nil)
	if !errors.As(err, &e) {
		if words.IsZero() {
			words = problem(err)
		}
		return words, false, true
	}
	if words.IsZero() {
		words = i18n.M("The mail server did not take it: {{.Reply}}", "Reply", e.Error())
	}
	return words, !e.Temporary && !e.Uncertain, !e.Uncertain
}

// hand gives a mail to the account's server.
func (p *Post) hand(ctx context.Context, s Sending, from, to string, raw []byte) error {
	raw, err := p.sign(ctx, from, raw)
	if err != nil {
		return err
	}
	result, err := p.pool(p.smtpAccount(s)).Send(ctx, smtp.Envelope{From: from, To: []string{to}}, raw)
	if err != nil {
		return err
	}
	if len(result.Accepted) == 0 && len(result.Refused) > 0 {
		return result.Refused[0].Err
	}
	return nil
}

func (p *Post) pool(a smtp.Account) *smtp.Pool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pools == nil {
		p.pools = map[smtp.Account]*smtp.Pool{}
	}
	if p.pools[a] == nil {
		p.pools[a] = smtp.NewPool(a)
	}
	return p.pools[a]
}

func (p *Post) closePools() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for a, pool := range p.pools {
		pool.Close()
		delete(p.pools, a)
	}
}
