package portal

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
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
	// Next is in how many seconds a page that is looked at asks again.
	Next string
}

// said is what is spoken when the place has changed.
func (v LineView) said() string { return v.Place + " " + v.Words }

// next is in how many seconds a page asks for its place again: the further back, the less often, so that many who wait cost little.
func next(p line.Place) string { return strconv.Itoa(min(15+2*p.Ahead, 120)) }

// lineOf tells the place of a request.
func (l *loader) lineOf(ctx context.Context) (LineView, error) {
	p, err := line.PlaceOf(ctx, l.tx, l.ticket)
	if err != nil || !p.Waits {
		return LineView{}, err
	}
	v := LineView{Place: ordinal(ctx, p.Number()), Next: next(p)}
	if p.Holder == 0 {
		v.Words = i18n.N(ctx, "in line. {{.Count}} request comes before yours.", "in line. {{.Count}} requests come before yours.", p.Ahead)
		if p.Ahead == 0 {
			v.Words = i18n.T(ctx, "in line. Yours is the next to be taken.")
		}
		return v, nil
	}
	name, err := l.first(ctx, p.Holder)
	if err != nil {
		return v, err
	}
	v.Words = i18n.N(ctx, "of what {{.Name}} has to answer: {{.Count}} other comes before it.", "of what {{.Name}} has to answer: {{.Count}} others come before it.", p.Ahead, "Name", name)
	if p.Ahead == 0 {
		v.Words = i18n.T(ctx, "of what {{.Name}} has to answer: nothing comes before it.", "Name", name)
	}
	return v, nil
}

// ordinal writes a number as a place: "2nd".
func ordinal(ctx context.Context, n int) string {
	number := i18n.Number(ctx, int64(n))
	switch tens := n % 100; {
	case n%10 == 1 && tens != 11:
		return i18n.T(ctx, "{{.Number}}st", "Number", number)
	case n%10 == 2 && tens != 12:
		return i18n.T(ctx, "{{.Number}}nd", "Number", number)
	case n%10 == 3 && tens != 13:
		return i18n.T(ctx, "{{.Number}}rd", "Number", number)
	}
	return i18n.T(ctx, "{{.Number}}th", "Number", number)
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
		l := loader{tx: tx, access: a, names: map[int64]string{}}
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
	v.Line, err = l.lineOf(ctx)
	return err
}
