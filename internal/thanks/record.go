package thanks

import (
	"context"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

const day = 24 * time.Hour

// ofReader shows cards with their tickets as far as the reader may see them: those of the desk, or their own.
func ofReader(a person.Actor, args *db.Args) string {
	sees := `t.requester_id = ` + args.Add(a.ID)
	if a.Staff() {
		sees = `(` + sees + ` OR ` + person.Visible(a, person.SeeTicket, args) + `)`
	}
	return `SELECT c.id, coalesce(t.id, 0) AS ticket_id, coalesce(t.subject, '') AS subject, c.from_id, c.to_id, coalesce(f.name, '') AS from_name, coalesce(g.name, '') AS to_name, c.text, c.how, c.message_id, c.at,
		c.from_says, c.to_says, c.hung_at, c.kept, c.away_at` + joins + ` LEFT JOIN ticket t ON t.id = c.ticket_id AND ` + sees
}

// Own lists the cards that somebody got, newest first; away says those that they put aside.
func Own(ctx context.Context, tx *db.Tx, a person.Actor, away bool, after Place, size int) ([]Card, error) {
	var args db.Args
	at, id := after.before()
	from := ofReader(a, &args)
	which := `c.away_at = 0`
	if away {
		which = `c.away_at > 0`
	}
	return db.All[Card](ctx, tx, from+` WHERE c.to_id = `+args.Add(a.ID)+` AND `+which+` AND (c.at, c.id) < (`+args.Add(at)+`, `+args.Add(id)+`) ORDER BY c.at DESC, c.id DESC LIMIT `+args.Add(size), args...)
}

// Written lists the cards that somebody wrote, newest first.
func Written(ctx context.Context, tx *db.Tx, a person.Actor, after Place, size int) ([]Card, error) {
	var args db.Args
	at, id := after.before()
	from := ofReader(a, &args)
	return db.All[Card](ctx, tx, from+` WHERE c.from_id = `+args.Add(a.ID)+` AND (c.at, c.id) < (`+args.Add(at)+`, `+args.Add(id)+`) ORDER BY c.at DESC, c.id DESC LIMIT `+args.Add(size), args...)
}

// recordChunk is how many cards are read at once for a file.
const recordChunk = 200

// Record writes all cards that somebody got as plain text to take away, newest first, in the language of ctx.
func Record(ctx context.Context, tx *db.Tx, a person.Actor) (string, error) {
	var b strings.Builder
	b.WriteString(i18n.T(ctx, "Thank-you cards to {{.Name}}", "Name", a.Name) + "\n" + i18n.Date(ctx, tx.Now) + "\n")
	for after := (Place{}); ; {
		all, err := Own(ctx, tx, a, false, after, recordChunk)
		if err != nil {
			return "", err
		}
		for _, c := range all {
			b.WriteString("\n* * *\n\n" + c.Text + "\n\n— " + c.Writer(ctx) + ", " + i18n.Date(ctx, c.At))
			if c.Subject != "" {
				b.WriteString("\n" + i18n.T(ctx, "about: {{.Subject}}", "Subject", c.Subject))
			}
			b.WriteByte('\n')
			after = Place{c.At, c.ID}
		}
		if len(all) < recordChunk {
			return b.String(), nil
		}
	}
}

// Writer names who wrote the card.
func (c Card) Writer(ctx context.Context) string {
	if c.FromName == "" {
		return i18n.T(ctx, "somebody who is not here any more")
	}
	return c.FromName
}

// Holder names who got it.
func (c Card) Holder(ctx context.Context) string {
	if c.ToID == 0 {
		return i18n.T(ctx, "the whole desk")
	}
	return c.ToName
}
