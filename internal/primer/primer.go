// Package primer keeps a short read for whoever begins at the desk: what people ask most, each with its best answer in a few lines.
//
// It is made of what is there: topics of tickets, services, articles that helped, fix notes that worked. The best answer is the published
// article, else the fix note, else the answer that helped, without what says who somebody is. It is looked at every night, and when an
// article that it rests on has changed; each look costs the same on a large desk as on a small one. Leads pin, leave out and order entries and
// write what stands above them, which stays.
//
//	k := &primer.Keeper{DB: d, Log: log}
//	err := k.Sweep(ctx)
//	p, err := primer.Read(ctx, tx, actor)
//	p.Minutes() // 9
//
// Invariants: nothing of a private team stands in it, and nothing that not everybody at the desk may see; it is no longer than ten minutes.
package primer

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Chapter is where an entry stands.
type Chapter string

// The chapters.
const (
	Asked      Chapter = "asked"   // what people ask most
	Ordered    Chapter = "ordered" // services that are asked for
	Helps      Chapter = "helps"   // articles that help
	Learned    Chapter = "learned" // what fix notes taught of late
	pace               = 220       // words a minute
	longest            = 10 * pace // words
	perEntry           = 80        // words of an answer
	headWords          = 12        // of an entry beside its answer
	maxOpening         = 3000      // characters
)

// Chapters lists them in the order in which they are read.
func Chapters() []Chapter { return []Chapter{Asked, Ordered, Helps, Learned} }

// Keeper makes the primer and keeps it fresh.
type Keeper struct {
	DB  *db.DB
	Log *slog.Logger
}

// Head is what stands around the entries.
type Head struct {
	Opening   string
	Version   int64
	MadeAt    clock.Instant // 0 for never
	ChangedAt clock.Instant
}

func head(ctx context.Context, tx *db.Tx) (Head, error) {
	h, err := db.One[Head](ctx, tx, `SELECT opening, version, made_at, changed_at FROM primer WHERE id = 1`)
	if errors.Is(err, db.ErrNoRow) {
		return Head{}, nil
	}
	return h, err
}

// Entry is one question with its answer.
type Entry struct {
	ID        int64
	Ref       string
	Chapter   Chapter
	Title     string
	Text      string // lines; "" where the article says it
	Language  string
	Often     int64 // how often it came in four weeks; 0 for not counted
	ArticleID int64
	TicketID  int64
	ServiceID int64
	Pinned    bool
	LeftOut   bool
	Place     int64
	Found     bool

	// Slug is the address of its article, and Lines what is read, of the article or of Text.
	Slug  string   `db:"-"`
	Lines []string `db:"-"`
}

const columns = `e.id, e.ref, e.chapter, e.title, e.text, e.language, e.often, e.article_id, e.ticket_id, e.service_id, e.pinned, e.left_out, e.place, e.found`

// words counts what is read of an entry.
func (e Entry) words() int {
	n := headWords + len(strings.Fields(e.Title))
	for _, l := range e.Lines {
		n += len(strings.Fields(l))
	}
	return n
}

// Weekly is how often it comes in a week.
func (e Entry) Weekly() float64 { return float64(e.Often) / 4 }

// change notes that what is read has changed; a lead asks.
func change(ctx context.Context, tx *db.Tx, a person.Actor) error {
	if !person.Can(a, person.ManageArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	if _, err := tx.Exec(ctx, `INSERT INTO primer (id, opening, version, made_at, changed_at, due_at) VALUES (1, '', 0, 0, $1, 0) ON CONFLICT (id) DO UPDATE SET changed_at = excluded.changed_at`, tx.Now); err != nil {
		return err
	}
	return tx.Lock(ctx, "primer", 1)
}

// Open sets what stands above the entries. was is the version that the writer saw; another one is a fault.Conflict.
func Open(ctx context.Context, tx *db.Tx, a person.Actor, text string, was int64) error {
	if err := change(ctx, tx, a); err != nil {
		return err
	}
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""), "\r\n", "\n"))
	if utf8.RuneCountInString(text) > maxOpening {
		return fault.Invalid(fault.F("opening", i18n.M("Please use at most {{.Most}} characters: the questions are to fit into ten minutes too.", "Most", maxOpening)))
	}
	h, err := head(ctx, tx)
	if err != nil || h.Opening == text {
		return err
	}
	if h.Version != was {
		return fault.Conflict(i18n.M("Somebody else changed this meanwhile. Theirs stands on the page; yours is still in the form."))
	}
	_, err = tx.Exec(ctx, `UPDATE primer SET opening = $1, version = version + 1 WHERE id = 1`, text)
	return err
}

// Deed is what a lead does with an entry.
type Deed string

// The deeds.
const (
	Pin    Deed = "pin"
	Unpin  Deed = "unpin"
	Leave  Deed = "leave" // out
	Return Deed = "return"
	Up     Deed = "up"
	Down   Deed = "down"
)

// Do changes an entry as a lead wants it; the next look keeps that.
func Do(ctx context.Context, tx *db.Tx, a person.Actor, id int64, what Deed) error {
	if err := change(ctx, tx, a); err != nil {
		return err
	}
	e, err := db.One[Entry](ctx, tx, `SELECT `+columns+` FROM primer_entry e WHERE e.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return fault.NotFound(i18n.M("This entry is not in the primer any more."))
	}
	if err != nil {
		return err
	}
	switch what {
	case Pin, Unpin:
		_, err = tx.Exec(ctx, `UPDATE primer_entry SET pinned = $2, left_out = FALSE WHERE id = $1`, id, what == Pin)
	case Leave, Return:
		_, err = tx.Exec(ctx, `UPDATE primer_entry SET left_out = $2, pinned = FALSE WHERE id = $1`, id, what == Leave)
	case Up, Down:
		err = move(ctx, tx, e, what == Up)
	default:
		err = fault.Invalid(fault.F("do", i18n.M("This is not one of the choices.")))
	}
	return err
}

// move puts an entry before or behind its neighbour; from then on its chapter has the order that it had.
func move(ctx context.Context, tx *db.Tx, e Entry, up bool) error {
	all, err := entries(ctx, tx)
	if err != nil {
		return err
	}
	var ids []int64
	at := -1
	for _, x := range all {
		if x.Chapter == e.Chapter && !x.LeftOut {
			if x.ID == e.ID {
				at = len(ids)
			}
			ids = append(ids, x.ID)
		}
	}
	to := at + 1
	if up {
		to = at - 1
	}
	if at < 0 || to < 0 || to >= len(ids) {
		return nil
	}
	ids[at], ids[to] = ids[to], ids[at]
	for i, id := range ids {
		if _, err := tx.Exec(ctx, `UPDATE primer_entry SET place = $2 WHERE id = $1`, id, i+1); err != nil {
			return err
		}
	}
	return nil
}

// entries are all that may be read, in their order: within a chapter those that a lead ordered, then pinned ones, then the most frequent.
func entries(ctx context.Context, tx *db.Tx) ([]Entry, error) {
	return db.All[Entry](ctx, tx, `SELECT `+columns+` FROM primer_entry e LEFT JOIN ticket t ON t.id = e.ticket_id LEFT JOIN team m ON m.id = t.team_id
		WHERE (e.found OR e.pinned) AND (e.ticket_id IS NULL OR NOT m.private AND t.turn NOT IN ('suspect', 'spam', 'merged', 'trash'))
		ORDER BY e.chapter, CASE WHEN e.place = 0 THEN 1 ELSE 0 END, e.place, CASE WHEN e.pinned THEN 0 ELSE 1 END, e.often DESC, e.id LIMIT 300`)
}

// nightly is how long a look holds when nothing changes.
const nightly = 24 * time.Hour
