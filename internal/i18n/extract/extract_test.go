package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestModule fails while a shipped language lacks a string, keeps one that nothing uses, or a call cannot be collected.
func TestModule(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	problems, err := verify(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// module writes a small module with one file of code and one catalogue.
func module(t *testing.T, code, messages string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range map[string]string{
		"go.mod":                             "module small\n\ngo 1.26\n",
		"page/page.go":                       "package page\n\nimport text \"small/internal/i18n\"\n\nconst half = \"half \"\n\nfunc f() {\n" + code + "\n}\n",
		"page/page_test.go":                  "package page\n\nimport \"small/internal/i18n\"\n\nvar _ = i18n.M(\"only in a test\")\n",
		"other/other.go":                     "package other\n\nfunc T(string) {}\n\nfunc f() { T(\"not ours\") }\n",
		"internal/i18n/catalogue/en.json":    `{"name": "English", "messages": {}}`,
		"internal/i18n/catalogue/ar.json":    `{"name": "x", "hidden": true, "messages": {}}`,
		"internal/i18n/catalogue/de.json":    `{"name": "Deutsch", "calendar": {"clock": "HH:mm"}, "messages": ` + messages + `}`,
		"internal/i18n/testdata/broken.go":   "package",
		"internal/i18n/.hidden/broken.go":    "package",
		"node_modules/somebody/broken_js.go": "package",
	} {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, code, messages, want string }{
		{"right", `text.T(ctx, "Hello {{.Name}}", "Name", n)`, `{"Hello {{.Name}}": "Hallo {{.Name}}"}`, ""},
		{"sum", `text.T(ctx, half+("full"))`, `{"half full": "halb voll"}`, ""},
		{"place", `text.C(ctx, "verb", "Open")`, `{"Open|verb": "Öffnen"}`, ""},
		{"plural", `text.N(ctx, "one {{.X}}", "{{.Count}} {{.X}}", n, "X", x)`, `{"{{.Count}} {{.X}}": {"one": "ein {{.X}}", "other": "{{.Count}} {{.X}}"}}`, ""},
		{
			"later", `_ = []any{text.M("a"), text.MN("one", "{{.Count}}", n), text.MC("here", "b")}`,
			`{"a": "A", "{{.Count}}": {"one": "1", "other": "{{.Count}}"}, "b|here": "B"}`, "",
		},
		{"values passed on", `text.T(ctx, "Hello {{.Name}}", pairs...)`, `{"Hello {{.Name}}": "Hallo {{.Name}}"}`, ""},
		{"not a literal", `text.T(ctx, id)`, `{}`, "page/page.go:8: i18n.T: the text must be a string literal"},
		{"call in a call", `text.T(ctx, "a {{.X}}", "X", text.T(ctx, id))`, `{"a {{.X}}": "a {{.X}}"}`, "page/page.go:8: i18n.T: the text must"},
		{"no value", `text.T(ctx, "Hello {{.Name}}")`, `{"Hello {{.Name}}": "Hallo {{.Name}}"}`, "nothing is given for {{.Name}}"},
		{"wrong value", `text.T(ctx, "Hello", "Name", n)`, `{"Hello": "Hallo"}`, "Name is given but has no place"},
		{"odd values", `text.T(ctx, "Hello {{.Name}}", "Name")`, `{"Hello {{.Name}}": "Hallo {{.Name}}"}`, "not pairs"},
		{"odd placeholder", `text.T(ctx, "Hello {{name}}")`, `{"Hello {{name}}": "Hallo"}`, "must look like"},
		{
			"counted and not", `text.N(ctx, "one", "{{.Count}} x", n); text.T(ctx, "{{.Count}} x", "Count", n)`,
			`{"{{.Count}} x": {"one": "ein", "other": "{{.Count}} x"}}`, "has the singular \"\" here",
		},
		{"missing", `text.M("a")`, `{}`, `de: "a" is missing`},
		{"empty", `text.M("a")`, `{"a": ""}`, `de: "a" has no translation`},
		{"empty form", `text.N(ctx, "one", "{{.Count}}", n)`, `{"{{.Count}}": {"one": "", "other": "{{.Count}}"}}`, "has no translation (one)"},
		{"needless form", `text.N(ctx, "one", "{{.Count}}", n)`, `{"{{.Count}}": {"one": "1", "few": "2", "other": "{{.Count}}"}}`, `plural form "few"`},
		{"left over", ``, `{"a": "A"}`, `de: "a" is used nowhere`},
		{"placeholder lost", `text.T(ctx, "Hello {{.Name}}", "Name", n)`, `{"Hello {{.Name}}": "Hallo"}`, "has the placeholders []"},
		{"count lost", `text.N(ctx, "one", "{{.Count}}", n)`, `{"{{.Count}}": {"one": "1", "other": "viele"}}`, "has the placeholders [] (other)"},
		{"form of a text", `text.M("a")`, `{"a": {"one": "A", "other": "A"}}`, "must be a text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := module(t, c.code, c.messages)
			if _, err := update(root, false); err != nil && c.want == "" {
				t.Fatal(err)
			}
			// update adds what is missing, so the catalogue is put back to what the case says.
			de := filepath.Join(root, home, "catalogue", "de.json")
			if err := os.WriteFile(de, []byte(`{"name": "Deutsch", "messages": `+c.messages+`}`), 0o644); err != nil {
				t.Fatal(err)
			}
			problems, err := verify(root)
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" && len(problems) > 0 {
				t.Errorf("problems: %q", problems)
			}
			if c.want != "" && !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, c.want) }) {
				t.Errorf("problems %q lack %q", problems, c.want)
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	root := module(t, `text.T(ctx, "a <b>"); text.N(ctx, "one", "{{.Count}}", n)`, `{"old": "alt"}`)
	if problems, err := verify(root); err != nil || len(problems) != 4 {
		t.Errorf("two missing, one left over and no list: %q, %v", problems, err)
	}
	if _, err := update(root, false); err != nil {
		t.Fatal(err)
	}
	const both = `{
  "name": "Deutsch",
  "calendar": {"clock": "HH:mm"},
  "messages": {
    "a <b>": "",
    "old": "alt",
    "{{.Count}}": {"one": "", "other": ""}
  }
}
`
	expectFile(t, filepath.Join(root, home, "catalogue/de.json"), both)
	if _, err := update(root, true); err != nil {
		t.Fatal(err)
	}
	expectFile(t, filepath.Join(root, home, "catalogue/de.json"), strings.Replace(both, "    \"old\": \"alt\",\n", "", 1))
	expectFile(t, filepath.Join(root, home, "messages.json"), `[
  {"id":"a <b>","used":["page/page.go"]},
  {"id":"{{.Count}}","one":"one","used":["page/page.go"]}
]
`)
	expectFile(t, filepath.Join(root, home, "catalogue/ar.json"), `{"name": "x", "hidden": true, "messages": {}}`)
}

func expectFile(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s:\n%s\nwant:\n%s", filepath.Base(path), got, want)
	}
}
