package mailbox

import (
	"context"
	"errors"
	"html"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
)

// Digest is a mail to somebody who works here: lines that each lead to a page.
type Digest struct {
	PersonID int64
	// Key is the same for the same mail, so that one that is sent twice is known as one.
	Key string
	// Thread is the same for mails that mail programs are to show together; "" for one that stands alone.
	Thread string
	// Write gives what it says, in the reader's language.
	Write func(ctx context.Context) DigestText
	// StopPath is a page that ends mails like this one, also at one click of a mail program (RFC 8058); "" for none.
	StopPath string
	// ChoicePath is where they choose what they are told; "" for nowhere.
	ChoicePath string
}

// DigestText is what a Digest says.
type DigestText struct {
	Subject  string
	Lead     string // a sentence before all else, or ""
	Sections []DigestSection
	// Why says why they get it, in a sentence.
	Why string
}

// DigestSection is a part of a Digest. Its title may be "".
type DigestSection struct {
	Title string
	Lines []DigestLine
	// More says that there are more than these, at MorePath; "" for none.
	More, MorePath string
}

// DigestLine is one thing in a Digest: what happened, and what it is about, which leads to a page. Quote is what was said, or "".
type DigestLine struct {
	Text, About, Quote string
	Path               string // of the page, with a slash first; "" for none
}

// shareLater is when a mail is tried again for which an address had its share of automatic mail.
const shareLater = 10 * time.Minute

// MailDigest sends a digest now. An address that gives mail back gets none; then and when it has gone the error is nil. One that has
// had its share of automatic mail gets it later: the error is job.After.
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
		if may, err := p.MayMail(ctx, tx, who.Address, WhyDigest); err != nil {
			return err
		} else if !may {
			return job.After(shareLater, errors.New("the address has had its share of automatic mail"))
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
	says := d.Write(ctx)
	_, domain, _ := strings.Cut(l.out.From.Address, "@")
	l.out.MessageID = "goodturn.notice." + d.Key + "@" + domain
	if d.Thread != "" {
		l.out.InReplyTo = "goodturn.notice." + d.Thread + "@" + domain
		l.out.References = []string{l.out.InReplyTo}
	}
	l.out.To = []mailmsg.Address{{Name: who.Name, Address: who.Address}}
	l.out.Subject = says.Subject
	if d.StopPath != "" {
		l.out.Unsubscribe = p.PublicURL() + d.StopPath
	}
	l.out.Text = p.digestText(ctx, d, says)
	l.out.HTML = p.digestHTML(ctx, d, says)
}

// chooseWords lead from a mail to what is told.
func chooseWords(ctx context.Context) string {
	return i18n.T(ctx, "Choose what you are told, where and when")
}

func stopWords(ctx context.Context) string { return i18n.T(ctx, "No more mails like this") }

func (p *Post) digestText(ctx context.Context, d Digest, says DigestText) string {
	var b strings.Builder
	if says.Lead != "" {
		b.WriteString(says.Lead + "\n\n")
	}
	for _, s := range says.Sections {
		if s.Title != "" {
			b.WriteString(strings.ToUpper(s.Title) + "\n\n")
		}
		for _, x := range s.Lines {
			for _, line := range []string{x.About, x.Text} {
				if line != "" {
					b.WriteString(line + "\n")
				}
			}
			if x.Quote != "" {
				b.WriteString("> " + strings.ReplaceAll(x.Quote, "\n", "\n> ") + "\n")
			}
			if x.Path != "" {
				b.WriteString(p.PublicURL() + x.Path + "\n")
			}
			b.WriteString("\n")
		}
		if s.More != "" {
			b.WriteString(s.More + "\n" + p.PublicURL() + s.MorePath + "\n\n")
		}
	}
	b.WriteString("-- \n")
	if says.Why != "" {
		b.WriteString(says.Why + "\n")
	}
	if d.ChoicePath != "" {
		b.WriteString(chooseWords(ctx) + ":\n" + p.PublicURL() + d.ChoicePath + "\n")
	}
	if d.StopPath != "" {
		b.WriteString(stopWords(ctx) + ":\n" + p.PublicURL() + d.StopPath + "\n")
	}
	return b.String()
}

func (p *Post) digestHTML(ctx context.Context, d Digest, says DigestText) string {
	const ink, soft = `color:#1f2328;`, `color:#59636e;`
	var b strings.Builder
	openHTML(ctx, &b)
	if says.Lead != "" {
		tableRow(&b, "text", ink+`padding:0 0 16px 0`, html.EscapeString(says.Lead))
	}
	for _, s := range says.Sections {
		if s.Title != "" {
			tableRow(&b, "text", ink+`font-weight:600;padding:12px 0 8px 0`, html.EscapeString(s.Title))
		}
		for _, x := range s.Lines {
			tableRow(&b, "text", ink+`padding:0 0 12px 0`, p.digestLine(x))
		}
		if s.More != "" {
			tableRow(&b, "text", ink+`padding:0 0 12px 0`, anchor(p.PublicURL()+s.MorePath, s.More))
		}
	}
	var links []string
	if d.ChoicePath != "" {
		links = append(links, anchor(p.PublicURL()+d.ChoicePath, chooseWords(ctx)))
	}
	if d.StopPath != "" {
		links = append(links, anchor(p.PublicURL()+d.StopPath, stopWords(ctx)))
	}
	foot := html.EscapeString(says.Why)
	if foot != "" {
		foot += "<br>"
	}
	foot += strings.Join(links, " · ")
	tableRow(&b, "soft", soft+`font-size:13px;padding:12px 0 0 0`, foot)
	return b.String() + mailFoot
}

// digestLine is what it is about, then what happened.
func (p *Post) digestLine(x DigestLine) string {
	about := html.EscapeString(x.About)
	if x.Path != "" {
		words := x.About
		if words == "" {
			words = x.Text
		}
		about = anchor(p.PublicURL()+x.Path, words)
	}
	out := about
	if x.About != "" && x.Text != "" {
		out += "<br>" + html.EscapeString(x.Text)
	}
	if x.About == "" && x.Path == "" {
		out = html.EscapeString(x.Text)
	}
	if x.Quote != "" {
		out += `<div class="soft" style="border-inline-start:3px solid #d0d7de;border-left:3px solid #d0d7de;margin:6px 0 0 0;padding:0 0 0 10px;color:#59636e">` +
			strings.ReplaceAll(html.EscapeString(x.Quote), "\n", "<br>") + `</div>`
	}
	return out
}
