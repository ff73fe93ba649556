package mailbox

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// fileBounce notes a delivery report on the message that it belongs to. It never makes a ticket.
func (p *Post) fileBounce(ctx context.Context, tx *db.Tx, d *directory, l *letter) (result, error) {
	m, err := p.bounced(ctx, tx, d, l)
	if errors.Is(err, db.ErrNoRow) || (err == nil && onlyNotice(l)) {
		return result{outcome: WasIgnored}, nil
	}
	if err != nil {
		return result{}, err
	}
	deliveries, err := deliveriesOf(ctx, tx, m.ID)
	if err != nil {
		return result{}, err
	}
	for _, b := range l.msg.Bounces {
		if err := p.failBounced(ctx, tx, m, deliveries, b); err != nil {
			return result{}, err
		}
	}
	if len(l.msg.Bounces) == 0 {
		err = p.failBounced(ctx, tx, m, deliveries, mailmsg.Bounce{})
	}
	return result{WasBounce, m.TicketID, m.ID}, err
}

// failBounced fails the delivery that a report speaks of: the one to that address, or the only one there
// is, because a forwarded mail fails at an address we never knew.
func (p *Post) failBounced(ctx context.Context, tx *db.Tx, m ticket.Message, all []Delivery, b mailmsg.Bounce) error {
	recipient := person.FoldAddress(b.Recipient)
	i := slices.IndexFunc(all, func(d Delivery) bool { return d.Address == recipient })
	if i < 0 && len(all) == 1 {
		i = 0
	}
	if i < 0 || all[i].State == Failed {
		return nil
	}
	why := i18n.Print(p.locale(ctx, "", ""), bounceWords(b))
	if err := p.fail(ctx, tx, m, all[i], why); err != nil {
		return err
	}
	all[i].State = Failed
	if b.Hard && recipient == all[i].Address {
		_, err := tx.Exec(ctx, `UPDATE person_address SET bounced_at = $2 WHERE address = $1`, recipient, tx.Now)
		return err
	}
	return nil
}

// bounced finds the message that a report belongs to: by a Message-ID of ours anywhere in it, or the
// newest answer on the ticket whose signed reply address it holds. None is db.ErrNoRow.
func (p *Post) bounced(ctx context.Context, tx *db.Tx, d *directory, l *letter) (ticket.Message, error) {
	ids := append(l.answered(), ownIDs(l.raw)...)
	for _, a := range l.msg.Attachments {
		ids = append(ids, ownIDs(a.Data)...)
	}
	for _, id := range ids {
		m, err := ticket.MessageByRFC(ctx, tx, id)
		if errors.Is(err, db.ErrNoRow) || (err == nil && (m.Inbound || m.Internal)) {
			continue
		}
		return m, err
	}
	for _, id := range p.signedTickets(d, append(l.recipients(), replyForm(l.raw)...)) {
		id, err := ticket.Kept(ctx, tx, id)
		if err != nil {
			return ticket.Message{}, err
		}
		m, err := p.lastSentTo(ctx, tx, id, l.msg.Bounces)
		if !errors.Is(err, db.ErrNoRow) {
			return m, err
		}
	}
	return ticket.Message{}, db.ErrNoRow
}

// lastSentTo gives the newest answer of a ticket that went to one of the addresses reported.
func (p *Post) lastSentTo(ctx context.Context, tx *db.Tx, ticketID int64, bounces []mailmsg.Bounce) (ticket.Message, error) {
	for _, b := range bounces {
		id, err := db.One[int64](ctx, tx, `SELECT message_id FROM delivery WHERE ticket_id = $1 AND address = $2 ORDER BY id DESC LIMIT 1`, ticketID, person.FoldAddress(b.Recipient))
		if err == nil {
			return ticket.MessageByID(ctx, tx, id)
		}
		if !errors.Is(err, db.ErrNoRow) {
			return ticket.Message{}, err
		}
	}
	return ticket.Message{}, db.ErrNoRow
}

var (
	ownID     = regexp.MustCompile(`\bgoodturn\.\d+\.[a-z2-7]{16}@[^\s<>"]{1,255}`)
	replyTag  = regexp.MustCompile(`[^\s<>"@:;,]{1,64}\+\d{1,12}\.[A-Za-z2-7]{20}@[^\s<>"]{1,255}`)
	dsnAction = regexp.MustCompile(`(?mi)^Action:[ \t]*([a-z]+)`)
)

const mostFound = 10

// ownIDs finds Message-IDs that look like ours, also within what a mail system returned.
func ownIDs(raw []byte) (ids []string) {
	for _, found := range ownID.FindAll(raw, mostFound) {
		ids = append(ids, string(found))
	}
	return ids
}

func replyForm(raw []byte) (addresses []string) {
	for _, found := range replyTag.FindAll(raw, mostFound) {
		addresses = append(addresses, string(found))
	}
	return addresses
}

// onlyNotice tells whether a report speaks of no failure: of a delay, or of success (RFC 3464 §2.3.3).
func onlyNotice(l *letter) bool {
	actions := dsnAction.FindAllSubmatch(l.raw, mostFound)
	for _, a := range actions {
		if strings.EqualFold(string(a[1]), "failed") {
			return false
		}
	}
	if len(actions) > 0 {
		return true
	}
	if l.msg.Notice {
		return true
	}
	for _, b := range l.msg.Bounces {
		if b.Hard || !strings.HasPrefix(b.Status, "2") && !strings.HasPrefix(b.Status, "4") {
			return false
		}
	}
	return len(l.msg.Bounces) > 0 && delayed.MatchString(l.msg.Subject)
}

var delayed = regexp.MustCompile(`(?i)delay|warning|still being|verzögert|retard|\bsuccess|\brelayed|\bdelivered\b`)

// bounceWords says why a mail came back.
func bounceWords(b mailmsg.Bounce) i18n.Text {
	code := strings.TrimSpace(b.ReplyCode + " " + b.Status)
	switch b.Reason {
	case "userunknown":
		return i18n.M("The mail came back: there is no such address there.")
	case "hostunknown":
		return i18n.M("The mail came back: the part after the @ is no place that takes mail.")
	case "hasmoved":
		return i18n.M("The mail came back: the address has moved.")
	case "mailboxfull":
		return i18n.M("The mail came back: the mailbox there is full.")
	case "suspend":
		return i18n.M("The mail came back: the mailbox there is switched off.")
	case "mesgtoobig":
		return i18n.M("The mail came back: it is larger than the server there takes.")
	case "expired", "networkerror":
		return i18n.M("The mail came back: the server there could not be reached for too long.")
	case "spamdetected", "blocked", "badreputation", "policyviolation", "rejected", "filtered", "authfailure":
		return i18n.M("The mail came back: the server there refused it ({{.Code}}).", "Code", orElse(code, b.Reason))
	}
	if code == "" {
		return i18n.M("The mail came back.")
	}
	return i18n.M("The mail came back ({{.Code}}).", "Code", code)
}

func orElse(s, usual string) string {
	if s == "" {
		return usual
	}
	return s
}

func splitLines(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '\n' })
}
