package shift

import (
	"context"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// CardWords are what somebody writes to whoever covered for them.
type CardWords struct {
	Text string
	Wall bool // it may hang on the wall
	// Alone says that the team is a private one, so that its holder alone reads it at first.
	Alone bool
}

// ThankTaker has whoever was covered write a card to whoever covered for them: one for each time, so that what is sent twice is one. What is wrong with the words is
// fault.Invalid with the field "text".
func (r *Rota) ThankTaker(ctx context.Context, tx *db.Tx, by person.Actor, coverID int64, w CardWords) (Cover, error) {
	c, _, err := SeeCover(ctx, tx, by, coverID)
	if err != nil {
		return c, err
	}
	switch {
	case by.ReadOnly || c.AskerID != by.ID:
		return c, fault.Denied(i18n.M("Whoever was covered can write this card."))
	case c.State != Taken || c.TakerID == 0 || r.Card == nil:
		return c, fault.Conflict(i18n.M("Nobody covered for you then."))
	}
	if err := tx.Lock(ctx, "shift_cover", c.ID); err != nil {
		return c, err
	}
	if thanked, err := Thanked(ctx, tx, c.ID); err != nil || thanked {
		return c, err
	}
	if w.Alone, err = db.One[bool](ctx, tx, `SELECT private FROM team WHERE id = $1`, c.TeamID); err != nil {
		return c, err
	}
	card, err := r.Card(ctx, tx, by, c.TakerID, w)
	if err != nil {
		return c, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO shift_cover_card (cover_id, card_id) VALUES ($1, $2)`, c.ID, card)
	return c, err
}

// Thanked tells whether whoever was covered wrote a card for it.
func Thanked(ctx context.Context, tx *db.Tx, coverID int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM shift_cover_card WHERE cover_id = $1`, coverID)
}

// thankFor is for how long somebody is reminded, on their own page, that they could thank.
const thankFor = 7 * 24 * time.Hour

// ToThank lists who covered for somebody in the last days, is here still, and has no card for it, the newest first.
func ToThank(ctx context.Context, tx *db.Tx, personID int64) ([]Cover, error) {
	return db.All[Cover](ctx, tx, `SELECT `+coverColumns+` FROM shift_cover c WHERE c.asker_id = $1 AND c.state = 'taken' AND c.until_at > $2
		AND NOT EXISTS (SELECT 1 FROM shift_cover_card k WHERE k.cover_id = c.id)
		AND EXISTS (SELECT 1 FROM person p WHERE p.id = c.taker_id AND p.active AND p.merged_into IS NULL) ORDER BY c.from_at DESC, c.id DESC LIMIT 5`, personID, tx.Now.Add(-thankFor))
}
