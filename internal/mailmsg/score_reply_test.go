package mailmsg

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

func cut(s string) string {
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}

func TestScoreDiscourse(t *testing.T) {
	dir := corpus(t, "reply", "discourse")
	s := score{name: "discourse replies", floor: 99}
	for _, name := range list(t, filepath.Join(dir, "emails")) {
		m := ParseBody(readFile(t, filepath.Join(dir, "emails", name)), false)
		want := string(readFile(t, filepath.Join(dir, "trimmed", name)))
		s.check(squash(m.NewText) == squash(want), fmt.Sprintf("%s: got %q, want %q", name, cut(m.NewText), cut(want)))
	}
	s.report(t)
}

type replyRule struct {
	Target        string
	Equals        any
	EqualsTrimmed *string `json:"equals_trimmed"`
	Contains      *string
	NotContains   *string `json:"not_contains"`
	Matches       *string
	NotMatches    *string `json:"not_matches"`
}

// judge applies a rule about the new text; used is false for rules about the
// fragments of that library.
func (r replyRule) judge(got string) (ok, used bool) {
	if r.Target != "fragment[0]" && r.Target != "reply" && r.Target != "visible_text" {
		return false, false
	}
	switch {
	case r.EqualsTrimmed != nil:
		return squash(got) == squash(*r.EqualsTrimmed), true
	case r.Contains != nil:
		return strings.Contains(squash(got), squash(*r.Contains)), true
	case r.NotContains != nil:
		return !strings.Contains(squash(got), squash(*r.NotContains)), true
	case r.Matches != nil:
		re, err := regexp.Compile(*r.Matches)
		return err == nil && re.MatchString(got), err == nil
	case r.NotMatches != nil:
		re, err := regexp.Compile(*r.NotMatches)
		return err == nil && !re.MatchString(got), err == nil
	}
	if want, isText := r.Equals.(string); isText {
		return squash(got) == squash(want), true
	}
	return false, false
}

func TestScoreReplies(t *testing.T) {
	for _, set := range []score{{name: "crisp", floor: 99}, {name: "zapier", floor: 99}} {
		dir := corpus(t, "reply", set.name)
		var rules map[string][]replyRule
		if err := json.Unmarshal(readFile(t, filepath.Join(dir, "expected.json")), &rules); err != nil {
			t.Fatal(err)
		}
		for name, list := range rules {
			m := ParseBody(readFile(t, filepath.Join(dir, name)), false)
			for _, r := range list {
				ok, used := r.judge(m.NewText)
				if used {
					want, _ := json.Marshal(r)
					set.check(ok, fmt.Sprintf("%s: got %q, rule %s", name, cut(m.NewText), cut(string(want))))
				}
			}
		}
		set.report(t)
	}
}

func TestScoreTalon(t *testing.T) {
	s := score{name: "talon", floor: 99}
	dir := corpus(t, "reply", "talon-standard")
	for _, name := range list(t, dir) {
		if !strings.HasSuffix(name, ".eml") {
			continue
		}
		want := "Hello"
		if raw, err := os.ReadFile(filepath.Join(dir, strings.TrimSuffix(name, ".eml")+"_reply_text")); err == nil {
			want = string(raw)
		}
		m := Parse(readFile(t, filepath.Join(dir, name)))
		got := strings.TrimSpace(m.NewText + "\n" + m.Signature)
		s.check(squash(got) == squash(want) || squash(m.NewText) == squash(want), fmt.Sprintf("%s: got %q, want %q", name, cut(got), want))
	}
	dir = corpus(t, "reply", "talon-html")
	for _, name := range list(t, dir) {
		m := ParseBody(readFile(t, filepath.Join(dir, name)), true)
		s.check(squash(m.NewText) == "Hi.Iamfine.Thanks,Alex", fmt.Sprintf("%s: got %q", name, cut(m.NewText)))
	}
	s.report(t)
}

func TestScoreQuotequail(t *testing.T) {
	dir := corpus(t, "reply", "quotequail")
	s := score{name: "quotequail", floor: 99}
	var cases []struct {
		Test, Text, HTML string
		Expected         json.RawMessage
	}
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "inline-cases.json")), &cases); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		var want struct {
			Type    string
			TextTop string `json:"text_top"`
			Text    string
			From    string
		}
		if json.Unmarshal(c.Expected, &want) != nil || want.Type == "" {
			continue
		}
		body, html := c.Text, false
		if c.HTML != "" {
			body, html = c.HTML, true
		}
		m := ParseBody([]byte(body), html)
		label := fmt.Sprintf("case %d (%s)", i, want.Type)
		if want.Type == "forward" {
			ok := m.Forwarded != nil && squash(m.Forwarded.Text) == squash(want.Text)
			if ok && want.From != "" {
				from := forwardAddresses(want.From)
				ok = len(from) > 0 && from[0] == m.Forwarded.From
			}
			s.check(ok, fmt.Sprintf("%s: %q gave %+v, want %+v", label, cut(body), m.Forwarded, want))
			continue
		}
		if want.TextTop != "" {
			s.check(m.Forwarded == nil && strings.HasPrefix(squash(m.NewText), squash(want.TextTop)) && !strings.Contains(squash(m.NewText), squash(want.Text)),
				fmt.Sprintf("%s: got %q, want %q", label, cut(m.NewText), want.TextTop))
		}
	}
	quotequailFiles(t, dir, &s)
	s.report(t)
}

func quotequailFiles(t *testing.T, dir string, s *score) {
	t.Helper()
	for _, name := range []string{"gmail_reply.html", "apple_reply.html"} {
		m := ParseBody(readFile(t, filepath.Join(dir, name)), true)
		s.check(strings.HasPrefix(strings.ToLower(squash(m.NewText)), "foobar") && len(m.NewText) < 20, fmt.Sprintf("%s: got %q", name, cut(m.NewText)))
	}
	var files map[string]struct {
		Expected struct{ Type, From, Subject string }
	}
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "expected.json")), &files); err != nil {
		t.Fatal(err)
	}
	for name, f := range files {
		if f.Expected.Type != "forward" {
			continue
		}
		m := ParseBody(readFile(t, filepath.Join(dir, name)), true)
		ok := m.Forwarded != nil && m.Forwarded.Subject == f.Expected.Subject
		if ok && f.Expected.From != "" {
			from := forwardAddresses(f.Expected.From)
			ok = len(from) > 0 && strings.EqualFold(from[0].Address, m.Forwarded.From.Address)
		}
		s.check(ok, fmt.Sprintf("%s: got %+v, want %+v", name, m.Forwarded, f.Expected))
	}
}

func TestScoreForwards(t *testing.T) {
	dir := corpus(t, "reply", "forward-crisp")
	var cases []struct {
		Body, Subject string
		Assert        map[string]any
	}
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "expected.json")), &cases); err != nil {
		t.Fatal(err)
	}
	whole := score{name: "forwards (whole cases)", floor: 98}
	fields := score{name: "forwards (fields)", floor: 99}
	for _, c := range cases {
		subject := ""
		if c.Subject != "" {
			subject = strings.TrimSpace(string(readFile(t, filepath.Join(dir, c.Subject))))
		}
		m := ParseBodyWithSubject(readFile(t, filepath.Join(dir, c.Body)), false, subject)
		all := true
		for path, want := range c.Assert {
			got, ok := forwardValue(m, path)
			right := ok && (got == fmt.Sprint(want) || want == nil && got == "" || squash(got) == squash(fmt.Sprint(want)))
			all = all && right
			fields.check(right, fmt.Sprintf("%s %s: got %q, want %q", c.Body, path, cut(got), cut(fmt.Sprint(want))))
		}
		whole.check(all, c.Body)
	}
	whole.report(t)
	fields.report(t)
}

var indexed = regexp.MustCompile(`^email\.(to|cc)\[(\d)\]\.(name|address)$`)

func forwardValue(m *Message, path string) (string, bool) {
	f := m.Forwarded
	if path == "forwarded" {
		return fmt.Sprint(f != nil), true
	}
	if f == nil {
		return "", false
	}
	switch path {
	case "message":
		if m.NewText == f.Text {
			return "", true
		}
		return m.NewText, true
	case "email.subject":
		return f.Subject, true
	case "email.body":
		return f.Text, true
	case "email.from.address":
		return f.From.Address, true
	case "email.cc.length":
		return fmt.Sprint(len(f.CC)), true
	case "email.from.name":
		return f.From.Name, true
	}
	if found := indexed.FindStringSubmatch(path); found != nil {
		list := f.To
		if found[1] == "cc" {
			list = f.CC
		}
		i := int(found[2][0] - '0')
		if i >= len(list) {
			return "", false
		}
		if found[3] == "name" {
			return list[i].Name, true
		}
		return list[i].Address, true
	}
	return "", path == "email.date"
}
