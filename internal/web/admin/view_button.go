package admin

import (
	"goodturn/internal/button"
	"goodturn/internal/web/ui"
)

// ButtonView is the page of the help button for other pages.
type ButtonView struct {
	Frame   Frame
	Wrong   bool
	Set     button.Settings
	Origins Field
	// Teams are those to which live chats may go, Wait and Silence their minutes.
	Teams         []ui.Choice
	TeamError     string
	Wait, Silence Field
	// Script and Form are what stands in a page, Policy is what a strict content policy of a page needs.
	Script, Form, Policy string
}
