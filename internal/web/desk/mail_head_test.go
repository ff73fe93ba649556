package desk

import (
	"strings"
	"testing"
	"time"

	"goodturn/internal/i18n"
	"goodturn/internal/mailbox"
	"goodturn/internal/mailmsg"
)

func TestMailHead(t *testing.T) {
	tokyo := time.FixedZone("Tokyo", 9*3600)
	ctx := i18n.With(t.Context(), "en", tokyo)
	address := func(all ...string) (out []mailmsg.Address) {
		for _, a := range all {
			out = append(out, mailmsg.Address{Address: a})
		}
		return out
	}
	for _, c := range []struct {
		name  string
		facts mailbox.Facts
		short string
		long  bool
	}{
		{"one", mailbox.Facts{To: address("help@example.com")}, "to help@example.com", false},
		{"copies", mailbox.Facts{To: address("a@x.example", "b@x.example", "c@x.example"), CC: address("d@x.example")}, "to a@x.example, b@x.example and 1 more, copy to d@x.example", true},
		{"answers elsewhere", mailbox.Facts{From: address("a@x.example")[0], ReplyTo: address("b@x.example"), To: address("c@x.example")}, "to c@x.example", true},
		{"nothing", mailbox.Facts{}, "", false},
	} {
		h := mailHead(ctx, c.facts)
		if h.short(ctx) != c.short || h.long() != c.long {
			t.Errorf("%s: %q, long %v", c.name, h.short(ctx), h.long())
		}
	}
	for _, c := range []struct {
		signature mailmsg.Signature
		words     string
		bad       bool
	}{
		{mailmsg.Signature{State: mailmsg.SignatureGood, By: "a@x.example"}, "Signed by a@x.example, and unchanged", false},
		{mailmsg.Signature{State: mailmsg.SignatureGood, By: "a@x.example", Other: true}, "not the sender", true},
		{mailmsg.Signature{State: mailmsg.SignatureBad}, "does not fit", true},
		{mailmsg.Signature{State: mailmsg.SignatureUnchecked}, "could not be checked", false},
	} {
		if words, bad := signatureWords(ctx, c.signature); !strings.Contains(words, c.words) || bad != c.bad {
			t.Errorf("%+v: %q %v", c.signature, words, bad)
		}
	}
}

func TestInvitation(t *testing.T) {
	ctx := i18n.With(t.Context(), "en", time.FixedZone("Tokyo", 9*3600))
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, when string
		calendar   mailmsg.Calendar
	}{
		{"in the reader's zone", "Monday, 23 November 2026, 17:00–17:30", mailmsg.Calendar{Start: at, End: at.Add(30 * time.Minute)}},
		{"over midnight", "Monday, 23 November 2026, 17:00 – Tuesday, 24 November 2026, 02:00", mailmsg.Calendar{Start: at, End: at.Add(9 * time.Hour)}},
		{"wherever the reader is", "Monday, 23 November 2026, 08:00", mailmsg.Calendar{Start: at, Floating: true}},
		{"a day", "Monday, 23 November 2026", mailmsg.Calendar{Start: at.Add(-8 * time.Hour), End: at.Add(16 * time.Hour), AllDay: true}},
		{"days", "Monday, 23 November 2026 – Tuesday, 24 November 2026", mailmsg.Calendar{Start: at.Add(-8 * time.Hour), End: at.Add(40 * time.Hour), AllDay: true}},
		{"again and again", "Monday, 23 November 2026, 17:00, repeatedly", mailmsg.Calendar{Start: at, Recurrence: "FREQ=WEEKLY"}},
		{"no time", "", mailmsg.Calendar{}},
	} {
		if got := invitation(ctx, &c.calendar).When; got != c.when {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	answer := invitation(ctx, &mailmsg.Calendar{Method: mailmsg.CalendarReply, Link: "javascript:alert(1)", Attendees: []mailmsg.CalendarAttendee{{Address: mailmsg.Address{Name: "Hana"}, Status: "declined"}}})
	if answer.What != "Answer to an invitation: no" || answer.Link != "" || strings.Join(answer.Who, "") != "Hana (no)" {
		t.Errorf("%+v", answer)
	}
}
