package papercut

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// How says in which way somebody said it.
type How string

// The ways.
const (
	ByPortal How = "portal"
	ByMail   How = "mail"
	ByTicket How = "ticket" // an agent noted it beside a ticket
	ByAPI    How = "api"
)

// Who says something: a person, or a visitor of whom nothing is known but a number that their browser keeps. The zero Who is nobody.
type Who struct {
	Person  int64
	Visitor int64
}

// Said is what somebody said.
type Said struct {
	Text string // a sentence
	More string // what a mail said beside it
	How  How
	// Place is the page where they were, "" for not known.
	Place string
	// Ticket is where an agent noted it, with its team and whether that is private. Team may be given without.
	Ticket, Team int64
	Private      bool
	// By is the agent who noted it for somebody else; 0 for none.
	By int64
	// Unproven says that nothing shows that it was this person.
	Unproven bool
}

// Limits: of a sentence in letters, of what a mail says beside it in bytes, and how much one may say within an hour.
const (
	MaxText  = 300
	minText  = 3
	maxMore  = 4000
	mostSaid = 20
)

// Result is what became of something said.
type Result struct {
	ID int64
	// Papercut is how it stands now, with this said.
	Papercut
	// Joined says that others, or they themselves, had said the like before.
	Joined bool
	// Near are others that may be the same, the likest first.
	Near []int64
}

// Clean gives a sentence as it is kept, on one line.
func Clean(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")), " ")
}

// Say notes what somebody said. It joins the papercut whose sentences are like it, and begins one otherwise. What cannot be is fault.Invalid
// of the field text; who says too much within an hour gets fault.Limited.
func (b *Book) Say(ctx context.Context, tx *db.Tx, who Who, s Said) (Result, error) {
	s.Text, s.More = Clean(s.Text), clip(strings.TrimSpace(strings.ToValidUTF8(s.More, "")), maxMore)
	if err := check(s.Text); err != nil {
		return Result{}, err
	}
	if err := slow(ctx, tx, who); err != nil {
		return Result{}, err
	}
	private := int64(0)
	if s.Private {
		private = s.Team
	}
	like, err := likeTo(ctx, tx, s.Text, private, false, Near)
	if err != nil {
		return Result{}, err
	}
	var r Result
	for i, n := range like {
		if n.score < Same {
			break
		}
		if err := tx.Lock(ctx, "papercut", n.id); err != nil {
			return r, err
		}
		p, err := load(ctx, tx, n.id)
		if err != nil {
			return r, err
		}
		if p.MergedInto == 0 && p.State != Gone && !p.Hidden { // nobody changed it meanwhile
			r.ID, r.Joined = p.ID, true
			like = append(like[:i:i], like[i+1:]...)
			break
		}
	}
	if r.ID == 0 {
		r.ID, err = db.One[int64](ctx, tx, `INSERT INTO papercut (private_id, said_at, created_at, changed_at) VALUES ($1, $2, $2, $2) RETURNING id`, orNull(private), tx.Now)
		if err != nil {
			return r, err
		}
	}
	for _, n := range like {
		if n.id != r.ID {
			r.Near = append(r.Near, n.id)
		}
	}
	if err := b.tap(ctx, tx, r.ID, who, s); err != nil {
		return r, err
	}
	r.Papercut, err = load(ctx, tx, r.ID)
	return r, err
}

func check(text string) error {
	switch n := utf8.RuneCountInString(text); {
	case n < minText:
		return fault.Invalid(fault.F("text", i18n.M("Please say in a few words what bugs you.")))
	case n > MaxText:
		return fault.Invalid(fault.F("text", i18n.M("Please say it in at most {{.Limit}} letters; this has {{.Count}}. For more than a sentence, ask for help.", "Limit", MaxText, "Count", n)))
	}
	return nil
}

// slow refuses who has said much within an hour.
func slow(ctx context.Context, tx *db.Tx, who Who) error {
	n, err := db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM papercut_tap WHERE person_id = $1 AND at > $3
		UNION ALL SELECT 1 FROM papercut_tap WHERE visitor = $2 AND visitor > 0 AND at > $3) AS said`, who.Person, who.Visitor, tx.Now.Add(-time.Hour))
	if err == nil && n >= mostSaid {
		err = fault.Limited(i18n.M("You have told us {{.Count}} small things within an hour, thank you. Please come back a little later with the next.", "Count", n))
	}
	return err
}

// MeToo says that somebody has a papercut too. c is the circle of whoever asks: what may not be told there is not found. Said twice it
// counts once.
func (b *Book) MeToo(ctx context.Context, tx *db.Tx, c person.Circle, who Who, id int64, place string) (Result, error) {
	if _, err := See(ctx, tx, c, who, id); err != nil {
		return Result{}, err
	}
	return b.join(ctx, tx, who, id, Said{How: ByPortal, Place: place})
}

// Join is MeToo for whoever may see a papercut as staff, or was mailed about it.
func (b *Book) Join(ctx context.Context, tx *db.Tx, a person.Actor, who Who, id int64, s Said) (Result, error) {
	p, err := Get(ctx, tx, a, id)
	if err != nil {
		return Result{}, err
	}
	s.Text = ""
	return b.join(ctx, tx, who, p.ID, s)
}

var errGone = fault.Conflict(i18n.M("This is gone, as far as we know. If you still have it, please say so in a sentence of your own."))

func (b *Book) join(ctx context.Context, tx *db.Tx, who Who, id int64, s Said) (r Result, err error) {
	if err = tx.Lock(ctx, "papercut", id); err != nil {
		return r, err
	}
	r = Result{ID: id, Joined: true}
	if r.Papercut, err = load(ctx, tx, id); err != nil {
		return r, err
	}
	switch {
	case r.MergedInto != 0:
		return b.join(ctx, tx, who, r.MergedInto, s)
	case r.State == Gone:
		return r, errGone
	}
	if err := slow(ctx, tx, who); err != nil {
		return r, err
	}
	if err := b.tap(ctx, tx, id, who, s); err != nil {
		return r, err
	}
	r.Papercut, err = load(ctx, tx, id)
	return r, err
}

// tap notes that somebody has a papercut, which is locked. The same sentence of the same person is noted once, and so is "me too".
func (b *Book) tap(ctx context.Context, tx *db.Tx, id int64, who Who, s Said) error {
	type row struct {
		Text string
		Mine bool
	}
	before, err := db.All[row](ctx, tx, `SELECT text, CASE WHEN (person_id = $2 OR visitor = $3 AND visitor > 0) THEN TRUE ELSE FALSE END AS mine FROM papercut_tap WHERE papercut_id = $1 AND (text <> '' OR (person_id = $2 OR visitor = $3 AND visitor > 0)) ORDER BY id DESC LIMIT 500`,
		id, who.Person, who.Visitor)
	if err != nil {
		return err
	}
	words, folded := meant(s.Text), search.Fold(s.Text)
	for _, t := range before {
		same := search.Fold(t.Text) == folded
		if t.Mine && (same || s.Text == "") {
			return nil
		}
		if same {
			words = nil // it is found by what was said before
		}
	}
	organisation := int64(0)
	if who.Person != 0 {
		p, err := person.Get(ctx, tx, who.Person)
		if err != nil {
			return err
		}
		organisation = p.OrganisationID
	}
	known := who.Person != 0 && !s.Unproven
	tap, err := db.One[int64](ctx, tx, `INSERT INTO papercut_tap (papercut_id, person_id, visitor, organisation_id, text, more, words, how, place, ticket_id, team_id, by_id, known, tell, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14) RETURNING id`,
		id, orNull(who.Person), who.Visitor, organisation, s.Text, s.More, len(words), s.How, s.Place, orNull(s.Ticket), orNull(s.Team), orNull(s.By), known, tx.Now)
	if err != nil {
		return err
	}
	if err := learn(ctx, tx, tap, words); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut SET said_at = $2 WHERE id = $1`, id, tx.Now); err != nil {
		return err
	}
	return recount(ctx, tx, id)
}

// TakeBack forgets what somebody said of a papercut. One of which nothing is left is gone without a trace, unless staff had a hand in it.
func (b *Book) TakeBack(ctx context.Context, tx *db.Tx, who Who, id int64) error {
	if who == (Who{}) {
		return nil
	}
	if err := tx.Lock(ctx, "papercut", id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM papercut_tap WHERE papercut_id = $1 AND (person_id = $2 OR visitor = $3 AND visitor > 0)`, id, who.Person, who.Visitor); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM papercut_asked WHERE papercut_id = $1 AND (person_id = $2 OR visitor = $3 AND visitor > 0)`, id, who.Person, who.Visitor); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM papercut WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM papercut_tap t WHERE t.papercut_id = $1) AND NOT EXISTS (SELECT 1 FROM papercut_event e WHERE e.papercut_id = $1)
		AND NOT EXISTS (SELECT 1 FROM papercut_handing h WHERE h.papercut_id = $1) AND NOT EXISTS (SELECT 1 FROM papercut m WHERE m.merged_into = $1)`, id)
	if err != nil || n > 0 {
		return err
	}
	return recount(ctx, tx, id)
}

// Move has what somebody said of one papercut count for another that is the same, as they say.
func (b *Book) Move(ctx context.Context, tx *db.Tx, c person.Circle, who Who, id, to int64) (Result, error) {
	same, err := See(ctx, tx, c, who, to)
	if err != nil || id == same.ID {
		return Result{ID: id}, err
	}
	if to = same.ID; same.State == Gone {
		return Result{}, errGone
	}
	for _, x := range []int64{min(id, to), max(id, to)} {
		if err := tx.Lock(ctx, "papercut", x); err != nil {
			return Result{}, err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut_tap SET papercut_id = $4, from_id = NULL WHERE papercut_id = $1 AND (person_id = $2 OR visitor = $3 AND visitor > 0)`, id, who.Person, who.Visitor, to); err != nil {
		return Result{}, err
	}
	if err := recount(ctx, tx, to); err != nil {
		return Result{}, err
	}
	if err := b.TakeBack(ctx, tx, who, id); err != nil {
		return Result{}, err
	}
	p, err := load(ctx, tx, to)
	return Result{ID: to, Papercut: p, Joined: true}, err
}

// clip cuts a text at so many bytes, between letters.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}

// Forget drops what is kept of a ticket that is about to be deleted for good. What was said beside it stays: it is no part of the ticket.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	_, err := tx.Exec(ctx, `UPDATE papercut_tap SET ticket_id = NULL WHERE ticket_id = $1`, ticketID)
	return nil, err
}
