package button

import (
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
)

func TestOrigin(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://intranet.example.com", "https://intranet.example.com"},
		{"https://intranet.example.com/", "https://intranet.example.com"},
		{"HTTPS://Intranet.Example.COM:443", "https://intranet.example.com"},
		{"http://localhost:8123", "http://localhost:8123"},
		{"http://[2001:DB8::1]:81", "http://[2001:db8::1]:81"},
		{"https://münchen.example", "https://xn--mnchen-3ya.example"},
		{"https://intranet.example.com/app", ""},
		{"https://a:b@intranet.example.com", ""},
		{"https://intranet.example.com?x", ""},
		{"https://*.example.com", ""},
		{"intranet.example.com", ""},
		{"javascript://x", ""},
		{"https://", ""},
		{"https://a:", ""},
		{"null", ""},
		{"*", ""},
		{"https://" + strings.Repeat("a", 400), ""},
	} {
		if got, ok := Origin(c.in); got != c.want || ok != (c.want != "") {
			t.Errorf("Origin(%q) = %q, %v; want %q", c.in, got, ok, c.want)
		}
	}
}

func TestSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			s, err := Load(ctx, tx)
			if err != nil || s.Any() || s.Allows("") || s.Allows("https://a.example") {
				t.Errorf("a desk that has set nothing offers %+v (%v)", s, err)
			}
			if err := Save(ctx, tx, Settings{Search: true, Origins: " https://a.example/ \n\nhttps://A.example\nhttp://b.example:81\n"}); err != nil {
				return err
			}
			s, err = Load(ctx, tx)
			if err != nil || !s.Search || s.Request || s.Origins != "https://a.example\nhttp://b.example:81" || s.ChangedAt != tx.Now {
				t.Errorf("stored %+v (%v)", s, err)
			}
			if !s.Allows("https://a.example") || !s.Allows("http://b.example:81") || s.Allows("") || s.Allows("https://a.example.evil") || s.Allows("null") {
				t.Error("other origins are answered than those named")
			}
			if err := Save(ctx, tx, Settings{Origins: "https://a.example\nno site"}); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("what is no site gives %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
