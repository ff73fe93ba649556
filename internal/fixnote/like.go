package fixnote

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// Found is a note that was given, with the request that it was for.
type Found struct {
	Note
	Subject     string
	RequesterID int64
	Requester   string // their name
	// Score is how alike it is to what was asked: 1 for a note that knows all of its words.
	Score float64 `db:"-"`
}

// Gist is the most useful part of a note: what to do next time, or else what was done, or what was wrong.
func (f Found) Gist() string { return cmp.Or(f.Next, f.Did, f.Wrong) }

const foundColumns = columns + `, t.subject, t.requester_id, coalesce(p.name, '') AS requester`

// lookedThrough is how many of the newest tickets of a person, or an organisation, are looked through for notes.
const lookedThrough = 300

// given is what a requester may have of notes: of tickets that are there and done.
const given = `n.given_at > 0 AND t.turn NOT IN ('suspect', 'spam', 'merged', 'trash')`

// Like gives the notes of somebody's own tickets that are like a text, the most alike first and five at most: for those who have proven
// who they are, while they type or when they write again. It looks at their newest tickets only, by an index, so that its cost does not
// depend on the desk.
func Like(ctx context.Context, tx *db.Tx, personID int64, text string) ([]Found, error) {
	return like(ctx, tx, `SELECT `+foundColumns+` FROM (SELECT id FROM ticket WHERE requester_id = $1 ORDER BY activity_at DESC, id DESC LIMIT $2) AS own
		JOIN ticket t ON t.id = own.id JOIN fix_note n ON n.ticket_id = t.id LEFT JOIN person p ON p.id = t.requester_id WHERE `+given, personID, text)
}

// LikeIn gives the same of an organisation whose people see each other's requests: the caller asks that first. Tickets of private teams
// are nobody else's.
func LikeIn(ctx context.Context, tx *db.Tx, organisationID int64, text string) ([]Found, error) {
	return like(ctx, tx, `SELECT `+foundColumns+` FROM (SELECT id FROM ticket WHERE organisation_id = $1 ORDER BY activity_at DESC, id DESC LIMIT $2) AS own
		JOIN ticket t ON t.id = own.id JOIN fix_note n ON n.ticket_id = t.id JOIN team m ON m.id = t.team_id AND NOT m.private LEFT JOIN person p ON p.id = t.requester_id WHERE `+given, organisationID, text)
}

// ForTicket gives the notes of the requester's own that are like what a ticket asks, the ticket itself left out.
func ForTicket(ctx context.Context, tx *db.Tx, t ticket.Ticket) ([]Found, error) {
	text, err := asked(ctx, tx, t)
	if err != nil {
		return nil, err
	}
	all, err := Like(ctx, tx, t.RequesterID, text)
	return slices.DeleteFunc(all, func(f Found) bool { return f.TicketID == t.ID }), err
}

const mostLike = 5

func like(ctx context.Context, tx *db.Tx, query string, whose int64, text string) ([]Found, error) {
	asked := stems(text)
	if whose == 0 || len(asked) == 0 {
		return nil, nil
	}
	all, err := db.All[Found](ctx, tx, query, whose, lookedThrough)
	if err != nil {
		return nil, err
	}
	return rank(asked, all), nil
}

// rank keeps what is alike, the most alike first, the newer first of the same.
func rank(asked []string, all []Found) []Found {
	out := all[:0]
	for _, f := range all {
		if f.Score = alike(asked, strings.Fields(f.Words)); f.Score > 0 {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b Found) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.TicketID, a.TicketID))
	})
	return out[:min(len(out), mostLike)]
}

// Again is how it is known that something had been explained before.
type Again string

// How it is known. The zero value: nothing says so.
const (
	ByWords Again = "words" // recognised
	ByAgent Again = "agent" // an agent said so
	NotSo   Again = "not"   // an agent said that it was not so
)

// Counts tells that it is counted as explained again.
func (a Again) Counts() bool { return a == ByWords || a == ByAgent }

// Repeat says whether a ticket asks what had been explained.
type Repeat struct {
	How  Again
	OfID int64 // the ticket by which it was explained; 0 for none known
}

// RepeatOf gives what is known of a ticket.
func RepeatOf(ctx context.Context, tx *db.Tx, ticketID int64) (Repeat, error) {
	all, err := db.All[Repeat](ctx, tx, `SELECT how, of_id FROM fix_again WHERE ticket_id = $1`, ticketID)
	if err != nil || len(all) == 0 {
		return Repeat{}, err
	}
	return all[0], nil
}

// SayAgain is an agent's word on whether a ticket asked what had been explained before; it outweighs what was recognised.
func (b *Book) SayAgain(ctx context.Context, tx *db.Tx, ticketID int64, yes bool) error {
	old, err := RepeatOf(ctx, tx, ticketID)
	if err != nil || old.How.Counts() == yes {
		return err
	}
	now := Repeat{How: NotSo, OfID: old.OfID}
	if yes {
		now.How = ByAgent
	}
	return b.keepAgain(ctx, tx, ticketID, old, now)
}

func (b *Book) keepAgain(ctx context.Context, tx *db.Tx, ticketID int64, old, now Repeat) error {
	_, err := tx.Exec(ctx, `INSERT INTO fix_again (ticket_id, how, of_id) VALUES ($1, $2, $3) ON CONFLICT (ticket_id) DO UPDATE SET how = excluded.how, of_id = excluded.of_id`, ticketID, now.How, now.OfID)
	if err != nil || b.Count == nil || old.How.Counts() == now.How.Counts() {
		return err
	}
	if now.How.Counts() {
		return b.Count(ctx, tx, 1)
	}
	return b.Count(ctx, tx, -1)
}

// recognise looks, when a ticket is solved for the first time, whether what it asks had been explained before: to the same person, or to
// somebody of the same organisation, by a note that was given before the ticket came and is like it.
func (b *Book) recognise(ctx context.Context, tx *db.Tx, t ticket.Ticket) error {
	known, err := db.Exists(ctx, tx, `SELECT 1 FROM fix_again WHERE ticket_id = $1`, t.ID)
	if err != nil || known {
		return err
	}
	text, err := asked(ctx, tx, t)
	if err != nil {
		return err
	}
	of, err := explained(ctx, tx, t, text)
	if err != nil || of == 0 {
		return err
	}
	return b.keepAgain(ctx, tx, t.ID, Repeat{}, Repeat{How: ByWords, OfID: of})
}

// explained is the ticket by whose note a text had been explained before; 0 for none.
func explained(ctx context.Context, tx *db.Tx, t ticket.Ticket, text string) (int64, error) {
	before := func(f Found) bool { return f.TicketID != t.ID && f.GivenAt < t.CreatedAt+clock.Instant(1) }
	own, err := Like(ctx, tx, t.RequesterID, text)
	if err != nil {
		return 0, err
	}
	if i := slices.IndexFunc(own, before); i >= 0 {
		return own[i].TicketID, nil
	}
	others, err := LikeIn(ctx, tx, t.OrganisationID, text)
	if i := slices.IndexFunc(others, before); i >= 0 {
		return others[i].TicketID, err
	}
	return 0, err
}
