package stint

import (
	"context"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/redact"
	"goodturn/internal/ticket"
)

// Request is a lent ticket as a guest reads it: what was said, and of the people the names alone. Addresses, numbers, account names
// and secrets in the text are taken out by rule; notes of the desk, quoted mails and files are not there.
type Request struct {
	TicketID int64
	Subject  string
	Name     string // of the requester
	Status   ticket.Status
	Turn     ticket.Turn
	At       clock.Instant
	Said     []Said
	Files    int // how many files there are, which the mentor can open
}

// Said is a message of a Request.
type Said struct {
	ID    int64
	Name  string // "" for the desk itself
	Ours  bool
	Text  string
	At    clock.Instant
	Taken int // how many things were taken out of it
}

// mostSaid is how many messages of a ticket a guest reads: the first, and the newest.
const mostSaid = 60

// Read gives a lent ticket. word says what stands in place of what is taken out. One that is not lent is not found.
func Read(ctx context.Context, tx *db.Tx, a person.Actor, ticketID int64, word func(redact.Kind) string) (r Request, err error) {
	t, err := ticket.Get(ctx, tx, a, person.SeeLent, ticketID)
	if err != nil {
		return r, err
	}
	clear := Redactor(word)
	requester, err := person.Get(ctx, tx, t.RequesterID)
	if err != nil {
		return r, err
	}
	r = Request{TicketID: t.ID, Name: requester.Name, Status: t.Status, Turn: t.Turn, At: t.CreatedAt}
	r.Subject, _ = clear(t.Subject)
	type row struct {
		ID, Seq int64
		Name    string
		Inbound bool
		Text    string
		At      clock.Instant
	}
	rows, err := db.All[row](ctx, tx, `SELECT m.id, m.seq, coalesce(p.name, '') AS name, m.inbound, m.text, m.created_at AS at FROM message m LEFT JOIN person p ON p.id = m.author_id
		WHERE m.ticket_id = $1 AND NOT m.internal AND (m.seq = 1 OR m.seq > (SELECT max(x.seq) FROM message x WHERE x.ticket_id = $1) - $2) ORDER BY m.seq`, t.ID, mostSaid)
	if err != nil {
		return r, err
	}
	for _, m := range rows {
		s := Said{ID: m.ID, Name: m.Name, Ours: !m.Inbound, At: m.At}
		s.Text, s.Taken = clear(m.Text)
		r.Said = append(r.Said, s)
	}
	r.Files, err = db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM attachment f JOIN message m ON m.id = f.message_id WHERE m.ticket_id = $1 AND NOT m.internal LIMIT 100) AS few`, t.ID)
	return r, err
}

// Redactor takes out of a text what tells more of people than their names, and says how many things that were. word says what stands there
// instead.
func Redactor(word func(redact.Kind) string) func(string) (string, int) {
	rules := redact.Know(nil, nil)
	return func(text string) (string, int) {
		r := rules.Redact(text, word)
		var b strings.Builder
		last, taken := 0, 0
		for _, c := range r.Cuts {
			b.WriteString(r.Text[last:c.At])
			if c.Kind == redact.Name || c.Kind == redact.Organisation {
				b.WriteString(c.Was)
			} else {
				b.WriteString(c.Word)
				taken++
			}
			last = c.At + len(c.Word)
		}
		return b.String() + r.Text[last:], taken
	}
}
