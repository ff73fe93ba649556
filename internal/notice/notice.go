// Package notice tells people at the desk what concerns them: that a ticket was given to them, that somebody mentioned them, that the
// requester of a ticket of theirs answered. They see it on the page, and by mail in a digest, as they chose.
//
// It reads the spine of tickets (Hook). Invariants: nobody is told of what they did themselves; nobody is told of a ticket that they
// may not see, neither when something happens nor when they look; of one kind on one ticket there is one unread notice, which counts;
// what was read is not mailed; notices are gone after Kept.
//
//	center := &notice.Center{DB: d, Queue: queue, Mail: post.MailDigest}
//	tickets.Hooks = append(tickets.Hooks, center.Hook())
//	unread, err := notice.Count(ctx, tx, actor)
package notice

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/person"
)

// Kind is what somebody is told of.
type Kind string

// The kinds.
const (
	Assigned    Kind = "assigned"    // a ticket was given to them
	Taken       Kind = "taken"       // a ticket of theirs was given to somebody else, or back
	Mentioned   Kind = "mentioned"   // somebody wrote @them
	Answered    Kind = "answered"    // the requester wrote on a ticket that they have or follow
	Back        Kind = "back"        // the same on one that was done
	Woke        Kind = "woke"        // a ticket of theirs that slept is back
	Undelivered Kind = "undelivered" // an answer on a ticket of theirs did not arrive
	Replied     Kind = "replied"     // a colleague answered on a ticket that they have or follow
	Noted       Kind = "noted"       // a colleague wrote a note there
)

// Kinds lists them in the order in which they are offered for choosing.
func Kinds() []Kind {
	return []Kind{Assigned, Mentioned, Answered, Back, Woke, Undelivered, Taken, Replied, Noted}
}

// Kept is how long notices are kept.
const Kept = 90 * 24 * time.Hour

// Signal is the signal (db.Tx.Signal) that the notices of a person changed; its id is theirs.
const Signal = "notices"

// Notice is one thing that somebody is told.
type Notice struct {
	ID       int64
	TicketID int64
	Subject  string
	Kind     Kind
	ByID     int64  // 0 for the desk itself
	ByName   string // "" for the desk itself
	Count    int64  // how often it happened since it was last read
	At       clock.Instant
	ReadAt   clock.Instant // 0 for unread
}

// Center notes what people are to be told, and mails what waits. The program builds one.
type Center struct {
	DB    *db.DB
	Queue *job.Queue
	// Zone is the desk's time zone, for people who have chosen none; nil is UTC.
	Zone *time.Location
	// Mail sends a digest; nil sends none.
	Mail func(ctx context.Context, m Mail) error
}

// Handlers names the handler of our job on the queue. It is called once, before the queue runs.
func (c *Center) Handlers() { c.Queue.Handle(digestJob, c.digest) }

// CountBound is where counting stops.
const CountBound = 100

// Count gives how many unread notices somebody has on the page, up to CountBound.
func Count(ctx context.Context, tx *db.Tx, a person.Actor) (int, error) {
	args := db.Args{a.ID, CountBound}
	return db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM notice n JOIN ticket t ON t.id = n.ticket_id
		WHERE n.person_id = $1 AND n.read_at = 0 AND n.on_page AND `+person.Visible(a, person.SeeTicket, &args)+` LIMIT $2) AS unread`, args...)
}

// Cursor is a place among somebody's notices; the zero Cursor is the newest.
type Cursor struct {
	At clock.Instant
	ID int64
}

const columns = `n.id, n.ticket_id, t.subject, n.kind, coalesce(n.by_id, 0) AS by_id, coalesce(p.name, '') AS by_name, n.count, n.at, n.read_at`

// List gives notices of somebody's page, the newest first: the unread ones, or those that were read.
func List(ctx context.Context, tx *db.Tx, a person.Actor, unread bool, before Cursor, limit int) ([]Notice, error) {
	if before == (Cursor{}) {
		before = Cursor{At: clock.Instant(1) << 60}
	}
	args := db.Args{a.ID, unread, before.At, before.ID, limit}
	return db.All[Notice](ctx, tx, `SELECT `+columns+` FROM notice n JOIN ticket t ON t.id = n.ticket_id LEFT JOIN person p ON p.id = n.by_id
		WHERE n.person_id = $1 AND n.on_page AND (n.read_at = 0) = $2 AND (n.at, n.id) < ($3, $4) AND `+person.Visible(a, person.SeeTicket, &args)+`
		ORDER BY n.at DESC, n.id DESC LIMIT $5`, args...)
}

// Unread tells whether somebody has unread notices of a ticket.
func Unread(ctx context.Context, tx *db.Tx, personID, ticketID int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM notice WHERE person_id = $1 AND ticket_id = $2 AND read_at = 0`, personID, ticketID)
}

// Read marks the notices of a ticket as read: somebody has opened it.
func Read(ctx context.Context, tx *db.Tx, personID, ticketID int64) error {
	n, err := tx.Exec(ctx, `UPDATE notice SET read_at = $3 WHERE person_id = $1 AND ticket_id = $2 AND read_at = 0`, personID, ticketID, tx.Now)
	if n > 0 {
		tx.Signal(Signal, personID)
	}
	return err
}

// ReadAll marks all that somebody has as read, up to the newest that they saw. It gives the moment by which Unmark knows them.
func ReadAll(ctx context.Context, tx *db.Tx, personID int64, seen clock.Instant) (clock.Instant, error) {
	_, err := tx.Exec(ctx, `UPDATE notice SET read_at = $3 WHERE person_id = $1 AND read_at = 0 AND at <= $2`, personID, seen, tx.Now)
	tx.Signal(Signal, personID)
	return tx.Now, err
}

// Unmark undoes ReadAll. What was told anew meanwhile stands for both.
func Unmark(ctx context.Context, tx *db.Tx, personID int64, at clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE notice SET read_at = 0 WHERE person_id = $1 AND read_at = $2 AND NOT EXISTS (
		SELECT 1 FROM notice o WHERE o.person_id = $1 AND o.ticket_id = notice.ticket_id AND o.kind = notice.kind AND o.read_at = 0)`, personID, at)
	tx.Signal(Signal, personID)
	return err
}

// Sweep forgets what is older than Kept. The program calls it now and then.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM notice WHERE at < $1`, tx.Now.Add(-Kept))
	return err
}
