package mailmsg

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/clearsign"
	pgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// Lines that open and close what PGP puts into text (RFC 9580 §6.2, 7).
const (
	pgpSigned     = "-----BEGIN PGP SIGNED MESSAGE-----"
	pgpSignature  = "-----BEGIN PGP SIGNATURE-----"
	pgpSigEnd     = "-----END PGP SIGNATURE-----"
	pgpMessage    = "-----BEGIN PGP MESSAGE-----"
	pgpMessageEnd = "-----END PGP MESSAGE-----"
	pgpKey        = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
	pgpKeyEnd     = "-----END PGP PUBLIC KEY BLOCK-----"
)

// pgpText is a text with what PGP put into it set apart.
type pgpText struct {
	clear   string   // what can be read, without the dashes, hashes and signatures
	outside string   // as much of it as is not signed
	signed  bool     // a part of it was signed
	armored []string // encrypted blocks
	keys    []string // public keys
}

// splitPGP sets apart what PGP put into a text. Only lines that are not quoted
// count; a block without an end stays text.
func splitPGP(s string) pgpText {
	var t pgpText
	var clear, outside strings.Builder
	lines := strings.SplitAfter(s, "\n")
	at := func(i int) string { return strings.TrimRight(lines[i], " \t\r\n") }
	find := func(from int, end string) int {
		for i := from; i < len(lines); i++ {
			if at(i) == end {
				return i
			}
		}
		return -1
	}
	for i := 0; i < len(lines); i++ {
		switch at(i) {
		case pgpSigned:
			mid := find(i, pgpSignature)
			if last := find(max(mid, 0), pgpSigEnd); mid > 0 && last > 0 {
				clear.WriteString(clearLines(lines[i+1 : mid]))
				t.signed = true
				i = last
				continue
			}
		case pgpMessage:
			if last := find(i, pgpMessageEnd); last > 0 {
				t.armored = append(t.armored, strings.Join(lines[i:last+1], ""))
				i = last
				continue
			}
		case pgpKey:
			if last := find(i, pgpKeyEnd); last > 0 {
				t.keys = append(t.keys, strings.Join(lines[i:last+1], ""))
				i = last
				continue
			}
		}
		clear.WriteString(lines[i])
		outside.WriteString(lines[i])
	}
	t.clear, t.outside = clear.String(), outside.String()
	return t
}

// clearLines is signed text without its fields and with its dashes as written.
func clearLines(lines []string) string {
	for i, l := range lines {
		if strings.TrimSpace(l) == "" {
			lines = lines[i+1:]
			break
		}
	}
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimPrefix(l, "- "))
	}
	return b.String()
}

// inlinePGP makes PGP within the text readable: signed text is shown as written,
// encrypted blocks and keys become files.
func (c *collector) inlinePGP(s string) string {
	if !strings.Contains(s, "-----BEGIN PGP ") {
		return s
	}
	t := splitPGP(s)
	if t.signed {
		c.m.Signed, c.m.Crypto = true, CryptoPGP
	}
	for _, block := range t.armored[:min(len(t.armored), 20)] {
		if text, ok := openPGP(block); ok {
			c.m.Signed, c.m.Crypto = true, CryptoPGP
			t.clear = joinNonEmpty(t.clear, text, "\n")
			continue
		}
		c.m.Encrypted, c.m.Crypto = true, CryptoPGP
		c.add(Attachment{Name: "encrypted.asc", Type: "application/pgp-encrypted", Data: []byte(block)})
	}
	for _, block := range t.keys[:min(len(t.keys), 20)] {
		c.add(Attachment{Name: "key.asc", Type: "application/pgp-keys", Data: []byte(block)})
	}
	return t.clear
}

// encrypted keeps the parts of a multipart/encrypted as files with telling names
// (RFC 3156 §4).
func (c *collector) encrypted(e *entity) {
	c.m.Encrypted, c.m.Crypto = true, CryptoPGP
	for _, child := range e.children {
		data := c.decode(child)
		a := Attachment{Name: child.params["name"], Type: child.typ, Data: data}
		if _, params := parseParams(child.header.get("Content-Disposition")); params["filename"] != "" {
			a.Name = params["filename"]
		}
		switch {
		case child.typ == "application/pgp-encrypted":
			a.Name = orElse(a.Name, "version.txt")
		case pgpType(data) != "":
			a.Name, a.Type = orElse(a.Name, "encrypted.asc"), pgpType(data)
		default:
			a.Name = orElse(a.Name, "encrypted.bin")
		}
		c.add(a)
	}
}

// openPGP reads an armored message that is signed or packed but not encrypted.
func openPGP(block string) (string, bool) {
	body, err := armor.Decode(strings.NewReader(block))
	if err != nil {
		return "", false
	}
	md, err := openpgp.ReadMessage(io.LimitReader(body.Body, maxText), openpgp.EntityList{}, nil, nil)
	if err != nil || md.IsEncrypted {
		return "", false
	}
	text, err := io.ReadAll(io.LimitReader(md.UnverifiedBody, maxText))
	if len(text) == 0 && err != nil {
		return "", false
	}
	s, _ := toUTF8(text, "")
	return cleanText(s), true
}

// pgpType tells what an armored file is: "" when it is none.
func pgpType(data []byte) string {
	switch head := bytes.TrimLeft(data[:min(len(data), 100)], "\r\n\t "); {
	case bytes.HasPrefix(head, []byte(pgpMessage)):
		return "application/pgp-encrypted"
	case bytes.HasPrefix(head, []byte(pgpKey)):
		return "application/pgp-keys"
	case bytes.HasPrefix(head, []byte(pgpSignature)):
		return "application/pgp-signature"
	}
	return ""
}

// binaryPGP tells an encrypted file by its name and its first packet, the session
// key for somebody (RFC 9580 §5.1); "" for all others.
func binaryPGP(name string, data []byte) string {
	ext := strings.ToLower(path.Ext(name))
	if (ext == ".pgp" || ext == ".gpg" || ext == ".asc") && len(data) > 3 && (data[0] == 0xC1 || data[0]&0xFC == 0x84) {
		return "application/pgp-encrypted"
	}
	return ""
}

// detachedPGP checks a signature that stands beside what is signed (RFC 3156 §5).
func (k Keys) detachedPGP(signed, signature []byte, from string) Signature {
	s := Signature{Kind: CryptoPGP, State: SignatureUnchecked}
	var packets io.Reader = bytes.NewReader(signature)
	if block, err := armor.Decode(bytes.NewReader(signature)); err == nil {
		data, err := io.ReadAll(io.LimitReader(block.Body, 1<<20))
		if err != nil {
			return s
		}
		signature = data
		packets = bytes.NewReader(data)
	}
	s.By = issuerOf(signature)
	_, signer, err := openpgp.VerifyDetachedSignature(k.pgp, bytes.NewReader(signed), packets, nil)
	return s.judgePGP(signer, err, from)
}

// clearPGP checks signed text (RFC 9580 §7).
func (k Keys) clearPGP(text []byte, from string) Signature {
	s := Signature{Kind: CryptoPGP, State: SignatureUnchecked}
	block, rest := clearsign.Decode(text)
	if block == nil {
		return s
	}
	t := splitPGP(cleanText(string(text)))
	// What is shown must be what is checked, whatever an odd text makes of the two readers.
	s.Partial = strings.TrimSpace(t.outside) != "" || len(bytes.TrimSpace(rest)) > 0
	if !s.Partial && strings.Join(strings.Fields(t.clear), " ") != strings.Join(strings.Fields(string(block.Plaintext)), " ") {
		return s
	}
	data, err := io.ReadAll(io.LimitReader(block.ArmoredSignature.Body, 1<<20))
	if err != nil {
		return s
	}
	s.By = issuerOf(data)
	_, signer, err := openpgp.VerifyDetachedSignature(k.pgp, bytes.NewReader(block.Bytes), bytes.NewReader(data), nil)
	return s.judgePGP(signer, err, from)
}

// issuerOf is the id of the key that a signature names, as hexadecimal digits.
func issuerOf(signature []byte) string {
	p, err := packet.Read(bytes.NewReader(signature))
	if sig, ok := p.(*packet.Signature); err == nil && ok && sig.IssuerKeyId != nil {
		return fmt.Sprintf("%016X", *sig.IssuerKeyId)
	}
	return ""
}

// judgePGP fills in what the check of a signature gave.
func (s Signature) judgePGP(signer *openpgp.Entity, err error, from string) Signature {
	var wrong pgperrors.SignatureError
	switch {
	case err == nil:
		s.State = SignatureGood
	case errors.Is(err, pgperrors.ErrUnknownIssuer):
		s.State = SignatureUnknownKey
		return s
	case errors.As(err, &wrong):
		s.State = SignatureBad
	default: // an expired or withdrawn key, or a method that is not safe any more
		return s
	}
	if signer == nil {
		return s
	}
	s.Other = true
	for _, id := range signer.Identities {
		if id.UserId == nil || id.UserId.Email == "" {
			continue
		}
		if strings.EqualFold(id.UserId.Email, from) {
			s.By, s.Other = id.UserId.Email, false
			return s
		}
	}
	if id := signer.PrimaryIdentity(); id != nil && id.UserId != nil {
		if s.By = id.UserId.Email; s.By == "" {
			s.By = id.UserId.Name
		}
	}
	return s
}
