// Package itip is invitations by mail that calendars answer (RFC 5546, in mails as of RFC 6047), and the feeds that calendars read: the part that is the same
// whatever people are invited to. Who is invited, and what an answer does, is for the packages that use it.
//
//	names := itip.Names{Key: key, Prefix: "shift", Purpose: "shift invitation"}
//	raw := itip.Invitation(itip.Request, itip.Event{UID: names.UID(7), From: from, Until: until, Summary: "Late"}, organizer, invited)
//	names.ID(c.UID) // 7, of an answer that comes back; 0 for one that is not ours
//	itip.Read(c)    // what it says
//
// Invariants: a UID is signed, so that nobody makes up that of another invitation; times are moments with their zone (UTC).
package itip

import (
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"goodturn/internal/clock"
	"goodturn/internal/mailmsg"
	"goodturn/internal/secret"
)

// Methods of mails (RFC 5546, 3.2).
const (
	Request        = "REQUEST"
	Cancel         = "CANCEL"
	DeclineCounter = "DECLINECOUNTER"
	Publish        = "PUBLISH" // for information; nobody answers
)

// Names makes the UIDs of invitations of one kind.
type Names struct {
	Key *secret.Signer
	// Prefix is the first word of a UID, without a hyphen; Purpose is what the key signs it for. Neither is ever changed.
	Prefix, Purpose string
}

// UID names an invitation in calendars, for good.
func (n Names) UID(id int64) string {
	text := strconv.FormatInt(id, 10)
	return n.Prefix + "-" + text + "-" + n.Key.Sign(n.Purpose, []byte(text))[:16] + "@goodturn"
}

// ID gives the id of the invitation that a UID names; 0 for one that is not ours.
func (n Names) ID(uid string) int64 {
	uid = strings.TrimSpace(uid)
	rest, ours := strings.CutPrefix(uid, n.Prefix+"-")
	text, _, _ := strings.Cut(rest, "-")
	id, err := strconv.ParseInt(text, 10, 64)
	if !ours || err != nil || id <= 0 || n.UID(id) != uid {
		return 0
	}
	return id
}

// Event is an entry of a calendar.
type Event struct {
	UID         string
	Sequence    int64 // how often it was changed (RFC 5545, 3.8.7.4)
	From, Until clock.Instant
	Summary     string
	Description string        // "" for none
	URL         string        // of its page; "" for none
	Changed     clock.Instant // when it was last changed; of entries of a feed
	Tentative   bool          // it may not take place, or nobody has it yet
	Free        bool          // it takes no time of whoever reads it
}

// Party is who invites, or is invited.
type Party struct{ Name, Address string }

// Invitation writes the iCalendar part of a mail (RFC 5546).
func Invitation(method string, x Event, organizer, invited Party) []byte {
	c := ical.NewCalendarFor("Goodturn")
	c.SetMethod(ical.Method(method))
	e := x.add(c)
	e.SetDtStampTime(time.Now())
	e.SetOrganizer("mailto:"+organizer.Address, ical.WithCN(plainCN(organizer.Name)))
	e.AddAttendee("mailto:"+invited.Address, ical.CalendarUserTypeIndividual, ical.ParticipationStatusNeedsAction, ical.ParticipationRoleReqParticipant, ical.WithRSVP(method == Request), ical.WithCN(plainCN(invited.Name)))
	if method == Cancel {
		e.SetStatus(ical.ObjectStatusCancelled)
	}
	return []byte(c.Serialize(ical.WithNewLineWindows))
}

// Listing writes several events in one file for somebody's calendar to take in. PUBLISH it is, as the components of a REQUEST all have one UID (RFC 5546, 3.2.2); so nobody
// is named as invited (3.2.1).
func Listing(all []Event, organizer Party) []byte {
	c := ical.NewCalendarFor("Goodturn")
	c.SetMethod(ical.MethodPublish)
	for _, x := range all {
		e := x.add(c)
		e.SetDtStampTime(time.Now())
		e.SetOrganizer("mailto:"+organizer.Address, ical.WithCN(plainCN(organizer.Name)))
	}
	return []byte(c.Serialize(ical.WithNewLineWindows))
}

// Feed writes a calendar that others read (RFC 5545).
func Feed(name string, all []Event) []byte {
	c := ical.NewCalendarFor("Goodturn")
	c.SetMethod(ical.MethodPublish)
	c.SetXWRCalName(name)
	c.SetRefreshInterval("PT1H")
	for _, x := range all {
		e := x.add(c)
		e.SetDtStampTime(x.Changed.Time())
		e.SetModifiedAt(x.Changed.Time())
	}
	return []byte(c.Serialize(ical.WithNewLineWindows))
}

func (x Event) add(c *ical.Calendar) *ical.VEvent {
	e := c.AddEvent(x.UID)
	e.SetSequence(int(x.Sequence))
	e.SetStartAt(x.From.Time())
	e.SetEndAt(x.Until.Time())
	e.SetSummary(x.Summary)
	if x.Description != "" {
		e.SetDescription(x.Description)
	}
	if x.URL != "" {
		e.SetURL(x.URL)
	}
	e.SetStatus(ical.ObjectStatusConfirmed)
	if x.Tentative {
		e.SetStatus(ical.ObjectStatusTentative)
	}
	e.SetTimeTransparency(ical.TransparencyOpaque)
	if x.Free {
		e.SetTimeTransparency(ical.TransparencyTransparent)
	}
	return e
}

// plainCN is a name as a parameter of iCalendar has it: there is no way to write a quotation mark there, and the library escapes what should stand in quotes.
func plainCN(name string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if strings.ContainsRune("\";:,\\^", r) || r < ' ' {
			return ' '
		}
		return r
	}, name)), " ")
}

// Says is what an answer says.
type Says string

// What it may say.
const (
	Nothing     Says = ""
	Accepted    Says = "accepted"
	Declined    Says = "declined"
	Tentative   Says = "tentative"
	AnotherTime Says = "another time"
	Again       Says = "again" // the invitation is asked for once more
)

// Read tells what an answer to an invitation says. Who is invited cannot call it off, nor hand it on: both are taken for a no.
func Read(c *mailmsg.Calendar) Says {
	switch c.Method {
	case mailmsg.CalendarRefresh:
		return Again
	case mailmsg.CalendarCancel:
		return Declined
	case mailmsg.CalendarCounter:
		return AnotherTime
	case mailmsg.CalendarReply:
		for _, a := range c.Attendees {
			switch a.Status {
			case "accepted", "declined", "tentative":
				return Says(a.Status)
			case "delegated":
				return Declined
			}
		}
	}
	return Nothing
}

// Wanted is the time that an answer proposes; false where it is none: days, a time without a zone, or without an end after its beginning.
func Wanted(c *mailmsg.Calendar) (from, until clock.Instant, ok bool) {
	from, until = clock.From(c.Start), clock.From(c.End)
	if c.AllDay || c.Floating || c.Start.IsZero() || c.End.IsZero() || until <= from {
		return 0, 0, false
	}
	return from, until, true
}

// mostStrays is how many answers from other addresses are kept of an invitation.
const mostStrays = 5

// Stray adds an answer from an address that was not invited to those that are kept, a line each and the newest first. It is false for one that is known.
func Stray(kept, address string, says Says) (string, bool) {
	line := strings.Join(strings.Fields(address), "") + " " + string(says)
	lines := strings.Split(kept, "\n")
	if kept == "" {
		lines = nil
	}
	for _, l := range lines {
		if l == line {
			return kept, false
		}
	}
	lines = append([]string{line}, lines...)
	return strings.Join(lines[:min(len(lines), mostStrays)], "\n"), true
}
