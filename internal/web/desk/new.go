package desk

import (
	"context"
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// newForm is what was typed into the form of a new ticket.
type newForm struct {
	who, subject, text, team, assignee, priority, kind string
}

func readNewForm(r *http.Request) newForm {
	f := r.PostFormValue
	return newForm{f("who"), f("subject"), f("text"), f("team"), f("assignee"), f("priority"), f("kind")}
}

// newPage answers GET /tickets/new.
func (d *Desk) newPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.showNew(w, r, v, newForm{who: r.URL.Query().Get("who")}, nil)
}

// create answers POST /tickets: what somebody says on the phone becomes a ticket of theirs.
func (d *Desk) create(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	form := readNewForm(r)
	files, err := d.files(r)
	if err != nil {
		return err
	}
	var t ticket.Ticket
	err = d.do(r, v, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
		if err := tx.Lock(ctx, "person", v.Actor.ID); err != nil { // the same form may come twice at the same moment
			return err
		}
		n, err := form.ticket(ctx, tx, v)
		if err != nil {
			return err
		}
		n.Message.Files = files
		if t.ID, err = madeBefore(ctx, tx, by, n); err != nil || t.ID != 0 {
			return err
		}
		t, err = d.Tickets.Create(ctx, tx, by, n)
		return err
	})
	if wrong, ok := page.FieldErrors(r.Context(), err); ok {
		return d.showNew(w, r, v, form, wrong)
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, ticketURL(t.ID))
}

// ticket reads the form, and tells of everything that is wrong with it at once.
func (f newForm) ticket(ctx context.Context, tx *db.Tx, v page.Visit) (n ticket.New, err error) {
	n = ticket.New{Subject: f.subject, Channel: ticket.ByPhone, Priority: ticket.Priority(f.priority), Kind: ticket.Kind(f.kind), Message: ticket.Draft{Text: f.text, Channel: ticket.ByPhone}}
	var wrong []fault.Field
	note := func(err error) error {
		f, ok := fault.Of(err)
		if !ok || f.Kind != fault.KindInvalid {
			return err
		}
		wrong = append(wrong, f.Fields...)
		return nil
	}
	p, err := whoIs(ctx, tx, f.who, true)
	if err := note(err); err != nil {
		return n, err
	}
	n.Requester = p.ID
	if n.Assignee, err = assigneeOf(v, f.assignee); note(err) != nil {
		return n, err
	}
	if f.team != "" {
		t, err := teamOf(ctx, tx, v, f.team)
		if err := note(err); err != nil {
			return n, err
		}
		n.Team = t.ID
	}
	if n.Message.Text == "" {
		wrong = append(wrong, fault.F("text", i18n.M("Please write down what they say, a few words are enough.")))
	}
	return n, fault.Check(wrong)
}

func (d *Desk) showNew(w http.ResponseWriter, r *http.Request, v page.Visit, form newForm, wrong map[string]string) error {
	view := NewTicketView{
		Who: form.who, Subject: form.subject, Text: form.text, MaxBytes: page.MaxFiles,
		WhoError: wrong["who"], SubjectError: wrong["subject"], TextError: wrong["text"],
		More: wrong["team"]+wrong["assignee"]+wrong["priority"]+wrong["kind"] != "" || form.team+form.assignee != "",
	}
	ctx := r.Context()
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		if view.People, err = lately(ctx, l); err != nil {
			return err
		}
		return view.choices(ctx, l, form)
	})
	if err != nil {
		return err
	}
	for _, name := range []string{"team", "assignee", "priority", "kind"} {
		if wrong[name] != "" {
			view.Frame.Flash = append(view.Frame.Flash, page.Note{Text: wrong[name], Bad: true})
		}
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return d.show(w, r, v, status, view.Frame, NewTicketPage(view), nil)
}

// choices fills the selects under "more", with what was chosen before an error.
func (n *NewTicketView) choices(ctx context.Context, l *look, form newForm) error {
	teams, err := l.allTeams(ctx)
	if err != nil {
		return err
	}
	n.Teams = []ui.Choice{{Label: i18n.T(ctx, "the usual one"), Chosen: form.team == ""}}
	for _, t := range teams {
		n.Teams = append(n.Teams, ui.Choice{Value: t.Slug, Label: t.Name, Chosen: t.Slug == form.team})
	}
	staff, err := l.allStaff(ctx)
	if err != nil {
		return err
	}
	n.Agents = []ui.Choice{{Label: i18n.T(ctx, "nobody yet"), Chosen: form.assignee == ""}, {Value: "me", Label: i18n.T(ctx, "me"), Chosen: form.assignee == "me"}}
	for _, a := range staff {
		if a.ID != l.visit.Actor.ID {
			n.Agents = append(n.Agents, ui.Choice{Value: decimal(a.ID), Label: a.Name, Chosen: decimal(a.ID) == form.assignee})
		}
	}
	n.Priorities = choicesOf(ctx, texts(ticket.Priorities()), orElse(form.priority, string(ticket.Normal)), ui.PriorityWord)
	n.Kinds = choicesOf(ctx, texts(ticket.Kinds()), orElse(form.kind, string(ticket.Incident)), ui.KindWord)
	return nil
}

// lately suggests those who asked last: of so many newest tickets, so many people.
func lately(ctx context.Context, l *look) ([]ui.Suggestion, error) {
	const tickets, people = 100, 30
	type row struct {
		Name, Address string
		At            clock.Instant
	}
	args := db.Args{tickets, people}
	rows, err := db.All[row](ctx, l.tx, `SELECT p.name, coalesce(a.address, '') AS address, max(x.activity_at) AS at
		FROM (SELECT t.requester_id, t.activity_at FROM ticket t WHERE `+person.Visible(l.visit.Actor, person.SeeTicket, &args)+` ORDER BY t.activity_at DESC LIMIT $1) x
		JOIN person p ON p.id = x.requester_id LEFT JOIN person_address a ON a.person_id = p.id AND a.first
		WHERE p.active AND p.merged_into IS NULL GROUP BY p.id, p.name, a.address ORDER BY at DESC LIMIT $2`, args...)
	out := []ui.Suggestion{} // an empty list, so that the field has one to be filled by scripts
	for _, r := range rows {
		out = append(out, suggestion(person.Person{Name: r.Name, Address: r.Address}))
	}
	return out, err
}

// suggestion is somebody in the list under a field: what is filled in says who it is without doubt.
func suggestion(p person.Person) ui.Suggestion {
	return ui.Suggestion{Value: called(p)}
}
