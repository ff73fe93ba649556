package browser_test

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/testserver/browser"

	"github.com/chromedp/chromedp"
)

const good = `<!doctype html><html lang="en"><head><title>Good</title><style>
html { background: #fff; color: #111 } @media (prefers-color-scheme: dark) { html { background: #111; color: #fff } }
</style></head><body><main><h1>Write to us</h1>
<form><label for="s">Subject</label> <input id="s" name="s"> <button>Send</button></form><p id="js">off</p></main>
<script src="/script.js"></script></body></html>`

const bad = `<!doctype html><html><head><title></title></head><body><input name="s"><img src="x.png"><p style="color:#ccc">pale</p></body></html>`

// site serves the pages under a strict policy; /broken.html's script fails.
func site(t *testing.T) string {
	t.Helper()
	pages := map[string]string{
		"/good.html": good, "/bad.html": bad, "/broken.html": strings.Replace(good, "/script.js", "/broken.js", 1),
		"/inline.html": strings.Replace(good, `<script src="/script.js">`, `<script>document.title = "inline"`, 1),
		"/script.js":   `document.getElementById("js").textContent = "on"`, "/broken.js": `noSuchFunction()`,
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'")
		kind := "text/html; charset=utf-8"
		if strings.HasSuffix(r.URL.Path, ".js") {
			kind = "text/javascript"
		}
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, pages[r.URL.Path])
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestAxeTellsGoodFromBad(t *testing.T) {
	url := site(t)
	ctx := browser.New(t)
	if err := chromedp.Do(ctx, chromedp.Navigate(url+"/good.html")); err != nil {
		t.Fatal(err)
	}
	browser.CheckAxe(t, ctx)
	if err := chromedp.Do(ctx, chromedp.Navigate(url+"/bad.html")); err != nil {
		t.Fatal(err)
	}
	found, err := browser.Axe(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, v := range found {
		rules = append(rules, v.Rule)
		if v.Help == "" || len(v.Nodes) == 0 || v.Nodes[0].Target == "" || !strings.Contains(v.String(), v.Nodes[0].Why[:10]) {
			t.Errorf("violation tells too little: %+v", v)
		}
	}
	for _, want := range []string{"color-contrast", "document-title", "html-has-lang", "image-alt", "label"} {
		if !slices.Contains(rules, want) {
			t.Errorf("rule %s is not among the violations %v", want, rules)
		}
	}
}

func TestJavaScriptOnAndOff(t *testing.T) {
	url := site(t)
	ctx := browser.New(t, browser.WithoutJavaScript())
	for _, step := range []struct {
		do   browser.Step
		want string
	}{{browser.WithoutJavaScript(), "off"}, {browser.WithJavaScript(), "on"}} {
		if err := chromedp.Do(ctx, step.do, chromedp.Navigate(url+"/good.html")); err != nil {
			t.Fatal(err)
		}
		if got, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("#js"))); err != nil || got != step.want {
			t.Errorf("page says that scripts are %q (%v), want %q", got, err, step.want)
		}
	}
}

func TestSizeDarkAndScreenshot(t *testing.T) {
	url := site(t)
	path := filepath.Join(t.TempDir(), "new", "page.png")
	for _, look := range []struct {
		name string
		step browser.Step
		dark bool
	}{{"light", browser.Light(), false}, {"dark", browser.Dark(), true}} {
		ctx := browser.New(t, browser.Size(390, 844), look.step)
		if err := chromedp.Do(ctx, chromedp.Navigate(url+"/good.html"), browser.Screenshot(path)); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if b := img.Bounds(); b.Dx() != 390 || b.Dy() != 844 {
			t.Errorf("%s: picture is %v", look.name, b)
		}
		if r, _, _, _ := img.At(380, 800).RGBA(); (r < 0x8000) != look.dark {
			t.Errorf("%s: background is %x", look.name, r)
		}
	}
}

// recorder stands for a test whose faults are expected.
type recorder struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Failed() bool     { return false }
func (r *recorder) end() {
	for _, f := range slices.Backward(r.cleanups) {
		f()
	}
}

func TestFaultsOfThePageFailTheTest(t *testing.T) {
	url := site(t)
	for page, want := range map[string]string{"/good.html": "", "/broken.html": "noSuchFunction", "/inline.html": "Content Security Policy"} {
		for _, tolerant := range []bool{false, true} {
			r := &recorder{TB: t}
			ctx := browser.New(r)
			if tolerant {
				browser.Tolerant(ctx)
			}
			if err := chromedp.Do(ctx, chromedp.Navigate(url+page)); err != nil {
				t.Fatal(err)
			}
			r.end()
			expected := want != "" && !tolerant
			if expected != (len(r.errors) > 0) || (expected && !strings.Contains(r.errors[0], want)) {
				t.Errorf("%s, tolerant %v: errors are %q, want one of %q", page, tolerant, r.errors, want)
			}
		}
	}
}

func TestTestsShareNoCookies(t *testing.T) {
	url := site(t)
	for range 2 {
		ctx := browser.New(t)
		if err := chromedp.Do(ctx, chromedp.Navigate(url+"/good.html")); err != nil {
			t.Fatal(err)
		}
		before, err := chromedp.Run(ctx, chromedp.Evaluate[string](`let was = document.cookie; document.cookie = "a=b"; was`))
		if err != nil || before != "" {
			t.Errorf("cookies at the start: %q (%v)", before, err)
		}
	}
}
