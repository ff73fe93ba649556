package stint

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Whisper is something that a guest and their mentor say to each other. It is in no search, API, webhook or export, and on no spine.
// Who runs the database could read it; both are told so.
type Whisper struct {
	ID       int64
	StintID  int64
	TicketID int64 // what it is about; 0 for nothing in particular
	FromID   int64
	Name     string
	Text     string
	At       clock.Instant
	ReadAt   clock.Instant
}

// maxWhisper is how many letters a whisper has at most.
const maxWhisper = 2000

// WhispersKept is how long whispers are kept after the stint.
const WhispersKept = 30 * 24 * time.Hour

// Whisper says something to the other of the two. ticketID may be 0.
func (k *Keeper) Whisper(ctx context.Context, tx *db.Tx, a person.Actor, stintID, ticketID int64, text string) error {
	s, err := locked(ctx, tx, stintID)
	if err != nil {
		return err
	}
	if !s.Between(a) {
		return fault.NotFound(i18n.M("There is no such stint."))
	}
	if s.MentorID == 0 {
		return fault.Conflict(i18n.M("Nobody is your mentor at the moment. Somebody will be found."))
	}
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", ""))
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return fault.Invalid(fault.F("text", i18n.M("Please write something first.")))
	case n > maxWhisper:
		return fault.Invalid(fault.F("text", i18n.M("Please keep it to {{.Count}} letters; this has {{.Has}}.", "Count", maxWhisper, "Has", n)))
	}
	if ticketID != 0 {
		lent, err := db.Exists(ctx, tx, `SELECT 1 FROM stint_ticket WHERE stint_id = $1 AND ticket_id = $2`, stintID, ticketID)
		if err != nil {
			return err
		}
		if !lent {
			ticketID = 0
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO whisper (stint_id, ticket_id, mentor_id, from_id, text, at) VALUES ($1, $2, $3, $4, $5, $6)`, stintID, orNull(ticketID), s.MentorID, a.ID, text, tx.Now); err != nil {
		return err
	}
	other := s.MentorID
	if a.ID == s.MentorID {
		other = s.PersonID
	}
	tx.Signal(Signal, other)
	tx.Signal(Signal, a.ID)
	if k.Tell == nil || other != s.MentorID {
		return nil
	}
	return k.Tell(ctx, tx, []int64{other}, MentoringURL(s.ID), i18n.M("{{.Name}} whispers to you", "Name", a.Name))
}

// MentoringURL is the mentor's page of a stint.
func MentoringURL(id int64) string { return "/mentoring/" + decimal(id) }

// Whispers gives what the two said, the oldest first, 200 at most. For anybody else there is none, also not for a mentor who came later.
func Whispers(ctx context.Context, tx *db.Tx, a person.Actor, s Stint, ticketID int64) ([]Whisper, error) {
	if !s.Between(a) {
		return nil, nil
	}
	return db.All[Whisper](ctx, tx, `SELECT * FROM (SELECT w.id, w.stint_id, coalesce(w.ticket_id, 0) AS ticket_id, w.from_id, p.name, w.text, w.at, w.read_at FROM whisper w JOIN person p ON p.id = w.from_id JOIN stint s ON s.id = w.stint_id
		WHERE w.stint_id = $1 AND ($2 = 0 OR w.ticket_id = $2) AND (s.person_id = $3 OR w.mentor_id = $3) ORDER BY w.id DESC LIMIT 200) AS newest ORDER BY id`, s.ID, ticketID, a.ID)
}

// Heard notes that the actor has read what was whispered to them.
func Heard(ctx context.Context, tx *db.Tx, a person.Actor, s Stint) error {
	if !s.Between(a) {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE whisper SET read_at = $3 WHERE stint_id = $1 AND from_id <> $2 AND (mentor_id = $2 OR EXISTS (SELECT 1 FROM stint s WHERE s.id = $1 AND s.person_id = $2)) AND read_at = 0`, s.ID, a.ID, tx.Now)
	return err
}

// sweepWhispers forgets what was whispered in stints that are long over.
func sweepWhispers(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM whisper WHERE stint_id IN (SELECT id FROM stint WHERE ended_at > 0 AND ended_at < $1)`, tx.Now.Add(-WhispersKept))
	return err
}
