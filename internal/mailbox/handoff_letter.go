package mailbox

import (
	"context"
	"encoding/json"
	"html"
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

// HandOff is what somebody is told who handed a request on.
type HandOff struct {
	Ticket  int64  `json:"ticket"`
	Person  int64  `json:"person"`
	Follows bool   `json:"follows"`
	RFC     string `json:"rfc"` // Message-ID of the mail that handed it on; "" where there was none
	// Path is that of the page on which they choose what becomes of it; "" for none.
	Path string `json:"path"`
}

// QueueHandOff mails somebody that what they handed on has come, unless they had their share of automatic mail.
func (p *Post) QueueHandOff(ctx context.Context, tx *db.Tx, h HandOff) error {
	who, err := person.Get(ctx, tx, h.Person)
	if err != nil {
		return err
	}
	if may, err := p.MayMail(ctx, tx, who.Address, WhyHandOff); err != nil || !may {
		return err
	}
	return p.Queue.Insert(ctx, tx, job.New(handoffJob, h))
}

// sendHandoffLetter is the job that tells somebody who handed a mail on that they can let go. Nothing that the mail held
// is in it, because whoever forged it chose that.
func (p *Post) sendHandoffLetter(ctx context.Context, raw json.RawMessage) error {
	var args HandOff
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	l, to, err := p.handoffLetter(ctx, args)
	if err != nil {
		return unwritten(err)
	}
	return p.mailLetter(ctx, l, to, "mail that a request was handed on", 5*time.Minute)
}

func (p *Post) handoffLetter(ctx context.Context, args HandOff) (l composed, to string, err error) {
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
		p.calls(&l, who.OrganisationID)
		l.out.To = []mailmsg.Address{{Name: who.Name, Address: to}}
		l.out.InReplyTo = args.RFC
		l.out.Subject = i18n.T(words, "We have it: #{{.Number}}", "Number", strconv.FormatInt(t.ID, 10))
		l.out.Text, l.out.HTML = p.handoffText(words, args, t, who, asker)
		return nil
	})
	return l, to, err
}

// handoffText is the letter's text. Who asked is named to people of their own organisation and to staff only.
func (p *Post) handoffText(ctx context.Context, args HandOff, t ticket.Ticket, who, asker person.Person) (text, formatted string) {
	number := strconv.FormatInt(t.ID, 10)
	all := []string{i18n.T(ctx, "Hello {{.Name}},", "Name", greeted(who.Name, who.Address))}
	near := who.Role.AtLeast(person.Agent) || who.OrganisationID != 0 && who.OrganisationID == asker.OrganisationID
	switch {
	case near:
		all = append(all, i18n.T(ctx, "we have what you handed on. It is ticket #{{.Number}} now, {{.Person}} gets the answers, and you need do nothing more.", "Number", number, "Person", greeted(asker.Name, asker.Address)))
	default:
		all = append(all, i18n.T(ctx, "somebody whom you sent to us has written. We have it: it is ticket #{{.Number}}, they get the answers, and you need do nothing more.", "Number", number))
	}
	at, choice := "", i18n.T(ctx, "Let go, or stay in the loop")
	if args.Path != "" {
		at = p.PublicURL() + args.Path
	}
	switch {
	case args.Follows && at == "":
		all = append(all, i18n.T(ctx, "You get a copy of each answer. If you would rather not, answer this mail and say so."))
	case args.Follows:
		all = append(all, i18n.T(ctx, "You get a copy of each answer. If you would rather not, let go here:"))
	case at != "":
		all = append(all, i18n.T(ctx, "You hear no more of it unless you choose to. There you can also note the minutes that it took you:"))
	}
	text = strings.Join(all, "\n\n") + "\n"
	var b strings.Builder
	openHTML(ctx, &b)
	tableRow(&b, "text", `color:#1f2328;padding:0 0 16px 0`, sanitize.Linkify(strings.Join(all, "\n\n")))
	if at != "" {
		text += "\n" + at + "\n"
		tableRow(&b, "text", `padding:0 0 16px 0`, `<a class="link" style="color:#0b57d0" href="`+html.EscapeString(at)+`">`+html.EscapeString(choice)+`</a>`)
	}
	return text, b.String() + mailFoot
}
