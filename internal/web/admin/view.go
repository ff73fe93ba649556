package admin

import (
	"goodturn/internal/clock"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Frame is what every page of the administration needs besides its own subject.
type Frame struct {
	// Site is the name of the desk.
	Site  string
	Nav   page.Nav
	Tabs  []ui.Tab
	Flash []ui.Note
	// Now is the moment of rendering; ages are counted from it.
	Now clock.Instant
}

func (f Frame) page(title string) page.DeskFrame {
	return page.DeskFrame{Title: title, Site: f.Site, Nav: f.Nav, Flash: f.Flash, Settings: true}
}

// Field is what stands in a field of a form, and what is wrong with it or "".
type Field struct{ Value, Error string }

// Head is the top of a page.
type Head struct {
	// Title is its h1.
	Title string
	// Intro says in a sentence or two what the page is for, or is "".
	Intro string
	// Add is the words of the button that leads to AddURL, or "".
	Add, AddURL string
	// Icon is that of the button; "plus" when empty.
	Icon string
}

func (h Head) icon() string {
	if h.Icon == "" {
		return "plus"
	}
	return h.Icon
}
