package outcome_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingAddsUpByAgent looks through the SQL of the program: nothing reads what requesters said together with who works on tickets, and
// nothing but this package reads it at all.
func TestNothingAddsUpByAgent(t *testing.T) {
	read := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			sql := strings.ToLower(lit.Value)
			if !strings.Contains(sql, "from outcome") && !strings.Contains(sql, "join outcome") && !strings.Contains(sql, "update outcome ") {
				return true
			}
			read++
			if filepath.Base(filepath.Dir(path)) != "outcome" {
				t.Errorf("%s reads outcomes: %s", path, lit.Value)
			}
			for _, who := range []string{"assignee", "author_id", "agent", "person_id", "by_id"} {
				if strings.Contains(sql, who) {
					t.Errorf("%s joins outcomes with %s: %s", path, who, lit.Value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || read < 5 {
		t.Fatalf("only %d texts were looked at: %v", read, err)
	}
}
