// Package thanks is the pages of thank-you cards: somebody's own record of them, the wall of the desk, and a card to a colleague.
//
// The record is its owner's alone: each address asks for person.UseAccount and finds nothing of anybody else's. The wall is for whoever
// works at the desk. Requesters write their cards on the page of their request (package portal).
//
//	site.Mount(mux, thanks.Routes(&thanks.Thanks{Site: site, Book: book, Nav: desk.Nav}))
//
// Invariants: everything works as plain forms; opening a page changes nothing; no page says how many cards there are.
package thanks

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Thanks is what these pages stand on. The program builds one and mounts its Routes.
type Thanks struct {
	Site *page.Site
	Book *thanks.Book
	// Nav gives the navigation of the desk. Optional: without it there is a way back to the tickets.
	Nav func(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error)
}

const (
	cardsURL = "/cards"
	wallURL  = "/wall"
)

func cardURL(id int64) string          { return cardsURL + "/" + decimal(id) }
func ticketURL(number int64) string    { return "/tickets/" + decimal(number) }
func colleagueURL(number int64) string { return ticketURL(number) + "/thanks" }
func decimal(n int64) string           { return strconv.FormatInt(n, 10) }

// Routes are all addresses of these pages.
func Routes(t *Thanks) []page.Route {
	return []page.Route{
		{Pattern: "GET /cards", Verb: person.UseAccount, Handle: t.record},
		{Pattern: "GET /cards.txt", Verb: person.UseAccount, Handle: t.takeAway},
		{Pattern: "POST /cards/{id}", Verb: person.UseAccount, Handle: t.choose},
		{Pattern: "GET /wall", Verb: person.UseDesk, Handle: t.wall},
		{Pattern: "GET /tickets/{number}/thanks", Verb: person.UseDesk, Handle: t.colleague},
		{Pattern: "POST /tickets/{number}/thanks", Verb: person.UseDesk, Handle: t.thankColleague},
		{Pattern: "POST /tickets/{number}/thanks/{card}/reopening", Verb: person.UseDesk, Handle: t.reopen},
	}
}

const pageSize = 30

// RecordView is somebody's own cards.
type RecordView struct {
	Frame page.PortalFrame
	Now   clock.Instant
	// Show is "" for the cards to them, "written" for those that they wrote, "away" for those that they put aside.
	Show  string
	Cards []thanks.Card
	Older string
	// Staff shows the way to the wall.
	Staff bool
}

// record answers GET /cards.
func (t *Thanks) record(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx, q := r.Context(), r.URL.Query()
	view := RecordView{Frame: page.PortalFrame{Site: t.Site.Name, Flash: v.Flash, Demo: t.Site.Demo, Person: v.Actor.Name, Staff: v.Actor.Staff()}, Now: v.Now, Staff: v.Actor.Staff()}
	if s := q.Get("show"); s == "written" || s == "away" {
		view.Show = s
	}
	err := t.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		after := readPlace(q.Get("before"))
		if view.Show == "written" {
			view.Cards, err = thanks.Written(ctx, tx, v.Actor, after, pageSize+1)
		} else {
			view.Cards, err = thanks.Own(ctx, tx, v.Actor, view.Show == "away", after, pageSize+1)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(view.Cards) > pageSize {
		view.Cards = view.Cards[:pageSize]
		last := view.Cards[pageSize-1]
		view.Older = cardsURL + "?show=" + view.Show + "&before=" + placeText(last.At, last.ID)
	}
	return page.Render(w, r, http.StatusOK, RecordPage(view))
}

// takeAway answers GET /cards.txt.
func (t *Thanks) takeAway(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	var text string
	err := t.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		text, err = thanks.Record(ctx, tx, v.Actor)
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="thank-you-cards.txt"`)
	w.Header().Set("Cache-Control", "private, no-store")
	_, err = w.Write([]byte(text))
	return err
}

// choose answers POST /cards/{id}: what its writer or its holder does with a card.
func (t *Thanks) choose(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	id, err := page.Number(r, "id")
	if err != nil {
		return err
	}
	if err := page.Form(r); err != nil {
		return err
	}
	ctx := r.Context()
	what, err := thanks.ReadChoice(r.PostFormValue("value"))
	if err == nil {
		err = t.Site.DB.Write(ctx, func(tx *db.Tx) error { return t.Book.Choose(ctx, tx, v.Actor, id, what) })
	}
	if err != nil {
		return err
	}
	t.Site.Tell(w, chosen(ctx, what))
	back := cardsURL
	switch r.PostFormValue("back") {
	case "wall":
		back = wallURL
	case "written":
		back += "?show=written"
	}
	return page.Goto(w, r, back)
}

func chosen(ctx context.Context, what thanks.Choice) string {
	switch what {
	case thanks.HangUp:
		return i18n.T(ctx, "Your yes is noted. It hangs on the wall while both of you say so.")
	case thanks.TakeDown:
		return i18n.T(ctx, "It does not hang on the wall.")
	case thanks.KeepIt:
		return i18n.T(ctx, "It stays with you alone.")
	case thanks.PutAway:
		return i18n.T(ctx, "It is put aside, and nobody else sees it.")
	}
	return i18n.T(ctx, "It is back in your record.")
}

// WallView is the wall of the desk.
type WallView struct {
	Site  string
	Nav   page.Nav
	Flash []ui.Note
	Now   clock.Instant
	Cards []thanks.Card
	Older string
	// Mine tells which of the cards the reader may take down: those that they wrote, got, or as a lead those to the desk.
	Mine map[int64]bool
}

func (v WallView) page(title string) page.DeskFrame {
	return page.DeskFrame{Title: title, Site: v.Site, Nav: v.Nav, Flash: v.Flash, Settings: true}
}

// wall answers GET /wall.
func (t *Thanks) wall(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	ctx := r.Context()
	view := WallView{Site: t.Site.Name, Flash: v.Flash, Now: v.Now, Mine: map[int64]bool{}}
	err := t.Site.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if view.Nav, err = t.nav(ctx, tx, v); err != nil {
			return err
		}
		view.Cards, err = thanks.Wall(ctx, tx, v.Actor, readPlace(r.URL.Query().Get("before")), pageSize+1)
		return err
	})
	if err != nil {
		return err
	}
	if len(view.Cards) > pageSize {
		view.Cards = view.Cards[:pageSize]
		last := view.Cards[pageSize-1]
		view.Older = wallURL + "?before=" + placeText(last.HungAt, last.ID)
	}
	for _, c := range view.Cards {
		view.Mine[c.ID] = c.FromID == v.Actor.ID || c.ToID == v.Actor.ID || c.ToID == 0 && v.Actor.Role.AtLeast(person.Lead)
	}
	return page.Render(w, r, http.StatusOK, WallPage(view))
}

func (t *Thanks) nav(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error) {
	if t.Nav != nil {
		return t.Nav(ctx, tx, v)
	}
	return page.Nav{Views: []page.NavLink{{Label: i18n.T(ctx, "Tickets"), URL: "/tickets"}}, Demo: t.Site.Demo, Me: page.Me{Name: v.Actor.Name}}, nil
}

// reopen answers POST /tickets/{number}/thanks/{card}/reopening: a message was more than thanks.
func (t *Thanks) reopen(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	card, err := page.Number(r, "card")
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = t.Site.DB.Write(ctx, func(tx *db.Tx) error {
		x, err := ticket.Get(ctx, tx, v.Actor, person.ChangeTicket, number)
		if err != nil {
			return err
		}
		return t.Book.NotThanks(ctx, tx, ticket.By{Actor: v.Actor}, x, card)
	})
	if err != nil {
		return err
	}
	t.Site.Tell(w, i18n.T(ctx, "It is open again, and the card is gone."))
	return page.Goto(w, r, ticketURL(number))
}

func placeText(at clock.Instant, id int64) string { return decimal(int64(at)) + "-" + decimal(id) }

// readPlace reads what placeText wrote; what is none is the beginning.
func readPlace(s string) thanks.Place {
	at, id, _ := strings.Cut(s, "-")
	a, err := strconv.ParseInt(at, 10, 64)
	n, wrong := strconv.ParseInt(id, 10, 64)
	if err != nil || wrong != nil {
		return thanks.Place{}
	}
	return thanks.Place{At: clock.Instant(a), ID: n}
}
