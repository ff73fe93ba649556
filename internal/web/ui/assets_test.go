package ui

import (
	"compress/gzip"
	"io"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestAssetIsServedCompressedAndForEver(t *testing.T) {
	for _, name := range []string{"desk.css", "settings.css", "portal.css", "desk.js", "editor.js", "portal.js", "live_worker.js", "sprite.svg", "icon.svg"} {
		for _, encoding := range []string{"", "gzip", "br", "gzip, deflate, br, zstd", "br;q=0, gzip"} {
			r := httptest.NewRequest("GET", URL(name), nil)
			r.Header.Set("Accept-Encoding", encoding)
			w := httptest.NewRecorder()
			Handler().ServeHTTP(w, r)
			if w.Code != 200 {
				t.Fatalf("%s: status %d", name, w.Code)
			}
			if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
				t.Errorf("%s: Cache-Control %q", name, got)
			}
			var body io.Reader = w.Body
			switch w.Header().Get("Content-Encoding") {
			case "br":
				if !strings.Contains(encoding, "br") || strings.Contains(encoding, "br;q=0") {
					t.Errorf("%s: brotli for %q", name, encoding)
				}
				body = brotli.NewReader(w.Body)
			case "gzip":
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				body = z
			default:
				if encoding != "" {
					t.Errorf("%s: not compressed for %q", name, encoding)
				}
			}
			text, err := io.ReadAll(body)
			if err != nil || string(text) != string(all().byName[name].plain) {
				t.Errorf("%s (%q): %d bytes, %v", name, encoding, len(text), err)
			}
		}
	}
}

func TestUnknownAssetIsNotFound(t *testing.T) {
	for _, path := range []string{"/assets/", "/assets/desk.css", "/assets/desk.AAAAAAAAAAA.css", "/assets/../ui.go"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/assets/x", nil)
		r.URL.Path = path
		Handler().ServeHTTP(w, r)
		if w.Code != 404 {
			t.Errorf("%s: status %d, want 404", path, w.Code)
		}
	}
}

// A requester may be on a modem: these are promises, in bytes as sent.
func TestBundlesAreSmall(t *testing.T) {
	for name, limit := range map[string]int{"portal.css": 5000, "portal.js": 3000, "live_worker.js": 2500, "desk.css": 20000, "settings.css": 4000, "desk.js": 26000, "editor.js": 23000, "sprite.svg": 8000} {
		a := all().byName[name]
		for coding, body := range map[string][]byte{"brotli": a.brotli, "gzip": a.gzip} {
			t.Logf("%s: %d bytes with %s", name, len(body), coding)
			if len(body) > limit {
				t.Errorf("%s: %d bytes with %s, at most %d", name, len(body), coding, limit)
			}
		}
	}
}

// Joined modules share one scope, so two of them may not declare the same name, and each import must name an export that
// stands earlier in the bundle.
func TestScriptsJoin(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^(export )?(?:async )?(?:function|const|let|class) (\[?\w+)`)
	imported := regexp.MustCompile(`(?m)^import \{ ([^}]+) \} from "\./(\w+)\.js";$`)
	for _, b := range bundles {
		if !strings.HasSuffix(b.name, ".js") {
			continue
		}
		seen, exports := map[string]string{}, map[string]bool{}
		for _, source := range b.sources {
			text, err := files.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(source, "vendor") {
				continue
			}
			for _, m := range imported.FindAllStringSubmatch(string(text), -1) {
				for name := range strings.SplitSeq(m[1], ", ") {
					if !exports[name] {
						t.Errorf("%s: %s imports %s, which no earlier file exports", b.name, source, name)
					}
				}
			}
			if n := strings.Count(string(text), "\nimport "); n > len(imported.FindAllString(string(text), -1)) {
				t.Errorf("%s: an import is not of the form that joining understands", source)
			}
			for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
				if other, twice := seen[m[2]]; twice {
					t.Errorf("%s: %s and %s both declare %s", b.name, other, source, m[2])
				}
				seen[m[2]] = source
				exports[m[2]] = exports[m[2]] || m[1] != ""
			}
		}
		joined := string(all().byName[b.name].plain)
		if regexp.MustCompile(`(?m)^(import|export) `).MatchString(joined) {
			t.Errorf("%s: an import or export is left after joining", b.name)
		}
	}
}

func TestIconPanicsOnTypo(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown icon was accepted")
		}
	}()
	Icon("replly")
}
