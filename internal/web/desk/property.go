package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// set answers a form that changes one property of a ticket; its field is "value".
func (d *Desk) set(w http.ResponseWriter, r *http.Request, v page.Visit, change func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error) error {
	return d.setOr(w, r, v, change, func(t *typed, message string) { t.other = message })
}

// setOr is set for a property that has a place on the page for what is wrong with it.
func (d *Desk) setOr(w http.ResponseWriter, r *http.Request, v page.Visit, change func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error,
	put func(t *typed, message string),
) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		return change(ctx, tx, by, number, r.PostFormValue("value"))
	})
	if err != nil {
		return d.again(w, r, v, number, err, put)
	}
	return page.Goto(w, r, returnTo(r, number))
}

// status answers POST /tickets/{number}/status. Once a ticket is done the agent goes where they want to go then.
func (d *Desk) status(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	to, next := ticket.Status(r.PostFormValue("value")), returnTo(r, number)
	if !to.IsOpen() {
		if next, err = d.afterwards(r, v, number); err != nil {
			return err
		}
	}
	set := d.unclashed(r, v, ofStatus, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		return d.Tickets.SetStatus(ctx, tx, by, number, to)
	})
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error { return set(ctx, tx, by, number, "") })
	if err != nil {
		return d.again(w, r, v, number, err, func(t *typed, message string) { t.other = message })
	}
	return page.Goto(w, r, next)
}

// priority answers POST /tickets/{number}/priority.
func (d *Desk) priority(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, d.unclashed(r, v, ofPriority, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		return d.Tickets.SetPriority(ctx, tx, by, number, ticket.Priority(value))
	}))
}

// kind answers POST /tickets/{number}/kind.
func (d *Desk) kind(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, d.unclashed(r, v, ofKind, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		return d.Tickets.SetKind(ctx, tx, by, number, ticket.Kind(value))
	}))
}

// team answers POST /tickets/{number}/team; the value is a team's short name, and "reason" says why, or is empty.
func (d *Desk) team(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, d.unclashed(r, v, ofTeam, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		t, err := teamOf(ctx, tx, v, value)
		if err != nil {
			return err
		}
		was, err := db.One[string](ctx, tx, `SELECT m.slug FROM ticket t JOIN team m ON m.id = t.team_id WHERE t.id = $1`, number)
		if err != nil {
			return err
		}
		err = d.Tickets.MoveBecause(ctx, tx, by, number, t.ID, r.PostFormValue("reason"))
		if err == nil && was != t.Slug {
			d.Site.TellUndo(w, i18n.T(ctx, "#{{.Number}} is with {{.Team}} now.", "Number", number, "Team", t.Name), ticketAction(number, "team/"+url.PathEscape(was)+"/undo"))
		}
		return err
	}))
}

// teamBack answers POST /tickets/{number}/team/{slug}/undo, which undoes a move.
func (d *Desk) teamBack(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, _ string) error {
		if _, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number); err != nil {
			return err
		}
		t, err := teamOf(ctx, tx, v, r.PathValue("slug"))
		if err != nil {
			return err
		}
		return d.Tickets.MoveBack(ctx, tx, by, number, t.ID)
	})
}

// teamOf is the team of a short name, as far as the visitor may know of it.
func teamOf(ctx context.Context, tx *db.Tx, v page.Visit, slug string) (person.Team, error) {
	t, err := person.TeamBySlug(ctx, tx, v.Actor, slug)
	if slug == "" || isNoRow(err) {
		err = fault.Invalid(fault.F("team", i18n.M("Please choose one of the teams.")))
	}
	return t, err
}

// assignee answers POST /tickets/{number}/assignee; the value is a person's id, "me", or "" for nobody.
func (d *Desk) assignee(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.set(w, r, v, d.unclashed(r, v, ofAssignee, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		to, err := assigneeOf(v, value)
		if err != nil {
			return err
		}
		return d.Tickets.Assign(ctx, tx, by, number, to)
	}))
}

func assigneeOf(v page.Visit, value string) (int64, error) {
	switch value {
	case "":
		return 0, nil
	case "me":
		return v.Actor.ID, nil
	}
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.Invalid(fault.F("assignee", i18n.M("Please choose somebody who works at the desk.")))
	}
	return id, nil
}

// subject answers POST /tickets/{number}/subject.
func (d *Desk) subject(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.setOr(w, r, v, d.unclashed(r, v, ofSubject, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		return d.Tickets.SetSubject(ctx, tx, by, number, value)
	}), func(t *typed, message string) { t.subject, t.subjectError = r.PostFormValue("value"), message })
}
