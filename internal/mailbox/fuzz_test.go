package mailbox_test

import (
	"strings"
	"testing"

	"goodturn/internal/mailbox"
	"goodturn/internal/secret"
)

// FuzzAddresses: no address but the one that was signed opens a ticket, and no text breaks the readers.
func FuzzAddresses(f *testing.F) {
	signer, err := secret.NewSigner(make([]byte, 32))
	if err != nil {
		f.Fatal(err)
	}
	post := &mailbox.Post{Key: signer}
	good := post.ReplyAddress("help@desk.example", 1042)
	f.Add(good)
	f.Add("help+1042.aaaaaaaaaaaaaaaaaaaa@desk.example")
	f.Add("help+@desk.example")
	f.Add("help@desk.example +\nother@desk.example")
	f.Add("#1042 &#1042; /#1042 a#1042 (#1042)")
	f.Fuzz(func(t *testing.T, text string) {
		if id := post.SignedTicket("help@desk.example +\n", text); id != 0 && !strings.EqualFold(strings.TrimSpace(text), good) {
			t.Errorf("%q opens %d", text, id)
		}
		post.SignedTicket(text, good)
		for _, id := range mailbox.NamedTickets(text) {
			if id <= 0 {
				t.Errorf("%q names %d", text, id)
			}
		}
		post.CutLinks(text)
	})
}
