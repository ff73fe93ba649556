package mailbox

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// KindReceipt is the Letter that confirms a request.
const KindReceipt = "receipt"

// ReceiptPart gives what a part of the desk has to say in the mail that confirms a request, in the reader's language; nothing is nothing.
// What came in must not be repeated: a form can be sent in anybody's name.
type ReceiptPart func(ctx context.Context, tx *db.Tx, t ticket.Ticket, who person.Person) ([]LetterPart, error)

// Confirm is a hook for the end of a transaction: it has a mail confirm each request that somebody sent by mail or by the form. What a
// program wrote is not confirmed, nor what comes to a mailbox that does not want it.
func (p *Post) Confirm() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		came := e.What == ticket.Messaged && m != nil && m.Seq == 1 && m.Inbound && !m.Automatic && m.CreatedAt == tx.Now
		if !came || t.Channel != ticket.ByMail && t.Channel != ticket.ByForm {
			return nil
		}
		return p.ConfirmNow(ctx, tx, t)
	}
}

// ConfirmNow has a mail confirm a request, unless its mailbox does not want that.
func (p *Post) ConfirmNow(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	box, err := p.mailboxOf(ctx, tx, t)
	if err != nil || box.NoReceipt {
		return err
	}
	return p.QueueLetter(ctx, tx, Letter{Ticket: t.ID, Kind: KindReceipt})
}

// receipt writes the mail that Confirm asks for.
func (p *Post) receipt(ctx context.Context, tx *db.Tx, t ticket.Ticket, who person.Person, _ int64) (LetterText, error) {
	number := strconv.FormatInt(t.ID, 10)
	says := LetterText{Subject: i18n.T(ctx, "We have your request [#{{.Number}}]", "Number", number), Parts: []LetterPart{{
		Text: i18n.T(ctx, "we have your request. Its number is {{.Number}}. A person reads it and answers you.", "Number", number),
	}}}
	for _, part := range p.Receipt {
		more, err := part(ctx, tx, t, who)
		if err != nil {
			return LetterText{}, err
		}
		says.Parts = append(says.Parts, more...)
	}
	says.Parts = append(says.Parts, LetterPart{
		Text:    i18n.T(ctx, "To add something, just answer this mail."),
		Choices: []LetterChoice{{Text: i18n.T(ctx, "See what is being done")}},
	})
	return says, nil
}
