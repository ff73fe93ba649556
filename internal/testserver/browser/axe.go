package browser

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"goodturn/internal/testserver/guard"

	"github.com/chromedp/chromedp"
)

// Violation is one accessibility rule that a page breaks, as axe-core tells it.
type Violation struct {
	Rule   string `json:"id"`     // "color-contrast"
	Impact string `json:"impact"` // minor, moderate, serious or critical
	Help   string `json:"help"`   // what the rule asks for
	Nodes  []Node `json:"nodes"`  // where it is broken
}

// Node is an element that breaks a rule.
type Node struct {
	Target string `json:"target"` // CSS selector
	HTML   string `json:"html"`   // the element's own text, shortened
	Why    string `json:"why"`
}

// String tells the violation in a few lines.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.Rule, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n  %s\n    %s\n    %s", n.Target, n.HTML, strings.ReplaceAll(n.Why, "\n", "\n    "))
	}
	return b.String()
}

// axeSource reads axe-core, which scripts/install-test-deps puts into .cache.
var axeSource = sync.OnceValues(func() (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	raw, err := os.ReadFile(filepath.Join(root, ".cache", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("axe-core is not installed; run scripts/install-test-deps: %w", err)
	}
	return string(raw), nil
})

// The page's own frames are its own business; a frame or a shadow root that shows a stranger's mail is not ours to mend. axe
// would copy the sheets of shadow roots into the page, which its policy forbids, so they are not loaded before.
const axeRun = `axe.run({include: [["html"]], exclude: [[".mail"]]}, {resultTypes: ["violations"], iframes: false, preload: false}).then(r => r.violations.map(v => ({
	id: v.id, impact: v.impact || "", help: v.help,
	nodes: v.nodes.map(n => ({target: n.target.join(" "), html: n.html, why: n.failureSummary || ""})),
})))`

// Axe runs every rule of axe-core on the page as it is now, except inside frames and mails. The page's Content-Security-Policy stays in
// force: the debugger's own evaluation is not subject to it.
func Axe(ctx context.Context) ([]Violation, error) {
	source, err := axeSource()
	if err != nil {
		return nil, err
	}
	// The last expression keeps the source's own value from being sent.
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](source+"\n;void 0")); err != nil {
		return nil, fmt.Errorf("load axe-core: %w", err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]Violation](axeRun, chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, fmt.Errorf("run axe-core: %w", err)
	}
	return found, nil
}

// CheckAxe fails the test for each violation on the page as it is now. Where axe-core is not installed the test is skipped, or fails
// under CI.
func CheckAxe(tb testing.TB, ctx context.Context) {
	tb.Helper()
	found, err := Axe(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		guard.Missing(tb, "axe-core", "scripts/install-test-deps")
	}
	if err != nil {
		tb.Errorf("check accessibility: %v", err)
	}
	for _, v := range found {
		tb.Errorf("accessibility: %s", v)
	}
}
