package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// message is one text of the program.
type message struct {
	// ID is the key in the catalogues: the English text (the plural one of two), with "|place" behind it when it has a place.
	ID string `json:"id"`
	// One is the English singular of a message that counts, else empty.
	One string `json:"one,omitempty"`
	// Used lists the files that use it, relative to the module.
	Used []string `json:"used"`
}

// findings are all messages by key, and what is wrong with the calls.
type findings struct {
	messages map[string]*message
	problems []string
}

// shape tells where in a call's arguments things are; -1 means nowhere.
type shape struct{ place, one, id, pairs int }

// shapes are the calls that are collected.
var shapes = map[string]shape{
	"T":  {place: -1, one: -1, id: 1, pairs: 2},
	"N":  {place: -1, one: 1, id: 2, pairs: 4},
	"C":  {place: 1, one: -1, id: 2, pairs: 3},
	"M":  {place: -1, one: -1, id: 0, pairs: 1},
	"MN": {place: -1, one: 0, id: 1, pairs: 3},
	"MC": {place: 0, one: -1, id: 1, pairs: 2},
}

// scan reads every Go file of the module that is not a test.
func scan(root string) (*findings, error) {
	module, err := modulePath(root)
	if err != nil {
		return nil, err
	}
	folders := map[string][]string{}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if p != root && (name[0] == '.' || name[0] == '_' || name == "testdata" || name == "vendor" || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			folders[filepath.Dir(p)] = append(folders[filepath.Dir(p)], p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look through the module: %w", err)
	}
	found := &findings{messages: map[string]*message{}}
	for _, dir := range sortedKeys(folders) {
		if err := found.folder(root, module, folders[dir]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func modulePath(root string) (string, error) {
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", fmt.Errorf("read the module's name: %w", err)
	}
	for line := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "module "); ok {
			return name, nil
		}
	}
	return "", fmt.Errorf("read the module's name: go.mod has no module line")
}

// folder reads the files of one folder, whose constants may be used in each other's ids.
func (f *findings) folder(root, module string, paths []string) error {
	set := token.NewFileSet()
	var parsed []*ast.File
	constants := map[string]ast.Expr{}
	for _, p := range paths {
		file, err := parser.ParseFile(set, p, nil, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		parsed = append(parsed, file)
		collectConstants(file, constants)
	}
	for i, file := range parsed {
		rel, err := filepath.Rel(root, paths[i])
		if err != nil {
			return fmt.Errorf("name %s: %w", paths[i], err)
		}
		v := visitor{found: f, set: set, file: source(filepath.ToSlash(rel)), constants: constants}
		v.local = path.Dir(filepath.ToSlash(rel)) == home
		v.name = importName(file, module+"/"+home)
		if v.local || v.name != "" {
			ast.Inspect(file, v.visit)
		}
	}
	return nil
}

// source names the file a person edits: a templ file in the place of what is made from it.
func source(rel string) string {
	if made, ok := strings.CutSuffix(rel, "_templ.go"); ok {
		return made + ".templ"
	}
	return rel
}

func collectConstants(file *ast.File, into map[string]ast.Expr) {
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.CONST {
			continue
		}
		for _, s := range decl.Specs {
			spec := s.(*ast.ValueSpec)
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					into[name.Name] = spec.Values[i]
				}
			}
		}
	}
}

func importName(file *ast.File, importPath string) string {
	for _, i := range file.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err != nil || p != importPath {
			continue
		}
		if i.Name != nil {
			return i.Name.Name
		}
		return path.Base(importPath)
	}
	return ""
}

// list encodes the messages, sorted, one a line.
func (f *findings) list() []byte {
	var out bytes.Buffer
	out.WriteString("[")
	for i, id := range sortedKeys(f.messages) {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n  ")
		out.Write(encode(f.messages[id]))
	}
	out.WriteString("\n]\n")
	return out.Bytes()
}

// encode writes JSON for people: <, > and & stay as they are.
func encode(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // strings and slices of strings always encode
	}
	return bytes.TrimSpace(out.Bytes())
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
