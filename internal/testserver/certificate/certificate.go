// Package certificate makes a TLS certificate for the servers that tests start on the loopback address.
//
// The certificate signs itself and is its own authority: a client that trusts File (SSL_CERT_FILE for a program, Pool for Go code)
// accepts the server as "localhost" and as 127.0.0.1, and nobody else does. It lasts a day.
//
//	c, err := certificate.Make(dir)
//	conn, err := tls.Dial("tcp", addr, c.Client())
package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Certificate is a certificate and its key, as PEM files.
type Certificate struct {
	File string         // PEM of the certificate
	Key  string         // PEM of the private key (PKCS #8), mode 0600
	Pool *x509.CertPool // holds the certificate alone
}

// Client gives a TLS configuration that trusts this certificate and expects the name localhost.
func (c *Certificate) Client() *tls.Config {
	return &tls.Config{RootCAs: c.Pool, ServerName: "localhost"}
}

// Make writes a new certificate and key into folder as cert.pem and key.pem.
func Make(folder string) (*Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	now := time.Now()
	form := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: "localhost"},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write key: %w", err)
	}
	c := &Certificate{File: filepath.Join(folder, "cert.pem"), Key: filepath.Join(folder, "key.pem"), Pool: x509.NewCertPool()}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
	if err := os.WriteFile(c.File, public, 0o644); err != nil {
		return nil, fmt.Errorf("write certificate: %w", err)
	}
	private := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	if err := os.WriteFile(c.Key, private, 0o600); err != nil {
		return nil, fmt.Errorf("write key: %w", err)
	}
	c.Pool.AppendCertsFromPEM(public)
	return c, nil
}
