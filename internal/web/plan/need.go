package plan

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/proposal"
	"goodturn/internal/shift"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// NeedView is how many are needed in a week, beside how many are planned.
type NeedView struct {
	Frame Frame
	place
	Outlook   proposal.Outlook
	Days      []NeedDay
	Short     []string // in words
	Open      int      // shifts that nobody has
	Proposals []proposal.Proposal
	Form      NeedForm
	Wrong     map[string]string
}

// NeedDay is the hours of a day.
type NeedDay struct {
	Date  calendar.Date
	Hours []proposal.Hour
	Most  int // on the chart
}

// staff are the hours as the chart has them.
func (d NeedDay) staff() (out []ui.StaffHour) {
	for _, h := range d.Hours {
		out = append(out, ui.StaffHour{Needed: h.People, Planned: h.Planned, Short: h.Short()})
	}
	return out
}

// NeedForm is what a team wants, as it is typed.
type NeedForm struct{ Share, Within, Hour, Least string }

func formOf(n proposal.Need) NeedForm {
	f := NeedForm{Share: strconv.Itoa(n.Share), Within: strconv.Itoa(n.WithinMinutes), Least: strconv.Itoa(n.Least)}
	if n.PerHour > 0 {
		f.Hour = strconv.FormatFloat(float64(n.PerHour)/100, 'f', -1, 64)
	}
	return f
}

func (f NeedForm) need(team int64) (n proposal.Need, err error) {
	n = proposal.Need{TeamID: team}
	n.Share, _ = strconv.Atoi(f.Share)
	n.WithinMinutes, _ = strconv.Atoi(f.Within)
	n.Least, _ = strconv.Atoi(f.Least)
	if f.Hour != "" {
		x, err := strconv.ParseFloat(strings.Replace(f.Hour, ",", ".", 1), 64)
		if err != nil || !(x > 0 && x < 1000) {
			return n, fault.Invalid(fault.F("hour", i18n.M("Please give a number from 0.1 to 60, such as 2.5, or nothing for what was measured.")))
		}
		n.PerHour = max(1, int(math.Round(x*100)))
	}
	return n, nil
}

// need answers GET /rota/need.
func (p *Pages) need(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.showNeed(w, r, v, http.StatusOK, nil, nil)
}

func (p *Pages) showNeed(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed *NeedForm, wrong map[string]string) error {
	view := NeedView{Wrong: wrong}
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.place, err = placeOf(ctx, tx, r, v.Actor); err != nil {
			return err
		}
		if view.Outlook, err = p.Planner.Outlook(ctx, tx, v.Actor, view.Team.ID, view.In); err != nil {
			return err
		}
		view.Form = formOf(view.Outlook.Need)
		if typed != nil {
			view.Form = *typed
		}
		view.fill(ctx)
		if view.Proposals, err = proposal.Recent(ctx, tx, v.Actor, view.Team.ID); err != nil {
			return err
		}
		all, err := shift.Between(ctx, tx, view.Team.ID, view.In)
		for _, s := range all {
			if s.PersonID == 0 && s.FromAt > tx.Now {
				view.Open++
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, NeedPage(view))
}

// fill parts the hours by day, from the first to the last that is open in the week, and says what is short.
func (v *NeedView) fill(ctx context.Context) {
	zone := i18n.ZoneOf(ctx)
	first, last := 24, 0
	for _, h := range v.Outlook.Hours {
		if at := h.At.Time().In(zone).Hour(); h.Open || h.Planned > 0 {
			first, last = min(first, at), max(last, at)
		}
	}
	most := 1
	for d := v.From; d < v.From+7; d++ {
		day := NeedDay{Date: d}
		for _, h := range v.Outlook.Hours {
			if at := h.At.Time().In(zone); calendar.DateAt(at) == d && at.Hour() >= first && at.Hour() <= last {
				day.Hours = append(day.Hours, h)
				most = max(most, h.People, h.Planned)
			}
		}
		v.Days = append(v.Days, day)
	}
	for i := range v.Days {
		v.Days[i].Most = most
		v.Short = append(v.Short, shortWords(ctx, v.Days[i])...)
	}
}

// shortWords says in which hours of a day more are needed: "Tuesday 10:00–12:00: one more is needed".
func shortWords(ctx context.Context, d NeedDay) (out []string) {
	for i := 0; i < len(d.Hours); {
		n, j := d.Hours[i].Short(), i+1
		for j < len(d.Hours) && d.Hours[j].Short() == n && d.Hours[j].At == d.Hours[j-1].At+hourLong {
			j++
		}
		if n > 0 {
			span := hours(ctx, shift.Span{From: d.Hours[i].At, Until: d.Hours[j-1].At + hourLong})
			out = append(out, i18n.N(ctx, "{{.Day}}, {{.Hours}}: one more is needed", "{{.Day}}, {{.Hours}}: {{.Count}} more are needed", n, "Day", i18n.Weekday(ctx, d.Date.Weekday()), "Hours", span))
		}
		i = j
	}
	return out
}

const hourLong = clock.Instant(60 * 60 * 1000)

// saveNeed answers POST /rota/need.
func (p *Pages) saveNeed(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, f := r.Context(), NeedForm{strings.TrimSpace(r.PostFormValue("share")), strings.TrimSpace(r.PostFormValue("within")), strings.TrimSpace(r.PostFormValue("hour")), strings.TrimSpace(r.PostFormValue("least"))}
	n, err := f.need(number(r.PostFormValue("team")))
	if err == nil {
		err = p.Site.DB.Write(ctx, func(tx *db.Tx) error { return proposal.SaveNeed(ctx, tx, v.Actor, n) })
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showNeed(w, r, v, http.StatusUnprocessableEntity, &f, wrong)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "It is reckoned anew with that."))
	at := place{Team: person.Team{ID: n.TeamID}}
	if day, err := calendar.ParseDate(r.PostFormValue("week")); err == nil {
		return page.Goto(w, r, needURL+at.query(day))
	}
	return page.Goto(w, r, needURL+"?team="+decimal(n.TeamID))
}

// measuredWords say in a sentence or two how far the forecast has been off.
func (v NeedView) measuredWords(ctx context.Context) string {
	m := v.Outlook.Measured
	if m.Weeks == 0 {
		return i18n.T(ctx, "There is no week yet to which this forecast could be compared.")
	}
	out := i18n.N(ctx, "Over the last {{.Count}} week that could be compared, a day was off by {{.Off}} of what came; whoever goes by the last week known was off by {{.Last}}.",
		"Over the last {{.Count}} weeks, a day was off by {{.Off}} of what came; whoever goes by the last week known was off by {{.Last}}.", m.Weeks, "Off", i18n.Percent(ctx, m.Days.Off), "Last", i18n.Percent(ctx, m.Days.AsLastWeek))
	return out
}

// moreWords say how far single hours were off, and whether the range held.
func (v NeedView) moreWords(ctx context.Context) string {
	m := v.Outlook.Measured
	out := i18n.T(ctx, "A single hour was off by {{.Off}}, as the last week by {{.Last}}; chance alone makes about {{.Chance}}.", "Off", i18n.Percent(ctx, m.Hours.Off), "Last", i18n.Percent(ctx, m.Hours.AsLastWeek), "Chance", i18n.Percent(ctx, m.Hours.Chance))
	if m.Checked > 0 {
		out += " " + i18n.T(ctx, "Four of five hours are meant to lie between the two numbers of “Expected”; {{.Held}} did.", "Held", i18n.Percent(ctx, m.Held))
	}
	return out
}

// paceWords say what it is reckoned with.
func (v NeedView) paceWords(ctx context.Context) string {
	o := v.Outlook
	rate := strconv.FormatFloat(math.Round(o.Pace*10)/10, 'f', -1, 64)
	if i18n.LangOf(ctx) == "de" {
		rate = strings.Replace(rate, ".", ",", 1)
	}
	wanted := i18n.T(ctx, "{{.Share}} of those who write are to be taken up within {{.Time}}", "Share", i18n.Percent(ctx, float64(o.Need.Share)/100), "Time", i18n.Length(ctx, minutes(o.Need.WithinMinutes)))
	switch {
	case o.Pace == 0:
		return i18n.T(ctx, "How many conversations somebody at the desk gets done in an hour is not known yet, so nobody can say how many are needed. Say it below, or wait until the rota has been in use for some weeks.")
	case o.Chosen:
		return i18n.T(ctx, "Reckoned so that {{.Wanted}}, with {{.Rate}} conversations an hour for each at the desk, as was said below.", "Wanted", wanted, "Rate", rate)
	}
	return i18n.T(ctx, "Reckoned so that {{.Wanted}}, with {{.Rate}} conversations an hour for each at the desk, which is what the desk as a whole got done in the busy hours of the last eight weeks.", "Wanted", wanted, "Rate", rate)
}
