package mailbox

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"regexp"
	"strings"

	"golang.org/x/net/idna"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/mailmsg"
	"goodturn/internal/person"
)

// DKIMKey is the key that mails from a domain, and from those under it without a key of their own, are signed
// with. The private part never leaves the package.
type DKIMKey struct {
	Domain    string // in ASCII
	Selector  string
	Algorithm string // "rsa" or "ed25519"
	PublicKey string // base64, as the record has it
	Active    bool   // mails are signed; otherwise the record is not known to be published yet
	CreatedAt clock.Instant
}

// dkimRow is a DKIMKey as it is stored.
type dkimRow struct {
	DKIMKey
	PrivateKey string
}

const dkimColumns = `domain, selector, algorithm, private_key, public_key, active, created_at`

// RecordName is where the public key is published: "s1._domainkey.example.com".
func (k DKIMKey) RecordName() string { return k.Selector + "._domainkey." + k.Domain }

// Record is the text of the TXT record there (RFC 6376 §3.6.1).
func (k DKIMKey) Record() string { return "v=DKIM1; k=" + k.Algorithm + "; p=" + k.PublicKey }

// DKIMKeys lists all keys by domain.
func (p *Post) DKIMKeys(ctx context.Context, tx *db.Tx) ([]DKIMKey, error) {
	rows, err := db.All[dkimRow](ctx, tx, `SELECT `+dkimColumns+` FROM dkim_key ORDER BY domain`)
	out := make([]DKIMKey, len(rows))
	for i, r := range rows {
		out[i] = r.DKIMKey
	}
	return out, err
}

// NewDKIMKey is a key to be made or taken over.
type NewDKIMKey struct {
	Domain   string
	Selector string // "" is "goodturn" and the year and month
	// Algorithm of a key to be made: "rsa" (2048 bits, what every receiver knows) or "ed25519".
	Algorithm string
	// PEM is a private key to be taken over (PKCS #8 or PKCS #1); "" makes one.
	PEM string
}

// SaveDKIMKey makes or takes over the key of a domain, in the place of a former one. It signs nothing until
// ActivateDKIM. What is wrong is a field error of domain, selector, algorithm or key.
func (p *Post) SaveDKIMKey(ctx context.Context, tx *db.Tx, by person.Actor, n NewDKIMKey, remote string) (DKIMKey, error) {
	if err := mayDKIM(by); err != nil {
		return DKIMKey{}, err
	}
	k, private, err := n.key(tx.Now)
	if err != nil {
		return k, err
	}
	sealed := base64.StdEncoding.EncodeToString(p.Key.Seal(dkimPurpose(k.Domain), private))
	_, err = tx.Exec(ctx, `INSERT INTO dkim_key (domain, selector, algorithm, private_key, public_key, active, created_at) VALUES ($1, $2, $3, $4, $5, FALSE, $6)
		ON CONFLICT (domain) DO UPDATE SET selector = excluded.selector, algorithm = excluded.algorithm, private_key = excluded.private_key, public_key = excluded.public_key,
		active = FALSE, created_at = excluded.created_at`, k.Domain, k.Selector, k.Algorithm, sealed, k.PublicKey, k.CreatedAt)
	if err != nil {
		return k, err
	}
	return k, person.Audit(ctx, tx, by, "dkim key saved", "domain "+k.Domain, k.Selector+" "+k.Algorithm, remote)
}

// ActivateDKIM begins or ends signing for a domain.
func (p *Post) ActivateDKIM(ctx context.Context, tx *db.Tx, by person.Actor, domain string, active bool, remote string) error {
	if err := mayDKIM(by); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE dkim_key SET active = $2 WHERE domain = $1`, domain, active)
	if err != nil {
		return err
	}
	if n == 0 {
		return noDKIMKey()
	}
	action := "dkim signing off"
	if active {
		action = "dkim signing on"
	}
	return person.Audit(ctx, tx, by, action, "domain "+domain, "", remote)
}

// RemoveDKIMKey forgets the key of a domain.
func (p *Post) RemoveDKIMKey(ctx context.Context, tx *db.Tx, by person.Actor, domain, remote string) error {
	if err := mayDKIM(by); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM dkim_key WHERE domain = $1`, domain)
	if err != nil {
		return err
	}
	if n == 0 {
		return noDKIMKey()
	}
	return person.Audit(ctx, tx, by, "dkim key removed", "domain "+domain, "", remote)
}

func mayDKIM(by person.Actor) error {
	if person.Can(by, person.Administer, person.Thing{}) {
		return nil
	}
	return fault.Denied(i18n.M("Only an administrator can change mailboxes."))
}

func noDKIMKey() error { return fault.NotFound(i18n.M("There is no key for this domain.")) }

func dkimPurpose(domain string) string { return "dkim " + domain }

// A selector is a DNS label or several (RFC 6376 §3.1).
var selectorPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// key checks what is given and makes the key where none is.
func (n NewDKIMKey) key(now clock.Instant) (k DKIMKey, private []byte, err error) {
	var wrong []fault.Field
	domain, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(n.Domain)), "."))
	if err != nil || !strings.Contains(domain, ".") || len(domain) > 200 {
		wrong = append(wrong, fault.F("domain", i18n.M("“{{.Domain}}” is not a domain. One looks like example.com.", "Domain", n.Domain)))
	}
	selector := strings.ToLower(strings.TrimSpace(n.Selector))
	if selector == "" {
		selector = "goodturn" + now.Time().Format("200601")
	}
	if len(selector) > 63 || !selectorPattern.MatchString(selector) {
		wrong = append(wrong, fault.F("selector", i18n.M("A selector has letters, digits and dashes, such as “mail1”.")))
	}
	signer, field := n.signer()
	if field != nil {
		wrong = append(wrong, *field)
	}
	if err := fault.Check(wrong); err != nil {
		return k, nil, err
	}
	k = DKIMKey{Domain: domain, Selector: selector, CreatedAt: now}
	if k.Algorithm, k.PublicKey, err = publicText(signer.Public()); err != nil {
		return k, nil, err
	}
	private, err = x509.MarshalPKCS8PrivateKey(signer)
	return k, private, err
}

// signer makes a key, or reads the one that is given.
func (n NewDKIMKey) signer() (crypto.Signer, *fault.Field) {
	wrong := func(name string, text i18n.Text) (crypto.Signer, *fault.Field) {
		f := fault.F(name, text)
		return nil, &f
	}
	if strings.TrimSpace(n.PEM) != "" {
		return readSigner(n.PEM)
	}
	switch n.Algorithm {
	case "ed25519":
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err == nil {
			return private, nil
		}
	case "rsa", "":
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err == nil {
			return private, nil
		}
	}
	return wrong("algorithm", i18n.M("Please choose one of: {{.Values}}.", "Values", "rsa, ed25519"))
}

func readSigner(text string) (crypto.Signer, *fault.Field) {
	wrong := func(text i18n.Text) (crypto.Signer, *fault.Field) {
		f := fault.F("key", text)
		return nil, &f
	}
	block, _ := pem.Decode([]byte(strings.TrimSpace(text)))
	if block == nil {
		return wrong(i18n.M("This is no private key. One begins with -----BEGIN PRIVATE KEY-----."))
	}
	var parsed any
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if err != nil {
		return wrong(i18n.M("This key cannot be read. It must be a private key without a passphrase, RSA or Ed25519."))
	}
	switch k := parsed.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() < 1024 || k.N.BitLen() > 4096 {
			return wrong(i18n.M("An RSA key for this has 1024 to 4096 bits; 2048 is usual."))
		}
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return wrong(i18n.M("This key cannot be read. It must be a private key without a passphrase, RSA or Ed25519."))
}

// publicText is a public key as its record has it: the SubjectPublicKeyInfo of RSA (RFC 6376 §3.6.1), the bare 32
// bytes of Ed25519 (RFC 8463 §4).
func publicText(public crypto.PublicKey) (algorithm, text string, err error) {
	if e, ok := public.(ed25519.PublicKey); ok {
		return "ed25519", base64.StdEncoding.EncodeToString(e), nil
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	return "rsa", base64.StdEncoding.EncodeToString(der), err
}

// signingKey gives the active key for mails from an address: of its domain, or of the nearest one above. It is nil
// where there is none.
func (p *Post) signingKey(ctx context.Context, from string) (*mailmsg.SigningKey, error) {
	_, domain, _ := strings.Cut(from, "@")
	domain, err := idna.Lookup.ToASCII(strings.ToLower(domain))
	if err != nil {
		return nil, nil // no key can be for such a domain
	}
	var row dkimRow
	err = p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		for at := domain; strings.Contains(at, "."); _, at, _ = strings.Cut(at, ".") {
			row, err = db.One[dkimRow](ctx, tx, `SELECT `+dkimColumns+` FROM dkim_key WHERE domain = $1 AND active`, at)
			if !errors.Is(err, db.ErrNoRow) {
				return err
			}
		}
		return nil
	})
	if err != nil || row.Domain == "" {
		return nil, err
	}
	sealed, err := base64.StdEncoding.DecodeString(row.PrivateKey)
	if err != nil {
		return nil, err
	}
	der, err := p.Key.Open(dkimPurpose(row.Domain), sealed)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	signer, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, errors.New("the key of " + row.Domain + " cannot sign")
	}
	return &mailmsg.SigningKey{Domain: row.Domain, Selector: row.Selector, Key: signer}, nil
}

// unsignedError keeps a mail back that could not be signed.
type unsignedError struct{ error }

func (e *unsignedError) Unwrap() error { return e.error }

// sign signs a mail where its sender's domain has a key.
func (p *Post) sign(ctx context.Context, from string, raw []byte) ([]byte, error) {
	k, err := p.signingKey(ctx, from)
	if err == nil && k != nil {
		raw, err = mailmsg.Sign(raw, *k)
	}
	if err != nil { // it waits rather than go out in a way that receivers may take for forged
		p.Log.ErrorContext(ctx, "mail could not be signed", "from", from, "error", err)
		return nil, &unsignedError{err}
	}
	return raw, nil
}
