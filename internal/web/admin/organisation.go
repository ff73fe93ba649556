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

func (a *Admin) organisations(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view OrganisationsView
	err := a.read(r, v, organisationSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		all, err := person.Organisations(ctx, tx)
		for _, o := range all {
			view.Organisations = append(view.Organisations, OrganisationRow{Name: o.Name, URL: path(organisationSection, o.ID), Domains: o.Domains, SeeColleagues: o.SeeColleagues})
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, OrganisationsPage(view))
}

// organisationByID finds an organisation with its domains, or gives fault.NotFound.
func organisationByID(ctx context.Context, tx *db.Tx, id int64) (person.Organisation, error) {
	all, err := person.Organisations(ctx, tx)
	if i := slices.IndexFunc(all, func(o person.Organisation) bool { return o.ID == id }); i >= 0 {
		return all[i], nil
	}
	if err == nil {
		err = fault.NotFound(i18n.M("There is no such organisation."))
	}
	return person.Organisation{}, err
}

func (a *Admin) newOrganisation(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showOrganisation(w, r, v, http.StatusOK, person.Organisation{}, "", nil)
}

func (a *Admin) organisation(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var o person.Organisation
	err = a.Site.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		o, err = organisationByID(r.Context(), tx, id)
		return err
	})
	if err != nil {
		return err
	}
	return a.showOrganisation(w, r, v, http.StatusOK, o, strings.Join(o.Domains, "\n"), nil)
}

// showOrganisation shows the form; domains are as they were typed.
func (a *Admin) showOrganisation(w http.ResponseWriter, r *http.Request, v page.Visit, status int, o person.Organisation, domains string, wrong map[string]string) error {
	view := OrganisationView{
		Title: i18n.T(r.Context(), "New organisation"), URL: string(organisationSection), Wrong: len(wrong) > 0,
		Name: Field{o.Name, wrong["name"]}, Domains: Field{domains, wrong["domains"]}, SeeColleagues: o.SeeColleagues,
	}
	err := a.read(r, v, organisationSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		if o.ID == 0 {
			return nil
		}
		was, err := organisationByID(ctx, tx, o.ID)
		view.Title, view.URL = was.Name, path(organisationSection, o.ID)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, OrganisationPage(view))
}

func (a *Admin) saveOrganisation(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	typed := r.PostFormValue("domains")
	o := person.Organisation{Name: r.PostFormValue("name"), SeeColleagues: r.PostFormValue("see_colleagues") != "", Domains: domains(typed)}
	if r.PathValue("id") != "" {
		var err error
		if o.ID, err = page.Number(r, "id"); err != nil {
			return err
		}
	}
	ctx := r.Context()
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) error { return storeOrganisation(ctx, tx, v, o) })
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showOrganisation(w, r, v, http.StatusUnprocessableEntity, o, typed, wrong)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The organisation {{.Name}} is saved.", "Name", person.CleanName(o.Name)), string(organisationSection))
}

// storeOrganisation saves an organisation, and writes down what changed.
func storeOrganisation(ctx context.Context, tx *db.Tx, v page.Visit, o person.Organisation) error {
	var was person.Organisation
	action := "organisation added"
	if o.ID != 0 {
		var err error
		if was, err = organisationByID(ctx, tx, o.ID); err != nil {
			return err
		}
		action = "organisation changed"
	}
	id, err := person.SaveOrganisation(ctx, tx, o)
	if err != nil {
		return err
	}
	said := changes(change("name", was.Name, person.CleanName(o.Name)), change("domains", strings.Join(was.Domains, ", "), strings.Join(o.Domains, ", ")),
		change("people see each other's tickets", yesNo(was.SeeColleagues), yesNo(o.SeeColleagues)))
	if said == "" {
		return nil
	}
	return audit(ctx, tx, v, action, "organisation", id, said)
}

// domains reads what was typed, one a line, in alphabetical order and each once.
func domains(typed string) []string {
	all := strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ' ' || r == '\t' })
	for i, d := range all {
		all[i] = strings.TrimPrefix(d, "@")
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(d string) bool { return d == "" })
}
