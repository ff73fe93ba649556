package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"goodturn/internal/fault"
)

func open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// files lists what lies in the store, tmp/ included.
func files(t testing.TB, s *Store) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(s.dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(s.dir, p)
			all = append(all, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func content(t testing.TB, s *Store, ref Ref) string {
	t.Helper()
	f, err := s.Open(ref)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestPut(t *testing.T) {
	s, ctx := open(t), context.Background()
	for range 2 {
		ref, err := s.Put(ctx, strings.NewReader("hello"), 5)
		if err != nil {
			t.Fatal(err)
		}
		// echo -n hello | sha256sum
		if ref != (Ref{"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", 5}) {
			t.Errorf("ref %+v", ref)
		}
		if got := content(t, s, ref); got != "hello" {
			t.Errorf("content %q", got)
		}
		if info, err := s.Stat(ref); err != nil || info.Size() != 5 || info.Mode() != 0o600 {
			t.Errorf("stat %v, %v", info, err)
		}
	}
	if got := files(t, s); len(got) != 1 || got[0] != "2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" {
		t.Errorf("files %q", got)
	}
	if ref, err := s.Put(ctx, strings.NewReader(""), 1); err != nil || ref.Size != 0 || content(t, s, ref) != "" {
		t.Errorf("empty: %+v, %v", ref, err)
	}
}

func TestPutRefuses(t *testing.T) {
	s, ctx := open(t), context.Background()
	ended, cancel := context.WithCancel(ctx)
	cancel()
	broken := errors.New("the line broke")
	for _, c := range []struct {
		name string
		ctx  context.Context
		r    io.Reader
		want func(error) bool
	}{
		{"too large", ctx, strings.NewReader(strings.Repeat("x", 1001)), func(err error) bool {
			f, ok := fault.Of(err)
			return ok && f.Kind == fault.KindTooLarge && strings.Contains(f.Message.String(), "1\u00a0kB")
		}},
		{"endless", ctx, endless{}, func(err error) bool { return fault.Is(err, fault.KindTooLarge) }},
		{"broken source", ctx, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), func(err error) bool { return errors.Is(err, broken) }},
		{"ended context", ended, strings.NewReader("x"), func(err error) bool { return errors.Is(err, context.Canceled) }},
	} {
		ref, err := s.Put(c.ctx, c.r, 1000)
		if !c.want(err) || ref != (Ref{}) {
			t.Errorf("%s: %+v, %v", c.name, ref, err)
		}
	}
	if _, err := s.PutMany(ended, [][]byte{[]byte("x")}); !errors.Is(err, context.Canceled) {
		t.Errorf("many, ended context: %v", err)
	}
	if got := files(t, s); len(got) != 0 {
		t.Errorf("left behind: %q", got)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestPutMany(t *testing.T) {
	s, ctx := open(t), context.Background()
	if _, err := s.Put(ctx, strings.NewReader("body 3"), 0); err != nil {
		t.Fatal(err)
	}
	var bodies [][]byte
	for i := range 50 {
		bodies = append(bodies, fmt.Appendf(nil, "body %d", i%40))
	}
	refs, err := s.PutMany(ctx, bodies)
	if err != nil {
		t.Fatal(err)
	}
	for i, ref := range refs {
		if sum := sha256.Sum256(bodies[i]); ref.SHA256 != fmt.Sprintf("%x", sum) || ref.Size != int64(len(bodies[i])) {
			t.Errorf("ref %d: %+v", i, ref)
		}
		if got := content(t, s, ref); got != string(bodies[i]) {
			t.Errorf("content %d: %q", i, got)
		}
	}
	if got := files(t, s); len(got) != 40 {
		t.Errorf("%d files", len(got))
	}
	if refs, err := s.PutMany(ctx, nil); err != nil || len(refs) != 0 {
		t.Errorf("nothing: %v, %v", refs, err)
	}
}

func TestPutManyFails(t *testing.T) {
	s := open(t)
	// A folder in the place of the name makes the rename fail half-way.
	body := []byte("no room under this name")
	sum := fmt.Sprintf("%x", sha256.Sum256(body))
	if err := os.MkdirAll(filepath.Join(s.path(sum), "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutMany(context.Background(), [][]byte{body, []byte("another"), []byte("third")}); err == nil {
		t.Error("no error")
	}
	if _, err := s.Put(context.Background(), bytes.NewReader(body), 0); err == nil {
		t.Error("no error for one")
	}
	for _, f := range files(t, s) {
		if strings.HasPrefix(f, "tmp") {
			t.Errorf("left behind: %s", f)
		}
	}
}

func TestSameAtOnce(t *testing.T) {
	s, ctx := open(t), context.Background()
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			ref, err := s.Put(ctx, strings.NewReader("the same"), 0)
			refs, err2 := s.PutMany(ctx, [][]byte{[]byte("the same"), []byte("and more")})
			if err != nil || err2 != nil || refs[0] != ref || content(t, s, ref) != "the same" {
				t.Error(ref, refs, err, err2)
			}
		})
	}
	wait.Wait()
	if got := files(t, s); len(got) != 2 {
		t.Errorf("files %q", got)
	}
}

func TestMissingAndDamaged(t *testing.T) {
	s, ctx := open(t), context.Background()
	ref, err := s.Put(ctx, strings.NewReader("precious"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(ctx, ref); err != nil {
		t.Errorf("sound: %v", err)
	}
	if err := s.Check(ctx, Ref{ref.SHA256, 7}); !errors.Is(err, ErrDamaged) {
		t.Errorf("other size: %v", err)
	}
	for _, damage := range []string{"precioux", "prec", ""} {
		if err := os.WriteFile(s.path(ref.SHA256), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Check(ctx, ref); !errors.Is(err, ErrDamaged) {
			t.Errorf("%q: %v", damage, err)
		}
	}
	if _, err := s.Put(ctx, strings.NewReader("precious"), 0); err != nil || s.Check(ctx, ref) != nil {
		t.Errorf("storing again does not heal a cut file: %v", err)
	}
	none := Ref{strings.Repeat("0", 64), 1}
	_, openErr := s.Open(none)
	_, statErr := s.Stat(none)
	for _, err := range []error{openErr, statErr, s.Check(ctx, none)} {
		if !fault.Is(err, fault.KindNotFound) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("missing: %v", err)
		}
	}
	for _, bad := range []string{"", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("../", 21) + "x", strings.Repeat("0", 65)} {
		if f, err := s.Open(Ref{SHA256: bad}); err == nil {
			f.Close()
			t.Errorf("%q opens", bad)
		}
		if _, err := s.Stat(Ref{SHA256: bad}); err == nil {
			t.Errorf("%q is there", bad)
		}
	}
}

func TestLeftovers(t *testing.T) {
	s := open(t)
	old, fresh := filepath.Join(s.tempDir(), "put-old"), filepath.Join(s.tempDir(), "put-fresh")
	for path, age := range map[string]time.Duration{old: 25 * time.Hour, fresh: time.Hour} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(s.dir); err != nil {
		t.Fatal(err)
	}
	if got := files(t, s); len(got) != 1 || got[0] != "tmp/put-fresh" {
		t.Errorf("left: %q", got)
	}
}

func BenchmarkPutMany(b *testing.B) {
	for _, n := range []int{1, 8, 16, 32, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := open(b)
			bodies := make([][]byte, n)
			for b.Loop() {
				for i := range bodies {
					bodies[i] = make([]byte, 20_000)
					_, _ = rand.Read(bodies[i])
				}
				if _, err := s.PutMany(context.Background(), bodies); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}

func BenchmarkPut(b *testing.B) {
	s := open(b)
	body := make([]byte, 20_000)
	for b.Loop() {
		_, _ = rand.Read(body)
		if _, err := s.Put(context.Background(), bytes.NewReader(body), 0); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}

func BenchmarkOpenStore(b *testing.B) {
	dir := open(b).dir
	for b.Loop() {
		if _, err := Open(dir); err != nil {
			b.Fatal(err)
		}
	}
}
