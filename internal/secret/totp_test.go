package secret

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestVerifyTOTP(t *testing.T) {
	// RFC 6238 appendix B, the secret "12345678901234567890", the last six of the eight digits.
	const secret = Redacted("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
	for _, c := range []struct {
		name, code string
		at, last   int64
		step       int64
		ok         bool
	}{
		{"at 59 s", "287082", 59, 0, 1, true},
		{"with a space", "287 082", 59, 0, 1, true},
		{"at 1111111109 s", "081804", 1111111109, 0, 37037036, true},
		{"one step late", "287082", 89, 0, 1, true},
		{"one step early", "287082", 29, 0, 1, true},
		{"two steps late", "287082", 90, 0, 0, false},
		{"again", "287082", 59, 1, 0, false},
		{"older than the last", "287082", 59, 2, 0, false},
		{"wrong", "287083", 59, 0, 0, false},
		{"empty", "", 59, 0, 0, false},
		{"too long", "2870820", 59, 0, 0, false},
	} {
		if step, ok := VerifyTOTP(secret, c.code, time.Unix(c.at, 0), c.last); step != c.step || ok != c.ok {
			t.Errorf("%s: step %d, %v", c.name, step, ok)
		}
	}
	if _, ok := VerifyTOTP("not base32!", "287082", time.Unix(59, 0), 0); ok {
		t.Error("a damaged secret is taken")
	}
}

func TestNewTOTP(t *testing.T) {
	made, err := NewTOTP("Desk: IT", "ann@example.test")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(made.URL.Reveal())
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Query().Get("secret") != made.Secret.Reveal() || len(made.Secret) != 32 {
		t.Errorf("URL %q, %v", made.URL.Reveal(), err)
	}
	if other, err := NewTOTP("Desk", "ann@example.test"); err != nil || other.Secret == made.Secret {
		t.Errorf("two secrets are the same, or %v", err)
	}
}

func TestQR(t *testing.T) {
	code, err := QR("otpauth://totp/Desk:ann@example.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Desk")
	if err != nil {
		t.Fatal(err)
	}
	// The upper left finder pattern: a row of seven, then one at each side.
	if !strings.HasPrefix(code.Path, "M4 4h7v1h-7z") || !strings.Contains(code.Path, "M4 5h1v1h-1zM10 5h1v1h-1z") || (code.Size-8-17)%4 != 0 {
		t.Errorf("size %d, path %.60s", code.Size, code.Path)
	}
	if _, err := QR(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text beyond the largest code is taken")
	}
}

func TestRedacted(t *testing.T) {
	const value = "hunter2"
	type login struct {
		Name     string   `json:"name"`
		Password Redacted `json:"password"`
	}
	l := login{"ann", value}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("sign in", "password", l.Password, "login", l)
	slog.New(slog.NewTextHandler(&log, nil)).Info("sign in", "password", l.Password, "login", l)
	data, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%s %v %q %x %X %#v %d %+v %#v", l.Password, l.Password, l.Password, l.Password, l.Password, l.Password, l.Password, l, &l)
	for _, text := range []string{log.String(), string(data), shown} {
		if strings.Contains(text, value) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", value)) || !strings.Contains(text, "[secret]") {
			t.Errorf("shown: %s", text)
		}
	}
	s := signer(t, 1)
	if text := fmt.Sprintf("%v %+v %#v %s", s, s, s, s); text != "[secret] [secret] [secret] [secret]" {
		t.Errorf("key shown: %s", text)
	}
	if err := json.Unmarshal([]byte(`{"password":"hunter2"}`), &l); err != nil || l.Password.Reveal() != value {
		t.Errorf("read %q, %v", l.Password.Reveal(), err)
	}
}
