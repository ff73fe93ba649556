package mailbox_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/clearsign"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/mailmsg"
)

// TestSignatureFacts: what is known of a signature stays with the message, and a key put into the folder
// counts from the next mail on.
func TestSignatureFacts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ann, err := openpgp.NewEntity("Ann", "", "ann@customer.example", nil)
		h.must(err)
		signed := func(id string) string {
			var b bytes.Buffer
			w, err := clearsign.Encode(&b, ann.PrivateKey, nil)
			h.must(err)
			_, err = io.WriteString(w, "The printer burns.\n")
			h.must(err)
			h.must(w.Close())
			return "From: Ann <ann@customer.example>\r\nTo: " + deskAddress + "\r\nSubject: fire\r\nMessage-ID: <" + id + "@customer.example>\r\n\r\n" + b.String() + "\r\n"
		}
		check := func(id, state, by string) {
			t.Helper()
			h.take(signed(id))
			var facts mailbox.Facts
			h.read(func(tx *db.Tx) error {
				ticketID, err := db.One[int64](h.Context(), tx, `SELECT ticket_id FROM mail ORDER BY id DESC LIMIT 1`)
				h.must(err)
				all, err := mailbox.FactsOfTicket(h.Context(), tx, ticketID)
				for _, f := range all {
					facts = f
				}
				return err
			})
			s := facts.Signature
			if s == nil || s.Kind != mailmsg.CryptoPGP || s.State != state || by != "" && s.By != by || s.Other || s.Partial {
				t.Errorf("%s: got %+v, want %s by %s", id, s, state, by)
			}
		}
		check("a1", mailmsg.SignatureUnknownKey, "")
		keys := filepath.Join(h.data, "keys")
		h.must(os.Mkdir(keys, 0o700))
		h.must(os.WriteFile(filepath.Join(keys, "broken.pem"), []byte("no key"), 0o600))
		check("a2", mailmsg.SignatureUnknownKey, "")
		var b bytes.Buffer
		w, err := armor.Encode(&b, openpgp.PublicKeyType, nil)
		h.must(err)
		h.must(ann.Serialize(w))
		h.must(w.Close())
		h.must(os.WriteFile(filepath.Join(keys, "ann.asc"), b.Bytes(), 0o600))
		check("a3", mailmsg.SignatureGood, "ann@customer.example")
		h.must(os.Remove(filepath.Join(keys, "ann.asc")))
		check("a4", mailmsg.SignatureUnknownKey, "")
	})
}
