package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/sanitize"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

const requesterLetterJob = "requester_letter"

// Letter is a mail from the desk that no person wrote, to somebody about a ticket: that it has come, what the desk would like to know,
// whether it worked.
type Letter struct {
	// Ticket is what it is about; 0 where there is none, such as an outage that somebody has too.
	Ticket int64 `json:"ticket"`
	// Person gets it; 0 is the ticket's requester as they are when it is written.
	Person int64 `json:"person"`
	// Kind names who writes it, in Post.Writers.
	Kind string `json:"kind"`
	// About is for the writer, such as the id of what is told; or 0.
	About int64 `json:"about"`
	// At is when it goes, at the earliest; 0 is now.
	At clock.Instant `json:"at"`
	// Until is how long it is tried again each hour where somebody had their share of automatic mail; 0 is not at all.
	Until clock.Instant `json:"until,omitempty"`
	// Key keeps the local part of its Message-ID the same however often it is tried.
	Key string `json:"key"`
}

// LetterWriter says what a letter says, when it is about to go, in the language and zone of ctx. The zero LetterText is nothing any more:
// no mail goes. It must not say what came in through a form or a mail that nothing vouches for: whoever forged it chose those words.
type LetterWriter func(ctx context.Context, tx *db.Tx, t ticket.Ticket, who person.Person, about int64) (LetterText, error)

// LetterText is what a Letter says.
type LetterText struct {
	// Subject is "" for that of the ticket's other mails.
	Subject string
	Parts   []LetterPart
	// Calendar gives an iCalendar object that goes with it (RFC 6047), nil for none, and Method what it asks for, such as "REQUEST"; organizer is the address that
	// answers go to, called so. They come back to the desk as mail (Post.Answered).
	Calendar func(organizer, called string) []byte
	Method   string
}

// LetterPart is a paragraph or more of plain text under a title, either of which may be "", with what can be chosen.
type LetterPart struct {
	Title, Text string
	Choices     []LetterChoice
}

// LetterChoice is a link. It opens a page on which the choice is made, and one button there does it: programs that look at every link
// in a mail change nothing.
type LetterChoice struct {
	Text string
	// Path is below the ticket's own address, such as "worked?answer=yes"; "" is the ticket itself. Of a letter without a ticket, and with
	// a slash at its beginning, it is from the root of the desk.
	Path string
}

// QueueLetter has a letter mailed when the transaction is committed. One to somebody without an address that works, or who had their
// share of automatic mail until Letter.Until, is left out without an error.
func (p *Post) QueueLetter(ctx context.Context, tx *db.Tx, l Letter) error {
	l.Key = "goodturn.letter." + strconv.FormatInt(l.Ticket, 10) + "." + secret.Token()[:16]
	j := job.New(requesterLetterJob, l)
	j.At = l.At
	return p.Queue.Insert(ctx, tx, j)
}

// sendRequesterLetter is the job.
func (p *Post) sendRequesterLetter(ctx context.Context, raw json.RawMessage) error {
	var args Letter
	if err := json.Unmarshal(raw, &args); err != nil {
		return job.Permanent(err)
	}
	l, to, err := p.writeRequesterLetter(ctx, args)
	if err != nil {
		return unwritten(err)
	}
	if to == "" {
		return nil
	}
	return p.mailLetter(ctx, l, to, "mail a letter about a ticket", 5*time.Minute)
}

// writeRequesterLetter gives the mail and to whom it goes; "" is nobody.
func (p *Post) writeRequesterLetter(ctx context.Context, args Letter) (l composed, to string, err error) {
	write := p.Writers[args.Kind]
	if write == nil {
		return l, "", &finalError{i18n.M("Nobody writes letters of the kind {{.Kind}}.", "Kind", args.Kind)}
	}
	err = p.DB.Write(ctx, func(tx *db.Tx) error {
		to = ""
		var t ticket.Ticket
		if args.Ticket != 0 {
			if t, err = ticket.Get(ctx, tx, person.System, person.SeeTicket, args.Ticket); fault.Is(err, fault.KindNotFound) {
				return nil
			} else if err != nil {
				return err
			}
			if t.Turn.Doubtful() {
				return nil
			}
		}
		id := args.Person
		if id == 0 {
			id = t.RequesterID
		}
		who, err := person.Get(ctx, tx, id)
		if fault.Is(err, fault.KindNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if reached, err := reached(ctx, tx, who); err != nil || !reached {
			return err
		}
		words := p.locale(ctx, who.Language, who.Zone)
		says, err := write(words, tx, t, who, args.About)
		if err != nil || len(says.Parts) == 0 {
			return err
		}
		if l, err = p.newLetter(ctx, tx); err != nil {
			if final := (*finalError)(nil); errors.As(err, &final) { // a desk without mail has no letters
				return nil
			}
			return err
		}
		may, err := p.MayMail(ctx, tx, who.Address, WhyLetter)
		if err != nil {
			return err
		}
		if !may {
			if args.At = tx.Now.Add(time.Hour); args.At > args.Until {
				return nil
			}
			return p.QueueLetter(ctx, tx, args)
		}
		to = who.Address
		return p.addressLetter(words, tx, &l, args, t, who, says)
	})
	return l, to, err
}

// reached tells that mail reaches somebody, as far as is known.
func reached(ctx context.Context, tx *db.Tx, who person.Person) (bool, error) {
	if who.Address == "" || !who.Active {
		return false, nil
	}
	bounced, err := db.All[clock.Instant](ctx, tx, `SELECT bounced_at FROM person_address WHERE address = $1`, who.Address)
	return err == nil && len(bounced) == 1 && bounced[0] == 0, err
}

// addressLetter fills in a letter: from the ticket's mailbox, in its thread, with links that open it for this reader.
func (p *Post) addressLetter(ctx context.Context, tx *db.Tx, l *composed, args Letter, t ticket.Ticket, who person.Person, says LetterText) error {
	root := p.PublicURL()
	below := root
	l.out.Subject = says.Subject
	if t.ID != 0 {
		box, err := p.mailboxOf(ctx, tx, t)
		if err != nil {
			return err
		}
		if box.Address != "" {
			l.out.From.Name, l.out.From.Address = box.Name, box.Address
		}
		if box.Sending.Host != "" {
			l.account = box.Sending
		}
		if box.Subaddress {
			l.out.ReplyTo = mailmsg.Address{Name: box.Name, Address: p.replyAddress(box.Address, t.ID)}
		}
		if l.out.Subject == "" {
			l.out.Subject = replySubject(t)
		}
		if err := p.threadLetter(ctx, tx, l, args, t, who); err != nil {
			return err
		}
		token, err := ticket.NewLink(ctx, tx, t.ID, who.ID, true)
		if err != nil {
			return err
		}
		below = root + "/t/" + token
	}
	p.calls(l, who.OrganisationID)
	l.out.To = []mailmsg.Address{{Name: who.Name, Address: who.Address}}
	if says.Calendar != nil {
		l.out.Calendar, l.out.Method = says.Calendar(l.out.From.Address, l.out.From.Name), says.Method
	}
	l.out.Text, l.out.HTML = says.mail(ctx, greeted(who.Name, who.Address), func(path string) string {
		switch {
		case strings.HasPrefix(path, "/"):
			return root + path
		case path == "":
			return below
		}
		return below + "/" + path
	})
	return nil
}

// threadLetter gives a letter its Message-ID, and has it follow the newest messages of its ticket.
func (p *Post) threadLetter(ctx context.Context, tx *db.Tx, l *composed, args Letter, t ticket.Ticket, who person.Person) error {
	_, domain, _ := strings.Cut(l.out.From.Address, "@")
	l.out.MessageID = args.Key + "@" + domain
	newest, err := db.All[string](ctx, tx, `SELECT rfc_message_id FROM message WHERE ticket_id = $1 AND NOT internal AND rfc_message_id <> '' ORDER BY id DESC LIMIT $2`, t.ID, maxReferences)
	if err != nil {
		return err
	}
	if l.out.References = references(nil, newest); len(l.out.References) > 0 {
		l.out.InReplyTo = slices.Clone(l.out.References)[len(l.out.References)-1]
	}
	_, err = tx.Exec(ctx, `INSERT INTO letter (rfc_message_id, ticket_id, person_id, kind, sent_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (rfc_message_id) DO NOTHING`, l.out.MessageID, t.ID, who.ID, args.Kind, tx.Now)
	return err
}

// mail writes the text as mail; url makes an address of a choice's path.
func (l LetterText) mail(ctx context.Context, name string, url func(string) string) (text, formatted string) {
	hello := i18n.T(ctx, "Hello {{.Name}},", "Name", name)
	var plain, b strings.Builder
	plain.WriteString(hello + "\n")
	openHTML(ctx, &b)
	tableRow(&b, "text", `color:#1f2328;padding:0 0 12px 0`, html.EscapeString(hello))
	for _, part := range l.Parts {
		plain.WriteByte('\n')
		if part.Title != "" {
			plain.WriteString(part.Title + "\n")
			tableRow(&b, "text", `color:#1f2328;font-weight:bold;padding:8px 0 0 0`, html.EscapeString(part.Title))
		}
		if part.Text != "" {
			plain.WriteString(strings.TrimSpace(part.Text) + "\n")
			tableRow(&b, "text", `color:#1f2328;padding:0 0 12px 0`, sanitize.Linkify(strings.TrimSpace(part.Text)))
		}
		for _, c := range part.Choices {
			at := url(c.Path)
			plain.WriteString("\n" + c.Text + ":\n" + at + "\n")
			tableRow(&b, "text", `padding:0 0 12px 0`, `<a class="link" style="color:#0b57d0" href="`+html.EscapeString(at)+`">`+html.EscapeString(c.Text)+`</a>`)
		}
	}
	return plain.String(), b.String() + mailFoot
}
