// Package browser gives tests a page in a real, headless Chromium.
//
// One browser serves all tests of a process; each test gets a tab in a private context of its own, with no cookie of another's.
// The browser and its profile are gone when the process ends, however it ends.
//
// Invariants: a script error that nothing caught and a breach of the page's Content-Security-Policy fail the test, unless it asks
// for Tolerant; motion is reduced, so that a picture does not depend on when it is taken; a test that fails leaves a picture of
// its page in .cache/failed.
//
//	ctx := browser.New(t, browser.Size(390, 844), browser.Dark())
//	err := chromedp.Do(ctx, chromedp.Navigate(url), chromedp.Click(chromedp.CSS("button")))
//	browser.CheckAxe(t, ctx)
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"goodturn/internal/testserver/guard"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"
)

// Install is the command that brings the browser on Debian.
const Install = "apt-get install --no-install-recommends chromium-headless-shell fonts-dejavu-core fonts-noto-core"

// Limit is how long a test may use its page.
const Limit = 2 * time.Minute

// Step is something done with a page: any of chromedp's actions that give no value.
type Step = chromedp.Action[chromedp.Void]

// shared is the allocator context of the process' one browser.
var shared = sync.OnceValues(start)

// New opens an empty tab and does the steps (sizes and the like) in it. The context, which ends after Limit, is what chromedp.Do and
// chromedp.Run take; the tab is closed at the end of the test. Where no Chromium is installed the test is skipped, or fails
// under CI; -short skips it too.
func New(tb testing.TB, steps ...Step) context.Context {
	tb.Helper()
	guard.NotShort(tb)
	if program() == "" {
		guard.Missing(tb, "Chromium", Install)
	}
	allocator, err := shared()
	if err != nil {
		tb.Fatalf("start Chromium: %v", err)
	}
	tab, closeTab := chromedp.NewContext(allocator, chromedp.WithNewBrowserContext())
	tb.Cleanup(closeTab)
	faults := &faults{}
	if err := chromedp.Do(tab, append([]Step{media("light"), Size(1280, 800)}, steps...)...); err != nil {
		tb.Fatalf("open a tab: %v", err)
	}
	if err := chromedp.Listen(tab, faults.see); err != nil {
		tb.Fatalf("listen to the page: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.WithValue(tab, key{}, faults), Limit)
	tb.Cleanup(func() {
		cancel()
		faults.report(tb)
		if tb.Failed() {
			picture(tb, tab)
		}
	})
	return ctx
}

// key finds a tab's faults in its context.
type key struct{}

// Tolerant lets script errors and breaches of the policy pass from now on, for pages that are meant to have them.
func Tolerant(ctx context.Context) {
	f := ctx.Value(key{}).(*faults)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tolerant = true
}

// faults collects what must not happen in a page.
type faults struct {
	mu       sync.Mutex
	tolerant bool
	found    []string
}

func (f *faults) see(event any) {
	var text string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Source != "security" && !strings.Contains(e.Entry.Text, "Content Security Policy") {
			return
		}
		text = e.Entry.Text
	default:
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.found = append(f.found, text)
}

func (f *faults) report(tb testing.TB) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tolerant {
		return
	}
	for _, text := range f.found {
		tb.Errorf("the page has a fault: %s", text)
	}
}

var pictures atomic.Int64

// picture saves what a failed test saw; it is a help, so its own failures are only told.
func picture(tb testing.TB, tab context.Context) {
	root, err := moduleRoot()
	if err != nil {
		return
	}
	name := strings.NewReplacer("/", "_", " ", "_").Replace(tb.Name()) + fmt.Sprintf("-%d.png", pictures.Add(1)) // a test may have several pages
	path := filepath.Join(root, ".cache", "failed", name)
	ctx, cancel := context.WithTimeout(tab, 10*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, Screenshot(path)); err != nil {
		tb.Logf("no picture of the page: %v", err)
		return
	}
	tb.Logf("picture of the page: %s", path)
}

// shell is Debian's Chromium without windows. What stands in PATH for it is a script that does not end the program with itself.
const shell = "/usr/lib/chromium/chromium-headless-shell"

// program prefers the shell, which draws pages as Chromium does: one opens in half the time.
func program() string {
	for _, name := range []string{shell, "chromium", "chromium-browser", "google-chrome"} {
		if path := guard.Program(name); path != "" {
			return path
		}
	}
	return ""
}

// start runs the browser; its guard ends it with this process.
func start() (context.Context, error) {
	folder, err := os.MkdirTemp("", "goodturn-browser-")
	if err != nil {
		return nil, fmt.Errorf("make profile: %w", err)
	}
	args := []string{
		program(), "--headless", "--remote-debugging-port=0", "--user-data-dir=" + folder, "--disable-gpu", "--disable-quic", "--no-first-run",
		"--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
		"--disable-breakpad", "--disable-crash-reporter", "--disable-dev-shm-usage", "--disable-hang-monitor", "--disable-default-apps", "--disable-popup-blocking",
		"--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
		"--disable-features=Translate,MediaRouter,OptimizationHints", "--force-color-profile=srgb", "--hide-scrollbars", "--mute-audio",
		"--password-store=basic", "--lang=en-GB",
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium's sandbox refuses root
	}
	process, err := guard.Start(guard.Spec{
		Args: append(args, "about:blank"), Env: []string{"HOME=" + folder}, Folder: folder, Log: filepath.Join(folder, "log"),
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var address string
	err = process.Await(ctx, func(context.Context) error {
		// Chromium writes its port and path here when it listens.
		raw, err := os.ReadFile(filepath.Join(folder, "DevToolsActivePort"))
		if err != nil {
			return err
		}
		port, path, found := strings.Cut(strings.TrimSpace(string(raw)), "\n")
		if !found {
			return errors.New("the port is not written yet")
		}
		address = "ws://127.0.0.1:" + port + path
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, process.Stop())
	}
	allocator, _ := remote.NewAllocator(context.Background(), address, remote.NoModifyURL)
	return allocator, nil
}

// moduleRoot is the folder with go.mod, above the folder of the package under test.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the working folder")
		}
		dir = up
	}
}
