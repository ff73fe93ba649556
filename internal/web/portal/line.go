package portal

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/line"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
)

// LineView is the place of a request in the line, as its requester is told. All texts are in the reader's language.
type LineView struct {
	// Place is "2nd"; "" when there is no place to tell.
	Place string
	// Words go on from there: "in line. One request comes before yours."
	Words string
	// Usual and Most say how long it will probably take; "" for nothing.
	Usual, Most string
	// Before says who came before, in kinds and numbers.
	Before []string
	// Next is in how many seconds a page that is looked at asks again.
	Next string
}

// said is what is spoken when the place has changed.
func (v LineView) said() string { return v.Place + " " + v.Words }

// next is in how many seconds a page asks for its place again: the further back, the less often, so that many who wait cost little.
func next(p line.Place) string { return strconv.Itoa(min(15+2*p.Ahead, 120)) }

// lineOf tells the place of a request, and how long it will probably take.
func (l *loader) lineOf(ctx context.Context) (v LineView, err error) {
	p, err := line.PlaceOf(ctx, l.tx, l.ticket)
	if err != nil || !p.Waits {
		return v, err
	}
	holder, err := l.first(ctx, p.Holder)
	if err != nil {
		return v, err
	}
	v.Place, v.Words = p.Words(ctx, holder)
	v.Next = next(p)
	before, err := line.BeforeOf(ctx, l.tx, l.ticket)
	if err != nil {
		return v, err
	}
	v.Before = before.Sentences(ctx)
	if l.line == nil || l.ticket.WaitingSince == 0 {
		return v, nil
	}
	wait, err := l.line.WaitOf(ctx, l.tx, l.ticket, p)
	v.Usual, v.Most = wait.Sentences(ctx, l.tx.Now)
	return v, err
}

// linePart gives the part of the page that tells where a request stands, for a page that keeps it true.
func (p *Portal) linePart(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	var view RequestView
	err = p.Site.DB.Read(r.Context(), func(tx *db.Tx) error {
		a, err := p.open(r.Context(), tx, r, v, person.SeeOwn, number)
		if err != nil {
			return err
		}
		l := loader{tx: tx, access: a, site: p.Site.Name, line: p.Line, names: map[int64]string{}}
		view.Number = number
		return l.stands(r.Context(), &view)
	})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.Render(w, r, http.StatusOK, standing(view))
}

// stands fills in where the request stands.
func (l *loader) stands(ctx context.Context, v *RequestView) error {
	holder, err := l.first(ctx, l.ticket.AssigneeID)
	if err != nil {
		return err
	}
	v.State = stateOf(ctx, l.ticket, holder)
	if v.Line, err = l.lineOf(ctx); err != nil {
		return err
	}
	return l.callOf(ctx, v)
}
