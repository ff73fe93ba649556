// Package dial opens the connections that the mail transports speak over, and says in plain words why one failed.
//
// IMAP and SMTP need the same three kinds of connection and fail in the same ways: a host that does not exist, a port
// where nobody answers, a certificate for somebody else. The answer to each is a Problem, whose text an administrator
// can act on without knowing the protocol.
//
//	target := dial.Target{Host: "mail.example.org", Port: 993, Security: dial.TLS}
//	conn, err := dial.Open(ctx, target) // err is a *dial.Problem: "mail.example.org does not exist: …"
//
// Invariants: certificates are checked against the host name unless the target says otherwise; every error that leaves
// the package is a *Problem, except the end of the caller's own context.
package dial

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"strconv"
	"time"
)

// Security says how a connection is encrypted.
type Security string

// The three kinds. StartTLS begins in the clear and must be encrypted before anything private is said.
const (
	TLS      Security = "tls"
	StartTLS Security = "starttls"
	None     Security = "none"
)

// connectTimeout bounds the TCP connection and the TLS handshake, each.
const connectTimeout = 20 * time.Second

// Target is a server to reach.
type Target struct {
	Host     string // a name or an IP address
	Port     int
	Security Security
	// RootCAs are the authorities that may sign the server's certificate; nil means those of the system.
	RootCAs *x509.CertPool
	// InsecureSkipVerify accepts any certificate. Passwords are then safe from listeners, but not from impostors.
	InsecureSkipVerify bool
}

// Address is host:port, with brackets around an IPv6 address.
func (t Target) Address() string { return net.JoinHostPort(t.Host, strconv.Itoa(t.Port)) }

// Config is the TLS configuration for the target, for Open and for STARTTLS.
func (t Target) Config() *tls.Config {
	return &tls.Config{
		ServerName:         t.Host,
		RootCAs:            t.RootCAs,
		InsecureSkipVerify: t.InsecureSkipVerify,
		MinVersion:         tls.VersionTLS12,
	}
}

// Open connects, and encrypts at once when Security is TLS. wrap, when not nil, is put around the bare connection, below
// the encryption; the transports use it for their own timeouts. The error is a *Problem or ctx.Err().
func Open(ctx context.Context, t Target, wrap func(net.Conn) net.Conn) (net.Conn, error) {
	dialer := net.Dialer{Timeout: connectTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", t.Address())
	if err != nil {
		return nil, Explain(ctx, t, err)
	}
	if wrap != nil {
		conn = wrap(conn)
	}
	if t.Security != TLS {
		return conn, nil
	}
	secure := tls.Client(conn, t.Config())
	shake, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if err := secure.HandshakeContext(shake); err != nil {
		conn.Close()
		return nil, Explain(ctx, t, err)
	}
	return secure, nil
}

// Private tells whether what is said over conn stays between the two ends: it is encrypted, or never leaves the machine.
// Passwords are sent over private connections only.
func Private(conn net.Conn) bool {
	if _, ok := conn.(*tls.Conn); ok {
		return true
	}
	switch addr := conn.RemoteAddr().(type) {
	case *net.TCPAddr:
		return addr.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}
