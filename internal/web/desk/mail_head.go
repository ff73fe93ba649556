package desk

import (
	"context"
	"strings"
	"time"

	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/mailmsg"
)

// MailHead is what a mail says of itself beside its text, in the reader's words.
type MailHead struct {
	// To and CC are names or addresses; ReplyTo is where answers were asked for when that is not the sender, or "".
	To, CC  []string
	ReplyTo string
	// Signature says who signed it and what that is worth, or is ""; SignatureBad that it is worth nothing.
	Signature    string
	SignatureBad bool
	// Encrypted says that what the mail says is in an attachment that nobody here can read.
	Encrypted  bool
	Invitation *Invitation
}

// Invitation is a calendar invitation, or the answer to one.
type Invitation struct {
	// What is its kind in words: "Invitation", "Declined: an answer to an invitation".
	What, Summary, When, Where, Organiser string
	// Link leads to the online meeting, or is "".
	Link string
	// Who are those invited, with their answers.
	Who []string
	// Comment is what somebody added to an answer.
	Comment string
}

// mailHead puts the facts of a mail into words.
func mailHead(ctx context.Context, f mailbox.Facts) *MailHead {
	h := &MailHead{To: addressNames(f.To), CC: addressNames(f.CC), Encrypted: f.Encrypted}
	for _, a := range f.ReplyTo {
		if !strings.EqualFold(a.Address, f.From.Address) {
			h.ReplyTo = a.Address
		}
	}
	if f.Signature != nil {
		h.Signature, h.SignatureBad = signatureWords(ctx, *f.Signature)
	}
	if f.Calendar != nil {
		h.Invitation = invitation(ctx, f.Calendar)
	}
	return h
}

func addressNames(all []mailmsg.Address) (out []string) {
	for _, a := range all {
		if a.Address != "" {
			out = append(out, a.Address)
		} else if a.Name != "" {
			out = append(out, a.Name)
		}
	}
	return out
}

// signatureWords says what a signature is worth; bad is one that speaks against the mail.
func signatureWords(ctx context.Context, s mailmsg.Signature) (words string, bad bool) {
	switch {
	case s.State == mailmsg.SignatureBad:
		return i18n.T(ctx, "The signature does not fit: the text was changed on its way, or the signature is not its own."), true
	case s.State == mailmsg.SignatureGood && s.Other:
		return i18n.T(ctx, "Signed by {{.Name}}, who is not the sender", "Name", s.By), true
	case s.State == mailmsg.SignatureGood && s.Partial:
		return i18n.T(ctx, "Partly signed by {{.Name}}; the rest of the text is not", "Name", s.By), false
	case s.State == mailmsg.SignatureGood:
		return i18n.T(ctx, "Signed by {{.Name}}, and unchanged", "Name", s.By), false
	case s.By != "":
		return i18n.T(ctx, "Signed in the name of {{.Name}}, which could not be checked", "Name", s.By), false
	}
	return i18n.T(ctx, "Signed, which could not be checked: the key is not known here"), false
}

func invitation(ctx context.Context, c *mailmsg.Calendar) *Invitation {
	v := &Invitation{What: invitationWords(ctx, c), Summary: c.Summary, When: when(ctx, c), Where: c.Location, Comment: c.Comment, Organiser: nameOf(c.Organizer)}
	if strings.HasPrefix(c.Link, "https://") {
		v.Link = c.Link
	}
	if c.Recurrence != "" && c.Occurrence.IsZero() {
		v.When += ", " + i18n.T(ctx, "repeatedly")
	}
	for _, a := range c.Attendees[:min(len(c.Attendees), 30)] {
		who := nameOf(a.Address)
		if answer := answerWord(ctx, a.Status); answer != "" {
			who += " (" + answer + ")"
		}
		v.Who = append(v.Who, who)
	}
	return v
}

func nameOf(a mailmsg.Address) string {
	if a.Name != "" {
		return a.Name
	}
	return a.Address
}

func invitationWords(ctx context.Context, c *mailmsg.Calendar) string {
	switch c.Method {
	case mailmsg.CalendarReply:
		if len(c.Attendees) > 0 {
			switch c.Attendees[0].Status {
			case "accepted":
				return i18n.T(ctx, "Answer to an invitation: yes")
			case "declined":
				return i18n.T(ctx, "Answer to an invitation: no")
			case "tentative":
				return i18n.T(ctx, "Answer to an invitation: maybe")
			}
		}
		return i18n.T(ctx, "Answer to an invitation")
	case mailmsg.CalendarCancel:
		return i18n.T(ctx, "Called off")
	case mailmsg.CalendarCounter:
		return i18n.T(ctx, "Another time is proposed")
	case mailmsg.CalendarRequest:
		return i18n.T(ctx, "Invitation")
	}
	return i18n.T(ctx, "Calendar entry")
}

func answerWord(ctx context.Context, status string) string {
	switch status {
	case "accepted":
		return i18n.C(ctx, "invitation", "yes")
	case "declined":
		return i18n.C(ctx, "invitation", "no")
	case "tentative":
		return i18n.C(ctx, "invitation", "maybe")
	}
	return ""
}

// when says the time of an event in the reader's zone; days and times without a zone are as written.
func when(ctx context.Context, c *mailmsg.Calendar) string {
	if c.Start.IsZero() {
		return ""
	}
	if c.AllDay || c.Floating {
		ctx = i18n.With(ctx, i18n.LangOf(ctx), time.UTC)
	}
	if c.AllDay {
		last := c.End.Add(-time.Second)
		if c.End.IsZero() || !last.After(c.Start.Add(24*time.Hour)) {
			return i18n.DateLong(ctx, c.Start)
		}
		return i18n.DateLong(ctx, c.Start) + " – " + i18n.DateLong(ctx, last)
	}
	from := i18n.DateLong(ctx, c.Start) + ", " + i18n.Clock(ctx, c.Start)
	switch {
	case c.End.IsZero() || c.End.Equal(c.Start):
		return from
	case i18n.Date(ctx, c.End) == i18n.Date(ctx, c.Start):
		return from + "–" + i18n.Clock(ctx, c.End)
	}
	return from + " – " + i18n.DateLong(ctx, c.End) + ", " + i18n.Clock(ctx, c.End)
}

// short is the line under the sender: the first names, and how many more there are.
func (h MailHead) short(ctx context.Context) string {
	const most = 2
	var parts []string
	say := func(all []string, words string) {
		if len(all) == 0 {
			return
		}
		shown := strings.Join(all[:min(len(all), most)], ", ")
		if more := len(all) - most; more > 0 {
			shown += " " + i18n.T(ctx, "and {{.Count}} more", "Count", more)
		}
		parts = append(parts, words+" "+shown)
	}
	say(h.To, i18n.C(ctx, "mail head", "to"))
	say(h.CC, i18n.C(ctx, "mail head", "copy to"))
	return strings.Join(parts, ", ")
}

// long tells whether there is more to say than fits into the short line.
func (h MailHead) long() bool { return len(h.To) > 2 || len(h.CC) > 2 || h.ReplyTo != "" }
