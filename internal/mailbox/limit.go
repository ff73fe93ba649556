package mailbox

import (
	"context"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// How many bytes of files go with a mail, unless it is set otherwise, and within which bounds it can be set. Most mail
// servers take 25 MB in all, and files grow by a third on their way.
const (
	usualFiles = 15 << 20
	mostFiles  = 100 << 20
)

const filesSetting = "mail files limit"

// FilesLimit is how many bytes of files go with a mail; larger ones are linked to.
func FilesLimit(ctx context.Context, tx *db.Tx) (int64, error) {
	set, err := db.All[string](ctx, tx, `SELECT value FROM setting WHERE name = $1`, filesSetting)
	if err != nil || len(set) == 0 {
		return usualFiles, err
	}
	n, err := strconv.ParseInt(set[0], 10, 64)
	if err != nil {
		return usualFiles, nil // it can be set anew; mails must not stop for it
	}
	return n, nil
}

// SetFilesLimit sets it; 0 links to every file. What is wrong is a field error of files_limit.
func SetFilesLimit(ctx context.Context, tx *db.Tx, by person.Actor, bytes int64, remote string) error {
	if !person.Can(by, person.Administer, person.Thing{}) {
		return fault.Denied(i18n.M("Only an administrator can change mailboxes."))
	}
	if bytes < 0 || bytes > mostFiles {
		return fault.Invalid(fault.F("files_limit", i18n.M("Please give a number from 0 to {{.Limit}}.", "Limit", mostFiles>>20)))
	}
	_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, filesSetting, strconv.FormatInt(bytes, 10))
	if err != nil {
		return err
	}
	return person.Audit(ctx, tx, by, "mail file limit changed", "desk", strconv.FormatInt(bytes, 10)+" bytes", remote)
}
