package stint_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNothingElseReadsWhispers holds that no statement outside of this package reads what is whispered, but for moving it when people are
// merged, and dropping it when one is erased: no search, API, webhook, notice or export can have it.
func TestNothingElseReadsWhispers(t *testing.T) {
	reads := regexp.MustCompile(`(?i)\b(from|join|into|update)\s+whisper\b`)
	seen := 0
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || !reads.Match(text) {
			return err
		}
		seen++
		switch filepath.ToSlash(path) {
		case "whisper.go", "../stint/whisper.go", "erase.go", "../stint/erase.go", "../person/merge_help.go":
			return nil
		}
		t.Errorf("%s has a statement about whispers", path)
		return nil
	})
	if err != nil || seen < 2 {
		t.Fatalf("%d files have statements about whispers, %v", seen, err)
	}
}
