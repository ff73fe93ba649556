package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/sanitize"
)

const invitationJob = "invitation_letter"

type invitationArgs struct {
	Person  int64  `json:"person"`
	Address string `json:"address"`
}

// QueueInvitation mails somebody that they have an account, and where to sign in. The mail holds no secret:
// whoever reads it must still ask for a link, which goes to the same address.
func (p *Post) QueueInvitation(ctx context.Context, tx *db.Tx, personID int64, address string) error {
	if may, err := p.MayMail(ctx, tx, address, WhyInvitation); err != nil {
		return err
	} else if !may {
		return fault.Conflict(i18n.M("{{.Address}} has had so many automatic mails within the hour that none is sent now. Please try again later.", "Address", address))
	}
	return p.Queue.Insert(ctx, tx, job.New(invitationJob, invitationArgs{personID, person.FoldAddress(address)}))
}

func (p *Post) sendInvitation(ctx context.Context, raw json.RawMessage) error {
	var args invitationArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	l, err := p.invitation(ctx, args)
	if err != nil {
		return unwritten(err)
	}
	return p.mailLetter(ctx, l, args.Address, "mail an invitation", 5*time.Minute)
}

func (p *Post) invitation(ctx context.Context, args invitationArgs) (l composed, err error) {
	err = p.DB.Read(ctx, func(tx *db.Tx) error {
		who, err := person.FindByAddress(ctx, tx, args.Address)
		if errors.Is(err, db.ErrNoRow) || (err == nil && who.ID != args.Person) {
			return &finalError{i18n.M("{{.Address}} is not this person's any more.", "Address", args.Address)}
		}
		if err != nil {
			return err
		}
		if l, err = p.newLetter(ctx, tx); err != nil {
			return err
		}
		words := p.locale(ctx, who.Language, who.Zone)
		link := p.PublicURL() + "/sign-in"
		text := i18n.T(words, "Hello {{.Name}},", "Name", who.Name) + "\n\n" + i18n.T(words, "you have an account at this help desk now. To sign in, open the page below and have a link mailed to {{.Address}}; afterwards you can set a password if you like.", "Address", args.Address)
		p.calls(&l, who.OrganisationID)
		l.out.To = []mailmsg.Address{{Name: who.Name, Address: args.Address}}
		l.out.Subject = i18n.T(words, "Your account at the help desk")
		l.out.Text = text + "\n\n" + link + "\n"
		var b strings.Builder
		openHTML(words, &b)
		tableRow(&b, "text", `color:#1f2328;padding:0 0 16px 0`, sanitize.Linkify(text))
		tableRow(&b, "text", `color:#1f2328;padding:0 0 16px 0`, `<a class="link" style="color:#0b57d0" href="`+html.EscapeString(link)+`">`+html.EscapeString(i18n.T(words, "Sign in"))+`</a>`)
		l.out.HTML = b.String() + mailFoot
		return nil
	})
	return l, err
}
