package ticket

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Part is a ticket that became part of another.
type Part struct {
	ID       int64
	KeptID   int64
	GoneID   int64
	Subject  string // of the one that is gone
	ByID     int64  // 0 for the desk itself
	MergedAt clock.Instant
}

// CanUndo tells whether there is still time.
func (m Part) CanUndo(now clock.Instant) bool { return now < m.MergedAt.Add(MergeUndo) }

const partColumns = `m.id, m.kept_id, m.gone_id, g.subject, m.by_id, m.merged_at FROM ticket_merge m JOIN ticket g ON g.id = m.gone_id WHERE m.undone_at = 0`

// Parts lists what became part of a ticket, the oldest merge first, without what those had joined before. Who may
// see the ticket as staff may see them.
func Parts(ctx context.Context, tx *db.Tx, keptID int64) ([]Part, error) {
	return db.All[Part](ctx, tx, `SELECT `+partColumns+` AND m.kept_id = $1 ORDER BY m.id`, keptID)
}

// PartOf gives the merge by which a ticket became part of another; db.ErrNoRow when it did not.
func PartOf(ctx context.Context, tx *db.Tx, goneID int64) (Part, error) {
	return db.One[Part](ctx, tx, `SELECT `+partColumns+` AND m.gone_id = $1`, goneID)
}

// UndoMerge makes a ticket one of its own again, with its messages, its place and its sleep as they were. What was said
// since then stays with the ticket that was kept. After MergeUndo it is fault.Conflict.
func (d *Desk) UndoMerge(ctx context.Context, tx *db.Tx, by By, goneID int64) (Ticket, error) {
	if err := lockKept(ctx, tx, []int64{goneID}); err != nil {
		return Ticket{}, err
	}
	gone, err := Get(ctx, tx, by.Actor, person.ChangeTicket, goneID)
	if err != nil {
		return gone, err
	}
	m, err := PartOf(ctx, tx, goneID)
	switch {
	case errors.Is(err, db.ErrNoRow):
		return gone, fault.Conflict(i18n.M("#{{.Number}} is a ticket of its own already.", "Number", goneID))
	case err != nil:
		return gone, err
	case !m.CanUndo(tx.Now):
		return gone, fault.Conflict(i18n.M("A merge can be undone for a day, and this one is older. You can split messages off instead."))
	}
	rootID, err := Kept(ctx, tx, goneID)
	if err != nil {
		return gone, err
	}
	root, err := Get(ctx, tx, by.Actor, person.ChangeTicket, rootID)
	if fault.Is(err, fault.KindNotFound) {
		err = NotFound(goneID)
	}
	if err != nil {
		return gone, err
	}
	had := root.Messages
	if err := d.part(ctx, tx, by, m, &root, &gone); err != nil {
		return gone, err
	}
	if err := reindex(ctx, tx, root, had); err != nil {
		return gone, err
	}
	return gone, reindex(ctx, tx, gone, gone.Messages)
}

// part takes gone out of kept again, which may have become part of root itself.
func (d *Desk) part(ctx context.Context, tx *db.Tx, by By, m Part, root, gone *Ticket) error {
	type row struct {
		Before  string
		EventID int64
	}
	r, err := db.One[row](ctx, tx, `UPDATE ticket_merge SET undone_at = $2 WHERE id = $1 RETURNING before, event_id`, m.ID, tx.Now)
	if err != nil {
		return err
	}
	var before stored
	if err := json.Unmarshal([]byte(r.Before), &before); err != nil {
		return err
	}
	if err := takeBackMessages(ctx, tx, root.ID, gone.ID); err != nil {
		return err
	}
	marks, err := unreadOf(ctx, tx, root.ID)
	if err != nil {
		return err
	}
	if err := errors.Join(renumber(ctx, tx, root, marks), renumber(ctx, tx, gone, nil)); err != nil {
		return err
	}
	if before.SnoozedUntil != 0 && before.SnoozedUntil <= tx.Now { // its moment came meanwhile
		before.Snooze, before.SnoozedUntil = "", 0
	}
	gone.MergedInto, gone.KeptTeamID, gone.IsOpen, gone.Snooze, gone.SnoozedUntil = 0, 0, gone.Status.IsOpen(), before.Snooze, before.SnoozedUntil
	gone.Turn = gone.turn()
	if _, err := tx.Exec(ctx, `UPDATE ticket SET merged_into = NULL, turn = $2, is_open = $3, snooze = $4, snoozed_until = $5 WHERE id = $1`, gone.ID, gone.Turn, gone.IsOpen, gone.Snooze, gone.SnoozedUntil); err != nil {
		return err
	}
	for _, id := range before.Held {
		if _, err := tx.Exec(ctx, `UPDATE held_reply SET ticket_id = $3 WHERE id = $1 AND ticket_id = $2`, id, root.ID, gone.ID); err != nil {
			return err
		}
	}
	if err := d.record(ctx, tx, by, *gone, Event{What: Parted, ToValue: idText(root.ID)}, nil); err != nil {
		return err
	}
	if err := d.record(ctx, tx, by, *root, Event{What: Parted, FromValue: idText(gone.ID)}, nil); err != nil {
		return err
	}
	if err := d.untie(ctx, tx, by, m.KeptID, *root); err != nil {
		return err
	}
	if m.KeptID != root.ID {
		return nil
	}
	return d.restore(ctx, tx, by, root, m, r.EventID, before)
}

// takeBackMessages gives gone its own messages and those of what became part of it. Others stay, also those that were
// split off meanwhile.
func takeBackMessages(ctx context.Context, tx *db.Tx, rootID, goneID int64) error {
	within := []int64{goneID}
	for next := within; len(next) > 0; {
		var args db.Args
		found, err := db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE merged_into IN (`+db.List(&args, next)+`)`, args...)
		if err != nil {
			return err
		}
		within, next = append(within, found...), found
	}
	for _, home := range within {
		if _, err := tx.Exec(ctx, `UPDATE message SET ticket_id = $3, seq = -id, home_id = CASE WHEN home_id = $3 THEN NULL ELSE home_id END WHERE ticket_id = $1 AND home_id = $2`, rootID, home, goneID); err != nil {
			return err
		}
	}
	return follow(ctx, tx, goneID)
}

// untie takes off those followers and tags that only what is gone brought, from the kept ticket and from those that it
// became part of in turn.
func (d *Desk) untie(ctx context.Context, tx *db.Tx, by By, keptID int64, root Ticket) error {
	by.Cause = causeMerge
	for at := keptID; at != 0; {
		people, err := db.All[int64](ctx, tx, `DELETE FROM follower WHERE ticket_id = $1 AND by_merge AND NOT EXISTS (SELECT 1 FROM ticket c WHERE c.merged_into = $1
			AND (c.requester_id = follower.person_id OR EXISTS (SELECT 1 FROM follower f WHERE f.ticket_id = c.id AND f.person_id = follower.person_id))) RETURNING person_id`, at)
		if err != nil {
			return err
		}
		tags, err := db.All[string](ctx, tx, `DELETE FROM ticket_tag WHERE ticket_id = $1 AND by_merge AND NOT EXISTS (SELECT 1 FROM ticket c JOIN ticket_tag g ON g.ticket_id = c.id
			WHERE c.merged_into = $1 AND g.tag = ticket_tag.tag) RETURNING tag`, at)
		if err != nil {
			return err
		}
		if at == root.ID {
			slices.Sort(people)
			slices.Sort(tags)
			for _, id := range people {
				if err := d.record(ctx, tx, by, root, Event{What: Followed, FromValue: idText(id)}, nil); err != nil {
					return err
				}
			}
			for _, tag := range tags {
				if err := d.record(ctx, tx, by, root, Event{What: Tagged, FromValue: tag}, nil); err != nil {
					return err
				}
			}
			return nil
		}
		if at, err = db.One[int64](ctx, tx, `SELECT coalesce(merged_into, 0) FROM ticket WHERE id = $1`, at); err != nil {
			return err
		}
	}
	return nil
}

// restore gives the kept ticket the status that it had, unless something happened since then that the status tells of.
func (d *Desk) restore(ctx context.Context, tx *db.Tx, by By, root *Ticket, m Part, since int64, before stored) error {
	by.Cause = causeMerge
	if before.Assigned != 0 && root.AssigneeID == before.Assigned {
		root.AssigneeID = 0
		if _, err := tx.Exec(ctx, `UPDATE ticket SET assignee_id = NULL WHERE id = $1`, root.ID); err != nil {
			return err
		}
		if err := d.record(ctx, tx, by, *root, Event{What: Assigned, FromValue: idText(before.Assigned)}, nil); err != nil {
			return err
		}
	}
	moved, err := db.Exists(ctx, tx, `SELECT 1 FROM event WHERE ticket_id = $1 AND id > $2 AND what IN ('message', 'status') AND NOT (what = 'status' AND cause = $3 AND at = $4)
		UNION ALL SELECT 1 FROM ticket_merge WHERE kept_id = $1 AND id > $5 AND undone_at = 0`, root.ID, since, causeMerge, m.MergedAt, m.ID)
	if err != nil || moved || root.Turn.Aside() || root.Turn == Snoozed {
		return err
	}
	from := root.Status
	if from != before.Status {
		root.StatusAt = tx.Now
	}
	root.Status, root.IsOpen, root.Turn = before.Status, before.Status.IsOpen(), before.Status.Turn()
	root.SolvedAt, root.ClosedAt, root.WaitingSince = before.SolvedAt, before.ClosedAt, before.WaitingSince
	if err := root.storeStatus(ctx, tx); err != nil || from == root.Status {
		return err
	}
	return d.record(ctx, tx, by, *root, Event{What: StatusChanged, FromValue: string(from), ToValue: string(root.Status)}, nil)
}
