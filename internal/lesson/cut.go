package lesson

import (
	"context"
	"errors"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/redact"
)

// Cut is something that was taken out of a draft by rule.
type Cut struct {
	ID       int64
	TicketID int64
	InTitle  bool
	Kind     redact.Kind
	Word     string // what stands there now
	Was      string // "" of a secret
	BeforeIt string // what stood around it when it was taken out
	AfterIt  string
	Back     bool // the writer put it back
}

// Secret tells that it cannot be put back.
func (c Cut) Secret() bool { return c.Kind.Secret() }

// Cuts are what was taken out of a draft, in its order, as far as somebody may see the tickets.
func Cuts(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64) ([]Cut, error) {
	args := db.Args{articleID}
	return db.All[Cut](ctx, tx, `SELECT c.id, c.ticket_id, c.in_title, c.kind, c.word, c.was, c.before_it, c.after_it, c.back FROM lesson_cut c JOIN ticket t ON t.id = c.ticket_id
		WHERE c.article_id = $1 AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY c.id LIMIT 1000`, args...)
}

// PutBack puts what was taken out in its place again, and TakeOut takes it out once more, as a new version of the draft. It is found by
// what stands around it, so that the text may have been changed meanwhile; where that is gone, it says so.
func PutBack(ctx context.Context, tx *db.Tx, a person.Actor, articleID, id int64) error {
	return change(ctx, tx, a, articleID, id, true)
}

// TakeOut is the other way of PutBack.
func TakeOut(ctx context.Context, tx *db.Tx, a person.Actor, articleID, id int64) error {
	return change(ctx, tx, a, articleID, id, false)
}

func change(ctx context.Context, tx *db.Tx, a person.Actor, articleID, id int64, back bool) error {
	if err := tx.Lock(ctx, "article", articleID); err != nil {
		return err
	}
	x, err := kb.ByID(ctx, tx, a, articleID)
	if err != nil {
		return err
	}
	all, err := Cuts(ctx, tx, a, articleID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(c Cut) bool { return c.ID == id })
	if i < 0 || !x.ToCheck {
		return fault.NotFound(i18n.M("There is nothing here to put back any more. The article may have been checked meanwhile."))
	}
	c := all[i]
	if c.Back == back {
		return nil // pressed twice
	}
	if c.Secret() {
		return fault.Invalid(fault.F("cut", i18n.M("Passwords and codes are not kept, so that they cannot be put back.")))
	}
	t, err := kb.TextOf(ctx, tx, x.ID, x.Language)
	if err != nil {
		return err
	}
	e := kb.Edit{ArticleID: x.ID, Language: x.Language, Title: t.Title, Body: t.Body, Was: t.Version}
	out, in := c.Word, c.Was
	if !back {
		out, in = in, out
	}
	at, field := -1, &e.Body
	if c.InTitle {
		field = &e.Title
	}
	if !c.InTitle && in == c.Was {
		in = escape(in)
	}
	if !c.InTitle && out == c.Was {
		out = escape(out)
	}
	if back {
		at = inOrder(*field, all, i)
	}
	if at < 0 {
		at = place(*field, out, c.BeforeIt, c.AfterIt)
	}
	if at < 0 {
		return fault.Conflict(i18n.M("This place was changed meanwhile. Please write it into the text yourself."))
	}
	*field = (*field)[:at] + in + (*field)[at+len(out):]
	if _, err := kb.Save(ctx, tx, a, e); err != nil {
		var f *fault.Error
		if errors.As(err, &f) && f.Kind == fault.KindInvalid {
			return fault.Conflict(i18n.M("This place was changed meanwhile. Please write it into the text yourself."))
		}
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE lesson_cut SET back = $2 WHERE id = $1`, id, back)
	return err
}

// inOrder finds the place of the cut i where the text has its word as often as it was taken out: nothing was added or removed, so that the
// order is still that of the cuts. -1 is for what was changed more than that.
func inOrder(text string, all []Cut, i int) int {
	before, count := 0, 0
	for n, c := range all {
		if c.Word == all[i].Word && c.InTitle == all[i].InTitle && !c.Back {
			count++
			if n < i {
				before++
			}
		}
	}
	if strings.Count(text, all[i].Word) != count {
		return -1
	}
	at := 0
	for range before {
		at += strings.Index(text[at:], all[i].Word) + len(all[i].Word)
	}
	return at + strings.Index(text[at:], all[i].Word)
}

// place finds the word in a text that has the most of what stood around it; -1 for none. Where the word stands once, that is it.
func place(text, word, before, after string) int {
	best, at := -1, -1
	for from := 0; word != ""; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			break
		}
		i += from
		from = i + len(word)
		if score := sameEnd(text[:i], before) + sameStart(text[from:], after); score > best {
			best, at = score, i
		}
	}
	return at
}

func sameEnd(a, b string) (n int) {
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

func sameStart(a, b string) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
