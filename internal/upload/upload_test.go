package upload_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/upload"
)

// stand is a store on a folder of its own.
type stand struct {
	*testing.T
	*upload.Store
	dir   string
	blobs *blob.Store
}

func each(t *testing.T, test func(*stand)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		s, err := upload.Open(d, dir)
		if err != nil {
			t.Fatal(err)
		}
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		test(&stand{t, s, dir, blobs})
	})
}

func (s *stand) begin(length int) upload.Upload {
	s.Helper()
	u, err := s.Begin(s.Context(), upload.New{Holder: "192.0.2.7", Name: "a.txt", Type: "text/plain", Length: int64(length)})
	if err != nil {
		s.Fatal(err)
	}
	return u
}

// onDisk lists what the folder holds, one content after the other.
func (s *stand) onDisk() (all []string) {
	s.Helper()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		s.Fatal(err)
	}
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(s.dir, e.Name()))
		if err != nil {
			s.Fatal(err)
		}
		all = append(all, string(raw))
	}
	return all
}

// line is a body that can be made to break.
type line struct {
	io.Reader
	stop func()
}

func (l line) Stop() {
	if l.stop != nil {
		l.stop()
	}
}

func text(s string) line { return line{Reader: strings.NewReader(s)} }

var errLine = errors.New("the line broke")

// broken brings some bytes and breaks.
func broken(s string) line {
	r, w := io.Pipe()
	go func() { _, _ = io.WriteString(w, s); w.CloseWithError(errLine) }()
	return line{Reader: r}
}

func TestAnUploadGoesOnWhereItBroke(t *testing.T) {
	each(t, func(s *stand) {
		whole := strings.Repeat("0123456789", 200_000) // some flushes long
		u := s.begin(len(whole))
		if _, err := s.Write(s.Context(), u.Secret, 0, broken(whole[:1_234_567])); !errors.Is(err, errLine) {
			s.Fatalf("a broken line gives %v", err)
		}
		u, err := s.Find(s.Context(), u.Secret)
		if err != nil || u.Received != 1_234_567 || u.Whole() {
			s.Fatalf("%d bytes are counted (%v)", u.Received, err)
		}
		if _, err := s.Write(s.Context(), u.Secret, 0, text(whole)); !fault.Is(err, fault.KindConflict) {
			s.Errorf("from the start again: %v", err)
		}
		if _, _, err := s.Collect(s.Context(), s.blobs, []string{u.Secret}); !fault.Is(err, fault.KindInvalid) {
			s.Errorf("half a file is taken: %v", err)
		}
		if u, err = s.Write(s.Context(), u.Secret, u.Received, text(whole[u.Received:])); err != nil || !u.Whole() {
			s.Fatalf("the rest: %d of %d (%v)", u.Received, u.Length, err)
		}
		files, missing, err := s.Collect(s.Context(), s.blobs, []string{u.Secret})
		sum := sha256.Sum256([]byte(whole))
		if err != nil || missing != 0 || files[0].Ref.SHA256 != hex.EncodeToString(sum[:]) || files[0].Name != "a.txt" {
			s.Fatalf("collected %+v, %d missing (%v)", files, missing, err)
		}
		spend := func() error {
			return s.DB.Write(s.Context(), func(tx *db.Tx) error { return s.Spend(s.Context(), tx, []string{u.Secret}) })
		}
		if err := spend(); err != nil {
			s.Fatal(err)
		}
		if left := s.onDisk(); len(left) > 0 {
			s.Errorf("%d files are left", len(left))
		}
		if err := spend(); !fault.Is(err, fault.KindInvalid) {
			s.Errorf("sent twice: %v", err)
		}
		if _, missing, err := s.Collect(s.Context(), s.blobs, []string{u.Secret}); err != nil || missing != 1 {
			s.Errorf("%d missing (%v)", missing, err)
		}
	})
}

func TestMoreThanAnnouncedIsRefused(t *testing.T) {
	each(t, func(s *stand) {
		u := s.begin(5)
		if _, err := s.Write(s.Context(), u.Secret, 0, text("12345678")); !fault.Is(err, fault.KindTooLarge) {
			s.Errorf("more than announced: %v", err)
		}
		if left := s.onDisk(); len(left) != 1 || left[0] != "12345" {
			s.Errorf("the folder holds %q", left)
		}
		empty := s.begin(0)
		if !empty.Whole() {
			s.Error("an empty file is not whole")
		}
	})
}

func TestWhatIsRemovedIsGone(t *testing.T) {
	each(t, func(s *stand) {
		u := s.begin(100)
		if _, err := s.Write(s.Context(), u.Secret, 0, text("a password")); err != nil {
			s.Fatal(err)
		}
		if err := s.Remove(s.Context(), "another secret"); !fault.Is(err, fault.KindNotFound) {
			s.Errorf("a guessed secret: %v", err)
		}
		if err := s.Remove(s.Context(), u.Secret); err != nil {
			s.Fatal(err)
		}
		if left := s.onDisk(); len(left) > 0 {
			s.Errorf("left: %q", left)
		}
		for _, after := range []func() error{
			func() error { return s.Remove(s.Context(), u.Secret) },
			func() error { _, err := s.Find(s.Context(), u.Secret); return err },
			func() error { _, err := s.Write(s.Context(), u.Secret, 10, text("more")); return err },
		} {
			if err := after(); !fault.Is(err, fault.KindNotFound) {
				s.Errorf("after the removal: %v", err)
			}
		}
		if left := s.onDisk(); len(left) > 0 {
			s.Errorf("left: %q", left)
		}
	})
}

// TestTheNewerLineWins: a browser that comes back does not wait for the server to notice that its old line is dead.
func TestTheNewerLineWins(t *testing.T) {
	each(t, func(s *stand) {
		u := s.begin(10)
		r, w := io.Pipe()
		old := line{Reader: r, stop: func() { w.CloseWithError(errLine) }}
		var ended error
		var wg sync.WaitGroup
		wg.Go(func() { _, ended = s.Write(s.Context(), u.Secret, 0, old) })
		if _, err := io.WriteString(w, "0123"); err != nil { // taken, so the old line is being read
			s.Fatal(err)
		}
		u, err := s.Find(s.Context(), u.Secret)
		if err != nil || u.Received != 4 {
			s.Fatalf("%d bytes are counted (%v)", u.Received, err)
		}
		wg.Wait()
		if !errors.Is(ended, errLine) {
			s.Errorf("the old line ended with %v", ended)
		}
		if u, err = s.Write(s.Context(), u.Secret, 4, text("456789")); err != nil || !u.Whole() {
			s.Errorf("the new line: %d (%v)", u.Received, err)
		}
		if left := s.onDisk(); !slicesEqual(left, "0123456789") {
			s.Errorf("the folder holds %q", left)
		}
	})
}

func slicesEqual(got []string, want ...string) bool {
	return strings.Join(got, "\x00") == strings.Join(want, "\x00")
}

// TestWritersAtOnce: whatever many writers do, the bytes are those of the file.
func TestWritersAtOnce(t *testing.T) {
	each(t, func(s *stand) {
		whole := strings.Repeat("0123456789", 100_000)
		u := s.begin(len(whole))
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				for range 50 {
					at, err := s.Find(s.Context(), u.Secret)
					if err != nil || at.Whole() {
						return
					}
					part := whole[at.Received:min(len(whole), int(at.Received)+33_333)]
					_, _ = s.Write(s.Context(), u.Secret, at.Received, line{Reader: bytes.NewReader([]byte(part))})
				}
			})
		}
		wg.Wait()
		if left := s.onDisk(); len(left) != 1 || left[0] != whole {
			s.Error("the bytes are not those of the file")
		}
		if u, err := s.Find(s.Context(), u.Secret); err != nil || !u.Whole() {
			s.Errorf("%d of %d (%v)", u.Received, u.Length, err)
		}
	})
}

func TestLimits(t *testing.T) {
	each(t, func(s *stand) {
		s.Limits = upload.Limits{File: 1000, HolderFiles: 3, HolderBytes: 2000, AllFiles: 4, AllBytes: 2500}
		at := clock.Instant(1_800_000_000_000)
		s.DB.SetClock(func() clock.Instant { return at })
		begin := func(holder string, length int64) (upload.Upload, error) {
			return s.Begin(s.Context(), upload.New{Holder: holder, Name: "a", Length: length})
		}
		want := func(what string, err error, kind fault.Kind) {
			s.Helper()
			if kind == 0 && err != nil || kind != 0 && !fault.Is(err, kind) {
				s.Errorf("%s: %v", what, err)
			}
		}
		_, err := begin("a", 1001)
		want("one too large", err, fault.KindTooLarge)
		first, err := begin("a", 1000)
		want("the first", err, 0)
		want("removed", s.Remove(s.Context(), first.Secret), 0)
		_, err = begin("a", 1000)
		want("the second", err, 0)
		_, err = begin("a", 1)
		want("what was removed counts in its hour", err, fault.KindLimited)
		_, err = begin("b", 1000)
		want("another network", err, 0)
		_, err = begin("b", 600)
		want("no room in all", err, fault.KindUnavailable)
		_, err = begin("b", 1)
		want("a small one", err, 0)
		_, err = begin("b", 1)
		want("and the last", err, 0)
		_, err = begin("c", 1)
		want("too many in all", err, fault.KindUnavailable)
		at = at.Add(upload.Life)
		want("the sweep", s.Sweep(s.Context()), 0)
		if left := s.onDisk(); len(left) > 0 {
			s.Errorf("after a day %d files are left", len(left))
		}
		if err := s.DB.Read(s.Context(), func(tx *db.Tx) error {
			for _, table := range []string{`SELECT 1 FROM upload LIMIT 1`, `SELECT 1 FROM upload_hour LIMIT 1`} {
				if left, err := db.Exists(s.Context(), tx, table); err != nil || left {
					s.Errorf("%s: %v %v", table, left, err)
				}
			}
			return nil
		}); err != nil {
			s.Fatal(err)
		}
		_, err = begin("a", 1000)
		want("a day later", err, 0)
	})
}

func TestOpenClearsWhatIsNobodys(t *testing.T) {
	dir := t.TempDir()
	old, fresh := filepath.Join(dir, "1"), filepath.Join(dir, "2")
	for _, name := range []string{old, fresh} {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	then := time.Now().Add(-3 * upload.Life)
	if err := os.Chtimes(old, then, then); err != nil {
		t.Fatal(err)
	}
	if _, err := upload.Open(nil, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Error("an old file is left")
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error("a file that may be somebody's was removed")
	}
}
