package ticket

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// MergeUndo is how long a merge can be undone.
const MergeUndo = 24 * time.Hour

// MaxMerge is how many tickets can become part of another at once.
const MaxMerge = 100

// Merge is what Desk.Merge did.
type Merge struct {
	Into Ticket  // the ticket that was kept, as it is now
	Gone []int64 // those that became part of it, in order
}

// stored is what an undo must know of the tickets as they were.
type stored struct {
	Status       Status        `json:"status"` // of the kept ticket
	SolvedAt     clock.Instant `json:"solved_at,omitempty"`
	ClosedAt     clock.Instant `json:"closed_at,omitempty"`
	WaitingSince clock.Instant `json:"waiting_since,omitempty"`
	Assigned     int64         `json:"assigned,omitempty"` // whom it got because nobody had it
	Held         []int64       `json:"held,omitempty"`     // answers about to be given on the gone ticket
	Snooze       string        `json:"snooze,omitempty"`   // of the gone ticket
	SnoozedUntil clock.Instant `json:"snoozed_until,omitempty"`
}

// Kept gives the ticket that a ticket became part of, along all steps; itself when it did not.
func Kept(ctx context.Context, tx *db.Tx, id int64) (int64, error) {
	for range maxSteps {
		into, err := db.All[int64](ctx, tx, `SELECT merged_into FROM ticket WHERE id = $1 AND merged_into IS NOT NULL`, id)
		if err != nil || len(into) == 0 {
			return id, err
		}
		id = into[0]
	}
	return id, nil
}

// More steps than this from a ticket to the one it became part of, or to the top of its parents, are not followed.
const maxSteps = 1000

// Merge makes tickets part of another. Messages and files lie with the kept ticket from then on, in the order of time;
// requesters and followers follow it, tags are united, and what is said to the others later comes there too. A ticket
// that became part of another already counts as that one. What cannot be is fault.Invalid with the field "from".
func (d *Desk) Merge(ctx context.Context, tx *db.Tx, by By, into int64, from []int64) (Merge, error) {
	kept, gone, err := takeAll(ctx, tx, by, into, from)
	if err != nil {
		return Merge{}, err
	}
	m, had := Merge{Into: kept}, kept.Messages
	for _, g := range gone {
		if err := d.join(ctx, tx, by, &m.Into, g); err != nil {
			return m, err
		}
		m.Gone = append(m.Gone, g.ID)
	}
	return m, reindex(ctx, tx, m.Into, had)
}

// takeAll locks, in the order of their numbers, and loads all tickets of a merge, and checks that they can be joined.
func takeAll(ctx context.Context, tx *db.Tx, by By, into int64, from []int64) (kept Ticket, gone []Ticket, err error) {
	from = slices.Compact(slices.Sorted(slices.Values(from)))
	if len(from) > MaxMerge {
		return kept, nil, notJoined(i18n.MN("{{.Count}} ticket at most can be joined at once.", "{{.Count}} tickets at most can be joined at once.", MaxMerge))
	}
	if err := lockKept(ctx, tx, append(slices.Clone(from), into)); err != nil {
		return kept, nil, err
	}
	if kept, err = joinable(ctx, tx, by, into); err != nil {
		return kept, nil, err
	}
	for _, id := range from {
		g, err := joinable(ctx, tx, by, id)
		switch {
		case fault.Is(err, fault.KindNotFound):
			return kept, nil, notJoined(i18n.M("There is no ticket {{.Number}}.", "Number", id))
		case err != nil:
			return kept, nil, err
		case id == into || id == kept.ID:
			return kept, nil, notJoined(i18n.M("A ticket cannot become part of itself."))
		case g.ID == kept.ID || slices.ContainsFunc(gone, func(t Ticket) bool { return t.ID == g.ID }):
			continue // it is there already, or on its way with another
		case g.TeamPrivate && g.TeamID != kept.TeamID:
			return kept, nil, notJoined(i18n.M("#{{.Number}} belongs to a private team. Joined to #{{.Into}}, others could read it. Join them the other way round, or move it to that team first.", "Number", g.ID, "Into", kept.ID))
		}
		gone = append(gone, g)
	}
	if len(gone) == 0 && len(from) > 0 {
		return kept, nil, notJoined(i18n.M("#{{.Number}} is part of #{{.Into}} already.", "Number", from[0], "Into", kept.ID))
	}
	if len(gone) == 0 {
		return kept, nil, notJoined(i18n.M("Please choose at least one ticket."))
	}
	return kept, gone, nil
}

func notJoined(why i18n.Text) error { return fault.Invalid(fault.F("from", why)) }

// joinable loads the ticket that a number leads to, if it may be joined with others. Who may not see the ticket that was
// named learns nothing of where it leads.
func joinable(ctx context.Context, tx *db.Tx, by By, id int64) (Ticket, error) {
	t, err := Get(ctx, tx, by.Actor, person.ChangeTicket, id)
	if err == nil && t.MergedInto != 0 {
		kept, err := Kept(ctx, tx, id)
		if err != nil {
			return t, err
		}
		if t, err = Get(ctx, tx, by.Actor, person.ChangeTicket, kept); err != nil {
			return t, notJoined(i18n.M("#{{.Number}} became part of another ticket already.", "Number", id))
		}
	}
	switch {
	case err != nil:
	case t.Turn == Trash:
		err = notJoined(i18n.M("#{{.Number}} lies in the trash. Bring it back first.", "Number", t.ID))
	case t.Turn.Doubtful():
		err = notJoined(i18n.M("#{{.Number}} is set aside as spam. Say first that it is wanted.", "Number", t.ID))
	}
	return t, err
}

// lockKept locks tickets and those that they became part of, lower numbers first, until it holds all of them.
func lockKept(ctx context.Context, tx *db.Tx, ids []int64) error {
	for {
		ids = slices.Compact(slices.Sorted(slices.Values(ids)))
		for _, id := range ids {
			if err := tx.Lock(ctx, "ticket", id); err != nil {
				return err
			}
		}
		had := len(ids)
		for _, id := range ids[:had] {
			kept, err := Kept(ctx, tx, id)
			if err != nil {
				return err
			}
			if !slices.Contains(ids, kept) {
				ids = append(ids, kept)
			}
		}
		if len(ids) == had {
			return nil
		}
	}
}

// join makes gone part of kept.
func (d *Desk) join(ctx context.Context, tx *db.Tx, by By, kept *Ticket, gone Ticket) error {
	before := stored{
		Status: kept.Status, SolvedAt: kept.SolvedAt, ClosedAt: kept.ClosedAt, WaitingSince: kept.WaitingSince,
		Snooze: gone.Snooze, SnoozedUntil: gone.SnoozedUntil,
	}
	if err := forget(ctx, tx, gone); err != nil {
		return err
	}
	unread, err := unreadOfBoth(ctx, tx, kept.ID, gone)
	if err != nil {
		return err
	}
	for _, s := range []string{
		`UPDATE message SET home_id = coalesce(home_id, ticket_id), ticket_id = $1, seq = -id WHERE ticket_id = $2`,
		`UPDATE ticket SET merged_into = $1, turn = 'merged', is_open = FALSE, snooze = '', snoozed_until = 0 WHERE id = $2`,
		`INSERT INTO answer_address (ticket_id, person_id, address) SELECT CAST($1 AS BIGINT), person_id, address FROM answer_address WHERE ticket_id = $2 ON CONFLICT DO NOTHING`,
	} {
		if _, err := tx.Exec(ctx, s, kept.ID, gone.ID); err != nil {
			return err
		}
	}
	if err := follow(ctx, tx, kept.ID); err != nil {
		return err
	}
	if err := renumber(ctx, tx, kept, unread); err != nil {
		return err
	}
	if before.Held, err = db.All[int64](ctx, tx, `UPDATE held_reply SET ticket_id = $1 WHERE ticket_id = $2 RETURNING id`, kept.ID, gone.ID); err != nil {
		return err
	}
	waited := gone.IsOpen && gone.Turn != Snoozed && gone.WaitingSince != 0
	gone.Turn, gone.IsOpen, gone.MergedInto = Merged, false, kept.ID
	if err := d.record(ctx, tx, by, gone, Event{What: Joined, ToValue: idText(kept.ID)}, nil); err != nil {
		return err
	}
	eventID, err := d.recorded(ctx, tx, by, *kept, Event{What: Joined, FromValue: idText(gone.ID)}, nil)
	if err != nil {
		return err
	}
	if err := d.unite(ctx, tx, by, *kept, gone); err != nil {
		return err
	}
	if err := d.carryOn(ctx, tx, by, kept, gone, waited, &before); err != nil {
		return err
	}
	raw, err := json.Marshal(before)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO ticket_merge (kept_id, gone_id, by_id, merged_at, event_id, before) VALUES ($1, $2, $3, $4, $5, $6)`, kept.ID, gone.ID, orNull(by.ID), tx.Now, eventID, string(raw))
	return err
}

// causeMerge stands on the spine for what a merge, or its undoing, did to the kept ticket.
const causeMerge = "merge"

// unite has the requester and the followers of gone follow kept, and gives it the tags.
func (d *Desk) unite(ctx context.Context, tx *db.Tx, by By, kept, gone Ticket) error {
	by.Cause = causeMerge
	come, err := db.All[int64](ctx, tx, `INSERT INTO follower (ticket_id, person_id, by_merge) SELECT CAST($1 AS BIGINT), p.id, TRUE FROM person p
		WHERE (p.id = $3 OR p.id IN (SELECT person_id FROM follower WHERE ticket_id = $2)) AND p.id <> $4 ON CONFLICT DO NOTHING RETURNING person_id`, kept.ID, gone.ID, gone.RequesterID, kept.RequesterID)
	if err != nil {
		return err
	}
	slices.Sort(come)
	for _, id := range come {
		if err := d.record(ctx, tx, by, kept, Event{What: Followed, ToValue: idText(id)}, nil); err != nil {
			return err
		}
	}
	tags, err := db.All[string](ctx, tx, `INSERT INTO ticket_tag (ticket_id, tag, by_merge) SELECT CAST($1 AS BIGINT), tag, TRUE FROM ticket_tag WHERE ticket_id = $2 ON CONFLICT DO NOTHING RETURNING tag`, kept.ID, gone.ID)
	if err != nil {
		return err
	}
	slices.Sort(tags)
	for _, tag := range tags {
		if err := d.record(ctx, tx, by, kept, Event{What: Tagged, ToValue: tag}, nil); err != nil {
			return err
		}
	}
	return nil
}

// carryOn has the kept ticket go on with what was open on gone: whoever has it, and an answer that somebody waits for.
func (d *Desk) carryOn(ctx context.Context, tx *db.Tx, by By, kept *Ticket, gone Ticket, waited bool, before *stored) error {
	by.Cause = causeMerge
	kept.ActivityAt = max(kept.ActivityAt, gone.ActivityAt)
	if kept.AssigneeID == 0 && gone.AssigneeID != 0 && d.mayBeAssigned(ctx, tx, *kept, gone.AssigneeID) == nil {
		before.Assigned, kept.AssigneeID = gone.AssigneeID, gone.AssigneeID
		if _, err := tx.Exec(ctx, `UPDATE ticket SET assignee_id = $2 WHERE id = $1`, kept.ID, gone.AssigneeID); err != nil {
			return err
		}
		if err := d.record(ctx, tx, by, *kept, Event{What: Assigned, ToValue: idText(gone.AssigneeID)}, nil); err != nil {
			return err
		}
	}
	if !waited {
		return nil
	}
	if err := d.wake(ctx, tx, by, kept); err != nil {
		return err
	}
	if kept.Status != StatusNew && kept.Status != Open {
		if err := d.setStatus(ctx, tx, by, kept, Open); err != nil {
			return err
		}
		kept.WaitingSince = 0
	}
	if kept.WaitingSince == 0 || gone.WaitingSince < kept.WaitingSince {
		kept.WaitingSince = gone.WaitingSince
	}
	return kept.storeStatus(ctx, tx)
}
