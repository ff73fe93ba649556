package person

import (
	"context"
	"encoding/base64"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/secret"
)

// NewTOTP proposes a second factor for somebody. Nothing is stored until TurnOnTOTP; the form carries
// the sealed proposal.
func (d *Door) NewTOTP(personID int64, issuer, account string) (t secret.TOTP, sealed string, err error) {
	t, err = secret.NewTOTP(issuer, account)
	if err != nil {
		return t, "", err
	}
	raw := d.Key.Seal(totpPurpose(personID), []byte(t.Secret.Reveal()))
	return t, base64.RawURLEncoding.EncodeToString(raw), nil
}

// OpenTOTP shows again a proposal that NewTOTP sealed for this person.
func (d *Door) OpenTOTP(personID int64, sealed string) (secret.Redacted, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", secret.ErrSealed
	}
	plain, err := d.Key.Open(totpPurpose(personID), raw)
	return secret.Redacted(plain), err
}

// TurnOnTOTP stores a proposed second factor once a code shows that the app knows it.
func (d *Door) TurnOnTOTP(ctx context.Context, tx *db.Tx, personID int64, sealed, code, remote string) error {
	plain, err := d.OpenTOTP(personID, sealed)
	if err != nil {
		return fault.Invalid(fault.F("code", i18n.M("This page is too old. Please begin again.")))
	}
	step, ok := secret.VerifyTOTP(plain, code, tx.Now.Time(), 0)
	if !ok {
		return fault.Invalid(fault.F("code", i18n.M("This code does not fit. Please take the newest one that your app shows.")))
	}
	raw := d.Key.Seal(totpPurpose(personID), []byte(plain.Reveal()))
	if _, err := tx.Exec(ctx, `UPDATE person SET totp_secret = $2, totp_step = $3 WHERE id = $1`, personID, base64.RawURLEncoding.EncodeToString(raw), step); err != nil {
		return err
	}
	return Audit(ctx, tx, Actor{ID: personID}, "second factor on", "person "+strconv.FormatInt(personID, 10), "", remote)
}

// TurnOffTOTP removes somebody's second factor.
func TurnOffTOTP(ctx context.Context, tx *db.Tx, by Actor, personID int64, remote string) error {
	if _, err := tx.Exec(ctx, `UPDATE person SET totp_secret = '', totp_step = 0 WHERE id = $1`, personID); err != nil {
		return err
	}
	return Audit(ctx, tx, by, "second factor off", "person "+strconv.FormatInt(personID, 10), "", remote)
}

// HasTOTP tells whether somebody has set up a second factor.
func HasTOTP(ctx context.Context, tx *db.Tx, personID int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM person WHERE id = $1 AND totp_secret <> ''`, personID)
}

// HasPassword tells whether somebody has a password.
func HasPassword(ctx context.Context, tx *db.Tx, personID int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM person WHERE id = $1 AND password <> ''`, personID)
}
