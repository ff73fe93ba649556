package desk

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
)

// ThanksBlock is a card to the whole desk.
type ThanksBlock struct {
	Text, Writer string
	At           clock.Instant
}

// thanksBlock is the newest card to the desk that hangs on the wall; nil for none lately.
func thanksBlock(ctx context.Context, l *look) (*ThanksBlock, error) {
	c, ok, err := thanks.OfDesk(ctx, l.tx, l.visit.Actor)
	if err != nil || !ok {
		return nil, err
	}
	return &ThanksBlock{Text: c.Text, Writer: c.Writer(ctx), At: c.HungAt}, nil
}

// thanksWords tell that somebody said thanks: not to whom, which is theirs to know.
func thanksWords(ctx context.Context, e ticket.Event, name string) string {
	if e.MessageID != 0 {
		return i18n.T(ctx, "It only says thanks, so it stays solved")
	}
	return i18n.T(ctx, "{{.Name}} wrote a thank-you card", "Name", name)
}
