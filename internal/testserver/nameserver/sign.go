package nameserver

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

// Signer signs mails as a domain whose key this server publishes.
type Signer struct {
	testing.TB
	Domain, Selector string
	Key              *rsa.PrivateKey
	Fields           []string  // h=; the usual ones when empty
	Expires          time.Time // x=; none when zero
	Identifier       string    // i=; none when ""
}

// Signer makes a key of 2048 bits and publishes it.
func (s *Server) Signer(t testing.TB, domain string) *Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	out := &Signer{TB: t, Domain: domain, Selector: "s1", Key: key}
	s.TXT(out.Name(), out.Record())
	return out
}

// Name is where the key is published.
func (s *Signer) Name() string { return s.Selector + "._domainkey." + s.Domain }

// Record is the key as it is published.
func (s *Signer) Record() string {
	public, err := x509.MarshalPKIXPublicKey(&s.Key.PublicKey)
	if err != nil {
		s.Fatal(err)
	}
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(public)
}

// Sign puts a signature (RFC 6376) above a mail.
func (s *Signer) Sign(raw string) string {
	s.Helper()
	fields := s.Fields
	if len(fields) == 0 {
		fields = []string{"From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Content-Type"}
	}
	var out strings.Builder
	err := dkim.Sign(&out, strings.NewReader(raw), &dkim.SignOptions{
		Domain: s.Domain, Selector: s.Selector, Signer: s.Key, Hash: crypto.SHA256, HeaderKeys: fields, Expiration: s.Expires, Identifier: s.Identifier,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		s.Fatal(err)
	}
	return out.String()
}
