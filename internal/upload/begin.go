package upload

import (
	"context"
	"fmt"
	"os"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/secret"
)

// Limits bound what is kept. All are of what was announced, come or not.
type Limits struct {
	// File is the most bytes of one file.
	File int64
	// HolderFiles and HolderBytes are what one holder may begin in an hour.
	HolderFiles, HolderBytes int64
	// AllFiles and AllBytes are what may wait at one time.
	AllFiles, AllBytes int64
}

// Usual are the limits of a desk: a whole office may share one address, and the disk is not theirs to fill.
var Usual = Limits{File: 32_000_000, HolderFiles: 400, HolderBytes: 1_000_000_000, AllFiles: 20_000, AllBytes: 5_000_000_000}

// New is a file that is about to come.
type New struct {
	// Holder is for whom it is counted, such as a network's address.
	Holder     string
	Name, Type string
	Length     int64 // bytes
}

// hour is how the bound for each holder divides time, in milliseconds.
const hour = 3_600_000

// Begin makes room for a file. Too large a file is fault.TooLarge, too many of a holder fault.Limited, no room in all
// fault.Unavailable.
func (s *Store) Begin(ctx context.Context, n New) (u Upload, err error) {
	if n.Length > s.Limits.File {
		return u, fault.TooLarge(i18n.M("“{{.Name}}” has {{.Size}}; at most {{.Limit}} can be sent.", "Name", n.Name, "Size", i18n.Size(n.Length), "Limit", i18n.Size(s.Limits.File)))
	}
	word := secret.Token()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.count(ctx, tx, n); err != nil {
			return err
		}
		u, err = db.One[Upload](ctx, tx, `INSERT INTO upload (hash, holder, name, type, length, received, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7) RETURNING `+columns,
			secret.Hash(word), n.Holder, n.Name, n.Type, n.Length, tx.Now, tx.Now.Add(Life))
		return err
	})
	if err != nil {
		return u, err
	}
	u.Secret = word
	f, err := os.OpenFile(s.path(u.ID), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return u, fmt.Errorf("make upload: %w", err)
	}
	return u, f.Close()
}

// tally is how many files and bytes something comes to.
type tally struct{ Files, Bytes int64 }

// count adds a file to what its holder began in this hour, and refuses what is more than fits.
func (s *Store) count(ctx context.Context, tx *db.Tx, n New) error {
	now := int64(tx.Now) / hour
	mine, err := db.One[tally](ctx, tx, `INSERT INTO upload_hour (hour, holder, files, bytes) VALUES ($1, $2, 1, $3)
		ON CONFLICT (hour, holder) DO UPDATE SET files = upload_hour.files + 1, bytes = upload_hour.bytes + excluded.bytes RETURNING files, bytes`, now, n.Holder, n.Length)
	if err != nil {
		return err
	}
	if mine.Files > s.Limits.HolderFiles || mine.Bytes > s.Limits.HolderBytes {
		wait := clock.Instant((now + 1) * hour).Sub(tx.Now)
		return fault.Limited(i18n.MN("Many files came from your network in this hour. Please try again in {{.Count}} minute, or send your words without the file.",
			"Many files came from your network in this hour. Please try again in {{.Count}} minutes, or send your words without the file.", int(wait.Minutes())+1))
	}
	all, err := db.One[tally](ctx, tx, `SELECT count(*) AS files, coalesce(CAST(sum(length) AS BIGINT), 0) AS bytes FROM upload`)
	if err == nil && (all.Files >= s.Limits.AllFiles || all.Bytes+n.Length > s.Limits.AllBytes) {
		err = fault.Unavailable(i18n.M("There is no room for more files just now. Please send your words without the file, and add it later."), fmt.Errorf("%d uploads wait with %d bytes", all.Files, all.Bytes))
	}
	return err
}

// sweepChunk is how many uploads one look removes.
const sweepChunk = 100

// Sweep removes what ran out, and counts of hours that are over.
func (s *Store) Sweep(ctx context.Context) error {
	var gone []int64
	var now int64
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		now = int64(tx.Now) / hour
		gone, err = db.All[int64](ctx, tx, `SELECT id FROM upload WHERE expires_at <= $1 ORDER BY expires_at, id LIMIT $2`, tx.Now, sweepChunk)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range gone {
		s.interrupt(id)
		if err := s.erase(id); err != nil {
			return err
		}
		err := s.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM upload WHERE id = $1 AND expires_at <= $2`, id, tx.Now)
			return err
		})
		if err != nil {
			return err
		}
	}
	old := false
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		old, err = db.Exists(ctx, tx, `SELECT 1 FROM upload_hour WHERE hour < $1 LIMIT 1`, now)
		return err
	})
	if err != nil || !old {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM upload_hour WHERE hour < $1`, now)
		return err
	})
}
