package desk

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/lesson"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// newMacro answers GET /macros/new; the query may hold a text to begin with, or an article to make it of.
func (d *Desk) newMacro(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	m := macro.Macro{Scope: macro.Own, Texts: map[string]string{i18n.LangOf(r.Context()): r.URL.Query().Get("text")}}
	if article := idOf(r.URL.Query().Get("article")); article != 0 {
		var err error
		if m, err = d.fromArticle(r.Context(), v, article); err != nil {
			return err
		}
	}
	return d.macroForm(w, r, v, m, nil)
}

// macroPage answers GET /macros/{id}: its form, and with ?ticket=1042 what it would say on that ticket.
func (d *Desk) macroPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var m macro.Macro
	err = d.read(r.Context(), v, func(l *look) error {
		m, err = macro.Get(r.Context(), l.tx, v.Actor, id)
		return err
	})
	if err != nil {
		return err
	}
	return d.macroForm(w, r, v, m, nil)
}

// saveMacro answers POST /macros and POST /macros/{id}.
func (d *Desk) saveMacro(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	if err := page.Form(r); err != nil {
		return err
	}
	m := readMacro(r)
	if r.PathValue("id") != "" {
		id, err := page.Number(r, "id")
		if err != nil {
			return err
		}
		m.ID = id
	}
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := macro.Save(ctx, tx, v.Actor, m)
		if article := idOf(r.PostFormValue("article")); err == nil && m.ID == 0 && article != 0 {
			err = lesson.Pair(ctx, tx, v.Actor, id, article)
		}
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return d.macroForm(w, r, v, m, wrong)
	}
	if err != nil {
		return err
	}
	if word := macro.RiskyWord(m); m.Risk == macro.ByWords && word != "" {
		d.Site.Tell(w, i18n.T(ctx, "“{{.Name}}” is saved. It says “{{.Word}}”, so it will ask for a backup and for consent.", "Name", m.Name, "Word", word))
	} else {
		d.Site.Tell(w, i18n.T(ctx, "“{{.Name}}” is saved.", "Name", m.Name))
	}
	return page.Goto(w, r, macrosURL)
}

// readMacro reads the form of a macro.
func readMacro(r *http.Request) macro.Macro {
	m := macro.Macro{Name: r.PostFormValue("name"), Shortcut: r.PostFormValue("shortcut"), Folder: r.PostFormValue("folder"), Risk: macro.Risk(r.PostFormValue("risk")), Texts: map[string]string{}}
	scope, team, _ := strings.Cut(r.PostFormValue("scope"), ":")
	m.Scope, m.TeamID = macro.Scope(scope), idOf(team)
	for _, l := range i18n.Languages() {
		m.Texts[l.Code] = r.PostFormValue("text-" + l.Code)
	}
	add := func(do ticket.Deed, value string) {
		if value = strings.TrimSpace(value); value != "" {
			m.Actions = append(m.Actions, ticket.Action{Do: do, Value: value})
		}
	}
	add(ticket.DoAssign, r.PostFormValue("assignee"))
	add(ticket.DoMove, r.PostFormValue("team"))
	add(ticket.DoPriority, r.PostFormValue("priority"))
	add(ticket.DoKind, r.PostFormValue("kind"))
	for _, tag := range strings.Split(r.PostFormValue("tags"), ",") {
		if tag = strings.TrimSpace(tag); strings.HasPrefix(tag, "-") {
			add(ticket.DoUntag, tag[1:])
		} else {
			add(ticket.DoTag, tag)
		}
	}
	if r.PostFormValue("follow") != "" {
		add(ticket.DoFollow, "me")
	}
	add(ticket.DoNote, r.PostFormValue("note"))
	add(ticket.DoTell, r.PostFormValue("tell"))
	add(ticket.DoStatus, r.PostFormValue("status"))
	add(ticket.DoSnooze, r.PostFormValue("snooze"))
	return m
}

// valueOf is the value of the action of one kind, "" for none.
func valueOf(m macro.Macro, do ticket.Deed) string {
	for _, a := range m.Actions {
		if a.Do == do {
			return a.Value
		}
	}
	return ""
}

func (d *Desk) macroForm(w http.ResponseWriter, r *http.Request, v page.Visit, m macro.Macro, wrong map[string]string) error {
	ctx := r.Context()
	view := MacroView{Wrong: wrong, URL: macrosURL, Title: i18n.T(ctx, "New macro"), Name: m.Name, Shortcut: m.Shortcut, Folder: m.Folder, Note: valueOf(m, ticket.DoNote), Tell: valueOf(m, ticket.DoTell), Follow: valueOf(m, ticket.DoFollow) != "", ReadOnly: m.ID != 0 && !macro.MayChange(v.Actor, m)}
	view.Article = idOf(r.FormValue("article"))
	if m.ID != 0 {
		view.ID, view.URL, view.Title = m.ID, macroURL(m.ID), m.Name
	}
	for _, x := range macro.Variables() {
		view.Variables = append(view.Variables, "{{"+x+"}}")
	}
	for _, l := range i18n.Languages() {
		view.Texts = append(view.Texts, MacroText{Language: l.Code, Name: l.Name, Text: m.Texts[l.Code], Error: wrong["text-"+l.Code]})
	}
	var tags []string
	for _, a := range m.Actions {
		switch a.Do {
		case ticket.DoTag:
			tags = append(tags, a.Value)
		case ticket.DoUntag:
			tags = append(tags, "-"+a.Value)
		}
	}
	view.Tags = strings.Join(tags, ", ")
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, macrosURL); err != nil {
			return err
		}
		if view.Pair, err = pairOf(ctx, l, m.ID); err != nil {
			return err
		}
		if err := macroChoices(ctx, l, m, &view); err != nil {
			return err
		}
		return d.macroPreview(ctx, l, m, r.URL.Query().Get("ticket"), &view)
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return d.show(w, r, v, status, view.Frame, MacroPage(view), nil)
}

// macroChoices fills the selects of the form.
func macroChoices(ctx context.Context, l *look, m macro.Macro, view *MacroView) error {
	teams, err := l.allTeams(ctx)
	if err != nil {
		return err
	}
	staff, err := l.allStaff(ctx)
	if err != nil {
		return err
	}
	leave := i18n.T(ctx, "leave as it is")
	one := func(do ticket.Deed, values []ui.Choice) []ui.Choice {
		chosen := valueOf(m, do)
		out := []ui.Choice{{Label: leave, Chosen: chosen == ""}}
		for _, c := range values {
			c.Chosen = c.Value == chosen
			out = append(out, c)
		}
		return out
	}
	choices := func(values []string, word func(context.Context, string) string) (out []ui.Choice) {
		for _, x := range values {
			out = append(out, ui.Choice{Value: x, Label: word(ctx, x)})
		}
		return out
	}
	view.Statuses = one(ticket.DoStatus, choices(texts(ticket.Statuses()[1:]), ui.StatusWord))
	view.Priorities = one(ticket.DoPriority, choices(texts(ticket.Priorities()), ui.PriorityWord))
	view.Kinds = one(ticket.DoKind, choices(texts(ticket.Kinds()), ui.KindWord))
	view.Snoozes = one(ticket.DoSnooze, choices([]string{"4h", "1d", "3d", "7d", "answer", "answer 3d", "answer 7d"}, snoozeActionWords))
	who := []ui.Choice{{Value: "me", Label: i18n.T(ctx, "whoever uses it")}, {Value: "nobody", Label: i18n.C(ctx, "who gets it", "nobody")}}
	for _, a := range staff {
		who = append(who, ui.Choice{Value: decimal(a.ID), Label: a.Name})
	}
	view.Agents = one(ticket.DoAssign, who)
	var all []ui.Choice
	for _, t := range teams {
		all = append(all, ui.Choice{Value: decimal(t.ID), Label: t.Name})
	}
	view.Teams = one(ticket.DoMove, all)
	view.Scopes = []ui.Choice{{Value: string(macro.Own), Label: i18n.T(ctx, "only you"), Chosen: m.Scope == macro.Own}}
	if person.Can(l.visit.Actor, person.ShareMacros, person.Thing{}) || m.Scope != macro.Own {
		view.Scopes = append(view.Scopes, ui.Choice{Value: string(macro.All), Label: i18n.T(ctx, "everybody"), Chosen: m.Scope == macro.All})
		for _, t := range teams {
			view.Scopes = append(view.Scopes, ui.Choice{Value: string(macro.Team) + ":" + decimal(t.ID), Label: i18n.T(ctx, "the team {{.Team}}", "Team", t.Name), Chosen: m.Scope == macro.Team && m.TeamID == t.ID})
		}
	}
	byWords := i18n.T(ctx, "if its words say so")
	if word := macro.RiskyWord(m); word != "" {
		byWords = i18n.T(ctx, "if its words say so (they do: “{{.Word}}”)", "Word", word)
	}
	view.Risks = []ui.Choice{
		{Value: string(macro.ByWords), Label: byWords, Chosen: m.Risk == macro.ByWords || m.Risk == ""},
		{Value: string(macro.Yes), Label: i18n.T(ctx, "always"), Chosen: m.Risk == macro.Yes},
		{Value: string(macro.No), Label: i18n.T(ctx, "never: nothing can be lost by it"), Chosen: m.Risk == macro.No},
	}
	return nil
}

// macroPreview shows what a macro would say on a ticket.
func (d *Desk) macroPreview(ctx context.Context, l *look, m macro.Macro, typed string, view *MacroView) error {
	if view.Ticket = strings.TrimPrefix(strings.TrimSpace(typed), "#"); view.Ticket == "" {
		return nil
	}
	number, err := strconv.ParseInt(view.Ticket, 10, 64)
	if err != nil {
		view.TicketError = i18n.T(ctx, "Please give the number of a ticket, such as 1042.")
		return nil
	}
	t, err := ticket.Get(ctx, l.tx, l.visit.Actor, person.SeeTicket, number)
	var f *fault.Error
	if errors.As(err, &f) {
		view.TicketError = i18n.Print(ctx, f.Message)
		return nil
	}
	if err != nil {
		return err
	}
	filler, err := macro.NewFiller(ctx, l.tx, l.visit.Actor, t, d.Site.Zone)
	if err != nil {
		return err
	}
	filled := filler.Fill(ctx, m)
	view.Preview, view.PreviewLanguage, view.Missing = filled.Text, filled.Language, strings.Join(filled.Missing, ", ")
	return nil
}
