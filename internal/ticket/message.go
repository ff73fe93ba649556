package ticket

import (
	"context"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/sanitize"
	"goodturn/internal/search"
)

// Message is something said on a ticket: public, or a note that only staff see.
type Message struct {
	ID           int64
	TicketID     int64
	Seq          int64 // 1, 2, 3 … within the ticket
	AuthorID     int64 // 0 for the desk itself
	Internal     bool  // a note
	Inbound      bool  // from the requester's side
	Automatic    bool  // written by a program
	Channel      Channel
	Text         string // what was written now, plain
	Quoted       string // quoted history and signature, plain
	HTML         string `db:"html"` // as it was sent, hostile; "" for plain text
	RFCMessageID string `db:"rfc_message_id"`
	CreatedAt    clock.Instant
	HomeID       int64 // the ticket that it came from, which became part of this one; 0 for this one itself

	Recipients *Recipients // of a message that is being said: to whom it goes; nil for the requester and the followers
	OnlyThanks bool        // of a message that is being said: it was taken for nothing but thanks, and opens nothing
}

const messageColumns = `id, ticket_id, seq, author_id, internal, inbound, automatic, channel, text, quoted, html, rfc_message_id, created_at, home_id`

// Draft is something to be said.
type Draft struct {
	Text         string
	Quoted       string
	HTML         string
	Channel      Channel
	Author       int64 // 0: the actor
	Automatic    bool
	RFCMessageID string // of a mail that came in; outgoing ones get theirs here
	Files        []File
	Subject      string        // of a mail that came in; the ticket keeps its own
	At           clock.Instant // an importer says when; 0 for now
	Recipients   *Recipients   // of a reply: to whom it goes; nil for the requester and the followers
	Follow       bool          // the named recipients, but for BCC, follow the ticket from now on

	Snooze *Snooze // of a reply: the ticket sleeps so from then on, unless it is done by then; nil for awake

	Actions []Action // of a reply: what is done with the ticket once it is said, by its author

	internal, inbound bool
	onlyThanks        bool
	asleep            bool // what was held does not wake a ticket that was put to sleep meanwhile
}

// MaxText is the longest text of one message, in bytes.
const MaxText = 1 << 20

func (m Draft) empty() bool {
	return strings.TrimSpace(m.Text) == "" && strings.TrimSpace(m.Quoted) == "" && m.HTML == "" && len(m.Files) == 0
}

func (m Draft) check() error {
	if m.empty() {
		return fault.Invalid(fault.F("text", i18n.M("Please write something first.")))
	}
	if len(m.Text) > MaxText {
		return fault.Invalid(fault.F("text", i18n.M("This text is longer than 1 MB. Please attach it as a file.")))
	}
	return nil
}

// Check tells what is wrong with an answer before it is given.
func (m Draft) Check() error { return m.checkReply() }

func (m Draft) checkReply() error {
	if err := m.check(); err != nil {
		return err
	}
	return m.Recipients.check()
}

// Reply sends a public message from the desk to the requester and the followers. then is the status
// that the ticket has afterwards; "" leaves it, except that a new ticket becomes open.
func (d *Desk) Reply(ctx context.Context, tx *db.Tx, by By, id int64, m Draft, then Status) (Message, error) {
	t, err := takeKept(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return Message{}, err
	}
	if err := m.checkReply(); err != nil {
		return Message{}, err
	}
	return d.reply(ctx, tx, by, t, m, then)
}

func (d *Desk) reply(ctx context.Context, tx *db.Tx, by By, t Ticket, m Draft, then Status) (Message, error) {
	if err := d.untrash(ctx, tx, by, &t); err != nil { // nobody answers what is thrown away
		return Message{}, err
	}
	if t.Turn.Doubtful() { // nobody answers spam
		if err := d.want(ctx, tx, by, &t); err != nil {
			return Message{}, err
		}
	}
	m.internal, m.inbound = false, false
	if m.HTML != "" && strings.TrimSpace(m.Text) == "" {
		m.Text = sanitize.Text(m.HTML)
	}
	if m.Recipients != nil && m.Follow {
		for _, r := range slices.Concat(m.Recipients.To, m.Recipients.CC) {
			if err := d.follow(ctx, tx, by, t, r.PersonID); err != nil {
				return Message{}, err
			}
		}
	}
	msg, err := d.say(ctx, tx, by, &t, m)
	if err != nil {
		return msg, err
	}
	program := m.Automatic && by.Rule != 0 // nobody has looked at the ticket
	if !m.asleep && !program {
		if err := d.wakeBecause(ctx, tx, by, &t, WokenByReply); err != nil {
			return msg, err
		}
	}
	if then == "" && t.Status == StatusNew && !program {
		then = Open
	}
	if then != "" {
		if err := d.changeStatus(ctx, tx, by, &t, then); err != nil {
			return msg, err
		}
	}
	if m.Snooze != nil && t.IsOpen {
		if err := d.snooze(ctx, tx, by, &t, *m.Snooze); err != nil {
			return msg, err
		}
	}
	return msg, d.also(ctx, tx, by, t.ID, m)
}

// Note writes something that only staff see.
func (d *Desk) Note(ctx context.Context, tx *db.Tx, by By, id int64, m Draft) (Message, error) {
	t, err := takeKept(ctx, tx, by, person.ChangeTicket, id)
	if err != nil {
		return Message{}, err
	}
	if err := m.check(); err != nil {
		return Message{}, err
	}
	m.internal, m.inbound = true, false
	return d.say(ctx, tx, by, &t, m)
}

// Answer adds a public message from the requester's side: by mail, or on the ticket's page. A ticket that
// waited for them, or was done, is open again, unless a program wrote the message or it only says thanks.
func (d *Desk) Answer(ctx context.Context, tx *db.Tx, by By, id int64, m Draft) (Message, error) {
	t, err := takeKept(ctx, tx, by, person.WriteOwn, id)
	if err != nil {
		return Message{}, err
	}
	if err := m.check(); err != nil {
		return Message{}, err
	}
	m.internal, m.inbound = false, true
	if d.OnlyThanks != nil && !m.Automatic && !t.IsOpen && !t.Turn.Aside() {
		if m.onlyThanks, err = d.OnlyThanks(ctx, tx, t, m); err != nil {
			return Message{}, err
		}
	}
	msg, err := d.say(ctx, tx, by, &t, m)
	if err != nil || m.Automatic || m.onlyThanks {
		return msg, err
	}
	if t.Turn == Trash { // what somebody still needs is no rubbish
		answer := by
		answer.Cause = RestoredByAnswer
		if err := d.untrash(ctx, tx, answer, &t); err != nil {
			return msg, err
		}
	}
	if t.Turn.Aside() {
		return msg, nil
	}
	if t.snoozed().Mode == UntilAnswer {
		if err := d.wakeBecause(ctx, tx, by, &t, WokenByAnswer); err != nil {
			return msg, err
		}
	}
	if t.Status != StatusNew && t.Status != Open {
		by.Cause = firstOf(by.Cause, "answer")
		err = d.changeStatus(ctx, tx, by, &t, Open)
	}
	return msg, err
}

// say stores a message, its files and its words, and brings the ticket's row up to date.
func (d *Desk) say(ctx context.Context, tx *db.Tx, by By, t *Ticket, m Draft) (Message, error) {
	if m.Author == 0 && by.Rule == 0 { // what a rule says, nobody says
		m.Author = by.ID
	}
	if m.At == 0 {
		m.At = tx.Now
	}
	t.Messages++
	msg := Message{
		TicketID: t.ID, Seq: t.Messages, AuthorID: m.Author, Internal: m.internal, Inbound: m.inbound, Automatic: m.Automatic, Channel: orElse(m.Channel, t.Channel),
		Text: tidy(m.Text), Quoted: tidy(m.Quoted), HTML: tidy(m.HTML), RFCMessageID: m.RFCMessageID, CreatedAt: m.At,
		Recipients: m.Recipients, OnlyThanks: m.onlyThanks,
	}
	var err error
	msg.ID, err = db.One[int64](ctx, tx, `INSERT INTO message (ticket_id, seq, author_id, internal, inbound, automatic, channel, text, quoted, html, rfc_message_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
		msg.TicketID, msg.Seq, orNull(msg.AuthorID), msg.Internal, msg.Inbound, msg.Automatic, msg.Channel, msg.Text, msg.Quoted, msg.HTML, msg.RFCMessageID, msg.CreatedAt)
	if err != nil {
		return msg, err
	}
	if err := attach(ctx, tx, msg, m.Files); err != nil {
		return msg, err
	}
	index := search.Add
	if msg.Seq >= lastDocument {
		index = search.Put // in the place of the message before, which can no longer be found
	}
	if err := index(ctx, tx, search.Document{ID: document(t.ID, msg.Seq), Body: msg.Text}); err != nil {
		return msg, err
	}
	if err := t.heard(ctx, tx, msg); err != nil {
		return msg, err
	}
	if err := readOwn(ctx, tx, by, msg); err != nil {
		return msg, err
	}
	e := Event{What: Messaged, ToValue: direction(msg)}
	if msg.Internal {
		e = Event{What: Noted}
	}
	if err := d.record(ctx, tx, by, *t, e, &msg); err != nil {
		return msg, err
	}
	return msg, d.mentions(ctx, tx, by, *t, msg)
}

// heard notes on the ticket's row what a message changes: its last line, who waits since when, the first
// answer.
func (t *Ticket) heard(ctx context.Context, tx *db.Tx, m Message) error {
	if !m.Internal {
		name, err := db.All[string](ctx, tx, `SELECT name FROM person WHERE id = $1`, m.AuthorID)
		if err != nil {
			return err
		}
		t.LastText, t.LastBy = oneLine(m.Text, 160), strings.Join(name, "")
		switch {
		case m.OnlyThanks: // nobody waits
		case m.Inbound && !m.Automatic && t.WaitingSince == 0:
			t.WaitingSince = m.CreatedAt
		case !m.Inbound && !m.Automatic:
			t.WaitingSince = 0
			if t.AnsweredAt == 0 {
				t.AnsweredAt = m.CreatedAt
			}
		}
	}
	if !m.Internal { // the requester's list is in this order too, and must not tell of notes
		t.ActivityAt = max(t.ActivityAt, m.CreatedAt)
	}
	_, err := tx.Exec(ctx, `UPDATE ticket SET messages = $2, last_text = $3, last_by = $4, waiting_since = $5, answered_at = $6, activity_at = $7 WHERE id = $1`,
		t.ID, t.Messages, t.LastText, t.LastBy, t.WaitingSince, t.AnsweredAt, t.ActivityAt)
	return err
}

func direction(m Message) string {
	if m.Inbound {
		return "in"
	}
	return "out"
}

// tidy keeps text that both databases can hold: valid UTF-8 without NUL, with plain line ends.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.ReplaceAll(s, "\x00", "")
}

// Messages lists what was said on a ticket, oldest first; without notes unless internal is wanted.
func Messages(ctx context.Context, tx *db.Tx, ticketID int64, internal bool) ([]Message, error) {
	return db.All[Message](ctx, tx, `SELECT `+messageColumns+` FROM message WHERE ticket_id = $1 AND (NOT internal OR $2) ORDER BY seq`, ticketID, internal)
}

// mostNew is how many messages NewMessages gives at most.
const mostNew = 50

// NewMessages lists the public messages of a ticket after one of them (0 for all), the newest of many, oldest first.
func NewMessages(ctx context.Context, tx *db.Tx, ticketID, after int64) ([]Message, error) {
	all, err := db.All[Message](ctx, tx, `SELECT `+messageColumns+` FROM message WHERE ticket_id = $1 AND id > $2 AND NOT internal ORDER BY id DESC LIMIT $3`, ticketID, after, mostNew)
	slices.Reverse(all)
	return all, err
}

// MessageByID gives one message.
func MessageByID(ctx context.Context, tx *db.Tx, id int64) (Message, error) {
	return db.One[Message](ctx, tx, `SELECT `+messageColumns+` FROM message WHERE id = $1`, id)
}

// document is the id of a message in the search index (seq 0: the ticket's subject). Newer tickets sort
// after older ones.
func document(ticketID, seq int64) int64 { return ticketID<<documentBits | min(seq, lastDocument) }

const (
	documentBits = 13
	// lastDocument is shared by all messages of a ticket from this one on.
	lastDocument = 1<<documentBits - 1
)
