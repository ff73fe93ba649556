package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"goodturn/internal/bulk"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// changeMany answers POST /bulk: something is done with the tickets of the field ticket, or, with the field all, with every
// ticket of the list at the address in the field place. What is done stands in the fields do, as "deed:value"; the value of a tag
// alone is in the field tag.
func (d *Desk) changeMany(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	n := bulk.New{View: r.PostFormValue("all") != "", Actions: actionsOf(r.PostForm)}
	p := readPlaceText(r.PostFormValue("place")).start()
	if n.View {
		p, err := d.opened(r.Context(), v, p)
		if err != nil {
			return err
		}
		if n.Filter, err = p.filter(); err != nil {
			return err
		}
	}
	for _, raw := range r.PostForm["ticket"] {
		n.Tickets = append(n.Tickets, idOf(raw))
	}
	if r.PostFormValue("do") == "merge" {
		return mergeChosen(w, r, n)
	}
	if r.PostFormValue("do") == "draft" {
		return draftChosen(w, r, n)
	}
	var used int64
	err := d.read(r.Context(), v, func(l *look) (err error) {
		n.Actions, used, err = withMacro(r.Context(), l, n.Actions)
		return err
	})
	if err != nil {
		return err
	}
	b, err := d.Bulks.Start(r.Context(), v.Actor, n)
	if err != nil {
		return err
	}
	if used != 0 {
		if err := d.Site.DB.Write(r.Context(), func(tx *db.Tx) error { return macro.Count(r.Context(), tx, used) }); err != nil {
			return err
		}
	}
	return d.afterBulk(w, r, b)
}

// mergeChosen leads to the page that joins tickets, the oldest of those that were chosen with the others: a merge is looked at before
// it is done.
func mergeChosen(w http.ResponseWriter, r *http.Request, n bulk.New) error {
	all := slices.Compact(slices.Sorted(slices.Values(n.Tickets)))
	all = slices.DeleteFunc(all, func(id int64) bool { return id <= 0 }) // was no number
	if n.View || len(all) < 2 {
		return fault.Invalid(fault.F("do", i18n.M("Please choose the tickets to merge one by one, two or more.")))
	}
	others := url.Values{}
	for _, number := range all[1:] {
		others.Add("other", decimal(number))
	}
	return page.Goto(w, r, ticketAction(all[0], "merges")+"?"+others.Encode())
}

// draftChosen leads to the page that drafts an article from the tickets that were chosen.
func draftChosen(w http.ResponseWriter, r *http.Request, n bulk.New) error {
	all := slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(n.Tickets))), func(id int64) bool { return id <= 0 })
	if n.View || len(all) == 0 {
		return fault.Invalid(fault.F("do", i18n.M("Please choose the tickets for the article one by one.")))
	}
	chosen := url.Values{}
	for _, number := range all {
		chosen.Add("ticket", decimal(number))
	}
	return page.Goto(w, r, "/articles/drafts?"+chosen.Encode())
}

// withMacro puts what a macro does in its place, "macro:7". One that says something, or may lose something, is for one ticket
// at a time.
func withMacro(ctx context.Context, l *look, actions []ticket.Action) (out []ticket.Action, used int64, err error) {
	for _, a := range actions {
		if a.Do != "macro" {
			out = append(out, a)
			continue
		}
		m, err := macro.Get(ctx, l.tx, l.visit.Actor, idOf(a.Value))
		if err != nil {
			return nil, 0, err
		}
		if !forMany(m) {
			return nil, 0, fault.Invalid(fault.F("do", i18n.M("“{{.Name}}” is for one ticket at a time.", "Name", m.Name)))
		}
		used = m.ID
		out = append(out, m.Actions...)
	}
	return out, used, nil
}

func forMany(m macro.Macro) bool { return len(m.Texts) == 0 && !m.Risky() }

// actionsOf reads what shall be done.
func actionsOf(form url.Values) (out []ticket.Action) {
	for _, raw := range form["do"] {
		deed, value, _ := strings.Cut(raw, ":")
		if value == "" && (deed == string(ticket.DoTag) || deed == string(ticket.DoUntag)) {
			value = form.Get("tag")
		}
		if deed != "" {
			out = append(out, ticket.Action{Do: ticket.Deed(deed), Value: value})
		}
	}
	return out
}

// afterBulk leads back to the list where all is said in a line, and to the change's own page where there is more to say.
func (d *Desk) afterBulk(w http.ResponseWriter, r *http.Request, b bulk.Bulk) error {
	ctx := r.Context()
	if !b.Over() || b.Failed > 0 {
		return page.Goto(w, r, bulkURL(b.ID))
	}
	switch {
	case b.Undoes != 0:
		d.Site.Tell(w, i18n.N(ctx, "{{.Count}} ticket is as it was before.", "{{.Count}} tickets are as they were before.", int(b.Changed)))
	case b.Changed == 0:
		d.Site.Tell(w, i18n.T(ctx, "There was nothing to change: all of them were like that already."))
	default:
		d.Site.TellUndo(w, i18n.N(ctx, "{{.Count}} ticket is changed.", "{{.Count}} tickets are changed.", int(b.Changed)), bulkURL(b.ID)+"/undo")
	}
	return page.Goto(w, r, listBehind(r))
}

// listBehind is the page that a form of a list was sent from, or the list that it names.
func listBehind(r *http.Request) string {
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && (from.Path == "/tickets" || strings.HasPrefix(from.Path, "/tickets/")) {
		return from.RequestURI()
	}
	return readPlaceText(r.PostFormValue("place")).url()
}

func bulkURL(id int64) string { return "/bulk/" + decimal(id) }

// undoBulk answers POST /bulk/{id}/undo.
func (d *Desk) undoBulk(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	b, err := d.Bulks.Undo(r.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	return d.afterBulk(w, r, b)
}

// stopBulk answers POST /bulk/{id}/stop, and goOn POST /bulk/{id}/go.
func (d *Desk) stopBulk(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.steerBulk(w, r, v, false)
}

func (d *Desk) bulkGoesOn(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.steerBulk(w, r, v, true)
}

// maxFailures is how many tickets that could not be changed are listed.
const maxFailures = 200

// bulkPage answers GET /bulk/{id}: how far a change is, what it could not do, and the way to stop it or take it back.
func (d *Desk) bulkPage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	var view BulkView
	ctx := r.Context()
	err = d.read(ctx, v, func(l *look) error {
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		b, err := bulk.Get(ctx, l.tx, v.Actor, id)
		if err != nil {
			return err
		}
		if view.Bulk, err = shownBulk(ctx, l, b); err != nil {
			return err
		}
		failed, err := bulk.Failures(ctx, l.tx, id, 0, maxFailures)
		for _, f := range failed {
			view.Failures = append(view.Failures, BulkFailure{Number: f.TicketID, Reason: f.Reason})
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, view.Frame, BulkPage(view), pieces{"bulk-progress": bulkProgress(view)})
}

// bulks answers GET /bulk: what this person changed of late.
func (d *Desk) bulks(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view BulksView
	ctx := r.Context()
	err := d.read(ctx, v, func(l *look) (err error) {
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		all, err := bulk.Recent(ctx, l.tx, v.Actor)
		for _, b := range all {
			shown, err := shownBulk(ctx, l, b)
			if err != nil {
				return err
			}
			view.Bulks = append(view.Bulks, shown)
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, view.Frame, BulksPage(view), nil)
}

func shownBulk(ctx context.Context, l *look, b bulk.Bulk) (shown Bulk, err error) {
	shown = Bulk{
		ID: b.ID, State: string(b.State), Total: b.Total, Done: b.Done, Changed: b.Changed, Failed: b.Failed, At: clock.Instant(b.StartedAt),
		Undoes: b.Undoes, UndoneBy: b.UndoneBy, CanUndo: b.CanUndo(), Over: b.Over(),
	}
	shown.What = i18n.T(ctx, "take back what was changed")
	if b.Undoes == 0 {
		shown.What, err = actionsInWords(ctx, l, b.Actions)
	}
	return shown, err
}

func (d *Desk) steerBulk(w http.ResponseWriter, r *http.Request, v page.Visit, goOn bool) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	err = d.Bulks.Steer(r.Context(), v.Actor, id, goOn)
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		d.Site.Warn(w, i18n.Print(r.Context(), f.Message))
		err = nil
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, bulkURL(id))
}

// bulkBar is what can be done with chosen rows of a list.
func (d *Desk) bulkBar(ctx context.Context, l *look, p place) (BulkBar, error) {
	bar := BulkBar{Place: p.query(), All: i18n.T(ctx, "all of “{{.View}}”, on every page", "View", p.view().title(ctx))}
	if p.narrowed() {
		bar.All = i18n.T(ctx, "all that this list finds, on every page")
	}
	staff, err := l.allStaff(ctx)
	if err != nil {
		return bar, err
	}
	teams, err := l.allTeams(ctx)
	if err != nil {
		return bar, err
	}
	bar.Agents = []ui.Choice{{Value: "me", Label: i18n.C(ctx, "who gets it", "me")}, {Value: "nobody", Label: i18n.C(ctx, "who gets it", "nobody")}}
	for _, a := range staff {
		if a.ID != l.visit.Actor.ID {
			bar.Agents = append(bar.Agents, ui.Choice{Value: decimal(a.ID), Label: a.Name})
		}
	}
	if err := markAway(ctx, l, bar.Agents); err != nil {
		return bar, err
	}
	for _, t := range teams {
		bar.Teams = append(bar.Teams, ui.Choice{Value: decimal(t.ID), Label: t.Name})
	}
	for _, s := range ticket.Statuses()[1:] {
		bar.Statuses = append(bar.Statuses, ui.Choice{Value: string(s), Label: ui.StatusWord(ctx, string(s))})
	}
	for _, x := range ticket.Priorities() {
		bar.Priorities = append(bar.Priorities, ui.Choice{Value: string(x), Label: ui.PriorityWord(ctx, string(x))})
	}
	for _, x := range []string{"1d", "3d", "7d", "answer"} {
		bar.Snoozes = append(bar.Snoozes, ui.Choice{Value: x, Label: snoozeActionWords(ctx, x)})
	}
	all, err := macro.List(ctx, l.tx, l.visit.Actor)
	for _, m := range all {
		if forMany(m) {
			bar.Macros = append(bar.Macros, ui.Choice{Value: decimal(m.ID), Label: m.Name})
		}
	}
	bar.Suspects = p.view().key == suspectView
	return bar, err
}

// mayChangeMany tells whether rows get a box.
func (d *Desk) mayChangeMany(v page.Visit) bool {
	return d.Bulks != nil && person.Can(v.Actor, person.ChangeTicket, person.Thing{})
}
