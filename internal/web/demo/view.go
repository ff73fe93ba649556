package demo

import (
	"context"

	"goodturn/internal/clock"
	"goodturn/internal/i18n"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Frame is what every page of the demonstration needs besides its own subject.
type Frame struct {
	Site  string
	Flash []ui.Note
	// Now is the moment of rendering; ages are counted from it.
	Now clock.Instant
	// Path is the address of the page, without the query.
	Path string
	// Person is the name of whoever the visitor is now, or "".
	Person string
	// DeskURL is where that person sees what their mail has done; the switcher for nobody.
	DeskURL string
}

func (f Frame) page(title string) page.CardFrame {
	return page.CardFrame{Title: title, Site: f.Site, Flash: f.Flash, Wide: true}
}

func (f Frame) tabs(ctx context.Context) []ui.Tab {
	return []ui.Tab{
		{Label: i18n.T(ctx, "Persons"), URL: "/demo", Here: f.Path == "/demo"},
		{Label: i18n.C(ctx, "what was sent", "Mail"), URL: "/demo/mail", Here: f.Path == "/demo/mail"},
		{Label: i18n.T(ctx, "Write a mail"), URL: "/demo/mail/new", Here: f.Path == "/demo/mail/new"},
	}
}

// PersonsView is the switcher.
type PersonsView struct {
	Frame Frame
	// Me is the id of whoever the visitor is now, or 0.
	Me int64
	// Chosen is one person of each role.
	Chosen            []Person
	Staff, Requesters []Person
}

// Person is somebody whom the visitor may be.
type Person struct {
	ID   int64
	Name string
	// About is the role or the organisation, in the reader's language.
	About string
	// Sees is a sentence about what they find, or "".
	Sees string
}

// ListView is the list of mails.
type ListView struct {
	Frame Frame
	Mails []Row
	// Looking says that the page comes again by itself, Delivered that a mail was just handed to the desk.
	Looking, Delivered bool
	Pages              ui.Pages
}

// Row is a mail in the list.
type Row struct {
	URL, Subject, From, To string
	At                     clock.Instant
}

// MailView is one mail.
type MailView struct {
	Frame   Frame
	Subject string
	At      clock.Instant
	// Fields are lines of the header that people read.
	Fields []HeaderField
	// HTML is the sanitised body, "" when the mail has none; Text is the plain one, with links, as HTML.
	HTML, Text string
	Files      []File
	// Raw is the source, Cut says that there is more of it.
	Raw       string
	Cut       bool
	Delivered bool
	// Answer is the form, nil when there is nobody to answer.
	Answer *AnswerForm
}

// HeaderField is a line of a mail's header.
type HeaderField struct{ Name, Value string }

// File is a file of a mail.
type File struct {
	Name, URL string
	Size      int64 // bytes
}

// AnswerForm is the form in which the recipient answers.
type AnswerForm struct {
	URL string
	// As are the recipients who may answer, To is where the answer goes.
	As              []ui.Choice
	To              string
	Text, TextError string
	Alert           string // what is wrong with the whole
}

// WriteView is the form for a new mail.
type WriteView struct {
	Frame                   Frame
	Name, NameError         string
	Address, AddressError   string
	People                  []ui.Suggestion
	Mailboxes               []ui.Choice
	MailboxError            string
	Subject, Text           string
	SubjectError, TextError string
	Alert                   string // what is wrong with the whole
}

// put takes the errors of the fields.
func (v *WriteView) put(wrong map[string]string) {
	v.NameError, v.AddressError, v.MailboxError = wrong["name"], wrong["address"], wrong["to"]
	v.SubjectError, v.TextError = wrong["subject"], wrong["text"]
}
