package lesson

import (
	"context"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/outcome"
	"goodturn/internal/person"
	"goodturn/internal/redact"
	"goodturn/internal/ticket"
)

// matter is what one ticket says.
type matter struct {
	ticket   ticket.Ticket
	asked    string // what the requester wrote first
	answer   string // the answer after which it worked, or else the last that says something
	note     fixnote.Note
	worked   bool     // the requester said so
	asks     []string // what the desk asked back
	learn    []string // whole texts, with greetings and signatures, of which names are learned
	language string   // "" where it is not sure
}

func (m matter) empty() bool {
	return len(sentences(m.asked)) == 0 && m.answer == "" && !m.note.Says()
}

// What is read of a ticket: so many messages, and so much of each, in characters.
const (
	messagesRead = 200
	textRead     = 12_000
	colleagues   = 500
)

type said struct {
	Inbound, Automatic bool
	Text, Quoted       string
	AuthorID           int64
	CreatedAt          clock.Instant
}

// read loads what a ticket says: the first messages and the last.
func read(ctx context.Context, tx *db.Tx, t ticket.Ticket) (matter, error) {
	m := matter{ticket: t}
	all, err := db.All[said](ctx, tx, `SELECT inbound, automatic, substr(text, 1, $2) AS text, substr(quoted, 1, $2) AS quoted, author_id, created_at FROM message
		WHERE ticket_id = $1 AND NOT internal AND (seq <= 40 OR seq > (SELECT max(seq) FROM message WHERE ticket_id = $1) - $3) ORDER BY seq`, t.ID, textRead, messagesRead-40)
	if err != nil {
		return m, err
	}
	for _, s := range all {
		m.learn = append(m.learn, s.Text, s.Quoted)
		if s.Inbound && !s.Automatic && m.asked == "" {
			m.asked = body(s.Text)
		}
		if !s.Inbound && !s.Automatic {
			for _, one := range sentences(body(s.Text)) {
				if wantsToKnow(one) {
					m.asks = append(m.asks, one)
				}
			}
		}
	}
	if m.asked == "" && len(all) > 0 && all[0].Inbound {
		m.asked = body(all[0].Text) // a program wrote it
	}
	if m.note, err = fixnote.Of(ctx, tx, t.ID); err != nil {
		return m, err
	}
	if m.note.Stale { // it did not help
		m.note = fixnote.Note{}
	}
	o, err := outcome.Of(ctx, tx, t.ID)
	if err != nil {
		return m, err
	}
	m.worked, m.answer = o.Worked == outcome.Yes, solving(all)
	m.language = languageOf(t.Subject, m.asked, m.note.Text(), m.answer)
	return m, nil
}

// solving is the answer that solved it: where the requester said that it works, the last before that; else the last that says something.
// Two in a row of the desk are one.
func solving(all []said) string {
	best, run := "", false
	for _, s := range all {
		switch {
		case s.Automatic:
		case s.Inbound && best != "" && saysItWorks(s.Text):
			return best
		case s.Inbound:
			run = false
		default:
			text := body(s.Text)
			if len(sentences(text)) == 0 || len([]rune(text)) < leastAnswer {
				continue
			}
			if run && len(best) < mostAnswer {
				text = best + "\n\n" + text
			}
			best, run = text, true
		}
	}
	return best
}

// leastAnswer is how many characters an answer has at least that says what to do; to one of mostAnswer bytes none that follows it is added.
const (
	leastAnswer = 25
	mostAnswer  = 2000
)

func saysItWorks(text string) bool {
	folded := " " + strings.Join(strings.Fields(strings.ToLower(text)), " ") + " "
	for _, no := range []string{" not ", "n't ", " nicht ", " kein", " still ", " again ", " wieder nicht", " immer noch", " leider "} {
		if strings.Contains(folded, no) {
			return false
		}
	}
	for _, w := range []string{" works", " worked", " working", " solved", " fixed", " that did it", " did the trick", " all good", " perfect", " resolved", " funktioniert", " geht wieder", " klappt", " geklappt", " gelöst", " läuft wieder", " behoben", " passt "} {
		if strings.Contains(folded, w) {
			return true
		}
	}
	return false
}

// know gathers the names of everybody who has to do with the tickets, of the desk's people and of those of the same organisations.
func know(ctx context.Context, tx *db.Tx, all []ticket.Ticket) (*redact.Known, error) {
	var people, firms []string
	staff, err := person.Staff(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, p := range staff {
		people = append(people, p.Name, p.Address)
	}
	for _, t := range all {
		names, err := db.All[string](ctx, tx, `SELECT p.name FROM person p WHERE p.id IN (SELECT author_id FROM message WHERE ticket_id = $1 UNION SELECT person_id FROM follower WHERE ticket_id = $1 UNION SELECT CAST($2 AS BIGINT))
			UNION SELECT a.address FROM person_address a WHERE a.person_id IN (SELECT author_id FROM message WHERE ticket_id = $1 UNION SELECT person_id FROM follower WHERE ticket_id = $1 UNION SELECT CAST($2 AS BIGINT))`, t.ID, t.RequesterID)
		if err != nil {
			return nil, err
		}
		people = append(people, names...)
		who, err := person.Get(ctx, tx, t.RequesterID)
		if err != nil {
			return nil, err
		}
		for _, id := range []int64{who.OrganisationID, t.OrganisationID} {
			if id == 0 {
				continue
			}
			more, err := db.All[string](ctx, tx, `SELECT name FROM organisation WHERE id = $1 UNION SELECT domain FROM organisation_domain WHERE organisation_id = $1`, id)
			if err != nil {
				return nil, err
			}
			firms = append(firms, more...)
			if names, err = db.All[string](ctx, tx, `SELECT name FROM person WHERE organisation_id = $1 ORDER BY id DESC LIMIT $2`, id, colleagues); err != nil {
				return nil, err
			}
			people = append(people, names...)
		}
	}
	return redact.Know(people, firms), nil
}
