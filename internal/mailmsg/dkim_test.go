package mailmsg

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

// signedMail is a mail with all that signing has to get right: folded fields, other alphabets, no Cc.
func signedMail(t *testing.T) []byte {
	t.Helper()
	raw, err := Compose(Outgoing{
		From: Address{Name: "Zoë Ångström, IT-Hilfe für alle Häuser und Gärten am See", Address: "help@desk.example"}, To: []Address{{Address: "hana@customer.example"}},
		Subject: "Re: Der Drucker im fünften Stock druckt seit heute früh nur noch halbe Seiten, und niemand weiß warum [#1042]", Date: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
		MessageID: "goodturn.1042.abc@desk.example", InReplyTo: "1@customer.example", References: []string{"0@customer.example", "1@customer.example"},
		Text: "Guten Morgen,\n\n  der Ersatz kommt um zehn.  \n\n.\n\n\n", HTML: "<p>Guten Morgen,</p>", Automatic: "auto-replied",
		Attachments: []Attachment{{Name: "a.bin", Type: "application/octet-stream", Data: bytes.Repeat([]byte{0, 255, 10}, 1000)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func signingKeys(t *testing.T) map[string]SigningKey {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]SigningKey{"ed25519": {"desk.example", "e1", ed}, "rsa": {"desk.example", "r1", r}}
}

func recordOf(t *testing.T, name string, public crypto.PublicKey) string {
	t.Helper()
	if e, ok := public.(ed25519.PublicKey); ok {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(e)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return "v=DKIM1; k=" + name + "; p=" + base64.StdEncoding.EncodeToString(der)
}

func verified(t *testing.T, raw []byte, record string) error {
	t.Helper()
	all, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(string) ([]string, error) { return []string{record}, nil }})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 {
		t.Fatalf("%d signatures, want 1", len(all))
	}
	return all[0].Err
}

func TestSignatureHoldsAndBreaks(t *testing.T) {
	mail := signedMail(t)
	for name, key := range signingKeys(t) {
		t.Run(name, func(t *testing.T) {
			raw, err := Sign(mail, key)
			if err != nil {
				t.Fatal(err)
			}
			record := recordOf(t, name, key.Key.Public())
			if err := verified(t, raw, record); err != nil {
				t.Fatalf("the signature does not hold: %v", err)
			}
			if longestLine(raw) > 998 || !bytes.HasSuffix(raw, mail) {
				t.Error("signing changed the mail, or made a line too long")
			}
			folded := bytes.ReplaceAll(raw, []byte("\r\nSubject: "), []byte("\r\nSubject:  "))
			if err := verified(t, folded, record); err != nil {
				t.Errorf("white space breaks it: %v", err)
			}
			for what, change := range map[string][2]string{
				"a second From": {"\r\nFrom:", "\r\nFrom: evil@example.net\r\nFrom:"}, "an added Cc": {"\r\nSubject:", "\r\nCc: x@example.net\r\nSubject:"},
				"an added Reply-To": {"\r\nSubject:", "\r\nReply-To: x@example.net\r\nSubject:"}, "another date": {"22 Nov 2026", "23 Nov 2026"}, "the body": {"Guten Morgen", "Guten Abend "},
				"Auto-Submitted gone": {"\r\nAuto-Submitted: auto-replied", ""},
			} {
				changed := strings.Replace(string(raw), change[0], change[1], 1)
				if changed == string(raw) {
					t.Fatalf("%s: nothing to change", what)
				}
				if err := verified(t, []byte(changed), record); err == nil {
					t.Errorf("%s passes", what)
				}
			}
		})
	}
}

// The other verifier reads the record from its command line and the mail from its input.
const otherVerifier = `
import sys, dkim
record = sys.argv[1].encode()
ok = dkim.verify(sys.stdin.buffer.read(), dnsfunc=lambda name, timeout=5: record)
sys.exit(0 if ok else 1)
`

func TestSignatureHoldsForAnotherVerifier(t *testing.T) {
	mail := signedMail(t)
	for name, key := range signingKeys(t) {
		t.Run(name, func(t *testing.T) {
			raw, err := Sign(mail, key)
			if err != nil {
				t.Fatal(err)
			}
			record := recordOf(t, name, key.Key.Public())
			verify := func(raw []byte) (string, error) {
				c := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", otherVerifier, record)
				c.Stdin = bytes.NewReader(raw)
				out, err := c.CombinedOutput()
				return string(out), err
			}
			if out, err := verify(raw); err != nil {
				t.Errorf("python3-dkim says no (scripts/install-test-deps brings it): %v %s", err, out)
			}
			if _, err := verify(bytes.Replace(raw, []byte("Guten Morgen"), []byte("Guten Abend"), 1)); err == nil {
				t.Error("a changed mail passes")
			}
		})
	}
}
