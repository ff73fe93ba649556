package desk

import (
	"slices"

	"goodturn/internal/clock"
	"goodturn/internal/web/ui"
)

// TicketView is a ticket with its conversation, the facts about it, and the place to answer.
type TicketView struct {
	Frame   Frame
	Number  int64
	Subject string
	// SubjectError says what is wrong with a subject that was just sent, or "".
	SubjectError string
	// Kind, Status, Priority, Channel and Turn are the words of the database ("incident", "on_hold", "high", "mail", "ours").
	Kind, Status, Priority, Channel, Turn string
	// Since is when the wait began that Turn is about; Late says that it is longer than it should be.
	Since clock.Instant
	Late  bool
	// Created is when the ticket came in.
	Created clock.Instant
	// Pinned says that the agent has pinned the ticket.
	Pinned bool
	// Topic is the live topic on which this ticket changes ("ticket:1042"), or "".
	Topic string
	// List is the list beside the ticket, nil when the ticket has the window to itself.
	List *ListView
	// Back is the list that the ticket was opened from.
	Back NavBack
	// Timeline is what happened, oldest first.
	Timeline []Entry
	// Cards are drafts of colleagues who ask for a look.
	Cards []DraftCard
	// Held are answers that are about to be sent.
	Held []Held
	// FirstUnread is the number of the first message that is new since this agent was here, 0 for none; OpenAt is the id
	// of the message that the page opens at.
	FirstUnread int64
	OpenAt      int64
	// Read is how far this agent had read: the number of a message.
	Read int64
	// Part tells which part of a very long conversation is shown.
	Part Part
	// Files are all files of the ticket, nil when they need no place of their own.
	Files *FileStrip
	// Hint is what the agent should know before reading, nil for nothing.
	Hint *Hint
	// Joined says that it became part of another ticket, nil for one that is its own.
	Joined *Joined
	// Aside tells of a ticket that is set aside as spam, nil for others.
	Aside *Aside
	// PutAside is how it is put aside.
	PutAside PutAside
	// Proposals are what mails would like and an agent must decide.
	Proposals []Proposal
	Side      Side
	Composer  Composer
	// Presence is who else is here.
	Presence Presence
	// LiveChat is the live chat that it began as.
	LiveChat LiveChat
	// Conflict is what somebody else set meanwhile, nil for nothing.
	Conflict *ui.Versions
	// Nonce lets the style of mails count in this answer.
	Nonce string
	// Mine says that the signed-in person has it.
	Mine bool
	// Hard says that it is theirs and hard to bear, so that they may hand it over without a word.
	Hard bool
	// ReadOnly leaves out everything that changes the ticket.
	ReadOnly bool
}

// NavBack is the way back on a window too small for two panes.
type NavBack struct {
	Label, URL string
}

// Part is the part of a conversation that a page shows. The numbers are those of messages, from 1.
type Part struct {
	// From and To are the first and the last; All is how many there are. To is All when the end is shown.
	From, To, All int64
	// Earlier and Later lead to the parts beside it, or are ""; Newest leads to the end of the conversation.
	Earlier, Later, Newest string
	// Fixed says that the part is not all of the conversation, so that a page must name it when it asks for news.
	Fixed bool
}

// last is the number of the last message of the part, 0 when it goes on with what is said from now on.
func (p Part) last() int64 {
	if p.To == p.All {
		return 0
	}
	return p.To
}

// Entry is one thing that happened: exactly one of the two is set.
type Entry struct {
	Message *Message
	Event   *Event
}

// Message is a public message or an internal note.
type Message struct {
	ID int64
	// Seq is its number within the ticket, from 1.
	Seq int64
	// Author is a name, or an address when there is none.
	Author string
	// Ours says that the desk wrote it; Note that only staff see it.
	Ours, Note bool
	At         clock.Instant
	// Strong folds it behind a line: there is strong language in it.
	Strong bool
	// Channel is how it came ("mail", "web", "phone"), shown when it differs from the ticket's.
	Channel string
	// SentBy is who sent what Author wrote, or "".
	SentBy string
	// Reviewed says that Author sent it after SentBy had said yes to it.
	Reviewed bool
	// To says to whom a message of ours went when that is not just the requester, or "".
	To string
	// Text is what was newly written, in plain text. Mail, when given, is shown instead, with what it quotes.
	Text string
	Mail *ui.Mail
	// Head is what the mail says of itself, nil for messages that came another way.
	Head *MailHead
	// Pictures is how many remote pictures were not loaded; PicturesURL shows them.
	Pictures    int
	PicturesURL string
	// PlainURL shows the text in place of the mail, FormattedURL the mail in place of the text; "" for not.
	PlainURL, FormattedURL string
	// Quoted is the history under it, Signature what stood below; both are folded.
	Quoted      string
	Attachments []Attachment
	// Delivery is what became of a message of ours that went out by mail, nil for others.
	Delivery *Delivery
	// RawURL leads to the raw mail, or is "".
	RawURL string
	// Slim folds it to a line, for what a program wrote; Long cuts it where it is long, until all of it is asked for.
	Slim, Long bool
	// Home is the number of the ticket that it came from, which became part of this one; 0 for this one itself.
	Home int64
	// Suspect says in a sentence why the sender may not be who the mail says, or is "".
	Suspect string
}

// Attachment is a file of a message.
type Attachment struct {
	Name string
	// Size is in bytes.
	Size int64
	URL  string
	// Message is the id of the message that it came with.
	Message int64
	// Picture says that a small one of it can be shown in the page, at URL + "/thumbnail".
	Picture bool
}

// Delivery is the fate of an outgoing mail.
type Delivery struct {
	// State is "queued", "sent" or "failed".
	State string
	// At is when that state began.
	At clock.Instant
	// Reason says in plain words why it failed.
	Reason string
	// NextTry is when it is tried again by itself, 0 for never.
	NextTry clock.Instant
	// RetryURL is posted to by "Send again", or is "".
	RetryURL string
}

// Event is a slim line of the timeline, worded already in the reader's language ("Amara took it").
type Event struct {
	Text string
	At   clock.Instant
	// Why is the cause in the reader's language when there is one ("by the rule Printers"), or "".
	Why string
	// URL leads to more about it, called URLText; Undo is posted to by the button that takes it back, which says
	// UndoText; "" for none, and for "Undo".
	URL, URLText, Undo, UndoText string
}

// Hint tells of a mail that quoted another ticket without the right to write there.
type Hint struct {
	// Quotes are the numbers that the mail quoted.
	Quotes []int64
}

// Side is who asks and what is set.
type Side struct {
	Person SidePerson
	// Statuses, Priorities and Kinds are the words that may be chosen, in order.
	Statuses, Priorities, Kinds []string
	// Teams and Agents are the options of the selects; the first is "nobody" with an empty value.
	Teams, Agents []ui.Choice
	Assignee      string
	Team          string
	Tags          []string
	// TagSuggestions fill the list under the field of a new tag.
	TagSuggestions []string
	Followers      []Follower
	// Line is what the line has to say.
	Line LineSide
	// Afterwards is what the requester said after it was solved.
	Afterwards Afterwards
	// Promises are what is promised about time and not over, and what was missed.
	Promises []PromiseLine
	// Known is what was asked and answered beside the messages.
	Known []KnownFact
	// Asking is how far the questions about it are.
	Asking Asking
	// Links are the tickets linked with this one; LinkError says what is wrong with what was just typed, which LinkValue and
	// LinkKind keep.
	Links []LinkedTicket
	// Outage is the one that the ticket speaks of, or may; nil for none.
	Outage                         *TicketOutage
	LinkValue, LinkKind, LinkError string
	// Typed is what was typed into the note on the person and has to be changed.
	Typed PersonNote
	// TagError and FollowerError say what is wrong with what was just sent; TagValue and FollowerValue keep it.
	TagError, TagValue           string
	FollowerError, FollowerValue string
	// Earlier are other tickets of the requester, newest first; AllURL leads to all of them.
	Earlier []EarlierTicket
	AllURL  string
}

// SidePerson is the requester.
type SidePerson struct {
	Name, URL                     string
	Organisation, OrganisationURL string
	Addresses                     []Address
	// Zone is where they live and the person's clock now ("Lisbon, 09:02 there") in the reader's language, or "".
	Zone string
	// Language is the one that they read, when it is not the reader's, or "".
	Language string
	// Note is what staff wrote down about them.
	Note PersonNote
	// Summary is a line such as "5 tickets this year, 4 solved", or "".
	Summary string
}

// Address is a mail address of a person.
type Address struct {
	Address string
	// Proven says that the person has shown that it is theirs; Bouncing that mail to it came back.
	Proven, Bouncing bool
	// Primary is where answers go.
	Primary bool
}

// Follower is somebody who gets copies.
type Follower struct {
	// Value identifies the follower in the form that takes them off.
	Value, Name string
}

// EarlierTicket is another ticket of the same person.
type EarlierTicket struct {
	Number  int64
	Subject string
	Status  string
	At      clock.Instant
	// Solver is who solved it and Answer what they wrote last, in a line; "" for one that is open.
	Solver, Answer string
}

// Composer is the place to answer and to note.
type Composer struct {
	// To, CC and BCC are the addresses that a reply goes to, with commas between them; Wrong says what is wrong with
	// them. Follow has those who are named follow the ticket.
	To, CC, BCC string
	Wrong       wrongLines
	Follow      bool
	// Warnings are to be looked at before the reply is sent; Then is what was to follow it.
	Warnings []Warning
	Then     string
	// Seen is the number of the newest message on the page.
	Seen int64
	// Me is who writes.
	Me int64
	// ReplyDraft and NoteDraft are the drafts that stand here.
	ReplyDraft, NoteDraft DraftPart
	// FirstName is how the tab calls the requester ("Hana").
	FirstName string
	// Reply and Note keep what was typed after an error; ReplyError and NoteError say what is wrong.
	Reply, Note string
	// ReplyHTML and NoteHTML are the same with their form, or "" for plain text.
	ReplyHTML, NoteHTML   string
	ReplyError, NoteError string
	// Macros are those whose texts are in the reply; Consent is what was noted before the risky ones.
	Macros  []PickMacro
	Consent consent
	// OnNote opens the note instead of the reply.
	OnNote bool
	// MaxBytes is the limit for the files of one message, 0 for none.
	MaxBytes int64
	// NoReply says in a sentence why a reply cannot be sent (no address, ticket closed), or is "".
	NoReply string
}

// run is a stretch of the timeline: one message, or events that follow each other.
type run struct {
	message *Message
	events  []Event
}

// undoable tells that a stretch has something that can be taken back, and is not to be folded away.
func (r run) undoable() bool {
	return slices.ContainsFunc(r.events, func(e Event) bool { return e.Undo != "" })
}

// runs groups the timeline so that more than three events in a row can be folded.
func (v TicketView) runs() []run {
	var out []run
	for _, e := range v.Timeline {
		switch {
		case e.Message != nil:
			out = append(out, run{message: e.Message})
		case e.Event == nil:
		case len(out) > 0 && out[len(out)-1].message == nil:
			out[len(out)-1].events = append(out[len(out)-1].events, *e.Event)
		default:
			out = append(out, run{events: []Event{*e.Event}})
		}
	}
	return out
}

func (v TicketView) panesClass() string {
	if v.List == nil {
		return "panes has-ticket no-list"
	}
	return "panes has-ticket"
}

// turnTone is how the pill of the turn looks.
func (v TicketView) turnTone() ui.Tone {
	switch {
	case v.Late:
		return ui.ToneLate
	case v.Turn == "ours":
		return ui.ToneOurs
	}
	return ui.ToneNone
}

// done says that the work is over for now.
func (v TicketView) done() bool { return v.Status == "solved" || v.Status == "closed" }

func (v TicketView) onNote() bool { return v.Composer.OnNote || v.Composer.NoReply != "" }

// body is the mail of a message, allowed its style in this answer.
func (m Message) body(nonce string) ui.Mail {
	out := *m.Mail
	out.Nonce = nonce
	return out
}
