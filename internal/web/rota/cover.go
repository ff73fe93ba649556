package rota

import (
	"context"
	"net/http"
	"slices"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/shift"
	"goodturn/internal/web/page"
)

// CoverForm is asking to be covered: an hour from now unless another time is given.
type CoverForm struct {
	Frame Frame
	Has   bool // there is a shift to be covered of
	Row   ShiftRow
	From  string // as typed: "14:05"
	Until string
	When  string // in words
	Who   []string
	Alone bool // nobody may
	Wrong map[string]string
	// Asked is what is asked already.
	Asked shift.Cover
}

// coverForm answers GET /rota/cover.
func (p *Pages) coverForm(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return p.showCoverForm(w, r, v, http.StatusOK, nil)
}

func (p *Pages) showCoverForm(w http.ResponseWriter, r *http.Request, v page.Visit, status int, wrong map[string]string) error {
	view := CoverForm{Wrong: wrong}
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		s, ok, err := shift.Coverable(ctx, tx, v.Actor.ID)
		if err != nil || !ok {
			return err
		}
		view.Has = true
		if view.Asked, _, err = shift.CoverOf(ctx, tx, v.Actor.ID); err != nil {
			return err
		}
		rows, err := rowsOf(ctx, tx, v.Actor, []shift.Shift{s})
		if err != nil {
			return err
		}
		view.Row = rows[0]
		in := shift.Span{From: max(s.FromAt, tx.Now), Until: min(s.UntilAt, max(s.FromAt, tx.Now).Add(shift.UsualCover))}
		who, err := p.Rota.MayCover(ctx, tx, v.Actor, s, in)
		for _, m := range who {
			view.Who = append(view.Who, m.Name)
		}
		view.Alone = len(who) == 0
		view.From, view.Until, view.When = i18n.Clock(ctx, in.From), i18n.Clock(ctx, in.Until), hours(ctx, in)
		if r.Method == http.MethodPost {
			view.From, view.Until = r.PostFormValue("from"), r.PostFormValue("until")
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, CoverFormPage(view))
}

// askCover answers POST /rota/cover: shift, from and until as times of day; without them an hour from now, or from the beginning of the shift on.
func (p *Pages) askCover(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	var c shift.Cover
	err := p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		s, ok, err := shift.Coverable(ctx, tx, v.Actor.ID)
		if err != nil {
			return err
		}
		if !ok {
			return fault.Conflict(i18n.M("You have no shift within a day of which you could be covered."))
		}
		in, err := coverSpan(ctx, s, tx.Now, r.PostFormValue("from"), r.PostFormValue("until"))
		if err != nil {
			return err
		}
		c, err = p.Rota.AskCover(ctx, tx, v.Actor, s.ID, in)
		return err
	})
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return p.showCoverForm(w, r, v, http.StatusUnprocessableEntity, wrong)
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		p.Site.Warn(w, i18n.Print(ctx, f.Message))
		return page.Goto(w, r, coverURL)
	}
	if err != nil {
		return err
	}
	return page.Goto(w, r, c.URL())
}

// coverSpan reads from when until when somebody wants to be covered: times of day within their shift. What is wrong is a fault of the fields from and until.
func coverSpan(ctx context.Context, s shift.Shift, now clock.Instant, from, until string) (in shift.Span, err error) {
	in.From = max(s.FromAt, now)
	var wrong []fault.Field
	read := func(field, text string, to *clock.Instant) {
		if text == "" {
			return
		}
		at, ok := within(ctx, s, text)
		if !ok {
			wrong = append(wrong, fault.F(field, i18n.M("Please give a time of day within your shift, such as 14:30.")))
		}
		*to = at
	}
	read("from", from, &in.From)
	if in.From < now && now.Sub(in.From) < 2*time.Minute {
		in.From = now // the page was opened a minute ago
	}
	in.Until = in.From.Add(shift.UsualCover)
	read("until", until, &in.Until)
	if len(wrong) == 0 && in.Until <= in.From {
		wrong = append(wrong, fault.F("until", i18n.M("It ends before it begins. Please give a later moment.")))
	}
	return in, fault.Check(wrong)
}

// within finds the moment of a shift at which the reader's clock shows a time.
func within(ctx context.Context, s shift.Shift, text string) (clock.Instant, bool) {
	spans, err := calendar.ParseHours("from", text+"-24")
	if err != nil || len(spans) != 1 {
		return 0, false
	}
	zone := i18n.ZoneOf(ctx)
	local := s.FromAt.Time().In(zone)
	for days := range 2 {
		at := clock.From(time.Date(local.Year(), local.Month(), local.Day()+days, spans[0].From/60, spans[0].From%60, 0, 0, zone))
		if at >= s.FromAt.Add(-time.Minute) && at <= s.UntilAt {
			return at, true
		}
	}
	return 0, false
}

// CoverView is what became of asking to be covered.
type CoverView struct {
	Frame Frame
	shift.Cover
	Asker, Taker string
	Asked        []string
	Mine         bool // the reader asked
	CanAnswer    bool // the reader is asked and has not passed
	// MayThank says that the reader was covered and has not written a card for it; Thanked that they have. Text and Wall are the card as it is typed.
	MayThank, Thanked bool
	Text              string
	Wall              bool
	Wrong             map[string]string
}

// cover answers GET /rota/cover/{id}.
func (p *Pages) cover(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := p.seen(r, v); err != nil {
		return err
	}
	return p.showCover(w, r, v, http.StatusOK, id, CoverView{})
}

// showCover shows what became of a cover; typed has the card as it was typed, and what is wrong with it.
func (p *Pages) showCover(w http.ResponseWriter, r *http.Request, v page.Visit, status int, id int64, typed CoverView) error {
	view := typed
	err := p.read(r, v, &view.Frame, func(ctx context.Context, tx *db.Tx) error {
		c, asked, err := shift.SeeCover(ctx, tx, v.Actor, id)
		if err != nil {
			return err
		}
		names, err := person.Names(ctx, tx, append([]int64{c.AskerID, c.TakerID}, asked...))
		view.Cover, view.Asker, view.Taker, view.Mine = c, names[c.AskerID], names[c.TakerID], c.AskerID == v.Actor.ID
		for _, a := range asked {
			view.Asked = append(view.Asked, names[a])
			view.CanAnswer = view.CanAnswer || a == v.Actor.ID && c.State == shift.Asked && c.UntilAt > tx.Now
		}
		slices.Sort(view.Asked)
		if err != nil || !view.Mine || c.State != shift.Taken {
			return err
		}
		view.Thanked, err = shift.Thanked(ctx, tx, c.ID)
		if view.MayThank = !view.Thanked && c.TakerID != 0; view.MayThank && typed.Wrong == nil {
			view.Text = i18n.T(ctx, "Thank you for covering for me, {{.When}}.", "When", whenWords(ctx, shift.Span{From: c.FromAt, Until: c.UntilAt}))
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, status, CoverPage(view))
}

// thankTaker answers POST /rota/cover/{id}/thanks: text and wall, a card to whoever covered for the reader.
func (p *Pages) thankTaker(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	typed := CoverView{Text: r.PostFormValue("text"), Wall: r.PostFormValue("wall") != ""}
	var done string
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := p.Rota.ThankTaker(ctx, tx, v.Actor, id, shift.CardWords{Text: typed.Text, Wall: typed.Wall})
		if err != nil {
			return err
		}
		names, err := person.Names(ctx, tx, []int64{c.TakerID})
		done = i18n.T(ctx, "{{.Name}} has your card.", "Name", names[c.TakerID])
		return err
	})
	if typed.Wrong, err = fieldsOf(ctx, err); typed.Wrong != nil {
		return p.showCover(w, r, v, http.StatusUnprocessableEntity, id, typed)
	}
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		p.Site.Warn(w, i18n.Print(ctx, f.Message))
	} else if err != nil {
		return err
	} else {
		p.Site.Tell(w, done)
	}
	return page.Goto(w, r, shift.Cover{ID: id}.URL())
}

// fieldsOf is what is wrong with fields of a form, or the error as it was.
func fieldsOf(ctx context.Context, err error) (map[string]string, error) {
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return wrong, nil
	}
	return nil, err
}

// answerCover answers POST /rota/cover/{id}: answer is "yes", "no" or "withdraw".
func (p *Pages) answerCover(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	back := shift.Cover{ID: id}.URL()
	var done string
	err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
		switch r.PostFormValue("answer") {
		case "yes":
			c, err := p.Rota.AcceptCover(ctx, tx, v.Actor, id)
			if err != nil {
				return err
			}
			names, err := person.Names(ctx, tx, []int64{c.AskerID})
			done = i18n.T(ctx, "Thank you. You cover for {{.Name}}, {{.When}}, and they know.", "Name", names[c.AskerID], "When", hours(ctx, shift.Span{From: c.FromAt, Until: c.UntilAt}))
			return err
		case "withdraw":
			done = i18n.T(ctx, "Nobody is asked any more.")
			return p.Rota.WithdrawCover(ctx, tx, v.Actor, id)
		}
		done, back = i18n.T(ctx, "That is fine. The others are asked still."), cameFrom(r, back)
		return p.Rota.PassCover(ctx, tx, v.Actor, id)
	})
	if f, ok := fault.Of(err); ok && f.Kind == fault.KindConflict {
		p.Site.Warn(w, i18n.Print(ctx, f.Message))
	} else if err != nil {
		return err
	} else {
		p.Site.Tell(w, done)
	}
	return page.Goto(w, r, back)
}
