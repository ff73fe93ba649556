package demo

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// A dozen requesters are offered, from as many organisations as there are; the list they are chosen from is bounded.
const (
	requestersShown = 12
	requestersRead  = 200
)

// somebody is a requester with the name of their organisation.
type somebody struct {
	ID           int64
	Name         string
	Organisation string
}

// persons is the switcher.
func (d *Demo) persons(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var staff []person.Person
	var requesters []somebody
	err := d.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if staff, err = person.Staff(ctx, tx); err != nil {
			return err
		}
		requesters, err = db.All[somebody](ctx, tx, `SELECT p.id, p.name, o.name AS organisation FROM person p LEFT JOIN organisation o ON o.id = p.organisation_id
			WHERE p.role = 'requester' AND p.active AND p.merged_into IS NULL ORDER BY p.id LIMIT $1`, requestersRead)
		return err
	})
	if err != nil {
		return err
	}
	view := PersonsView{Frame: d.frame(r, v), Me: v.Actor.ID}
	view.Chosen = chosen(ctx, staff, requesters)
	for _, p := range staff {
		view.Staff = append(view.Staff, Person{ID: p.ID, Name: p.Name, About: roleWord(ctx, p.Role)})
	}
	for _, p := range spread(requesters, requestersShown) {
		view.Requesters = append(view.Requesters, Person{ID: p.ID, Name: p.Name, About: p.Organisation})
	}
	return page.Render(w, r, http.StatusOK, PersonsPage(view))
}

// chosen takes of each role the person who was there first.
func chosen(ctx context.Context, staff []person.Person, requesters []somebody) []Person {
	var out []Person
	for _, role := range []person.Role{person.Agent, person.Lead, person.Administrator} {
		first := Person{About: roleWord(ctx, role), Sees: roleSees(ctx, role)}
		for _, p := range staff {
			if p.Role == role && (first.ID == 0 || p.ID < first.ID) {
				first.ID, first.Name = p.ID, p.Name
			}
		}
		if first.ID != 0 {
			out = append(out, first)
		}
	}
	if len(requesters) > 0 {
		p := requesters[0]
		out = append(out, Person{ID: p.ID, Name: p.Name, About: roleWord(ctx, person.Requester), Sees: roleSees(ctx, person.Requester)})
	}
	return out
}

// spread takes n people, in turn from each organisation, in the order in which the organisations appear.
func spread(people []somebody, n int) []somebody {
	var order []string
	groups := map[string][]somebody{}
	for _, p := range people {
		if _, seen := groups[p.Organisation]; !seen {
			order = append(order, p.Organisation)
		}
		groups[p.Organisation] = append(groups[p.Organisation], p)
	}
	var out []somebody
	for i := 0; len(out) < min(n, len(people)); i++ {
		for _, o := range order {
			if g := groups[o]; i < len(g) && len(out) < n {
				out = append(out, g[i])
			}
		}
	}
	return out
}

// become signs the visitor in as somebody, and ends whoever they were before.
func (d *Demo) become(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PostFormValue("person"), 10, 64)
	if err != nil {
		return errNobody
	}
	ctx := r.Context()
	var token string
	var actor person.Actor
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if actor, err = person.ActorOf(ctx, tx, id); err != nil {
			return err
		}
		if v.Session != 0 {
			if err := person.EndSession(ctx, tx, v.Actor, v.Session, v.Remote); err != nil {
				return err
			}
		}
		token, err = person.StartSession(ctx, tx, id, r.UserAgent(), v.Remote)
		return err
	})
	if errors.Is(err, db.ErrNoRow) {
		return errNobody
	}
	if err != nil {
		return err
	}
	d.Site.SetSession(w, token)
	if actor.Staff() {
		return page.Goto(w, r, "/tickets")
	}
	return page.Goto(w, r, "/requests")
}

var errNobody = fault.NotFound(i18n.M("There is no such person in this demo any more. Please choose again."))

func roleWord(ctx context.Context, r person.Role) string {
	switch r {
	case person.Agent:
		return i18n.C(ctx, "role", "agent")
	case person.Lead:
		return i18n.C(ctx, "role", "lead")
	case person.Administrator:
		return i18n.C(ctx, "role", "administrator")
	}
	return i18n.C(ctx, "role", "requester")
}

// roleSees says what somebody of that role finds.
func roleSees(ctx context.Context, r person.Role) string {
	switch r {
	case person.Agent:
		return i18n.T(ctx, "Answers tickets: the list of what waits, each with its conversation, notes and history.")
	case person.Lead:
		return i18n.T(ctx, "Does what agents do, and looks after the teams and how the work is shared.")
	case person.Administrator:
		return i18n.T(ctx, "Does all of that, and sets the desk up: mailboxes, teams, organisations and people.")
	}
	return i18n.T(ctx, "Needs help: sees their own requests, what is being done about them, and answers.")
}
