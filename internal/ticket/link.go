package ticket

import (
	"context"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Link kinds, as they are said of one ticket about another. The second of a pair is what the first is called from the
// other side.
const (
	RelatedTo    = "related"
	Parent       = "parent" // the other is the parent of this one
	Child        = "child"  // the other is a child of this one
	DuplicateOf  = "duplicate"
	DuplicatedBy = "duplicated_by"
	SplitFrom    = "split"      // this one was split off from the other; made by Split alone
	SplitInto    = "split_into" // the other was split off from this one
)

// LinkKinds lists those that people choose from.
func LinkKinds() []string { return []string{RelatedTo, Parent, Child, DuplicateOf, DuplicatedBy} }

// ofOther are kinds that are stored with the other ticket, under another name: a row says child → parent, duplicate →
// original, part → whole; related, which is the same from both sides, lower number → higher.
var ofOther = map[string]string{Child: Parent, DuplicatedBy: DuplicateOf, SplitInto: SplitFrom}

// Linked is a ticket that is linked with another, and what it is to that one.
type Linked struct {
	As string `db:"linked_as"` // its kind of link
	Row
}

// storedLink is a link as its row has it.
func storedLink(id, other int64, kind string) (from, to int64, as string) {
	if as, ok := ofOther[kind]; ok {
		return other, id, as
	}
	if kind == RelatedTo && id > other {
		return other, id, kind
	}
	return id, other, kind
}

// Link says what another ticket is to this one, such as its Parent. A ticket has one parent at most, and parents make no
// ring. What cannot be is fault.Invalid with the field "other" or "kind". Nothing happens when it is said already.
func (d *Desk) Link(ctx context.Context, tx *db.Tx, by By, id, other int64, kind string) error {
	if !slices.Contains(LinkKinds(), kind) {
		return fault.Invalid(wrongValue("kind", LinkKinds()))
	}
	t, o, err := takeBoth(ctx, tx, by, id, other)
	if err != nil {
		return err
	}
	from, to, as := storedLink(t.ID, o.ID, kind)
	if as == Parent {
		if err := mayHaveParent(ctx, tx, by, from, to); err != nil {
			return err
		}
	}
	n, err := tx.Exec(ctx, `INSERT INTO ticket_relation (ticket_id, other_id, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, from, to, as)
	if err != nil || n == 0 {
		return err
	}
	return d.recordLink(ctx, tx, by, t, o, kind, true)
}

// Unlink takes back what was said by Link. Nothing happens when it was not.
func (d *Desk) Unlink(ctx context.Context, tx *db.Tx, by By, id, other int64, kind string) error {
	t, o, err := takeBoth(ctx, tx, by, id, other)
	if err != nil {
		return err
	}
	from, to, as := storedLink(t.ID, o.ID, kind)
	n, err := tx.Exec(ctx, `DELETE FROM ticket_relation WHERE ticket_id = $1 AND other_id = $2 AND kind = $3`, from, to, as)
	if err != nil || n == 0 {
		return err
	}
	return d.recordLink(ctx, tx, by, t, o, kind, false)
}

// recordLink tells of a link on both tickets, each in its own words.
func (d *Desk) recordLink(ctx context.Context, tx *db.Tx, by By, t, o Ticket, kind string, made bool) error {
	for _, side := range []struct {
		t     Ticket
		other int64
		kind  string
	}{{t, o.ID, kind}, {o, t.ID, opposite(kind)}} {
		e := Event{What: Related, ToValue: idText(side.other), Cause: side.kind}
		if !made {
			e.FromValue, e.ToValue = e.ToValue, ""
		}
		if err := d.record(ctx, tx, by, side.t, e, nil); err != nil {
			return err
		}
	}
	return nil
}

func opposite(kind string) string {
	if as, ok := ofOther[kind]; ok {
		return as
	}
	for theirs, ours := range ofOther {
		if ours == kind {
			return theirs
		}
	}
	return kind
}

// takeBoth locks, lower number first, and loads two tickets that are to be linked. One that became part of another counts
// as that one.
func takeBoth(ctx context.Context, tx *db.Tx, by By, id, other int64) (t, o Ticket, err error) {
	if err := lockKept(ctx, tx, []int64{id, other}); err != nil {
		return t, o, err
	}
	if t, err = Get(ctx, tx, by.Actor, person.ChangeTicket, id); err != nil {
		return t, o, err
	}
	if t.MergedInto != 0 {
		_, err = take(ctx, tx, by, person.ChangeTicket, id)
		return t, o, err
	}
	o, err = Get(ctx, tx, by.Actor, person.ChangeTicket, other)
	if err == nil && o.MergedInto != 0 {
		kept, err := Kept(ctx, tx, other)
		if err != nil {
			return t, o, err
		}
		o, err = Get(ctx, tx, by.Actor, person.ChangeTicket, kept)
		if err != nil {
			return t, o, notLinked(i18n.M("#{{.Number}} became part of another ticket already.", "Number", other))
		}
	}
	switch {
	case fault.Is(err, fault.KindNotFound):
		err = notLinked(i18n.M("There is no ticket {{.Number}}.", "Number", other))
	case err == nil && o.ID == t.ID:
		err = notLinked(i18n.M("A ticket cannot be linked with itself."))
	}
	return t, o, err
}

func notLinked(why i18n.Text) error { return fault.Invalid(fault.F("other", why)) }

// mayHaveParent walks up from the parent, locking as it goes: two people who link at once must not close a ring together.
func mayHaveParent(ctx context.Context, tx *db.Tx, by By, child, parent int64) error {
	has, err := db.All[int64](ctx, tx, `SELECT other_id FROM ticket_relation WHERE ticket_id = $1 AND kind = 'parent' AND other_id <> $2`, child, parent)
	if err != nil {
		return err
	}
	if len(has) > 0 {
		if _, err := Get(ctx, tx, by.Actor, person.SeeTicket, has[0]); err != nil {
			return notLinked(i18n.M("#{{.Number}} has a parent already, which is not shared with you.", "Number", child))
		}
		return notLinked(i18n.M("#{{.Number}} has a parent already: #{{.Parent}}. Take that link off first.", "Number", child, "Parent", has[0]))
	}
	for at := []int64{parent}; len(at) > 0; {
		if at[0] == child {
			return notLinked(i18n.M("#{{.Number}} stands below #{{.Child}} already, so it cannot be its parent too.", "Number", parent, "Child", child))
		}
		if err := tx.Lock(ctx, "ticket", at[0]); err != nil {
			return err
		}
		up, err := db.All[int64](ctx, tx, `SELECT other_id FROM ticket_relation WHERE ticket_id = $1 AND kind = 'parent'`, at[0])
		if err != nil {
			return err
		}
		at = append(at[1:], up...)
	}
	return nil
}

// Links lists the tickets that are linked with one and that the actor may see: its parent first, then children, what it
// was split from and into, duplicates and related ones. Those of a ticket that became part of it are its own too.
func Links(ctx context.Context, tx *db.Tx, a person.Actor, ticketID int64) ([]Linked, error) {
	args := db.Args{ticketID}
	all, err := db.All[Linked](ctx, tx, `WITH RECURSIVE part (id) AS (SELECT CAST($1 AS BIGINT) UNION SELECT g.id FROM ticket g JOIN part p ON g.merged_into = p.id)
		SELECT x.as_kind AS linked_as, `+rowColumns+rowTables+` JOIN (
			SELECT r.other_id AS id, r.kind AS as_kind FROM ticket_relation r WHERE r.ticket_id IN (SELECT id FROM part)
			UNION SELECT r.ticket_id, CASE r.kind WHEN 'parent' THEN 'child' WHEN 'duplicate' THEN 'duplicated_by' WHEN 'split' THEN 'split_into' ELSE r.kind END
				FROM ticket_relation r WHERE r.other_id IN (SELECT id FROM part)) AS x ON x.id = t.id
		WHERE x.as_kind <> 'quotes' AND t.id NOT IN (SELECT id FROM part) AND `+person.Visible(a, person.SeeTicket, &args)+` ORDER BY t.is_open DESC, t.id`, args...)
	order := []string{Parent, Child, SplitFrom, SplitInto, DuplicateOf, DuplicatedBy, RelatedTo}
	slices.SortStableFunc(all, func(x, y Linked) int { return slices.Index(order, x.As) - slices.Index(order, y.As) })
	return all, err
}

// SolveChildren solves the open children of a ticket that the actor may change, and gives their numbers.
func (d *Desk) SolveChildren(ctx context.Context, tx *db.Tx, by By, id int64) (solved []int64, err error) {
	if _, err := take(ctx, tx, by, person.ChangeTicket, id); err != nil {
		return nil, err
	}
	all, err := Links(ctx, tx, by.Actor, id)
	for _, l := range all {
		if l.As != Child || !l.IsOpen {
			continue
		}
		if err := d.Solve(ctx, tx, by, l.ID); err != nil {
			return solved, err
		}
		solved = append(solved, l.ID)
	}
	return solved, err
}
