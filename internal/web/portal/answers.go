package portal

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fixnote"
	"goodturn/internal/web/page"
)

// AnswersView is what somebody's solved requests taught them.
type AnswersView struct {
	Frame Frame
	// Query is what was searched for; "" for all.
	Query string
	Rows  []Answered
	// Older is the address of the next page, or "".
	Older string
	// Shared says that there are colleagues' too; Colleagues that these are shown.
	Shared, Colleagues bool
}

// Answered is a note with the request that it was for.
type Answered struct {
	URL     string
	Subject string
	// Whose is the name of the requester when that is not the reader.
	Whose string
	At    clock.Instant
	Fix   Fix
}

const answersURL = "/answers"

// answers shows the notes of the visitor's own requests, and those of colleagues where the organisation shares requests.
func (p *Portal) answers(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, q := r.Context(), r.URL.Query()
	view := AnswersView{Frame: p.frame(v), Query: strings.TrimSpace(q.Get("q")), Shared: v.Actor.SeesColleagues && v.Actor.OrganisationID != 0}
	view.Colleagues = view.Shared && q.Has("colleagues")
	err := p.Site.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := fixnote.Own(ctx, tx, v.Actor, view.Colleagues, fixnote.Page{Query: view.Query, Before: readPlace(q.Get("before")), Size: pageSize + 1})
		if len(all) > pageSize {
			all = all[:pageSize]
			view.Older = view.url(placeText(all[pageSize-1]))
		}
		for _, n := range all {
			row := Answered{URL: requestURL(n.TicketID), Subject: n.Subject, At: n.WrittenAt, Fix: Fix{Wrong: n.Wrong, Did: n.Did, Next: n.Next}}
			if n.RequesterID != v.Actor.ID {
				row.Whose = firstName(n.Requester)
			}
			view.Rows = append(view.Rows, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, AnswersPage(view))
}

func (v AnswersView) url(before string) string {
	q := url.Values{"before": {before}}
	if v.Query != "" {
		q.Set("q", v.Query)
	}
	if v.Colleagues {
		q.Set("colleagues", "1")
	}
	return answersURL + "?" + q.Encode()
}

func placeText(f fixnote.Found) string {
	return strconv.FormatInt(int64(f.WrittenAt), 10) + "-" + strconv.FormatInt(f.TicketID, 10)
}

// readPlace reads what placeText wrote; what is none is the beginning.
func readPlace(s string) fixnote.Place {
	at, id, _ := strings.Cut(s, "-")
	a, err := strconv.ParseInt(at, 10, 64)
	n, wrong := strconv.ParseInt(id, 10, 64)
	if err != nil || wrong != nil {
		return fixnote.Place{}
	}
	return fixnote.Place{At: clock.Instant(a), TicketID: n}
}
