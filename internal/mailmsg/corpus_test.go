package mailmsg

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// corpus returns the folder of the shared test data; without it the test is skipped.
func corpus(t *testing.T, elem ...string) string {
	t.Helper()
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set: the shared test data is needed")
	}
	dir := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestCorpusSurvives holds Parse to its promise on every file there is: a result
// in under a second and, beside the mail itself, under 64 MiB.
func TestCorpusSurvives(t *testing.T) {
	root := corpus(t)
	files, slowest, slowName := 0, time.Duration(0), ""
	for _, set := range []string{"mail", "reply", "bounce", "spam", "html"} {
		err := filepath.WalkDir(filepath.Join(root, set), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw := readFile(t, path)
			files++
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m, took := parseTimed(raw)
			runtime.ReadMemStats(&after)
			if took > slowest {
				slowest, slowName = took, filepath.Base(path)
			}
			if m == nil {
				t.Fatalf("%s: no result", path)
			}
			if took > 5*time.Second {
				t.Errorf("%s: took %v", path, took)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
				t.Errorf("%s: allocated %d MiB", path, grown>>20)
			}
			for _, w := range m.Warnings {
				if strings.Contains(w, "could not be read to its end") {
					t.Errorf("%s: %s", path, w)
				}
			}
			ParseBody(raw, strings.HasSuffix(path, ".html"))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 1000 {
		t.Errorf("only %d files were read", files)
	}
	t.Logf("%d files, slowest %v (%s)", files, slowest, slowName)
}

// score counts what is right and remembers what is wrong.
type score struct {
	name       string
	right, all int
	wrong      []string
	floor      float64
}

func (s *score) check(ok bool, what string) {
	s.all++
	if ok {
		s.right++
		return
	}
	s.wrong = append(s.wrong, what)
}

func (s *score) share() float64 { return 100 * float64(s.right) / float64(max(s.all, 1)) }

// report prints the table row and fails below the floor. GOODTURN_SHOW_WRONG=1
// lists every miss.
func (s *score) report(t *testing.T) {
	t.Helper()
	t.Logf("%-28s %5d of %5d  %6.2f %%  (floor %.1f)", s.name, s.right, s.all, s.share(), s.floor)
	if s.share() < s.floor || s.all == 0 {
		t.Errorf("%s fell below its floor of %.1f %%", s.name, s.floor)
	}
	if os.Getenv("GOODTURN_SHOW_WRONG") != "" {
		for _, w := range s.wrong {
			t.Logf("   wrong: %s", w)
		}
	}
}

func squash(s string) string { return strings.Join(strings.Fields(s), "") }
