package kb_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/kb"
)

// BenchmarkRender makes clean HTML of the texts of six handbooks: of the one in the middle by length, and of the longest.
func BenchmarkRender(b *testing.B) {
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		b.Skip("GOODTURN_TESTDATA is not set")
	}
	var texts []string
	if err := filepath.WalkDir(filepath.Join(root, "kb"), func(p string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".md") {
			var raw []byte
			raw, err = os.ReadFile(p)
			texts = append(texts, string(raw))
		}
		return err
	}); err != nil {
		b.Fatal(err)
	}
	slices.SortFunc(texts, func(x, y string) int { return len(x) - len(y) })
	for name, text := range map[string]string{"middle": texts[len(texts)/2], "longest": texts[len(texts)-1]} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				kb.Render(1, text)
			}
		})
		b.Run(name+" once more", func(b *testing.B) {
			p := kb.Page{Text: kb.Text{LiveBody: text}}
			for b.Loop() {
				p.HTML()
			}
		})
	}
}
