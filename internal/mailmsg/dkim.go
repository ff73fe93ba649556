package mailmsg

import (
	"bytes"
	"crypto"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// SigningKey is what a domain signs its mail with (RFC 6376, RFC 8463).
type SigningKey struct {
	Domain   string // in ASCII ("xn--…" where it has other letters)
	Selector string
	Key      crypto.Signer // *rsa.PrivateKey or ed25519.PrivateKey
}

// Fields that a signature always covers, present or not: one that is missing cannot be added afterwards. From is
// listed twice so that a second one, which some programs show instead, breaks the signature.
var alwaysSigned = []string{
	"From", "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To",
	"MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}

// Fields that are covered when they are there; a mailing list may add its own.
var signedIfPresent = []string{"Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"}

// Sign puts a DKIM-Signature before a mail that Compose wrote. Nothing in it may be changed afterwards but white
// space (relaxed/relaxed canonicalization, RFC 6376 §3.4).
func Sign(raw []byte, k SigningKey) ([]byte, error) {
	fields := append([]string{}, alwaysSigned...)
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	present := "\r\n" + strings.ToLower(string(head))
	for _, name := range signedIfPresent {
		if strings.Contains(present, "\r\n"+strings.ToLower(name)+":") {
			fields = append(fields, name)
		}
	}
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(raw), &dkim.SignOptions{
		Domain: k.Domain, Selector: k.Selector, Signer: k.Key, Hash: crypto.SHA256,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: fields,
	})
	if err != nil {
		return nil, fmt.Errorf("sign mail for %s: %w", k.Domain, err)
	}
	return out.Bytes(), nil
}
