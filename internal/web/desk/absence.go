package desk

import (
	"context"
	"net/http"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// momentForm is how a form writes a moment in the reader's zone.
const momentForm = "2006-01-02T15:04"

// AbsenceView is when somebody is away.
type AbsenceView struct {
	Frame Frame
	// Mine says that it is the visitor's own; else Name is whose.
	Mine              bool
	Name, URL, Back   string
	Absences          []AbsenceRow
	StandsIn          []string
	Wrong             bool
	From, Until, Note ui.Input
	HandOvers         []ui.Choice
	HandOverError     string
	Deputies          []ui.Choice
	DeputyError       string
}

// AbsenceRow is one absence.
type AbsenceRow struct {
	Now              bool
	When, What, Note string
	EndURL           string
}

// absenceForm is what was typed.
type absenceForm struct{ from, until, note, handOver, deputy string }

// whose is the person whom an address of absences is about.
func whose(r *http.Request, v page.Visit) (id int64, mine bool, err error) {
	if strings.HasPrefix(r.URL.Path, "/account") {
		return v.Actor.ID, true, nil
	}
	id, err = page.Number(r, "colleague")
	return id, id == v.Actor.ID, err
}

func absenceURL(id int64, mine bool) string {
	if mine {
		return "/account/absence"
	}
	return personURL(id) + "/absence"
}

// absence answers GET /account/absence and GET /people/{colleague}/absence.
func (d *Desk) absence(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.absencePage(w, r, v, http.StatusOK, absenceForm{handOver: string(routing.ToTeam)}, nil)
}

func (d *Desk) absencePage(w http.ResponseWriter, r *http.Request, v page.Visit, status int, f absenceForm, wrong map[string]string) error {
	id, mine, err := whose(r, v)
	if err != nil {
		return err
	}
	ctx := r.Context()
	view := AbsenceView{
		Mine: mine, URL: absenceURL(id, mine), Back: "/account", Wrong: len(wrong) > 0, HandOverError: wrong["hand_over"], DeputyError: wrong["deputy"],
		From:  ui.Input{Name: "from", Label: i18n.T(ctx, "From"), Type: "datetime-local", Value: f.from, Error: wrong["from"], Required: true},
		Until: ui.Input{Name: "until", Label: i18n.T(ctx, "Back on"), Type: "datetime-local", Value: f.until, Error: wrong["until"], Required: true},
		Note:  ui.Input{Name: "note", Label: i18n.T(ctx, "Something for colleagues"), Hint: i18n.T(ctx, "It stands on each ticket that is handed over. Nothing needs to be said."), Value: f.note, Error: wrong["note"], Autocomplete: "off"},
	}
	err = d.read(ctx, v, func(l *look) error {
		if !person.Can(v.Actor, person.SetAbsence, person.Thing{OwnerID: id}) {
			return fault.Denied(i18n.M("Only leads say when somebody else is away."))
		}
		who, err := person.Get(ctx, l.tx, id)
		if err != nil {
			return err
		}
		if !who.Role.AtLeast(person.Agent) {
			return fault.NotFound(i18n.M("There is no such person at the desk."))
		}
		view.Name = who.Name
		if !mine {
			view.Back = personURL(id)
		}
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		return d.fillAbsences(ctx, l, id, f, &view)
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, status, view.Frame, AbsencePage(view), nil)
}

// fillAbsences adds what the store knows.
func (d *Desk) fillAbsences(ctx context.Context, l *look, id int64, f absenceForm, view *AbsenceView) error {
	staff, err := l.allStaff(ctx)
	if err != nil {
		return err
	}
	view.Deputies = []ui.Choice{{Label: i18n.T(ctx, "nobody"), Chosen: f.deputy == ""}}
	names := map[int64]string{}
	for _, p := range staff {
		names[p.ID] = p.Name
		if p.ID != id {
			view.Deputies = append(view.Deputies, ui.Choice{Value: decimal(p.ID), Label: p.Name, Chosen: decimal(p.ID) == f.deputy})
		}
	}
	for _, h := range routing.HandOvers() {
		view.HandOvers = append(view.HandOvers, ui.Choice{Value: string(h), Label: handOverWord(ctx, h), Chosen: string(h) == f.handOver})
	}
	all, err := routing.Absences(ctx, l.tx, id)
	for _, a := range all {
		what := handOverWord(ctx, a.HandOver)
		if a.HandOver == routing.ToDeputy {
			what = i18n.T(ctx, "{{.Name}} stands in", "Name", orElse(names[a.DeputyID], i18n.T(ctx, "somebody who left")))
		}
		view.Absences = append(view.Absences, AbsenceRow{
			Now: a.FromAt <= l.tx.Now, When: i18n.T(ctx, "{{.From}} until {{.Until}}", "From", i18n.DateTime(ctx, a.FromAt), "Until", i18n.DateTime(ctx, a.UntilAt)), What: what, Note: a.Note,
			EndURL: view.URL + "/" + decimal(a.ID) + "/end",
		})
	}
	if err != nil {
		return err
	}
	others, err := routing.StandsInFor(ctx, l.tx, id)
	for _, a := range others {
		view.StandsIn = append(view.StandsIn, i18n.T(ctx, "{{.Name}}, {{.From}} until {{.Until}}", "Name", names[a.PersonID], "From", i18n.DateTime(ctx, a.FromAt), "Until", i18n.DateTime(ctx, a.UntilAt)))
	}
	return err
}

func handOverWord(ctx context.Context, h routing.HandOver) string {
	switch h {
	case routing.ToDeputy:
		return i18n.T(ctx, "A deputy has the open tickets")
	case routing.ToNobody:
		return i18n.T(ctx, "Nobody has the open tickets: whoever can takes them")
	case routing.Keeps:
		return i18n.T(ctx, "The open tickets stay, for a short absence")
	}
	return i18n.T(ctx, "The team has the open tickets, as it shares new ones")
}

// readMoment reads a moment of a form; "" is 0, and so is what is none.
func readMoment(ctx context.Context, text string) clock.Instant {
	for _, form := range []string{momentForm, momentForm + ":05"} {
		if at, err := time.ParseInLocation(form, strings.TrimSpace(text), i18n.ZoneOf(ctx)); err == nil {
			return clock.From(at)
		}
	}
	return 0
}

// saveAbsence answers POST /account/absence and POST /people/{colleague}/absence.
func (d *Desk) saveAbsence(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, mine, err := whose(r, v)
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	f := absenceForm{from: r.PostFormValue("from"), until: r.PostFormValue("until"), note: r.PostFormValue("note"), handOver: r.PostFormValue("hand_over"), deputy: r.PostFormValue("deputy")}
	a := routing.Absence{PersonID: id, FromAt: readMoment(ctx, f.from), UntilAt: readMoment(ctx, f.until), Note: f.note, HandOver: routing.HandOver(f.handOver), DeputyID: idOf(f.deputy)}
	err = d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := routing.SaveAbsence(ctx, tx, v.Actor, a)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.absencePage(w, r, v, http.StatusUnprocessableEntity, f, wrong)
	}
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Saved: away until {{.When}}.", "When", i18n.DateTime(ctx, a.UntilAt)))
	return page.Goto(w, r, absenceURL(id, mine))
}

// endAbsence answers POST /account/absence/{absence}/end and POST /people/{colleague}/absence/{absence}/end.
func (d *Desk) endAbsence(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, mine, err := whose(r, v)
	if err != nil {
		return err
	}
	absence, err := page.Number(r, "absence")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return d.Router.EndAbsence(ctx, tx, v.Actor, id, absence) }); err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "The absence is over."))
	return page.Goto(w, r, absenceURL(id, mine))
}

// awayWords says of somebody who is away when they are back; "" for who is here.
func awayWords(ctx context.Context, now clock.Instant, until clock.Instant) string {
	if until <= now {
		return ""
	}
	return i18n.T(ctx, "away until {{.Day}}", "Day", routing.Day(ctx, now, until))
}

// markAway adds to those who can be chosen when they are back who are away.
func markAway(ctx context.Context, l *look, choices []ui.Choice) error {
	away, err := routing.AwayUntil(ctx, l.tx)
	if err != nil || len(away) == 0 {
		return err
	}
	for i, c := range choices {
		if words := awayWords(ctx, l.tx.Now, away[idOf(c.Value)]); words != "" {
			choices[i].Label += " · " + words
		}
	}
	return nil
}

// workOf adds to a person's page what matters of somebody at the desk: that they are away, and what they know.
func (d *Desk) workOf(ctx context.Context, l *look, p person.Person, view *PersonView) error {
	if d.Router == nil || !p.Role.AtLeast(person.Agent) || !p.Active {
		return nil
	}
	if person.Can(l.visit.Actor, person.SetAbsence, person.Thing{OwnerID: p.ID}) {
		view.AwayURL = absenceURL(p.ID, p.ID == l.visit.Actor.ID)
	}
	a, away, err := routing.AwayNow(ctx, l.tx, p.ID)
	if err != nil {
		return err
	}
	if away {
		view.Away = awayWords(ctx, l.tx.Now, a.UntilAt)
	}
	view.Skills, err = routing.TagsOf(ctx, l.tx, p.ID)
	return err
}
