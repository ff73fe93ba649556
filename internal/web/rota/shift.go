package rota

import (
	"context"
	"net/http"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/shift"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// ShiftView is one shift with all that the reader can do with it.
type ShiftView struct {
	Frame Frame
	Row   ShiftRow
	Team  string
	// Against is what stands against the reader taking it, or for whoever plans against whoever has it.
	Against []string
	// Left is the name of whoever has it and does not work in the team any more.
	Left    string
	MayTake bool
	Plans   bool
	// Swaps are shifts of colleagues that could be had for it.
	Swaps []ui.Choice
	// People are those who may be given it; Next is whom the rule asks.
	People  []ui.Choice
	Next    string
	Answers []AnswerView
	Typed   PlanForm
	Wrong   map[string]string
	// Anyway offers to do in spite of what stands against it.
	Anyway bool
}

// AnswerView is what somebody answered to the invitation.
type AnswerView struct {
	shift.Invite
	Name string
}

// shift answers GET /rota/shifts/{id}.
func (p *Pages) shift(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := p.seen(r, v); err != nil {
		return err
	}
	return p.showShift(w, r, v, http.StatusOK, nil, nil, nil)
}

func (p *Pages) showShift(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *PlanForm, wrong map[string]string, against []shift.Conflict) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	view := ShiftView{Wrong: wrong}
	err = p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		s, err := shift.See(ctx, tx, v.Actor, id)
		if err != nil {
			return err
		}
		return p.fillShift(ctx, tx, v.Actor, s, &view)
	})
	if err != nil {
		return err
	}
	if typed != nil {
		view.Typed = *typed
	}
	if against != nil {
		view.Against, view.Anyway = conflictWords(r.Context(), against), shift.Worst(against) < shift.Never
	}
	return page.Render(w, r, status, ShiftPage(view))
}

func (p *Pages) fillShift(ctx context.Context, tx *db.Tx, a person.Actor, s shift.Shift, view *ShiftView) error {
	rows, err := rowsOf(ctx, tx, a, []shift.Shift{s})
	if err != nil {
		return err
	}
	view.Row = rows[0]
	team, _, err := p.team(ctx, tx, a, s.TeamID)
	if err != nil {
		return err
	}
	view.Team, view.Plans = team.Name, person.Can(a, person.PlanRota, person.Thing{TeamID: s.TeamID})
	crew, err := p.Rota.CrewOf(ctx, tx, a, s.TeamID, s.Span(), a.ID)
	if err != nil {
		return err
	}
	switch {
	case s.PersonID == 0 && !view.Row.Past && !view.Plans || s.PersonID == 0 && inTeam(crew, a.ID):
		all := crew.Against(s, a.ID)
		view.MayTake = shift.Worst(all) == shift.Note && s.Published && !view.Row.Past
		if !view.Plans {
			view.Against = conflictWords(ctx, all)
		}
	case s.PersonID != 0 && (view.Plans || view.Row.Mine) && !view.Row.Past:
		view.Against = conflictWords(ctx, crew.Against(s, s.PersonID))
		if m, ok := crew.Member(s.PersonID); ok && m.Left() && view.Plans {
			view.Left = m.Name
		}
	}
	if view.Row.Mine && s.Published && s.FromAt > tx.Now {
		if view.Swaps, err = swapChoices(ctx, tx, a, s, crew); err != nil {
			return err
		}
	}
	if err := view.fillPlanner(ctx, tx, s, crew); err != nil {
		return err
	}
	all, err := shift.InvitesOf(ctx, tx, a, s)
	for _, i := range all {
		m, _ := crew.Member(i.PersonID)
		if m != nil {
			view.Answers = append(view.Answers, AnswerView{i, m.Name})
		}
	}
	return err
}

func inTeam(c shift.Crew, id int64) bool {
	m, ok := c.Member(id)
	return ok && m.InTeam
}

// fillPlanner adds what whoever plans needs.
func (v *ShiftView) fillPlanner(ctx context.Context, tx *db.Tx, s shift.Shift, crew shift.Crew) error {
	if !v.Plans || v.Row.Past {
		return nil
	}
	v.People = append(v.People, ui.Choice{Value: "0", Label: i18n.T(ctx, "nobody: it is open"), Chosen: s.PersonID == 0})
	for _, m := range crew.Members {
		if !m.InTeam && m.ID != s.PersonID {
			continue
		}
		label := m.Name
		if all := crew.Against(s, m.ID); len(all) > 0 && m.ID != s.PersonID {
			label += " – " + i18n.Print(ctx, all[0].Words)
		}
		v.People = append(v.People, ui.Choice{Value: decimal(m.ID), Label: label, Chosen: m.ID == s.PersonID})
	}
	zone := zoneOf(s.Zone)
	day := calendar.DateAt(s.FromAt.Time().In(zone))
	v.Typed = PlanForm{Name: s.Name, Day: day.String(), Skills: s.Skills}
	v.Typed.Hours, v.Typed.Breaks = wallHours(s, zone)
	if s.PersonID != 0 {
		return nil
	}
	n, ok, err := shift.NextAsked(ctx, tx, crew, s)
	if ok {
		v.Next = i18n.T(ctx, "By the rule {{.Name}} would be asked: {{.Why}}.", "Name", n.Name, "Why", i18n.Print(ctx, n.Why))
	} else {
		v.Next = i18n.T(ctx, "Nobody can have it without something standing against it.")
	}
	return err
}

func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && name != "" {
		return zone
	}
	return time.UTC
}

// wallHours are the times of a shift as the clock on its wall shows them, for a form.
func wallHours(s shift.Shift, zone *time.Location) (hours, breaks string) {
	span := func(x shift.Span) calendar.Span {
		from, until := x.From.Time().In(zone), x.Until.Time().In(zone)
		days := int(calendar.DateAt(until) - calendar.DateAt(from))
		return calendar.Span{From: from.Hour()*60 + from.Minute(), To: days*24*60 + until.Hour()*60 + until.Minute()}
	}
	var all []calendar.Span
	for _, b := range s.Breaks {
		all = append(all, span(b))
	}
	if len(all) > 0 {
		breaks = calendar.Words(all...)
	}
	return calendar.Words(span(s.Span())), breaks
}

// swapChoices are the shifts of colleagues, within four weeks, that somebody could have for theirs.
func swapChoices(ctx context.Context, tx *db.Tx, a person.Actor, s shift.Shift, crew shift.Crew) (out []ui.Choice, err error) {
	all, err := shift.Between(ctx, tx, s.TeamID, shift.Span{From: tx.Now, Until: tx.Now.Add(28 * 24 * time.Hour)})
	for _, o := range all {
		if o.PersonID == 0 || o.PersonID == a.ID || !o.Published || o.FromAt <= tx.Now {
			continue
		}
		if m, ok := crew.Member(o.PersonID); ok && len(out) < 60 {
			out = append(out, ui.Choice{Value: decimal(o.ID), Label: m.Name + ": " + o.Name + ", " + whenWords(ctx, o.Span())})
		}
	}
	return out, err
}

// take answers POST /rota/shifts/{id}/taking.
func (p *Pages) take(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.act(w, r, func(ctx context.Context, tx *db.Tx, id int64) error { return p.Rota.Take(ctx, tx, v.Actor, id) }, i18n.M("The shift is yours. Thank you."))
}

// giveBack answers POST /rota/shifts/{id}/return.
func (p *Pages) giveBack(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.act(w, r, func(ctx context.Context, tx *db.Tx, id int64) error { return p.Rota.GiveBack(ctx, tx, v.Actor, id) }, i18n.M("The shift is open now, and whoever plans the rota knows."))
}

// act does something with a shift, and says on its page that it was done, or what stands against it.
func (p *Pages) act(w http.ResponseWriter, r *http.Request, do func(ctx context.Context, tx *db.Tx, id int64) error, done i18n.Text) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx, id) })
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		p.Site.Warn(w, i18n.Print(ctx, f.Message))
	} else if err != nil {
		return err
	} else {
		p.Site.Tell(w, i18n.Print(ctx, done))
	}
	return page.Goto(w, r, cameFrom(r, shift.Shift{ID: id}.URL()))
}

// assign answers POST /rota/shifts/{id}/assignment: person, and anyway.
func (p *Pages) assign(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var against []shift.Conflict
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		against, err = p.Rota.Assign(ctx, tx, v.Actor, id, number(r.PostFormValue("person")), r.PostFormValue("anyway") != "")
		return err
	})
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict && len(against) > 0 {
		return p.showShift(w, r, v, http.StatusConflict, nil, map[string]string{"person": i18n.Print(ctx, f.Message)}, against)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, shift.Shift{ID: id}.URL())
}

// change answers POST /rota/shifts/{id}: other times, breaks, name, skills.
func (p *Pages) change(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, form := r.Context(), planForm(r)
	var against []shift.Conflict
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := shift.See(ctx, tx, v.Actor, id)
		if err != nil {
			return err
		}
		against, err = p.Rota.Change(ctx, tx, v.Actor, id, form.plan(s.TeamID, s.Zone), r.PostFormValue("anyway") != "")
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showShift(w, r, v, http.StatusUnprocessableEntity, &form, wrong, nil)
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict && len(against) > 0 {
		return p.showShift(w, r, v, http.StatusConflict, &form, map[string]string{"hours": i18n.Print(ctx, f.Message)}, against)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, shift.Shift{ID: id}.URL())
}

// remove answers POST /rota/shifts/{id}/removal.
func (p *Pages) remove(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var s shift.Shift
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if s, err = shift.See(ctx, tx, v.Actor, id); err != nil {
			return err
		}
		return p.Rota.Remove(ctx, tx, v.Actor, id)
	})
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "The shift is out of the rota."))
	return page.Goto(w, r, teamURL(rotaURL, s.TeamID)+"&week="+dayOf(ctx, s.FromAt).String())
}

// answerTime answers POST /rota/invitations/{id}: answer is "agree" or "keep".
func (p *Pages) answerTime(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if r.PostFormValue("answer") != "agree" {
			return p.Rota.KeepTime(ctx, tx, v.Actor, id)
		}
		_, err := p.Rota.AgreeTime(ctx, tx, v.Actor, id, r.PostFormValue("anyway") != "")
		return err
	})
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		p.Site.Warn(w, i18n.Print(ctx, f.Message))
	} else if err != nil {
		return err
	} else {
		p.Site.Tell(w, i18n.T(ctx, "Saved. They are told by mail."))
	}
	return page.Goto(w, r, cameFrom(r, rotaURL))
}
