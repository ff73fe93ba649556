package mailbox

import (
	"context"
	"html"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
)

// Digest is a short mail to somebody who works here: lines that each lead to a page.
type Digest struct {
	PersonID int64
	// Key is the same for the same mail, so that one that is sent twice is known as one.
	Key string
	// Lines gives them in the reader's language.
	Lines func(ctx context.Context) []DigestLine
	// More says that there are more than these, at MorePath; ChoicePath is where they choose what they are told.
	More                 bool
	MorePath, ChoicePath string
}

// DigestLine is one thing in a Digest.
type DigestLine struct {
	Text, About string
	Path        string // of the page, with a slash first
}

// MailDigest sends a digest now. An address that gives mail back, or that has had its share of automatic mail, gets none; then and
// when it has gone the error is nil.
func (p *Post) MailDigest(ctx context.Context, d Digest) error {
	var l composed
	var to string
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		to = ""
		who, err := person.Get(ctx, tx, d.PersonID)
		if err != nil || who.Address == "" || !who.Active {
			return err
		}
		bounced, err := db.All[clock.Instant](ctx, tx, `SELECT bounced_at FROM person_address WHERE address = $1`, who.Address)
		if err != nil || len(bounced) == 0 || bounced[0] != 0 {
			return err
		}
		if may, err := p.MayMail(ctx, tx, who.Address, WhyDigest); err != nil || !may {
			return err
		}
		if l, err = p.newLetter(ctx, tx); err != nil {
			return err
		}
		to = who.Address
		p.writeDigest(p.locale(ctx, who.Language, who.Zone), &l, who, d)
		return nil
	})
	if err != nil {
		return unwritten(err)
	}
	if to == "" {
		return nil
	}
	return p.mailLetter(ctx, l, to, "mail what waits for somebody", 5*time.Minute)
}

func (p *Post) writeDigest(ctx context.Context, l *composed, who person.Person, d Digest) {
	lines := d.Lines(ctx)
	_, domain, _ := strings.Cut(l.out.From.Address, "@")
	l.out.MessageID = "goodturn.digest." + d.Key + "@" + domain
	l.out.To = []mailmsg.Address{{Name: who.Name, Address: who.Address}}
	l.out.Subject = i18n.N(ctx, "{{.Count}} thing waits for you", "{{.Count}} things wait for you", len(lines))
	if len(lines) == 1 {
		l.out.Subject = lines[0].Text + ": " + lines[0].About
	}
	var text, rich strings.Builder
	openHTML(ctx, &rich)
	for _, x := range lines {
		link := p.PublicURL() + x.Path
		text.WriteString(x.Text + ": " + x.About + "\n" + link + "\n\n")
		tableRow(&rich, "text", `color:#1f2328;padding:0 0 12px 0`, html.EscapeString(x.Text)+`<br>`+anchor(link, x.About))
	}
	if d.More {
		more := i18n.T(ctx, "There is more on your page.")
		text.WriteString(more + "\n" + p.PublicURL() + d.MorePath + "\n\n")
		tableRow(&rich, "text", `color:#1f2328;padding:0 0 12px 0`, anchor(p.PublicURL()+d.MorePath, more))
	}
	choose := i18n.T(ctx, "Choose what you are told, and when, or switch these mails off")
	text.WriteString("-- \n" + choose + ":\n" + p.PublicURL() + d.ChoicePath + "\n")
	tableRow(&rich, "soft", `color:#59636e;font-size:13px;padding:12px 0 0 0`, anchor(p.PublicURL()+d.ChoicePath, choose))
	l.out.Text, l.out.HTML = text.String(), rich.String()+mailFoot
}
