package httpout

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func TestRefused(t *testing.T) {
	for _, a := range []string{
		"0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.0.192",
		"198.18.0.1", "198.19.255.255", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "203.0.113.9",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1",
		"ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1",
	} {
		if !refused(netip.MustParseAddr(a)) {
			t.Errorf("%s may be called", a)
		}
	}
	for _, a := range []string{"8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "2606:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8"} {
		if refused(netip.MustParseAddr(a)) {
			t.Errorf("%s is refused", a)
		}
	}
}

// loopback serves on this machine, and gives a configuration that may call it.
func loopback(t *testing.T, h http.HandlerFunc) (*httptest.Server, Config) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	at := netip.MustParseAddrPort(s.Listener.Addr().String())
	return s, Config{Timeout: 2 * time.Second, Allow: func(to netip.AddrPort) bool { return to == at }}
}

func TestGet(t *testing.T) {
	var seen http.Header
	s, c := loopback(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		switch r.URL.Path {
		case "/there":
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
			http.Redirect(w, r, "/picture", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/inside":
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/picture":
			_, _ = w.Write([]byte("0123456789"))
		default:
			http.NotFound(w, r)
		}
	})
	client := New(c)
	address := strings.Replace(s.URL, "http://", "http://user:secret@", 1)
	got, err := client.Get(t.Context(), address+"/there", 10)
	if err != nil || string(got) != "0123456789" {
		t.Fatalf("%q %v", got, err)
	}
	for _, name := range []string{"Cookie", "Referer", "Authorization"} {
		if seen.Get(name) != "" {
			t.Errorf("%s: %s was sent", name, seen.Get(name))
		}
	}
	if _, err := client.Get(t.Context(), s.URL+"/picture", 9); !errors.Is(err, ErrTooLarge) {
		t.Errorf("ten bytes where nine were asked for: %v", err)
	}
	for _, path := range []string{"/round", "/inside", "/file"} {
		if _, err := client.Get(t.Context(), s.URL+path, 10); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := client.Get(t.Context(), s.URL+"/nothing", 10); err == nil {
		t.Error("a 404 is an answer")
	}
}

func TestNothingInsideIsCalled(t *testing.T) {
	var calls atomic.Int32
	s, _ := loopback(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	client := New(Config{Timeout: 2 * time.Second, Ports: []int{80, 443, int(netip.MustParseAddrPort(s.Listener.Addr().String()).Port())}})
	for _, address := range []string{
		s.URL, "http://localhost:" + port, "http://[::1]:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://127.1:" + port, "http://2130706433:" + port, "http://0x7f000001:" + port,
		"http://0.0.0.0:" + port, "ftp://example.com/", "file:///etc/passwd", "http://", "gopher://127.0.0.1:" + port, "http://127.0.0.1:99999/", "http://169.254.169.254/latest/meta-data/",
	} {
		if _, err := client.Get(t.Context(), address, 100); err == nil {
			t.Errorf("%s was called", address)
		}
	}
	if n := calls.Load(); n != 0 {
		t.Errorf("%d calls arrived", n)
	}
}

func TestPorts(t *testing.T) {
	if err := New(Config{}).judge("tcp4", "8.8.8.8:25", nil); !errors.Is(err, ErrRefused) {
		t.Errorf("port 25: %v", err)
	}
	if err := New(Config{}).judge("tcp4", "8.8.8.8:443", nil); err != nil {
		t.Errorf("port 443: %v", err)
	}
}

// TestNamesThatChangeTheirMind asks for a name that may be called when it is looked up first, and may not afterwards.
func TestNamesThatChangeTheirMind(t *testing.T) {
	var calls, asked atomic.Int32
	s, c := loopback(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	c.Resolver = resolver(t, func() netip.Addr {
		if asked.Add(1) == 1 {
			return netip.MustParseAddr("127.0.0.1")
		}
		return netip.MustParseAddr("127.0.0.2")
	})
	client := New(c)
	address := "http://changing.example:" + itoa(netip.MustParseAddrPort(s.Listener.Addr().String()).Port())
	if _, err := client.Get(t.Context(), address, 10); err != nil {
		t.Errorf("the first look: %v", err)
	}
	for range 3 {
		if _, err := client.Get(t.Context(), address, 10); !errors.Is(err, ErrRefused) {
			t.Errorf("a later look: %v", err)
		}
	}
	if n := calls.Load(); n != 1 || asked.Load() < 2 {
		t.Errorf("%d calls arrived after %d questions", n, asked.Load())
	}
}

func itoa(p uint16) string {
	return netip.AddrPortFrom(netip.IPv4Unspecified(), p).String()[len("0.0.0.0:"):]
}

// resolver is a name server on this machine that gives the address answer says.
func resolver(t *testing.T, answer func() netip.Addr) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Additionals = true, nil
			q := m.Questions[0]
			if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0}, Body: &dnsmessage.AResource{A: answer().As4()}}}
			}
			if raw, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(raw, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func TestPost(t *testing.T) {
	var calls atomic.Int32
	s, c := loopback(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/there":
			http.Redirect(w, r, "/echo", http.StatusTemporaryRedirect)
		default:
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(r.Method + " " + r.Header.Get("Content-Type") + " " + r.Header.Get("X-A") + " " + string(body)))
		}
	})
	client := New(c)
	got, err := client.Post(t.Context(), s.URL+"/echo", http.Header{"Content-Type": {"application/json"}, "X-A": {"b"}}, []byte(`{"a":1}`))
	if err != nil || got.Status != http.StatusTooManyRequests || got.Header.Get("Retry-After") != "7" || got.Body != `POST application/json b {"a":1}` {
		t.Errorf("%d %q %v", got.Status, got.Body, err)
	}
	if got, err := client.Post(t.Context(), s.URL+"/there", nil, nil); err != nil || got.Status != http.StatusTemporaryRedirect || calls.Load() != 2 {
		t.Errorf("a redirect: %d %v after %d calls", got.Status, err, calls.Load())
	}
	if _, err := New(Config{}).Post(t.Context(), s.URL+"/services/T0/secret", nil, nil); !errors.Is(err, ErrRefused) || strings.Contains(err.Error(), "secret") {
		t.Errorf("inside: %v", err)
	}
}

func TestInside(t *testing.T) {
	for _, h := range []string{"localhost", "LOCALHOST.", "chat", "chat.local", "a.internal", "127.0.0.1", "10.0.0.9", "::1", "[fd00::1]", "192.168.4.4"} {
		if !Inside(h) {
			t.Errorf("%s is outside", h)
		}
	}
	for _, h := range []string{"hooks.slack.com", "8.8.8.8", "example.localdomain.com"} {
		if Inside(h) {
			t.Errorf("%s is inside", h)
		}
	}
}
