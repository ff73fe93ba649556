package person

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/secret"
)

// SignInLinkLife is how long a mailed link can be used.
const SignInLinkLife = 15 * time.Minute

const linksPerAddress = 5

// WantLink finds whom a sign-in link may be mailed to. For an unknown address there is nobody (id 0) and
// no error: the page answers the same.
func (d *Door) WantLink(ctx context.Context, address, remote string) (personID int64, err error) {
	address = FoldAddress(address)
	if !ValidAddress(address) {
		return 0, fault.Invalid(fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", address)))
	}
	if err := d.mayTry(ctx, "link", address, remote, linksPerAddress); err != nil {
		return 0, err
	}
	who, err := d.credentials(ctx, address)
	return who.ID, err
}

// MailNothing is what is written down for an address that nobody has, so that its answer takes as long as one for which a
// mail is queued.
func MailNothing(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO attempt (subject, count, since) VALUES ('link to nobody', 1, $1)
		ON CONFLICT (subject) DO UPDATE SET count = attempt.count + 1, since = excluded.since`, tx.Now)
	return err
}

// NewLink makes a link for somebody, to be used once in the browser that asked for it. browser is the
// hash of that browser's cookie; next is where to go afterwards, a path of ours or "".
func NewLink(ctx context.Context, tx *db.Tx, personID int64, browser []byte, next string) (string, error) {
	token := secret.Token()
	_, err := tx.Exec(ctx, `INSERT INTO sign_in_link (hash, person_id, browser, next, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		secret.Hash(token), personID, browser, LocalPath(next), tx.Now.Add(SignInLinkLife))
	return token, err
}

// ErrOtherBrowser says that a link was opened in another browser than the one that asked for it.
var ErrOtherBrowser = errors.New("the link belongs to another browser")

// CheckLink tells whether a link can still be used in that browser, without using it.
func CheckLink(ctx context.Context, tx *db.Tx, token string, browser []byte) (personID int64, next string, err error) {
	type row struct {
		PersonID int64
		Browser  []byte
		Next     string
	}
	r, err := db.One[row](ctx, tx, `SELECT l.person_id, l.browser, l.next FROM sign_in_link l JOIN person p ON p.id = l.person_id
		WHERE l.hash = $1 AND l.used_at = 0 AND l.expires_at > $2 AND p.active AND p.merged_into IS NULL`, secret.Hash(token), tx.Now)
	if errors.Is(err, db.ErrNoRow) {
		return 0, "", fault.NotFound(i18n.M("This link has been used or is too old. Please ask for a new one."))
	}
	if err == nil && !secret.Equal(r.Browser, browser) {
		err = ErrOtherBrowser
	}
	return r.PersonID, r.Next, err
}

// UseLink uses a link up. It proves that the address it was mailed to is the person's, which is known where there is but
// one.
func UseLink(ctx context.Context, tx *db.Tx, token string, browser []byte, remote string) (personID int64, next string, err error) {
	if personID, next, err = CheckLink(ctx, tx, token, browser); err != nil {
		return 0, "", err
	}
	n, err := tx.Exec(ctx, `UPDATE sign_in_link SET used_at = $2 WHERE hash = $1 AND used_at = 0`, secret.Hash(token), tx.Now)
	if err != nil {
		return 0, "", err
	}
	if n == 0 { // somebody was quicker
		return 0, "", fault.NotFound(i18n.M("This link has been used or is too old. Please ask for a new one."))
	}
	if _, err := tx.Exec(ctx, `UPDATE person_address SET verified_at = $2 WHERE person_id = $1 AND first AND verified_at = 0
		AND NOT EXISTS (SELECT 1 FROM person_address o WHERE o.person_id = $1 AND NOT o.first)`, personID, tx.Now); err != nil {
		return 0, "", err
	}
	return personID, next, Audit(ctx, tx, Actor{ID: personID}, "signed in", "person "+strconv.FormatInt(personID, 10), "by mailed link", remote)
}

// maxPath is the longest path that is gone back to, in bytes.
const maxPath = 2000

// LocalPath is p when it is a path on this desk, and "" when it could lead anywhere else.
func LocalPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsRune(p, '\\') || strings.ContainsFunc(p, unicode.IsControl) || len(p) > maxPath || !utf8.ValidString(p) {
		return ""
	}
	return p
}
