package mailbox

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/mailmsg"
)

// PapercutMail is something small that somebody mailed.
type PapercutMail struct {
	Person int64
	// Proven says that the mail's domain vouches for it.
	Proven bool
	// Text is a sentence, More what the mail says beside it.
	Text, More string
	Team       int64
	Private    bool // the team is private
	// Quiet says that the mailbox confirms nothing.
	Quiet bool
}

const (
	papercutMark = "papercut"
	// A subject of fewer words is a heading, and the sentence stands below it.
	papercutWords = 3
	papercutMost  = 300 // letters
)

// PapercutAddress is where small things can be mailed: help+papercut@example.com. It is "" where no mailbox of an open team takes
// subaddresses.
func PapercutAddress(ctx context.Context, tx *db.Tx) (string, error) {
	boxes, err := db.All[string](ctx, tx, `SELECT m.address FROM mailbox m JOIN team t ON t.id = m.team_id WHERE m.active AND m.subaddress AND NOT t.private ORDER BY m.id LIMIT 1`)
	if err != nil || len(boxes) == 0 {
		return "", err
	}
	return subaddressOf(boxes[0], papercutMark), nil
}

// toPapercuts tells that a mail went to the address for small things, and to no other of the desk.
func (d *directory) toPapercuts(l *letter) bool {
	found := false
	for _, address := range l.recipients() {
		k, sub, ok := d.find(address)
		switch {
		case ok && sub == papercutMark:
			found = true
		case ok && k.id != l.row.MailboxID, ok && slices.Contains(l.addressed(), address):
			return false // it asks for help, too: that comes first
		}
	}
	return found
}

// filePapercut notes a mail to the address for small things; the zero result is none of these. What a program wrote, what goes round, what
// may be spam, and what the book does not take is filed like any other mail, so that nothing is lost.
func (p *Post) filePapercut(ctx context.Context, tx *db.Tx, d *directory, l *letter, who sender) (result, error) {
	if p.Papercut == nil || !d.toPapercuts(l) || l.msg.Automatic != "" || who.contact.Address == "" || who.known.ID != 0 && !who.known.Active || passedTwice(l.raw, d.ours) {
		return result{}, nil
	}
	guess, err := p.suspect(ctx, tx, l, who, false)
	if err != nil || guess != nil {
		return result{}, err
	}
	m := PapercutMail{Proven: l.facts.Auth.Authentic()}
	if m.Text, m.More = sentence(mailmsg.PlainSubject(plainText(l.msg.Subject)), plainText(l.msg.NewText)); m.Text == "" {
		return result{}, nil
	}
	err = tx.Try(ctx, func() error {
		whose, err := p.requester(ctx, tx, who)
		if err != nil {
			return err
		}
		type box struct {
			ID        int64
			Private   bool
			NoReceipt bool
		}
		at, err := db.All[box](ctx, tx, `SELECT t.id, t.private, m.no_receipt FROM mailbox m JOIN team t ON t.id = m.team_id WHERE m.id = $1`, l.row.MailboxID)
		if err != nil {
			return err
		}
		if len(at) > 0 {
			m.Team, m.Private, m.Quiet = at[0].ID, at[0].Private, at[0].NoReceipt
		}
		m.Person = whose.ID
		return p.Papercut(ctx, tx, m)
	})
	if _, ours := fault.Of(err); ours {
		return result{}, nil
	}
	if err != nil {
		return result{}, err
	}
	return result{outcome: BecamePapercut}, nil
}

// sentence finds what a mail wants to say in a line: its subject where that is one, else the first line below it.
func sentence(subject, text string) (line, more string) {
	text = strings.TrimSpace(text)
	subject = strings.Join(strings.Fields(subject), " ")
	if len(strings.Fields(subject)) >= papercutWords || text == "" {
		return shorten(subject), text
	}
	first, rest, _ := strings.Cut(text, "\n")
	line = strings.TrimSpace(first)
	if line == "" {
		return shorten(subject), text
	}
	if short := shorten(line); short != line {
		return short, text
	}
	return line, strings.TrimSpace(rest)
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= papercutMost {
		return s
	}
	runes := []rune(s)
	return string(runes[:papercutMost-1]) + "…"
}

// SendPlain mails somebody a plain text from the desk as a whole. key keeps its Message-ID the same however often it is tried.
func (p *Post) SendPlain(ctx context.Context, to, subject, text, key string) error {
	var l composed
	err := p.DB.Write(ctx, func(tx *db.Tx) (err error) {
		l, err = p.newLetter(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	_, domain, _ := strings.Cut(l.out.From.Address, "@")
	l.out.To = []mailmsg.Address{{Address: to}}
	l.out.Subject, l.out.Text, l.out.MessageID = subject, text, key+"@"+domain
	mail, err := mailmsg.Compose(l.out)
	if err != nil {
		return err
	}
	return p.hand(ctx, l.account, l.out.From.Address, to, mail)
}
