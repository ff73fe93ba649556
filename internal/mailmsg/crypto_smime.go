package mailmsg

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"strings"
	"time"

	"github.com/smallstep/pkcs7"
)

const (
	maxSigned   = 8 << 20 // bytes of a PKCS #7 structure that is opened
	maxBERDepth = 64
	maxUnwraps  = 3 // signatures around signatures
)

// Content types of PKCS #7 as they stand at the start of its encoding (RFC 5652 §14).
var (
	oidSigned    = []byte{0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02}
	oidEnveloped = []byte{0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03}
	oidAuthEnv   = []byte{0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17}
)

// smimeKind tells what an application/pkcs7-mime part holds: "signed",
// "encrypted" or "" for certificates and what is unknown. The bytes count before
// the smime-type, which many leave out (RFC 8551 §3.2.2).
func smimeKind(e *entity, data []byte) string {
	head := data[:min(len(data), 60)]
	typ := strings.ToLower(e.params["smime-type"])
	switch {
	case typ == "certs-only" || typ == "compressed-data":
		return ""
	case bytes.Contains(head, oidSigned):
		return "signed"
	case bytes.Contains(head, oidEnveloped), bytes.Contains(head, oidAuthEnv), strings.Contains(typ, "enveloped"):
		return "encrypted"
	case strings.Contains(typ, "signed"):
		return "signed"
	}
	return ""
}

func isPKCS7(e *entity) bool {
	return e.typ == "application/pkcs7-mime" || e.typ == "application/x-pkcs7-mime" ||
		e.typ == "application/octet-stream" && strings.HasSuffix(strings.ToLower(e.params["name"]), ".p7m")
}

// unwrapSigned shows what an opaque signature holds (RFC 8551 §3.5.2); false
// keeps the part as a file.
func (c *collector) unwrapSigned(e *entity) bool {
	if !isPKCS7(e) {
		return false
	}
	data := c.decode(e)
	switch smimeKind(e, data) {
	case "encrypted":
		c.m.Encrypted, c.m.Crypto = true, CryptoSMIME
		return false
	case "signed":
	default:
		return false
	}
	p7 := openPKCS7(data)
	if p7 == nil || len(p7.Content) == 0 || c.unwraps >= maxUnwraps {
		return false // only certificates, or nothing to show
	}
	c.m.Signed, c.m.Crypto = true, CryptoSMIME
	c.unwraps++
	c.decoded += len(p7.Content)
	c.walk(readTree(c.m, p7.Content), nil, nil)
	return true
}

// openPKCS7 parses a structure; nil when it is none, or too large or deep to be one.
func openPKCS7(data []byte) *pkcs7.PKCS7 {
	if len(data) > maxSigned || !shallowBER(data) {
		return nil
	}
	p7, err := pkcs7.Parse(data)
	if err != nil {
		return nil
	}
	return p7
}

// shallowBER is true when no element is nested deeper than real ones are: the
// parser calls itself for every level.
func shallowBER(b []byte) bool {
	var ends []int // of the open elements; -1 for one that a mark ends
	for at := 0; ; {
		head, length, constructed, indefinite, ok := readBER(b[at:])
		if !ok {
			return true // the parser stops here too
		}
		at += head
		switch {
		case indefinite:
			ends = append(ends, -1)
		case constructed && length > 0:
			ends = append(ends, at+length)
		default:
			at += length
		}
		if len(ends) > maxBERDepth {
			return false
		}
		for len(ends) > 0 {
			end := ends[len(ends)-1]
			if end < 0 {
				if len(b)-at < 2 || b[at] != 0 || b[at+1] != 0 {
					break
				}
				at += 2
			} else if at < end {
				break
			}
			ends = ends[:len(ends)-1]
		}
		if len(ends) == 0 || at >= len(b) {
			return true
		}
	}
}

// readBER reads the tag and length of an element (X.690 §8.1).
func readBER(b []byte) (head, length int, constructed, indefinite, ok bool) {
	if len(b) < 2 {
		return 0, 0, false, false, false
	}
	constructed = b[0]&0x20 != 0
	head = 1
	if b[0]&0x1F == 0x1F {
		for head < len(b) && b[head] >= 0x80 {
			head++
		}
		head++
	}
	if head >= len(b) {
		return 0, 0, false, false, false
	}
	l := int(b[head])
	head++
	switch {
	case l == 0x80:
		return head, 0, constructed, true, constructed
	case l > 0x80:
		n := l & 0x7F
		if n > 4 || head+n > len(b) {
			return 0, 0, false, false, false
		}
		for range n {
			length = length<<8 | int(b[head])
			head++
		}
	default:
		length = l
	}
	return head, length, constructed, false, length <= len(b)-head
}

// smime checks a signature over content; content nil takes what the structure holds.
func (k Keys) smime(structure, content []byte, from string) Signature {
	s := Signature{Kind: CryptoSMIME, State: SignatureUnchecked}
	p7 := openPKCS7(structure)
	if p7 == nil {
		return s
	}
	if content != nil {
		p7.Content = content
	}
	signer := p7.GetOnlySigner()
	if signer == nil || len(p7.Content) == 0 {
		return s
	}
	s.describe(signer, from)
	var mismatch *pkcs7.MessageDigestMismatchError
	switch err := p7.Verify(); {
	case errors.As(err, &mismatch), errors.Is(err, rsa.ErrVerification), err != nil && strings.Contains(err.Error(), "verification failure"):
		s.State = SignatureBad
		return s
	case err != nil:
		return s
	}
	s.State = SignatureUnknownKey
	if k.vouches(p7, signer) {
		s.State = SignatureGood
	}
	return s
}

// vouches is true when a certificate that the desk knows issued that of the signer.
func (k Keys) vouches(p7 *pkcs7.PKCS7, signer *x509.Certificate) bool {
	if k.roots == nil {
		return false
	}
	between := x509.NewCertPool()
	for _, c := range p7.Certificates[:min(len(p7.Certificates), 20)] {
		between.AddCert(c)
	}
	at := time.Now()
	var signed time.Time
	if p7.UnmarshalSignedAttribute(pkcs7.OIDAttributeSigningTime, &signed) == nil && signed.Before(at) && signed.After(signer.NotBefore) {
		at = signed
	}
	_, err := signer.Verify(x509.VerifyOptions{Roots: k.roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}})
	return err == nil
}

var oidEmail = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}

// describe says whose certificate it is and who issued it.
func (s *Signature) describe(signer *x509.Certificate, from string) {
	addresses := signer.EmailAddresses
	for _, name := range signer.Subject.Names {
		if v, ok := name.Value.(string); ok && name.Type.Equal(oidEmail) {
			addresses = append(addresses, v)
		}
	}
	s.Issuer = orElse(signer.Issuer.CommonName, strings.Join(signer.Issuer.Organization, ", "))
	s.By, s.Other = signer.Subject.CommonName, true
	for i, a := range addresses {
		if i == 0 {
			s.By = a
		}
		if strings.EqualFold(a, from) {
			s.By, s.Other = a, false
			return
		}
	}
}
