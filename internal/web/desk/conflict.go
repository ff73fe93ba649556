package desk

import (
	"context"
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// property is something about a ticket that a form sets: the resource of its form, and the event that says so.
type property struct {
	resource string
	what     ticket.What
}

var (
	ofStatus   = property{"status", ticket.StatusChanged}
	ofPriority = property{"priority", ticket.PriorityChanged}
	ofKind     = property{"kind", ticket.KindChanged}
	ofTeam     = property{"team", ticket.TeamChanged}
	ofAssignee = property{"assignee", ticket.Assigned}
	ofSubject  = property{"subject", ticket.SubjectChanged}
)

// clash says that somebody else set a property while a form stood open that sets it too.
type clash struct {
	of        property
	now, mine string // as the form writes them
	reason    string // that was typed beside it, or ""
	by        int64  // 0 where that is not known
	at        clock.Instant
}

// Error implements error.
func (c *clash) Error() string { return c.of.resource + " was changed meanwhile" }

// value is a property as its form writes it.
func (p property) value(ctx context.Context, tx *db.Tx, t ticket.Ticket) (string, error) {
	switch p {
	case ofStatus:
		return string(t.Status), nil
	case ofPriority:
		return string(t.Priority), nil
	case ofKind:
		return string(t.Kind), nil
	case ofTeam:
		return db.One[string](ctx, tx, `SELECT slug FROM team WHERE id = $1`, t.TeamID)
	case ofAssignee:
		if t.AssigneeID == 0 {
			return "", nil
		}
		return decimal(t.AssigneeID), nil
	}
	return t.Subject, nil
}

// change is what a form does to a ticket; value is its field of that name.
type change = func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error

// unclashed is a change that is done only when the form was shown with the value that there is; else it gives a clash.
func (d *Desk) unclashed(r *http.Request, v page.Visit, p property, do change) change {
	return func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		if err := clashOf(ctx, tx, r, v, number, p); err != nil {
			return err
		}
		return do(ctx, tx, by, number, value)
	}
}

// clashOf gives a clash when the form was shown with another value than there is now.
func clashOf(ctx context.Context, tx *db.Tx, r *http.Request, v page.Visit, number int64, p property) error {
	if !r.PostForm.Has("was") {
		return nil
	}
	if err := tx.Lock(ctx, "ticket", number); err != nil {
		return err
	}
	t, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number)
	if err != nil {
		return err
	}
	mine := r.PostFormValue("value")
	if p == ofAssignee && mine == "me" {
		mine = decimal(v.Actor.ID)
	}
	now, err := p.value(ctx, tx, t)
	if err != nil || !page.Stale(r, now, mine) {
		return err
	}
	c := &clash{of: p, now: now, mine: mine, reason: r.PostFormValue("reason")}
	type setting struct {
		PersonID int64
		At       clock.Instant
	}
	last, err := db.All[setting](ctx, tx, `SELECT coalesce(person_id, 0) AS person_id, at FROM event WHERE ticket_id = $1 AND what = $2 ORDER BY id DESC LIMIT 1`, number, p.what)
	if err != nil {
		return err
	}
	for _, s := range last {
		c.by, c.at = s.PersonID, s.At
	}
	return c
}

// versions is a clash as the page shows it.
func (d *Desk) versions(ctx context.Context, v TicketView, c clash) (*ui.Versions, error) {
	who := ""
	if c.by != 0 {
		err := d.Site.DB.Read(ctx, func(tx *db.Tx) error {
			all, err := loadNames(ctx, tx, []int64{c.by})
			who = all.full(c.by, d.Site.Name)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	out := &ui.Versions{
		Who: who, At: c.at, Now: v.Frame.Now, Action: ticketAction(v.Number, c.of.resource), Name: "value", Value: c.mine, Was: c.now, Keep: ticketURL(v.Number),
		Theirs: c.now, Yours: c.mine,
	}
	if c.reason != "" {
		out.Also = map[string]string{"reason": c.reason}
	}
	words := func(about string, of func(string) string) {
		out.About, out.Theirs, out.Yours = about, of(c.now), of(c.mine)
	}
	switch c.of {
	case ofStatus:
		words(i18n.T(ctx, "Status"), func(s string) string { return ui.StatusWord(ctx, s) })
	case ofPriority:
		words(i18n.T(ctx, "Priority"), func(s string) string { return ui.PriorityWord(ctx, s) })
	case ofKind:
		words(i18n.T(ctx, "Kind"), func(s string) string { return ui.KindWord(ctx, s) })
	case ofTeam:
		words(i18n.T(ctx, "Team"), labelIn(v.Side.Teams))
	case ofAssignee:
		words(i18n.T(ctx, "Who has it"), labelIn(v.Side.Agents))
	default:
		out.About = i18n.T(ctx, "Subject")
	}
	return out, nil
}

// labelIn gives the label of a choice by its value.
func labelIn(all []ui.Choice) func(string) string {
	return func(value string) string {
		for _, c := range all {
			if c.Value == value {
				return c.Label
			}
		}
		return value
	}
}

// chosenIn is the value of the choice that is chosen.
func chosenIn(all []ui.Choice) string {
	for _, c := range all {
		if c.Chosen {
			return c.Value
		}
	}
	return ""
}
