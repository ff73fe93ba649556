package person

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/secret"
)

// SetupLife is how long the link of the first start works.
const SetupLife = time.Hour

// HasAdministrator tells whether anybody can administer the desk.
func HasAdministrator(ctx context.Context, tx *db.Tx) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM person WHERE role = 'administrator' AND active AND merged_into IS NULL LIMIT 1`)
}

// NewSetup makes the one-time secret with which the first administrator is made; an earlier one ends.
func NewSetup(ctx context.Context, tx *db.Tx) (string, error) {
	token := secret.Token()
	value := strconv.FormatInt(int64(tx.Now.Add(SetupLife)), 10) + " " + base64.RawStdEncoding.EncodeToString(secret.Hash(token))
	_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ('setup', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, value)
	return token, err
}

var errSetupGone = fault.NotFound(i18n.M("This link has been used or is too old. Restart the program to get a new one, if there is no administrator yet."))

// CheckSetup tells whether the secret still makes an administrator.
func CheckSetup(ctx context.Context, tx *db.Tx, token string) error {
	value, err := db.One[string](ctx, tx, `SELECT value FROM setting WHERE name = 'setup'`)
	if errors.Is(err, db.ErrNoRow) {
		return errSetupGone
	}
	if err != nil {
		return err
	}
	until, stored, _ := strings.Cut(value, " ")
	end, _ := strconv.ParseInt(until, 10, 64)
	hash, _ := base64.RawStdEncoding.DecodeString(stored)
	has, err := HasAdministrator(ctx, tx)
	if err != nil {
		return err
	}
	if has || tx.Now >= clock.Instant(end) || !secret.Equal(hash, secret.Hash(token)) {
		return errSetupGone
	}
	return nil
}

// FirstAdministrator uses the secret up and makes the first administrator. hash is of the password, from
// secret.HashPassword: the account is never there without one.
func FirstAdministrator(ctx context.Context, tx *db.Tx, token, name, address, hash, remote string) (Person, error) {
	if err := CheckSetup(ctx, tx, token); err != nil {
		return Person{}, err
	}
	var wrong []fault.Field
	if CleanName(name) == "" {
		wrong = append(wrong, fault.F("name", i18n.M("Please give a name.")))
	}
	if !ValidAddress(FoldAddress(address)) {
		wrong = append(wrong, fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", address)))
	}
	if err := fault.Check(wrong); err != nil {
		return Person{}, err
	}
	n, err := tx.Exec(ctx, `DELETE FROM setting WHERE name = 'setup'`)
	if err != nil {
		return Person{}, err
	}
	if n == 0 { // somebody was quicker
		return Person{}, errSetupGone
	}
	p, err := Create(ctx, tx, New{Name: name, Addresses: []string{address}, Role: Administrator, Verified: true})
	if err != nil {
		return p, err
	}
	if _, err := tx.Exec(ctx, `UPDATE person SET password = $2 WHERE id = $1`, p.ID, hash); err != nil {
		return p, err
	}
	return p, Audit(ctx, tx, Actor{ID: p.ID}, "first administrator made", "person "+strconv.FormatInt(p.ID, 10), p.Address, remote)
}
