package person

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Merge is one person having become part of another.
type Merge struct {
	ID       int64
	KeptID   int64
	GoneID   int64
	GoneName string
	MergedAt clock.Instant
}

// moved is what a merge took over, so that Undo can give it back.
type moved struct {
	Addresses []string `json:"addresses"`
	Tickets   []int64  `json:"tickets"`
	Follows   []int64  `json:"follows"`
	// What somebody has who is asked for help: links, what was handed on, the ledger, pages that show what it costs.
	HelpLinks   []int64 `json:"help_links,omitempty"`
	HandedOn    []int64 `json:"handed_on,omitempty"`
	HelpEntries []int64 `json:"help_entries,omitempty"`
	HelpShown   []int64 `json:"help_shown,omitempty"`
	// Papercuts are what somebody said that annoys.
	Papercuts []int64 `json:"papercuts,omitempty"`
	// CardsFrom are the thank-you cards that somebody wrote, CardsTo those that they got.
	CardsFrom []int64 `json:"cards_from,omitempty"`
	CardsTo   []int64 `json:"cards_to,omitempty"`
	// Shifts of theirs, invitations to them, and those in which somebody covers for them.
	Shifts      []int64 `json:"shifts,omitempty"`
	ShiftsFor   []int64 `json:"shifts_for,omitempty"`
	ShiftInvite []int64 `json:"shift_invites,omitempty"`
	// Stints are somebody's turns at the desk, Mentored those that they were beside, with what they whispered; Jobs what they do.
	Stints   []int64 `json:"stints,omitempty"`
	Invited  []int64 `json:"stint_invites,omitempty"`
	Mentored []int64 `json:"mentored,omitempty"`
	Whispers []int64 `json:"whispers,omitempty"`
	Heard    []int64 `json:"heard,omitempty"`
	Jobs     []int64 `json:"jobs,omitempty"`
	// Parts are all others, by column: the keys of the rows.
	Parts map[string][]string `json:"parts,omitempty"`
}

// MergeInto makes gone a part of kept: addresses, tickets and follows go over; gone can no longer sign
// in. It can be undone.
func MergeInto(ctx context.Context, tx *db.Tx, by Actor, keptID, goneID int64, remote string) (int64, error) {
	for _, id := range []int64{min(keptID, goneID), max(keptID, goneID)} { // two who merge the same two the other way round must not both succeed
		if err := tx.Lock(ctx, "person", id); err != nil {
			return 0, err
		}
	}
	kept, err := Get(ctx, tx, keptID)
	if err != nil {
		return 0, err
	}
	gone, err := Get(ctx, tx, goneID)
	if err != nil {
		return 0, err
	}
	if kept.ID == gone.ID || kept.MergedInto != 0 || gone.MergedInto != 0 {
		return 0, fault.Invalid(fault.F("person", i18n.M("Please choose two different people, neither of them merged already.")))
	}
	if gone.Role != Requester && by.Role != Administrator {
		return 0, fault.Denied(i18n.M("Only an administrator can merge staff."))
	}
	for _, p := range []Person{kept, gone} {
		if err := MayChangeAddresses(ctx, tx, by, p); err != nil {
			return 0, err
		}
	}
	gone.Active = false
	if err := keepAnAdministrator(ctx, tx, gone); err != nil {
		return 0, err
	}
	tx.Signal(RightsChanged, goneID)
	m, err := takeOver(ctx, tx, kept, gone)
	if err != nil {
		return 0, err
	}
	if err := joinNotes(ctx, tx, by, keptID, goneID); err != nil {
		return 0, err
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return 0, err
	}
	id, err := db.One[int64](ctx, tx, `INSERT INTO person_merge (kept_id, gone_id, moved, by_id, merged_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`, keptID, goneID, string(raw), by.ID, tx.Now)
	if err != nil {
		return 0, err
	}
	if err := errors.Join(index(ctx, tx, keptID), index(ctx, tx, goneID)); err != nil {
		return 0, err
	}
	return id, Audit(ctx, tx, by, "people merged", "person "+strconv.FormatInt(keptID, 10), "took over person "+strconv.FormatInt(goneID, 10), remote)
}

func takeOver(ctx context.Context, tx *db.Tx, kept, gone Person) (m moved, err error) {
	if m.Addresses, err = db.All[string](ctx, tx, `SELECT address FROM person_address WHERE person_id = $1 ORDER BY first DESC, address`, gone.ID); err != nil {
		return m, err
	}
	if m.Tickets, err = db.All[int64](ctx, tx, `SELECT id FROM ticket WHERE requester_id = $1 ORDER BY id`, gone.ID); err != nil {
		return m, err
	}
	m.Follows, err = db.All[int64](ctx, tx, `SELECT f.ticket_id FROM follower f WHERE f.person_id = $1
		AND NOT EXISTS (SELECT 1 FROM follower k WHERE k.ticket_id = f.ticket_id AND k.person_id = $2) ORDER BY f.ticket_id`, gone.ID, kept.ID)
	if err != nil {
		return m, err
	}
	for _, s := range []string{
		`UPDATE person_address SET person_id = $1, first = first AND NOT EXISTS (SELECT 1 FROM person_address k WHERE k.person_id = $1) WHERE person_id = $2`,
		`UPDATE ticket SET requester_id = $1 WHERE requester_id = $2`,
		`INSERT INTO follower (ticket_id, person_id) SELECT ticket_id, CAST($1 AS BIGINT) FROM follower WHERE person_id = $2 ON CONFLICT DO NOTHING`,
	} {
		if _, err := tx.Exec(ctx, s, kept.ID, gone.ID); err != nil {
			return m, err
		}
	}
	for _, s := range []string{`DELETE FROM follower WHERE person_id = $1`, `DELETE FROM session WHERE person_id = $1`, `DELETE FROM sign_in_link WHERE person_id = $1`} {
		if _, err := tx.Exec(ctx, s, gone.ID); err != nil {
			return m, err
		}
	}
	if err = m.takeHelp(ctx, tx, kept.ID, gone.ID); err != nil {
		return m, err
	}
	if err = m.takeShifts(ctx, tx, kept.ID, gone.ID); err != nil {
		return m, err
	}
	if err = m.takeParts(ctx, tx, kept.ID, gone.ID); err != nil {
		return m, err
	}
	_, err = tx.Exec(ctx, `UPDATE person SET merged_into = $1 WHERE id = $2`, kept.ID, gone.ID)
	return m, err
}

// UndoMerge gives back what a merge moved, as far as it is still there.
func UndoMerge(ctx context.Context, tx *db.Tx, by Actor, mergeID int64, remote string) error {
	type row struct {
		KeptID, GoneID int64
		Moved          string
	}
	r, err := db.One[row](ctx, tx, `SELECT kept_id, gone_id, moved FROM person_merge WHERE id = $1 AND undone_at = 0`, mergeID)
	if errors.Is(err, db.ErrNoRow) {
		return fault.Conflict(i18n.M("This merge has been undone already."))
	}
	if err != nil {
		return err
	}
	var m moved
	if err := json.Unmarshal([]byte(r.Moved), &m); err != nil {
		return err
	}
	if err := giveBack(ctx, tx, r.KeptID, r.GoneID, m); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE person_merge SET undone_at = $2 WHERE id = $1`, mergeID, tx.Now); err != nil {
		return err
	}
	if err := errors.Join(index(ctx, tx, r.KeptID), index(ctx, tx, r.GoneID)); err != nil {
		return err
	}
	return Audit(ctx, tx, by, "merge undone", "person "+strconv.FormatInt(r.KeptID, 10), "gave back person "+strconv.FormatInt(r.GoneID, 10), remote)
}

func giveBack(ctx context.Context, tx *db.Tx, kept, gone int64, m moved) error {
	if _, err := tx.Exec(ctx, `UPDATE person SET merged_into = NULL WHERE id = $1`, gone); err != nil {
		return err
	}
	for i, a := range m.Addresses {
		if _, err := tx.Exec(ctx, `UPDATE person_address SET person_id = $2, first = $4 WHERE address = $1 AND person_id = $3`, a, gone, kept, i == 0); err != nil {
			return err
		}
	}
	for _, id := range m.Tickets {
		if _, err := tx.Exec(ctx, `UPDATE ticket SET requester_id = $2 WHERE id = $1 AND requester_id = $3`, id, gone, kept); err != nil {
			return err
		}
	}
	if err := errors.Join(m.giveHelp(ctx, tx, kept, gone), m.giveShifts(ctx, tx, kept, gone), m.giveParts(ctx, tx, kept, gone)); err != nil {
		return err
	}
	for _, id := range m.Follows {
		if _, err := tx.Exec(ctx, `UPDATE follower SET person_id = $2 WHERE ticket_id = $1 AND person_id = $3`, id, gone, kept); err != nil {
			return err
		}
	}
	return nil
}

// Merges lists what was merged into somebody and can be undone.
func Merges(ctx context.Context, tx *db.Tx, keptID int64) ([]Merge, error) {
	return db.All[Merge](ctx, tx, `SELECT m.id, m.kept_id, m.gone_id, p.name AS gone_name, m.merged_at FROM person_merge m JOIN person p ON p.id = m.gone_id
		WHERE m.kept_id = $1 AND m.undone_at = 0 ORDER BY m.id DESC`, keptID)
}
