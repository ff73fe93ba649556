// Package thanks keeps thank-you cards: words that somebody writes to whoever helped them, or to the desk as a whole.
//
// A card is words, never a number of stars. It comes from the requester of a ticket, from a colleague, or from a mail that says nothing but
// thanks on a ticket that is done (OnlyThanks), which stays done then. It is kept for good in the record of whoever got it, a page that
// only they see and can take away as a file (Own, Record). It hangs on the wall (Wall) while both agree, who wrote it and who got it; one to
// the desk while its writer does. Leads get the cards of a month in one mail (Month), but those that their holders keep to themselves.
//
//	card, err := book.Write(ctx, tx, by, t, thanks.Words{To: helper, Text: "You stayed on the phone until it worked.", Wall: true})
//
// Invariants: nothing here counts, ranks or compares; no query adds cards up by person, and a test holds that; what a card says is read by
// its writer, its holder, whoever reads the wall, and the leads' letter, and by nobody else; a card of a private team's ticket never tells
// of the ticket.
package thanks

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// How says by which way a card came.
type How string

// The ways.
const (
	ByPage      How = "page"      // written on a page by the requester's side
	ByMail      How = "mail"      // a message that only says thanks
	ByColleague How = "colleague" // written on a page by somebody of the desk
)

// Says is what somebody says of the wall.
type Says string

// What they say; "" is nothing yet.
const (
	Yes Says = "yes"
	No  Says = "no"
)

// Card is one card, as whoever reads it may see it.
type Card struct {
	ID       int64
	TicketID int64 // 0 for none, and where the reader must not know of it
	FromID   int64 // 0 for somebody who is not here any more
	ToID     int64 // 0 for the desk as a whole
	FromName string
	ToName   string
	Text     string
	How      How
	// MessageID is the message that was taken for thanks; 0 for none.
	MessageID int64
	At        clock.Instant
	// FromSays and ToSays are what its writer and its holder say of the wall.
	FromSays, ToSays Says
	HungAt           clock.Instant // since when it hangs on the wall; 0 for not
	Kept             bool          // its holder shows it to nobody
	AwayAt           clock.Instant // when its holder put it aside; 0 for not
	Subject          string        // of the ticket, "" with TicketID 0
}

const columns = `c.id, c.ticket_id, c.from_id, c.to_id, coalesce(f.name, '') AS from_name, coalesce(g.name, '') AS to_name, c.text, c.how, c.message_id, c.at, c.from_says, c.to_says, c.hung_at, c.kept, c.away_at`

const joins = ` FROM card c LEFT JOIN person f ON f.id = c.from_id LEFT JOIN person g ON g.id = c.to_id`

// Book keeps the cards. The program builds one.
type Book struct {
	Desk *ticket.Desk
	// Tell tells whoever got a card that it is there. Optional.
	Tell func(ctx context.Context, tx *db.Tx, c Card) error
	// Said is told that the requester of a ticket wrote thanks for it, so that nobody asks them again. Optional.
	Said func(ctx context.Context, tx *db.Tx, ticketID int64) error
}

// Words are what somebody writes on a card.
type Words struct {
	To   int64 // who gets it; 0 for the desk as a whole
	Text string
	Wall bool // it may hang on the wall
}

// The bounds of cards.
const (
	// MaxText is the longest text of a card, in letters.
	MaxText = 1000
	// mostOfOne is how many cards one person can write for one ticket.
	mostOfOne = 10
)

// Helper is somebody who can be thanked for a ticket.
type Helper struct {
	ID   int64
	Name string
}

// Helpers are those who can be thanked for a ticket, whoever has it first. Requesters are told only of those whom they know of: who has it,
// and who answered them. Who is not here any more is not among them, nor the actor.
func Helpers(ctx context.Context, tx *db.Tx, a person.Actor, t ticket.Ticket) ([]Helper, error) {
	seen := `e.what = 'message'`
	if a.Staff() && a.ID != t.RequesterID {
		seen = `e.what <> ''`
	}
	return db.All[Helper](ctx, tx, `SELECT p.id, p.name FROM person p WHERE p.active AND p.merged_into IS NULL AND p.role <> 'requester' AND p.id <> $2 AND p.id <> $3
		AND (p.id = $4 OR p.id IN (SELECT e.person_id FROM event e WHERE e.ticket_id = $1 AND e.person_id IS NOT NULL AND `+seen+`))
		ORDER BY CASE WHEN p.id = $4 THEN 0 ELSE 1 END, (SELECT max(e.id) FROM event e WHERE e.ticket_id = $1 AND e.person_id = p.id AND e.what = 'message') DESC NULLS LAST, p.id LIMIT 20`,
		t.ID, a.ID, t.RequesterID, t.AssigneeID)
}

// Write keeps a card of somebody for a ticket, and tells whoever gets it. The same said twice is one card. That the actor may see the ticket
// has been checked. What cannot be is fault.Invalid with the fields "text" and "to".
func (b *Book) Write(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, w Words) (Card, error) {
	w.Text = clean(w.Text)
	if err := b.check(ctx, tx, by, t, w); err != nil {
		return Card{}, err
	}
	if err := tx.Lock(ctx, "ticket", t.ID); err != nil { // two taps at once are one card
		return Card{}, err
	}
	before, err := db.All[Card](ctx, tx, `SELECT `+columns+joins+` WHERE c.ticket_id = $1 AND c.from_id = $2 ORDER BY c.id`, t.ID, by.ID)
	if err != nil {
		return Card{}, err
	}
	for _, c := range before {
		if c.Text == w.Text && c.ToID == w.To {
			return c, nil
		}
	}
	if len(before) >= mostOfOne {
		return Card{}, fault.Invalid(fault.F("text", i18n.M("You wrote many cards for this already. They all arrived.")))
	}
	c := Card{TicketID: t.ID, FromID: by.ID, ToID: w.To, Text: w.Text, How: ByPage, FromSays: No}
	if by.Staff() && by.ID != t.RequesterID {
		c.How = ByColleague
	}
	if w.Wall {
		c.FromSays = Yes
	}
	return b.keep(ctx, tx, by, t, c)
}

func (b *Book) check(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, w Words) error {
	var wrong []fault.Field
	switch {
	case w.Text == "":
		wrong = append(wrong, fault.F("text", i18n.M("Please write a few words. What was good about it?")))
	case utf8.RuneCountInString(w.Text) > MaxText:
		wrong = append(wrong, fault.F("text", i18n.M("A card has room for {{.Count}} letters. Please say it in fewer.", "Count", MaxText)))
	}
	if w.To != 0 {
		helpers, err := Helpers(ctx, tx, by.Actor, t)
		if err != nil {
			return err
		}
		found := false
		for _, h := range helpers {
			found = found || h.ID == w.To
		}
		if !found {
			wrong = append(wrong, fault.F("to", i18n.M("Please choose somebody who helped with this, or the whole desk.")))
		}
	}
	return fault.Check(wrong)
}

// keep stores a card, writes it on the spine and tells whoever gets it.
func (b *Book) keep(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, c Card) (Card, error) {
	c.At = tx.Now
	c.HungAt = c.hangs(tx.Now)
	id, err := db.One[int64](ctx, tx, `INSERT INTO card (ticket_id, from_id, to_id, text, how, message_id, at, from_says, to_says, hung_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		c.TicketID, orNull(c.FromID), orNull(c.ToID), c.Text, c.How, orNull(c.MessageID), c.At, c.FromSays, c.ToSays, c.HungAt)
	if err != nil {
		return c, err
	}
	if c, err = get(ctx, tx, id); err != nil {
		return c, err
	}
	if err := b.Desk.Thanked(ctx, tx, by, t, c.MessageID); err != nil {
		return c, err
	}
	if b.Said != nil && c.FromID == t.RequesterID {
		if err := b.Said(ctx, tx, t.ID); err != nil {
			return c, err
		}
	}
	if b.Tell != nil && c.ToID != 0 {
		return c, b.Tell(ctx, tx, c)
	}
	return c, nil
}

// hangs is since when the card hangs on the wall, as its writer and its holder say; 0 for not.
func (c Card) hangs(now clock.Instant) clock.Instant {
	agreed := c.FromSays == Yes && (c.ToSays == Yes || c.ToID == 0 && c.ToSays != No) && !c.Kept
	switch {
	case !agreed:
		return 0
	case c.HungAt != 0:
		return c.HungAt
	}
	return now
}

func get(ctx context.Context, tx *db.Tx, id int64) (Card, error) {
	c, err := db.One[Card](ctx, tx, `SELECT `+columns+joins+` WHERE c.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = errGone
	}
	return c, err
}

var errGone = fault.NotFound(i18n.M("This card is not there any more."))

// clean is a text as it is kept: valid, without control characters but line ends, and without signs that turn the text around it.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// orNull binds 0 as NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
