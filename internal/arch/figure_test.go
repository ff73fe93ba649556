package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"goodturn/internal/report"
)

var (
	referencesPerson = regexp.MustCompile(`(?m)^\s*(?:ALTER TABLE \w+ ADD COLUMN )?(\w+) BIGINT[^,\n]*REFERENCES person\b`)
	addsUp           = regexp.MustCompile(`(?i)\b(count|sum|avg|min|max|string_agg|rank|dense_rank|row_number)\s*\(|\bover\s*\(`)
	// lastOne finds a row by its number, which adds nothing up.
	lastOne = regexp.MustCompile(`(?i)\b(min|max)\(([a-z]\.)?(id|seq)\)`)
)

// personColumns are the columns of the store that name a person, as the migrations say.
func personColumns(t *testing.T) *regexp.Regexp {
	t.Helper()
	files, err := filepath.Glob("../db/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range referencesPerson.FindAllStringSubmatch(string(raw), -1) {
			if m[1] != "id" && !slices.Contains(names, m[1]) {
				names = append(names, m[1])
			}
		}
	}
	for _, known := range []string{"assignee_id", "author_id", "person_id", "mentor_id", "by_id", "agent_id", "to_id", "taker_id"} {
		if !slices.Contains(names, known) {
			t.Fatalf("%s is found in no migration: %v", known, names)
		}
	}
	return regexp.MustCompile(`(?i)\b(` + strings.Join(names, "|") + `)\b`)
}

// TestNothingIsAddedUpByPersonButWhatIsListed looks through the program: a text of SQL that counts, sums or ranks and names a person's column, and a Go map from
// ids to numbers, must have its row in report.Sums; and each row must have its place. Texts that are put together at run time are looked at in the parts that the
// source has, a whole expression at once.
func TestNothingIsAddedUpByPersonButWhatIsListed(t *testing.T) {
	column, listed, found := personColumns(t), map[string]report.Sum{}, map[string]string{}
	for _, s := range report.Sums() {
		if _, twice := listed[s.In]; twice || s.Adds == "" || s.By == "" || s.Why == "" || !slices.Contains([]report.Seen{report.Nobody, report.Themselves, report.Plan, report.Desk}, s.Seen) {
			t.Errorf("the row of %s stands twice, or leaves something out: %+v", s.In, s)
		}
		listed[s.In] = s
	}
	for _, f := range sources(t) {
		pkg := packageOf(f.path)
		if pkg == "" || strings.HasSuffix(f.path, "_test.go") || generated(f.path) || strings.HasPrefix(pkg, "testserver") || pkg == "app/simulate" || pkg == "app/bench" {
			continue // the last two print what invented people did
		}
		maps := floorOf(pkg) > 0
		for _, d := range f.file.Decls {
			for name, node := range declared(d) {
				if what := adds(node, column, maps); what != "" {
					in := path.Base(pkg) + "." + name
					found[in] = what
					if _, ok := listed[in]; !ok {
						t.Errorf("%s: %s adds something up where people are named. Is it by person, for anybody else? Then it must go. Else say what, by what and why in internal/report/sums.go: %.200s", f.fset.Position(node.Pos()), in, what)
					}
				}
			}
		}
	}
	for in := range listed {
		if found[in] == "" {
			t.Errorf("the row of %s has no place in the program any more", in)
		}
	}
	if len(found) < 20 {
		t.Errorf("only %d places were found", len(found))
	}
}

// declared are the functions, types, constants and variables of a declaration, by name.
func declared(d ast.Decl) map[string]ast.Node {
	out := map[string]ast.Node{}
	switch d := d.(type) {
	case *ast.FuncDecl:
		out[d.Name.Name] = d
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				out[s.Name.Name] = s
			case *ast.ValueSpec:
				out[s.Names[0].Name] = s
			}
		}
	}
	return out
}

// adds gives what in a declaration adds up where people are named, or "".
func adds(n ast.Node, column *regexp.Regexp, maps bool) (what string) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr, *ast.BasicLit:
			text := literals(n)
			if addsUp.MatchString(lastOne.ReplaceAllString(text, "")) && column.MatchString(text) {
				what = text
			}
		case *ast.MapType:
			if maps && isNumber(n.Value) && fmt.Sprint(n.Key) == "int64" {
				what = "map[int64]" + fmt.Sprint(n.Value)
			}
		}
		return true
	})
	return what
}

// literals are the texts of an expression, with a sign for what is only known at run time.
func literals(n ast.Node) string {
	switch n := n.(type) {
	case *ast.BasicLit:
		if n.Kind == token.STRING {
			s, _ := strconv.Unquote(n.Value)
			return s
		}
	case *ast.BinaryExpr:
		return literals(n.X) + literals(n.Y)
	case *ast.ParenExpr:
		return literals(n.X)
	}
	return " … "
}

func isNumber(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && slices.Contains([]string{"int", "int64", "uint64", "float64"}, id.Name)
}
