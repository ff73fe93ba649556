package papercut

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/secret"
)

// Purpose is what a token of a mail lets its holder do, and nothing else.
type Purpose string

// The purposes.
const (
	Confirm Purpose = "papercut tell" // one person wants to be told of one papercut
	Back    Purpose = "papercut back" // one person takes back what they said of one
	Quiet   Purpose = "papercut hush" // one person hears no more of papercuts
)

// Token is what a mail carries so that its reader need not sign in.
func Token(key *secret.Signer, p Purpose, id, personID int64) string {
	ids := strconv.FormatInt(id, 10) + "." + strconv.FormatInt(personID, 10)
	return ids + "." + key.Sign(string(p), []byte(ids))
}

// ReadToken gives the papercut and the person of a Token of ours.
func ReadToken(key *secret.Signer, p Purpose, token string) (id, personID int64, ok bool) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || !key.Verify(string(p), []byte(token[:at]), token[at+1:]) {
		return 0, 0, false
	}
	first, second, _ := strings.Cut(token[:at], ".")
	id, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	personID, err = strconv.ParseInt(second, 10, 64)
	return id, personID, err == nil
}

// askAgain is after how long somebody who has not confirmed is mailed once more.
const askAgain = 10 * time.Minute

// Ask mails an address a link by which its owner says that they want to be told when a papercut is gone, which the visitor who gave the
// address has said. It answers the same whatever is known of the address; one that cannot be is fault.Invalid.
func (b *Book) Ask(ctx context.Context, tx *db.Tx, visitor, id int64, address string) error {
	said, err := db.Exists(ctx, tx, `SELECT 1 FROM papercut_tap WHERE papercut_id = $1 AND visitor = $2 AND visitor > 0`, id, visitor)
	if err != nil {
		return err
	}
	if !said {
		return NotFound()
	}
	address = person.FoldAddress(address)
	if !person.ValidAddress(address) {
		return fault.Invalid(fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", clip(address, 100))))
	}
	if ours, err := person.IsDeskAddress(ctx, tx, address); err != nil || ours {
		return err
	}
	who, err := person.ByAddress(ctx, tx, person.Contact{Address: address})
	if err != nil || !who.Active || who.MergedInto != 0 {
		return err
	}
	was, err := db.One[clock.Instant](ctx, tx, `SELECT at FROM papercut_asked WHERE papercut_id = $1 AND person_id = $2`, id, who.ID)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	if tx.Now.Sub(was) < askAgain {
		return nil
	}
	if _, err := tx.Exec(ctx, `INSERT INTO papercut_asked (papercut_id, person_id, visitor, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (papercut_id, person_id) DO UPDATE SET visitor = excluded.visitor, at = excluded.at`, id, who.ID, visitor, tx.Now); err != nil {
		return err
	}
	if b.Mail == nil {
		return nil
	}
	return b.Mail(ctx, tx, Letter{Kind: LetterAsked, Person: who.ID, About: id})
}

// Confirm has somebody told when a papercut is gone, by the token of a mail. What the visitor said who gave the address is theirs from now on.
func (b *Book) Confirm(ctx context.Context, tx *db.Tx, id, personID int64) error {
	if err := tx.Lock(ctx, "papercut", id); err != nil {
		return err
	}
	visitor, err := db.All[int64](ctx, tx, `SELECT visitor FROM papercut_asked WHERE papercut_id = $1 AND person_id = $2`, id, personID)
	if err != nil {
		return err
	}
	own, err := db.Exists(ctx, tx, `SELECT 1 FROM papercut_tap WHERE papercut_id = $1 AND person_id = $2`, id, personID)
	if err != nil {
		return err
	}
	if len(visitor) == 0 && !own {
		return NotFound() // it was taken back meanwhile
	}
	who, err := person.Get(ctx, tx, personID)
	if err != nil {
		return err
	}
	if len(visitor) > 0 && visitor[0] > 0 {
		if _, err := tx.Exec(ctx, `UPDATE papercut_tap SET person_id = $3, visitor = 0, organisation_id = $4 WHERE papercut_id = $1 AND visitor = $2`, id, visitor[0], personID, who.OrganisationID); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE papercut_tap SET known = TRUE, tell = TRUE WHERE papercut_id = $1 AND person_id = $2`, id, personID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM papercut_asked WHERE papercut_id = $1 AND person_id = $2`, id, personID); err != nil {
		return err
	}
	return recount(ctx, tx, id)
}
