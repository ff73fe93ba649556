package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Size sets the page's width and height in CSS pixels; 1280 × 800 unless set.
func Size(width, height int) Step {
	return chromedp.EmulateViewport(int64(width), int64(height))
}

// Dark asks the page for its dark colours (prefers-color-scheme).
func Dark() Step { return media("dark") }

// Light asks the page for its light colours, as at the start.
func Light() Step { return media("light") }

func media(scheme string) Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return chromedp.Void{}, err
	}
}

// WithoutJavaScript turns the scripts of pages loaded from now on off. chromedp.Evaluate, and Axe with it, has no timers
// or promises then; load the page again WithJavaScript for those.
func WithoutJavaScript() Step { return scripts(false) }

// WithJavaScript turns the scripts of pages loaded from now on back on.
func WithJavaScript() Step { return scripts(true) }

func scripts(on bool) Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return chromedp.Void{}, err
	}
}

// Screenshot saves a PNG of the whole page, below the fold too; folders are made as needed.
func Screenshot(path string) Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		png, err := chromedp.FullScreenshot(100)(ctx, t)
		if err != nil {
			return chromedp.Void{}, fmt.Errorf("take a picture: %w", err)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return chromedp.Void{}, err
		}
		return chromedp.Void{}, os.WriteFile(path, png, 0o644)
	}
}
