package admin

import (
	"context"
	"net/http"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/service"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ask"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// services answers GET /admin/services: what the desk offers, in order.
func (a *Admin) services(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view := ServicesView{}
	err := a.read(r, v, serviceSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		all, err := service.All(ctx, tx)
		if err != nil {
			return err
		}
		for i, s := range all {
			f, err := service.FormOf(ctx, tx, s, 0)
			if err != nil {
				return err
			}
			view.Services = append(view.Services, ServiceRow{Name: s.Name, URL: path(serviceSection, s.ID), Sentence: s.Sentence, Questions: len(f.Questions), Hidden: !s.Shown, First: i == 0, Last: i == len(all)-1})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, ServicesPage(view))
}

func (a *Admin) newService(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showService(w, r, v, http.StatusOK, service.Service{Shown: true}, nil, nil)
}

// service answers GET /admin/services/{id}.
func (a *Admin) service(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	s, f, err := a.serviceOf(r)
	if err != nil {
		return err
	}
	return a.showService(w, r, v, http.StatusOK, s, f.Questions, nil)
}

// serviceOf loads the service of the address with its questions.
func (a *Admin) serviceOf(r *http.Request) (s service.Service, f service.Form, err error) {
	id, err := page.Number(r, "id")
	if err != nil {
		return s, f, err
	}
	err = a.Site.DB.Read(r.Context(), func(tx *db.Tx) error {
		if s, err = service.ByID(r.Context(), tx, id); err == nil {
			f, err = service.FormOf(r.Context(), tx, s, 0)
		}
		return err
	})
	return s, f, err
}

// showService shows the form of a service as it is stored or typed.
func (a *Admin) showService(w http.ResponseWriter, r *http.Request, v page.Visit, status int, s service.Service, all []service.Question, wrong map[string]string) error {
	ctx := r.Context()
	view := ServiceView{
		ID: s.ID, URL: string(serviceSection), Title: i18n.T(ctx, "New service"), Wrong: len(wrong) > 0, VersionError: wrong["version"], QuestionsError: wrong["questions"], Seen: s.Version,
		Name: Field{s.Name, wrong["name"]}, Slug: Field{s.Slug, wrong["slug"]}, Sentence: s.Sentence, Words: Field{s.Words, wrong["words"]}, Tags: Field{s.Tags, wrong["tags"]},
		Shown: s.Shown, TeamError: wrong["team"], KindError: wrong["kind"], PriorityError: wrong["priority"], Kinds: kindChoices(ctx, s), Priorities: priorityChoices(ctx, s),
		Questions: questionViews(ctx, all, wrong),
	}
	if s.ID != 0 {
		view.URL, view.Title = path(serviceSection, s.ID), s.Name
	}
	if s.Slug != "" && wrong["slug"] == "" {
		view.Address = addressOf(a.Site.Secure, r.Host) + "/?service=" + s.Slug
	}
	err := a.read(r, v, serviceSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		if s.ID != 0 {
			now, err := service.ByID(ctx, tx, s.ID)
			if err != nil {
				return err
			}
			view.Title, view.Seen = now.Name, now.Version
		}
		teams, err := person.Teams(ctx, tx)
		view.Teams = []ui.Choice{{Label: i18n.T(ctx, "as usual"), Chosen: s.TeamID == 0}}
		for _, t := range teams {
			view.Teams = append(view.Teams, ui.Choice{Value: decimal(t.ID), Label: t.Name, Chosen: t.ID == s.TeamID})
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, ServicePage(view))
}

// addressOf is how the administrator's browser calls this desk.
func addressOf(secure bool, host string) string {
	if secure {
		return "https://" + host
	}
	return "http://" + host
}

func kindChoices(ctx context.Context, s service.Service) []ui.Choice {
	out := []ui.Choice{{Label: i18n.T(ctx, "as usual"), Chosen: s.Kind == ""}}
	for _, k := range ticket.Kinds() {
		out = append(out, ui.Choice{Value: string(k), Label: ui.KindWord(ctx, string(k)), Chosen: k == s.Kind})
	}
	return out
}

func priorityChoices(ctx context.Context, s service.Service) []ui.Choice {
	out := []ui.Choice{{Label: i18n.T(ctx, "as usual"), Chosen: s.Priority == ""}}
	for _, p := range ticket.Priorities() {
		out = append(out, ui.Choice{Value: string(p), Label: ui.PriorityWord(ctx, string(p)), Chosen: p == s.Priority})
	}
	return out
}

// saveService answers POST /admin/services and POST /admin/services/{id}. A button that changes the list of questions shows the form
// again, changed; nothing is saved by it.
func (a *Admin) saveService(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	s, all := typedService(r)
	if r.PathValue("id") != "" {
		var err error
		if s.ID, err = page.Number(r, "id"); err != nil {
			return err
		}
	}
	ctx := r.Context()
	if do := r.PostFormValue("do"); do != "" {
		err := a.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
			all, err = rearranged(ctx, tx, s.ID, all, do)
			return err
		})
		if err != nil {
			return err
		}
		return a.showService(w, r, v, http.StatusOK, s, all, nil)
	}
	saved := s
	err := a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		action := "service added"
		if s.ID != 0 {
			action = "service changed"
		}
		if saved, err = service.Save(ctx, tx, v.Actor, s, all); err != nil {
			return err
		}
		return audit(ctx, tx, v, action, "service", saved.ID, changes(change("name", "", saved.Name), change("questions", "", decimal(int64(len(all)))), change("shown", "", yesNo(saved.Shown))))
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showService(w, r, v, http.StatusUnprocessableEntity, s, all, wrong)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "The service is saved."), path(serviceSection, saved.ID))
}

// moveService answers POST /admin/services/{id}/move: the field to is "up" or "down".
func (a *Admin) moveService(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changeService(w, r, v, i18n.T(r.Context(), "The order is saved."), "service moved", func(ctx context.Context, tx *db.Tx, id int64) error {
		return service.Move(ctx, tx, id, r.PostFormValue("to") == "up")
	})
}

// removeService answers POST /admin/services/{id}/removal.
func (a *Admin) removeService(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.changeService(w, r, v, i18n.T(r.Context(), "The service is removed."), "service removed", service.Remove)
}

func (a *Admin) changeService(w http.ResponseWriter, r *http.Request, v page.Visit, said, action string, do func(ctx context.Context, tx *db.Tx, id int64) error) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) error {
		was, err := service.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := do(ctx, tx, id); err != nil {
			return err
		}
		return audit(ctx, tx, v, action, "service", id, was.Name)
	})
	if err != nil {
		return err
	}
	return a.done(w, r, said, string(serviceSection))
}

// tryService answers GET and POST /admin/services/{id}/try: the questions as requesters see them, and what a ticket would be told.
func (a *Admin) tryService(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	s, f, err := a.serviceOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	view := TrialView{Site: a.Site.Name, Name: s.Name, Sentence: s.Sentence, URL: path(serviceSection, s.ID)}
	status := http.StatusOK
	var wrong map[string]string
	var typed func(string) []string
	if r.Method == http.MethodPost {
		if err := page.Form(r); err != nil {
			return err
		}
		typed = func(name string) []string { return r.PostForm[name] }
		facts, err := f.Read(typed)
		var invalid bool
		if wrong, invalid = page.FieldErrors(ctx, err); invalid {
			status = http.StatusUnprocessableEntity
		} else if err != nil {
			return err
		}
		view.Sent = !invalid
		for _, x := range facts {
			view.Facts = append(view.Facts, ask.Fact{Label: x.Label, Value: ui.FactValue(ctx, string(x.Kind), x.Value)})
		}
	}
	view.Wrong = len(wrong) > 0
	view.Questions = ask.Of(ctx, f, typed, wrong)
	return page.Render(w, r, status, TrialPage(view))
}
