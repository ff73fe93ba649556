package plan

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/proposal"
	"goodturn/internal/rota"
	"goodturn/internal/shift"
	"goodturn/internal/web/page"
)

// ProposalView is a proposal beside the plan.
type ProposalView struct {
	Frame Frame
	proposal.Proposal
	Team    person.Team
	Days    []ProposalDay
	Missing []string // in words
	Places  int
	Changed int // places whose shifts are not open any more
}

// ProposalDay is a day of the plan.
type ProposalDay struct {
	Date calendar.Date
	Rows []ProposalRow
}

// ProposalRow is a shift: one that somebody has, one that somebody is proposed for, or one that stays open.
type ProposalRow struct {
	shift.Shift
	Who      string // "" for nobody
	Proposed bool
	Why      string
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// ask answers POST /rota/proposals: team, week, and weeks, how many from there on.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	weeks := max(1, min(4, number(r.PostFormValue("weeks"))))
	var id int64
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		at, err := placeOf(ctx, tx, r, v.Actor)
		if err != nil {
			return err
		}
		at.In.Until = shift.WeekOf(at.In.From.Add(time.Duration(weeks)*7*24*time.Hour-time.Hour), i18n.ZoneOf(ctx)).Until
		id, err = p.Planner.Ask(ctx, tx, v.Actor, at.Team.ID, at.In)
		return err
	})
	if err != nil {
		return err
	}
	return page.Goto(w, r, proposal.Proposal{ID: id}.URL())
}

// proposal answers GET /rota/proposals/{id}.
func (p *Pages) proposal(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view := ProposalView{}
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		if view.Proposal, err = proposal.Get(ctx, tx, v.Actor, number(r.PathValue("id"))); err != nil {
			return err
		}
		return view.fill(ctx, tx, v.Actor)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, ProposalPage(view))
}

func (v *ProposalView) fill(ctx context.Context, tx *db.Tx, a person.Actor) error {
	teams, err := shift.Teams(ctx, tx, a)
	if err != nil {
		return err
	}
	for _, t := range teams {
		if t.ID == v.TeamID {
			v.Team = t
		}
	}
	all, err := shift.Between(ctx, tx, v.TeamID, v.Span())
	if err != nil || v.State != proposal.Ready {
		return err
	}
	placed := map[int64]proposal.Place{}
	var ids []int64
	for _, x := range v.Result.Places {
		placed[x.ShiftID] = x
		ids = append(ids, x.PersonID)
	}
	for _, s := range all {
		ids = append(ids, s.PersonID)
	}
	slices.Sort(ids)
	names, err := person.Names(ctx, tx, slices.Compact(ids))
	if err != nil {
		return err
	}
	when := map[int64]shift.Shift{}
	for _, s := range all {
		when[s.ID] = s
		row := ProposalRow{Shift: s, Who: names[s.PersonID]}
		if x, ok := placed[s.ID]; ok && s.PersonID == 0 {
			row.Who, row.Proposed, row.Why = names[x.PersonID], true, whyWords(ctx, x.Why)
			v.Places++
		}
		d := dayOf(ctx, s.FromAt)
		if len(v.Days) == 0 || v.Days[len(v.Days)-1].Date != d {
			v.Days = append(v.Days, ProposalDay{Date: d})
		}
		last := &v.Days[len(v.Days)-1]
		last.Rows = append(last.Rows, row)
	}
	v.Changed = len(v.Result.Places) - v.Places
	for _, m := range v.Result.Missing {
		if s, ok := when[m.Shifts[0]]; ok {
			v.Missing = append(v.Missing, missingWords(ctx, m, s))
		}
	}
	return nil
}

// whyWords say why somebody is proposed for a shift.
func whyWords(ctx context.Context, w rota.Why) string {
	var out []string
	say := func(words string) { out = append(out, words) }
	if w.Wished > 0 {
		say(i18n.C(ctx, "rota", "wished for it"))
	}
	if w.Others == 0 {
		say(i18n.C(ctx, "rota", "nobody else may"))
	}
	if w.Unloved > 0 && w.FewestUnloved && w.Others > 0 {
		say(i18n.C(ctx, "rota", "fewest evenings, nights and weekends of late"))
	}
	if w.Rested > 0 && w.Rested < 48*time.Hour {
		say(i18n.C(ctx, "rota", "has rested {{.Time}}", "Time", i18n.Length(ctx, w.Rested)))
	}
	if w.Unwished > 0 {
		say(i18n.C(ctx, "rota", "would rather not, but somebody has to"))
	}
	if len(out) == 0 {
		say(i18n.C(ctx, "rota", "free then, and nothing stands against it"))
	}
	return strings.Join(out, "; ")
}

// missingWords say what stays open and what is missing: "Nobody of six who have de may: three are away, two would rest too little".
func missingWords(ctx context.Context, m proposal.Missing, s shift.Shift) string {
	what := i18n.N(ctx, "{{.Shift}}, {{.Day}}, {{.Hours}}: one is missing.", "{{.Shift}}, {{.Day}}, {{.Hours}}: {{.Count}} are missing.", len(m.Shifts), "Shift", s.Name, "Day", dayWords(ctx, dayOf(ctx, s.FromAt)), "Hours", hours(ctx, s.Span()))
	if m.Fit == 0 {
		if len(m.Skills) > 0 {
			return what + " " + i18n.T(ctx, "Nobody in the team has: {{.Skills}}.", "Skills", strings.Join(m.Skills, ", "))
		}
		return what + " " + i18n.T(ctx, "There is nobody in the team.")
	}
	who := i18n.N(ctx, "The one in the team cannot:", "None of the {{.Count}} in the team can:", m.Fit)
	if len(m.Skills) > 0 {
		who = i18n.N(ctx, "The one in the team who has {{.Skills}} cannot:", "None of the {{.Count}} in the team who have {{.Skills}} can:", m.Fit, "Skills", strings.Join(m.Skills, ", "))
	}
	count := map[rota.Cause]int{}
	elsewhere := 0
	for _, b := range m.Blocked {
		if b.Proposed && b.Cause == rota.Works {
			elsewhere++
			continue
		}
		count[b.Cause]++
	}
	var why []string
	say := func(n int, words i18n.Text) {
		if n > 0 {
			why = append(why, i18n.Print(ctx, words))
		}
	}
	say(count[rota.Absent], i18n.MN("one is away", "{{.Count}} are away", count[rota.Absent]))
	say(count[rota.Works], i18n.MN("one has another shift then", "{{.Count}} have another shift then", count[rota.Works]))
	say(elsewhere, i18n.MN("one is proposed for another shift then", "{{.Count}} are proposed for another shift then", elsewhere))
	say(count[rota.ShortRest], i18n.MN("one would rest too little", "{{.Count}} would rest too little", count[rota.ShortRest]))
	say(count[rota.FullWeek], i18n.MN("one has a full week", "{{.Count}} have a full week", count[rota.FullWeek]))
	say(count[rota.NoDayOff], i18n.MN("one would have no day off", "{{.Count}} would have no day off", count[rota.NoDayOff]))
	say(count[rota.LongTurn], i18n.MN("one would work too long that day", "{{.Count}} would work too long that day", count[rota.LongTurn]))
	if len(why) == 0 {
		return what
	}
	return what + " " + who + " " + strings.Join(why, ", ") + "."
}

// boundWords say how far from the best rota the proposal can be.
func (v ProposalView) boundWords(ctx context.Context) (out []string) {
	r := v.Result
	switch {
	case r.Empty == 0:
		out = append(out, i18n.T(ctx, "Every open shift has somebody."))
	case r.Empty == r.EmptyAtLeast:
		out = append(out, i18n.T(ctx, "{{.Time}} of shifts stay open. No rota that keeps the rules fills more.", "Time", i18n.Length(ctx, r.Empty)))
	default:
		out = append(out, i18n.T(ctx, "{{.Time}} of shifts stay open. No rota that keeps the rules leaves less than {{.Least}}.", "Time", i18n.Length(ctx, r.Empty), "Least", i18n.Length(ctx, r.EmptyAtLeast)))
	}
	if r.Empty == r.EmptyAtLeast {
		if gap := int64(r.Gap + 0.999); gap <= 1 {
			out = append(out, i18n.T(ctx, "By what is weighed, wishes and even shares, no rota is better than this one."))
		} else {
			out = append(out, i18n.T(ctx, "By what is weighed, wishes and even shares, another rota could be better by {{.Count}} wished hours at most, in {{.Time}} of shifts.", "Count", i18n.Number(ctx, gap), "Time", i18n.Length(ctx, r.Filled)))
		}
	}
	if r.Cut {
		out = append(out, i18n.T(ctx, "The time for looking was over before all was tried."))
	}
	return out
}

// take answers POST /rota/proposals/{id}/taking: with are the shifts to be taken.
func (p *Pages) take(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, id := r.Context(), number(r.PathValue("id"))
	var taken int
	var left []proposal.Left
	var at proposal.Proposal
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if at, err = proposal.Get(ctx, tx, v.Actor, id); err != nil {
			return err
		}
		var without []int64
		for _, x := range at.Result.Places {
			if !slices.Contains(r.PostForm["with"], decimal(x.ShiftID)) {
				without = append(without, x.ShiftID)
			}
		}
		if len(without) == len(at.Result.Places) && at.State == proposal.Ready {
			return fault.Conflict(i18n.M("Nothing was chosen, so nothing was taken. Please choose what to take, or put the proposal away."))
		}
		taken, left, err = p.Planner.Take(ctx, tx, v.Actor, id, without)
		return err
	})
	if err != nil {
		return err
	}
	words := i18n.N(ctx, "{{.Count}} shift has somebody now. Nothing was published by it.", "{{.Count}} shifts have somebody now. Nothing was published by it.", taken)
	if len(left) > 0 {
		words += " " + i18n.N(ctx, "{{.Count}} was left as it is: {{.Why}}", "{{.Count}} were left as they are; of the first: {{.Why}}", len(left), "Why", i18n.Print(ctx, left[0].Words))
	}
	p.Site.Tell(w, words)
	return page.Goto(w, r, rotaURL+place{Team: person.Team{ID: at.TeamID}}.query(dayOf(ctx, at.FromAt)))
}

// drop answers POST /rota/proposals/{id}/removal.
func (p *Pages) drop(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var at proposal.Proposal
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		at, err = proposal.Drop(ctx, tx, v.Actor, number(r.PathValue("id")))
		return err
	})
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "The proposal is put away. The rota is as it was."))
	return page.Goto(w, r, rotaURL+place{Team: person.Team{ID: at.TeamID}}.query(dayOf(ctx, at.FromAt)))
}
