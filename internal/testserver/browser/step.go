package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
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

// Key presses one key alone: a letter, or "Enter", "Tab", "Escape", "Down", "Ctrl+Enter" and the like. As on a real keyboard, a
// key that the page takes for itself types no letter; chromedp.KeyEvent would type it all the same.
func Key(name string) Step {
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: name, Text: name}
	if rest, ok := strings.CutPrefix(name, "Ctrl+"); ok {
		down.Modifiers, down.Key, down.Text = 2, rest, ""
	}
	if rest, ok := strings.CutPrefix(name, "Shift+"); ok {
		down.Modifiers, down.Key, down.Text = 8, rest, ""
	}
	switch down.Key {
	case "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown":
		down.Code, down.Text = down.Key, ""
		down.WindowsVirtualKeyCode = map[string]int64{"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}[down.Key]
	case "Enter":
		down.Code, down.WindowsVirtualKeyCode = "Enter", 13
		if down.Modifiers == 0 {
			down.Text = "\r"
		}
	case "Tab":
		down.Code, down.WindowsVirtualKeyCode, down.Text = "Tab", 9, ""
	case "Escape":
		down.Code, down.WindowsVirtualKeyCode, down.Text = "Escape", 27, ""
	case "Down":
		down.Key, down.Code, down.WindowsVirtualKeyCode, down.Text = "ArrowDown", "ArrowDown", 40, ""
	}
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		up := down
		up.Type, up.Text = input.DispatchKeyEventTypeKeyUp, ""
		if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, down); err != nil {
			return chromedp.Void{}, err
		}
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, up)
		return chromedp.Void{}, err
	}
}

// Type has a text come to whatever has the focus, in a shadow root too.
func Type(text string) Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return chromedp.Void{}, err
	}
}

// Drag presses the pointer at one place of the window, moves it to another and lets go; all in CSS pixels.
func Drag(fromX, fromY, toX, toY float64) Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		for _, p := range []input.DispatchMouseEventParams{
			{Type: input.DispatchMouseEventTypeMouseMoved, X: fromX, Y: fromY},
			{Type: input.DispatchMouseEventTypeMousePressed, X: fromX, Y: fromY, Button: input.MouseButtonLeft, ClickCount: 1},
			{Type: input.DispatchMouseEventTypeMouseMoved, X: (fromX + toX) / 2, Y: (fromY + toY) / 2, Button: input.MouseButtonLeft},
			{Type: input.DispatchMouseEventTypeMouseMoved, X: toX, Y: toY, Button: input.MouseButtonLeft},
			{Type: input.DispatchMouseEventTypeMouseReleased, X: toX, Y: toY, Button: input.MouseButtonLeft, ClickCount: 1},
		} {
			if _, err := cdp.Call(ctx, t, input.DispatchMouseEvent, p); err != nil {
				return chromedp.Void{}, err
			}
		}
		return chromedp.Void{}, nil
	}
}
