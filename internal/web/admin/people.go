package admin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// People a page of the list, and how many hits of a search are looked at to fill one.
const (
	peoplePage = 50
	peopleHits = 500
)

func (a *Admin) people(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	q := r.URL.Query()
	typed, role := strings.TrimSpace(q.Get("q")), q.Get("role")
	if !validRole(role) {
		role = ""
	}
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	view := PeopleView{Query: typed, Narrowed: typed+role != "", Roles: roleChoices(r.Context(), role, ui.Choice{Label: i18n.T(r.Context(), "all roles")})}
	err := a.read(r, v, personSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		found, err := findPeople(ctx, tx, typed, person.Role(role), before)
		if err != nil {
			return err
		}
		more := len(found) > peoplePage
		found = found[:min(len(found), peoplePage)]
		view.Cut = more && typed != ""
		if more && typed == "" {
			view.Older = peopleURL(role, found[len(found)-1].ID)
		}
		if before > 0 && typed == "" {
			view.Start = peopleURL(role, 0)
		}
		names, err := organisationNames(ctx, tx)
		for _, p := range found {
			view.People = append(view.People, PersonRow{
				Name: shownName(p), URL: path(personSection, p.ID), Address: p.Address, Role: roleWord(ctx, p.Role), Organisation: names[p.OrganisationID],
				Staff: p.Role != person.Requester, Inactive: !p.Active,
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, PeoplePage(view))
}

// findPeople gives one more than a page, to know whether there are more.
func findPeople(ctx context.Context, tx *db.Tx, typed string, role person.Role, before int64) ([]person.Person, error) {
	switch {
	case typed != "" && role == "":
		return person.Find(ctx, tx, typed, peoplePage+1)
	case typed != "":
		all, err := person.Find(ctx, tx, typed, peopleHits)
		var out []person.Person
		for _, p := range all {
			if p.Role == role && len(out) <= peoplePage {
				out = append(out, p)
			}
		}
		return out, err
	case role != "":
		return person.ListRole(ctx, tx, role, before, peoplePage+1)
	}
	return person.List(ctx, tx, before, peoplePage+1)
}

func peopleURL(role string, before int64) string {
	q := url.Values{}
	if role != "" {
		q.Set("role", role)
	}
	if before > 0 {
		q.Set("before", decimal(before))
	}
	if len(q) == 0 {
		return string(personSection)
	}
	return string(personSection) + "?" + q.Encode()
}

// shownName is the name, or what else tells who it is: a link needs words.
func shownName(p person.Person) string {
	if p.Name != "" {
		return p.Name
	}
	if p.Address != "" {
		return p.Address
	}
	return "#" + decimal(p.ID)
}

func organisationNames(ctx context.Context, tx *db.Tx) (map[int64]string, error) {
	all, err := person.Organisations(ctx, tx)
	names := map[int64]string{}
	for _, o := range all {
		names[o.ID] = o.Name
	}
	return names, err
}
