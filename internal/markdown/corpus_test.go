package markdown_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/markdown"
)

// texts are all Markdown files of the shared handbooks.
func texts(t *testing.T) map[string]string {
	t.Helper()
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set")
	}
	out := map[string]string{}
	err := filepath.WalkDir(filepath.Join(root, "kb"), func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(p, ".md") && !strings.HasSuffix(p, ".markdown") {
			return err
		}
		raw, err := os.ReadFile(p)
		out[p] = strings.ReplaceAll(strings.ToValidUTF8(string(raw), "?"), "\r\n", "\n")
		return err
	})
	if err != nil || len(out) < 100 {
		t.Fatalf("%d texts, %v", len(out), err)
	}
	return out
}

func kept(blocks []markdown.Block) (out []markdown.Piece) {
	for i, b := range blocks {
		out = append(out, markdown.Piece{Source: b.Source, At: i})
	}
	return out
}

func TestATextThatIsNotChangedIsTheSameByteByByte(t *testing.T) {
	blocks, raw := 0, 0
	kinds := map[string]int{}
	for name, text := range texts(t) {
		all := markdown.Blocks(text)
		got, err := markdown.Join(kept(all))
		if err != nil || got != text && strings.TrimSpace(text) != "" {
			t.Errorf("%s became another text: %v", name, err)
		}
		for _, b := range all {
			blocks++
			if b.Node.Type == markdown.RawBlock {
				raw++
			}
			kinds[b.Node.Type]++
		}
	}
	t.Logf("%d blocks, of which %d (%.1f %%) can be changed as Markdown only; %v", blocks, raw, 100*float64(raw)/float64(blocks), kinds)
}

// changed says something more at the end of a block, or nothing where it has no text of its own.
func changed(n markdown.Node) (markdown.Node, bool) {
	if n.Type != markdown.Paragraph || len(n.Content) == 0 {
		return n, false
	}
	n.Content = append(slices.Clone(n.Content), markdown.Node{Type: markdown.Text, Text: " (and so on)"})
	return n, true
}

func TestOneChangedParagraphIsAllThatDiffers(t *testing.T) {
	tried := 0
	for name, text := range texts(t) {
		all := markdown.Blocks(text)
		for i, b := range all {
			n, ok := changed(b.Node)
			if !ok || (i+len(text))%5 != 0 { // each takes reading the whole text once more
				continue
			}
			tried++
			pieces := kept(all)
			pieces[i] = markdown.Piece{At: -1, Node: &n}
			got, err := markdown.Join(pieces)
			if err != nil {
				t.Fatal(err)
			}
			before, after := sources(all[:i]), sources(all[i+1:])
			if !strings.HasPrefix(got, strings.TrimRight(before, " \n")) || !strings.HasSuffix(strings.TrimRight(got, "\n "), strings.TrimRight(after, "\n ")) {
				t.Errorf("%s: more than block %d differs", name, i)
			}
			again := markdown.Blocks(got)
			if len(again) != len(all) {
				t.Errorf("%s: after block %d was changed there are %d blocks, not %d: %q", name, i, len(again), len(all), b.Source)
				continue
			}
			if !strings.Contains(words(again[i].Node), "(and so on)") {
				t.Errorf("%s: block %d says %q", name, i, words(again[i].Node))
			}
		}
	}
	if tried < 300 {
		t.Errorf("only %d blocks were changed", tried)
	}
	t.Logf("%d blocks changed", tried)
}

func sources(all []markdown.Block) string {
	var b strings.Builder
	for _, x := range all {
		b.WriteString(x.Source)
	}
	return b.String()
}

func words(n markdown.Node) string {
	out := n.Text
	for _, c := range n.Content {
		out += words(c)
	}
	return out
}
