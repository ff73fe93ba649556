// Package demodata holds the words of the desk that the demo shows: the IT desk of "Marlow & Finch", an invented maker of scales and weather
// instruments, which also looks after two small client organisations. A help desk without people in it cannot be judged; these are the people.
//
// The package is data and nothing else: it knows no database and no clock. People, organisations, teams and mailboxes come from JSON files; the
// conversations are plain text files under threads/ (the form is described in story.go), because prose wants to be read and corrected as prose.
// Everything is embedded, read once, and checked by the tests: every key exists, every address lies under a reserved example domain, every
// declared status is what its steps lead to. The same seed always gives the same desk.
//
// Example:
//
//	now := time.Now()
//	for _, thread := range demodata.Expand(1) {
//		times := thread.Timeline(now)
//		for i, step := range thread.Steps {
//			replay(thread, step, times[i])
//		}
//	}
package demodata

import "time"

// Role of a person at the desk; each may do all that the one before may.
type Role string

// The roles, from the fewest rights to the most.
const (
	Requester     Role = "requester"
	Agent         Role = "agent"
	Lead          Role = "lead"
	Administrator Role = "administrator"
)

// Person is somebody who writes to the desk or works at it.
type Person struct {
	Key          string   `json:"key"`          // how threads refer to the person; unique
	Name         string   `json:"name"`         // as the person writes it
	Addresses    []string `json:"addresses"`    // e-mail addresses, the main one first; none for a person known by phone only
	Organisation string   `json:"organisation"` // key of an Organisation
	Role         Role     `json:"role"`
	Language     string   `json:"language"`   // "en" or "de"
	Zone         string   `json:"zone"`       // IANA time zone
	Title        string   `json:"title"`      // what the person does
	Department   string   `json:"department"` // where
	Teams        []string `json:"teams"`      // keys of teams; staff only
}

// Organisation is a company whose people the desk serves.
type Organisation struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	Domains []string `json:"domains"`
	Shared  bool     `json:"shared"` // colleagues may see each other's tickets
	Note    string   `json:"note"`   // what an agent should know, one or two sentences
}

// Team works on tickets together.
type Team struct {
	Key     string `json:"key"` // also the slug
	Name    string `json:"name"`
	Private bool   `json:"private"` // its tickets exist for nobody outside the team
	About   string `json:"about"`
}

// Mailbox is an address of the desk.
type Mailbox struct {
	Address string `json:"address"`
	Name    string `json:"name"` // shown as the sender
	Team    string `json:"team"` // key of the team whose tickets its mails become
}

// What happened in a step.
type What string

// The kinds of step. Value says to what: a person's key (Taken, Assigned, Follower), a team's key (Moved), a priority, a kind, a tag; else empty.
const (
	Said     What = "message"  // Message is set: a public message or a note
	Taken    What = "taken"    // By takes the ticket; a new ticket becomes open
	Assigned What = "assigned" // By gives the ticket to Value
	Moved    What = "moved"    // to the team Value
	Priority What = "priority" // low, normal, high, urgent
	Kind     What = "kind"     // incident, request, question, problem
	Tagged   What = "tagged"
	Follower What = "follower"
	Pending  What = "pending" // waits for the requester
	OnHold   What = "on_hold" // waits for somebody else, named in Why
	Solved   What = "solved"
	Reopened What = "reopened"
	Closed   What = "closed"
	Told     What = "told" // By writes Value for the requester, about what goes on
	Fix      What = "fix"  // By writes the fix note in Value: what was wrong, what was done, how to do it oneself, with an empty line between
)

// File is an attachment to be made with Attachment.
type File struct {
	Name string
	Kind string // photo, screenshot, log, pdf, csv
}

// Message is a public message, or a note that only staff may see.
type Message struct {
	From        string // a person's key
	Note        bool
	After       time.Duration // since the step before
	Text        string        // never empty, no trailing newline
	HTML        string        // the same message as its mail program sent it, where that is of interest; else empty
	Attachments []File
}

// Step is one thing that happened to a ticket.
type Step struct {
	After   time.Duration // since the step before; 0 for the first
	By      string        // a person's key; empty for the desk itself (closing what stayed solved)
	What    What
	Value   string
	Why     string   // the recorded reason, where there is one
	Message *Message // set when What is Said
}

// Thread is a ticket with everything that happened to it, oldest step first. Kind, Priority, Team and Tags are those that it came in with (steps
// may change them); Assignee and Status are those that it ends with.
//
// Replaying the steps gives Status by the desk's own rules: a ticket begins new; being taken or answered by staff opens a new one; a message from
// anybody who is not staff opens a pending or solved one; Pending, OnHold, Solved, Reopened and Closed say it themselves.
type Thread struct {
	Subject   string
	Kind      string
	Priority  string
	Team      string
	Tags      []string
	Requester string
	Channel   string // mail, form, phone, api
	Assignee  string // a person's key, or empty
	Status    string // new, open, pending, on_hold, solved, closed
	Language  string // of the conversation: "en" or "de"
	Followers []string
	Age       time.Duration // how long before now it began, if now is a Thursday at 14:30; Timeline fits it to any other moment
	Steps     []Step

	days  int           // working days before today; 0 is today
	clock time.Duration // time of day when days is not 0
}

// Messages gives the messages and notes of a thread, in order. After counts from the step before, which need not be a message.
func (t Thread) Messages() []Message {
	var list []Message
	for _, step := range t.Steps {
		if step.Message != nil {
			list = append(list, *step.Message)
		}
	}
	return list
}

// Duration is the time from the first step to the last.
func (t Thread) Duration() time.Duration {
	var sum time.Duration
	for _, step := range t.Steps {
		sum += step.After
	}
	return sum
}
