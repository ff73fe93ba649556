package mailbox_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
)

// signatures verifies a mail by the records of the desk's keys.
func (h *house) signatures(raw []byte) (domains []string) {
	h.Helper()
	var keys []mailbox.DKIMKey
	h.read(func(tx *db.Tx) (err error) {
		keys, err = h.post.DKIMKeys(h.Context(), tx)
		return err
	})
	all, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		for _, k := range keys {
			if k.RecordName() == name {
				return []string{k.Record()}, nil
			}
		}
		h.Errorf("asked for %q", name)
		return nil, nil
	}})
	h.must(err)
	for _, v := range all {
		h.must(v.Err)
		domains = append(domains, v.Domain)
	}
	return domains
}

func TestMailsAreSigned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.take(mail(hana, "Printer", "It prints half pages."))
		id := h.last(mailbox.BecameTicket).TicketID
		key := func(domain, algorithm string) {
			h.write(func(tx *db.Tx) error {
				_, err := h.post.SaveDKIMKey(t.Context(), tx, person.System, mailbox.NewDKIMKey{Domain: domain, Algorithm: algorithm}, "")
				return err
			})
		}
		active := func(domain string) {
			h.write(func(tx *db.Tx) error { return h.post.ActivateDKIM(t.Context(), tx, person.System, domain, true, "") })
		}
		reply := func() string {
			h.reply(id, "On my way.", "")
			return strings.Join(h.signatures(h.send(1)[0].raw), " ")
		}
		key("desk.example", "rsa")
		if got := reply(); got != "" {
			t.Errorf("signed by %q before the key is active", got)
		}
		active("desk.example")
		if got := reply(); got != "desk.example" {
			t.Errorf("signed by %q", got)
		}
		h.write(func(tx *db.Tx) error {
			who, err := person.FindByAddress(t.Context(), tx, "hana@customer.example")
			h.must(err)
			return h.post.QueueSignInLink(t.Context(), tx, who.ID, "hana@customer.example", []byte("x"), "")
		})
		if got := h.signatures(h.send(1)[0].raw); len(got) != 1 {
			t.Errorf("a sign-in letter is signed by %q", got)
		}
		settings := h.settings()
		settings.Address = "help@it.desk.example"
		h.save(settings)
		if got := reply(); got != "desk.example" {
			t.Errorf("a domain below is signed by %q", got)
		}
		key("it.desk.example", "ed25519")
		active("it.desk.example")
		if got := reply(); got != "it.desk.example" {
			t.Errorf("a domain below with a key of its own is signed by %q", got)
		}
		h.write(func(tx *db.Tx) error {
			_, err := h.post.SaveDKIMKey(t.Context(), tx, h.agent, mailbox.NewDKIMKey{Domain: "desk.example"}, "")
			if !fault.Is(err, fault.KindDenied) {
				t.Errorf("an agent may make a key: %v", err)
			}
			return nil
		})
	})
}
