package mailbox

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/mailmsg"
	"goodturn/internal/ticket"
)

// thread is a ticket that a mail says it answers, and how it says so.
type thread struct {
	ticketID  int64
	byAddress bool    // by our signed reply address
	ours      []int64 // messages that went out from here and that it answers
	// proven says that what led here is as the mail's writer sent it.
	proven bool
}

// threadsOf gives the tickets that a mail says it answers, the surest first: by our signed reply address,
// then by a Message-ID that we know.
func (p *Post) threadsOf(ctx context.Context, tx *db.Tx, d *directory, l *letter) ([]thread, error) {
	var all []thread
	written := p.signedTickets(d, l.addressed())
	for _, id := range p.signedTickets(d, l.recipients()) {
		kept, err := ticket.Kept(ctx, tx, id) // what became part of another is answered there
		if err != nil {
			return nil, err
		}
		exists, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket WHERE id = $1`, kept)
		if err != nil {
			return nil, err
		}
		if exists && !slices.ContainsFunc(all, func(t thread) bool { return t.ticketID == kept }) {
			all = append(all, thread{ticketID: kept, byAddress: true, proven: slices.Contains(written, id)})
		}
	}
	type said struct {
		ID       int64
		TicketID int64
		Ours     bool
	}
	for _, rfc := range l.answered() {
		found, err := db.All[said](ctx, tx, `SELECT id, ticket_id, NOT inbound AND NOT internal AS ours FROM message WHERE rfc_message_id = $1 AND rfc_message_id <> '' ORDER BY id LIMIT 3`, rfc)
		if err != nil {
			return nil, err
		}
		for _, m := range found {
			i := slices.IndexFunc(all, func(t thread) bool { return t.ticketID == m.TicketID })
			if i < 0 {
				i = len(all)
				all = append(all, thread{ticketID: m.TicketID})
			}
			if m.Ours {
				all[i].ours = append(all[i].ours, m.ID)
				all[i].proven = all[i].proven || l.wroteAnswer(rfc)
			}
		}
		letters, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM letter WHERE rfc_message_id = $1`, rfc)
		if err != nil {
			return nil, err
		}
		for _, id := range letters {
			if id, err = ticket.Kept(ctx, tx, id); err != nil {
				return nil, err
			}
			i := slices.IndexFunc(all, func(t thread) bool { return t.ticketID == id })
			if i < 0 {
				i = len(all)
				all = append(all, thread{ticketID: id})
			}
			all[i].proven = all[i].proven || l.wroteAnswer(rfc)
		}
	}
	// Whoever hands a mail on chooses the envelope, so that what its writer said goes first.
	slices.SortStableFunc(all, func(a, b thread) int {
		switch {
		case a.proven == b.proven:
			return 0
		case a.proven:
			return -1
		}
		return 1
	})
	return all, nil
}

// wroteAnswer tells that the writer of a mail, and nobody on its way, said that it answers the mail with that id.
func (l *letter) wroteAnswer(rfc string) bool {
	same := func(id string) bool { return plainText(id) == rfc }
	return l.facts.Auth.Covers("In-Reply-To") && slices.ContainsFunc(l.msg.InReplyTo, same) || l.facts.Auth.Covers("References") && slices.ContainsFunc(l.msg.References, same)
}

func ticketsOf(threads []thread) []int64 {
	ids := make([]int64, len(threads))
	for i, t := range threads {
		ids[i] = t.ticketID
	}
	return ids
}

// addressed are the addresses that a mail's writer sent it to, by header.
func (l *letter) addressed() (out []string) {
	for _, list := range [][]mailmsg.Address{l.msg.To, l.msg.CC} {
		for _, a := range list[:min(len(list), 100)] {
			out = append(out, a.Address)
		}
	}
	return out
}

// recipients are the addresses that a mail was sent to, by envelope and by header.
func (l *letter) recipients() []string {
	return append(splitLines(l.row.EnvelopeTo), l.addressed()...)
}

// answered are the Message-IDs that a mail answers, the nearest first.
func (l *letter) answered() []string {
	const most = 25
	ids := slices.Clone(l.msg.InReplyTo[:min(len(l.msg.InReplyTo), most)])
	for _, id := range slices.Backward(l.msg.References) {
		if len(ids) == 2*most {
			break
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i, id := range ids {
		ids[i] = plainText(id)
	}
	return ids
}

// namedTickets gives the numbers that a mail names as "#1042" in its subject or in what was written now.
func namedTickets(m *mailmsg.Message) (ids []int64) {
	const most = 5
	for _, text := range []string{m.Subject, cut(m.NewText, 20_000)} {
		for before, after, ok := strings.Cut(text, "#"); ok && len(ids) < most; before, after, ok = strings.Cut(after, "#") {
			if id := numberAt(before, after); id != 0 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// numberAt reads the number that follows a "#"; 0 where the sign is part of something else: an address, an
// entity, a colour.
func numberAt(before, after string) int64 {
	last, _ := utf8.DecodeLastRuneInString(before)
	digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
	next, _ := utf8.DecodeRuneInString(after[digits:])
	if digits == 0 || digits > 12 || before != "" && (isWord(last) || last == '&' || last == '/') || digits < len(after) && isWord(next) {
		return 0
	}
	id, _ := strconv.ParseInt(after[:digits], 10, 64)
	return id
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
