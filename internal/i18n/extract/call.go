package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// visitor collects the calls of one file.
type visitor struct {
	found     *findings
	set       *token.FileSet
	file      string
	name      string // what the file calls the package, "" when it does not import it
	local     bool   // the file is of the package itself, so its calls are bare
	constants map[string]ast.Expr
}

func (v *visitor) visit(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return true
	}
	var name string
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok && v.name != "" && x.Name == v.name {
			name = fun.Sel.Name
		}
	case *ast.Ident:
		if v.local {
			name = fun.Name
		}
	}
	if s, ok := shapes[name]; ok {
		v.call(call, name, s)
	}
	return true
}

func (v *visitor) problem(n ast.Node, format string, args ...any) {
	line := v.set.Position(n.Pos()).Line
	v.found.problems = append(v.found.problems, fmt.Sprintf("%s:%d: %s", v.file, line, fmt.Sprintf(format, args...)))
}

func (v *visitor) call(call *ast.CallExpr, name string, s shape) {
	var m message
	var place string
	for _, want := range []struct {
		index int
		into  *string
		what  string
	}{{s.place, &place, "place"}, {s.one, &m.One, "singular"}, {s.id, &m.ID, "text"}} {
		if want.index < 0 {
			continue
		}
		if want.index >= len(call.Args) {
			v.problem(call, "i18n.%s lacks its %s", name, want.what)
			return
		}
		text, ok := v.literal(call.Args[want.index], 0)
		if !ok || text == "" {
			v.problem(call, "i18n.%s: the %s must be a string literal and not empty", name, want.what)
			return
		}
		*want.into = text
	}
	given := v.pairs(call, s)
	for _, bad := range badTexts(m, given, s.one >= 0) {
		v.problem(call, "%s", bad)
	}
	if s.place >= 0 {
		m.ID += "|" + place
	}
	v.add(call, m)
}

func (v *visitor) add(call *ast.CallExpr, m message) {
	have, ok := v.found.messages[m.ID]
	if !ok {
		m.Used = []string{v.file}
		v.found.messages[m.ID] = &m
		return
	}
	if have.One != m.One {
		v.problem(call, "%q has the singular %q here and %q in %s", m.ID, m.One, have.One, have.Used[0])
	}
	if !slices.Contains(have.Used, v.file) {
		have.Used = append(have.Used, v.file)
		slices.Sort(have.Used)
	}
}

// pairs gives the names of the values of a call, or nil when they cannot be read off it.
func (v *visitor) pairs(call *ast.CallExpr, s shape) []string {
	names := []string{}
	if call.Ellipsis.IsValid() {
		return nil
	}
	rest := call.Args[min(s.pairs, len(call.Args)):]
	if len(rest)%2 != 0 {
		v.problem(call, "the values are not pairs of a name and a value")
		return nil
	}
	for i := 0; i < len(rest); i += 2 {
		name, ok := v.literal(rest[i], 0)
		if !ok {
			v.problem(call, "the name of a value must be a string literal")
			return nil
		}
		names = append(names, name)
	}
	return names
}

// literal reads a constant string: a literal, a constant of the folder, or a sum of them.
func (v *visitor) literal(e ast.Expr, depth int) (string, bool) {
	if depth > 100 {
		return "", false // constants that name each other do not compile, but we only parse
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.ParenExpr:
		return v.literal(e.X, depth+1)
	case *ast.BinaryExpr:
		left, ok := v.literal(e.X, depth+1)
		right, ok2 := v.literal(e.Y, depth+1)
		return left + right, ok && ok2 && e.Op == token.ADD
	case *ast.Ident:
		if value, ok := v.constants[e.Name]; ok {
			return v.literal(value, depth+1)
		}
	}
	return "", false
}

var placeholder = regexp.MustCompile(`\{\{\.([A-Z][A-Za-z0-9]*)\}\}`)

// placeholders are the names between {{. and }}, sorted, each once.
func placeholders(text string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// malformed tells of braces that are no placeholder.
func malformed(text string) bool {
	rest := placeholder.ReplaceAllString(text, "")
	return strings.Contains(rest, "{{") || strings.Contains(rest, "}}")
}

// badTexts compares the placeholders of a message with the values given; nil given means unknown.
func badTexts(m message, given []string, counts bool) []string {
	var bad []string
	if malformed(m.ID) || malformed(m.One) {
		bad = append(bad, fmt.Sprintf("%q: a placeholder must look like {{.Name}}", m.ID))
	}
	used := placeholders(m.ID)
	for _, name := range placeholders(m.One) {
		if !slices.Contains(used, name) {
			bad = append(bad, fmt.Sprintf("%q: the plural lacks {{.%s}}", m.ID, name))
		}
	}
	if given == nil {
		return bad
	}
	for _, name := range used {
		if !slices.Contains(given, name) && !(counts && name == "Count") {
			bad = append(bad, fmt.Sprintf("%q: nothing is given for {{.%s}}", m.ID, name))
		}
	}
	for _, name := range given {
		if !slices.Contains(used, name) {
			bad = append(bad, fmt.Sprintf("%q: %s is given but has no place", m.ID, name))
		}
	}
	return bad
}
