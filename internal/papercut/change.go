package papercut

import (
	"context"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Change is what staff write about a papercut; nil leaves a part as it is.
type Change struct {
	Title *string // "" gives it the title of its first sentence again
	Note  *string
	Team  *int64 // 0 is nobody's
}

// Limits of what staff write, in letters.
const (
	MaxTitle  = 150
	MaxNote   = 2000
	MaxReason = 500
)

// Change writes title, note and team. What cannot be is fault.Invalid with the field.
func (b *Book) Change(ctx context.Context, tx *db.Tx, a person.Actor, id int64, c Change) (Papercut, error) {
	p, err := take(ctx, tx, a, id)
	if err != nil {
		return p, err
	}
	was := p
	var wrong []fault.Field
	if c.Title != nil {
		if p.Title = Clean(*c.Title); utf8.RuneCountInString(p.Title) > MaxTitle {
			wrong = append(wrong, fault.F("title", i18n.M("Please say it in at most {{.Count}} letters.", "Count", MaxTitle)))
		}
	}
	if c.Note != nil {
		if p.Note = strings.TrimSpace(strings.ToValidUTF8(*c.Note, "")); utf8.RuneCountInString(p.Note) > MaxNote {
			wrong = append(wrong, fault.F("note", i18n.M("Please say it in at most {{.Count}} letters.", "Count", MaxNote)))
		}
	}
	if c.Team != nil && *c.Team != p.TeamID {
		known, err := db.Exists(ctx, tx, `SELECT 1 FROM team WHERE id = $1 AND (NOT private OR id = $2)`, *c.Team, p.PrivateID)
		if err != nil {
			return p, err
		}
		if p.TeamID = *c.Team; *c.Team != 0 && !known {
			wrong = append(wrong, fault.F("team", i18n.M("Please choose one of the teams.")))
		}
	}
	if err := fault.Check(wrong); err != nil || p == was {
		return p, err
	}
	if p.Title != was.Title {
		p.Looked = true // who gives it a title has read it
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut SET title = $2, note = $3, team_id = $4, looked = $5, changed_at = $6 WHERE id = $1`, id, p.Title, p.Note, orNull(p.TeamID), p.Looked, tx.Now); err != nil {
		return p, err
	}
	for what, differs := range map[string]bool{"titled": p.Title != was.Title, "noted": p.Note != was.Note, "team": p.TeamID != was.TeamID} {
		if !differs {
			continue
		}
		detail := ""
		if what == "titled" {
			detail = p.Title
		}
		if err := note(ctx, tx, id, what, detail, a.ID); err != nil {
			return p, err
		}
	}
	return p, nil
}

// SetState says where a papercut stands. That it stays as it is wants a reason, which whoever has it reads. When it is gone, whoever has it
// is told after a while (TellAfter), within which it can be said otherwise.
func (b *Book) SetState(ctx context.Context, tx *db.Tx, a person.Actor, id int64, to State, reason string) (Papercut, error) {
	p, err := take(ctx, tx, a, id)
	if err != nil {
		return p, err
	}
	reason = strings.TrimSpace(strings.ToValidUTF8(reason, ""))
	switch to {
	case Open, HandedOn, Gone:
		if to != Gone {
			reason = ""
		}
	case Stays:
		if reason == "" {
			return p, fault.Invalid(fault.F("reason", i18n.M("Please say why it stays as it is: whoever has it reads that.")))
		}
	default:
		return p, fault.Invalid(fault.F("state", i18n.M("Please choose one of these.")))
	}
	if utf8.RuneCountInString(reason) > MaxReason {
		return p, fault.Invalid(fault.F("reason", i18n.M("Please say it in at most {{.Count}} letters.", "Count", MaxReason)))
	}
	if p.State == to && p.Reason == reason {
		return p, nil
	}
	if to == Gone && p.State != Gone {
		p.GoneAt = max(tx.Now, p.GoneAt+1)
		if err := b.tellLater(ctx, tx, id, p.GoneAt); err != nil {
			return p, err
		}
	}
	p.State, p.Reason, p.ChangedAt = to, reason, tx.Now
	if _, err := tx.Exec(ctx, `UPDATE papercut SET state = $2, reason = $3, gone_at = $4, changed_at = $5, looked = TRUE WHERE id = $1`, id, to, reason, p.GoneAt, tx.Now); err != nil {
		return p, err
	}
	return p, note(ctx, tx, id, "state", string(to), a.ID)
}

// Merge makes one papercut part of another: whoever has either has that one, and is counted once.
func (b *Book) Merge(ctx context.Context, tx *db.Tx, a person.Actor, id, into int64) (Papercut, error) {
	if id == into {
		return Papercut{}, fault.Invalid(fault.F("into", i18n.M("This is the same one. Please choose another.")))
	}
	if first, second := min(id, into), max(id, into); true { // in one order, so that two who merge do not wait for each other
		for _, x := range []int64{first, second} {
			if err := tx.Lock(ctx, "papercut", x); err != nil {
				return Papercut{}, err
			}
		}
	}
	gone, err := take(ctx, tx, a, id)
	if err != nil {
		return gone, err
	}
	kept, err := take(ctx, tx, a, into)
	if fault.Is(err, fault.KindNotFound) {
		return gone, fault.Invalid(fault.F("into", i18n.M("There is no papercut {{.Number}}.", "Number", into)))
	}
	if err != nil {
		return kept, err
	}
	if gone.PrivateID != kept.PrivateID {
		return gone, fault.Invalid(fault.F("into", i18n.M("One of the two exists for a private team alone, so they cannot become one.")))
	}
	for _, s := range []string{
		`UPDATE papercut_tap SET papercut_id = $2, from_id = $1 WHERE papercut_id = $1`,
		`UPDATE papercut_handing SET papercut_id = $2 WHERE papercut_id = $1`,
		`UPDATE papercut SET merged_into = $2 WHERE id = $1`,
	} {
		if _, err := tx.Exec(ctx, s, id, into); err != nil {
			return kept, err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut SET said_at = $2, changed_at = $3 WHERE id = $1`, into, max(gone.SaidAt, kept.SaidAt), tx.Now); err != nil {
		return kept, err
	}
	if err := note(ctx, tx, into, "merged", gone.Name(), a.ID); err != nil {
		return kept, err
	}
	if err := recount(ctx, tx, id); err != nil {
		return kept, err
	}
	if err := recount(ctx, tx, into); err != nil {
		return kept, err
	}
	return load(ctx, tx, into)
}

// Split takes a sentence, with all who said the same words of it, out of a papercut and makes one of its own.
func (b *Book) Split(ctx context.Context, tx *db.Tx, a person.Actor, id, tap int64) (Papercut, error) {
	p, err := take(ctx, tx, a, id)
	if err != nil {
		return p, err
	}
	type row struct {
		Text string
		At   clock.Instant
	}
	said, err := db.All[row](ctx, tx, `SELECT text, at FROM papercut_tap WHERE id = $1 AND papercut_id = $2 AND text <> ''`, tap, id)
	if err != nil {
		return p, err
	}
	if len(said) == 0 {
		return p, NotFound()
	}
	others, err := db.Exists(ctx, tx, `SELECT 1 FROM papercut_tap WHERE papercut_id = $1 AND text <> '' AND text <> $2`, id, said[0].Text)
	if err != nil {
		return p, err
	}
	if !others {
		return p, fault.Conflict(i18n.M("This is all that was said of it, so there is nothing to take it out of."))
	}
	own, err := db.One[int64](ctx, tx, `INSERT INTO papercut (private_id, team_id, looked, said_at, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $5) RETURNING id`, orNull(p.PrivateID), orNull(p.TeamID), p.Looked, said[0].At, tx.Now)
	if err != nil {
		return p, err
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut_tap SET papercut_id = $3, from_id = NULL WHERE papercut_id = $1 AND text = $2`, id, said[0].Text, own); err != nil {
		return p, err
	}
	if err := relearn(ctx, tx, own); err != nil {
		return p, err
	}
	if err := note(ctx, tx, id, "split", said[0].Text, a.ID); err != nil {
		return p, err
	}
	if err := note(ctx, tx, own, "split", "", a.ID); err != nil {
		return p, err
	}
	if err := recount(ctx, tx, id); err != nil {
		return p, err
	}
	if err := recount(ctx, tx, own); err != nil {
		return p, err
	}
	return load(ctx, tx, own)
}

// relearn has a papercut found by its sentences again, where what it was found by stayed with another.
func relearn(ctx context.Context, tx *db.Tx, id int64) error {
	type row struct {
		ID   int64
		Text string
	}
	taps, err := db.All[row](ctx, tx, `SELECT t.id, t.text FROM papercut_tap t WHERE t.papercut_id = $1 AND t.text <> '' ORDER BY t.id LIMIT 1`, id)
	if err != nil || len(taps) == 0 {
		return err
	}
	has, err := db.Exists(ctx, tx, `SELECT 1 FROM papercut_word WHERE tap_id = $1`, taps[0].ID)
	if err != nil || has {
		return err
	}
	words := meant(taps[0].Text)
	if _, err := tx.Exec(ctx, `UPDATE papercut_tap SET words = $2 WHERE id = $1`, taps[0].ID, len(words)); err != nil {
		return err
	}
	return learn(ctx, tx, taps[0].ID, words)
}

// HideTap takes one sentence out of sight and out of the count, or with hide false brings it back.
func (b *Book) HideTap(ctx context.Context, tx *db.Tx, a person.Actor, id, tap int64, hide bool) error {
	if _, err := take(ctx, tx, a, id); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE papercut_tap SET hidden = $3 WHERE id = $2 AND papercut_id = $1`, id, tap, hide)
	if err != nil {
		return err
	}
	if n == 0 {
		return NotFound()
	}
	if err := note(ctx, tx, id, hidWord(hide), "", a.ID); err != nil {
		return err
	}
	return recount(ctx, tx, id)
}

// Hide takes a papercut out of sight, or with hide false brings it back. What is like it afterwards begins anew.
func (b *Book) Hide(ctx context.Context, tx *db.Tx, a person.Actor, id int64, hide bool) error {
	if _, err := take(ctx, tx, a, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut SET hidden = $2, looked = TRUE, changed_at = $3 WHERE id = $1`, id, hide, tx.Now); err != nil {
		return err
	}
	return note(ctx, tx, id, hidWord(hide), "", a.ID)
}

func hidWord(hide bool) string {
	if hide {
		return "hid"
	}
	return "shown"
}

// Look says that staff have read it, so that what an unknown visitor wrote may be shown to others.
func (b *Book) Look(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	if _, err := take(ctx, tx, a, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut SET looked = TRUE, changed_at = $2 WHERE id = $1`, id, tx.Now); err != nil {
		return err
	}
	return note(ctx, tx, id, "shown", "", a.ID)
}
