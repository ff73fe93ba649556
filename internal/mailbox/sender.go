package mailbox

import (
	"context"
	"errors"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

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
