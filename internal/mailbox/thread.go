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
)

// threadsOf gives the tickets that a mail says it answers, the surest first: by our signed reply address,
// then by a Message-ID that we know.
func (p *Post) threadsOf(ctx context.Context, tx *db.Tx, d *directory, l *letter) ([]int64, error) {
	var ids []int64
	for _, id := range p.signedTickets(d, l.recipients()) {
		exists, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket WHERE id = $1`, id)
		if err != nil {
			return nil, err
		}
		if exists {
			ids = append(ids, id)
		}
	}
	for _, rfc := range l.answered() {
		found, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM message WHERE rfc_message_id = $1 AND rfc_message_id <> '' ORDER BY id LIMIT 3`, rfc)
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// recipients are the addresses that a mail was sent to, by envelope and by header.
func (l *letter) recipients() []string {
	out := splitLines(l.row.EnvelopeTo)
	for _, list := range [][]mailmsg.Address{l.msg.To, l.msg.CC} {
		for _, a := range list[:min(len(list), 100)] {
			out = append(out, a.Address)
		}
	}
	return out
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
