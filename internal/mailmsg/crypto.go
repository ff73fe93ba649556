package mailmsg

import "strings"

// Kinds of cryptography in mail.
const (
	CryptoPGP   = "pgp"   // OpenPGP, PGP/MIME (RFC 3156) or within the text (RFC 9580 §7)
	CryptoSMIME = "smime" // S/MIME (RFC 8551)
)

// States of a signature.
const (
	SignatureGood       = "good"        // the key is known and the text is as it was signed
	SignatureBad        = "bad"         // the text or the signature was changed
	SignatureUnknownKey = "unknown key" // PGP: nobody gave us the key; S/MIME: nobody vouches for the certificate
	SignatureUnchecked  = "not checked"
)

// Signature tells what is known of the signature of a mail.
type Signature struct {
	Kind    string `json:"kind"`              // CryptoPGP or CryptoSMIME
	State   string `json:"state"`             // one of the Signature constants
	By      string `json:"by,omitempty"`      // the signer's address, or else their name or the key's id; "" when nothing tells
	Issuer  string `json:"issuer,omitempty"`  // S/MIME: who issued the certificate
	Other   bool   `json:"other,omitempty"`   // the signer's address is not the sender's
	Partial bool   `json:"partial,omitempty"` // only a part of the text is signed
}

// cryptoOf tells the kind by a media type or the protocol of a signature.
func cryptoOf(typ string) string {
	if strings.Contains(strings.ToLower(typ), "pgp") {
		return CryptoPGP
	}
	return CryptoSMIME
}
