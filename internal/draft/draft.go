// Package draft keeps what somebody is writing on a ticket until it is said: one answer and one note for each person on each
// ticket, with its addresses and files, saved while it is typed.
//
// Nothing that was typed is lost when two write at once, in two tabs or as two people on a shared draft: the newest text
// stands, and what it wrote over is kept as a Copy until somebody takes or drops it. A draft is seen by who writes it, and by
// those whom they asked for a look (Ask). Sending is not done here: the desk makes a message of a draft and calls Drop.
//
//	d, err := draft.Save(ctx, tx, actor, draft.Place{TicketID: 1042}, draft.Content{Text: "Good morning", Writer: "k3x"})
//
// Invariants: whoever may not write drafts on a ticket (person.WriteDraft) finds none on it; a draft without text, files and addresses does not exist
// unless it is shared; a version is never used twice.
package draft

import (
	"context"
	"errors"
	"strings"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/sanitize"
	"goodturn/internal/ticket"
)

// Draft is something that is being written.
type Draft struct {
	ID       int64
	TicketID int64
	PersonID int64 // who writes it
	Internal bool  // a note
	Version  int64 // how often it was saved
	Writer   string
	EditorID int64 // who changed it last
	Text     string
	HTML     string `db:"html"` // clean, with pictures as cid: addresses; "" for plain text
	// Addressed says that the three lines are meant; without it an answer goes to everybody on the ticket.
	Addressed bool
	To        string `db:"to_line"`
	CC        string `db:"cc_line"`
	BCC       string `db:"bcc_line"`
	Follow    bool
	TakenBack bool // it was sent and taken back
	Shared    bool
	AskedID   int64  // who was asked for a look; 0 for anybody on the ticket
	Comment   string // what was asked
	CreatedAt clock.Instant
	UpdatedAt clock.Instant

	Files  []File `db:"-"`
	Copies []Copy `db:"-"`
}

// File is a file of a draft.
type File struct {
	ID        int64
	DraftID   int64
	Name      string
	Type      string
	Size      int64  // bytes
	SHA256    string `db:"sha256"`
	Inline    bool
	ContentID string
}

// Ref names the file's bytes.
func (f File) Ref() blob.Ref { return blob.Ref{SHA256: f.SHA256, Size: f.Size} }

// Copy is what a draft said before somebody wrote over it.
type Copy struct {
	ID       int64
	DraftID  int64
	Writer   string
	EditorID int64
	Text     string
	HTML     string `db:"html"`
	At       clock.Instant
}

// Place is where a draft belongs: to a ticket, as an answer or a note of one's own, or by its id as one that is shared.
type Place struct {
	TicketID int64
	Internal bool
	ID       int64 // 0: one's own
}

// Content is what is saved.
type Content struct {
	Text, HTML  string
	Addressed   bool
	To, CC, BCC string
	Follow      bool
	TakenBack   bool
	// Version is the one that the writer knew, 0 for none; Writer names the tab.
	Version int64
	Writer  string
}

// The bounds of a draft.
const (
	MaxFiles = 200
	maxLine  = 64 << 10
)

const columns = `d.id, d.ticket_id, d.person_id, d.internal, d.version, d.writer, d.editor_id, d.text, d.html, d.addressed, d.to_line, d.cc_line, d.bcc_line,
	d.follow, d.taken_back, d.shared, d.asked_id, d.comment, d.created_at, d.updated_at`

// On gives the drafts of a ticket that somebody may see: their own, and those that they were asked to look at.
func On(ctx context.Context, tx *db.Tx, a person.Actor, ticketID int64) ([]Draft, error) {
	out, err := db.All[Draft](ctx, tx, `SELECT `+columns+` FROM draft d WHERE d.ticket_id = $1 AND (d.person_id = $2 OR (d.shared AND (d.asked_id IS NULL OR d.asked_id = $2))) ORDER BY d.id`, ticketID, a.ID)
	for i := range out {
		if err == nil {
			err = out[i].load(ctx, tx)
		}
	}
	return out, err
}

// Of tells on which of these tickets somebody has begun to write.
func Of(ctx context.Context, tx *db.Tx, personID int64, ticketIDs []int64) (map[int64]bool, error) {
	if len(ticketIDs) == 0 {
		return nil, nil
	}
	args := db.Args{personID}
	ids, err := db.All[int64](ctx, tx, `SELECT ticket_id FROM draft WHERE person_id = $1 AND ticket_id IN (`+db.List(&args, ticketIDs)+`)`, args...)
	out := map[int64]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

func (d *Draft) load(ctx context.Context, tx *db.Tx) (err error) {
	if d.Files, err = db.All[File](ctx, tx, `SELECT id, draft_id, name, type, size, sha256, inline, content_id FROM draft_file WHERE draft_id = $1 ORDER BY id`, d.ID); err != nil {
		return err
	}
	d.Copies, err = db.All[Copy](ctx, tx, `SELECT id, draft_id, writer, editor_id, text, html, at FROM draft_copy WHERE draft_id = $1 ORDER BY id`, d.ID)
	return err
}

// Find gives the draft of a place, locked. None, or one that is not for the actor, is fault.Conflict; a
// ticket that they may not write on is not found.
func Find(ctx context.Context, tx *db.Tx, a person.Actor, p Place) (Draft, error) {
	d, ok, err := find(ctx, tx, a, p, true)
	if err == nil && !ok {
		err = fault.Conflict(i18n.M("This draft is gone: it was sent, or thrown away."))
	}
	return d, err
}

func find(ctx context.Context, tx *db.Tx, a person.Actor, p Place, lock bool) (d Draft, ok bool, err error) {
	if _, err = ticket.Get(ctx, tx, a, person.WriteDraft, p.TicketID); err != nil {
		return d, false, err
	}
	if p.ID == 0 {
		p.ID, err = db.One[int64](ctx, tx, `SELECT id FROM draft WHERE ticket_id = $1 AND person_id = $2 AND internal = $3`, p.TicketID, a.ID, p.Internal)
	}
	if err == nil && lock {
		err = tx.Lock(ctx, "draft", p.ID)
	}
	if err == nil {
		d, err = db.One[Draft](ctx, tx, `SELECT `+columns+` FROM draft d WHERE d.id = $1 AND d.ticket_id = $2 AND (d.person_id = $3 OR (d.shared AND (d.asked_id IS NULL OR d.asked_id = $3)))`, p.ID, p.TicketID, a.ID)
	}
	if errors.Is(err, db.ErrNoRow) {
		return d, false, nil
	}
	if err == nil {
		err = d.load(ctx, tx)
	}
	return d, err == nil, err
}

// Save keeps what is being written. Where another tab or person saved meanwhile, theirs becomes a copy. A draft that has
// become empty is dropped, and the zero Draft given.
func Save(ctx context.Context, tx *db.Tx, a person.Actor, p Place, c Content) (Draft, error) {
	if err := c.check(); err != nil {
		return Draft{}, err
	}
	d, ok, err := find(ctx, tx, a, p, true)
	if err != nil {
		return d, err
	}
	if !ok {
		if c.empty() {
			return Draft{}, nil
		}
		if d, err = begin(ctx, tx, a, Place{TicketID: p.TicketID, Internal: p.Internal}); err != nil {
			return d, err
		}
	}
	if c.empty() && len(d.Files) == 0 && len(d.Copies) == 0 && !d.Shared {
		return Draft{}, drop(ctx, tx, d.ID)
	}
	if c.Version != d.Version && c.Writer != d.Writer && !strings.HasPrefix(c.Text, strings.TrimSpace(d.Text)) {
		if err := d.keepCopy(ctx, tx); err != nil {
			return d, err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE draft SET version = version + 1, writer = $2, editor_id = $3, text = $4, html = $5, addressed = $6, to_line = $7, cc_line = $8, bcc_line = $9, follow = $10,
		taken_back = taken_back OR $11, updated_at = $12 WHERE id = $1`, d.ID, c.Writer, a.ID, c.Text, c.HTML, c.Addressed, c.To, c.CC, c.BCC, c.Follow, c.TakenBack, tx.Now)
	if err != nil {
		return d, err
	}
	return Find(ctx, tx, a, Place{TicketID: p.TicketID, Internal: d.Internal, ID: d.ID})
}

// begin makes an empty draft of one's own, or gives the one that another tab began at the same moment.
func begin(ctx context.Context, tx *db.Tx, a person.Actor, p Place) (Draft, error) {
	_, err := tx.Exec(ctx, `INSERT INTO draft (ticket_id, person_id, internal, version, writer, editor_id, text, html, addressed, to_line, cc_line, bcc_line, follow, taken_back, shared, asked_id, comment, created_at, updated_at)
		VALUES ($1, $2, $3, 0, '', $2, '', '', FALSE, '', '', '', FALSE, FALSE, FALSE, NULL, '', $4, $4) ON CONFLICT (ticket_id, person_id, internal) DO NOTHING`, p.TicketID, a.ID, p.Internal, tx.Now)
	if err != nil {
		return Draft{}, err
	}
	return Find(ctx, tx, a, p)
}

func (c *Content) check() error {
	c.Text, c.HTML = tidy(c.Text), tidy(c.HTML)
	c.To, c.CC, c.BCC, c.Writer = tidy(c.To), tidy(c.CC), tidy(c.BCC), tidy(c.Writer)
	if len(c.Text) > ticket.MaxText || len(c.HTML) > sanitize.MaxHTML {
		return fault.Invalid(fault.F("text", i18n.M("This text is longer than 1 MB. Please attach it as a file.")))
	}
	if len(c.To)+len(c.CC)+len(c.BCC) > maxLine {
		return fault.Invalid(fault.F("to", i18n.MN("One message can go to {{.Count}} person at most.", "One message can go to {{.Count}} people at most.", ticket.MaxRecipients)))
	}
	c.Writer = c.Writer[:min(len(c.Writer), 40)]
	return nil
}

func (c Content) empty() bool {
	return strings.TrimSpace(c.Text) == "" && c.HTML == "" && !c.Addressed && !c.TakenBack
}

// tidy keeps text that both databases can hold.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.ReplaceAll(s, "\x00", "")
}

// Drop ends a draft: it was sent, or thrown away. Nothing happens when there is none.
func Drop(ctx context.Context, tx *db.Tx, a person.Actor, p Place) error {
	d, ok, err := find(ctx, tx, a, p, true)
	if err != nil || !ok {
		return err
	}
	return drop(ctx, tx, d.ID)
}

func drop(ctx context.Context, tx *db.Tx, id int64) error {
	for _, q := range []string{`DELETE FROM draft_file WHERE draft_id = $1`, `DELETE FROM draft_copy WHERE draft_id = $1`, `DELETE FROM draft WHERE id = $1`} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}
