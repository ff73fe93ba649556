package mailbox

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
)

const handoffJob = "handoff_letter"

type handoffArgs struct {
	Ticket  int64  `json:"ticket"`
	Person  int64  `json:"person"`
	Follows bool   `json:"follows"`
	RFC     string `json:"rfc"` // Message-ID of the mail that handed it on
}

// sendHandoffLetter is the job that tells somebody who handed a mail on that they can let go. Nothing that the mail held
// is in it, because whoever forged it chose that.
func (p *Post) sendHandoffLetter(ctx context.Context, raw json.RawMessage) error {
	var args handoffArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	l, to, err := p.handoffLetter(ctx, args)
	if err != nil {
		return unwritten(err)
	}
	return p.mailLetter(ctx, l, to, "mail that a request was handed on", 5*time.Minute)
}

func (p *Post) handoffLetter(ctx context.Context, args handoffArgs) (l composed, to string, err error) {
	err = p.DB.Read(ctx, func(tx *db.Tx) error {
		who, err := person.Get(ctx, tx, args.Person)
		if err != nil {
			return err
		}
		if to = who.Address; to == "" || !who.Active {
			return &finalError{i18n.M("{{.Address}} is not this person's any more.", "Address", who.Name)}
		}
		t, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, args.Ticket)
		if err != nil {
			return err
		}
		asker, err := person.Get(ctx, tx, t.RequesterID)
		if err != nil {
			return err
		}
		if l, err = p.newLetter(ctx, tx); err != nil {
			return err
		}
		box, err := p.mailboxOf(ctx, tx, t)
		if err != nil {
			return err
		}
		if box.Sending.Host != "" {
			l.out.From, l.account = mailmsg.Address{Name: box.Name, Address: box.Address}, box.Sending
		}
		if args.Follows && box.Subaddress {
			l.out.ReplyTo = mailmsg.Address{Name: box.Name, Address: p.replyAddress(box.Address, t.ID)}
		}
		words := p.locale(ctx, who.Language, who.Zone)
		l.out.To = []mailmsg.Address{{Name: who.Name, Address: to}}
		l.out.InReplyTo = args.RFC
		l.out.Subject = i18n.T(words, "We have it: #{{.Number}}", "Number", strconv.FormatInt(t.ID, 10))
		all := []string{
			i18n.T(words, "Hello {{.Name}},", "Name", greeted(who.Name, to)),
			i18n.T(words, "we have what you handed on. It is ticket #{{.Number}} now, {{.Person}} gets the answers, and you need do nothing more.", "Number", strconv.FormatInt(t.ID, 10), "Person", greeted(asker.Name, asker.Address)),
		}
		if args.Follows {
			all = append(all, i18n.T(words, "You get a copy of each answer. If you would rather not, answer this mail and say so."))
		}
		l.out.Text = strings.Join(all, "\n\n") + "\n"
		var b strings.Builder
		openHTML(words, &b)
		tableRow(&b, "text", `color:#1f2328;padding:0 0 16px 0`, sanitize.Linkify(strings.Join(all, "\n\n")))
		l.out.HTML = b.String() + mailFoot
		return nil
	})
	return l, to, err
}
