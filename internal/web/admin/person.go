package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// personForm is what was typed about somebody; the address and the other record belong to forms of their own.
type personForm struct {
	name, role, language, zone string
	organisation               int64
	active                     bool
	teams                      []int64
	skills                     string
	calendar                   int64
	address, with              string
}

func (a *Admin) person(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	p, f, err := a.getPerson(r)
	if err != nil {
		return err
	}
	return a.showPerson(w, r, v, http.StatusOK, p, f, nil)
}

// getPerson gives the person whom the address names, and the form as they are stored.
func (a *Admin) getPerson(r *http.Request) (p person.Person, f personForm, err error) {
	id, err := page.Number(r, "id")
	if err != nil {
		return p, f, err
	}
	ctx := r.Context()
	err = a.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if p, err = person.Get(ctx, tx, id); err != nil {
			return err
		}
		f = personForm{name: p.Name, role: string(p.Role), language: p.Language, zone: p.Zone, organisation: p.OrganisationID, active: p.Active}
		tags, err := routing.TagsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		f.skills = strings.Join(tags, ", ")
		if f.calendar, err = routing.CalendarOf(ctx, tx, id); err != nil {
			return err
		}
		f.teams, err = teamsOf(ctx, tx, id)
		return err
	})
	return p, f, err
}

// teamsOf gives the ids of the teams that somebody belongs to.
func teamsOf(ctx context.Context, tx *db.Tx, personID int64) (out []int64, err error) {
	all, err := person.Teams(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		members, err := person.Members(ctx, tx, t.ID)
		if err != nil {
			return nil, err
		}
		if slices.Contains(members, personID) {
			out = append(out, t.ID)
		}
	}
	return out, nil
}

// showPerson shows somebody with a form as it was typed. wrong names fields, among them new_address and with.
func (a *Admin) showPerson(w http.ResponseWriter, r *http.Request, v page.Visit, status int, p person.Person, f personForm, wrong map[string]string) error {
	ctx := r.Context()
	view := PersonView{
		Title: shownName(p), URL: path(personSection, p.ID), Role: roleWord(ctx, p.Role), Wrong: len(wrong) > 0, Me: p.ID == v.Actor.ID,
		Name: Field{f.name, wrong["name"]}, Roles: roleChoices(ctx, f.role), RoleError: wrong["role"], Active: f.active,
		Languages: languageChoices(ctx, f.language), LanguageError: wrong["language"], Zone: Field{f.zone, wrong["zone"]}, Zones: zoneSuggestions(), DeskZone: a.deskZone(),
		OrganisationError: wrong["organisation"], NewAddress: Field{f.address, wrong["new_address"]}, MergeWith: Field{f.with, wrong["with"]}, Since: p.CreatedAt,
		MayInvite: a.Invite != nil && p.Active && p.Address != "", MayErase: a.Erase != nil && p.ID != v.Actor.ID,
	}
	err := a.read(r, v, personSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		if p.MergedInto != 0 {
			kept, err := person.Get(ctx, tx, p.MergedInto)
			view.MergedName, view.MergedURL = shownName(kept), path(personSection, kept.ID)
			return err
		}
		var err error
		view.Skills, view.CalendarError = Field{f.skills, wrong["skills"]}, wrong["calendar"]
		if view.Calendars, err = a.calendarChoices(ctx, tx, f.calendar, i18n.T(ctx, "Those of the team")); err != nil {
			return err
		}
		return fillPerson(ctx, tx, &view, p.ID, f)
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, PersonPage(view))
}

// fillPerson adds what the store knows.
func fillPerson(ctx context.Context, tx *db.Tx, view *PersonView, id int64, f personForm) error {
	addresses, err := person.Addresses(ctx, tx, id)
	for _, x := range addresses {
		view.Addresses = append(view.Addresses, Address{Address: x.Address, First: x.First, Proven: x.VerifiedAt != 0, Bounced: x.BouncedAt != 0})
	}
	if err != nil {
		return err
	}
	organisations, err := person.Organisations(ctx, tx)
	view.Organisations = []ui.Choice{{Label: i18n.T(ctx, "none"), Chosen: f.organisation == 0}}
	for _, o := range organisations {
		view.Organisations = append(view.Organisations, ui.Choice{Value: decimal(o.ID), Label: o.Name, Chosen: o.ID == f.organisation})
	}
	if err != nil {
		return err
	}
	if view.Teams, err = teamChoices(ctx, tx, f.teams); err != nil {
		return err
	}
	sessions, err := person.Sessions(ctx, tx, id)
	if err != nil {
		return err
	}
	view.Sessions = len(sessions)
	if view.TOTP, err = person.HasTOTP(ctx, tx, id); err != nil {
		return err
	}
	if view.Password, err = person.HasPassword(ctx, tx, id); err != nil {
		return err
	}
	merges, err := person.Merges(ctx, tx, id)
	for _, m := range merges {
		view.Merges = append(view.Merges, Merge{ID: m.ID, Name: m.GoneName, At: m.MergedAt})
	}
	return err
}

func (a *Admin) savePerson(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	p, _, err := a.getPerson(r)
	if err != nil {
		return err
	}
	organisation, _ := strconv.ParseInt(r.PostFormValue("organisation"), 10, 64)
	f := personForm{
		name: r.PostFormValue("name"), role: r.PostFormValue("role"), language: r.PostFormValue("language"), zone: strings.TrimSpace(r.PostFormValue("zone")),
		organisation: organisation, active: r.PostFormValue("active") != "", teams: numbers(r.PostForm["team"]),
		skills: r.PostFormValue("skills"), calendar: idOf(r.PostFormValue("calendar")),
	}
	ctx := r.Context()
	if err = f.check(); err == nil {
		err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
			if err := storePerson(ctx, tx, v, p.ID, f); err != nil {
				return err
			}
			return a.storeSkills(ctx, tx, v, p.ID, f)
		})
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showPerson(w, r, v, http.StatusUnprocessableEntity, p, f, wrong)
	}
	if err != nil {
		return err
	}
	words := i18n.T(ctx, "{{.Name}} is saved.", "Name", person.CleanName(f.name))
	if p.ID == v.Actor.ID && f.role != string(person.Administrator) {
		return a.done(w, r, words, "/") // they may not see this page any more
	}
	return a.done(w, r, words, path(personSection, p.ID))
}

func (f personForm) check() error {
	var wrong []fault.Field
	known := func(l i18n.Language) bool { return l.Code == f.language }
	if f.language != "" && !slices.ContainsFunc(i18n.Languages(), known) {
		wrong = append(wrong, fault.F("language", i18n.M("Please choose one of the languages.")))
	}
	if _, err := time.LoadLocation(f.zone); err != nil || f.zone == "Local" || len(f.zone) > 60 {
		wrong = append(wrong, fault.F("zone", i18n.M("This time zone is not known. One looks like Europe/Berlin.")))
	}
	if person.CleanName(f.name) == "" {
		wrong = append(wrong, fault.F("name", i18n.M("Please give a name.")))
	}
	if !validRole(f.role) {
		wrong = append(wrong, fault.F("role", i18n.M("Please choose one of the roles.")))
	}
	return fault.Check(wrong)
}

// storePerson saves what was typed about somebody, and writes down what changed.
func storePerson(ctx context.Context, tx *db.Tx, v page.Visit, id int64, f personForm) error {
	if err := tx.Lock(ctx, "person", id); err != nil {
		return err
	}
	was, err := person.Get(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := notMerged(was); err != nil {
		return err
	}
	role := person.Role(f.role)
	if err := person.Update(ctx, tx, id, person.Change{Name: &f.name, Language: &f.language, Zone: &f.zone, Role: &role, Active: &f.active, Organisation: &f.organisation}); err != nil {
		return err
	}
	if err := auditPerson(ctx, tx, v, was, f); err != nil {
		return err
	}
	if role == person.Requester {
		return nil // Update has taken them out of their teams
	}
	return setTeams(ctx, tx, v, id, f.teams)
}

// notMerged refuses to change a record that has become part of another.
func notMerged(p person.Person) error {
	if p.MergedInto == 0 {
		return nil
	}
	return fault.Conflict(i18n.M("This person has become part of another. Please change that one, or undo the merge."))
}

func auditPerson(ctx context.Context, tx *db.Tx, v page.Visit, was person.Person, f personForm) error {
	names, err := organisationNames(ctx, tx)
	if err != nil {
		return err
	}
	said := changes(change("name", was.Name, person.CleanName(f.name)), change("organisation", names[was.OrganisationID], names[f.organisation]),
		change("language", was.Language, f.language), change("time zone", was.Zone, f.zone))
	for _, line := range []struct {
		so             bool
		action, detail string
	}{
		{string(was.Role) != f.role, "role changed", string(was.Role) + " → " + f.role},
		{was.Active && !f.active, "person deactivated", ""},
		{!was.Active && f.active, "person activated", ""},
		{said != "", "person changed", said},
	} {
		if !line.so {
			continue
		}
		if err := audit(ctx, tx, v, line.action, "person", was.ID, line.detail); err != nil {
			return err
		}
	}
	return nil
}
