package handoff

import (
	"context"
	"errors"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/search"
)

// Entry is help that somebody gave, as they noted it for themselves.
type Entry struct {
	ID      int64
	Minutes int
	// Words say what it was, Whom for whom; both may be "".
	Words, Whom string
	// At is when the help was given.
	At        clock.Instant
	RemovedAt clock.Instant
	HandedID  int64 // the request it was given before that was handed on; 0 for none
}

const entryColumns = `id, minutes, words, whom, at, removed_at, coalesce(handed_id, 0) AS handed_id`

// What one entry may hold.
const (
	MaxMinutes = 24 * 60
	maxWords   = 200                  // bytes
	oldest     = 366 * 24 * time.Hour // before now
	bringBack  = 24 * time.Hour       // for as long a removed entry can be put back
)

// check brings an entry into its form and finds what is wrong, as field errors of minutes, words, whom and at. No time is now.
func (e *Entry) check(now clock.Instant) error {
	e.Words, e.Whom = tidy(e.Words), tidy(e.Whom)
	if e.At == 0 {
		e.At = now
	}
	var wrong []fault.Field
	if e.Minutes < 1 || e.Minutes > MaxMinutes {
		wrong = append(wrong, fault.F("minutes", i18n.M("Please give minutes from 1 to {{.Limit}}.", "Limit", MaxMinutes)))
	}
	for name, text := range map[string]string{"words": e.Words, "whom": e.Whom} {
		if len(text) > maxWords {
			wrong = append(wrong, fault.F(name, i18n.M("A few words are enough here: up to {{.Limit}} characters.", "Limit", maxWords)))
		}
	}
	if e.At > now.Add(time.Minute) || e.At < now.Add(-oldest) {
		wrong = append(wrong, fault.F("at", i18n.M("Please give a moment within the last year.")))
	}
	return fault.Check(wrong)
}

// tidy keeps what a line of text can be.
func tidy(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")), " ")
}

// Note writes an entry into somebody's ledger and gives its id. What is wrong is fault.Invalid.
func Note(ctx context.Context, tx *db.Tx, personID int64, e Entry) (int64, error) {
	if err := e.check(tx.Now); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM help_entry WHERE person_id = $1 AND removed_at > 0 AND removed_at < $2`, personID, tx.Now.Add(-bringBack)); err != nil {
		return 0, err
	}
	return db.One[int64](ctx, tx, `INSERT INTO help_entry (person_id, minutes, words, folded, whom, at, noted_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		personID, e.Minutes, e.Words, search.Fold(e.Words), e.Whom, e.At, tx.Now)
}

// NoteSubject takes the subject of a mail, such as "15 min printer", for a line of the ledger, and tells whether it is one.
func NoteSubject(ctx context.Context, tx *db.Tx, personID int64, subject string) (bool, error) {
	minutes, words, ok := ReadMinutes(subject)
	if !ok || len(tidy(words)) > maxWords {
		return false, nil
	}
	_, err := Note(ctx, tx, personID, Entry{Minutes: minutes, Words: words})
	return err == nil, err
}

// NoteHanded notes the minutes that somebody spent before they handed a request on; given again, it replaces what was noted before.
func (k *Keeper) NoteHanded(ctx context.Context, tx *db.Tx, s State, minutes int) error {
	e := Entry{Minutes: minutes, Words: "", Whom: s.Asker, At: s.At}
	if err := e.check(tx.Now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO help_entry (person_id, minutes, whom, at, noted_at, handed_id) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (handed_id) DO UPDATE SET minutes = excluded.minutes, removed_at = 0`, s.PersonID, e.Minutes, e.Whom, e.At, tx.Now, s.ID)
	return err
}

// EntryOf gives one entry of somebody's own ledger, removed ones too; fault.NotFound when it is not theirs.
func EntryOf(ctx context.Context, tx *db.Tx, personID, id int64) (Entry, error) {
	e, err := db.One[Entry](ctx, tx, `SELECT `+entryColumns+` FROM help_entry WHERE id = $1 AND person_id = $2`, id, personID)
	if errors.Is(err, db.ErrNoRow) {
		err = fault.NotFound(i18n.M("There is no such entry in your ledger."))
	}
	return e, err
}

// Change writes an entry anew.
func Change(ctx context.Context, tx *db.Tx, personID int64, e Entry) error {
	if _, err := EntryOf(ctx, tx, personID, e.ID); err != nil {
		return err
	}
	if err := e.check(tx.Now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE help_entry SET minutes = $3, words = $4, folded = $5, whom = $6, at = $7 WHERE id = $1 AND person_id = $2`,
		e.ID, personID, e.Minutes, e.Words, search.Fold(e.Words), e.Whom, e.At)
	return err
}

// Remove takes an entry out; Restore puts it back within a day.
func Remove(ctx context.Context, tx *db.Tx, personID, id int64) error {
	return setRemoved(ctx, tx, personID, id, tx.Now)
}

// Restore puts an entry back that was taken out.
func Restore(ctx context.Context, tx *db.Tx, personID, id int64) error {
	return setRemoved(ctx, tx, personID, id, 0)
}

func setRemoved(ctx context.Context, tx *db.Tx, personID, id int64, at clock.Instant) error {
	if _, err := EntryOf(ctx, tx, personID, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE help_entry SET removed_at = $3 WHERE id = $1 AND person_id = $2`, id, personID, at)
	return err
}

// Entries lists somebody's ledger, the newest first: those before (at, id), at most n; 0, 0 begins.
func Entries(ctx context.Context, tx *db.Tx, personID int64, at clock.Instant, id int64, n int) ([]Entry, error) {
	if at == 0 {
		at = tx.Now.Add(oldest)
	}
	return db.All[Entry](ctx, tx, `SELECT `+entryColumns+` FROM help_entry WHERE person_id = $1 AND removed_at = 0 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4`, personID, at, id, n)
}

// HandedBy lists what somebody handed on of late, the newest first, with where it stands.
func (k *Keeper) HandedBy(ctx context.Context, tx *db.Tx, personID int64, n int) ([]State, error) {
	rows, err := db.All[Handed](ctx, tx, `SELECT `+handedColumns+` FROM handed_on WHERE person_id = $1 AND at > $2 ORDER BY at DESC, id DESC LIMIT $3`, personID, tx.Now.Add(-AskedFor), n)
	if err != nil {
		return nil, err
	}
	var out []State
	for _, h := range rows {
		s := State{Handed: h}
		if err := k.look(ctx, tx, &s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
