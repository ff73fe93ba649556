// Command extract keeps the catalogues of internal/i18n in step with the code.
//
// It reads every Go file of the module, the ones made from templ files included, and collects the messages of the calls i18n.T, N, C, M,
// MN and MC. Then it writes messages.json, the sorted list of all messages with the files that use them, and adds
// to each catalogue what it lacks, with an empty value for a translator to fill:
//
//	go generate ./internal/i18n              # collect and add
//	go run ./internal/i18n/extract -prune    # also remove translations that nothing uses any more
//	go run ./internal/i18n/extract -check    # change nothing; exit 1 when something is wrong or missing
//
// A new language is a file catalogue/CODE.json with a name and a calendar, as in en.json, and this command fills in the rest.
//
// Wrong are: an id that is not a literal, a placeholder without a value or a value without a placeholder, one id
// used both with and without a count, a translation that is missing, left over, lacks a plural form of its language or differs in placeholders.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	check := flag.Bool("check", false, "change nothing; exit 1 when something is wrong or missing")
	prune := flag.Bool("prune", false, "remove translations that nothing uses any more")
	flag.Parse()
	problems, err := run(*check, *prune)
	for _, p := range problems {
		fmt.Fprintln(os.Stderr, p)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "extract:", err)
	}
	if err != nil || *check && len(problems) > 0 {
		os.Exit(1)
	}
}

func run(check, prune bool) ([]string, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	if check {
		return verify(root)
	}
	return update(root, prune)
}

// moduleRoot is the nearest folder above the working one that holds a go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("find the module: no go.mod here or above")
		}
		dir = parent
	}
}

// home is the package's folder in the module.
const home = "internal/i18n"

// update writes messages.json and the catalogues, and gives what is still wrong.
func update(root string, prune bool) ([]string, error) {
	found, err := scan(root)
	if err != nil {
		return nil, err
	}
	if err := writeChanged(listPath(root), found.list()); err != nil {
		return nil, err
	}
	catalogues, err := readCatalogues(root)
	if err != nil {
		return nil, err
	}
	problems := found.problems
	for _, c := range catalogues {
		c.add(found)
		if prune {
			c.prune(found)
		}
		if err := writeChanged(c.path, c.encode()); err != nil {
			return nil, err
		}
		problems = append(problems, c.check(found)...)
	}
	return problems, nil
}

// verify gives what is wrong, and changes nothing.
func verify(root string) ([]string, error) {
	found, err := scan(root)
	if err != nil {
		return nil, err
	}
	catalogues, err := readCatalogues(root)
	if err != nil {
		return nil, err
	}
	problems := found.problems
	for _, c := range catalogues {
		problems = append(problems, c.check(found)...)
	}
	if have, err := os.ReadFile(listPath(root)); err != nil || !bytes.Equal(have, found.list()) {
		problems = append(problems, home+"/messages.json is out of date; run go generate ./"+home)
	}
	return problems, nil
}

func listPath(root string) string { return filepath.Join(root, home, "messages.json") }

// writeChanged leaves a file alone that is right already, so that build caches stay warm.
func writeChanged(path string, data []byte) error {
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, data) {
		return nil
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
