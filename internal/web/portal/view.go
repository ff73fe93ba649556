package portal

import (
	"slices"
	"strconv"

	"goodturn/internal/brand"
	"goodturn/internal/clock"
	"goodturn/internal/web/ask"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
)

// Frame is what every page of the portal needs besides its own subject.
type Frame struct {
	// Site is the name of the desk.
	Site string
	// Person is the name of whoever is signed in, or "".
	Person string
	// Staff says that they work at the desk.
	Staff bool
	Demo  bool
	Flash []ui.Note
	// Brand is in which the page is shown.
	Brand brand.Brand
	// Now is the moment of rendering; ages are counted from it.
	Now clock.Instant
}

func (f Frame) page(title string) page.PortalFrame {
	out := page.PortalFrame{Title: title, Site: f.Site, Flash: f.Flash, Person: f.Person, Staff: f.Staff, Demo: f.Demo, Sheet: sheetURL(f.Brand), Languages: f.languages()}
	for _, l := range f.Brand.Foot() {
		out.Foot = append(out.Foot, page.FootLink{Words: l.Words, URL: l.URL})
	}
	return out
}

// FormView is the form in which somebody asks for help. Texts of errors are in the reader's language.
type FormView struct {
	Frame Frame
	// Key is new with each form, so that one sent twice is known.
	Key string
	// With is who sent the visitor here.
	With With
	// Read is the address of the article that the visitor comes from; "" for none.
	Read string
	// Subject comes from a link and is shown, not asked; "" for none.
	Subject         string
	Text, TextError string
	Name, NameError string
	Address         string
	AddressError    string
	FilesError      string
	Trap, TrapError string // of the field that must stay empty
	// Offers are the services that may be chosen; AllOffers says that all of them stand there.
	Offers                []Offer
	MoreOffers, AllOffers bool
	// Near is what may help, Looked that somebody asked for it.
	Near   []Suggestion
	Looked bool
	// Service is the chosen one, with its questions; nil for none.
	Service *Chosen
	// Call is what was typed about being rung.
	Call  CallView
	Alert string // what is wrong with the whole
	// Chat says that somebody is there to chat with now.
	Chat bool
}

// put takes the errors of the fields.
func (v *FormView) put(wrong map[string]string) {
	v.TextError, v.NameError, v.AddressError, v.TrapError = wrong["text"], wrong["name"], wrong["address"], wrong[trapField]
	v.Call.Wrong, v.Call.WrongTime = wrong["number"], wrong["until"]
	if wrong["files"] != "" {
		v.FilesError = wrong["files"]
	}
	for _, name := range []string{"text", "name", "address", "files", "number", "until", trapField} {
		delete(wrong, name)
	}
	if v.Service != nil {
		for _, q := range v.Service.Questions {
			delete(wrong, q.Name)
		}
	}
	for _, other := range wrong {
		v.Alert = other
	}
}

// wrong says that something keeps the form from being sent.
func (v FormView) wrong() bool {
	asked := v.Service != nil && slices.ContainsFunc(v.Service.Questions, func(q ask.Question) bool { return q.Error != "" })
	return asked || v.Alert+v.TextError+v.NameError+v.AddressError+v.FilesError+v.TrapError+v.Call.Wrong+v.Call.WrongTime != ""
}

// GoneView is the page for a link that opens nothing.
type GoneView struct {
	Frame    Frame
	SignedIn bool
}

// RequestView is one request as its requester sees it.
type RequestView struct {
	Frame   Frame
	Number  int64
	Subject string
	Sent    clock.Instant
	// Whose is the first name of the requester when that is not the reader.
	Whose string
	State State
	Line  LineView
	// Chat is the live chat that it began as; nil for none.
	Chat *ChatView
	// Outage is what it has to do with something that many have; nil for nothing.
	Outage *RequestOutage
	Call   CallView
	// Joined says that it became part of another request, which the reader may not see.
	Joined bool
	// Earlier is how many messages come before Said.
	Earlier int
	Said    []Said
	// Facts are the questions that were answered.
	Facts []Fact
	Steps []Step
	Reply Reply
	// Question is what we would like to know; nil for nothing.
	Question *Question
	// Link is the address by which the reader came, for whoever has no other way to come again; else "".
	Link string
	// Mailed says that answers reach the reader by mail too.
	Mailed bool
	// Fix is what it taught.
	Fix Fix
	// After is what is asked of it once it is done.
	After After
}

// State is where a request stands.
type State struct {
	// Now and Next are sentences in the reader's language.
	Now, Next string
	Done      bool
}

// Said is a public message.
type Said struct {
	// Who is the writer's first name; "" for the desk itself.
	Who string
	// You says that the reader wrote it.
	You bool
	// Ours says that it is the desk's.
	Ours      bool
	Automatic bool
	At        clock.Instant
	// Text is what was written, Quoted the rest of the mail; both plain.
	Text, Quoted string
	// Cut says that there is more of it.
	Cut   bool
	Files []File
	// Hidden says that something was said that is not for this reader.
	Hidden bool
}

// File is a file of a message.
type File struct {
	Name, URL string
	Size      int64 // bytes
	// Picture says that there is a small one at URL + "/thumbnail".
	Picture bool
}

// Step is something that happened.
type Step struct {
	Text string
	// By is the first name of whoever wrote it for the requester; "" for what the desk tells by itself.
	By string
	At clock.Instant
	// Ahead says that it is yet to come.
	Ahead bool
}

// Reply is the form that adds something to a request.
type Reply struct {
	Key                         string
	Text, TextError, FilesError string
	Alert                       string
	// CanSolve offers "It works again".
	CanSolve bool
}

// ListView is the list of somebody's requests.
type ListView struct {
	Frame Frame
	// Query is what was searched for; "" for the whole list.
	Query string
	Rows  []Row
	// Newer and Older are the addresses of the neighbouring pages, or "".
	Newer, Older string
	// More says that more may fit the words than is shown.
	More bool
	// Shared says that colleagues' requests are among them.
	Shared bool
}

// Row is a request in the list.
type Row struct {
	URL     string
	Number  int64
	Subject string
	State   string
	// Waits says that it waits for the reader, Done that it is over.
	Waits, Done bool
	// Whose is the name of the requester when that is not the reader.
	Whose   string
	At      clock.Instant
	Snippet string
}

// MeView is what somebody sets for themselves.
type MeView struct {
	Frame                    Frame
	Name, NameError          string
	Languages, Zones         []ui.Choice
	LanguageError, ZoneError string
	Addresses                []string
	Sessions                 []Session
}

// Session is a browser in which the person is signed in.
type Session struct {
	EndURL string
	// Device is the browser in words, Place its network address.
	Device, Place string
	Seen          clock.Instant
	// Here marks the one that shows this page.
	Here bool
}

func requestURL(number int64) string { return "/requests/" + strconv.FormatInt(number, 10) }

func fileURL(number, id int64) string {
	return requestURL(number) + "/files/" + strconv.FormatInt(id, 10)
}

func linkURL(token string) string { return "/t/" + token }
