package desk

import (
	"context"
	"net/http"
	"net/url"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// afterPreference is the preference that says where an agent goes once a ticket is done with.
const afterPreference = "after"

// Where to go once a ticket is done with. Staying is what everybody begins with.
const (
	afterStay = ""
	afterNext = "next"
	afterList = "list"
)

func afterChoices(ctx context.Context, chosen string) []ui.Choice {
	return []ui.Choice{
		{Value: afterStay, Label: i18n.T(ctx, "stay there"), Chosen: chosen == afterStay},
		{Value: afterNext, Label: i18n.T(ctx, "open the next one of the list"), Chosen: chosen == afterNext},
		{Value: afterList, Label: i18n.T(ctx, "go back to the list"), Chosen: chosen == afterList},
	}
}

// saveWork answers POST /account/work.
func (d *Desk) saveWork(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	after := r.PostFormValue("after")
	if after != afterNext && after != afterList {
		after = afterStay
	}
	err := d.Site.DB.Write(ctx, func(tx *db.Tx) error { return person.SetPreference(ctx, tx, v.Actor.ID, afterPreference, after) })
	if err != nil {
		return err
	}
	d.Site.Tell(w, i18n.T(ctx, "Saved."))
	return page.Goto(w, r, "/account")
}

// afterwards is where to go when a ticket is done with, by the agent's own choice: it stays, or its list follows, or the
// ticket that stood after it there. It is asked before the change, which may take the ticket out of the list.
func (d *Desk) afterwards(r *http.Request, v page.Visit, number int64) (string, error) {
	stay := returnTo(r, number)
	ctx := r.Context()
	to := stay
	err := d.read(ctx, v, func(l *look) error {
		chose, err := l.preferences(ctx)
		if err != nil || chose[afterPreference] == afterStay {
			return err
		}
		from, err := url.Parse(stay)
		if err != nil {
			return err
		}
		p := readPlace(from.Query())
		if to = p.url(); chose[afterPreference] == afterList {
			return nil
		}
		list, err := d.listView(ctx, l, Frame{}, p, paneRows)
		if err != nil {
			return err
		}
		if next := neighbour(list.Rows, number); next != 0 {
			to = at(ticketURL(next), p.query())
		}
		return nil
	})
	return to, err
}

// neighbour is the ticket after another in a list, the one before it at the end, and the first when it is not there; 0 when
// there is no other.
func neighbour(rows []ListRow, number int64) int64 {
	for i, row := range rows {
		switch {
		case row.Number != number:
		case i+1 < len(rows):
			return rows[i+1].Number
		case i > 0:
			return rows[i-1].Number
		default:
			return 0
		}
	}
	if len(rows) > 0 {
		return rows[0].Number
	}
	return 0
}
