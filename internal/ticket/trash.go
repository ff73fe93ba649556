package ticket

import (
	"context"
	"strings"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// TrashLife is how long a ticket lies in the trash before it is deleted for good.
const TrashLife = 30 * 24 * time.Hour

// RestoredByAnswer is the cause of the event when the requester's message brought a ticket back.
const RestoredByAnswer = "answer"

// Trash throws a ticket away: it stands in no list but the trash, and for its requester it is gone. Answers that are held are
// taken back. It can be restored until it is deleted for good; a message from its requester restores it too.
func (d *Desk) Trash(ctx context.Context, tx *db.Tx, by By, id int64) error {
	t, err := take(ctx, tx, by, person.TrashTicket, id)
	if err != nil || t.Turn == Trash {
		return err
	}
	if t.Turn == Merged {
		return fault.Conflict(i18n.M("#{{.Number}} is part of another ticket, and goes with that one.", "Number", id))
	}
	was := asideText(t.Turn)
	t.IsOpen, t.Turn, t.TrashedAt = false, Trash, tx.Now
	if err := t.storeStatus(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE held_reply SET taken_back = TRUE WHERE ticket_id = $1`, id); err != nil {
		return err
	}
	return d.record(ctx, tx, by, t, Event{What: Trashed, FromValue: was, ToValue: string(Trash)}, nil)
}

// Restore takes a ticket out of the trash, as it was. Nothing happens to one that is not there.
func (d *Desk) Restore(ctx context.Context, tx *db.Tx, by By, id int64) error {
	t, err := take(ctx, tx, by, person.TrashTicket, id)
	if err != nil {
		return err
	}
	return d.untrash(ctx, tx, by, &t)
}

// untrash takes a ticket out of the trash, if it lies there: what may be spam is that again, and what sleeps sleeps on.
func (d *Desk) untrash(ctx context.Context, tx *db.Tx, by By, t *Ticket) error {
	if t.Turn != Trash {
		return nil
	}
	was, err := db.All[Turn](ctx, tx, `SELECT from_value FROM event WHERE ticket_id = $1 AND what = $2 AND to_value = $3 ORDER BY id DESC LIMIT 1`, t.ID, Trashed, Trash)
	if err != nil {
		return err
	}
	if t.SnoozedUntil != 0 && t.SnoozedUntil <= tx.Now {
		t.Snooze, t.SnoozedUntil = "", 0
	}
	t.TrashedAt, t.IsOpen, t.Turn = 0, t.Status.IsOpen(), t.turn()
	back := Turn("")
	if len(was) > 0 && was[0].Doubtful() {
		back, t.Turn, t.IsOpen = was[0], was[0], false
	}
	if err := t.storeStatus(ctx, tx); err != nil {
		return err
	}
	return d.record(ctx, tx, by, *t, Event{What: Trashed, FromValue: string(Trash), ToValue: string(back)}, nil)
}

// Purged is what a purge deleted.
type Purged struct {
	Tickets, Messages int
	Files             []blob.Ref // that the tickets referred to; others may refer to them too
}

// Purge deletes a ticket that lies in the trash for good, with those that became part of it: messages, files, events and
// everything that features keep of it.
func (d *Desk) Purge(ctx context.Context, tx *db.Tx, by By, id int64) (Purged, error) {
	t, err := take(ctx, tx, by, person.PurgeTicket, id)
	if err != nil {
		return Purged{}, err
	}
	if t.Turn != Trash {
		return Purged{}, fault.Conflict(i18n.M("Only what lies in the trash can be deleted for good."))
	}
	var out Purged
	if err := d.purge(ctx, tx, t, &out); err != nil {
		return out, err
	}
	if d.Changed != nil {
		tx.AfterCommit(func() { d.Changed(Change{Ticket: t, What: Trashed}) })
	}
	return out, d.Orphan(ctx, tx, out.Files)
}

// purge deletes a ticket after those that became part of it.
func (d *Desk) purge(ctx context.Context, tx *db.Tx, t Ticket, out *Purged) error {
	parts, err := db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE merged_into = $1 ORDER BY id`, t.ID)
	if err != nil {
		return err
	}
	if err := forget(ctx, tx, t); err != nil {
		return err
	}
	for _, forget := range d.Forget {
		files, err := forget(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		out.Files = append(out.Files, files...)
	}
	files, err := db.All[Attachment](ctx, tx, `SELECT sha256, size FROM attachment WHERE ticket_id = $1`, t.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		out.Files = append(out.Files, blob.Ref{SHA256: f.SHA256, Size: f.Size})
	}
	for _, s := range purgeMessages {
		if _, err := tx.Exec(ctx, s, t.ID); err != nil {
			return err
		}
	}
	for _, id := range parts {
		part, err := Get(ctx, tx, person.System, person.SeeTicket, id)
		if err == nil {
			err = d.purge(ctx, tx, part, out)
		}
		if err != nil {
			return err
		}
	}
	for _, s := range purgeTicket {
		if _, err := tx.Exec(ctx, s, t.ID); err != nil {
			return err
		}
	}
	out.Tickets++
	out.Messages += int(t.Messages)
	return nil
}

// purgeMessages deletes what was said on a ticket $1 and what speaks of it. Those that moved elsewhere stay there.
var purgeMessages = []string{
	`UPDATE event SET message_id = NULL WHERE message_id IN (SELECT id FROM message WHERE ticket_id = $1)`,
	`DELETE FROM attachment WHERE ticket_id = $1`,
	`DELETE FROM message WHERE ticket_id = $1`,
	`UPDATE message SET home_id = NULL WHERE home_id = $1`,
	`DELETE FROM ticket_merge WHERE kept_id = $1 OR gone_id = $1`,
	`UPDATE ticket SET merged_into = NULL WHERE merged_into = $1`,
}

// purgeTicket deletes the rest of a ticket $1.
var purgeTicket = []string{
	`DELETE FROM ticket_merge WHERE kept_id = $1 OR gone_id = $1 OR event_id IN (SELECT id FROM event WHERE ticket_id = $1)`,
	`DELETE FROM event WHERE ticket_id = $1`,
	`DELETE FROM ticket_tag WHERE ticket_id = $1`,
	`DELETE FROM ticket_fact WHERE ticket_id = $1`,
	`DELETE FROM news WHERE ticket_id = $1`,
	`DELETE FROM follower WHERE ticket_id = $1`,
	`DELETE FROM ticket_relation WHERE ticket_id = $1 OR other_id = $1`,
	`DELETE FROM access_link WHERE ticket_id = $1`,
	`DELETE FROM answer_address WHERE ticket_id = $1`,
	`DELETE FROM held_reply WHERE ticket_id = $1`,
	`DELETE FROM ticket_read WHERE ticket_id = $1`,
	`UPDATE form_sent SET ticket_id = NULL WHERE ticket_id = $1`,
	`DELETE FROM ticket WHERE id = $1`,
}

// Orphan notes files that may be of no use any more; see SweepFiles.
func (d *Desk) Orphan(ctx context.Context, tx *db.Tx, files []blob.Ref) error {
	for _, f := range files {
		if _, err := tx.Exec(ctx, `INSERT INTO blob_gone (sha256, size, retired_at) VALUES ($1, $2, 0) ON CONFLICT (sha256) DO NOTHING`, f.SHA256, f.Size); err != nil {
			return err
		}
	}
	return nil
}

// purgeChunk is how many tickets one sweep deletes in one transaction.
const purgeChunk = 5

// SweepTrash deletes for good what has lain in the trash for TrashLife, some tickets a transaction so that others can write in
// between, and tells how much it was.
func (d *Desk) SweepTrash(ctx context.Context, store *db.DB) (all Purged, err error) {
	for after := int64(0); ctx.Err() == nil; {
		var due []int64
		var step Purged
		err := store.Write(ctx, func(tx *db.Tx) error {
			step = Purged{}
			due, err = db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE trashed_at <> 0 AND turn = 'trash' AND trashed_at <= $1 AND id > $2 ORDER BY id LIMIT $3`, tx.Now.Add(-TrashLife), after, purgeChunk)
			for _, id := range due {
				p, err := d.Purge(ctx, tx, By{Actor: person.System}, id)
				if err != nil {
					return err
				}
				step.Tickets, step.Messages, step.Files = step.Tickets+p.Tickets, step.Messages+p.Messages, append(step.Files, p.Files...)
			}
			return err
		})
		all.Tickets, all.Messages, all.Files = all.Tickets+step.Tickets, all.Messages+step.Messages, append(all.Files, step.Files...)
		if err != nil || len(due) < purgeChunk {
			return all, err
		}
		after = due[len(due)-1]
	}
	return all, ctx.Err()
}

// retiredFor is how long a file that nothing refers to is kept aside: longer than anybody takes from storing bytes to
// referring to them.
const retiredFor = 24 * time.Hour

// SweepFiles removes the files of deleted tickets that nothing else refers to, in the two steps of blob.Store.Retire, and
// tells how many went. used tells of a reference that features keep.
func SweepFiles(ctx context.Context, store *db.DB, blobs *blob.Store, used func(ctx context.Context, tx *db.Tx, f blob.Ref) (bool, error)) (removed int, err error) {
	type orphan struct {
		SHA256    string `db:"sha256"`
		Size      int64
		RetiredAt clock.Instant
	}
	var all []orphan
	var now clock.Instant
	if err := store.Read(ctx, func(tx *db.Tx) error {
		now = tx.Now
		all, err = db.All[orphan](ctx, tx, `SELECT sha256, size, retired_at FROM blob_gone WHERE retired_at <= $1 ORDER BY sha256`, now.Add(-retiredFor))
		return err
	}); err != nil {
		return 0, err
	}
	for _, f := range all {
		ref, inUse := blob.Ref{SHA256: f.SHA256, Size: f.Size}, false
		err := store.Read(ctx, func(tx *db.Tx) error {
			inUse, err = refersTo(ctx, tx, ref, used)
			return err
		})
		query, args := `DELETE FROM blob_gone WHERE sha256 = $1`, []any{f.SHA256}
		switch {
		case err != nil:
		case inUse:
			err = blobs.Return(ref)
		case f.RetiredAt == 0:
			err = blobs.Retire(ref)
			query, args = `UPDATE blob_gone SET retired_at = $2 WHERE sha256 = $1`, []any{f.SHA256, now}
		default:
			err = blobs.Remove(ref)
			removed++
		}
		if err == nil {
			err = store.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, query, args...)
				return err
			})
		}
		if err != nil {
			return removed, err
		}
	}
	return removed, nil
}

func refersTo(ctx context.Context, tx *db.Tx, f blob.Ref, used func(ctx context.Context, tx *db.Tx, f blob.Ref) (bool, error)) (bool, error) {
	attached, err := db.Exists(ctx, tx, `SELECT 1 FROM attachment WHERE sha256 = $1 LIMIT 1`, f.SHA256)
	if err != nil || attached {
		return attached, err
	}
	held, err := db.All[string](ctx, tx, `SELECT draft FROM held_reply`)
	if err != nil {
		return false, err
	}
	for _, draft := range held {
		if strings.Contains(draft, f.SHA256) {
			return true, nil
		}
	}
	if used == nil {
		return false, nil
	}
	return used(ctx, tx, f)
}
