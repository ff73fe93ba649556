// Package fixnote keeps what a solved ticket taught: what was wrong, what was done, and how to do it oneself next time.
//
// Whoever solves a ticket is asked for a note (Ask). A sentence is enough, and so is any one of the three parts; or it is skipped with a
// reason. The note belongs to the ticket: it is given to the requester for as long as the ticket is done (GivenAt), taken back with the
// solution, and given again with the next. Because of that it does not matter whether it is written before the ticket is solved, while
// the answer is held for undo, or a week later. Changing a note keeps what it said before.
//
// What was given is found again by like words: for the person who got it (Like), and for those who help somebody else (Beside). How
// often something had to be explained again is counted for the desk, never for a person (see Again).
//
//	n, err := book.Write(ctx, tx, by, t, fixnote.Content{Next: "Turn the router off and on again."})
//	found, err := fixnote.Like(ctx, tx, hana.ID, "the internet is gone again")
//
// Invariants: a note is seen as staff by those who may see its ticket, and else by those who may see the ticket as its requester, and
// only while it is given; the holder of a link that proved nothing sees none.
package fixnote

import (
	"context"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Note is the fix note of a ticket, or why it has none.
type Note struct {
	TicketID  int64
	Wrong     string // what was wrong; any of the three may be ""
	Did       string // what we did
	Next      string // how to do it oneself next time
	Skipped   Reason // why there is no note; "" when there is one
	Because   string // the other words of a reason
	Words     string // stems of what was asked and of the note, with spaces between them
	AuthorID  int64  // who wrote it last; 0 for nobody any more
	Version   int64  // 1, 2, 3 …
	WrittenAt clock.Instant
	GivenAt   clock.Instant // since when the requester has it; 0 while they do not
	Stale     bool          // it was given and did not help
}

// Reason is why a ticket has no note.
type Reason string

// The reasons.
const (
	Nothing   Reason = "nothing"   // there is nothing to teach
	Elsewhere Reason = "elsewhere" // somebody else wrote it
	NotUs     Reason = "not_us"    // it was not solved by us
	Many      Reason = "many"      // many were solved at once
	Other     Reason = "other"     // in other words
)

// Reasons lists them in the order in which they are offered.
func Reasons() []Reason { return []Reason{Nothing, Elsewhere, NotUs, Many, Other} }

// Says tells that there is a note.
func (n Note) Says() bool { return n.Skipped == "" && n.TicketID != 0 }

// Text is the note in one piece.
func (n Note) Text() string {
	var parts []string
	for _, s := range []string{n.Wrong, n.Did, n.Next} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n\n")
}

const columns = `n.ticket_id, n.wrong, n.did, n.next, n.skipped, n.because, n.words, n.author_id, n.version, n.written_at, n.given_at, n.stale`

// Of gives the note of a ticket, the zero Note when there is none. Whether somebody may see it is asked by the caller, with the ticket.
func Of(ctx context.Context, tx *db.Tx, ticketID int64) (Note, error) {
	all, err := db.All[Note](ctx, tx, `SELECT `+columns+` FROM fix_note n WHERE n.ticket_id = $1`, ticketID)
	if err != nil || len(all) == 0 {
		return Note{}, err
	}
	return all[0], nil
}

// Content is what is written.
type Content struct {
	Wrong, Did, Next string
	// Version is the one that the writer saw; 0 when there was none. Another one than the newest is a fault.Conflict.
	Version int64
}

// MaxPart is the longest part of a note, in bytes.
const MaxPart = 4000

// clean makes plain text of what was typed.
func (c Content) clean() (Content, error) {
	c.Wrong, c.Did, c.Next = tidy(c.Wrong), tidy(c.Did), tidy(c.Next)
	if c.Wrong == "" && c.Did == "" && c.Next == "" {
		return c, fault.Invalid(fault.F("next", i18n.M("Please write at least one of the three. A sentence is enough.")))
	}
	var wrong []fault.Field
	for _, f := range []struct{ name, text string }{{"wrong", c.Wrong}, {"did", c.Did}, {"next", c.Next}} {
		if len(f.text) > MaxPart {
			wrong = append(wrong, fault.F(f.name, i18n.M("This is longer than {{.Count}} letters. Please say it in fewer.", "Count", MaxPart)))
		}
	}
	return c, fault.Check(wrong)
}

func tidy(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.TrimSpace(strings.ReplaceAll(s, "\x00", ""))
}

// Book keeps the notes of a desk.
type Book struct {
	// Settled is called when a ticket that is done has got a note for the first time, or was skipped: nobody need wait for it any more. May be nil.
	Settled func(ctx context.Context, tx *db.Tx, t ticket.Ticket, n Note) error
	// Count is told of each ticket that had to be explained again (by 1), or after all had not (by -1). May be nil.
	Count func(ctx context.Context, tx *db.Tx, by int64) error
}

// Write keeps a note on a ticket, or changes it. The actor must be allowed to change the ticket.
func (b *Book) Write(ctx context.Context, tx *db.Tx, by person.Actor, ticketID int64, c Content) (Note, error) {
	c, err := c.clean()
	if err != nil {
		return Note{}, err
	}
	t, old, err := take(ctx, tx, by, ticketID)
	if err != nil {
		return Note{}, err
	}
	if old.Says() && !old.Stale && old.Wrong == c.Wrong && old.Did == c.Did && old.Next == c.Next {
		return old, settleAsk(ctx, tx, t.ID) // sent twice, or nothing changed
	}
	if old.Says() && old.Version != c.Version {
		return old, fault.Conflict(i18n.M("Somebody else wrote the fix note meanwhile. Nothing was lost: theirs stands there, yours is below it."))
	}
	n := Note{TicketID: t.ID, Wrong: c.Wrong, Did: c.Did, Next: c.Next, AuthorID: by.ID, Version: old.Version + 1, WrittenAt: tx.Now}
	if old.Says() {
		_, err := tx.Exec(ctx, `INSERT INTO fix_note_version (ticket_id, version, wrong, did, next, author_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			old.TicketID, old.Version, old.Wrong, old.Did, old.Next, orNull(old.AuthorID), old.WrittenAt)
		if err != nil {
			return n, err
		}
		n.GivenAt = old.GivenAt
	}
	return n, b.store(ctx, tx, t, &n, !old.Says() || old.Stale)
}

// WriteAsked keeps one note on all tickets whose notes somebody is asked for, and tells how many there were: what is solved at once is often
// the same. Each requester gets it.
func (b *Book) WriteAsked(ctx context.Context, tx *db.Tx, by person.Actor, c Content) (int, error) {
	all, err := Asked(ctx, tx, by)
	if err != nil {
		return 0, err
	}
	for _, a := range all {
		old, err := Of(ctx, tx, a.TicketID)
		if err != nil {
			return 0, err
		}
		if c.Version = old.Version; !old.Says() {
			c.Version = 0
		}
		if _, err := b.Write(ctx, tx, by, a.TicketID, c); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// Skip notes why a ticket has no note. One that has one keeps it.
func (b *Book) Skip(ctx context.Context, tx *db.Tx, by person.Actor, ticketID int64, why Reason, because string) (Note, error) {
	because = tidy(because)
	switch {
	case !known(why):
		return Note{}, fault.Invalid(fault.F("skip", i18n.M("Please choose one of the reasons.")))
	case why == Other && because == "":
		return Note{}, fault.Invalid(fault.F("because", i18n.M("Please write in a few words why there is no note.")))
	case utf8.RuneCountInString(because) > 300:
		return Note{}, fault.Invalid(fault.F("because", i18n.M("This is longer than {{.Count}} letters. Please say it in fewer.", "Count", 300)))
	}
	t, old, err := take(ctx, tx, by, ticketID)
	if err != nil {
		return Note{}, err
	}
	if old.Says() && !old.Stale {
		return old, settleAsk(ctx, tx, t.ID)
	}
	n := Note{TicketID: t.ID, Skipped: why, Because: because, AuthorID: by.ID, Version: old.Version + 1, WrittenAt: tx.Now}
	return n, b.store(ctx, tx, t, &n, old.TicketID == 0)
}

func known(why Reason) bool {
	for _, r := range Reasons() {
		if r == why {
			return true
		}
	}
	return false
}

// take loads a ticket that the actor may change, and its note, for a change.
func take(ctx context.Context, tx *db.Tx, by person.Actor, id int64) (ticket.Ticket, Note, error) {
	if err := tx.Lock(ctx, "ticket", id); err != nil {
		return ticket.Ticket{}, Note{}, err
	}
	t, err := ticket.Get(ctx, tx, by, person.ChangeTicket, id)
	if err == nil && t.MergedInto != 0 {
		err = fault.Conflict(i18n.M("#{{.Number}} became part of another ticket meanwhile. Nothing was changed.", "Number", id))
	}
	if err != nil {
		return t, Note{}, err
	}
	n, err := Of(ctx, tx, id)
	return t, n, err
}

// store writes the row of a note; first says that the ticket had none of the kind before.
func (b *Book) store(ctx context.Context, tx *db.Tx, t ticket.Ticket, n *Note, first bool) error {
	asked, err := asked(ctx, tx, t)
	if err != nil {
		return err
	}
	n.Words = strings.Join(stems(asked+" "+n.Text()), " ")
	if !t.IsOpen && n.Says() && n.GivenAt == 0 {
		n.GivenAt = tx.Now
	}
	_, err = tx.Exec(ctx, `INSERT INTO fix_note (ticket_id, wrong, did, next, skipped, because, words, author_id, version, written_at, given_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (ticket_id) DO UPDATE SET wrong = excluded.wrong, did = excluded.did, next = excluded.next, skipped = excluded.skipped, because = excluded.because, words = excluded.words,
		author_id = excluded.author_id, version = excluded.version, written_at = excluded.written_at, given_at = excluded.given_at, stale = FALSE`,
		n.TicketID, n.Wrong, n.Did, n.Next, n.Skipped, n.Because, n.Words, orNull(n.AuthorID), n.Version, n.WrittenAt, n.GivenAt)
	if err != nil {
		return err
	}
	if err := index(ctx, tx, *n, t); err != nil {
		return err
	}
	if err := settleAsk(ctx, tx, t.ID); err != nil || t.IsOpen || !first || b.Settled == nil {
		return err
	}
	return b.Settled(ctx, tx, t, *n)
}

// asked is how the requester put it: the subject and the beginning of what they wrote first.
func asked(ctx context.Context, tx *db.Tx, t ticket.Ticket) (string, error) {
	text, err := db.All[string](ctx, tx, `SELECT substr(text, 1, 2000) FROM message WHERE ticket_id = $1 AND NOT internal ORDER BY seq LIMIT 1`, t.ID)
	return t.Subject + "\n" + strings.Join(text, ""), err
}

// Version is what a note said before it was changed.
type Version struct {
	Version          int64
	Wrong, Did, Next string
	AuthorID         int64
	At               clock.Instant
}

// Versions lists what the note of a ticket said before, newest first.
func Versions(ctx context.Context, tx *db.Tx, ticketID int64) ([]Version, error) {
	return db.All[Version](ctx, tx, `SELECT version, wrong, did, next, author_id, at FROM fix_note_version WHERE ticket_id = $1 ORDER BY version DESC LIMIT 50`, ticketID)
}

// orNull binds 0 as NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
