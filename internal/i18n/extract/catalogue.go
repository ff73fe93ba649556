package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// catalogue is one language's file.
type catalogue struct {
	path     string
	code     string
	head     []field // everything but the messages, as it was
	messages map[string]translation
	forms    []string // the plural forms that whole numbers take in the language
}

type field struct {
	key   string
	value json.RawMessage
}

// translation is a text, or forms by their CLDR names for a message that counts.
type translation struct {
	text  string
	forms map[string]string
}

// UnmarshalJSON reads "text" or {"one": …, "other": …}.
func (t *translation) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return json.Unmarshal(data, &t.forms)
	}
	return json.Unmarshal(data, &t.text)
}

// readCatalogues reads every catalogue that translators fill: not English, which stands in the code, and no hidden one.
func readCatalogues(root string) ([]*catalogue, error) {
	paths, err := filepath.Glob(filepath.Join(root, home, "catalogue", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("find the catalogues: %w", err)
	}
	var all []*catalogue
	for _, p := range paths {
		code := strings.TrimSuffix(filepath.Base(p), ".json")
		if code == "en" {
			continue
		}
		c, hidden, err := readCatalogue(p, code)
		if err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", code, err)
		}
		if !hidden {
			all = append(all, c)
		}
	}
	return all, nil
}

func readCatalogue(path, code string) (*catalogue, bool, error) {
	tag, err := language.Parse(code)
	if err != nil {
		return nil, false, fmt.Errorf("language code: %w", err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, false, err
	}
	c := &catalogue{path: path, code: code, messages: map[string]translation{}, forms: formsOf(tag)}
	var hidden bool
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, false, fmt.Errorf("it is not a JSON object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, false, fmt.Errorf("read: %w", err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, false, fmt.Errorf("read %v: %w", key, err)
		}
		switch key {
		case "messages":
			err = json.Unmarshal(value, &c.messages)
		case "hidden":
			err = json.Unmarshal(value, &hidden)
			fallthrough
		default:
			c.head = append(c.head, field{fmt.Sprint(key), value})
		}
		if err != nil {
			return nil, false, fmt.Errorf("read %v: %w", key, err)
		}
	}
	return c, hidden, nil
}

// formNames are the plural forms of CLDR in their usual order.
var formNames = []string{"zero", "one", "two", "few", "many", "other"}

var formOf = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// formsOf tries enough numbers to meet every form that whole numbers take.
func formsOf(tag language.Tag) []string {
	seen := map[string]bool{"other": true}
	for _, n := range []int{1_000_000, 2_000_000} {
		seen[formOf[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]] = true
	}
	for n := range 1000 {
		seen[formOf[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]] = true
	}
	var forms []string
	for _, name := range formNames {
		if seen[name] {
			forms = append(forms, name)
		}
	}
	return forms
}

// add gives every message that the catalogue lacks an empty translation.
func (c *catalogue) add(f *findings) {
	for id, m := range f.messages {
		if _, ok := c.messages[id]; ok {
			continue
		}
		t := translation{}
		if m.One != "" {
			t.forms = map[string]string{}
			for _, form := range c.forms {
				t.forms[form] = ""
			}
		}
		c.messages[id] = t
	}
}

// prune removes what nothing uses.
func (c *catalogue) prune(f *findings) {
	for id := range c.messages {
		if f.messages[id] == nil {
			delete(c.messages, id)
		}
	}
}

// check tells what is missing, left over or wrong, sorted.
func (c *catalogue) check(f *findings) []string {
	var bad []string
	for _, id := range sortedKeys(f.messages) {
		t, ok := c.messages[id]
		if !ok {
			bad = append(bad, fmt.Sprintf("%s: %q is missing", c.code, id))
			continue
		}
		for _, what := range c.wrong(f.messages[id], t) {
			bad = append(bad, fmt.Sprintf("%s: %q %s", c.code, id, what))
		}
	}
	for _, id := range sortedKeys(c.messages) {
		if f.messages[id] == nil {
			bad = append(bad, fmt.Sprintf("%s: %q is used nowhere (remove it with -prune)", c.code, id))
		}
	}
	return bad
}

func (c *catalogue) wrong(m *message, t translation) []string {
	if (m.One != "") != (t.forms != nil) {
		return []string{"must be a text when it does not count, and plural forms when it does"}
	}
	if t.forms == nil {
		return differs("", m.ID, t.text, false)
	}
	var bad []string
	for _, form := range c.forms {
		bad = append(bad, differs(" ("+form+")", m.ID, t.forms[form], form != "other")...)
	}
	for _, form := range sortedKeys(t.forms) {
		if !slices.Contains(c.forms, form) {
			bad = append(bad, fmt.Sprintf("has the plural form %q, which the language lacks", form))
		}
	}
	return bad
}

// differs compares placeholders. A form for one certain number may do without the count: "one ticket".
func differs(form, id, text string, mayOmitCount bool) []string {
	if text == "" {
		return []string{"has no translation" + form}
	}
	if malformed(text) {
		return []string{"has a placeholder" + form + " that does not look like {{.Name}}"}
	}
	want, have := placeholders(id), placeholders(text)
	if mayOmitCount && !slices.Contains(have, "Count") {
		want = slices.DeleteFunc(want, func(name string) bool { return name == "Count" })
	}
	if !slices.Equal(want, have) {
		return []string{fmt.Sprintf("has the placeholders %v%s in the place of %v", have, form, want)}
	}
	return nil
}

// encode writes the file: the head as it was, the messages sorted, one a line.
func (c *catalogue) encode() []byte {
	var out bytes.Buffer
	out.WriteString("{\n")
	for _, f := range c.head {
		fmt.Fprintf(&out, "  %s: %s,\n", encode(f.key), f.value)
	}
	out.WriteString("  \"messages\": {")
	for i, id := range sortedKeys(c.messages) {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "\n    %s: ", encode(id))
		c.messages[id].encode(&out)
	}
	out.WriteString("\n  }\n}\n")
	return out.Bytes()
}

func (t translation) encode(out *bytes.Buffer) {
	if t.forms == nil {
		out.Write(encode(t.text))
		return
	}
	out.WriteByte('{')
	first := true
	for _, form := range formNames {
		text, ok := t.forms[form]
		if !ok {
			continue
		}
		if !first {
			out.WriteString(", ")
		}
		first = false
		fmt.Fprintf(out, "%q: %s", form, encode(text))
	}
	out.WriteByte('}')
}
