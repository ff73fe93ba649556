// Package notice tells people at the desk what concerns them: that a ticket was given to them, that somebody mentioned them, that the
// requester of a ticket of theirs answered, that a promise is in danger. They see it on the page, in a mail at once, in a mail that
// collects, or in their chat, as they chose (Choice); teams have channels of their own.
//
// It reads the spine of tickets (Hook); rules and other features tell what only they know (Tell, TellByRule, TellAbout). Invariants:
// nobody is told of what they did themselves; nobody is told of a ticket that they may not see, neither when something happens, nor
// when they look, nor when a mail or a message to a chat is written; of one kind on one ticket there is one unread notice, which
// counts; what was read is not sent; what comes in somebody's quiet hours stands on the page at once and is sent when they end; notices are gone after
// Kept. All of it goes by the transaction's clock.
//
//	center := &notice.Center{DB: d, Queue: queue, Mail: post.MailDigest}
//	tickets.Hooks = append(tickets.Hooks, center.Hook())
//	unread, err := notice.Count(ctx, tx, actor)
//	err = center.TellByRule(ctx, tx, t, rule.ID, rule.Name, []int64{jonas.ID}, "waits for three days")
package notice

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/httpout"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// Kept is how long notices are kept.
const Kept = 90 * 24 * time.Hour

// keptForChats is how long what happened waits for a channel that fails. It stands on the tickets anyway.
const keptForChats = 7 * 24 * time.Hour

// Signal is the signal (db.Tx.Signal) that the notices of a person changed; its id is theirs.
const Signal = "notices"

// Notice is one thing that somebody is told.
type Notice struct {
	ID       int64
	TicketID int64 // 0 for what is no ticket's; Link and Text say what it is then
	Subject  string
	Priority ticket.Priority
	Kind     Kind
	ByID     int64  // 0 for the desk itself
	ByName   string // "" for the desk itself
	Source   string // the name of the rule that says so, or ""
	Text     string // in the words of whoever tells it, or ""
	Link     string // a path, "" for the ticket's
	Count    int64  // how often it happened since it was last read
	At       clock.Instant
	ReadAt   clock.Instant // 0 for unread
	Quote    string        // the beginning of what was said, in a mail at once
}

// Center notes what people are to be told, and sends what waits. The program builds one.
type Center struct {
	DB    *db.DB
	Queue *job.Queue
	// Zone is the desk's time zone, for people who have chosen none; nil is UTC.
	Zone *time.Location
	// Mail sends a mail; nil sends none. An error of job.After has it tried again then.
	Mail func(ctx context.Context, m Mail) error
	// Out calls the chats; nil calls none.
	Out *httpout.Client
	// Key seals the addresses of chats. Required where Out is not nil.
	Key *secret.Signer
	// PublicURL is how people reach us, for links in chats.
	PublicURL func() string
	// Plain lets addresses of chats be http and on this machine. It is for tests.
	Plain bool
}

// Handlers names the handlers of our jobs on the queue. It is called once, before the queue runs.
func (c *Center) Handlers() {
	c.Queue.Handle(digestJob, c.digest)
	c.Queue.Handle(nowJob, c.mailNow)
	c.Queue.Handle(overviewJob, c.overview)
	c.Queue.Handle(chatJob, c.say)
	c.Queue.Handle(channelJob, c.sayChannel)
}

// CountBound is where counting stops.
const CountBound = 100

// Count gives how many unread notices somebody has on the page, up to CountBound.
func Count(ctx context.Context, tx *db.Tx, a person.Actor) (int, error) {
	args := db.Args{a.ID, CountBound}
	return db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM notice n LEFT JOIN ticket t ON t.id = n.ticket_id
		WHERE n.person_id = $1 AND n.read_at = 0 AND n.on_page AND `+mayBeTold(a, &args)+` LIMIT $2) AS unread`, args...)
}

// Cursor is a place among somebody's notices; the zero Cursor is the newest.
type Cursor struct {
	At clock.Instant
	ID int64
}

const (
	columns = `n.id, coalesce(n.ticket_id, 0) AS ticket_id, coalesce(t.subject, '') AS subject, coalesce(t.priority, '') AS priority, n.kind, coalesce(n.by_id, 0) AS by_id,
		coalesce(p.name, '') AS by_name, n.source, n.text, n.link, n.count, n.at, n.read_at`
	from = ` FROM notice n LEFT JOIN ticket t ON t.id = n.ticket_id LEFT JOIN person p ON p.id = n.by_id `
)

// mayBeTold is the predicate that somebody may know of what a notice "n" of a ticket "t" is about.
func mayBeTold(a person.Actor, args *db.Args) string {
	return "(n.ticket_id IS NULL OR " + person.Visible(a, person.SeeTicket, args) + ")"
}

// List gives notices of somebody's page, the newest first: the unread ones, or those that were read.
func List(ctx context.Context, tx *db.Tx, a person.Actor, unread bool, before Cursor, limit int) ([]Notice, error) {
	if before == (Cursor{}) {
		before = Cursor{At: clock.Instant(1) << 60}
	}
	args := db.Args{a.ID, unread, before.At, before.ID, limit}
	return db.All[Notice](ctx, tx, `SELECT `+columns+from+`
		WHERE n.person_id = $1 AND n.on_page AND (n.read_at = 0) = $2 AND (n.at, n.id) < ($3, $4) AND `+mayBeTold(a, &args)+`
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

// UnreadLink tells whether somebody has unread notices of a page.
func UnreadLink(ctx context.Context, tx *db.Tx, personID int64, link string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM notice WHERE person_id = $1 AND ticket_id IS NULL AND link = $2 AND read_at = 0`, personID, link)
}

// Open marks a notice without a ticket as read, with all that are told of its page, and gives the page; "" when somebody has no such
// notice.
func Open(ctx context.Context, tx *db.Tx, personID, id int64) (link string, err error) {
	links, err := db.All[string](ctx, tx, `SELECT link FROM notice WHERE id = $1 AND person_id = $2 AND ticket_id IS NULL`, id, personID)
	if err != nil || len(links) == 0 {
		return "", err
	}
	return links[0], ReadLink(ctx, tx, personID, links[0])
}

// ReadLink marks what somebody is told without a ticket as read: they have opened its page.
func ReadLink(ctx context.Context, tx *db.Tx, personID int64, link string) error {
	n, err := tx.Exec(ctx, `UPDATE notice SET read_at = $3 WHERE person_id = $1 AND ticket_id IS NULL AND link = $2 AND read_at = 0`, personID, link, tx.Now)
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
		SELECT 1 FROM notice o WHERE o.person_id = $1 AND coalesce(o.ticket_id, 0) = coalesce(notice.ticket_id, 0) AND o.kind = notice.kind
		AND o.topic = notice.topic AND o.read_at = 0)`, personID, at)
	tx.Signal(Signal, personID)
	return err
}

// Sweep forgets what is older than Kept. The program calls it now and then.
func Sweep(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM chat_line WHERE at < $1`, tx.Now.Add(-keptForChats)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM notice WHERE at < $1`, tx.Now.Add(-Kept))
	return err
}
