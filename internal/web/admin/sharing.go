package admin

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// sharing answers GET /admin/teams/{id}/sharing.
func (a *Admin) sharing(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return a.showSharing(w, r, v, http.StatusOK, nil, nil, nil)
}

// showSharing shows how a team shares its work: as it is stored, or as it was typed.
func (a *Admin) showSharing(w http.ResponseWriter, r *http.Request, v page.Visit, status int, s *routing.Sharing, typed, wrong map[string]string) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	view := SharingView{URL: path(teamSection, id) + "/sharing", Wrong: len(wrong) > 0}
	err = a.read(r, v, teamSection, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		t, err := teamByID(ctx, tx, id)
		if err != nil {
			return err
		}
		view.Team, view.TeamURL = t.Name, path(teamSection, id)
		if s == nil {
			stored, err := routing.SharingOf(ctx, tx, id)
			if err != nil {
				return err
			}
			s, typed = &stored, map[string]string{"capacity": numberOrNothing(stored.Capacity), "offer_after": numberOrNothing(stored.OfferAfter), "offer_for": decimal(stored.OfferFor)}
		}
		field := func(name string) Field { return Field{typed[name], wrong[name]} }
		view.Ways, view.WayError = wayChoices(ctx, s.Way), wrong["way"]
		view.Capacity, view.OfferAfter, view.OfferFor = field("capacity"), field("offer_after"), field("offer_for")
		view.LastHelper, view.OfferLeads, view.AtWork, view.CalendarError = s.LastHelper, s.OfferLeads, s.AtWork, wrong["calendar"]
		if view.Calendars, err = a.calendarChoices(ctx, tx, s.CalendarID, ""); err != nil {
			return err
		}
		shares, err := routing.Shares(ctx, tx, id)
		for _, m := range shares {
			name := capacityField(m.PersonID)
			f := Field{typed[name], wrong[name]}
			if _, ok := typed[name]; !ok && m.Capacity >= 0 {
				f.Value = decimal(m.Capacity)
			}
			view.Members = append(view.Members, ShareRow{Field: name, Name: m.Name, Capacity: f})
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, SharingPage(view))
}

func capacityField(personID int64) string { return "capacity-" + decimal(personID) }

func numberOrNothing(n int64) string {
	if n == 0 {
		return ""
	}
	return decimal(n)
}

func wayChoices(ctx context.Context, chosen routing.Way) []ui.Choice {
	out := []ui.Choice{
		{Value: string(routing.Pull), Label: i18n.T(ctx, "Nobody is given anything: everybody takes what they can")},
		{Value: string(routing.Turns), Label: i18n.T(ctx, "By turn: one after the other")},
		{Value: string(routing.Least), Label: i18n.T(ctx, "To whoever has the least to do")},
	}
	for i := range out {
		out[i].Chosen = out[i].Value == string(chosen)
	}
	return out
}

// saveSharing answers POST /admin/teams/{id}/sharing.
func (a *Admin) saveSharing(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	typed := map[string]string{}
	number := func(name string, nothing int64) int64 {
		typed[name] = strings.TrimSpace(r.PostFormValue(name))
		if typed[name] == "" {
			return nothing
		}
		n, err := strconv.ParseInt(typed[name], 10, 64)
		if err != nil || n < 0 || n == 0 && nothing == 0 {
			return -2 // refused with what is right
		}
		return n
	}
	s := routing.Sharing{
		TeamID: id, Way: routing.Way(r.PostFormValue("way")), Capacity: number("capacity", 0), LastHelper: r.PostFormValue("last_helper") != "", AtWork: r.PostFormValue("at_work") != "", CalendarID: idOf(r.PostFormValue("calendar")),
		OfferAfter: number("offer_after", 0), OfferFor: number("offer_for", 0), OfferLeads: r.PostFormValue("offer_leads") != "",
	}
	var shares []routing.Share
	for name := range r.PostForm {
		if p, err := strconv.ParseInt(strings.TrimPrefix(name, "capacity-"), 10, 64); err == nil && strings.HasPrefix(name, "capacity-") {
			shares = append(shares, routing.Share{PersonID: p, Capacity: number(name, -1)})
		}
	}
	ctx := r.Context()
	var t person.Team
	err = a.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if t, err = teamByID(ctx, tx, id); err != nil {
			return err
		}
		return a.storeSharing(ctx, tx, v, s, shares)
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return a.showSharing(w, r, v, http.StatusUnprocessableEntity, &s, typed, wrong)
	}
	if err != nil {
		return err
	}
	return a.done(w, r, i18n.T(ctx, "How {{.Team}} shares its work is saved.", "Team", t.Name), path(teamSection, id))
}

// storeSharing saves how a team shares its work, and writes down what changed.
func (a *Admin) storeSharing(ctx context.Context, tx *db.Tx, v page.Visit, s routing.Sharing, shares []routing.Share) error {
	was, err := routing.SharingOf(ctx, tx, s.TeamID)
	if err != nil {
		return err
	}
	if err := a.Router.SaveSharing(ctx, tx, s); err != nil {
		return err
	}
	if err := routing.SaveShares(ctx, tx, s.TeamID, shares); err != nil {
		return err
	}
	said := changes(change("sharing", string(was.Way), string(s.Way)), change("capacity", numberOrNothing(was.Capacity), numberOrNothing(s.Capacity)),
		change("only at work", yesNo(was.AtWork), yesNo(s.AtWork)), change("calendar", numberOrNothing(was.CalendarID), numberOrNothing(s.CalendarID)), change("last helper first", yesNo(was.LastHelper), yesNo(s.LastHelper)), change("offered after minutes", numberOrNothing(was.OfferAfter), numberOrNothing(s.OfferAfter)))
	if said == "" {
		return nil
	}
	return audit(ctx, tx, v, "team sharing changed", "team", s.TeamID, said)
}

// sharingWords say in a line how a team shares its work.
func sharingWords(ctx context.Context, s routing.Sharing) string {
	said := i18n.T(ctx, "Everybody takes what they can.")
	switch s.Way {
	case routing.Turns:
		said = i18n.T(ctx, "Tickets are given by turn.")
	case routing.Least:
		said = i18n.T(ctx, "Tickets are given to whoever has the least to do.")
	}
	if s.Way != routing.Pull && s.Capacity > 0 {
		said += " " + i18n.N(ctx, "At most {{.Count}} each.", "At most {{.Count}} each.", int(s.Capacity))
	}
	if s.OfferAfter > 0 {
		said += " " + i18n.N(ctx, "What nobody took is offered around after {{.Count}} working minute.", "What nobody took is offered around after {{.Count}} working minutes.", int(s.OfferAfter))
	}
	return said
}

// calendarChoices offers the calendars; the first is the desk's standard, or none as the words say.
func (a *Admin) calendarChoices(ctx context.Context, tx *db.Tx, chosen int64, none string) ([]ui.Choice, error) {
	all, err := a.Router.Calendars.All(ctx, tx)
	if err != nil {
		return nil, err
	}
	if none == "" {
		none = i18n.T(ctx, "Those of the desk")
		if len(all) > 0 {
			none = i18n.T(ctx, "Those of the desk: {{.Name}}", "Name", all[0].Name)
		}
	}
	out := []ui.Choice{{Label: none, Chosen: chosen == 0}}
	for _, c := range all {
		out = append(out, ui.Choice{Value: decimal(c.ID), Label: c.Name, Chosen: c.ID == chosen})
	}
	return out, nil
}

// idOf reads an id of a form; what is none is 0.
func idOf(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}
