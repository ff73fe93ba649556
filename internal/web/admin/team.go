package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/web/page"
)

func (a *Admin) teams(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view TeamsView
	err := a.read(r, v, teamSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		all, err := person.Teams(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range all {
			members, err := person.Members(ctx, tx, t.ID)
			if err != nil {
				return err
			}
			view.Teams = append(view.Teams, TeamRow{Name: t.Name, Slug: t.Slug, URL: path(teamSection, t.ID), Private: t.Private, Members: len(members)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, TeamsPage(view))
}

// teamByID finds a team, or gives fault.NotFound.
func teamByID(ctx context.Context, tx *db.Tx, id int64) (person.Team, error) {
	all, err := person.Teams(ctx, tx)
	if i := slices.IndexFunc(all, func(t person.Team) bool { return t.ID == id }); i >= 0 {
		return all[i], nil
	}
	if err == nil {
		err = fault.NotFound(i18n.M("There is no such team."))
	}
	return person.Team{}, err
}

func (a *Admin) newTeam(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showTeam(w, r, v, http.StatusOK, person.Team{}, nil, nil)
}

func (a *Admin) team(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var t person.Team
	var members []int64
	err = a.Site.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		if t, err = teamByID(r.Context(), tx, id); err != nil {
			return err
		}
		members, err = person.Members(r.Context(), tx, id)
		return err
	})
	if err != nil {
		return err
	}
	return a.showTeam(w, r, v, http.StatusOK, t, members, nil)
}

func (a *Admin) showTeam(w http.ResponseWriter, r *http.Request, v page.Visit, status int, t person.Team, members []int64, wrong map[string]string) error {
	view := TeamView{
		Title: i18n.T(r.Context(), "New team"), URL: string(teamSection), Wrong: len(wrong) > 0, Private: t.Private,
		Name: Field{t.Name, wrong["name"]}, Slug: Field{t.Slug, wrong["slug"]}, MembersError: wrong["members"],
	}
	err := a.read(r, v, teamSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		if t.ID != 0 {
			was, err := teamByID(ctx, tx, t.ID)
			if err != nil {
				return err
			}
			view.Title, view.URL, view.WasPrivate = was.Name, path(teamSection, t.ID), was.Private
			s, err := routing.SharingOf(ctx, tx, t.ID)
			if err != nil {
				return err
			}
			view.Sharing, view.Shared = view.URL+"/sharing", sharingWords(ctx, s)
		}
		people, err := mayBelong(ctx, tx, t.ID)
		for _, p := range people {
			view.Members = append(view.Members, Member{ID: p.ID, Name: p.Name, Role: roleWord(ctx, p.Role), Inactive: !p.Active, Chosen: slices.Contains(members, p.ID)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, TeamPage(view))
}

// mayBelong lists all staff, and those who belong to the team although they are switched off.
func mayBelong(ctx context.Context, tx *db.Tx, teamID int64) ([]person.Person, error) {
	people, err := person.Staff(ctx, tx)
	if err != nil || teamID == 0 {
		return people, err
	}
	members, err := person.Members(ctx, tx, teamID)
	if err != nil {
		return nil, err
	}
	for _, id := range members {
		if slices.ContainsFunc(people, func(p person.Person) bool { return p.ID == id }) {
			continue
		}
		p, err := person.Get(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}

func (a *Admin) saveTeam(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	t := person.Team{Name: r.PostFormValue("name"), Slug: strings.ToLower(strings.TrimSpace(r.PostFormValue("slug"))), Private: r.PostFormValue("private") != ""}
	if r.PathValue("id") != "" {
		var err error
		if t.ID, err = page.Number(r, "id"); err != nil {
			return err
		}
	}
	members := numbers(r.PostForm["member"])
	ctx := r.Context()
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return storeTeam(ctx, tx, v, t, members) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showTeam(w, r, v, http.StatusUnprocessableEntity, t, members, wrong)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The team {{.Name}} is saved.", "Name", person.CleanName(t.Name)), string(teamSection))
}

// storeTeam saves a team with its members, and writes down what changed.
func storeTeam(ctx context.Context, tx *db.Tx, v page.Visit, t person.Team, members []int64) error {
	var was person.Team
	if t.ID != 0 {
		var err error
		if was, err = teamByID(ctx, tx, t.ID); err != nil {
			return err
		}
	}
	id, err := person.SaveTeam(ctx, tx, t)
	if err != nil {
		return err
	}
	t.Name = person.CleanName(t.Name)
	said := changes(change("name", was.Name, t.Name), change("short name", was.Slug, t.Slug), change("private", yesNo(was.Private), yesNo(t.Private)))
	action := "team changed"
	if t.ID == 0 {
		action = "team added"
	}
	if said != "" {
		if err := audit(ctx, tx, v, action, "team", id, said); err != nil {
			return err
		}
	}
	return setMembers(ctx, tx, v, id, members)
}

// setMembers says who belongs to a team, and writes down who came and who went.
func setMembers(ctx context.Context, tx *db.Tx, v page.Visit, teamID int64, members []int64) error {
	was, err := person.Members(ctx, tx, teamID)
	if err != nil {
		return err
	}
	slices.Sort(members)
	members = slices.Compact(members)
	if slices.Equal(was, members) {
		return nil
	}
	if err := person.SetMembers(ctx, tx, teamID, members); err != nil {
		return err
	}
	names, err := person.Names(ctx, tx, append(slices.Clone(was), members...))
	if err != nil {
		return err
	}
	return audit(ctx, tx, v, "team members changed", "team", teamID, changes(people("came", names, members, was), people("went", names, was, members)))
}

// people names those of one list who are not in the other: "came: Hana Sato (person 3), Tom Becker (person 7)".
func people(what string, names map[int64]string, of, without []int64) string {
	var said []string
	for _, id := range of {
		if !slices.Contains(without, id) {
			said = append(said, names[id]+" (person "+decimal(id)+")")
		}
	}
	if said == nil {
		return ""
	}
	return what + ": " + strings.Join(said, ", ")
}

// numbers reads ids that checkboxes send; what is none is left out.
func numbers(values []string) []int64 {
	var out []int64
	for _, s := range values {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
			out = append(out, n)
		}
	}
	return out
}
