package desk

import "goodturn/internal/clock"

// PaletteView is what the palette shows of the desk for what was typed; what can be done on the page itself the script adds.
type PaletteView struct {
	Now    clock.Instant
	Groups []PaletteGroup
	// Said tells in words what was found, or what is wrong with what was typed.
	Said string
}

// PaletteGroup is a heading with what stands under it.
type PaletteGroup struct {
	// ID is a word that is unique in the page.
	ID      string
	Label   string
	Options []PaletteOption
}

// PaletteOption leads somewhere.
type PaletteOption struct {
	// ID is the same for the same place whatever was typed, so that a choice stays where it is.
	ID  string
	URL string
	// Icon is a name of the sprite; Face, when given, is drawn instead for the person of this name.
	Icon, Face string
	Title      []SnippetPart
	// Snippet is the place in a text that matches, or nothing.
	Snippet []SnippetPart
	// Number is the ticket's, 0 for none; Status its word; About is said after it.
	Number int64
	Status string
	About  string
	At     clock.Instant
}
