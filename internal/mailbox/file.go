package mailbox

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// What stands on the spine as the cause of what a mail did.
const (
	CauseMail       = "mail"
	CauseUnverified = "mail_unverified" // it came from the address of staff, and nothing proves that staff sent it
)

// file decides what a mail becomes and makes it so.
func (p *Post) file(ctx context.Context, tx *db.Tx, d *directory, l *letter) (result, error) {
	before, err := db.All[filed](ctx, tx, `SELECT ticket_id, message_id FROM mail WHERE dedupe = $1`, l.dedupe)
	if err != nil {
		return result{}, err
	}
	if len(before) > 0 {
		return result{WasDuplicate, before[0].TicketID, before[0].MessageID}, nil
	}
	if !l.unread.IsZero() {
		return p.fileRaw(ctx, tx, d, l)
	}
	m := l.msg
	loop, err := p.isLoop(ctx, tx, d, m)
	switch {
	case err != nil:
		return result{}, err
	case loop:
		return result{outcome: WasLoop}, nil
	case m.Kind == mailmsg.KindBounce:
		return p.fileBounce(ctx, tx, d, l)
	case m.Kind == mailmsg.KindFeedback:
		return result{outcome: WasIgnored}, nil
	}
	who, err := p.senderOf(ctx, tx, d, l)
	if err != nil {
		return result{}, err
	}
	tickets, err := p.threadsOf(ctx, tx, d, l)
	if err != nil {
		return result{}, err
	}
	for _, id := range tickets {
		r, err := p.join(ctx, tx, l, who, id)
		if err != nil || r.outcome != "" {
			return r, err
		}
	}
	if m.Kind == mailmsg.KindReply {
		return result{outcome: WasIgnored}, nil
	}
	return p.begin(ctx, tx, l, who, append(tickets, l.named...))
}

// filed is what an earlier mail became.
type filed struct {
	TicketID  int64
	MessageID int64
}

// isLoop tells whether a mail is one of ours that came back, or comes from the desk's own address.
func (p *Post) isLoop(ctx context.Context, tx *db.Tx, d *directory, m *mailmsg.Message) (bool, error) {
	if d.ours(m.From.Address) {
		return true, nil
	}
	if m.MessageID == "" {
		return false, nil
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM message WHERE rfc_message_id = $1 AND rfc_message_id <> '' AND NOT inbound AND NOT internal`, m.MessageID)
}

// sender is who wrote a mail, as far as it says. Their person is made when a ticket is.
type sender struct {
	contact person.Contact
	known   person.Person // ID 0: nobody with this address is known
}

func (p *Post) senderOf(ctx context.Context, tx *db.Tx, d *directory, l *letter) (s sender, err error) {
	s.contact = person.Contact{Name: plainText(l.msg.From.Name), Address: person.FoldAddress(plainText(l.msg.From.Address))}
	if !person.ValidAddress(s.contact.Address) {
		if s.contact.Address = person.FoldAddress(l.row.EnvelopeFrom); !person.ValidAddress(s.contact.Address) || d.ours(s.contact.Address) {
			s.contact.Address = ""
			return s, nil
		}
	}
	s.known, err = person.FindByAddress(ctx, tx, s.contact.Address)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return s, err
}

// join adds a mail to a ticket that it answers, if its sender may write there; if not, the outcome is "".
func (p *Post) join(ctx context.Context, tx *db.Tx, l *letter, who sender, id int64) (result, error) {
	actor, err := person.ActorOf(ctx, tx, who.known.ID)
	if errors.Is(err, db.ErrNoRow) {
		return result{}, nil // nobody known, or somebody who has no rights any more
	}
	if err != nil {
		return result{}, err
	}
	t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
	if err != nil {
		return result{}, err
	}
	if t.Following, err = db.Exists(ctx, tx, `SELECT 1 FROM follower WHERE ticket_id = $1 AND person_id = $2`, id, actor.ID); err != nil {
		return result{}, err
	}
	switch {
	case person.Can(actor, person.WriteOwn, t.Thing()):
		return p.answer(ctx, tx, l, actor, t)
	case person.Can(actor, person.ChangeTicket, t.Thing()):
		m, err := p.Desk.Note(ctx, tx, ticket.By{Actor: actor, Cause: CauseUnverified}, id, l.draft)
		return result{BecameNote, id, m.ID}, err
	}
	return result{}, nil
}

// answer adds a public message from the requester's side. What a machine sent does not reopen a ticket;
// what a person answered through a mailing list does.
func (p *Post) answer(ctx context.Context, tx *db.Tx, l *letter, actor person.Actor, t ticket.Ticket) (result, error) {
	draft := l.draft
	draft.Automatic = l.msg.Kind == mailmsg.KindReply || l.msg.Automatic == mailmsg.AutomaticAuto
	m, err := p.Desk.Answer(ctx, tx, ticket.By{Actor: actor, Cause: CauseMail}, t.ID, draft)
	return result{BecameAnswer, t.ID, m.ID}, err
}

// begin makes a ticket of a mail. quotes are tickets that it speaks of without belonging to them.
func (p *Post) begin(ctx context.Context, tx *db.Tx, l *letter, who sender, quotes []int64) (result, error) {
	requester, err := p.requester(ctx, tx, who)
	if err != nil {
		return result{}, err
	}
	by := ticket.By{Actor: person.Actor{ID: requester.ID, Name: requester.Name, Role: person.Requester}, Cause: CauseMail}
	t, err := p.Desk.Create(ctx, tx, by, ticket.New{Subject: plainText(l.msg.Subject), Requester: requester.ID, Mailbox: l.row.MailboxID, Channel: ticket.ByMail, Message: l.draft})
	if err != nil {
		return result{}, err
	}
	for _, id := range quotes {
		if err := p.Desk.Relate(ctx, tx, by, t, id, ticket.Quotes); err != nil {
			return result{}, err
		}
	}
	messageID, err := db.One[int64](ctx, tx, `SELECT id FROM message WHERE ticket_id = $1 AND seq = 1`, t.ID)
	return result{BecameTicket, t.ID, messageID}, err
}

// fileRaw makes a ticket with the raw file of a mail that could not be read.
func (p *Post) fileRaw(ctx context.Context, tx *db.Tx, d *directory, l *letter) (result, error) {
	if d.ours(l.msg.From.Address) {
		return result{outcome: WasLoop}, nil
	}
	who, err := p.senderOf(ctx, tx, d, l)
	if err != nil {
		return result{}, err
	}
	words := p.locale(ctx, "", "")
	l.draft = ticket.Draft{Text: i18n.Print(words, l.unread), Channel: ticket.ByMail, Automatic: true, RFCMessageID: l.draft.RFCMessageID}
	if l.raw != nil {
		l.draft.Files = []ticket.File{l.rawFile()}
	}
	if l.msg.Subject == "" {
		l.msg.Subject = i18n.T(words, "A mail that could not be read")
	}
	r, err := p.begin(ctx, tx, l, who, nil)
	r.outcome = BecameRaw
	return r, err
}

// requester gives the person that a new ticket is for.
func (p *Post) requester(ctx context.Context, tx *db.Tx, who sender) (person.Person, error) {
	switch {
	case who.known.ID != 0:
		return who.known, nil
	case who.contact.Address != "":
		return person.ByAddress(ctx, tx, who.contact)
	}
	return p.unknownSender(ctx, tx)
}

const unknownSetting = "mail without a sender"

// unknownSender is the person that mails without a usable sender are from: one for all, without an
// address.
func (p *Post) unknownSender(ctx context.Context, tx *db.Tx) (person.Person, error) {
	text, err := db.All[string](ctx, tx, `SELECT value FROM setting WHERE name = $1`, unknownSetting)
	if err != nil {
		return person.Person{}, err
	}
	if len(text) > 0 {
		id, err := strconv.ParseInt(text[0], 10, 64)
		if err != nil {
			return person.Person{}, err
		}
		return person.Get(ctx, tx, id)
	}
	who, err := person.Create(ctx, tx, person.New{Name: i18n.T(p.locale(ctx, "", ""), "Unknown sender"), Role: person.Requester})
	if err != nil {
		return who, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)`, unknownSetting, strconv.FormatInt(who.ID, 10))
	return who, err
}

// threadsOf gives the tickets that a mail says it answers, the surest first: by our signed reply address,
// then by a Message-ID that we know.
func (p *Post) threadsOf(ctx context.Context, tx *db.Tx, d *directory, l *letter) ([]int64, error) {
	var ids []int64
	for _, id := range p.signedTickets(d, l.recipients()) {
		exists, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket WHERE id = $1`, id)
		if err != nil {
			return nil, err
		}
		if exists {
			ids = append(ids, id)
		}
	}
	for _, rfc := range l.answered() {
		found, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM message WHERE rfc_message_id = $1 AND rfc_message_id <> '' ORDER BY id LIMIT 3`, rfc)
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// recipients are the addresses that a mail was sent to, by envelope and by header.
func (l *letter) recipients() []string {
	out := splitLines(l.row.EnvelopeTo)
	for _, list := range [][]mailmsg.Address{l.msg.To, l.msg.CC} {
		for _, a := range list[:min(len(list), 100)] {
			out = append(out, a.Address)
		}
	}
	return out
}

// answered are the Message-IDs that a mail answers, the nearest first.
func (l *letter) answered() []string {
	const most = 25
	ids := slices.Clone(l.msg.InReplyTo[:min(len(l.msg.InReplyTo), most)])
	for _, id := range slices.Backward(l.msg.References) {
		if len(ids) == 2*most {
			break
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i, id := range ids {
		ids[i] = plainText(id)
	}
	return ids
}

// namedTickets gives the numbers that a mail names as "#1042" in its subject or in what was written now.
func namedTickets(m *mailmsg.Message) (ids []int64) {
	const most = 5
	for _, text := range []string{m.Subject, cut(m.NewText, 20_000)} {
		for before, after, ok := strings.Cut(text, "#"); ok && len(ids) < most; before, after, ok = strings.Cut(after, "#") {
			if id := numberAt(before, after); id != 0 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// numberAt reads the number that follows a "#"; 0 where the sign is part of something else: an address, an
// entity, a colour.
func numberAt(before, after string) int64 {
	last, _ := utf8.DecodeLastRuneInString(before)
	digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
	next, _ := utf8.DecodeRuneInString(after[digits:])
	if digits == 0 || digits > 12 || before != "" && (isWord(last) || last == '&' || last == '/') || digits < len(after) && isWord(next) {
		return 0
	}
	id, _ := strconv.ParseInt(after[:digits], 10, 64)
	return id
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
