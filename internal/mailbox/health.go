package mailbox

import (
	"context"
	"errors"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/transport/imap"
)

// Health is how fetching goes, over all folders.
type Health struct {
	ConnectedAt clock.Instant // when a connection was good last; 0 for never
	LastMailAt  clock.Instant // when a mail came in last, by whichever way
	Error       string        // what is wrong now with the first folder that has trouble, in words; "" when nothing is
	ErrorAt     clock.Instant // since when
	NextAt      clock.Instant // when it is tried again; 0 when that is not waited for
	Waiting     int           // mails on the server that are not taken yet, as far as it was seen
	Folders     []FolderHealth
}

// FolderHealth is how fetching from one folder goes.
type FolderHealth struct {
	Name        string
	ConnectedAt clock.Instant
	Error       string
	ErrorAt     clock.Instant
	NextAt      clock.Instant
	Waiting     int
}

type folderRow struct {
	MailboxID   int64
	Name        string
	ConnectedAt clock.Instant
	Error       string
	ErrorAt     clock.Instant
	NextAt      clock.Instant
	Waiting     int
}

const folderColumns = `mailbox_id, name, connected_at, error, error_at, next_at, waiting`

// healthOf picks the rows of the mailbox's folders and sums them up.
func (m *Mailbox) healthOf(rows []folderRow) {
	if m.Receiving.Host == "" {
		return
	}
	h := &m.Health
	for i, name := range m.Receiving.folders() {
		at := slices.IndexFunc(rows, func(r folderRow) bool {
			return r.MailboxID == m.ID && (r.Name == name || i == 0 && r.Name == "")
		})
		if at < 0 {
			h.Folders = append(h.Folders, FolderHealth{Name: name})
			continue
		}
		r := rows[at]
		h.Folders = append(h.Folders, FolderHealth{Name: name, ConnectedAt: r.ConnectedAt, Error: r.Error, ErrorAt: r.ErrorAt, NextAt: r.NextAt, Waiting: r.Waiting})
		h.ConnectedAt = max(h.ConnectedAt, r.ConnectedAt)
		h.Waiting += r.Waiting
		if h.Error == "" && r.Error != "" {
			h.Error, h.ErrorAt, h.NextAt = r.Error, r.ErrorAt, r.NextAt
		}
	}
}

// Numbers of mails are counted up to here: after a long outage there may be very many.
const maxCounted = 1000

// Backlog is what a mailbox has taken in and not filed, and what has not gone out. Counts end at 1000.
type Backlog struct {
	ToFile    int           // mails that wait to be read
	ToSend    int           // recipients of answers that wait
	Failed    int           // recipients of answers that were given up
	SendError string        // why the oldest that waits has not gone out; "" when nothing was wrong
	SendNext  clock.Instant // when that is tried again
}

// BacklogOf counts for one mailbox.
func BacklogOf(ctx context.Context, tx *db.Tx, id int64) (b Backlog, err error) {
	if b.ToFile, err = db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT mailbox_id FROM mail WHERE state = 'waiting' ORDER BY id LIMIT $2) w WHERE w.mailbox_id = $1`, id, maxCounted); err != nil {
		return b, err
	}
	if b.ToSend, err = db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT id FROM delivery WHERE mailbox_id = $1 AND state = $2 AND state <> 'sent' LIMIT $3) d`, id, Queued, maxCounted); err != nil {
		return b, err
	}
	if b.Failed, err = db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT id FROM delivery WHERE mailbox_id = $1 AND state = $2 AND state <> 'sent' LIMIT $3) d`, id, Failed, maxCounted); err != nil {
		return b, err
	}
	type trouble struct {
		Error  string
		NextAt clock.Instant
	}
	t, err := db.One[trouble](ctx, tx, `SELECT error, next_at FROM delivery WHERE mailbox_id = $1 AND state = $2 AND state <> 'sent' AND error <> '' ORDER BY id LIMIT 1`, id, Queued)
	if errors.Is(err, db.ErrNoRow) {
		return b, nil
	}
	b.SendError, b.SendNext = t.Error, t.NextAt
	return b, err
}

// forgetTrouble is for settings that have changed: whatever was wrong is to be found anew.
func forgetTrouble(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE mailbox_folder SET error = '', error_at = 0, next_at = 0 WHERE mailbox_id = $1`, id)
	return err
}

// While nothing changes, a good connection is noted this often, and a number that falls this often.
const (
	noteEvery  = time.Minute
	countEvery = 2 * time.Second
)

// reporter writes down how a folder is, when there is something to say.
type reporter struct {
	post   *Post
	id     int64
	folder string
	told   imap.Health
	at     time.Time
}

func (r *reporter) report(ctx context.Context, h imap.Health) {
	if h.State == imap.Connecting && h.Waiting == r.told.Waiting {
		return // says nothing by itself
	}
	news := h.State != r.told.State || h.Err.String() != r.told.Err.String() || h.Warning.String() != r.told.Warning.String() || !h.Next.Equal(r.told.Next)
	since := time.Since(r.at)
	count := h.Waiting != r.told.Waiting && (h.Waiting == 0 || since > countEvery)
	if !news && !count && since < noteEvery {
		return
	}
	r.told, r.at = h, time.Now()
	if err := r.post.noteHealth(context.WithoutCancel(ctx), r.id, r.folder, h); err != nil {
		r.post.Log.Error("health of a mailbox could not be noted", "mailbox", r.id, "folder", r.folder, "error", err)
	}
}

// noteHealth writes down how a connection is. An error keeps the moment at which the trouble began.
func (p *Post) noteHealth(ctx context.Context, id int64, folder string, h imap.Health) error {
	words, wrong, next := p.locale(ctx, "", ""), h.Warning, clock.Instant(0)
	if h.State == imap.Failed {
		wrong = h.Err
		if !h.Next.IsZero() {
			next = clock.Instant(h.Next.UnixMilli())
		}
	}
	text := plainText(i18n.Print(words, wrong))
	return p.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE mailbox_folder SET error = $3, error_at = CASE WHEN $3 = '' THEN 0 WHEN error <> '' THEN error_at ELSE $4 END, next_at = $5, waiting = $6,
			connected_at = CASE WHEN $7 THEN $4 ELSE connected_at END WHERE mailbox_id = $1 AND name = $2`,
			id, folder, text, tx.Now, next, h.Waiting, h.State == imap.Connected)
		return err
	})
}
