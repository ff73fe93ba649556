package ticket

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Assign gives a ticket to a member of staff, or to nobody (0). A new ticket that somebody has is open.
func (d *Desk) Assign(ctx context.Context, tx *db.Tx, by By, id, to int64) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil || t.AssigneeID == to {
		return err
	}
	if to != 0 {
		if err := d.mayBeAssigned(ctx, tx, t, to); err != nil {
			return err
		}
	}
	from := t.AssigneeID
	t.AssigneeID = to
	if _, err := tx.Exec(ctx, `UPDATE ticket SET assignee_id = $2 WHERE id = $1`, id, orNull(to)); err != nil {
		return err
	}
	if err := d.record(ctx, tx, by, t, Event{What: Assigned, FromValue: idText(from), ToValue: idText(to)}, nil); err != nil {
		return err
	}
	if t.Status == StatusNew && to != 0 {
		return d.changeStatus(ctx, tx, by, &t, Open)
	}
	return nil
}

func (d *Desk) mayBeAssigned(ctx context.Context, tx *db.Tx, t Ticket, to int64) error {
	a, err := person.ActorOf(ctx, tx, to)
	if err != nil || !a.Staff() {
		return fault.Invalid(fault.F("assignee", i18n.M("Please choose somebody who works at the desk.")))
	}
	if !person.Can(a, person.SeeTicket, t.Thing()) {
		return fault.Invalid(fault.F("assignee", i18n.M("{{.Name}} does not belong to this private team.", "Name", a.Name)))
	}
	return nil
}

// maxReason is the longest reason for a move, in bytes.
const maxReason = 500

// MoveBecause is MoveTo with the reason, in words, for the team that gets the ticket: it stands on the spine, and as a
// note on the ticket. The reason may be "".
func (d *Desk) MoveBecause(ctx context.Context, tx *db.Tx, by By, id, team int64, reason string) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil || t.TeamID == team {
		return err
	}
	if reason = strings.TrimSpace(reason); len(reason) > maxReason {
		return fault.Invalid(fault.F("reason", i18n.M("Please say it in up to 500 characters, or write a note.")))
	}
	if reason != "" { // before the move, after which the actor may not see it any more
		if _, err := d.Note(ctx, tx, by, id, Draft{Text: reason, Channel: ByDesk}); err != nil {
			return err
		}
	}
	by.Cause = reason
	return d.MoveTo(ctx, tx, by, id, team)
}

// MoveBack undoes a move: the ticket goes to the team that had it, and back to whoever lost it by the move.
func (d *Desk) MoveBack(ctx context.Context, tx *db.Tx, by By, id, team int64) error {
	if err := d.MoveTo(ctx, tx, by, id, team); err != nil {
		return err
	}
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil || t.AssigneeID != 0 {
		return err
	}
	last, err := db.All[Event](ctx, tx, `SELECT `+eventColumns+` FROM event WHERE ticket_id = $1 AND what = $2 ORDER BY id DESC LIMIT 1`, id, Assigned)
	if err != nil || len(last) == 0 || last[0].Cause != causePrivate {
		return err
	}
	had, err := strconv.ParseInt(last[0].FromValue, 10, 64)
	if err != nil || d.mayBeAssigned(ctx, tx, t, had) != nil {
		return nil
	}
	return d.Assign(ctx, tx, by, id, had)
}

// causePrivate is why somebody lost a ticket that went to a private team.
const causePrivate = "private team"

// MoveTo hands a ticket to another team. An assignee who may not see it there loses it.
func (d *Desk) MoveTo(ctx context.Context, tx *db.Tx, by By, id, team int64) error {
	t, err := take(ctx, tx, by, person.ChangeTicket, id)
	if err != nil || t.TeamID == team {
		return err
	}
	private, err := db.All[bool](ctx, tx, `SELECT private FROM team WHERE id = $1`, team)
	if err != nil {
		return err
	}
	if len(private) == 0 {
		return fault.Invalid(fault.F("team", i18n.M("Please choose one of the teams.")))
	}
	from := t.TeamID
	t.TeamID, t.TeamPrivate = team, private[0]
	if _, err := tx.Exec(ctx, `UPDATE ticket SET team_id = $2 WHERE id = $1`, id, team); err != nil {
		return err
	}
	if err := d.record(ctx, tx, by, t, Event{What: TeamChanged, FromValue: idText(from), ToValue: idText(team)}, nil); err != nil {
		return err
	}
	if t.AssigneeID == 0 || d.mayBeAssigned(ctx, tx, t, t.AssigneeID) == nil {
		return nil
	}
	was := t.AssigneeID
	t.AssigneeID = 0
	if _, err := tx.Exec(ctx, `UPDATE ticket SET assignee_id = NULL WHERE id = $1`, id); err != nil {
		return err
	}
	by.Cause = causePrivate
	return d.record(ctx, tx, by, t, Event{What: Assigned, FromValue: idText(was)}, nil)
}

// idText writes an id for the spine; 0 is "".
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}
