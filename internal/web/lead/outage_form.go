package lead

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// OutageForm is an outage that is being written down.
type OutageForm struct {
	Frame
	// ID is of one that is changed, 0 for a new one; Was its ChangedAt then.
	ID  int64
	Was clock.Instant
	// Ticket is the one that is linked to it once it is posted, and Others the current ones to which it may belong instead.
	Ticket int64
	Others []outage.Hit
	New    outage.New
	// Since, Until and Next are as typed.
	Since, Until, Next   string
	Organisations, Teams []ui.Choice
	// Several says that the desk serves several organisations.
	Several bool
	Wrong   map[string]string
}

// newOutage answers GET /outages/new, with ?ticket=… for one that a ticket speaks of and ?planned for planned work.
func (l *Lead) newOutage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	f := OutageForm{New: outage.New{Planned: q.Has("planned"), Audience: outage.Everybody, Form: orToken("")}}
	f.Ticket, _ = strconv.ParseInt(q.Get("ticket"), 10, 64)
	ctx := r.Context()
	err := l.Site.DB.Read(ctx, func(tx *db.Tx) error {
		if f.Ticket != 0 {
			n, err := outage.FromTicket(ctx, tx, v.Actor, f.Ticket)
			if err != nil {
				return err
			}
			n.Form, n.Planned = f.New.Form, f.New.Planned
			f.New, f.Since = n, typedMoment(ctx, n.Since)
		}
		if f.New.Planned {
			f.Since, f.Until = inAnHour(ctx, tx.Now.Add(23*time.Hour)), inAnHour(ctx, tx.Now.Add(25*time.Hour))
		} else {
			f.Next = inAnHour(ctx, tx.Now)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return l.showForm(w, r, v, http.StatusOK, f)
}

// editOutage answers GET /outages/{id}/edit.
func (l *Lead) editOutage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	f := OutageForm{ID: id}
	err = l.Site.DB.Read(ctx, func(tx *db.Tx) error {
		o, err := outage.Get(ctx, tx, v.Actor, id)
		f.New = outage.New{Planned: o.Planned, Title: o.Title, What: o.What, Words: o.Words, Audience: o.Audience, Organisations: o.Organisations, Team: o.TeamID}
		f.Was, f.Since, f.Until, f.Next = o.ChangedAt, typedMoment(ctx, o.SinceAt), typedMoment(ctx, o.UntilAt), typedMoment(ctx, o.NextAt)
		return err
	})
	if err != nil {
		return err
	}
	return l.showForm(w, r, v, http.StatusOK, f)
}

func (l *Lead) showForm(w http.ResponseWriter, r *http.Request, v page.Visit, status int, f OutageForm) error {
	err := l.read(r, v, &f.Frame, func(ctx context.Context, tx *db.Tx) error {
		all, err := person.Organisations(ctx, tx)
		if err != nil {
			return err
		}
		f.Several, f.Organisations, f.Teams, f.Others = len(all) > 1, nil, nil, nil
		for _, o := range all {
			f.Organisations = append(f.Organisations, ui.Choice{Value: decimal(o.ID), Label: o.Name, Chosen: slices.Contains(f.New.Organisations, o.ID)})
		}
		teams, err := person.VisibleTeams(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		for _, t := range teams {
			f.Teams = append(f.Teams, ui.Choice{Value: decimal(t.ID), Label: t.Name, Chosen: t.ID == f.New.Team})
		}
		if f.Ticket != 0 {
			f.Others, err = l.Outages.LikeForStaff(ctx, tx, v.Actor, f.New.Title)
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, OutageFormPage(f))
}

// saveOutage answers POST /outages and POST /outages/{id}.
func (l *Lead) saveOutage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	if err := page.Form(r); err != nil {
		return err
	}
	f := readOutage(ctx, r)
	if r.PathValue("id") != "" {
		var err error
		if f.ID, err = page.Number(r, "id"); err != nil {
			return err
		}
	}
	var o outage.Outage
	err := l.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if f.ID != 0 {
			o, err = l.Outages.Change(ctx, tx, v.Actor, f.ID, f.New, f.Was)
			return err
		}
		if o, err = l.Outages.Post(ctx, tx, v.Actor, f.New); err != nil || f.Ticket == 0 {
			return err
		}
		return l.Outages.Link(ctx, tx, ticket.By{Actor: v.Actor}, o.ID, f.Ticket)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		f.Wrong = wrong
		return l.showForm(w, r, v, http.StatusUnprocessableEntity, f)
	}
	if fault.Is(err, fault.KindConflict) {
		f.Wrong = map[string]string{"": conflictWords(ctx, err)}
		return l.showForm(w, r, v, http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	if f.ID == 0 {
		l.Site.Tell(w, i18n.T(ctx, "Posted. Whoever types such words sees it now."))
	} else {
		l.Site.Tell(w, i18n.T(ctx, "Saved."))
	}
	return page.Goto(w, r, outageURL(o.ID))
}

// readOutage reads what was typed.
func readOutage(ctx context.Context, r *http.Request) (f OutageForm) {
	f.Since, f.Until, f.Next = r.PostFormValue("since"), r.PostFormValue("until"), r.PostFormValue("next")
	f.Ticket, f.Was = number(r.PostFormValue("ticket")), clock.Instant(number(r.PostFormValue("was")))
	f.New = outage.New{
		Planned: r.PostFormValue("planned") != "", Title: r.PostFormValue("title"), What: r.PostFormValue("what"), Words: r.PostFormValue("words"), Audience: outage.Audience(r.PostFormValue("audience")),
		Team: number(r.PostFormValue("team")), Since: readMoment(ctx, f.Since), Until: readMoment(ctx, f.Until), NextAt: readMoment(ctx, f.Next), Form: r.PostFormValue("form"),
	}
	for _, id := range r.PostForm["organisations"] {
		f.New.Organisations = append(f.New.Organisations, number(id))
	}
	if f.New.Audience != outage.OwnTeam {
		f.New.Team = 0
	}
	return f
}

// audiences are whom an outage can concern; some organisations only where there are several.
func (f OutageForm) audiences(ctx context.Context) []ui.Choice {
	all := []ui.Choice{{Value: string(outage.Everybody), Label: i18n.T(ctx, "Everybody"), Chosen: f.New.Audience == outage.Everybody}}
	if f.Several || f.New.Audience == outage.SomeOrganisations {
		all = append(all, ui.Choice{Value: string(outage.SomeOrganisations), Label: i18n.T(ctx, "Only these organisations"), Chosen: f.New.Audience == outage.SomeOrganisations})
	}
	return append(all, ui.Choice{Value: string(outage.OwnTeam), Label: i18n.T(ctx, "Staff only"), Chosen: f.New.Audience == outage.OwnTeam})
}
