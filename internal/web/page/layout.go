// Package page holds what every page of Goodturn has around it: the document, the three layouts (the agent's desk, the
// requester's portal, a single card), signing in, and the page that says what went wrong.
//
// A layout takes a typed struct and the page as children; language, direction and time zone come from the context:
//
//	@page.Desk(page.DeskFrame{Title: "#1042 The printer prints half pages", Nav: nav, Flash: notes}) {
//		...
//	}
//
// Invariants: one h1 a page, given by the page and not by the layout; landmarks and a skip link on each; no inline style
// or script; nothing here reads the database.
package page

import (
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"

	"goodturn/internal/clock"
	"goodturn/internal/web/ui"
)

// DeskFrame is what surrounds a page of the desk.
type DeskFrame struct {
	// Title is the document's title without the name of the desk.
	Title string
	// Site is the name of this desk ("Goodturn", or the organisation's own).
	Site  string
	Nav   Nav
	Flash []ui.Note
	// Settings asks for the sheet of the pages that set things up and explain them.
	Settings bool
	// Writing adds the sheet of the editor of articles.
	Writing bool
}

// sheets are those beside the desk's own.
func (f DeskFrame) sheets() (out []string) {
	if f.Settings {
		out = append(out, "settings.css")
	}
	if f.Writing {
		out = append(out, "writing.css")
	}
	return out
}

// Nav is the navigation at the side of the desk.
type Nav struct {
	// Views are the standing lists ("Our turn", "Mine", …), Saved those under names that people gave them, Quiet those
	// that ask for no attention ("Done").
	Views, Saved, Quiet []NavLink
	// Again is after how many milliseconds the numbers are worth asking for again though nothing changes; 0 for not.
	Again int
	// Topic is the live topic on which the counts change ("list"), or "" when they do not.
	Topic string
	// Home is where the name of the desk leads; "" means "/tickets".
	Home string
	Me   Me
	// Notices is how many things this person has not read that they are told; NoticesMore that there are more. NoticesTopic is the
	// live topic on which that changes, or "" for pages without.
	Notices      int
	NoticesMore  bool
	NoticesTopic string
	// Routing shows what gives this person tickets: the next one, and that they are in a long call; until when they are in Call, 0 for
	// not. Offers are the tickets that are offered to them, Now is the moment from which the time left is counted.
	Routing bool
	Call    clock.Instant
	Offers  []Offer
	Now     clock.Instant
	// Chats shows the switch of whoever takes live chats, TakesChats that it is on; Asking are the chats that they could take now.
	Chats, TakesChats bool
	Asking            []ChatAsking
	// Covers are the colleagues who ask this person to cover for them; OnShift says that they have a shift of which they could be covered.
	Covers  []CoverAsk
	OnShift bool
	// Pause asks this person, and nobody else, whether they would like one.
	Pause bool
	// Ask is the fix note that this person is asked for, nil for none.
	Ask *Ask
	// Keys are the keys that this person chose, by action; see ActionsWith.
	Keys map[string]string
	// Guest leaves out what is for those who work at the desk: searching, new tickets, keys, the account.
	Guest bool
	// Admin shows the way to the administration.
	Admin bool
	// Pages are the pages beside the tickets to which this person may go, in the menu under their name.
	Pages []NavPage
	// Demo shows the way to the switcher of persons at /demo.
	Demo bool
}

// NavPage is a page beside the tickets.
type NavPage struct {
	Icon, Label, URL string
}

// NavLink is a list with the number of tickets in it.
type NavLink struct {
	Label, URL string
	// Key names the list to scripts, "" for none.
	Key string
	// Sub is a part of the list above it.
	Sub bool
	// Wrong says why the list cannot be shown, or "".
	Wrong string
	// Count is how many there are; 0 shows nothing.
	Count int
	// More says that there are more than Count, because counting stops somewhere: "999+".
	More bool
	// Here marks the list shown now.
	Here bool
}

// number is the count as it is shown.
func (l NavLink) number() string {
	if l.More {
		return strconv.Itoa(l.Count) + "+"
	}
	return strconv.Itoa(l.Count)
}

// Me is the person signed in.
type Me struct {
	Name string
	// About is a word beside the name, such as the role in the reader's language.
	About string
}

// PortalFrame is what surrounds a requester's page.
type PortalFrame struct {
	Title, Site string
	Flash       []ui.Note
	// Person is the name of whoever is signed in, or "".
	Person string
	// Staff shows the way to the desk.
	Staff bool
	// Demo shows the way to the switcher of persons at /demo.
	Demo bool
	// Sheet is the address of the style sheet in a brand; "" for the usual one.
	Sheet string
	// Foot are links to elsewhere, Languages those that a visitor may choose from.
	Foot      []FootLink
	Languages []FootLanguage
}

// FootLink leads from the foot of a requester's page to somewhere else.
type FootLink struct{ Words, URL string }

// FootLanguage is a language that may be chosen.
type FootLanguage struct{ Code, Name string }

// CardFrame is what surrounds a page that is one card: signing in, an error.
type CardFrame struct {
	Title, Site string
	Flash       []ui.Note
	// Wide gives the card more room.
	Wide bool
}

// Door is the frame of what requesters meet too before they are let in: signing in, and what went wrong. It is as light as
// their own pages.
func Door(f CardFrame) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error { return door(f).Render(ui.Drawn(ctx), w) })
}

type lookKey struct{}

// look is what the pages before the door look like for a visitor.
type look struct{ name, sheet string }

// looking has Door render in the look of the visitor's brand.
func (s *Site) looking(ctx context.Context, v Visit) context.Context {
	if s.Look == nil {
		return ctx
	}
	var l look
	if l.name, l.sheet = s.Look(v); l == (look{}) {
		return ctx
	}
	return context.WithValue(ctx, lookKey{}, l)
}

func lookOf(ctx context.Context) look {
	l, _ := ctx.Value(lookKey{}).(look)
	return l
}

// siteName is the name shown, Goodturn when none is set.
func siteName(site string) string {
	if site == "" {
		return "Goodturn"
	}
	return site
}

func homeURL(home string) string {
	if home == "" {
		return "/tickets"
	}
	return home
}
