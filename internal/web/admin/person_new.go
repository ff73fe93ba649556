package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// newcomer is somebody as they were typed.
type newcomer struct {
	name, address, role string
	teams               []int64
	invite              bool
}

func (a *Admin) newPerson(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	n := newcomer{role: r.URL.Query().Get("role"), invite: true}
	if !validRole(n.role) {
		n.role = string(person.Agent)
	}
	return a.showNewcomer(w, r, v, http.StatusOK, n, nil)
}

func (a *Admin) showNewcomer(w http.ResponseWriter, r *http.Request, v page.Visit, status int, n newcomer, wrong map[string]string) error {
	view := NewPersonView{
		Wrong: len(wrong) > 0, Name: Field{n.name, wrong["name"]}, Address: Field{n.address, wrong["address"]}, RoleError: wrong["role"],
		Roles: roleChoices(r.Context(), n.role), MayInvite: a.Invite != nil, Invite: n.invite,
	}
	err := a.read(r, v, personSection, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		view.Teams, err = teamChoices(ctx, tx, n.teams)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, NewPersonPage(view))
}

func teamChoices(ctx context.Context, tx *db.Tx, chosen []int64) (out []TeamTick, err error) {
	all, err := person.Teams(ctx, tx)
	for _, t := range all {
		out = append(out, TeamTick{ID: t.ID, Name: t.Name, Private: t.Private, Chosen: slices.Contains(chosen, t.ID)})
	}
	return out, err
}

func (a *Admin) addPerson(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	n := newcomer{
		name: r.PostFormValue("name"), address: strings.TrimSpace(r.PostFormValue("address")), role: r.PostFormValue("role"),
		teams: numbers(r.PostForm["team"]), invite: r.PostFormValue("invite") != "",
	}
	n.invite = n.invite && a.Invite != nil
	ctx := r.Context()
	err := n.check()
	var p person.Person
	if err == nil {
		err = a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
			p, err = a.store(ctx, tx, v, n)
			return err
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showNewcomer(w, r, v, http.StatusUnprocessableEntity, n, wrong)
	}
	if err != nil {
		return err
	}
	words := i18n.T(ctx, "{{.Name}} is added.", "Name", shownName(p))
	if n.invite {
		words = i18n.T(ctx, "{{.Name}} is added and gets a mail that says how to sign in.", "Name", shownName(p))
	}
	return a.done(w, r, words, path(personSection, p.ID))
}

func (n newcomer) check() error {
	var wrong []fault.Field
	if person.CleanName(n.name) == "" {
		wrong = append(wrong, fault.F("name", i18n.M("Please give a name.")))
	}
	if !validRole(n.role) {
		wrong = append(wrong, fault.F("role", i18n.M("Please choose one of the roles.")))
	}
	switch {
	case n.address != "" && !person.ValidAddress(person.FoldAddress(n.address)):
		wrong = append(wrong, fault.F("address", i18n.M("“{{.Address}}” is not a mail address. One looks like name@example.com.", "Address", n.address)))
	case n.address == "" && (n.invite || n.role != string(person.Requester)):
		wrong = append(wrong, fault.F("address", i18n.M("Please give an address: without one they cannot sign in.")))
	}
	return fault.Check(wrong)
}

// store adds somebody with their teams, and writes it down.
func (a *Admin) store(ctx context.Context, tx *db.Tx, v page.Visit, n newcomer) (person.Person, error) {
	entry := person.New{Name: n.name, Role: person.Role(n.role)}
	if n.address != "" {
		entry.Addresses = []string{n.address}
	}
	p, err := person.Create(ctx, tx, entry)
	if err != nil {
		return p, err
	}
	if err := audit(ctx, tx, v, "person added", "person", p.ID, changes(n.role, p.Address)); err != nil {
		return p, err
	}
	if p.Role != person.Requester {
		if err := setTeams(ctx, tx, v, p.ID, n.teams); err != nil {
			return p, err
		}
	}
	if !n.invite {
		return p, nil
	}
	return p, a.mailInvitation(ctx, tx, v, p)
}

// setTeams says which teams somebody belongs to.
func setTeams(ctx context.Context, tx *db.Tx, v page.Visit, personID int64, teams []int64) error {
	all, err := person.Teams(ctx, tx)
	if err != nil {
		return err
	}
	for _, t := range all {
		members, err := person.Members(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		is, wanted := slices.Contains(members, personID), slices.Contains(teams, t.ID)
		switch {
		case wanted && !is:
			members = append(members, personID)
		case is && !wanted:
			members = slices.DeleteFunc(slices.Clone(members), func(id int64) bool { return id == personID })
		}
		if err := setMembers(ctx, tx, v, t.ID, members); err != nil {
			return err
		}
	}
	return nil
}

func (a *Admin) mailInvitation(ctx context.Context, tx *db.Tx, v page.Visit, p person.Person) error {
	if err := a.Invite(ctx, tx, p.ID, p.Address); err != nil {
		return err
	}
	return audit(ctx, tx, v, "invitation mailed", "person", p.ID, p.Address)
}
