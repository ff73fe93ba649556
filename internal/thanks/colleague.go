package thanks

import (
	"context"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// ToColleague keeps a card from one of the desk to another for what is no ticket, such as an hour at the desk, and tells whoever gets it. What it was for stands in
// its words alone. alone says that it was within a private team: then its holder alone reads it, until they say otherwise. What cannot be is fault.Invalid
// with the field "text", or fault.Conflict where the colleague is not here any more.
func (b *Book) ToColleague(ctx context.Context, tx *db.Tx, by person.Actor, w Words, alone bool) (Card, error) {
	w.Text = clean(w.Text)
	switch {
	case w.Text == "":
		return Card{}, fault.Invalid(fault.F("text", i18n.M("Please write a few words. What was good about it?")))
	case utf8.RuneCountInString(w.Text) > MaxText:
		return Card{}, fault.Invalid(fault.F("text", i18n.M("A card has room for {{.Count}} letters. Please say it in fewer.", "Count", MaxText)))
	}
	here, err := db.Exists(ctx, tx, `SELECT 1 FROM person WHERE id = $1 AND id <> $2 AND active AND merged_into IS NULL AND role <> 'requester'`, w.To, by.ID)
	if err != nil {
		return Card{}, err
	}
	if !here || !by.Staff() || by.ReadOnly {
		return Card{}, fault.Conflict(i18n.M("They do not work at the desk any more, so a card would reach nobody."))
	}
	says := No
	if w.Wall {
		says = Yes
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO card (from_id, to_id, text, how, at, from_says, kept) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		by.ID, w.To, w.Text, ByColleague, tx.Now, says, alone)
	if err != nil {
		return Card{}, err
	}
	c, err := get(ctx, tx, id)
	if err == nil && b.Tell != nil {
		err = b.Tell(ctx, tx, c)
	}
	return c, err
}
