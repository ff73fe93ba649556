package mailmsg

import (
	"strings"
	"testing"
)

// TestForwardChains unpacks forwards of forwards and forwards that people wrote into.
func TestForwardChains(t *testing.T) {
	const inner = "---------- Forwarded message ---------\nFrom: Ann Miller <ann@example.com>\nDate: Mon, Mar 2, 2026 at 10:11 AM\nSubject: The printer\nTo: <bob@example.com>\n\n\nIt does not print."
	const middle = "---------- Forwarded message ---------\nFrom: Bob Stone <bob@example.com>\nDate: Mon, Mar 2, 2026 at 11:11 AM\nSubject: Fwd: The printer\nTo: <carl@example.com>\n\n\n"
	outlook := "From: Bob Stone <bob@example.com>\nSent: Monday, March 2, 2026 11:11 AM\nTo: Carl Jones <carl@example.com>\nSubject: FW: The printer\n\n"
	outlookInner := "From: Ann Miller <ann@example.com>\nSent: Monday, March 2, 2026 10:11 AM\nTo: Bob Stone <bob@example.com>\nSubject: The printer\n\nIt does not print."
	quoted := func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") }
	for _, c := range []struct{ name, subject, in, above, from, text string }{
		{"one forward", "Fwd: The printer", inner, "It does not print.", "ann@example.com", "It does not print."},
		{"a forward of a forward", "Fwd: Fwd: The printer", middle + inner, "It does not print.", "ann@example.com", "It does not print."},
		{"with a note on top", "Fwd: Fwd: The printer", "Please help her.\n\n" + middle + inner, "Please help her.", "ann@example.com", "It does not print."},
		{"outlook in outlook", "FW: FW: The printer", "Please help her.\n\n" + outlook + outlookInner, "Please help her.", "ann@example.com", "It does not print."},
		{"gmail around outlook", "Fwd: FW: The printer", "For you.\n\n" + middle + outlookInner, "For you.", "ann@example.com", "It does not print."},
		{"the one between wrote, too", "Fwd: Fwd: The printer", "Please help.\n\n" + middle + "I cannot do it.\n\n" + inner, "Please help.", "bob@example.com", "I cannot do it.\n\n" + inner},
		{"apple, quoted", "Fwd: The printer", "Please help.\n\nBegin forwarded message:\n\n" + quoted("From: Ann Miller <ann@example.com>\nSubject: The printer\nDate: 2 March 2026 at 10:11:12 CET\nTo: bob@example.com\n\nIt does not print."), "Please help.", "ann@example.com", "It does not print."},
		{"a signature above", "Fwd: The printer", "Please help.\n\n-- \nBob\n\n" + inner, "Please help.", "ann@example.com", "It does not print."},
		{"an answer that quotes a forward", "Re: The printer", "I will.\n\nOn Mon, 2 Mar 2026 at 12:00, Desk <help@desk.example> wrote:\n\n" + quoted(inner), "I will.", "", ""},
		{"an answer that is forwarded", "Fwd: Re: The printer", "See below.\n\n---------- Forwarded message ---------\nFrom: Ann Miller <ann@example.com>\nDate: Mon, Mar 2, 2026\nSubject: Re: The printer\nTo: <bob@example.com>\n\nStill broken.\n\nOn Mon, 2 Mar 2026 at 09:00, Bob <bob@example.com> wrote:\n\n> Is it on?", "See below.", "ann@example.com", "Still broken.\n\nOn Mon, 2 Mar 2026 at 09:00, Bob <bob@example.com> wrote:\n\n> Is it on?"},
		{"the same words, talked about", "A question", "The forwarded message from Ann did not arrive.\n\nCan you look?", "The forwarded message from Ann did not arrive.\n\nCan you look?", "", ""},
	} {
		m := ParseBodyWithSubject([]byte(c.in), false, c.subject)
		from, text := "", ""
		if m.Forwarded != nil {
			from, text = m.Forwarded.From.Address, m.Forwarded.Text
		}
		if m.NewText != c.above || from != c.from || squash(text) != squash(c.text) {
			t.Errorf("%s: new %q, from %q, text %q", c.name, m.NewText, from, text)
		}
	}
}

// TestForwardAsAttachment takes the asker from the mail that is attached.
func TestForwardAsAttachment(t *testing.T) {
	nested := "From: Ann Miller <ann@example.com>\nTo: Bob <bob@example.com>\nSubject: The printer\nDate: Mon, 2 Mar 2026 10:11:12 +0100\nMessage-ID: <1@example.com>\n\nIt does not print.\n"
	mail := func(subject, text string) *Message {
		return Parse([]byte("From: Bob <bob@example.com>\nSubject: " + subject + "\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + text + "\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=\"The printer.eml\"\n\n" + nested + "--b--\n"))
	}
	for _, text := range []string{"", "Please help her."} {
		m := mail("Fwd: The printer", text)
		f := m.Forwarded
		if f == nil || f.From.Address != "ann@example.com" || f.Subject != "The printer" || f.Text != "It does not print." || len(m.Attachments) != 1 {
			t.Errorf("%q: got %+v", text, f)
		}
		if text != "" && m.NewText != text {
			t.Errorf("new text %q", m.NewText)
		}
	}
	if m := mail("Strange mail", "What does this mail want of me?"); m.Forwarded != nil {
		t.Errorf("a mail that is asked about is a forward: %+v", m.Forwarded)
	}
}
