package person

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Note is what staff wrote down about somebody so that the next who helps them knows it. It is for staff only.
type Note struct {
	Phone      string
	Uses       string // the machines and programs that they work with
	Explaining string // how they like things explained
	ChangedAt  clock.Instant
	ChangedBy  int64 // 0 for nobody yet
}

// Limits of a note, in bytes.
const (
	maxPhone    = 60
	maxNoteText = 2000
)

// NoteOf gives the note on somebody; nothing written yet is the zero value.
func NoteOf(ctx context.Context, tx *db.Tx, id int64) (n Note, err error) {
	all, err := db.All[Note](ctx, tx, `SELECT phone, uses, explaining, changed_at, changed_by FROM person_note WHERE person_id = $1`, id)
	if err == nil && len(all) > 0 {
		n = all[0]
	}
	return n, err
}

// SetNote replaces the note on somebody. seen is the ChangedAt of the note that the writer had before them: one that was
// changed meanwhile is not written over but fault.Invalid, and says what stands there now. The record keeps what it was.
func SetNote(ctx context.Context, tx *db.Tx, by Actor, id int64, n Note, seen clock.Instant, remote string) error {
	if err := tx.Lock(ctx, "person", id); err != nil {
		return err
	}
	if _, err := Get(ctx, tx, id); err != nil {
		return err
	}
	n.Phone, n.Uses, n.Explaining = strings.Join(strings.Fields(n.Phone), " "), tidyNote(n.Uses), tidyNote(n.Explaining)
	if err := n.check(); err != nil {
		return err
	}
	old, err := NoteOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if old.words() == n.words() {
		return nil
	}
	if old.ChangedAt != seen {
		return fault.Invalid(fault.F("note", i18n.M("This was changed while you wrote. It now says: “{{.Text}}”. Put together what should stay, and save again.", "Text", old.words())))
	}
	if err := storeNote(ctx, tx, by.ID, id, n); err != nil {
		return err
	}
	return Audit(ctx, tx, by, "note on a person changed", "person "+strconv.FormatInt(id, 10), "it was: "+old.words(), remote)
}

func storeNote(ctx context.Context, tx *db.Tx, by, id int64, n Note) error {
	_, err := tx.Exec(ctx, `INSERT INTO person_note (person_id, phone, uses, explaining, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (person_id) DO UPDATE SET phone = excluded.phone, uses = excluded.uses, explaining = excluded.explaining, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		id, n.Phone, n.Uses, n.Explaining, tx.Now, orNull(by))
	return err
}

func (n Note) check() error {
	var wrong []fault.Field
	if len(n.Phone) > maxPhone || strings.Trim(n.Phone, "0123456789+-/(). ext#") != "" {
		wrong = append(wrong, fault.F("phone", i18n.M("Please write a number such as +351 21 555 0134, of at most 60 signs.")))
	}
	for field, text := range map[string]string{"uses": n.Uses, "explaining": n.Explaining} {
		if len(text) > maxNoteText {
			wrong = append(wrong, fault.F(field, i18n.M("This is longer than 2,000 signs. Please keep to what the next who helps has to know.")))
		}
	}
	if wrong != nil {
		return fault.Invalid(wrong...)
	}
	return nil
}

// words is the whole note in one line.
func (n Note) words() string {
	var all []string
	for _, s := range []string{n.Phone, n.Uses, n.Explaining} {
		if s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, " · ")
}

func tidyNote(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// joinNotes adds what was known of somebody to the one whom they became.
func joinNotes(ctx context.Context, tx *db.Tx, by Actor, kept, gone int64) error {
	a, err := NoteOf(ctx, tx, kept)
	if err != nil {
		return err
	}
	b, err := NoteOf(ctx, tx, gone)
	if err != nil || b.words() == "" {
		return err
	}
	if a.Phone == "" {
		a.Phone = b.Phone
	}
	a.Uses, a.Explaining = joinText(a.Uses, b.Uses), joinText(a.Explaining, b.Explaining)
	return storeNote(ctx, tx, by.ID, kept, a)
}

func joinText(a, b string) string {
	if strings.Contains(a, b) {
		return a
	}
	return strings.TrimSpace(a + "\n" + b)
}
