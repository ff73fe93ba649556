package rota

import (
	"context"
	"net/http"
	"strconv"
	"strings"
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

// PatternsView is what the shifts of a team are made of.
type PatternsView struct {
	Frame Frame
	Team  person.Team
	Rows  []PatternRow
}

// PatternRow is a pattern in words.
type PatternRow struct {
	shift.Pattern
	Days, Times, Breaks string
}

// PatternView is a pattern as it is typed.
type PatternView struct {
	Frame Frame
	Team  person.Team
	ID    int64 // 0 for a new one
	Typed PatternForm
	Wrong map[string]string
	// Shown are the shifts that would come of it; Tried says that they were asked for.
	Tried bool
	Shown []ShiftRow
}

// PatternForm is what was typed.
type PatternForm struct {
	Name, Rule, First, Hours, Breaks, Zone, Needed, Skills string
	Days                                                   []string // the boxes of a week, as RFC 5545 names them: "MO"
	Unloved                                                bool
}

// weekdays are the days of a week as RFC 5545 names them, from Monday on.
var weekdays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

func weekday(i int) time.Weekday { return time.Weekday((i + 1) % 7) }

func patternForm(r *http.Request) PatternForm {
	return PatternForm{
		Name: r.PostFormValue("name"), Rule: r.PostFormValue("rule"), First: r.PostFormValue("first"), Hours: r.PostFormValue("hours"), Breaks: r.PostFormValue("breaks"),
		Zone: r.PostFormValue("zone"), Needed: r.PostFormValue("needed"), Skills: r.PostFormValue("skills"), Days: r.PostForm["days"], Unloved: r.PostFormValue("unloved") != "",
	}
}

// pattern reads what was typed; the boxes of a week count where no rule is given.
func (f PatternForm) pattern(id, team int64) (shift.Pattern, error) {
	p := shift.Pattern{ID: id, TeamID: team, Name: f.Name, Rule: strings.TrimSpace(f.Rule), Zone: strings.TrimSpace(f.Zone), Skills: f.Skills, Unloved: f.Unloved}
	if p.Rule == "" && len(f.Days) > 0 {
		p.Rule = "FREQ=WEEKLY;BYDAY=" + strings.Join(f.Days, ",")
	}
	p.Needed, _ = strconv.Atoi(strings.TrimSpace(f.Needed))
	day, err := calendar.ParseDate(f.First)
	if err != nil {
		return p, fault.Invalid(fault.F("first", i18n.M("From which day on? Please give a day between 2000 and 2100.")))
	}
	p.FirstDay = day
	return p, p.SetHours(f.Hours, f.Breaks)
}

// formOf writes a pattern into the form. A rule that the boxes say is shown in them.
func formOf(p shift.Pattern) PatternForm {
	f := PatternForm{Name: p.Name, Rule: p.Rule, First: p.FirstDay.String(), Zone: p.Zone, Needed: strconv.Itoa(p.Needed), Skills: p.Skills, Unloved: p.Unloved}
	f.Hours, f.Breaks = p.Hours()
	if days, ok := boxes(p.Rule); ok {
		f.Days, f.Rule = days, ""
	}
	return f
}

// boxes are the days of a rule that says no more than those of each week.
func boxes(rule string) ([]string, bool) {
	list, ok := strings.CutPrefix(strings.ToUpper(rule), "FREQ=WEEKLY;BYDAY=")
	if !ok || strings.ContainsAny(list, ";=0123456789") {
		return nil, false
	}
	return strings.Split(list, ","), true
}

// has tells that a day's box is ticked.
func (f PatternForm) has(day string) bool {
	for _, d := range f.Days {
		if d == day {
			return true
		}
	}
	return false
}

// patterns answers GET /rota/patterns?team=.
func (p *Pages) patterns(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view PatternsView
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Team, err = p.planned(ctx, tx, v.Actor, number(r.URL.Query().Get("team"))); err != nil {
			return err
		}
		all, err := shift.Patterns(ctx, tx, v.Actor, view.Team.ID)
		for _, x := range all {
			row := PatternRow{Pattern: x, Days: ruleWords(ctx, x.Rule)}
			row.Times, row.Breaks = x.Hours()
			view.Rows = append(view.Rows, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, PatternsPage(view))
}

// planned is a team whose rota the reader plans.
func (p *Pages) planned(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (person.Team, error) {
	team, _, err := p.team(ctx, tx, a, id)
	if err == nil && !person.Can(a, person.PlanRota, person.Thing{TeamID: team.ID}) {
		err = fault.Denied(i18n.M("Only leads plan the rota."))
	}
	return team, err
}

// ruleWords say on which days a rule fires, as far as words are shorter than the rule.
func ruleWords(ctx context.Context, rule string) string {
	days, ok := boxes(rule)
	if !ok {
		return rule
	}
	var names []string
	for i, d := range weekdays {
		for _, x := range days {
			if x == d {
				names = append(names, i18n.Weekday(ctx, weekday(i)))
			}
		}
	}
	return strings.Join(names, ", ")
}

// newPattern answers GET /rota/patterns/new?team=.
func (p *Pages) newPattern(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view := PatternView{}
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Team, err = p.planned(ctx, tx, v.Actor, number(r.URL.Query().Get("team"))); err != nil {
			return err
		}
		set, err := shift.SettingsOf(ctx, tx, view.Team.ID)
		zone := p.Rota.ZoneOf(set)
		view.Typed = PatternForm{First: calendar.DateAt(tx.Now.Time().In(zone)).String(), Zone: zone.String(), Needed: "1", Days: weekdays[:5]}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, PatternPage(view))
}

// pattern answers GET /rota/patterns/{id}.
func (p *Pages) pattern(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	view := PatternView{ID: id}
	err = p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		x, err := shift.SeePattern(ctx, tx, v.Actor, id)
		if err != nil {
			return err
		}
		view.Typed = formOf(x)
		view.Team, err = p.planned(ctx, tx, v.Actor, x.TeamID)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, PatternPage(view))
}

// savePattern answers POST /rota/patterns and POST /rota/patterns/{id}: do is "try" for showing what comes of it without saving.
func (p *Pages) savePattern(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	form, id, team := patternForm(r), number(r.PathValue("id")), number(r.PostFormValue("team"))
	x, err := form.pattern(id, team)
	if r.PostFormValue("do") == "try" {
		return p.tryPattern(w, r, v, form, x, err)
	}
	if err == nil {
		err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := p.Rota.SavePattern(ctx, tx, v.Actor, x)
			return err
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showPattern(w, r, v, http.StatusUnprocessableEntity, PatternView{ID: id, Typed: form, Wrong: wrong}, team)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Saved. Its shifts are in the rota as drafts: say who has them, and publish."))
	return page.Goto(w, r, teamURL(rotaURL, team))
}

func (p *Pages) showPattern(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view PatternView, team int64) error {
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		view.Team, err = p.planned(ctx, tx, v.Actor, team)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, PatternPage(view))
}

// tryPattern shows what comes of a pattern within four weeks, and saves nothing.
func (p *Pages) tryPattern(w http.ResponseWriter, r *http.Request, v page.Visit, form PatternForm, x shift.Pattern, err error) error {
	view := PatternView{ID: x.ID, Typed: form, Tried: true}
	status := http.StatusOK
	if err == nil {
		var all []shift.Shift
		first := max(x.FirstDay, calendar.DateAt(v.Now.Time()))
		all, err = x.Preview(first, first+28)
		for _, s := range all {
			if s.Slot == 0 && len(view.Shown) < 40 {
				view.Shown = append(view.Shown, ShiftRow{Shift: s})
			}
		}
	}
	if wrong, ok := page.FieldErrors(r.Context(), err); ok {
		view.Wrong, view.Tried, status = wrong, false, http.StatusUnprocessableEntity
	} else if err != nil {
		return err
	}
	return p.showPattern(w, r, v, status, view, x.TeamID)
}

// endPattern answers POST /rota/patterns/{id}/end.
func (p *Pages) endPattern(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var x shift.Pattern
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if x, err = shift.SeePattern(ctx, tx, v.Actor, id); err != nil {
			return err
		}
		return p.Rota.EndPattern(ctx, tx, v.Actor, id)
	})
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "No more shifts are made of it. Those that somebody has stay."))
	return page.Goto(w, r, teamURL(patternsURL, x.TeamID))
}

// SettingsView is how a team plans.
type SettingsView struct {
	Frame  Frame
	Team   person.Team
	Zone   string
	Rest   string // hours
	Week   string
	Ahead  string
	People []LimitRow
	Wrong  map[string]string
}

// LimitRow is how long somebody works in a week at most, as far as it is their own.
type LimitRow struct {
	ID    int64
	Name  string
	Hours string // "" for the team's
	Error string
}

// settings answers GET /rota/settings?team=.
func (p *Pages) settings(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.showSettings(w, r, v, http.StatusOK, nil, 0)
}

func (p *Pages) showSettings(w http.ResponseWriter, r *http.Request, v page.Visit, status int, wrong map[string]string, limitOf int64) error {
	view := SettingsView{Wrong: wrong}
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Team, err = p.planned(ctx, tx, v.Actor, number(r.FormValue("team"))); err != nil {
			return err
		}
		set, err := shift.SettingsOf(ctx, tx, view.Team.ID)
		if err != nil {
			return err
		}
		view.Zone, view.Rest, view.Week, view.Ahead = set.Zone, hoursText(set.RestMinutes), hoursText(set.WeekMinutes), strconv.Itoa(set.AheadWeeks)
		if limitOf == 0 && wrong != nil {
			view.Zone, view.Rest, view.Week, view.Ahead = r.PostFormValue("zone"), r.PostFormValue("rest"), r.PostFormValue("week"), r.PostFormValue("ahead")
		}
		ids, err := person.Members(ctx, tx, view.Team.ID)
		if err != nil {
			return err
		}
		names, err := person.Names(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			own, err := shift.OwnOf(ctx, tx, id)
			if err != nil {
				return err
			}
			row := LimitRow{ID: id, Name: names[id]}
			if own.WeekMinutes > 0 {
				row.Hours = hoursText(own.WeekMinutes)
			}
			if id == limitOf {
				row.Hours, row.Error = r.PostFormValue("week"), wrong["week"]
			}
			view.People = append(view.People, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if limitOf != 0 {
		view.Wrong = nil
	}
	return page.Render(w, r, status, SettingsPage(view))
}

func hoursText(minutes int) string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(minutes)/60, 'f', 1, 64), ".0")
}

// minutesOf reads hours as people write them: "38.5", "38,5"; -1 for what is none.
func minutesOf(text string) int {
	n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), ",", "."), 64)
	if err != nil || n < 0 || n > 1000 {
		return -1
	}
	return int(n*60 + .5)
}

// saveSettings answers POST /rota/settings.
func (p *Pages) saveSettings(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, team := r.Context(), number(r.PostFormValue("team"))
	ahead, _ := strconv.Atoi(strings.TrimSpace(r.PostFormValue("ahead")))
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		return p.Rota.SaveSettings(ctx, tx, v.Actor, shift.Settings{TeamID: team, Zone: strings.TrimSpace(r.PostFormValue("zone")), RestMinutes: minutesOf(r.PostFormValue("rest")), WeekMinutes: minutesOf(r.PostFormValue("week")), AheadWeeks: ahead})
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showSettings(w, r, v, http.StatusUnprocessableEntity, wrong, 0)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, teamURL(rotaURL, team))
}

// saveLimit answers POST /rota/limits: team, person, week in hours, or nothing for what the team has.
func (p *Pages) saveLimit(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, team, who := r.Context(), number(r.PostFormValue("team")), number(r.PostFormValue("person"))
	week := 0
	if text := strings.TrimSpace(r.PostFormValue("week")); text != "" {
		week = minutesOf(text)
	}
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return shift.SetLimit(ctx, tx, v.Actor, team, who, week) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showSettings(w, r, v, http.StatusUnprocessableEntity, wrong, who)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, teamURL(settingsURL, team))
}

func (v PatternView) url() string {
	if v.ID == 0 {
		return patternsURL
	}
	return patternsURL + "/" + decimal(v.ID)
}

func (v PatternView) input(name, label, hint, value string) ui.Input {
	return ui.Input{Name: name, Label: label, Hint: hint, Value: value, Error: v.Wrong[name]}
}
