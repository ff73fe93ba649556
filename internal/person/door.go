package person

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/secret"
)

// Door lets people in: by password with a second factor for those who set one up, by mailed link, by
// session and by token.
type Door struct {
	DB  *db.DB
	Key *secret.Signer
	Log *slog.Logger
}

// Tries allowed in a quarter of an hour before a sign-in must wait: for one address, and for all that
// come from one place.
const (
	triesPerAddress = 10
	triesPerRemote  = 60
	triesWindow     = 15 * time.Minute
)

// Password checks an address and a password. codeWanted says that the second factor is still to come,
// with Code; until then nobody is signed in. Whatever is wrong gives the same field error of "password",
// so that nobody learns who has an account.
func (d *Door) Password(ctx context.Context, address, password, remote string) (id int64, codeWanted bool, err error) {
	if address = FoldAddress(address); !ValidAddress(address) {
		address = "" // nobody has it, and it is written down nowhere: it may be long, or the password
	}
	if err := d.mayTry(ctx, "password", address, remote, triesPerAddress); err != nil {
		return 0, false, err
	}
	who, err := d.credentials(ctx, address)
	if err != nil {
		return 0, false, err
	}
	ok, rehash, err := secret.VerifyPassword(ctx, who.Password, password)
	if err != nil {
		return 0, false, err
	}
	if !ok {
		return 0, false, d.refused(ctx, address, remote)
	}
	var hash string
	if rehash {
		if hash, err = secret.HashPassword(ctx, password); err != nil {
			return 0, false, err
		}
	}
	return who.ID, who.TOTPSecret != "", d.DB.Write(ctx, func(tx *db.Tx) error {
		if hash != "" {
			if _, err := tx.Exec(ctx, `UPDATE person SET password = $2 WHERE id = $1`, who.ID, hash); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM attempt WHERE subject = $1`, "password "+address); err != nil || who.TOTPSecret != "" {
			return err
		}
		return Audit(ctx, tx, Actor{ID: who.ID}, "signed in", "person "+strconv.FormatInt(who.ID, 10), "by password", remote)
	})
}

// Code checks the second factor of somebody whose password was right. A wrong code is a field error of
// "code".
func (d *Door) Code(ctx context.Context, id int64, code, remote string) error {
	if err := d.allow(ctx, "code "+strconv.FormatInt(id, 10), triesPerAddress); err != nil {
		return err
	}
	return d.DB.Write(ctx, func(tx *db.Tx) error {
		who, err := db.One[credentials](ctx, tx, `SELECT id, password, totp_secret, totp_step FROM person WHERE id = $1 AND active AND merged_into IS NULL`, id)
		if err != nil {
			return err
		}
		plain, err := d.OpenTOTP(id, who.TOTPSecret)
		if err != nil {
			return err
		}
		step, ok := secret.VerifyTOTP(plain, code, tx.Now.Time(), who.TOTPStep)
		n := int64(0)
		if ok {
			if n, err = tx.Exec(ctx, `UPDATE person SET totp_step = $2 WHERE id = $1 AND totp_step < $2`, id, step); err != nil {
				return err
			}
		}
		if n == 0 {
			return fault.Invalid(fault.F("code", i18n.M("This code does not fit. Please take the newest one that your app shows.")))
		}
		return Audit(ctx, tx, Actor{ID: id}, "signed in", "person "+strconv.FormatInt(id, 10), "by password and code", remote)
	})
}

type credentials struct {
	ID         int64
	Password   string
	TOTPSecret string `db:"totp_secret"`
	TOTPStep   int64  `db:"totp_step"`
}

func (d *Door) credentials(ctx context.Context, address string) (c credentials, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		c, err = db.One[credentials](ctx, tx, `SELECT p.id, p.password, p.totp_secret, p.totp_step FROM person_address a JOIN person p ON p.id = a.person_id
			WHERE a.address = $1 AND p.active AND p.merged_into IS NULL`, address)
		return err
	})
	if errors.Is(err, db.ErrNoRow) {
		err = nil // an unknown person has an empty hash, which nothing fits
	}
	return c, err
}

// mayTry counts a try for an address ("" for none that could be anybody's) and for the place it comes from. The place
// comes first: whoever is sent away must not use up the tries of others.
func (d *Door) mayTry(ctx context.Context, what, address, remote string, limit int64) error {
	if err := d.allow(ctx, what+" from "+network(remote), triesPerRemote); err != nil || address == "" {
		return err
	}
	return d.allow(ctx, what+" "+address, limit)
}

// network is where a visitor comes from as tries are counted: one IPv4 address, or the /64 that a household has of IPv6.
func network(remote string) string {
	a, err := netip.ParseAddr(remote)
	if err != nil || a.Unmap().Is4() {
		return remote
	}
	prefix, err := a.WithZone("").Prefix(64)
	if err != nil {
		return remote
	}
	return prefix.String()
}

// allow counts a try and refuses when there were too many. Counters are rows, so that a restart does
// not forget them.
func (d *Door) allow(ctx context.Context, subject string, limit int64) error {
	var count int64
	var since clock.Instant
	err := d.DB.Write(ctx, func(tx *db.Tx) error {
		type row struct {
			Count int64
			Since clock.Instant
		}
		r, err := db.One[row](ctx, tx, `INSERT INTO attempt (subject, count, since) VALUES ($1, 1, $2)
			ON CONFLICT (subject) DO UPDATE SET
				count = CASE WHEN attempt.since < $3 THEN 1 ELSE attempt.count + 1 END,
				since = CASE WHEN attempt.since < $3 THEN excluded.since ELSE attempt.since END
			RETURNING count, since`, subject, tx.Now, tx.Now.Add(-triesWindow))
		count, since = r.Count, r.Since
		return err
	})
	if err != nil {
		return err
	}
	if count > limit {
		wait := since.Add(triesWindow).Sub(clock.Now()).Round(time.Minute)
		return fault.Limited(i18n.MN("Too many tries. Please wait {{.Count}} minute and try again.", "Too many tries. Please wait {{.Count}} minutes and try again.", max(1, int(wait.Minutes()))))
	}
	return nil
}

func (d *Door) refused(ctx context.Context, address, remote string) error {
	d.Log.Info("sign-in refused", "remote", remote)
	err := d.DB.Write(ctx, func(tx *db.Tx) error {
		return Audit(ctx, tx, Nobody, "sign-in refused", "address "+address, "", remote)
	})
	if err != nil {
		return err
	}
	return fault.Invalid(fault.F("password", i18n.M("Address and password do not fit together. Please try again, or have a link mailed to you.")))
}

// SetPassword stores a new password for somebody. It is checked first; what is wrong with it is a
// field error of "password".
func (d *Door) SetPassword(ctx context.Context, personID int64, password string) error {
	var personal []string
	err := d.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := Get(ctx, tx, personID)
		if err != nil {
			return err
		}
		personal = append(personal, p.Name)
		addresses, err := Addresses(ctx, tx, personID)
		for _, a := range addresses {
			personal = append(personal, a.Address)
		}
		return err
	})
	if err != nil {
		return err
	}
	if weak := secret.Weakness(password, personal...); weak.String() != "" {
		return fault.Invalid(fault.F("password", weak))
	}
	hash, err := secret.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	return d.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE person SET password = $2 WHERE id = $1`, personID, hash)
		return err
	})
}

func totpPurpose(id int64) string { return "second factor of person " + strconv.FormatInt(id, 10) }
