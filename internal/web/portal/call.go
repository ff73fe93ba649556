package portal

import (
	"context"
	"net/http"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/line"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// CallView is the part of a request where its requester may ask to be rung.
type CallView struct {
	// May says that a call can be asked for.
	May bool
	// Asked is the number and the time that were asked for; "" for none.
	Asked string
	// News says that they were not reached, or that nobody rang in time; "" for neither.
	News string
	// Number, Day, From and Until are what was typed, Wrong and WrongTime what is wrong with it.
	Number, Day, From, Until string
	Wrong, WrongTime         string
}

// callOf tells what was asked for and what came of it.
func (l *loader) callOf(ctx context.Context, v *RequestView) error {
	v.Call = CallView{May: l.line != nil && l.own() && l.ticket.IsOpen && l.ticket.MergedInto == 0, Day: l.tx.Now.Time().In(i18n.ZoneOf(ctx)).Format(time.DateOnly)}
	if !v.Call.May {
		return nil
	}
	c, ok, err := line.CallOf(ctx, l.tx, l.ticket.ID)
	if err != nil || !ok {
		return err
	}
	v.Call.Number, v.Call.Asked = c.Number, i18n.T(ctx, "We ring you at {{.Number}}. Your place in the line stays the same.", "Number", c.Number)
	if c.UntilAt != 0 {
		v.Call.Asked = i18n.T(ctx, "We ring you at {{.Number}}, {{.When}}. Your place in the line stays the same.", "Number", c.Number, "When", line.CallTime(ctx, l.tx.Now, c))
	}
	switch {
	case c.Missed(l.tx.Now):
		v.Call.News = i18n.T(ctx, "We did not manage to ring you at the time you chose. We are sorry. Your request keeps its place; you may choose another time.")
	case c.Tries > 0:
		v.Call.News = i18n.T(ctx, "We rang at {{.Time}} and did not reach you. We try again; you may choose another time or number.", "Time", i18n.DateTime(ctx, c.TriedAt))
	}
	return nil
}

// askCall answers POST /requests/{number}/call: the requester would like to be rung, or no longer.
func (p *Portal) askCall(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	wait := p.limited(w, r, v)
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	typed := typedCall(r)
	typed.May, typed.Wrong = true, wait
	status := http.StatusTooManyRequests
	if wait == "" {
		err = p.Site.DB.Write(ctx, func(tx *db.Tx) error {
			a, err := p.open(ctx, tx, r, v, person.WriteOwn, number)
			if err != nil {
				return err
			}
			switch {
			case p.Line == nil || !a.own() || !a.ticket.IsOpen:
				return fault.Conflict(i18n.M("A call can be asked for by whoever asked, while the request is open."))
			case r.PostFormValue("drop") != "":
				return p.Line.TakeBackCall(ctx, tx, a.by(), a.ticket.ID)
			}
			from, until, err := callWindow(ctx, typed)
			if err != nil {
				return err
			}
			return p.Line.AskCall(ctx, tx, a.by(), a.ticket.ID, typed.Number, from, until)
		})
		f, ours := fault.Of(err)
		if err == nil {
			return page.Goto(w, r, requestURL(number)+"#call")
		}
		if !ours || len(f.Fields) == 0 {
			return p.fail(w, r, v, err)
		}
		status = http.StatusUnprocessableEntity
		for _, field := range f.Fields {
			if field.Name == "number" {
				typed.Wrong = i18n.Print(ctx, field.Message)
			} else {
				typed.WrongTime = i18n.Print(ctx, field.Message)
			}
		}
	}
	view, err := p.view(r, v, number)
	if err != nil {
		return p.fail(w, r, v, err)
	}
	typed.Asked, typed.News = view.Call.Asked, view.Call.News
	view.Call = typed
	return page.Render(w, r, status, RequestPage(view))
}

// typedCall reads what was typed about being rung.
func typedCall(r *http.Request) CallView {
	return CallView{Number: strings.TrimSpace(r.PostFormValue("number")), Day: r.PostFormValue("day"), From: r.PostFormValue("from"), Until: r.PostFormValue("until")}
}

// ring asks for the call that was typed into the first form, if one was: it takes the place in the line that the request has.
func (p *Portal) ring(ctx context.Context, tx *db.Tx, by ticket.By, number int64, c CallView) error {
	if p.Line == nil || c.Number == "" && c.From == "" && c.Until == "" {
		return nil
	}
	from, until, err := callWindow(ctx, c)
	if err != nil {
		return err
	}
	return p.Line.AskCall(ctx, tx, by, number, c.Number, from, until)
}

// callWindow reads the time that suits, in the reader's zone; none is any time.
func callWindow(ctx context.Context, c CallView) (from, until clock.Instant, err error) {
	if c.From == "" && c.Until == "" {
		return 0, 0, nil
	}
	read := func(text, instead string) (clock.Instant, bool) {
		if text == "" {
			text = instead
		}
		t, err := time.ParseInLocation("2006-01-02 15:04", c.Day+" "+text, i18n.ZoneOf(ctx))
		return clock.From(t), err == nil
	}
	from, begins := read(c.From, "00:00")
	until, ends := read(c.Until, "23:59")
	if !begins || !ends {
		return 0, 0, fault.Invalid(fault.F("until", i18n.M("Please give the day as 2026-11-30 and times as 14:30, or leave the times empty for any time.")))
	}
	return from, until, nil
}

// given tells that something was typed, or that it is to be looked at again.
func (c CallView) given() bool { return c.Number+c.From+c.Until+c.Wrong+c.WrongTime != "" }
