package mailbox

import "context"

// FileAll files everything that waits, those that failed before too, once each round.
func (p *Post) FileAll(ctx context.Context) error {
	for {
		n, err := p.processBatch(ctx, false)
		if err != nil {
			return err
		}
		if n == 0 {
			_, err := p.processBatch(ctx, true)
			return err
		}
	}
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
