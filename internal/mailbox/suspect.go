package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
	"goodturn/internal/spam"
)

// Suspicion is the guess about a ticket and what people said of it.
type Suspicion struct {
	Score   float64 // 0 to 1
	Reasons []spam.Reason
}

// SuspicionOf gives the guess that put a ticket aside; the zero value for a ticket that was never guessed about. Who may
// see the ticket as staff may see it.
func SuspicionOf(ctx context.Context, tx *db.Tx, ticketID int64) (Suspicion, error) {
	type row struct {
		Score   float64
		Reasons string
	}
	var s Suspicion
	r, err := db.One[row](ctx, tx, `SELECT score, reasons FROM suspicion WHERE ticket_id = $1`, ticketID)
	if errors.Is(err, db.ErrNoRow) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	s.Score = r.Score
	return s, json.Unmarshal([]byte(r.Reasons), &s.Reasons)
}

// spamMail is a mail as the classifier looks at it.
func spamMail(raw []byte, m *mailmsg.Message) spam.Mail {
	out := spam.Mail{Head: raw, FromName: m.From.Name, FromAddress: m.From.Address, Recipients: len(m.To) + len(m.CC), Subject: m.Subject, Text: m.Text, HTML: m.HTML}
	if len(m.ReplyTo) > 0 {
		out.ReplyTo = m.ReplyTo[0].Address
	}
	return out
}

// suspect guesses whether the mail that is to become a ticket is spam; nil when there is no reason to put it aside.
// ours says that it came to a signed address of ours, answers a mail of ours, or was handed on by a colleague, which
// spam is not.
func (p *Post) suspect(ctx context.Context, tx *db.Tx, l *letter, who sender, ours bool) (*spam.Guess, error) {
	g := l.guard
	if g == nil || g.Spam == spam.Off || ours || !l.unread.IsZero() {
		return nil, nil
	}
	standing, err := standingOf(ctx, tx, who, l.vouched())
	if err != nil || standing == wanted {
		return nil, err
	}
	tables := []spam.Table{spam.Prior()}
	if g.learnt != (spam.Count{}) {
		learnt, err := learntWords(ctx, tx, l.evidence.Words)
		if err != nil {
			return nil, err
		}
		learnt[""] = g.learnt
		tables = append(tables, learnt)
	}
	guess := l.evidence.Judge(spam.Facts{DMARC: l.vouched(), BelieveFlag: g.BelieveFlag, Unwanted: standing == unwanted}, tables...)
	if guess.Score < g.Spam.Threshold() {
		return nil, nil
	}
	return &guess, nil
}

// vouched is what is known of the mail's sender: "pass", "fail" or "".
func (l *letter) vouched() string {
	switch auth := l.facts.Auth; {
	case auth.Authentic():
		return "pass"
	case auth.DMARC == "fail":
		return "fail"
	}
	return ""
}

// standing is what the desk has to do with a sender.
type standing int

const (
	unknown standing = iota
	wanted
	unwanted
)

// standingOf tells how the desk stands to a sender. Staff, those who were answered before and those whom somebody
// called wanted are wanted, unless their domain says that the mail is not theirs; so is who writes from an
// organisation's domain when that is certain.
func standingOf(ctx context.Context, tx *db.Tx, who sender, vouched string) (standing, error) {
	if vouched == "fail" || who.contact.Address == "" {
		return unknown, nil
	}
	if who.known.Role.AtLeast(person.Agent) {
		return wanted, nil
	}
	trusted, err := db.All[bool](ctx, tx, `SELECT trusted FROM sender_trust WHERE address = $1`, who.contact.Address)
	if err != nil {
		return unknown, err
	}
	if len(trusted) > 0 {
		if trusted[0] {
			return wanted, nil
		}
		return unwanted, nil
	}
	proven, err := isProven(ctx, tx, who.contact.Address, who.known.ID)
	if err != nil || proven {
		return wanted, err
	}
	_, domain, _ := strings.Cut(who.contact.Address, "@")
	if vouched == "pass" {
		theirs, err := db.Exists(ctx, tx, `SELECT 1 FROM organisation_domain WHERE domain = $1`, domain)
		if err != nil || theirs {
			return wanted, err
		}
	}
	return unknown, nil
}

// isProven tells whether an address is known to be read by somebody who deals with the desk: they signed in by it, or
// the desk answered them, or wrote a ticket down for them.
func isProven(ctx context.Context, tx *db.Tx, address string, personID int64) (bool, error) {
	if personID == 0 {
		return false, nil
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM person_address WHERE address = $1 AND verified_at > 0
		UNION ALL SELECT 1 FROM (SELECT t.answered_at, t.channel, t.turn FROM ticket t WHERE t.requester_id = $2 ORDER BY t.activity_at DESC LIMIT 50) AS known
		WHERE known.turn NOT IN ('suspect', 'spam') AND (known.answered_at > 0 OR known.channel IN ('phone', 'desk')) LIMIT 1`, address, personID)
}

// keepSuspicion stores why a ticket was put aside.
func keepSuspicion(ctx context.Context, tx *db.Tx, ticketID int64, g spam.Guess) error {
	for i := range g.Reasons {
		g.Reasons[i].Detail = plainText(cut(g.Reasons[i].Detail, 300))
	}
	raw, err := json.Marshal(g.Reasons)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO suspicion (ticket_id, score, reasons, judged, words) VALUES ($1, $2, $3, '', '')`, ticketID, g.Score, plainText(string(raw)))
	return err
}
