package arch

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
)

// banned are words that mean different things to the two engines, or cost what a page cannot pay.
var banned = map[string]*regexp.Regexp{
	"LIKE: keep a folded column":            regexp.MustCompile(`(?i)\bI?LIKE\b`),
	"ANY: use db.List":                      regexp.MustCompile(`(?i)=\s*ANY\b`),
	"LATERAL":                               regexp.MustCompile(`(?i)\bLATERAL\b`),
	"DISTINCT ON":                           regexp.MustCompile(`(?i)\bDISTINCT\s+ON\b`),
	"now(): use tx.Now":                     regexp.MustCompile(`(?i)\bnow\(\)|CURRENT_TIMESTAMP`),
	"generate_series":                       regexp.MustCompile(`(?i)\bgenerate_series\b`),
	"greatest/least: compare in Go or CASE": regexp.MustCompile(`(?i)\b(greatest|least)\(`),
	"group_concat: use string_agg":          regexp.MustCompile(`(?i)\bgroup_concat\b`),
	"json_each":                             regexp.MustCompile(`(?i)\bjson_each\b`),
	"percentile_cont":                       regexp.MustCompile(`(?i)\bpercentile_cont\b`),
	"OFFSET: use keyset pages":              regexp.MustCompile(`(?i)\bOFFSET\b`),
}

var (
	statement = regexp.MustCompile(`(?s)^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s`)
	// forOneEngine are the seams between the engines, by the names of their constants.
	forOneEngine = regexp.MustCompile(`(SQLite|Postgres)$`)
	rawSum       = regexp.MustCompile(`(?i)\bsum\(`)
)

// TestEveryStatementIsGoodOnBothEngines prepares each SQL text of the module. Texts that are put together
// from parts are prepared with the parts that the package holds as constants; those made from filters
// are run by the tests of their packages.
func TestEveryStatementIsGoodOnBothEngines(t *testing.T) {
	all := collectSQL(t)
	if len(all) < 100 {
		t.Fatalf("only %d statements were found", len(all))
	}
	for _, s := range all {
		for why, re := range banned {
			if re.MatchString(s.text) {
				t.Errorf("%s: banned: %s: %.80s", s.where, why, s.text)
			}
		}
		if rawSum.MatchString(s.text) && !strings.Contains(s.text, "CAST(sum(") {
			t.Errorf("%s: sum() needs a CAST: %.80s", s.where, s.text)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, s := range all {
			if s.engine != "" && s.engine != d.Engine() {
				continue
			}
			if err := d.Prepare(t.Context(), s.text); err != nil {
				t.Errorf("%s: %v\n%s", s.where, err, s.text)
			}
		}
	})
}

type sqlText struct {
	where  string
	text   string
	engine db.Engine // "" for both
}

func collectSQL(t *testing.T) (out []sqlText) {
	files := sources(t)
	constants := map[string]map[string]string{} // package folder → name → text
	for _, f := range files {
		for _, d := range f.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				for i := range v.Values {
					if text, whole := fold(v.Values[i], constants[packageOf(f.path)]); whole && text != "" {
						if constants[packageOf(f.path)] == nil {
							constants[packageOf(f.path)] = map[string]string{}
						}
						constants[packageOf(f.path)][v.Names[i].Name] = text
					}
				}
			}
		}
	}
	for _, f := range files {
		if strings.HasSuffix(f.path, "_test.go") || generated(f.path) || strings.HasPrefix(f.path, "internal/testserver") {
			continue
		}
		known := constants[packageOf(f.path)]
		ast.Inspect(f.file, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if _, name := n.(*ast.Ident); !ok || name {
				return true // a constant is looked at where it is made
			}
			text, whole := fold(e, known)
			if text == "" || !statement.MatchString(text) {
				return !whole
			}
			s := sqlText{where: f.fset.Position(e.Pos()).String(), text: text}
			if !whole {
				return false // made from parts at run time
			}
			s.engine = engineOf(f, e)
			out = append(out, s)
			return false
		})
	}
	return out
}

// fold gives the text of an expression of literals and known constants; whole is false when a part is
// only known at run time.
func fold(e ast.Expr, known map[string]string) (text string, whole bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.Ident:
		if s, ok := known[e.Name]; ok {
			return s, true
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			left, l := fold(e.X, known)
			right, r := fold(e.Y, known)
			if left == "" && !l {
				return "", false
			}
			return left + right, l && r
		}
	}
	return "", false
}

// engineOf finds the engine that a statement is for by the name of the constant that holds it.
func engineOf(f source, e ast.Expr) (engine db.Engine) {
	ast.Inspect(f.file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || v.Pos() > e.Pos() || v.End() < e.End() {
			return true
		}
		for i, x := range v.Values {
			if x.Pos() <= e.Pos() && e.End() <= x.End() {
				switch m := forOneEngine.FindString(v.Names[i].Name); m {
				case "SQLite":
					engine = db.SQLite
				case "Postgres":
					engine = db.Postgres
				}
			}
		}
		return true
	})
	return engine
}
