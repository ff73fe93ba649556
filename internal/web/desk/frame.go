package desk

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// frame is what stands around each page of the desk; here is the key of the standing list that is shown, or "".
func (d *Desk) frame(ctx context.Context, l *look, here string) (Frame, error) {
	v := l.visit
	f := Frame{Site: d.Site.Name, Flash: v.Flash, Now: clock.Now()}
	f.Nav = page.Nav{
		Topic: page.TopicList, Admin: person.Can(v.Actor, person.Administer, person.Thing{}), Pages: pagesOf(ctx, v.Actor), Demo: d.Site.Demo,
		Me: page.Me{Name: v.Actor.Name, About: roleWord(ctx, v.Actor.Role)},
	}
	if err := l.countNotices(ctx, &f.Nav); err != nil {
		return f, err
	}
	if err := d.given(ctx, l, &f.Nav); err != nil {
		return f, err
	}
	chose, err := l.preferences(ctx)
	if err != nil {
		return f, err
	}
	f.Nav.Keys = chosenKeys(chose)
	if f.Nav.Views, f.Nav.Quiet, err = d.standingLinks(ctx, l, here); err != nil {
		return f, err
	}
	saved, again, err := d.savedLinks(ctx, l, here)
	if err != nil {
		return f, err
	}
	f.Nav.Saved, f.Nav.Again = saved, int(again.Milliseconds())
	more, err := d.undeliveredLink(ctx, l, here == undeliveredURL)
	f.Nav.Views = append(f.Nav.Views, more...)
	return f, err
}

// pagesOf are the pages beside the tickets that somebody may open.
func pagesOf(ctx context.Context, a person.Actor) (all []page.NavPage) {
	add := func(v person.Verb, icon, label, url string) {
		if person.Can(a, v, person.Thing{}) {
			all = append(all, page.NavPage{Icon: icon, Label: label, URL: url})
		}
	}
	add(person.UseDesk, "zap", i18n.T(ctx, "Macros"), "/macros")
	add(person.WriteArticles, "file-text", i18n.T(ctx, "Articles"), "/articles")
	add(person.UseDesk, "circle-help", i18n.T(ctx, "Primer"), "/primer")
	add(person.UseDesk, "pencil", i18n.T(ctx, "What to write"), "/gaps")
	add(person.SeeLoad, "hourglass", i18n.T(ctx, "How it is at the desk"), "/load")
	add(person.UseDesk, "clock", i18n.T(ctx, "Rota"), "/rota")
	add(person.UseDesk, "list", i18n.T(ctx, "The line"), "/line")
	add(person.ManageRules, "list-ordered", i18n.T(ctx, "Rules"), "/rules")
	add(person.SeeOutages, "circle-alert", i18n.T(ctx, "Outages and planned work"), "/outages")
	add(person.SeePapercuts, "flag", i18n.T(ctx, "Papercuts"), "/papercuts")
	add(person.UseDesk, "heart", i18n.T(ctx, "The wall"), "/wall")
	add(person.Mentor, "users", i18n.T(ctx, "Mentoring"), "/mentoring")
	add(person.PlanStints, "clock", i18n.T(ctx, "Stints"), "/stints")
	add(person.SeeExperience, "heart", i18n.T(ctx, "How it is for requesters"), "/experience")
	return all
}

func roleWord(ctx context.Context, r person.Role) string {
	switch r {
	case person.Agent:
		return i18n.C(ctx, "role", "agent")
	case person.Lead:
		return i18n.C(ctx, "role", "lead")
	case person.Administrator:
		return i18n.C(ctx, "role", "administrator")
	}
	return i18n.C(ctx, "role", "requester")
}

// pieces are the fragments that a page can give alone, by id.
type pieces map[string]templ.Component

// show answers with a page, or with those of its fragments alone that were asked for.
func (d *Desk) show(w http.ResponseWriter, r *http.Request, v page.Visit, status int, f Frame, whole templ.Component, parts pieces) error {
	if v.Fragments == nil {
		return page.Render(w, r, status, whole)
	}
	var wanted []templ.Component
	for _, id := range v.Fragments {
		switch part := parts[id]; {
		case part != nil:
			wanted = append(wanted, part)
		case id == "views":
			wanted = append(wanted, viewsFragment(f))
		case id == "flash":
			wanted = append(wanted, ui.Flash(f.Flash))
		}
	}
	return page.Render(w, r, status, templ.Join(wanted...))
}

// asks tells whether a fragment is wanted: always in a request for the whole page.
func asks(v page.Visit, ids ...string) bool {
	if v.Fragments == nil {
		return true
	}
	for _, f := range v.Fragments {
		for _, id := range ids {
			if f == id {
				return true
			}
		}
	}
	return false
}

// viewsFragment is #views, the navigation, cut out of the frame that draws it.
func viewsFragment(f Frame) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var whole bytes.Buffer
		if err := page.Desk(f.page("")).Render(ctx, &whole); err != nil {
			return err
		}
		_, nav, _ := strings.Cut(whole.String(), "<nav class=\"views\"")
		nav, _, _ = strings.Cut(nav, "</nav>")
		_, err := io.WriteString(w, "<nav class=\"views\""+nav+"</nav>")
		return err
	})
}
