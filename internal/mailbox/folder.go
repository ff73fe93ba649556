package mailbox

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/transport/imap"
)

// maxFolders bounds the folders of a mailbox: each has a connection of its own, and providers allow some fifteen.
const maxFolders = 10

// Inbox is the folder that is read when none is named.
const Inbox = "INBOX"

// folders are those that are read, in the order they were named.
func (r Receiving) folders() []string {
	if len(r.Folders) == 0 {
		return []string{Inbox}
	}
	return r.Folders
}

// tidyFolders trims names and drops what is named twice. INBOX is the one name whose case does not matter (RFC 3501 §5.1).
func tidyFolders(names []string) (tidy []string) {
	for _, name := range names {
		name = strings.TrimSpace(name)
		if strings.EqualFold(name, Inbox) {
			name = Inbox
		}
		if name != "" && !slices.Contains(tidy, name) {
			tidy = append(tidy, name)
		}
	}
	return tidy
}

// checkFolders finds what is wrong with the names.
func (m *Mailbox) checkFolders() (wrong []fault.Field) {
	r := m.Receiving
	if len(r.Folders) > maxFolders {
		wrong = append(wrong, fault.F("receiving_folder", i18n.MN("Up to {{.Count}} folder can be read.", "Up to {{.Count}} folders can be read.", maxFolders)))
	}
	for _, name := range r.Folders {
		if !validText(name, maxUser) {
			wrong = append(wrong, fault.F("receiving_folder", i18n.M("This is too long, or holds characters that cannot be typed.")))
			break
		}
	}
	if !validText(r.MoveTo, maxUser) {
		wrong = append(wrong, fault.F("receiving_move_to", i18n.M("This is too long, or holds characters that cannot be typed.")))
	}
	if slices.ContainsFunc(r.folders(), func(name string) bool { return strings.EqualFold(name, r.MoveTo) }) {
		wrong = append(wrong, fault.F("receiving_move_to", i18n.M("Please choose another folder than those that mail is fetched from.")))
	}
	return wrong
}

// place is where reading a folder stands.
type place struct {
	Since       clock.Instant
	UIDValidity int64 `db:"uid_validity"`
	LastUID     int64 `db:"last_uid"`
}

// anHour is how far before the last good connection reading begins where the numbers of the mails are of no use any more.
const anHour = time.Hour

// placeFolders makes the rows of the folders that are new, which are read from now on or, with All, from their beginning. In another
// account the numbers of the mails mean nothing: it is read from when the old one was looked at last, so that what came between is
// not missed. Rows of folders that are not read any more stay, should they be read again.
func placeFolders(ctx context.Context, tx *db.Tx, m, was Mailbox) error {
	r, old := m.Receiving, was.Receiving
	if r.Host == "" {
		return nil
	}
	if err := adoptFolder(ctx, tx, m.ID, old.folders()[0]); err != nil {
		return err
	}
	if old.Host != "" && (old.Host != r.Host || old.User != r.User) {
		_, err := tx.Exec(ctx, `UPDATE mailbox_folder SET uid_validity = 0, last_uid = 0, since = CASE WHEN connected_at > $2 AND connected_at - $2 > since THEN connected_at - $2 ELSE since END WHERE mailbox_id = $1`, m.ID, anHour.Milliseconds())
		if err != nil {
			return err
		}
	}
	if r.All && !old.All {
		if _, err := tx.Exec(ctx, `UPDATE mailbox_folder SET uid_validity = 0, last_uid = 0, since = 0 WHERE mailbox_id = $1`, m.ID); err != nil {
			return err
		}
	}
	since := tx.Now
	if r.All {
		since = 0
	}
	for _, name := range r.folders() {
		if err := addFolder(ctx, tx, m.ID, name, since); err != nil {
			return err
		}
	}
	return nil
}

func addFolder(ctx context.Context, tx *db.Tx, id int64, name string, since clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO mailbox_folder (mailbox_id, name, since) VALUES ($1, $2, $3) ON CONFLICT (mailbox_id, name) DO NOTHING`, id, name, since)
	return err
}

// adoptFolder gives the one folder of before its name.
func adoptFolder(ctx context.Context, tx *db.Tx, id int64, name string) error {
	_, err := tx.Exec(ctx, `UPDATE mailbox_folder SET name = $2 WHERE mailbox_id = $1 AND name = '' AND NOT EXISTS (SELECT 1 FROM mailbox_folder f WHERE f.mailbox_id = $1 AND f.name = $2)`, id, name)
	return err
}

// placeOf tells where reading a folder stands. A folder that has no row was chosen before there were any, and is read whole.
func (p *Post) placeOf(ctx context.Context, id int64, folder string, first bool) (at place, err error) {
	const find = `SELECT since, uid_validity, last_uid FROM mailbox_folder WHERE mailbox_id = $1 AND name = $2`
	err = p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		at, err = db.One[place](ctx, tx, find, id, folder)
		return err
	})
	if !errors.Is(err, db.ErrNoRow) {
		return at, err
	}
	err = p.DB.Write(ctx, func(tx *db.Tx) error {
		if first {
			if err := adoptFolder(ctx, tx, id, folder); err != nil {
				return err
			}
		}
		if err := addFolder(ctx, tx, id, folder, 0); err != nil {
			return err
		}
		at, err = db.One[place](ctx, tx, find, id, folder)
		return err
	})
	return at, err
}

// keepPlace stores how far a folder was read, unless somebody has meanwhile chosen to begin elsewhere.
func keepPlace(ctx context.Context, tx *db.Tx, id int64, folder string, began place, s imap.State) error {
	_, err := tx.Exec(ctx, `UPDATE mailbox_folder SET uid_validity = $3, last_uid = $4 WHERE mailbox_id = $1 AND name = $2 AND since = $5`, id, folder, int64(s.UIDValidity), int64(s.LastUID), began.Since)
	return err
}

func (at place) state() imap.State {
	return imap.State{UIDValidity: uint32(at.UIDValidity), LastUID: uint32(at.LastUID)}
}

func (at place) since() time.Time {
	if at.Since == 0 {
		return time.Time{}
	}
	return at.Since.Time()
}
