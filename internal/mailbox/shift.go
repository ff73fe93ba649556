package mailbox

import (
	"context"
	"errors"
	"html"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
)

// CalendarMail is an invitation, or what becomes of one, for somebody's calendar (RFC 6047). Answers come back to the desk as mail (Post.Answered).
type CalendarMail struct {
	PersonID int64
	Address  string // one of theirs, which is invited
	Method   string // REQUEST, CANCEL, DECLINECOUNTER; PUBLISH goes as a file, as it asks for nothing
	// Key is the same for the same mail, so that one that is sent twice is known as one.
	Key string
	// Subject and Text are for people, in the language and zone of ctx.
	Subject, Text func(ctx context.Context) string
	// Calendar is the iCalendar object; organizer is the address that answers go to, called so.
	Calendar func(ctx context.Context, organizer, called string) []byte
}

// MailCalendar sends an invitation now. Nothing is sent to an address that gives mail back, or is not theirs any more; then and when it has gone the error is nil. One
// to somebody who had their share of automatic mail goes later: the error is job.After.
func (p *Post) MailCalendar(ctx context.Context, c CalendarMail) error {
	var l composed
	to := ""
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		to = ""
		who, err := person.FindByAddress(ctx, tx, c.Address)
		if errors.Is(err, db.ErrNoRow) || err == nil && (who.ID != c.PersonID || !who.Active) {
			return nil
		}
		if err != nil {
			return err
		}
		bounced, err := db.Exists(ctx, tx, `SELECT 1 FROM person_address WHERE address = $1 AND bounced_at > 0`, person.FoldAddress(c.Address))
		if err != nil || bounced {
			return err
		}
		if may, err := p.MayMail(ctx, tx, c.Address, WhyShift); err != nil {
			return err
		} else if !may {
			return job.After(shareLater, errors.New("the address has had its share of automatic mail"))
		}
		if l, err = p.newLetter(ctx, tx); err != nil {
			return err
		}
		to = c.Address
		words := p.locale(ctx, who.Language, who.Zone)
		p.calls(&l, who.OrganisationID)
		_, domain, _ := strings.Cut(l.out.From.Address, "@")
		l.out.MessageID = "goodturn.shift." + c.Key + "@" + domain
		l.out.To = []mailmsg.Address{{Name: who.Name, Address: to}}
		l.out.Subject, l.out.Text = c.Subject(words), c.Text(words)
		var b strings.Builder
		openHTML(words, &b)
		tableRow(&b, "text", `color:#1f2328;padding:0 0 12px 0`, strings.ReplaceAll(html.EscapeString(l.out.Text), "\n", "<br>"))
		l.out.HTML = b.String() + mailFoot
		raw := c.Calendar(words, l.out.From.Address, l.out.From.Name)
		if c.Method == mailmsg.CalendarPublish { // several events: programs that read one as a form of the text show its first alone
			l.out.Attachments = []mailmsg.Attachment{{Name: "shifts.ics", Type: "text/calendar", Data: raw}}
		} else {
			l.out.Calendar, l.out.Method = raw, c.Method
		}
		return nil
	})
	if final := (*finalError)(nil); errors.As(err, &final) { // a desk without mail invites nobody
		return nil
	}
	if err != nil || to == "" {
		return err
	}
	return p.mailLetter(ctx, l, to, "mail an invitation to a shift", 5*time.Minute)
}

// fileAnswer takes an answer to one of our own invitations; it becomes no ticket.
func (p *Post) fileAnswer(ctx context.Context, tx *db.Tx, l *letter, who sender) (result, error) {
	if p.Answered == nil || l.msg.Calendar == nil {
		return result{}, nil
	}
	ours, err := p.Answered(ctx, tx, who.contact.Address, l.msg.Calendar)
	if err != nil || !ours {
		return result{}, err
	}
	return result{outcome: BecameAnswered}, nil
}
