package rota

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/shift"
	"goodturn/internal/web/page"
)

// MineView is somebody's own shifts. Nobody else sees it.
type MineView struct {
	Frame   Frame
	Days    []DayView // those to come, by day
	Week    int       // minutes planned this week
	Most    int       // minutes in a week at most; 0 where no team of theirs has a rota
	Swaps   []SwapRow
	Covers  []CoverRow // what they are asked
	ToThank []CoverRow // who covered for them lately and has no card for it
	Fairs   []FairRow
	Open    []ShiftRow // open shifts of their teams
	Feed    string     // their calendar address
	Feeds   []TeamFeed
	Invites bool
	// Coverable says that there is a shift to be covered of.
	Coverable bool
	// Loud are the days of this week and the last on which they had no quiet hour.
	Loud []calendar.Date
}

// SwapRow is a swap that waits for an answer.
type SwapRow struct {
	shift.Swap
	Given, Wanted ShiftRow
	Asker, Other  string
	Mine          bool // the reader asked for it
}

// CoverRow is a colleague who asks to be covered, or was, and who covers.
type CoverRow struct {
	shift.Cover
	Asker, Taker string
}

// FairRow is how the unloved hours of a team are shared, for the reader.
type FairRow struct {
	shift.Fair
	Team string
}

// TeamFeed is the calendar address of a team's rota, for the reader.
type TeamFeed struct{ Team, URL string }

const mineAhead = 8 * 7 * 24 * time.Hour

// mine answers GET /rota/mine.
func (p *Pages) mine(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := p.seen(r, v); err != nil {
		return err
	}
	var view MineView
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error { return p.fillMine(ctx, tx, v.Actor, &view) })
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, MinePage(view))
}

func (p *Pages) fillMine(ctx context.Context, tx *db.Tx, a person.Actor, view *MineView) error {
	all, err := shift.Of(ctx, tx, a.ID, shift.Span{From: tx.Now, Until: tx.Now.Add(mineAhead)})
	if err != nil {
		return err
	}
	teams, err := person.TeamsOf(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, t := range teams {
		names[t.ID] = t.Name
	}
	all = slices.DeleteFunc(all, func(s shift.Shift) bool { return !s.Published })
	rows, err := rowsOf(ctx, tx, a, all)
	if err != nil {
		return err
	}
	for _, row := range rows {
		row.Team = names[row.TeamID]
		day := dayOf(ctx, max(row.FromAt, tx.Now))
		if n := len(view.Days); n == 0 || view.Days[n-1].Date != day {
			view.Days = append(view.Days, DayView{Date: day, Today: day == dayOf(ctx, tx.Now)})
		}
		last := &view.Days[len(view.Days)-1]
		last.Rows = append(last.Rows, row)
	}
	if err := p.fillAsked(ctx, tx, a, view); err != nil {
		return err
	}
	for _, t := range teams {
		if err := p.fillTeam(ctx, tx, a, t, view); err != nil {
			return err
		}
	}
	own, err := shift.OwnOf(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if p.Quiet != nil {
		if view.Loud, err = p.Quiet.Own(ctx, tx, a); err != nil {
			return err
		}
	}
	view.Invites = own.Invites
	if own.WeekMinutes > 0 {
		view.Most = own.WeekMinutes
	}
	token, err := p.Rota.FeedToken(ctx, tx, a.ID, 0)
	view.Feed = p.feedURL(token)
	return err
}

// loudWords name the days without a quiet hour, to whoever had them.
func (v MineView) loudWords(ctx context.Context) string {
	var days []string
	for _, d := range v.Loud {
		days = append(days, dayWords(ctx, d))
	}
	last := len(days) - 1
	if last == 0 {
		return i18n.T(ctx, "You had no quiet hour on {{.Days}}.", "Days", days[0])
	}
	return i18n.T(ctx, "You had no quiet hour on {{.Days}} and {{.Last}}.", "Days", strings.Join(days[:last], "; "), "Last", days[last])
}

func (p *Pages) feedURL(token string) string { return p.URL() + "/rota-feed/" + token + "/rota.ics" }

// fillTeam adds what concerns one of somebody's teams.
func (p *Pages) fillTeam(ctx context.Context, tx *db.Tx, a person.Actor, t person.Team, view *MineView) error {
	open, err := shift.Between(ctx, tx, t.ID, shift.Span{From: tx.Now, Until: tx.Now.Add(14 * 24 * time.Hour)})
	if err != nil {
		return err
	}
	any := len(open) > 0
	open = slices.DeleteFunc(open, func(s shift.Shift) bool { return s.PersonID != 0 || !s.Published })
	rows, err := rowsOf(ctx, tx, a, open)
	if err != nil {
		return err
	}
	for _, row := range rows {
		row.Team = t.Name
		view.Open = append(view.Open, row)
	}
	crew, err := p.Rota.CrewOf(ctx, tx, a, t.ID, shift.Span{From: tx.Now, Until: tx.Now + 1}, a.ID)
	if err != nil {
		return err
	}
	if m, ok := crew.Member(a.ID); ok && any {
		view.Most = max(view.Most, m.Week)
		view.Week = max(view.Week, m.Planned(tx.Now, crew.Zone))
	}
	fair, err := shift.FairOf(ctx, tx, a, t.ID)
	if err != nil {
		return err
	}
	if any && (fair.Mean > 0 || fair.Mine > 0) {
		view.Fairs = append(view.Fairs, FairRow{fair, t.Name})
	}
	if !any { // a calendar of nothing
		return nil
	}
	token, err := p.Rota.FeedToken(ctx, tx, a.ID, t.ID)
	view.Feeds = append(view.Feeds, TeamFeed{t.Name, p.feedURL(token)})
	return err
}

// fillAsked adds what waits for an answer.
func (p *Pages) fillAsked(ctx context.Context, tx *db.Tx, a person.Actor, view *MineView) error {
	swaps, err := shift.SwapsOf(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	for _, s := range swaps {
		row, err := swapRow(ctx, tx, a, s.ID)
		if fault.Is(err, fault.KindNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		view.Swaps = append(view.Swaps, row)
	}
	covers, err := shift.CoversFor(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	var ids []int64
	for _, c := range covers {
		ids = append(ids, c.AskerID)
	}
	thank, err := shift.ToThank(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	for _, c := range thank {
		ids = append(ids, c.TakerID)
	}
	names, err := person.Names(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, c := range covers {
		view.Covers = append(view.Covers, CoverRow{Cover: c, Asker: names[c.AskerID]})
	}
	for _, c := range thank {
		view.ToThank = append(view.ToThank, CoverRow{Cover: c, Taker: names[c.TakerID]})
	}
	_, view.Coverable, err = shift.Coverable(ctx, tx, a.ID)
	return err
}

// saveMine answers POST /rota/mine: whether shifts come by mail.
func (p *Pages) saveMine(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	if err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return shift.SetInvites(ctx, tx, v.Actor.ID, r.PostFormValue("invites") != "") }); err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, mineURL+"#calendar")
}

// renewFeed answers POST /rota/feed: the reader's calendar addresses end, and there are others.
func (p *Pages) renewFeed(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	if err := p.Site.DB.Write(ctx, func(tx *db.Tx) error { return shift.RenewFeed(ctx, tx, v.Actor.ID) }); err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "The addresses are new. The old ones give nothing any more."))
	return page.Goto(w, r, mineURL+"#calendar")
}

// feed answers GET /rota-feed/{token}/rota.ics, for whoever has the address; no cookie counts.
func (p *Pages) feed(w http.ResponseWriter, r *http.Request, _ page.Visit) error {
	ctx := r.Context()
	var f shift.Feed
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		f, err = p.Rota.OpenFeed(ctx, tx, r.PathValue("token"))
		return err
	})
	if fault.Is(err, fault.KindNotFound) || err == nil && r.PathValue("file") != "rota.ics" {
		http.Error(w, "This address is no longer good.\n", http.StatusNotFound)
		return nil
	}
	if err != nil {
		return err
	}
	f.Root = p.URL()
	zone := p.Site.Zone
	if own, err := time.LoadLocation(f.Person.Zone); err == nil && f.Person.Zone != "" {
		zone = own
	}
	if zone == nil {
		zone = time.UTC
	}
	raw := p.Rota.Feed(i18n.With(ctx, i18n.Match("", f.Person.Language), zone), f)
	sum := sha256.Sum256(raw)
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	h.Set("Cache-Control", "private, max-age=60")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(raw))
	return nil
}

// swapRow loads a swap for one of the two.
func swapRow(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (SwapRow, error) {
	s, given, wanted, err := shift.SeeSwap(ctx, tx, a, id)
	if err != nil {
		return SwapRow{}, err
	}
	rows, err := rowsOf(ctx, tx, a, []shift.Shift{given, wanted})
	if err != nil {
		return SwapRow{}, err
	}
	names, err := person.Names(ctx, tx, []int64{s.AskerID, s.OtherID})
	return SwapRow{s, rows[0], rows[1], names[s.AskerID], names[s.OtherID], s.AskerID == a.ID}, err
}

// SwapView is one swap.
type SwapView struct {
	Frame Frame
	SwapRow
}

// askSwap answers POST /rota/shifts/{id}/swaps: wanted, note.
func (p *Pages) askSwap(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var swap int64
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) (err error) {
		swap, err = p.Rota.AskSwap(ctx, tx, v.Actor, id, number(r.PostFormValue("wanted")), r.PostFormValue("note"))
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showShift(w, r, v, http.StatusUnprocessableEntity, nil, wrong, nil)
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		return p.showShift(w, r, v, http.StatusConflict, nil, map[string]string{"wanted": i18n.Print(ctx, f.Message)}, nil)
	}
	if err != nil {
		return err
	}
	p.Site.Tell(w, i18n.T(ctx, "They are asked. Nothing changes until they say yes."))
	return page.Goto(w, r, shift.Swap{ID: swap}.URL())
}

// swap answers GET /rota/swaps/{id}.
func (p *Pages) swap(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := p.seen(r, v); err != nil {
		return err
	}
	var view SwapView
	err = p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) (err error) {
		view.SwapRow, err = swapRow(ctx, tx, v.Actor, id)
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, SwapPage(view))
}

// answerSwap answers POST /rota/swaps/{id}: answer is "yes", or anything else to end it.
func (p *Pages) answerSwap(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx, yes := r.Context(), r.PostFormValue("answer") == "yes"
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		if yes {
			return p.Rota.AgreeSwap(ctx, tx, v.Actor, id)
		}
		return p.Rota.EndSwap(ctx, tx, v.Actor, id)
	})
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		p.Site.Warn(w, i18n.Print(ctx, f.Message))
	} else if err != nil {
		return err
	} else if yes {
		p.Site.Tell(w, i18n.T(ctx, "Swapped. Each of you has the other’s shift now."))
	} else {
		p.Site.Tell(w, i18n.T(ctx, "Nothing is swapped, and they know."))
	}
	return page.Goto(w, r, shift.Swap{ID: id}.URL())
}

// stateWords say what became of a swap.
func (s SwapRow) stateWords(ctx context.Context) string {
	switch s.State {
	case shift.Done:
		return i18n.T(ctx, "Swapped.")
	case shift.Refused:
		return i18n.T(ctx, "{{.Name}} cannot swap.", "Name", s.Other)
	case shift.Withdrawn:
		return i18n.T(ctx, "{{.Name}} took it back.", "Name", s.Asker)
	case shift.Void:
		return i18n.T(ctx, "One of the two shifts is not as it was, so nothing was swapped.")
	}
	return i18n.T(ctx, "{{.Name}} has not answered yet.", "Name", s.Other)
}

// strayLines are who answered from another address.
func (a AnswerView) strayLines() []string {
	if a.Strays == "" {
		return nil
	}
	return strings.Split(a.Strays, "\n")
}

// words say what somebody answered.
func (a AnswerView) words(ctx context.Context) string {
	switch {
	case a.WantedFrom != 0:
		return i18n.T(ctx, "{{.Name}} proposes another time: {{.When}}", "Name", a.Name, "When", whenWords(ctx, shift.Span{From: a.WantedFrom, Until: a.WantedUntil}))
	case a.Answer == shift.Accepted:
		return i18n.T(ctx, "{{.Name}} said yes.", "Name", a.Name)
	case a.Answer == shift.Declined:
		return i18n.T(ctx, "{{.Name}} cannot come. It is theirs until you find somebody.", "Name", a.Name)
	case a.Answer == shift.Tentative:
		return i18n.T(ctx, "{{.Name}} may not be able to come.", "Name", a.Name)
	}
	return i18n.T(ctx, "{{.Name}} is invited and has not answered, which nobody needs to.", "Name", a.Name)
}
