package dial_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/dial/dialtest"
)

// serve answers each connection with handle until the test ends, and gives the target to reach it.
func serve(t *testing.T, listener net.Listener, handle func(net.Conn)) dial.Target {
	t.Helper()
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	return dial.Target{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: dial.TLS}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func secure(t *testing.T, config *tls.Config) dial.Target {
	t.Helper()
	return serve(t, tls.NewListener(listen(t), config), func(conn net.Conn) { conn.(*tls.Conn).Handshake() })
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	named, namedPool := dialtest.Certificate(t, "mail.example.test")
	local, localPool := dialtest.Certificate(t, "127.0.0.1")
	old, oldPool := dialtest.CertificateUntil(t, time.Now().Add(-time.Hour), "127.0.0.1")
	closed := listen(t)
	closedPort := closed.Addr().(*net.TCPAddr).Port
	closed.Close()

	with := func(target dial.Target, change func(*dial.Target)) dial.Target {
		change(&target)
		return target
	}
	tests := []struct {
		name   string
		target dial.Target
		kind   dial.Kind
		words  string
	}{
		{"host", dial.Target{Host: "nowhere.invalid", Port: 993}, dial.HostUnknown, "nowhere.invalid"},
		{"port", dial.Target{Host: "127.0.0.1", Port: closedPort}, dial.NoAnswer, "Nothing answers on port"},
		{"other name", with(secure(t, named), func(d *dial.Target) { d.RootCAs = namedPool }), dial.Certificate, "is for mail.example.test, not for 127.0.0.1"},
		{"unknown authority", secure(t, local), dial.Certificate, "signed by nobody"},
		{"expired", with(secure(t, old), func(d *dial.Target) { d.RootCAs = oldPool }), dial.Certificate, "not valid today"},
		{"no TLS here", serve(t, listen(t), func(c net.Conn) { c.Write([]byte("* OK hello there\r\n")) }), dial.WrongSecurity, "STARTTLS"},
		{"hung up", serve(t, listen(t), func(c net.Conn) { c.Read(make([]byte, 1024)) }), dial.Lost, "ended the connection"},
		{"good", with(secure(t, local), func(d *dial.Target) { d.RootCAs = localPool }), "", ""},
		{"unchecked", with(secure(t, named), func(d *dial.Target) { d.InsecureSkipVerify = true }), "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			conn, err := dial.Open(t.Context(), test.target, nil)
			if test.kind == "" {
				if err != nil {
					t.Fatal(err)
				}
				if !dial.Private(conn) {
					t.Error("an encrypted connection is private")
				}
				conn.Close()
				return
			}
			var problem *dial.Problem
			if !errors.As(err, &problem) {
				t.Fatalf("got %v, want a problem", err)
			}
			if problem.Kind != test.kind || !strings.Contains(problem.Error(), test.words) {
				t.Errorf("got %s %q (%v), want %s with %q", problem.Kind, problem, problem.Err, test.kind, test.words)
			}
		})
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	target := serve(t, listen(t), func(c net.Conn) {
		c.Read(make([]byte, 1024))
		cancel()
		c.Read(make([]byte, 1<<20))
	})
	_, err := dial.Open(ctx, target, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the end of the context", err)
	}
}

func TestList(t *testing.T) {
	if got := dial.List([]string{"a", "b"}); got != "a, b" {
		t.Errorf("got %q", got)
	}
	if got := dial.List(strings.Split("a b c d e f g h i j", " ")); got != "a, b, c, d, e, f, g, h …" {
		t.Errorf("got %q", got)
	}
}
