package desk

import (
	"context"
	"net/http"
	"strconv"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/line"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// LineSide is what the side of a ticket has of the line: a reason that is asked for, and a call that somebody waits for.
type LineSide struct {
	// Passed is how many who waited longer the visitor took this before, and gave no reason; 0 for nothing to ask.
	Passed int
	// Call is what the requester would like, in words; "" for none. Dial is its number for a link.
	Call, Dial string
	// Missed says that the time that suited them is over, Tries how often they were rung.
	Missed bool
	Tries  int
}

// lineSide finds what the line has to say beside a ticket.
func (d *Desk) lineSide(ctx context.Context, l *look, t ticket.Ticket) (s LineSide, err error) {
	if d.Line == nil {
		return s, nil
	}
	a, err := line.Unexplained(ctx, l.tx, t.ID, l.visit.Actor.ID)
	if err != nil {
		return s, err
	}
	s.Passed = a.Passed
	c, ok, err := line.CallOf(ctx, l.tx, t.ID)
	if err != nil || !ok {
		return s, err
	}
	s.Call, s.Dial, s.Missed, s.Tries = c.Number, c.Dial(), c.Missed(l.tx.Now), c.Tries
	if c.UntilAt != 0 {
		s.Call += " · " + line.CallTime(ctx, l.tx.Now, c)
	}
	return s, nil
}

// callWhen says for a list when somebody would like to be rung.
func callWhen(ctx context.Context, now clock.Instant, c line.Call) string {
	if c.UntilAt == 0 {
		return i18n.T(ctx, "at any time")
	}
	return line.CallTime(ctx, now, c)
}

// lineRoutes are those by which staff say why they took something before its turn, and that they rang.
func (d *Desk) lineRoutes() []page.Route {
	if d.Line == nil {
		return nil
	}
	return []page.Route{
		{Pattern: "POST /tickets/{number}/ahead", Handle: d.ahead},
		{Pattern: "POST /tickets/{number}/rang", Handle: d.rang},
	}
}

// ahead answers POST /tickets/{number}/ahead: why it was taken before its turn.
func (d *Desk) ahead(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.setOr(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		return d.Line.Explain(ctx, tx, by, number, value)
	}, func(t *typed, message string) { t.other = message })
}

// rang answers POST /tickets/{number}/rang: somebody rang the requester ("reached", or not).
func (d *Desk) rang(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	return d.setOr(w, r, v, func(ctx context.Context, tx *db.Tx, by ticket.By, number int64, value string) error {
		return d.Line.Rang(ctx, tx, by, number, value == "reached")
	}, func(t *typed, message string) { t.other = message })
}

// overtookWords tell that a ticket came before others, and why.
func overtookWords(ctx context.Context, e ticket.Event, name string, chat bool) (text, why string) {
	n, _ := strconv.Atoi(e.FromValue)
	switch {
	case chat && e.ToValue == line.Taken && e.Cause != "":
		return i18n.T(ctx, "{{.Name}} took the chat before others had their turn, since the person is there", "Name", name), ""
	case e.ToValue == line.Taken && e.Cause != "":
		return i18n.T(ctx, "{{.Name}} said why it was taken before its turn", "Name", name), line.ReasonWord(ctx, e.Cause)
	case e.ToValue == line.Taken:
		return i18n.N(ctx, "{{.Name}} took it before {{.Count}} other that was to come first", "{{.Name}} took it before {{.Count}} others that were to come first", n, "Name", name), ""
	}
	return i18n.N(ctx, "It now comes before {{.Count}} other that has waited longer", "It now comes before {{.Count}} others that have waited longer", n), ""
}
