package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/sanitize"
)

const letterJob = "sign_in_letter"

// letterArgs is what the job is given. It holds no secret: the link is made when it is mailed.
type letterArgs struct {
	Person  int64         `json:"person"`
	Address string        `json:"address"`
	Browser []byte        `json:"browser"`
	Next    string        `json:"next"`
	Asked   clock.Instant `json:"asked"`
}

// QueueSignInLink mails somebody a link to sign in with, in the browser whose cookie hashes to browserHash.
// address must be one of that person's; next is where to go afterwards, or "".
func (p *Post) QueueSignInLink(ctx context.Context, tx *db.Tx, personID int64, address string, browserHash []byte, next string) error {
	if may, err := p.MayMail(ctx, tx, address, WhySignIn); err != nil || !may {
		return err // the page answers the same: who reads it need not know whether there is an account
	}
	return p.Queue.Insert(ctx, tx, job.New(letterJob, letterArgs{personID, person.FoldAddress(address), browserHash, next, tx.Now}))
}

// sendLetter is the job. It tries for as long as the link would be good.
func (p *Post) sendLetter(ctx context.Context, raw json.RawMessage) error {
	var args letterArgs
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	if clock.Now().Sub(args.Asked) > person.SignInLinkLife {
		return job.Permanent(errors.New("nobody waits for this link any more"))
	}
	l, err := p.signInLetter(ctx, args)
	if err != nil {
		return unwritten(err)
	}
	return p.mailLetter(ctx, l, args.Address, "mail a sign-in link", 20*time.Second)
}

// composed is a small mail that belongs to no ticket, and the account it goes out through.
type composed struct {
	out     mailmsg.Outgoing
	account Sending
}

// unwritten ends the job of a letter that will never be written.
func unwritten(err error) error {
	if final := (*finalError)(nil); errors.As(err, &final) {
		return job.Permanent(err)
	}
	return err
}

// mailLetter gives a letter to its account's server, for a job that is tried again after the pause where that may help.
func (p *Post) mailLetter(ctx context.Context, l composed, to, what string, pause time.Duration) error {
	mail, err := mailmsg.Compose(l.out)
	if err != nil {
		return job.Permanent(err)
	}
	if err := p.hand(ctx, l.account, l.out.From.Address, to, mail); err != nil {
		err = fmt.Errorf("%s: %w", what, err)
		if _, permanent, _ := verdict(err); permanent {
			return job.Permanent(err)
		}
		return job.After(pause, err)
	}
	return nil
}

func (p *Post) signInLetter(ctx context.Context, args letterArgs) (l composed, err error) {
	d, err := p.directory(ctx)
	if err != nil {
		return l, err
	}
	if d.ours(args.Address) {
		return l, &finalError{i18n.M("{{.Address}} is an address of the desk itself.", "Address", args.Address)}
	}
	err = p.DB.Write(ctx, func(tx *db.Tx) error {
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
		token, err := person.NewLink(ctx, tx, who.ID, args.Browser, args.Next)
		if err != nil {
			return err
		}
		words := p.locale(ctx, who.Language, who.Zone)
		name := greeted(who.Name, args.Address)
		p.calls(&l, who.OrganisationID)
		l.out.To = []mailmsg.Address{{Name: name, Address: args.Address}}
		l.out.Subject = i18n.T(words, "Your link to sign in")
		minutes := int(person.SignInLinkLife / time.Minute)
		link := p.PublicURL() + "/sign-in/link/" + token
		before := i18n.T(words, "Hello {{.Name}},", "Name", name) + "\n\n" + i18n.N(words, "this link signs you in. It can be used once, within {{.Count}} minute, in the browser that you asked from.", "this link signs you in. It can be used once, within {{.Count}} minutes, in the browser that you asked from.", minutes)
		after := i18n.T(words, "If you did not ask for it, nothing needs to be done: without it nobody can sign in as you.")
		l.out.Text = before + "\n\n" + link + "\n\n" + after + "\n"
		var b strings.Builder
		openHTML(words, &b)
		tableRow(&b, "text", `color:#1f2328;padding:0 0 16px 0`, sanitize.Linkify(before))
		tableRow(&b, "text", `color:#1f2328;padding:0 0 16px 0`, `<a class="link" style="color:#0b57d0" href="`+html.EscapeString(link)+`">`+html.EscapeString(i18n.T(words, "Sign in"))+`</a>`)
		tableRow(&b, "soft", `color:#59636e;font-size:13px`, html.EscapeString(after))
		l.out.HTML = b.String() + mailFoot
		return nil
	})
	return l, err
}

// greeted is the name that a letter greets. Anybody can have a letter sent to any address under a name of their choosing,
// so that one which mail programs would make a link of, or which is longer than names are, is left for the address.
func greeted(name, address string) string {
	if len(name) > 60 || strings.ContainsAny(name, `:/\@<>[]=&?#%`) || linkish.MatchString(name) {
		return address
	}
	return name
}

// linkish is a dot within a word: "www.example", "evil.example".
var linkish = regexp.MustCompile(`[\pL\pN]\.[\pL\pN]{2,}`)

// newLetter begins a mail from the desk as a whole: its first active mailbox that can send, or the default
// sender.
func (p *Post) newLetter(ctx context.Context, tx *db.Tx) (l composed, err error) {
	ids, err := db.All[int64](ctx, tx, `SELECT id FROM mailbox WHERE active ORDER BY id`)
	if err != nil {
		return l, err
	}
	l.account = p.Default.Sending
	from := mailmsg.Address{Name: p.Default.Name, Address: p.Default.Address}
	for i, id := range ids {
		m, err := p.Get(ctx, tx, id)
		if err != nil {
			return l, err
		}
		if m.Sending.Host != "" {
			from, l.account = mailmsg.Address{Name: m.Name, Address: m.Address}, m.Sending
			break
		}
		if i == 0 && from.Address == "" {
			from = mailmsg.Address{Name: m.Name, Address: m.Address}
		}
	}
	if from.Address == "" || l.account.Host == "" {
		return l, &finalError{i18n.M("There is no account to send mail through.")}
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	l.out = mailmsg.Outgoing{From: from, Date: tx.Now.Time(), MessageID: mailmsg.NewMessageID("goodturn.letter."+strconv.FormatInt(int64(tx.Now), 36), domain), Automatic: "auto-generated"}
	return l, nil
}
