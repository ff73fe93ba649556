// Package uitest checks rendered pages in tests: it parses a component as a browser would, finds elements, and knows what
// every page must keep to. It is imported by tests only.
package uitest

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"goodturn/internal/web/ui"
)

// Render renders a component and parses it as HTML.
func Render(t *testing.T, ctx context.Context, c templ.Component) *html.Node {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(ctx, &out); err != nil {
		t.Fatalf("render: %v", err)
	}
	doc, err := html.Parse(&out)
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return doc
}

// Write renders a component to a file, making its folder.
func Write(t *testing.T, path string, ctx context.Context, c templ.Component) {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(ctx, &out); err != nil {
		t.Fatalf("render %s: %v", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// WriteAssets writes the sheets, scripts and icons under dir as the pages in it name them.
func WriteAssets(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"desk.css", "settings.css", "portal.css", "desk.js", "portal.js", "sprite.svg", "icon.svg"} {
		w := httptest.NewRecorder()
		ui.Handler().ServeHTTP(w, httptest.NewRequest("GET", ui.URL(name), nil))
		path := filepath.Join(dir, filepath.FromSlash(ui.URL(name)))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, w.Body.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// All are the elements below n that match, in the order of the document.
func All(n *html.Node, match func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && match(d) {
			out = append(out, d)
		}
	}
	return out
}

// Named are the elements below n of one name ("h1").
func Named(n *html.Node, name string) []*html.Node {
	return All(n, func(d *html.Node) bool { return d.Data == name })
}

// Attr is the value of an attribute, "" when it is missing.
func Attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// Has says whether an attribute is there, with or without a value.
func Has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// HasClass says whether a class is among those of n.
func HasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(Attr(n, "class")), class)
}

// Text is the text below n with single spaces.
func Text(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
			out.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}
