package helping

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/handoff"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// CostView is what help beside somebody's work took and cost.
type CostView struct {
	Frame Frame
	handoff.Cost
	// Currency is that of all amounts.
	Currency string
	Typed    reckoned
	Wrong    map[string]string
	Pages    []ShownPage
	// Others says that somebody else reads it, by a link: no names and no forms.
	Others bool
	// Words says that the kinds of help are on it; Until is when the link ends.
	Words bool
	Until handoff.Shown
}

// ShownPage is a page that somebody shows to others.
type ShownPage struct {
	handoff.Shown
	URL, EndURL string
}

// reckoned is the form of what somebody reckons with, as it was typed.
type reckoned struct {
	hourly, monthly, week, currency string
	counted                         bool
}

// cost answers GET /helping/cost.
func (h *Helping) cost(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return h.showCost(w, r, v, http.StatusOK, nil, nil)
}

func (h *Helping) showCost(w http.ResponseWriter, r *http.Request, v page.Visit, status int, t *reckoned, wrong map[string]string) error {
	ctx := r.Context()
	view := CostView{Frame: h.frame(v), Wrong: wrong, Words: true}
	var pages []handoff.Shown
	err := h.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if view.Cost, err = handoff.CostOf(ctx, tx, v.Actor.ID, i18n.ZoneOf(ctx)); err != nil {
			return err
		}
		pages, err = handoff.ShownBy(ctx, tx, v.Actor.ID)
		return err
	})
	if err != nil {
		return err
	}
	if view.Currency = view.Reckoning.Currency; view.Currency == "" {
		view.Currency = currencyOf(r)
	}
	for _, s := range pages {
		view.Pages = append(view.Pages, ShownPage{s, h.URL() + h.Keeper.ShownPath(s.ID), costURL + "/pages/" + strconv.FormatInt(s.ID, 10) + "/end"})
	}
	if t == nil {
		k := view.Reckoning
		t = &reckoned{amount(k.Hourly), amount(k.Monthly), decimal(float64(k.WeekMinutes) / 60), view.Currency, k.Counted}
	}
	view.Typed = *t
	return page.Render(w, r, status, CostPage(view))
}

// reckon answers POST /helping/cost.
func (h *Helping) reckon(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	t := reckoned{r.PostFormValue("hourly"), r.PostFormValue("monthly"), r.PostFormValue("week"), r.PostFormValue("currency"), r.PostFormValue("counted") != ""}
	k, err := t.reckoning()
	if err == nil {
		err = h.Site.DB.Write(ctx, func(tx *db.Tx) error { return handoff.SaveReckoning(ctx, tx, v.Actor.ID, k) })
	}
	if wrong, ok := page.FieldErrors(ctx, err); ok {
		return h.showCost(w, r, v, http.StatusUnprocessableEntity, &t, wrong)
	}
	if err != nil {
		return err
	}
	h.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, costURL)
}

func (t reckoned) reckoning() (handoff.Reckoning, error) {
	var wrong []fault.Field
	read := func(name, text string) float64 {
		n, ok := readDecimal(text)
		if !ok {
			wrong = append(wrong, fault.F(name, i18n.M("Please write a number, such as 40 or 37.50.")))
		}
		return n
	}
	k := handoff.Reckoning{Currency: t.currency, Counted: t.counted}
	k.Hourly, k.Monthly = int64(math.Round(read("hourly", t.hourly)*100)), int64(math.Round(read("monthly", t.monthly)*100))
	k.WeekMinutes = int(math.Round(read("week", t.week) * 60))
	return k, fault.Check(wrong)
}

// readDecimal reads a number as people of several languages write it: 1240.50, 1,240.50, 1.240,50, 37,5. Nothing is 0.
func readDecimal(text string) (float64, bool) {
	text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(strings.TrimSpace(text))
	if text == "" {
		return 0, true
	}
	if len(text) > 20 || strings.Trim(text, "0123456789.,") != "" {
		return 0, false
	}
	last := strings.LastIndexAny(text, ".,")
	if last >= 0 {
		whole := strings.NewReplacer(".", "", ",", "").Replace(text[:last])
		if part := text[last+1:]; len(part) == 3 && strings.Count(text, text[last:last+1]) >= 1 && whole != "" && whole != "0" {
			text = whole + part // 1.240 is a thousand and more
		} else {
			text = whole + "." + part
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && n >= 0 && n < 1e9
}

// amount and decimal write numbers as a field shows them.
func amount(hundredths int64) string {
	if hundredths == 0 {
		return ""
	}
	return strings.TrimSuffix(strconv.FormatFloat(float64(hundredths)/100, 'f', 2, 64), ".00")
}

func decimal(n float64) string {
	return strconv.FormatFloat(math.Round(n*100)/100, 'f', -1, 64)
}

// show answers POST /helping/cost/pages: a page for others.
func (h *Helping) show(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	err := h.Site.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := handoff.Show(ctx, tx, v.Actor.ID, r.PostFormValue("words") != "")
		return err
	})
	if err != nil {
		return err
	}
	h.Site.Tell(w, i18n.T(ctx, "There is a page to show now. Look at it before you pass its link on."))
	return page.Goto(w, r, costURL+"#pages")
}

// endShown answers POST /helping/cost/pages/{id}/end.
func (h *Helping) endShown(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	ctx := r.Context()
	if err := h.Site.DB.Write(ctx, func(tx *db.Tx) error { return handoff.EndShown(ctx, tx, v.Actor.ID, id) }); err != nil {
		return err
	}
	h.Site.Tell(w, i18n.T(ctx, "That page is gone."))
	return page.Goto(w, r, costURL+"#pages")
}

// shown answers GET /cost/{token}, for whoever has the link.
func (h *Helping) shown(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	view := CostView{Frame: h.frame(v), Others: true}
	err := h.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if view.Until, err = h.Keeper.OpenShown(ctx, tx, r.PathValue("token")); err != nil {
			return err
		}
		owner, err := person.Get(ctx, tx, view.Until.PersonID)
		if err != nil {
			return err
		}
		if !owner.Active {
			return handoff.ErrOver
		}
		zone := i18n.ZoneOf(ctx)
		if z, err := time.LoadLocation(owner.Zone); err == nil && owner.Zone != "" {
			zone = z // so that the weeks are those that the owner sees
		}
		view.Cost, err = handoff.CostOf(ctx, tx, owner.ID, zone)
		return err
	})
	if fault.Is(err, fault.KindNotFound) {
		return page.Render(w, r, http.StatusNotFound, GonePage(h.frame(v)))
	}
	if err != nil {
		return err
	}
	view.Words = view.Until.Words
	if view.Currency = view.Reckoning.Currency; view.Currency == "" {
		view.Currency = currencyOf(r)
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	return page.Render(w, r, http.StatusOK, CostPage(view))
}
