package mailbox

import (
	"context"
	"errors"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/spam"
	"goodturn/internal/ticket"
)

// How many words are remembered, and after how many judgements the rare ones are forgotten.
const (
	maxLearnt  = 30_000
	forgetEach = 64
)

// learn takes in that somebody judged a ticket. A judgement that is changed is taken back first, with the words that it
// was learnt with, so that nothing of it stays.
func (p *Post) learn(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket) error {
	judged := "ham"
	switch e.ToValue {
	case string(ticket.Suspect):
		return nil // our own guess
	case string(ticket.Spam):
		judged = "spam"
	}
	type row struct {
		Judged string
		Words  string
	}
	before, err := db.All[row](ctx, tx, `SELECT judged, words FROM suspicion WHERE ticket_id = $1`, t.ID)
	if err != nil {
		return err
	}
	var words []string
	switch {
	case len(before) == 0:
		if _, err := tx.Exec(ctx, `INSERT INTO suspicion (ticket_id, score, reasons, judged, words) VALUES ($1, 0, '[]', '', '')`, t.ID); err != nil {
			return err
		}
	case before[0].Judged == judged:
		return nil
	case before[0].Judged != "":
		words = strings.Split(before[0].Words, "\n")
		if err := count(ctx, tx, words, before[0].Judged, -1); err != nil {
			return err
		}
	}
	address, err := senderAddress(ctx, tx, t)
	if err != nil {
		return err
	}
	if words == nil {
		if words, err = wordsOf(ctx, tx, t, address); err != nil {
			return err
		}
	}
	if err := count(ctx, tx, words, judged, 1); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE suspicion SET judged = $2, words = $3 WHERE ticket_id = $1`, t.ID, judged, strings.Join(words, "\n")); err != nil {
		return err
	}
	return p.trust(ctx, tx, address, judged == "ham")
}

// senderAddress is where the first mail of a ticket came from.
func senderAddress(ctx context.Context, tx *db.Tx, t ticket.Ticket) (string, error) {
	facts, err := FactsOfTicket(ctx, tx, t.ID)
	if err != nil {
		return "", err
	}
	first := int64(0)
	for id := range facts {
		if first == 0 || id < first {
			first = id
		}
	}
	if a := person.FoldAddress(facts[first].From.Address); person.ValidAddress(a) {
		return a, nil
	}
	who, err := person.Get(ctx, tx, t.RequesterID)
	return who.Address, err
}

// wordsOf are the words of a ticket's first message.
func wordsOf(ctx context.Context, tx *db.Tx, t ticket.Ticket, address string) ([]string, error) {
	type said struct {
		Text   string
		Quoted string
	}
	m, err := db.One[said](ctx, tx, `SELECT text, quoted FROM message WHERE ticket_id = $1 ORDER BY seq LIMIT 1`, t.ID)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return nil, err
	}
	return spam.Words(spam.Mail{FromAddress: address, Subject: t.Subject, Text: m.Text + "\n" + m.Quoted}), nil
}

// count adds n to what the words were judged as. They go in order, so that two who judge at once do not wait for each
// other in a circle.
func count(ctx context.Context, tx *db.Tx, words []string, judged string, n int) error {
	words = append([]string{""}, words...)
	slices.Sort(words)
	spams, hams := n, 0
	if judged == "ham" {
		spams, hams = 0, n
	}
	for _, w := range slices.Compact(words) {
		_, err := tx.Exec(ctx, `INSERT INTO spam_word (word, spam, ham, seen_at) VALUES ($1, CASE WHEN $2 > 0 THEN $2 ELSE 0 END, CASE WHEN $3 > 0 THEN $3 ELSE 0 END, $4)
			ON CONFLICT (word) DO UPDATE SET spam = CASE WHEN spam_word.spam + $2 > 0 THEN spam_word.spam + $2 ELSE 0 END,
			ham = CASE WHEN spam_word.ham + $3 > 0 THEN spam_word.ham + $3 ELSE 0 END, seen_at = excluded.seen_at`, w, spams, hams, tx.Now)
		if err != nil {
			return err
		}
	}
	return forget(ctx, tx)
}

// forget drops, now and then, what was seen in one mail only and longest ago.
func forget(ctx context.Context, tx *db.Tx) error {
	mails, err := db.One[int64](ctx, tx, `SELECT spam + ham FROM spam_word WHERE word = ''`)
	if err != nil || mails == 0 || mails%forgetEach != 0 {
		return err
	}
	n, err := db.One[int64](ctx, tx, `SELECT count(*) FROM spam_word`)
	if err != nil || n <= maxLearnt {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM spam_word WHERE word IN (SELECT word FROM spam_word WHERE word <> '' ORDER BY CASE WHEN spam + ham > 1 THEN 1 ELSE 0 END, seen_at, word LIMIT $1)`, n-maxLearnt)
	return err
}

// learntWords gives what was counted of these words. The statement is kept prepared by its text, so few lengths of the
// list make few texts.
func learntWords(ctx context.Context, tx *db.Tx, words []string) (spam.Table, error) {
	out := spam.Table{}
	if len(words) == 0 {
		return out, nil
	}
	asked := slices.Clone(words)
	for len(asked)%50 != 0 {
		asked = append(asked, asked[0])
	}
	for i, w := range asked {
		asked[i] = plainText(w)
	}
	type row struct {
		Word string
		Spam int
		Ham  int
	}
	var args db.Args
	rows, err := db.All[row](ctx, tx, `SELECT word, spam, ham FROM spam_word WHERE word IN (`+db.List(&args, asked)+`)`, args...)
	for _, r := range rows {
		out[r.Word] = spam.Count{Spam: r.Spam, Ham: r.Ham}
	}
	return out, err
}

// trust notes whether a sender's mail is wanted. Staff and the desk itself are beyond judgement.
func (p *Post) trust(ctx context.Context, tx *db.Tx, address string, trusted bool) error {
	if address == "" {
		return nil
	}
	who, err := person.FindByAddress(ctx, tx, address)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	if who.Role.AtLeast(person.Agent) {
		return nil
	}
	_, err = tx.Exec(ctx, `INSERT INTO sender_trust (address, trusted, at) VALUES ($1, $2, $3) ON CONFLICT (address) DO UPDATE SET trusted = excluded.trusted, at = excluded.at,
		blocked = sender_trust.blocked AND NOT excluded.trusted`, address, trusted, tx.Now)
	return err
}
