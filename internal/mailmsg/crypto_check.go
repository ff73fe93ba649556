package mailmsg

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"github.com/ProtonMail/go-crypto/openpgp"
)

// Keys are what signatures are checked with: PGP keys of people, and the
// certificates of those who issue certificates for S/MIME. The zero value knows nobody.
type Keys struct {
	pgp   openpgp.EntityList
	roots *x509.CertPool
}

// Add takes the content of a key file: PGP public keys, armored or not, or
// certificates in PEM or DER.
func (k *Keys) Add(data []byte) error {
	if bytes.Contains(data, []byte("-----BEGIN PGP")) {
		list, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(data))
		k.pgp = append(k.pgp, list...)
		return err
	}
	certificates := 0
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return err
		}
		k.trust(c)
		certificates++
	}
	if certificates > 0 {
		return nil
	}
	if c, err := x509.ParseCertificate(data); err == nil {
		k.trust(c)
		return nil
	}
	list, err := openpgp.ReadKeyRing(bytes.NewReader(data))
	if err != nil || len(list) == 0 {
		return errors.New("neither PGP keys nor certificates")
	}
	k.pgp = append(k.pgp, list...)
	return nil
}

func (k *Keys) trust(c *x509.Certificate) {
	if k.roots == nil {
		k.roots = x509.NewCertPool()
	}
	k.roots.AddCert(c)
}

// CheckSignature checks the outermost signature of a mail. It takes raw as Parse
// does and never fails; a mail without a signature has a Signature without a
// Kind. Good is said only of bytes that Parse shows as the text, and Partial when it
// shows others beside them.
func CheckSignature(raw []byte, keys Keys) (s Signature) {
	defer func() {
		if recover() != nil {
			s = Signature{Kind: s.Kind, State: SignatureUnchecked}
		}
	}()
	if isCompound(raw) {
		return Signature{}
	}
	m := &Message{}
	body := prepare(raw)
	root := readTree(m, body)
	m.readFields(root)
	e := signedPart(root)
	if e == nil {
		return Signature{}
	}
	s = keys.check(e, body, m.From.Address)
	s.Partial = s.Partial || e != root
	return s
}

// signedPart finds the first signed part, outside in.
func signedPart(e *entity) *entity {
	if e.typ == "multipart/signed" && len(e.children) > 0 || isPKCS7(e) {
		return e
	}
	if e.typ == "text/plain" && splitPGP(cleanText(string(decodePart(e)))).signed {
		return e
	}
	for _, child := range e.children {
		if found := signedPart(child); found != nil {
			return found
		}
	}
	return nil
}

func decodePart(e *entity) []byte {
	data, _ := decodeTransfer(e.raw, e.header.plain("Content-Transfer-Encoding"))
	return data
}

func (k Keys) check(e *entity, body []byte, from string) Signature {
	switch {
	case isPKCS7(e):
		data := decodePart(e)
		if smimeKind(e, data) != "signed" {
			return Signature{}
		}
		return k.smime(data, nil, from)
	case e.typ == "text/plain":
		return k.clearPGP(decodePart(e), from)
	}
	s := Signature{Kind: cryptoOf(e.params["protocol"]), State: SignatureUnchecked}
	if len(e.children) < 2 {
		return s
	}
	content, ok := signedBytes(e, body)
	if !ok {
		return s
	}
	signature := decodePart(e.children[1])
	if s.Kind == CryptoPGP {
		s = k.detachedPGP(content, signature, from)
	} else {
		s = k.smime(signature, content, from)
	}
	s.Partial = len(e.children) > 2
	return s
}

// signedBytes gives the first part of a multipart/signed as it was signed: with
// its header, lines ended by CRLF, without the line end before the boundary (RFC
// 1847 §2.1). It is false when the tree was not read from those very bytes.
func signedBytes(e *entity, body []byte) ([]byte, bool) {
	start, end := -1, -1
	for rest := body; ; {
		at := nextDashes(rest)
		if at < 0 {
			break
		}
		from := len(body) - len(rest) + at
		line, after := nextLine(rest[at:])
		rest = after
		word := bytes.TrimRight(line, " \t\r")
		if string(word) != "--"+e.boundary && string(word) != "--"+e.boundary+"--" {
			continue
		}
		if start < 0 {
			start = len(body) - len(rest)
			continue
		}
		end = from
		break
	}
	if start < 0 || end < start || !within(e.children[0], cap(body)-start, cap(body)-end) {
		return nil, false
	}
	content := trimLastEnd(body[start:end])
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n")), true
}

// within is true when all leaves of e lie between two places of the mail, which
// are told by the room that is left behind them.
func within(e *entity, start, end int) bool {
	for _, child := range e.children {
		if !within(child, start, end) {
			return false
		}
	}
	return e.multipart() || len(e.raw) == 0 || cap(e.raw) <= start && cap(e.raw)-len(e.raw) >= end
}
