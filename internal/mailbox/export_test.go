package mailbox

import (
	"context"

	"goodturn/internal/mailmsg"
)

// FileAll files everything that waits, those that failed before too, once each round.
func (p *Post) FileAll(ctx context.Context) error {
	if err := p.processNew(ctx); err != nil {
		return err
	}
	return p.processOld(ctx)
}

// StoreRawOnly does the first half of taking a mail in, as a process that is killed then leaves it.
func (p *Post) StoreRawOnly(ctx context.Context, raw []byte) error {
	_, err := p.Blobs.PutMany(ctx, [][]byte{raw})
	return err
}

// ReplyAddress is the signed reply address of a ticket.
func (p *Post) ReplyAddress(mailbox string, id int64) string { return p.replyAddress(mailbox, id) }

// CutLinks takes tokens out of links of ours.
func (p *Post) CutLinks(s string) string { return p.cutLinks(s) }

// WriteAddresses says which addresses there are, as a running desk does.
func (p *Post) WriteAddresses(ctx context.Context) error {
	d, err := p.loadDirectory(ctx)
	if err != nil {
		return err
	}
	return writeAddresses(p.Data, d)
}

// ReadSpooled reads a file of the spool and goes no further, as a process that is killed then.
func ReadSpooled(path string) (Incoming, error) { return readSpooled(path) }

// SignedTicket gives the ticket that an address names on a desk with these addresses, as the pipe has them.
func (p *Post) SignedTicket(addresses, address string) int64 {
	return p.signedTicket(parseDirectory(addresses), address)
}

// NamedTickets gives the numbers that a text names.
func NamedTickets(text string) []int64 { return namedTickets(&mailmsg.Message{NewText: text}) }
