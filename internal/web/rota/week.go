package rota

import (
	"context"
	"net/http"
	"slices"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/shift"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// WeekView is the rota of a team for a week.
type WeekView struct {
	Frame  Frame
	Teams  []person.Team
	Team   person.Team
	Days   []DayView
	From   calendar.Date // the Monday
	Plans  bool          // the reader plans it
	Drafts int           // shifts that are not published yet
	Open   int           // published ones that nobody has
	Gaps   []string      // in words
	// Against is what stands against shifts that people have, for whoever plans.
	Against []Against
	// Left are those who have shifts of this week that they cannot keep, as they are not at the desk, or not in the team, any more.
	Left []shift.Member
	// AtDesk are those on shift now, InBreak those in a break; Covered says that the rota tells.
	Covered bool
	AtDesk  []string
	InBreak []string
	// Elsewhere names the zone that the team plans in, where its clock shows another time than the reader's.
	Elsewhere string
	Typed     PlanForm
	Wrong     map[string]string
}

// DayView is a day of the week.
type DayView struct {
	Date  calendar.Date
	Today bool
	Rows  []ShiftRow
}

// ShiftRow is a shift in a list.
type ShiftRow struct {
	shift.Shift
	Who  string // "" for nobody yet
	For  string // whom they cover for
	Team string // where rows of several teams stand together
	Mine bool
	Now  bool
	Past bool
	// Since says that it began on a day before the one under which it stands.
	Since bool
}

// Against is what stands against a shift, in words.
type Against struct {
	Row   ShiftRow
	Words []string
}

// PlanForm is a shift as it is typed.
type PlanForm struct {
	Name, Day, Hours, Breaks, Skills string
	Unloved                          bool
}

func planForm(r *http.Request) PlanForm {
	return PlanForm{r.PostFormValue("name"), r.PostFormValue("day"), r.PostFormValue("hours"), r.PostFormValue("breaks"), r.PostFormValue("skills"), r.PostFormValue("unloved") != ""}
}

func (f PlanForm) plan(team int64, zone string) shift.Plan {
	day, _ := calendar.ParseDate(f.Day)
	return shift.Plan{TeamID: team, Name: f.Name, Day: day, Zone: zone, Hours: f.Hours, Breaks: f.Breaks, Skills: f.Skills, Unloved: f.Unloved}
}

// week answers GET /rota: the team's week, with ?team= and ?week=, the day that it is of.
func (p *Pages) week(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := p.seen(r, v); err != nil {
		return err
	}
	return p.showWeek(w, r, v, http.StatusOK, PlanForm{}, nil)
}

func (p *Pages) showWeek(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed PlanForm, wrong map[string]string) error {
	view := WeekView{Typed: typed, Wrong: wrong}
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		return p.fillWeek(ctx, tx, r, v.Actor, &view)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, WeekPage(view))
}

// team is the one that is asked for, or the reader's own.
func (p *Pages) team(ctx context.Context, tx *db.Tx, a person.Actor, wanted int64) (team person.Team, all []person.Team, err error) {
	if all, err = shift.Teams(ctx, tx, a); err != nil {
		return team, nil, err
	}
	for i, t := range all {
		if t.ID == wanted || wanted == 0 && i == 0 {
			return t, all, nil
		}
	}
	return team, all, fault.NotFound(i18n.M("There is no such team."))
}

func (p *Pages) fillWeek(ctx context.Context, tx *db.Tx, r *http.Request, a person.Actor, view *WeekView) (err error) {
	if view.Team, view.Teams, err = p.team(ctx, tx, a, number(r.FormValue("team"))); err != nil {
		return err
	}
	zone := i18n.ZoneOf(ctx)
	at := tx.Now
	if day, err := calendar.ParseDate(r.FormValue("week")); err == nil && day.Year() > 1990 && day.Year() < 2150 {
		at = clock.From(day.Time().Add(12 * time.Hour))
	}
	in := shift.WeekOf(at, zone)
	view.From = dayOf(ctx, in.From)
	view.Plans = person.Can(a, person.PlanRota, person.Thing{TeamID: view.Team.ID})
	shifts, err := shift.Between(ctx, tx, view.Team.ID, in)
	if err != nil {
		return err
	}
	if !view.Plans {
		shifts = slices.DeleteFunc(shifts, func(s shift.Shift) bool { return !s.Published })
	}
	crew, err := p.Rota.CrewOf(ctx, tx, a, view.Team.ID, in)
	if err != nil {
		return err
	}
	rows, err := rowsOf(ctx, tx, a, shifts)
	if err != nil {
		return err
	}
	today := dayOf(ctx, tx.Now)
	for d := view.From; d < view.From+7; d++ {
		view.Days = append(view.Days, DayView{Date: d, Today: d == today})
	}
	for _, row := range rows {
		if i := int(max(dayOf(ctx, row.FromAt), view.From) - view.From); i < 7 {
			row.Since = dayOf(ctx, row.FromAt) < view.From
			view.Days[i].Rows = append(view.Days[i].Rows, row)
		}
		view.note(ctx, crew, row)
	}
	if _, at := tx.Now.Time().In(crew.Zone).Zone(); at != offset(tx.Now, zone) {
		view.Elsewhere = crew.Zone.String()
	}
	return view.fillNow(ctx, tx)
}

func offset(at clock.Instant, zone *time.Location) int {
	_, o := at.Time().In(zone).Zone()
	return o
}

// note counts a shift, and says what is missing and what stands against it.
func (v *WeekView) note(ctx context.Context, crew shift.Crew, row ShiftRow) {
	if row.Past {
		return
	}
	if !row.Published {
		v.Drafts++
	}
	if row.PersonID == 0 {
		if row.Published {
			v.Open++
		}
		v.Gaps = append(v.Gaps, i18n.T(ctx, "{{.Shift}}, {{.When}}", "Shift", row.Name, "When", whenWords(ctx, row.Span())))
		return
	}
	if !v.Plans {
		return
	}
	if m, ok := crew.Member(row.PersonID); ok && m.Left() && !slices.ContainsFunc(v.Left, func(l shift.Member) bool { return l.ID == m.ID }) {
		v.Left = append(v.Left, *m)
	}
	if all := crew.Against(row.Shift, row.PersonID); len(all) > 0 {
		v.Against = append(v.Against, Against{row, conflictWords(ctx, all)})
	}
}

func conflictWords(ctx context.Context, all []shift.Conflict) (out []string) {
	for _, c := range all {
		out = append(out, i18n.Print(ctx, c.Words))
	}
	return out
}

// fillNow says who is at the desk at this moment.
func (v *WeekView) fillNow(ctx context.Context, tx *db.Tx) error {
	d, err := shift.OnDuty(ctx, tx, v.Team.ID, tx.Now)
	if err != nil {
		return err
	}
	ids := slices.Clone(d.People)
	for id := range d.Breaks {
		ids = append(ids, id)
	}
	names, err := person.Names(ctx, tx, ids)
	v.Covered = d.Covered
	for _, id := range d.People {
		v.AtDesk = append(v.AtDesk, names[id])
	}
	for id, until := range d.Breaks {
		v.InBreak = append(v.InBreak, i18n.T(ctx, "{{.Name}} until {{.Time}}", "Name", names[id], "Time", i18n.Clock(ctx, until)))
	}
	slices.Sort(v.InBreak)
	return err
}

// rowsOf makes rows of shifts.
func rowsOf(ctx context.Context, tx *db.Tx, a person.Actor, all []shift.Shift) ([]ShiftRow, error) {
	var ids []int64
	for _, s := range all {
		ids = append(ids, s.PersonID, s.ForID)
	}
	slices.Sort(ids)
	names, err := person.Names(ctx, tx, slices.Compact(ids))
	out := make([]ShiftRow, len(all))
	for i, s := range all {
		out[i] = ShiftRow{Shift: s, Who: names[s.PersonID], For: names[s.ForID], Mine: s.PersonID == a.ID && a.ID != 0, Now: s.Published && s.FromAt <= tx.Now && tx.Now < s.UntilAt, Past: s.UntilAt <= tx.Now}
	}
	return out, err
}

func (v WeekView) url(week calendar.Date) string {
	return teamURL(rotaURL, v.Team.ID) + "&week=" + week.String()
}

func (v WeekView) tabs() (out []ui.Tab) {
	for _, t := range v.Teams {
		out = append(out, ui.Tab{Label: t.Name, URL: teamURL(rotaURL, t.ID) + "&week=" + v.From.String(), Here: t.ID == v.Team.ID})
	}
	return out
}

// empty tells that nothing is planned in the week.
func (v WeekView) empty() bool {
	return !slices.ContainsFunc(v.Days, func(d DayView) bool { return len(d.Rows) > 0 })
}

// publish answers POST /rota/publication: the drafts of a week, with team and week.
func (p *Pages) publish(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	day, err := calendar.ParseDate(r.PostFormValue("week"))
	if err != nil {
		return fault.NotFound(i18n.M("There is no such week."))
	}
	team := number(r.PostFormValue("team"))
	in := shift.WeekOf(clock.From(time.Date(day.Time().Year(), day.Time().Month(), day.Time().Day(), 12, 0, 0, 0, i18n.ZoneOf(ctx))), i18n.ZoneOf(ctx))
	var shown, open int
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		shown, open, err = p.Rota.Publish(ctx, tx, v.Actor, team, in)
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case shown == 0:
		p.Site.Tell(w, i18n.T(ctx, "Everything in this week was published already."))
	case open == 0:
		p.Site.Tell(w, i18n.N(ctx, "{{.Count}} shift is published. Whoever has it gets an invitation.", "{{.Count}} shifts are published. Whoever has one gets an invitation.", shown))
	default:
		p.Site.Tell(w, i18n.N(ctx, "{{.Count}} shift is published; {{.Open}} of these nobody has yet.", "{{.Count}} shifts are published; {{.Open}} of these nobody has yet.", shown, "Open", open))
	}
	return page.Goto(w, r, teamURL(rotaURL, team)+"&week="+day.String())
}

// add answers POST /rota/shifts: a shift by hand.
func (p *Pages) add(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	form, team := planForm(r), number(r.PostFormValue("team"))
	var id int64
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		set, err := shift.SettingsOf(ctx, tx, team)
		if err != nil {
			return err
		}
		id, err = p.Rota.Add(ctx, tx, v.Actor, form.plan(team, p.Rota.ZoneOf(set).String()))
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showWeek(w, r, v, http.StatusUnprocessableEntity, form, wrong)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "The shift is there, as a draft. Say who has it."))
	return page.Goto(w, r, shift.Shift{ID: id}.URL())
}
