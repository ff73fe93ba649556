package secret

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

func signer(t testing.TB, b byte) *Signer {
	t.Helper()
	s, err := NewSigner(bytes.Repeat([]byte{b}, keyLength))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestToken(t *testing.T) {
	a, b := Token(), Token()
	if a == b || !regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`).MatchString(a) {
		t.Errorf("tokens %q, %q", a, b)
	}
	if len(Hash(a)) != 32 || Equal(Hash(a), Hash(b)) || !Equal(Hash(a), Hash(a)) || Equal([]byte("a"), nil) {
		t.Error("hashes of tokens")
	}
}

func TestSign(t *testing.T) {
	s := signer(t, 1)
	tag := s.Sign("reply", []byte("4711"))
	if !regexp.MustCompile(`^[a-z2-7]{20}$`).MatchString(tag) {
		t.Errorf("tag %q", tag)
	}
	// Mail already sent carries tags, so they may never change.
	if tag != "tcjhdsmrxrn5vyknyhk6" {
		t.Errorf("tag %q is not what it was", tag)
	}
	for _, c := range []struct {
		name, purpose, data, tag string
		signer                   *Signer
		ok                       bool
	}{
		{"right", "reply", "4711", tag, s, true},
		{"upper case", "reply", "4711", strings.ToUpper(tag), s, true},
		{"other data", "reply", "4712", tag, s, false},
		{"other purpose", "link", "4711", tag, s, false},
		{"other key", "reply", "4711", tag, signer(t, 2), false},
		{"cut", "reply", "4711", tag[:19], s, false},
		{"longer", "reply", "4711", tag + "a", s, false},
		{"empty", "reply", "4711", "", s, false},
	} {
		if ok := c.signer.Verify(c.purpose, []byte(c.data), c.tag); ok != c.ok {
			t.Errorf("%s: %v", c.name, ok)
		}
	}
}

func TestSeal(t *testing.T) {
	s := signer(t, 1)
	for _, plain := range []string{"", "hunter2", strings.Repeat("x", 5000)} {
		sealed := s.Seal("mailbox 1", []byte(plain))
		if len(sealed) != len(plain)+41 || plain != "" && bytes.Contains(sealed, []byte(plain)) {
			t.Errorf("%d bytes sealed to %d", len(plain), len(sealed))
		}
		if bytes.Equal(sealed, s.Seal("mailbox 1", []byte(plain))) {
			t.Error("sealed twice the same")
		}
		if got, err := s.Open("mailbox 1", sealed); err != nil || string(got) != plain {
			t.Errorf("opened %q, %v", got, err)
		}
		for i := range sealed[:min(len(sealed), 60)] {
			bad := bytes.Clone(sealed)
			bad[i] ^= 1
			if _, err := s.Open("mailbox 1", bad); !errors.Is(err, ErrSealed) {
				t.Errorf("changed at %d: %v", i, err)
			}
		}
		for n := range 41 {
			if _, err := s.Open("mailbox 1", sealed[:n]); !errors.Is(err, ErrSealed) {
				t.Errorf("cut at %d: %v", n, err)
			}
		}
		if _, err := s.Open("mailbox 2", sealed); !errors.Is(err, ErrSealed) {
			t.Errorf("other purpose: %v", err)
		}
		if _, err := signer(t, 2).Open("mailbox 1", sealed); !errors.Is(err, ErrSealed) {
			t.Errorf("other key: %v", err)
		}
	}
}

func TestOpenKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	var wait sync.WaitGroup
	tags := make([]string, 20)
	for i := range tags {
		wait.Go(func() {
			s, err := OpenKey(path)
			if err != nil {
				t.Error(err)
				return
			}
			tags[i] = s.Sign("test", nil)
		})
	}
	wait.Wait()
	for _, tag := range tags {
		if tag != tags[0] || tag == "" {
			t.Fatalf("openers at once disagree: %q", tags)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if s, err := OpenKey(filepath.Join(t.TempDir(), "key")); err != nil || s.Sign("test", nil) == tags[0] {
		t.Errorf("two installations share a key, or %v", err)
	}
}

func TestOpenKeyRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for path, want := range map[string]string{
		write("open", strings.Repeat("ab", 32), 0o640):  "chmod 600",
		write("empty", "", 0o600):                       "hexadecimal",
		write("short", strings.Repeat("ab", 31), 0o600): "hexadecimal",
		filepath.Join(dir, "nowhere", "key"):            "no such file",
	} {
		if _, err := OpenKey(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
	if _, err := NewSigner(make([]byte, 31)); err == nil {
		t.Error("a short key is taken")
	}
}

func BenchmarkSign(b *testing.B) {
	s := signer(b, 1)
	b.ReportAllocs()
	for b.Loop() {
		s.Sign("reply", []byte("4711"))
	}
}
