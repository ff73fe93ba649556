package mailbox

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/mailauth"
	"goodturn/internal/mailmsg"
)

// Doubt says why a mail from the address of staff did not act as staff.
type Doubt string

// The doubts.
const (
	NoDoubt        Doubt = ""
	DoubtSender    Doubt = "sender"    // nothing proves who wrote it
	DoubtUnsigned  Doubt = "unsigned"  // the sender is proven, but not to whom it was written
	DoubtElsewhere Doubt = "elsewhere" // it was written to somebody else, or for another ticket
	DoubtOld       Doubt = "old"       // it was written long before it came, or it does not say when
	DoubtQuotes    Doubt = "quotes"    // it repeats words of a note
	DoubtEmpty     Doubt = "empty"     // nothing was written beside what is quoted
)

// How many mails may wait for name servers at once.
const sideBySide = batchMails

// authenticateAll finds out who vouches for the mails of a batch, side by side and outside any transaction.
func (p *Post) authenticateAll(ctx context.Context, d *directory, letters []*letter) {
	var group errgroup.Group
	group.SetLimit(sideBySide)
	for _, l := range letters {
		if l.raw == nil || !l.unread.IsZero() {
			continue
		}
		group.Go(func() error {
			defer func() {
				if f := recover(); f != nil {
					p.Log.Error("panic while checking a mail's sender", "mail", l.row.ID, "error", f)
				}
			}()
			l.facts.Auth = p.Auth.Check(ctx, mailauth.Mail{Raw: l.raw, From: l.msg.From.Address, AuthservID: d.trusts(l.row)})
			return nil
		})
	}
	_ = group.Wait()
}

// trusts gives the authserv-id that is believed of a mail. What was typed on a page came past no mail server.
func (d *directory) trusts(r waitingMail) string {
	if r.Source == SourceWeb || r.Source == SourceOpen {
		return ""
	}
	for _, k := range d.all {
		if k.id == r.MailboxID {
			return k.trusts
		}
	}
	return ""
}

// mailAge is how long a mail may have been on its way to still act as staff. Mail servers try for five days (RFC 5321
// §4.5.4.1); an answer that comes later is somebody's who kept it.
const mailAge = 6 * 24 * time.Hour

// doubtStaff says what keeps a mail from the address of staff from acting as staff on the ticket that it came to. What
// was proven must be all that matters: who wrote, to whom, when, and to which mail. Else whoever once got a mail of an
// agent's could send it on to another ticket.
func (p *Post) doubtStaff(d *directory, l *letter, t thread) Doubt {
	auth := l.facts.Auth
	if !auth.Authentic() {
		return DoubtSender
	}
	for _, field := range []string{"From", "To", "Subject", "Date", "Message-ID"} {
		if !auth.Covers(field) {
			return DoubtUnsigned
		}
	}
	if len(l.msg.CC) > 0 && !auth.Covers("Cc") {
		return DoubtUnsigned
	}
	named := slices.ContainsFunc(slices.Concat(l.msg.To, l.msg.CC), func(a mailmsg.Address) bool { return d.ours(a.Address) })
	switch {
	case !named || !t.proven:
		return DoubtElsewhere
	case l.msg.Date.IsZero() || l.row.ReceivedAt.Time().Sub(l.msg.Date).Abs() > mailAge:
		return DoubtOld
	}
	return NoDoubt
}

// quotesNotes tells whether a text repeats a line of what others noted for staff alone.
func quotesNotes(ctx context.Context, tx *db.Tx, ticketID, author int64, text string) (bool, error) {
	const (
		notes   = 500
		telling = 25 // bytes of a line that nobody writes by chance
	)
	all, err := db.All[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND internal AND author_id <> $2 ORDER BY seq DESC LIMIT $3`, ticketID, author, notes)
	if err != nil {
		return false, err
	}
	text = foldSpace(text)
	for _, note := range all {
		for line := range strings.Lines(note) {
			if line = foldSpace(line); len(line) >= telling && strings.Contains(text, line) {
				return true, nil
			}
		}
	}
	return false, nil
}

// foldSpace joins words by single spaces, because mail programs wrap what they quote.
func foldSpace(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, ">", " ")), " ")
}

// sentTo tells whether one of our messages on a ticket went to an address: any of them when none is named.
func sentTo(ctx context.Context, tx *db.Tx, ticketID int64, messages []int64, address string, before clock.Instant) (bool, error) {
	args := db.Args{ticketID, address, before}
	where := ""
	if len(messages) > 0 {
		where = ` AND message_id IN (` + db.List(&args, messages) + `)`
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM delivery WHERE ticket_id = $1 AND address = $2 AND sent_at > 0 AND sent_at <= $3`+where, args...)
}
