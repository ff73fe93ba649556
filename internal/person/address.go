package person

import (
	"context"
	"errors"
	"net/mail"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Address is one of the mail addresses of a person.
type Address struct {
	Address    string
	PersonID   int64
	First      bool          // the address of record
	VerifiedAt clock.Instant // when they proved that it is theirs; 0 for not yet
	BouncedAt  clock.Instant
}

// FoldAddress writes an address as it is compared: trimmed and in lower case. Mail systems that tell
// "Hana@" from "hana@" are not met in practice.
func FoldAddress(a string) string { return strings.ToLower(strings.TrimSpace(a)) }

// ValidAddress tells whether a can be a mail address (RFC 5321 §4.1.2, with a dot or "localhost" in
// the domain, and RFC 6531 for other letters).
func ValidAddress(a string) bool {
	if len(a) > 254 || strings.ContainsAny(a, " \t\r\n<>,;\"\x00") {
		return false
	}
	p, err := mail.ParseAddress(a)
	if err != nil || p.Address != a {
		return false
	}
	local, domain, _ := strings.Cut(a, "@")
	for label := range strings.SplitSeq(domain, ".") {
		if strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
	}
	return len(local) <= 64 && domain != "" && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.HasPrefix(domain, "[")
}

// Addresses lists a person's addresses, the address of record first.
func Addresses(ctx context.Context, tx *db.Tx, personID int64) ([]Address, error) {
	return db.All[Address](ctx, tx, `SELECT address, person_id, first, verified_at, bounced_at FROM person_address WHERE person_id = $1 ORDER BY first DESC, address`, personID)
}

// AddAddress adds another address to a person.
func AddAddress(ctx context.Context, tx *db.Tx, personID int64, address string) error {
	address = FoldAddress(address)
	if !ValidAddress(address) {
		return fault.Invalid(fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", address)))
	}
	has, err := db.Exists(ctx, tx, `SELECT 1 FROM person_address WHERE person_id = $1`, personID)
	if err != nil {
		return err
	}
	if err := addAddress(ctx, tx, personID, address, !has, false); err != nil {
		return err
	}
	return index(ctx, tx, personID)
}

// RemoveAddress takes an address from a person; the last one stays.
func RemoveAddress(ctx context.Context, tx *db.Tx, personID int64, address string) error {
	all, err := Addresses(ctx, tx, personID)
	if err != nil {
		return err
	}
	if len(all) < 2 {
		return fault.Invalid(fault.F("address", i18n.M("This is the only address. Please add another one first.")))
	}
	if _, err := tx.Exec(ctx, `DELETE FROM person_address WHERE person_id = $1 AND address = $2`, personID, FoldAddress(address)); err != nil {
		return err
	}
	if all[0].Address == FoldAddress(address) {
		_, err = tx.Exec(ctx, `UPDATE person_address SET first = TRUE WHERE address = $1`, all[1].Address)
	}
	return errors.Join(err, index(ctx, tx, personID))
}

// MayChangeAddresses refuses to let somebody change by which addresses a person is known where that would open tickets
// which they may not see: whoever holds an address can sign in by it. Administrators say who belongs to private teams, so
// that they are trusted with this too.
func MayChangeAddresses(ctx context.Context, tx *db.Tx, by Actor, p Person) error {
	if by.System || by.Role == Administrator || len(by.Hidden) == 0 {
		return nil
	}
	var args db.Args
	id := args.Add(p.ID)
	hidden, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket t WHERE (t.requester_id = `+id+` OR t.id IN (SELECT f.ticket_id FROM follower f WHERE f.person_id = `+id+`))
		AND t.team_id IN (`+db.List(&args, by.Hidden)+`) LIMIT 1`, args...)
	if err == nil && hidden {
		err = fault.Denied(i18n.M("Your account may not see or do this. If it should, an administrator can change that."))
	}
	return err
}

// Verify notes that an address has proven to be its person's.
func Verify(ctx context.Context, tx *db.Tx, address string) error {
	_, err := tx.Exec(ctx, `UPDATE person_address SET verified_at = $2 WHERE address = $1 AND verified_at = 0`, FoldAddress(address), tx.Now)
	return err
}

// IsDeskAddress tells whether mail to an address comes to the desk: a mailbox, or help+anything@ of one that takes those.
// Such an address is never a person's, or the desk would write to itself.
func IsDeskAddress(ctx context.Context, tx *db.Tx, address string) (bool, error) {
	address = FoldAddress(address)
	plain := address
	if at := strings.LastIndexByte(address, '@'); at > 0 {
		local, _, _ := strings.Cut(address[:at], "+")
		plain = local + address[at:]
	}
	return db.Exists(ctx, tx, `SELECT 1 FROM mailbox WHERE address = $1 OR (subaddress AND address = $2)`, address, plain)
}

func addAddress(ctx context.Context, tx *db.Tx, personID int64, address string, first, verified bool) error {
	ours, err := IsDeskAddress(ctx, tx, address)
	if err != nil {
		return err
	}
	if ours {
		return fault.Invalid(fault.F("address", i18n.M("{{.Address}} is an address of the desk itself.", "Address", address)))
	}
	at := clock.Instant(0)
	if verified {
		at = tx.Now
	}
	n, err := tx.Exec(ctx, `INSERT INTO person_address (address, person_id, first, verified_at) VALUES ($1, $2, $3, $4) ON CONFLICT (address) DO NOTHING`, address, personID, first, at)
	if err == nil && n == 0 {
		err = fault.Invalid(fault.F("address", i18n.M("{{.Address}} belongs to somebody already.", "Address", address)))
	}
	return err
}
