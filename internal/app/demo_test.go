package app

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/db"
)

func TestDemoIsForThisMachineAndItsOwnFolder(t *testing.T) {
	ctx := t.Context()
	for _, address := range []string{"0.0.0.0:0", "192.0.2.1:0", "example.com:0", ":0", "nonsense"} {
		if a, err := OpenDemo(ctx, Config{Data: t.TempDir(), Listen: address}); err == nil {
			a.Close()
			t.Errorf("a demo listens on %s", address)
		}
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "desk.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if a, err := OpenDemo(ctx, Config{Data: other, Listen: "127.0.0.1:0"}); err == nil || !strings.Contains(err.Error(), "holds other data") {
		if a != nil {
			a.Close()
		}
		t.Errorf("a folder with other data: %v", err)
	}
}

func TestDemoIsLivedIn(t *testing.T) {
	ctx := t.Context()
	a, err := OpenDemo(ctx, Config{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		for what, want := range map[string]int{
			`SELECT count(*) FROM ticket`: 300, `SELECT count(*) FROM message`: 1000, `SELECT count(*) FROM attachment`: 20,
			`SELECT count(*) FROM ticket WHERE turn = 'ours'`: 10, `SELECT count(*) FROM ticket WHERE status = 'pending'`: 3,
			`SELECT count(*) FROM person WHERE role = 'agent'`: 5, `SELECT count(*) FROM event WHERE what = 'assignee'`: 100,
		} {
			if n, err := db.One[int](ctx, tx, what); err != nil || n < want {
				t.Errorf("%s is %d, want %d at least (%v)", what, n, want, err)
			}
		}
		if late, err := db.Exists(ctx, tx, `SELECT 1 FROM event WHERE at > $1`, tx.Now); err != nil || late {
			t.Errorf("something happens in the future (%v)", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{"127.0.0.1:8080": 200, "localhost:8080": 200, "[::1]:8080": 200, "evil.example": 403, "127.0.0.1.evil.example": 403} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("as host %s: status %d, want %d", host, w.Code, want)
		}
	}
}
