// Package arch holds the rules of the house that can be checked: which floor may import which, how long
// files and functions may be, and that every SQL text is good on both engines. It has tests only.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors lists the packages of each floor, lowest first. Imports go down; within a floor they are free on
// the first two, need an edge below between features, and are forbidden between surfaces.
var floors = [][]string{
	{ // base: knows nothing of help desks
		"db", "db/dbtest", "fault", "job", "live", "search", "mailmsg", "transport", "httpout", "picture", "filter", "calendar", "ics", "itip", "blob", "clock", "config",
		"i18n", "sanitize", "secret", "spam", "ratelimit", "testserver", "mailauth", "upload", "cluster", "redact", "markdown", "forecast", "rota", "report",
	},
	{"person", "ticket"}, // core
	{"mailbox", "view", "draft", "macro", "notice", "bulk", "sla", "automation", "intake", "routing", "line", "outage", "handoff", "fixnote", "outcome", "service", "brand", "button", "kb", "papercut", "gap", "lesson", "primer", "livechat", "thanks", "care", "stint", "shift", "proposal", "quiet"}, // features
	{"web/page", "web/ui", "web/desk", "web/portal", "web/admin", "web/lead", "web/demo", "api", "web/ask", "web/helping", "web/article", "web/thanks", "web/rota", "web/stint", "web/plan", "web/load"},                                                                                                 // surfaces
	{"app", "app/demodata"},
}

// edges are the imports within a floor, with the reason.
var edges = map[string]string{
	"ticket → person":        "a ticket is between people",
	"web/page → web/ui":      "every page is made of the components",
	"web/desk → web/page":    "the frame of a page",
	"web/desk → web/ui":      "components",
	"web/portal → web/page":  "the frame of a page",
	"web/portal → web/ui":    "components",
	"web/admin → web/page":   "the frame of a page",
	"web/admin → web/ui":     "components",
	"web/ask → web/ui":       "components",
	"web/portal → web/ask":   "the questions of services, as requesters see them",
	"web/admin → web/ask":    "the same, tried out",
	"web/lead → web/page":    "the frame of a page",
	"web/lead → web/ui":      "components",
	"web/demo → web/page":    "the frame of a page",
	"web/demo → web/ui":      "components",
	"web/ui/uitest → web/ui": "the tests of all pages hold them to the rules of the components",
	"api → web/page":         "one mapping of faults to statuses, one form of route",
	"line → routing":         "the line is the order in which work is given out",
	"automation → macro":     "rules answer with the texts of macros, and fill in their variables",
	"web/article → web/page": "the frame of a page",
	"web/article → web/ui":   "components",
	"web/rota → web/page":    "the frame of a page",
	"web/rota → web/ui":      "components",
	"web/helping → web/page": "the frame of a page",
	"web/helping → web/ui":   "components",
	"web/thanks → web/page":  "the frame of a page",
	"web/thanks → web/ui":    "components",
	"web/plan → web/page":    "the frame of a page",
	"web/plan → web/ui":      "components",
	"web/load → web/page":    "the frame of a page",
	"web/load → web/ui":      "components",
	"quiet → shift":          "somebody's time at the desk is their shifts",
	"proposal → shift":       "it is proposed who takes the shifts, and taking gives them",
	"handoff → mailbox":      "who hands on is told by mail, and mail hands on too",
	"mailbox → handoff":      "its tests take mail in for real helpers; Go itself forbids the program the circle",
	"app/bench → app":        "it fills a desk as the import does",
	"shift → routing":        "absences are those of routing, which the tests set as people do",
	"stint → draft":          "what a guest has written is handed on to their mentor as a draft is",
	"stint → papercut":       "what annoys, said in a debrief, is a papercut of the guest's",
	"stint → gap":            "what should be written down, said in a debrief, is a gap",
	"stint → kb":             "that an article has the answer makes a ticket fit for somebody new",
	"stint → routing":        "the starter line has the order of what is taken next",
	"web/stint → web/page":   "the frame of a page",
	"web/stint → web/ui":     "components",
	"livechat → button":      "whether chats are offered, and to whom they go, is set with the button",
	"gap → kb":               "a gap is closed by an article",
	"primer → gap":           "what people ask most are the topics of their tickets",
	"primer → kb":            "the best answer is the published article",
	"primer → fixnote":       "else what a fix note taught",
	"primer → lesson":        "else the answer that helped, without names",
	"lesson → kb":            "what solved tickets teach becomes an article",
	"lesson → fixnote":       "a fix note says best what to do",
	"lesson → outcome":       "what worked comes first",
	"lesson → macro":         "a macro and an article say the same",
	"outcome → fixnote":      "the letter after solving waits for the note",
	"app → app/demodata":     "the words of the demo",
}

const module = "goodturn/internal/"

func TestImportsGoDown(t *testing.T) {
	for _, f := range sources(t) {
		from := packageOf(f.path)
		if from == "" || (strings.HasSuffix(f.path, "_test.go") && (floorOf(from) == len(floors)-1 || from == "arch")) {
			continue
		}
		low := floorOf(from)
		if low < 0 {
			t.Errorf("%s: the package %s stands on no floor; add it to floors", f.path, from)
			continue
		}
		for _, i := range f.file.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			to, ours := strings.CutPrefix(path, module)
			if !ours || to == from {
				continue
			}
			high := floorOf(to)
			_, edge := edges[from+" → "+to]
			test := strings.HasSuffix(f.path, "_test.go") && strings.HasSuffix(to, "test")
			switch {
			case high > low:
				t.Errorf("%s imports %s, which stands above it", f.path, to)
			case high == low && low > 0 && !edge && !test:
				t.Errorf("%s imports %s beside it; say why in edges, or ask a floor below", f.path, to)
			}
		}
	}
}

// floorOf finds the floor of a package, or -1. A package belongs to the longest name that it lies under.
func floorOf(pkg string) int {
	found, length := -1, -1
	for i, floor := range floors {
		for _, name := range floor {
			if (pkg == name || strings.HasPrefix(pkg, name+"/")) && len(name) > length {
				found, length = i, len(name)
			}
		}
	}
	return found
}

// Files aim at 300 lines and end at 600; functions aim at 50 and end at 90; generated files are nobody's to
// shorten.
const (
	maxFile     = 600
	maxFunction = 90
)

func TestNothingIsTooLong(t *testing.T) {
	for _, f := range sources(t) {
		if generated(f.path) {
			continue
		}
		if n := f.fset.File(f.file.Pos()).LineCount(); n > maxFile {
			t.Errorf("%s has %d lines; %d is the end", f.path, n, maxFile)
		}
		for _, d := range f.file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || strings.HasSuffix(f.path, "_test.go") {
				continue
			}
			if n := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1; n > maxFunction {
				t.Errorf("%s: %s has %d lines; %d is the end", f.path, fn.Name.Name, n, maxFunction)
			}
		}
	}
}

func TestEveryPackageAndExportedNameIsDocumented(t *testing.T) {
	said := map[string]bool{}
	for _, f := range sources(t) {
		dir := filepath.Dir(f.path)
		if f.file.Doc != nil {
			said[dir] = true
		} else if _, seen := said[dir]; !seen {
			said[dir] = false
		}
		if generated(f.path) || strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		for _, d := range f.file.Decls {
			undocumented(d, func(name string) { t.Errorf("%s: %s has no comment", f.path, name) })
		}
	}
	for dir, ok := range said {
		if !ok {
			t.Errorf("%s: the package has no comment", dir)
		}
	}
}

// undocumented calls found with each exported name of a declaration that nothing is said about.
func undocumented(d ast.Decl, found func(string)) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || receiverExported(d.Recv)) && !wellKnown[d.Name.Name] {
			found(d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
					found(s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						found(n.Name)
					}
				}
			}
		}
	}
}

// wellKnown methods say by their name which interface of the standard library they fulfil.
var wellKnown = map[string]bool{"Error": true, "Unwrap": true, "String": true, "ServeHTTP": true, "Close": true, "Read": true, "Write": true, "MarshalText": true, "UnmarshalText": true, "LogValue": true, "Len": true, "Less": true, "Swap": true, "Run": true}

func receiverExported(r *ast.FieldList) bool {
	expr := r.List[0].Type
	if s, ok := expr.(*ast.StarExpr); ok {
		expr = s.X
	}
	id, ok := expr.(*ast.Ident)
	return ok && id.IsExported()
}

type source struct {
	path string // from the module's root
	fset *token.FileSet
	file *ast.File
}

// sources parses every Go file of the module.
func sources(t *testing.T) (out []source) {
	t.Helper()
	const root = "../.."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "tools") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		out = append(out, source{rel, fset, f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d files were found", len(out))
	}
	return out
}

func packageOf(path string) string {
	pkg, ours := strings.CutPrefix(filepath.ToSlash(filepath.Dir(path)), "internal/")
	if !ours || pkg == "arch" {
		return ""
	}
	return pkg
}

func generated(path string) bool { return strings.HasSuffix(path, "_templ.go") }
