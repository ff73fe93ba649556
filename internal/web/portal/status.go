package portal

import (
	"context"
	"net/http"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/outage"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// StatusView says how things stand: what is broken, what is planned, what was over lately.
type StatusView struct {
	Frame              Frame
	Now, Planned, Past []Outage
	// Feeds are the addresses at which programs read the same; Own those of the reader alone, which nobody else should have.
	Feeds, Own Feeds
}

// Outage is something that does not work, or planned work, as the requester's side sees it.
type Outage struct {
	outage.Shown
	// At is the moment of rendering.
	At clock.Instant
	// Known says that the visitor is known, so that "me too" is one tap.
	Known bool
	// What was typed, and what is wrong with it, of a visitor who gives an address.
	Address, AddressError, Alert string
	// Frame is of the outage's own page alone.
	Frame Frame
}

func statusURL(id int64) string { return "/status/" + numeral(id) }

// outageRoutes are the pages of what is broken for many at once. What somebody may see is decided inside.
func (p *Portal) outageRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /status", Handle: p.status},
		{Pattern: "GET /status/{id}", Handle: p.outage},
		{Pattern: "POST /status/{id}/me-too", Handle: p.meToo},
		{Pattern: "POST /status/{id}/leave", Verb: person.UseAccount, Handle: p.leaveOutage},
		{Pattern: "GET /status-join/{token}", Handle: p.joinPage},
		{Pattern: "POST /status-join/{token}", Handle: p.join},
		{Pattern: "GET /status-leave/{token}", Handle: p.partPage},
		{Pattern: "POST /status-leave/{token}", Handle: p.part},
		{Pattern: "GET /requests/{number}/outage", Handle: p.outageChoice},
		{Pattern: "POST /requests/{number}/outage", Handle: p.chooseOutage},
	}
}

// known gives the circle of a visitor, and who they are as far as is proven: 0 for somebody of whom nothing is known. Whoever came by the
// link to one request is known on that request's pages only.
func known(ctx context.Context, tx *db.Tx, a person.Actor) (person.Circle, int64, error) {
	var id int64
	if a.SignedIn() {
		id = a.ID
	}
	c, err := person.CircleOf(ctx, tx, id)
	return c, id, err
}

// status answers GET /status.
func (p *Portal) status(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	view := StatusView{Frame: p.frame(v), Feeds: feedsAt("/status")}
	ctx := r.Context()
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		c, who, err := known(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		s, err := outage.Status(ctx, tx, c, who)
		if err != nil {
			return err
		}
		wrap := func(all []outage.Shown) (out []Outage) {
			for _, o := range all {
				out = append(out, Outage{Shown: o, At: view.Frame.Now, Known: who != 0})
			}
			return out
		}
		view.Now, view.Planned, view.Past = wrap(s.Now), wrap(s.Planned), wrap(s.Past)
		if who != 0 && p.Outages != nil {
			token, err := p.Outages.FeedToken(ctx, tx, outage.OfPerson, who)
			view.Own = feedsAt("/status-feed/" + token)
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	return page.Render(w, r, http.StatusOK, StatusPage(view))
}

// outage answers GET /status/{id}.
func (p *Portal) outage(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.showOutage(w, r, v, http.StatusOK, Outage{})
}

// showOutage shows an outage's page; typed has what was typed on it, and what is wrong with that.
func (p *Portal) showOutage(w http.ResponseWriter, r *http.Request, v page.Visit, status int, typed Outage) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		c, who, err := known(ctx, tx, v.Actor)
		if err != nil {
			return err
		}
		typed.Known = who != 0
		typed.Shown, err = outage.See(ctx, tx, c, id, who)
		return err
	})
	if err != nil {
		return err
	}
	typed.Frame = p.frame(v)
	typed.At = typed.Frame.Now
	return page.Render(w, r, status, OutagePage(typed))
}

// stands says where an outage stands in a line.
func (o Outage) stands(ctx context.Context) string {
	switch o.State {
	case outage.Planned:
		return i18n.T(ctx, "Planned: {{.Span}}", "Span", span(ctx, o.At, o.SinceAt, o.UntilAt))
	case outage.Cancelled:
		return i18n.T(ctx, "Called off. It was planned for {{.Span}}.", "Span", span(ctx, o.At, o.SinceAt, o.UntilAt))
	case outage.Over:
		return i18n.T(ctx, "Over: {{.Span}}", "Span", span(ctx, o.At, o.SinceAt, o.OverAt))
	}
	if o.Outage.Planned {
		return i18n.T(ctx, "Planned work, until {{.When}}", "When", when(ctx, o.At, o.UntilAt))
	}
	return i18n.T(ctx, "Since {{.When}}", "When", when(ctx, o.At, o.SinceAt))
}

// people says how many have it; "" where that is not told.
func (o Outage) people(ctx context.Context) string {
	switch {
	case o.People == 0 || !o.State.Current():
		return ""
	case o.Mine && o.People == 1:
		return i18n.T(ctx, "You have it.")
	case o.Mine:
		return i18n.N(ctx, "You and {{.Count}} other have it.", "You and {{.Count}} others have it.", o.People-1)
	}
	return i18n.N(ctx, "{{.Count}} person has it.", "{{.Count}} people have it.", o.People)
}

// next says when the next news comes, or honestly that it is late; "" where none was promised.
func (o Outage) next(ctx context.Context) string {
	switch {
	case o.State != outage.Open || o.NextAt == 0:
		return ""
	case o.Late(o.At):
		return i18n.T(ctx, "News is late: it was promised for {{.When}}.", "When", when(ctx, o.At, o.NextAt))
	}
	return i18n.T(ctx, "Next news: {{.When}}", "When", when(ctx, o.At, o.NextAt))
}

// updateWords say what an update without a text of its own says.
func updateWords(ctx context.Context, u outage.Update) string {
	switch {
	case u.Text != "":
		return u.Text
	case u.Kind == outage.CancelledUpdate:
		return i18n.T(ctx, "Called off.")
	case u.Kind == outage.OverUpdate:
		return i18n.T(ctx, "The planned work has ended.")
	}
	return ""
}

// when is a moment as one says it: the time of day for one that is near, else with its date.
func when(ctx context.Context, now, at clock.Instant) string {
	zone := i18n.ZoneOf(ctx)
	a, b := now.Time().In(zone), at.Time().In(zone)
	if a.YearDay() == b.YearDay() && a.Year() == b.Year() {
		return i18n.Clock(ctx, at)
	}
	return i18n.DateTime(ctx, at)
}

// span is from when to when.
func span(ctx context.Context, now, from, to clock.Instant) string {
	zone := i18n.ZoneOf(ctx)
	a, b := from.Time().In(zone), to.Time().In(zone)
	if a.YearDay() == b.YearDay() && a.Year() == b.Year() {
		return when(ctx, now, from) + "–" + i18n.Clock(ctx, to)
	}
	return when(ctx, now, from) + " – " + when(ctx, now, to)
}
