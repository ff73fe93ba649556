package lead

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

const outagesURL = "/outages"

func outageURL(id int64) string { return outagesURL + "/" + decimal(id) }

// outageRoutes are the desk's pages of what is broken for many and of planned work. Agents may use them.
func (l *Lead) outageRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /outages", Verb: person.SeeOutages, Handle: l.outages},
		{Pattern: "GET /outages/new", Verb: person.PostOutages, Handle: l.newOutage},
		{Pattern: "POST /outages", Verb: person.PostOutages, Handle: l.saveOutage},
		{Pattern: "GET /outages/{id}", Verb: person.SeeOutages, Handle: l.outage},
		{Pattern: "GET /outages/{id}/edit", Verb: person.PostOutages, Handle: l.editOutage},
		{Pattern: "POST /outages/{id}", Verb: person.PostOutages, Handle: l.saveOutage},
		{Pattern: "POST /outages/{id}/updates", Verb: person.PostOutages, Handle: l.tellOutage},
		{Pattern: "POST /outages/{id}/tickets", Verb: person.PostOutages, Handle: l.linkOutage},
	}
}

// OutagesView lists what is broken, planned and over.
type OutagesView struct {
	Frame
	Current, Past []OutageRow
}

// OutageRow is an outage in the list.
type OutageRow struct {
	outage.Outage
	People int
	Whom   string
}

// outages answers GET /outages.
func (l *Lead) outages(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	var view OutagesView
	err := l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		current, past, err := outage.List(ctx, tx, v.Actor, 30)
		if err != nil {
			return err
		}
		if view.Current, err = rowsOf(ctx, tx, current); err != nil {
			return err
		}
		view.Past, err = rowsOf(ctx, tx, past)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, OutagesPage(view))
}

func rowsOf(ctx context.Context, tx *db.Tx, all []outage.Outage) ([]OutageRow, error) {
	ids := make([]int64, len(all))
	for i, o := range all {
		ids[i] = o.ID
	}
	counts, err := outage.Counts(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]OutageRow, len(all))
	for i, o := range all {
		whom, err := whomWords(ctx, tx, o)
		if err != nil {
			return nil, err
		}
		out[i] = OutageRow{o, counts[o.ID].All(), whom}
	}
	return out, nil
}

// whomWords says whom an outage concerns.
func whomWords(ctx context.Context, tx *db.Tx, o outage.Outage) (string, error) {
	switch o.Audience {
	case outage.SomeOrganisations:
		names := make([]string, 0, len(o.Organisations))
		for _, id := range o.Organisations {
			x, err := person.OrganisationByID(ctx, tx, id)
			if err != nil {
				return "", err
			}
			names = append(names, x.Name)
		}
		return strings.Join(names, ", "), nil
	case outage.OwnTeam:
		return i18n.T(ctx, "staff only"), nil
	}
	return i18n.T(ctx, "everybody"), nil
}

// OutageView is one outage as the desk sees it.
type OutageView struct {
	Frame
	OutageRow
	Updates   []outage.Update
	Tickets   []outage.LinkedTicket
	More      bool // tickets than these
	Proposals []outage.LinkedTicket
	// Form is of the next news; what was typed, and what is wrong with it.
	Form, Text, Next string
	Wrong            map[string]string
	LinkValue        string
}

// outage answers GET /outages/{id}.
func (l *Lead) outage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return l.showOutage(w, r, v, http.StatusOK, OutageView{})
}

func (l *Lead) showOutage(w http.ResponseWriter, r *http.Request, v page.Visit, status int, view OutageView) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	err = l.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		o, err := outage.Get(ctx, tx, v.Actor, id)
		if err != nil {
			return err
		}
		rows, err := rowsOf(ctx, tx, []outage.Outage{o})
		if err != nil {
			return err
		}
		view.OutageRow = rows[0]
		if view.Updates, err = outage.Updates(ctx, tx, id); err != nil {
			return err
		}
		if view.Tickets, view.More, err = outage.Tickets(ctx, tx, v.Actor, id, 50); err != nil || !o.State.Current() {
			return err
		}
		view.Proposals, err = outage.Proposals(ctx, tx, v.Actor, o, 10)
		if view.Next == "" && view.Wrong == nil && o.State == outage.Open {
			view.Next = inAnHour(ctx, tx.Now)
		}
		return err
	})
	if err != nil {
		return err
	}
	view.Form = orToken(view.Form)
	return page.Render(w, r, status, OutagePage(view))
}

func orToken(key string) string {
	if key == "" {
		return secret.Token()
	}
	return key
}

// tellOutage answers POST /outages/{id}/updates: news, that it is over, or that planned work is called off.
func (l *Lead) tellOutage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, what := r.Context(), r.PostFormValue("what")
	n := outage.News{Text: r.PostFormValue("text"), Solve: r.PostFormValue("solve") != "", Form: r.PostFormValue("form")}
	n.NextAt = readMoment(ctx, r.PostFormValue("next"))
	var u outage.Update
	err = l.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		switch what {
		case "over":
			u, err = l.Outages.Close(ctx, tx, v.Actor, id, n)
		case "cancelled":
			u, err = l.Outages.Cancel(ctx, tx, v.Actor, id, n)
		default:
			u, err = l.Outages.Tell(ctx, tx, v.Actor, id, n)
		}
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return l.showOutage(w, r, v, http.StatusUnprocessableEntity, OutageView{Text: n.Text, Next: r.PostFormValue("next"), Form: n.Form, Wrong: wrong})
	}
	if fault.Is(err, fault.KindConflict) {
		l.Site.Warn(w, conflictWords(ctx, err))
		return page.Goto(w, r, outageURL(id))
	}
	if err != nil {
		return err
	}
	l.Site.Tell(w, i18n.N(ctx, "It stands on the pages now, and is mailed to {{.Count}} person.", "It stands on the pages now, and is mailed to {{.Count}} people.", u.People))
	return page.Goto(w, r, outageURL(id))
}

func conflictWords(ctx context.Context, err error) string {
	f, _ := fault.Of(err)
	return i18n.Print(ctx, f.Message)
}

// linkOutage answers POST /outages/{id}/tickets: the ticket with the number in "ticket" speaks of it, or with "unlink" no more.
func (l *Lead) linkOutage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, typed := r.Context(), strings.TrimPrefix(strings.TrimSpace(r.PostFormValue("ticket")), "#")
	number, _ := strconv.ParseInt(typed, 10, 64)
	unlink := r.PostFormValue("unlink") != ""
	err = l.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if unlink {
			return l.Outages.Unlink(ctx, tx, ticket.By{Actor: v.Actor}, number)
		}
		return l.Outages.Link(ctx, tx, ticket.By{Actor: v.Actor}, id, number)
	})
	wrong, ok := page.FieldErrors(ctx, err)
	if fault.Is(err, fault.KindNotFound) && number != 0 || fault.Is(err, fault.KindConflict) {
		wrong, ok = map[string]string{"ticket": conflictWords(ctx, err)}, true
	} else if number == 0 {
		wrong, ok = map[string]string{"ticket": i18n.T(ctx, "Please give the number of a ticket.")}, true
	}
	if ok {
		return l.showOutage(w, r, v, http.StatusUnprocessableEntity, OutageView{LinkValue: typed, Wrong: wrong})
	}
	if err != nil {
		return err
	}
	if unlink {
		l.Site.Tell(w, i18n.T(ctx, "#{{.Number}} is not linked any more.", "Number", number))
	} else {
		l.Site.Tell(w, i18n.T(ctx, "#{{.Number}} is linked.", "Number", number))
	}
	if r.PostFormValue("from") == "ticket" {
		return page.Goto(w, r, "/tickets/"+decimal(number))
	}
	return page.Goto(w, r, outageURL(id))
}

// momentForm is how a moment stands in a form.
const momentForm = "2006-01-02T15:04"

// readMoment reads a moment of a form; "" is 0, and so is what is none.
func readMoment(ctx context.Context, text string) clock.Instant {
	for _, form := range []string{momentForm, momentForm + ":05"} {
		if at, err := time.ParseInLocation(form, strings.TrimSpace(text), i18n.ZoneOf(ctx)); err == nil {
			return clock.From(at)
		}
	}
	return 0
}

// inAnHour is a moment to promise news for: about an hour from now, at a quarter.
func inAnHour(ctx context.Context, now clock.Instant) string {
	return typedMoment(ctx, clock.From(now.Time().Add(time.Hour+14*time.Minute).Truncate(15*time.Minute)))
}

func typedMoment(ctx context.Context, at clock.Instant) string {
	if at == 0 {
		return ""
	}
	return at.Time().In(i18n.ZoneOf(ctx)).Format(momentForm)
}

// stateWords says where an outage stands.
func (o OutageRow) stateWords(ctx context.Context, now clock.Instant) (ui.Tone, string) {
	switch {
	case o.State == outage.Planned:
		return ui.ToneNone, i18n.T(ctx, "planned")
	case o.State == outage.Over:
		return ui.ToneGood, i18n.C(ctx, "outage", "over")
	case o.State == outage.Cancelled:
		return ui.ToneNone, i18n.T(ctx, "called off")
	case o.Late(now):
		return ui.ToneLate, i18n.T(ctx, "news is late")
	case o.Outage.Planned:
		return ui.ToneNone, i18n.T(ctx, "being worked on")
	}
	return ui.ToneLate, i18n.T(ctx, "broken now")
}
