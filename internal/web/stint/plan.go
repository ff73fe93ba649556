package stint

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/stint"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const policiesURL = "/stint-policies"

func policyURL(id int64) string { return policiesURL + "/" + decimal(id) }

func (s *Stints) planRoutes() []page.Route {
	routes := []page.Route{
		{Pattern: "GET /stints", Handle: s.overview},
		{Pattern: "GET /stint-people", Handle: s.people},
		{Pattern: "POST /stint-people", Handle: s.savePeople},
		{Pattern: "GET /stint-policies/new", Handle: s.newPolicy},
		{Pattern: "POST /stint-policies", Handle: s.savePolicy},
		{Pattern: "GET /stint-policies/{id}", Handle: s.policy},
		{Pattern: "POST /stint-policies/{id}", Handle: s.savePolicy},
		{Pattern: "POST /stint-policies/{id}/proposals", Handle: s.propose},
		{Pattern: "POST /stint-policies/{id}/invitations", Handle: s.inviteAll},
		{Pattern: "POST /stint-policies/{id}/excuses", Handle: s.excuse},
		{Pattern: "POST /stint-apprentices", Handle: s.apprentice},
		{Pattern: "GET /stints/{id}", Handle: s.stint},
		{Pattern: "POST /stints/{id}/invitation", Handle: s.invite},
		{Pattern: "POST /stints/{id}/date", Handle: s.planDate},
		{Pattern: "POST /stints/{id}/cancellation", Handle: s.cancel},
	}
	for i := range routes {
		routes[i].Verb = person.PlanStints
	}
	return routes
}

// OverviewView is all turns at the desk, for who plans them: who has done theirs, who is next, what came of it. It says nothing of how
// much anybody did.
type OverviewView struct {
	Frame
	Policies []PolicyRow
	Next     []StintRow
	Brought  []BroughtRow
	Teams    []ui.Choice
	Mentors  int
}

// PolicyRow is a policy with how many have done theirs, by department. A department says nothing about a person where it has fewer than three people; those stand
// together without a name.
type PolicyRow struct {
	stint.Policy
	Team        string
	Departments []stint.Tally
	People      int
}

// StintRow is a stint with whose it is.
type StintRow struct {
	stint.Stint
	Name, Mentor string
}

// BroughtRow is a point of a debrief, with what became of it.
type BroughtRow struct {
	stint.Point
	Name string
	// State is that of the papercut or the request.
	State string
}

// fewest is how many people a department has at least to be named.
const fewest = 3

// overview answers GET /stints.
func (s *Stints) overview(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view OverviewView
	err := s.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		teams, err := openTeams(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		all, err := stint.Policies(ctx, tx)
		if err != nil {
			return err
		}
		view.Policies = nil
		for _, p := range all {
			row := PolicyRow{Policy: p, Team: teams[p.TeamID]}
			counts, err := stint.Tallies(ctx, tx, p)
			if err != nil {
				return err
			}
			row.count(counts)
			view.Policies = append(view.Policies, row)
		}
		next, err := stint.Ahead(ctx, tx, 30)
		if err != nil {
			return err
		}
		if view.Next, err = named(ctx, tx, next); err != nil {
			return err
		}
		view.Teams = nil
		for id, name := range teams {
			view.Teams = append(view.Teams, ui.Choice{Value: decimal(id), Label: name})
			mentors, err := stint.Mentors(ctx, tx, id)
			if err != nil {
				return err
			}
			view.Mentors = max(view.Mentors, len(mentors))
		}
		slices.SortFunc(view.Teams, func(a, b ui.Choice) int { return cmp.Compare(a.Label, b.Label) })
		brought, err := stint.Brought(ctx, tx, 30)
		if err != nil {
			return err
		}
		view.Brought = nil
		for _, b := range brought {
			view.Brought = append(view.Brought, BroughtRow{Point: b.Point, Name: b.Name, State: b.State})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, OverviewPage(view))
}

// count takes who has done theirs, by department; small departments stand together.
func (p *PolicyRow) count(all []stint.Tally) {
	small := stint.Tally{}
	p.Departments, p.People = nil, 0
	for _, d := range all {
		p.People += d.People
		if d.Department == "" || d.People < fewest {
			small = stint.Tally{People: small.People + d.People, Done: small.Done + d.Done, Overdue: small.Overdue + d.Overdue, Excused: small.Excused + d.Excused}
			continue
		}
		p.Departments = append(p.Departments, d)
	}
	if small.People > 0 {
		p.Departments = append(p.Departments, small)
	}
}

// openTeams gives the teams that can have guests and that the visitor knows of, by id.
func openTeams(ctx context.Context, tx *db.Tx, a person.Actor) (map[int64]string, error) {
	all, err := person.VisibleTeams(ctx, tx, a)
	out := map[int64]string{}
	for _, t := range all {
		if !t.Private {
			out[t.ID] = t.Name
		}
	}
	return out, err
}

func named(ctx context.Context, tx *db.Tx, all []stint.Stint) ([]StintRow, error) {
	var out []StintRow
	for _, one := range all {
		who, err := person.Get(ctx, tx, one.PersonID)
		if err != nil {
			return nil, err
		}
		row := StintRow{Stint: one, Name: who.Name}
		if one.MentorID != 0 {
			m, err := person.Get(ctx, tx, one.MentorID)
			if err != nil {
				return nil, err
			}
			row.Mentor = m.Name
		}
		out = append(out, row)
	}
	return out, nil
}

// PolicyView is a policy as a form, with its people.
type PolicyView struct {
	Frame
	Policy      stint.Policy
	Typed       policyForm
	Wrong       map[string]string
	Teams       []ui.Choice
	Firms       []ui.Choice // organisations; none where there is one at most
	Departments []string
	People      []stint.Standing
	// More are those that are not listed, by department; Department is which alone is listed, nil for all.
	More       []stint.Tally
	Department *string
}

// policyForm is what was typed.
type policyForm struct {
	Name, Hours, Months, Departments, Jobs string
	Managers, Active                       bool
}

// newPolicy answers GET /stint-policies/new.
func (s *Stints) newPolicy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return s.showPolicy(w, r, v, http.StatusOK, stint.Policy{OrganisationID: v.Actor.OrganisationID}, policyForm{Hours: "4", Months: "12", Active: true}, nil)
}

// policy answers GET /stint-policies/{id}.
func (s *Stints) policy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var p stint.Policy
	if err := s.Site.DB.Read(r.Context(), func(tx *db.Tx) (err error) { p, err = stint.PolicyByID(r.Context(), tx, id); return err }); err != nil {
		return err
	}
	f := policyForm{Name: p.Name, Hours: strconv.FormatFloat(float64(p.Minutes)/60, 'f', -1, 64), Months: strconv.Itoa(p.EveryMonths), Departments: join(p.Departments), Jobs: join(p.Jobs), Managers: p.Managers, Active: p.Active}
	return s.showPolicy(w, r, v, http.StatusOK, p, f, nil)
}

func join(lines []string) (out string) {
	for _, l := range lines {
		out += l + "\n"
	}
	return out
}

func (s *Stints) showPolicy(w http.ResponseWriter, r *http.Request, v page.Visit, status int, p stint.Policy, f policyForm, wrong map[string]string) error {
	view := PolicyView{Policy: p, Typed: f, Wrong: wrong}
	err := s.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		teams, err := openTeams(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		view.Teams = nil
		for id, name := range teams {
			view.Teams = append(view.Teams, ui.Choice{Value: decimal(id), Label: name, Chosen: id == p.TeamID})
		}
		slices.SortFunc(view.Teams, func(a, b ui.Choice) int { return cmp.Compare(a.Label, b.Label) })
		if view.Firms, err = firms(ctx, tx, p.OrganisationID); err != nil {
			return err
		}
		if view.Departments, err = person.Departments(ctx, tx); err != nil || p.ID == 0 {
			return err
		}
		view.Department = nil
		if q := r.URL.Query(); q.Has("department") && r.Method == http.MethodGet {
			d := q.Get("department")
			view.Department = &d
		}
		if view.People, err = stint.Standings(ctx, tx, p, view.Department); err != nil {
			return err
		}
		view.More, err = more(ctx, tx, p, view.People, view.Department)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, PolicyPage(view))
}

// more counts the people of a policy that are not listed, by department.
func more(ctx context.Context, tx *db.Tx, p stint.Policy, listed []stint.Standing, department *string) (out []stint.Tally, err error) {
	if len(listed) < stint.MostStandings {
		return nil, nil
	}
	all, err := stint.Tallies(ctx, tx, p)
	shown := map[string]int{}
	for _, x := range listed {
		shown[x.Department]++
	}
	for _, d := range all {
		if d.People -= shown[d.Department]; d.People > 0 && (department == nil || *department == d.Department) {
			out = append(out, d)
		}
	}
	return out, err
}

func departmentURL(policyID int64, name string) string {
	return policyURL(policyID) + "?department=" + url.QueryEscape(name) + "#people"
}

// firms are the organisations whose people a policy may be about. A desk that serves several asks for its own.
func firms(ctx context.Context, tx *db.Tx, chosen int64) ([]ui.Choice, error) {
	all, err := person.Organisations(ctx, tx)
	if err != nil || len(all) < 2 {
		return nil, err
	}
	out := []ui.Choice{{Label: i18n.T(ctx, "Everybody, whatever their organisation"), Chosen: chosen == 0}}
	for _, o := range all {
		out = append(out, ui.Choice{Value: decimal(o.ID), Label: o.Name, Chosen: o.ID == chosen})
	}
	return out, nil
}

// savePolicy answers POST /stint-policies and POST /stint-policies/{id}.
func (s *Stints) savePolicy(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	f := policyForm{Name: r.PostFormValue("name"), Hours: r.PostFormValue("hours"), Months: r.PostFormValue("months"), Departments: r.PostFormValue("departments"), Jobs: r.PostFormValue("jobs"), Managers: r.PostFormValue("managers") != "", Active: r.PostFormValue("active") != ""}
	hours, _ := strconv.ParseFloat(f.Hours, 64)
	p := stint.Policy{ID: number(r.PathValue("id")), Name: f.Name, TeamID: number(r.PostFormValue("team")), OrganisationID: number(r.PostFormValue("organisation")), Departments: stint.Lines(f.Departments), Jobs: stint.Lines(f.Jobs), Managers: f.Managers, Minutes: int(min(max(hours, 0), 10000) * 60), EveryMonths: int(number(f.Months)), Active: f.Active}
	ctx := r.Context()
	err := s.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if p.ID != 0 {
			was, err := stint.PolicyByID(ctx, tx, p.ID)
			if err != nil {
				return err
			}
			p.CreatedAt = was.CreatedAt
		}
		saved, err := stint.SavePolicy(ctx, tx, v.Actor, p)
		if err == nil {
			p = saved
		}
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return s.showPolicy(w, r, v, http.StatusUnprocessableEntity, p, f, wrong)
	}
	if err != nil {
		return err
	}
	s.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, policyURL(p.ID))
}

// mostProposed is how many dates are proposed at once.
const mostProposed = 25

// propose answers POST /stint-policies/{id}/proposals: dates for one person, or for those who are overdue.
func (s *Stints) propose(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	one := number(r.PostFormValue("person"))
	made := 0
	return s.do(w, r, policyURL(id)+"#people", i18n.T(r.Context(), "Proposed. Nobody is told until you invite them."), func(ctx context.Context, tx *db.Tx) error {
		p, err := stint.PolicyByID(ctx, tx, id)
		if err != nil {
			return err
		}
		people := []int64{one}
		if one == 0 {
			all, err := stint.Standings(ctx, tx, p, nil)
			if err != nil {
				return err
			}
			people = nil
			for _, x := range all {
				if x.StintID == 0 && x.Excuse == "" && len(people) < mostProposed && (x.Overdue(tx.Now) || x.LastAt == 0) {
					people = append(people, x.PersonID)
				}
			}
		}
		for _, x := range people {
			_, err := s.Keeper.Propose(ctx, tx, v.Actor, p, x)
			if fault.Is(err, fault.KindConflict) && made > 0 {
				return nil // what was found stays
			}
			if err != nil {
				return err
			}
			made++
		}
		return nil
	})
}

// inviteAll answers POST /stint-policies/{id}/invitations: all dates of the policy that nobody was told of.
func (s *Stints) inviteAll(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, policyURL(id)+"#people", i18n.T(r.Context(), "Invited."), func(ctx context.Context, tx *db.Tx) error {
		ids, err := stint.ProposedOf(ctx, tx, id)
		for _, x := range ids {
			if err == nil {
				err = s.Keeper.Invite(ctx, tx, v.Actor, x)
			}
		}
		return err
	})
}

// excuse answers POST /stint-policies/{id}/excuses: "back" takes it back.
func (s *Stints) excuse(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	who := number(r.PostFormValue("person"))
	return s.do(w, r, policyURL(id)+"#people", i18n.T(r.Context(), "Noted."), func(ctx context.Context, tx *db.Tx) error {
		if r.PostFormValue("do") == "back" {
			return stint.Unexcuse(ctx, tx, v.Actor, id, who)
		}
		return stint.Excuse(ctx, tx, v.Actor, id, who, r.PostFormValue("reason"), 0)
	})
}

// StintView is one stint, for who plans them.
type StintView struct {
	Frame
	StintRow
	Team      string
	Dates     []stint.Stint
	Said      stint.Debrief
	Debriefed bool
	SignOffs  []stint.SignOff
	Strays    []string // answers by mail from addresses that were not invited
}

// stint answers GET /stints/{id}.
func (s *Stints) stint(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var view StintView
	err = s.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		one, err := stint.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		rows, err := named(ctx, tx, []stint.Stint{one})
		if err != nil {
			return err
		}
		view.StintRow = rows[0]
		if view.Team, _, err = names(ctx, tx, one); err != nil {
			return err
		}
		if one.State == stint.Proposed || one.State == stint.Invited || one.State == stint.Agreed || one.State == stint.Declined {
			if view.Dates, err = s.Keeper.Dates(ctx, tx, one, otherDates, 0); err != nil {
				return err
			}
		}
		invited, err := stint.InvitationsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		view.Strays = nil
		for _, i := range invited {
			view.Strays = append(view.Strays, stint.Lines(i.Strays)...)
		}
		if view.SignOffs, err = stint.SignOffs(ctx, tx, v.Actor, one); err != nil {
			return err
		}
		view.Said, view.Debriefed, err = stint.DebriefOf(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, StintPage(view))
}

// invite answers POST /stints/{id}/invitation.
func (s *Stints) invite(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, stint.StintURL(id), i18n.T(r.Context(), "Invited."), func(ctx context.Context, tx *db.Tx) error { return s.Keeper.Invite(ctx, tx, v.Actor, id) })
}

// planDate answers POST /stints/{id}/date.
func (s *Stints) planDate(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	from := clock.Instant(number(r.PostFormValue("from")))
	return s.do(w, r, stint.StintURL(id), i18n.T(r.Context(), "Changed."), func(ctx context.Context, tx *db.Tx) error { return s.Keeper.Move(ctx, tx, v.Actor, id, from) })
}

// cancel answers POST /stints/{id}/cancellation.
func (s *Stints) cancel(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := form(r)
	if err != nil {
		return err
	}
	return s.do(w, r, stint.StintURL(id), i18n.T(r.Context(), "Called off. Everybody who knew of it is told."), func(ctx context.Context, tx *db.Tx) error { return s.Keeper.Cancel(ctx, tx, v.Actor, id) })
}

// apprentice answers POST /stint-apprentices: "person" and "mentor" are addresses.
func (s *Stints) apprentice(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	return s.do(w, r, stintsURL, i18n.T(r.Context(), "They begin at once, reading along."), func(ctx context.Context, tx *db.Tx) error {
		who, err := person.FindByAddress(ctx, tx, person.FoldAddress(r.PostFormValue("person")))
		if err != nil {
			return fault.Invalid(fault.F("person", i18n.M("Nobody has that address.")))
		}
		mentor, err := person.FindByAddress(ctx, tx, person.FoldAddress(r.PostFormValue("mentor")))
		if err != nil {
			return fault.Invalid(fault.F("mentor", i18n.M("Nobody has that address.")))
		}
		_, err = s.Keeper.Apprentice(ctx, tx, v.Actor, number(r.PostFormValue("team")), who.ID, mentor.ID)
		return err
	})
}

// length says how long a turn takes.
func length(ctx context.Context, minutes int) string {
	return i18n.Length(ctx, time.Duration(minutes)*time.Minute)
}

func (v PolicyView) title(ctx context.Context) string {
	if v.Policy.ID == 0 {
		return i18n.T(ctx, "New policy")
	}
	return v.Policy.Name
}

func (v PolicyView) to() string {
	if v.Policy.ID == 0 {
		return policiesURL
	}
	return policyURL(v.Policy.ID)
}

// standing says where somebody stands with a policy, in words.
func (v PolicyView) standing(ctx context.Context, s stint.Standing) string {
	switch {
	case s.Excuse != "":
		return i18n.T(ctx, "excused: {{.Why}}", "Why", s.Excuse)
	case s.StintID != 0:
		return i18n.Date(ctx, s.FromAt.Time()) + " · " + stateWord(ctx, s.State)
	case s.Overdue(v.Now):
		return i18n.T(ctx, "was due by {{.Date}}", "Date", i18n.Date(ctx, s.DueAt.Time()))
	case s.LastAt != 0:
		return i18n.T(ctx, "done; next by {{.Date}}", "Date", i18n.Date(ctx, s.DueAt.Time()))
	}
	return i18n.T(ctx, "due by {{.Date}}", "Date", i18n.Date(ctx, s.DueAt.Time()))
}
