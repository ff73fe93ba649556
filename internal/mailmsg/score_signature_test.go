package mailmsg

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

func TestScoreSharedSignature(t *testing.T) {
	dir := corpus(t, "mail", "signature-zammad")
	var want map[string]string
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "expected.json")), &want); err != nil {
		t.Fatal(err)
	}
	s := score{name: "signatures that mails share", floor: 99}
	for client, signature := range want {
		var texts []string
		for _, name := range list(t, dir) {
			if strings.HasPrefix(name, client) {
				texts = append(texts, string(readFile(t, filepath.Join(dir, name))))
			}
		}
		got := SharedSignature(texts)
		// What is expected is cut after ten lines.
		s.check(strings.HasPrefix(squash(got), squash(signature)), fmt.Sprintf("%s: got %q, want %q", client, got, signature))
		for _, text := range texts {
			rest, cutOff := CutSignature(text, got)
			s.check(cutOff != "" && !strings.Contains(squash(rest), squash(signature)), fmt.Sprintf("%s: %q left", client, cut(rest)))
		}
	}
	s.report(t)
}

func TestScoreTalonSignature(t *testing.T) {
	dir := corpus(t, "reply", "talon-signature")
	s := score{name: "talon signatures", floor: 66}
	for _, set := range []string{"P", "stripped"} {
		for _, name := range list(t, filepath.Join(dir, set)) {
			base, isBody := strings.CutSuffix(name, "_body")
			if !isBody || set == "P" {
				continue
			}
			path := filepath.Join(dir, set, base)
			body := strings.ReplaceAll(string(readFile(t, path+"_body")), "#sig#", "")
			want := strings.ReplaceAll(string(readFile(t, path+"_signature")), "#sig#", "")
			m := Parse([]byte("From: " + string(readFile(t, path+"_sender")) + "\nSubject: x\n\n" + body))
			s.check(squash(m.Signature) == squash(want), fmt.Sprintf("%s: got %q, want %q", base, m.Signature, want))
		}
	}
	s.report(t)
}

// TestScoreElided compares what was taken off with what discourse takes off.
func TestScoreElided(t *testing.T) {
	dir := corpus(t, "reply", "discourse")
	elided := score{name: "discourse: what is cut", floor: 95}
	lost := score{name: "discourse: nothing lost", floor: 100}
	for _, name := range list(t, filepath.Join(dir, "elided")) {
		raw := readFile(t, filepath.Join(dir, "emails", name))
		m := ParseBody(raw, false)
		got, want := sortedWords(m.QuotedText+"\n"+m.Signature), sortedWords(string(readFile(t, filepath.Join(dir, "elided", name))))
		elided.check(slices.Equal(got, want), fmt.Sprintf("%s: got %q, want %q", name, got, want))
		kept := sortedWords(m.NewText + "\n" + m.QuotedText + "\n" + m.Signature)
		for _, w := range sortedWords(string(raw)) {
			lost.check(slices.Contains(kept, w), fmt.Sprintf("%s: %q", name, w))
		}
	}
	elided.report(t)
	lost.report(t)
}

// sortedWords makes texts comparable whose lines are broken elsewhere and stand in
// another order; quote signs and lines of signs only are left out.
func sortedWords(s string) []string {
	var words []string
	for _, w := range strings.Fields(strings.ReplaceAll(s, ">", " ")) {
		if strings.Trim(w, "-_=*~#+ᐧ—:") != "" {
			words = append(words, w)
		}
	}
	sort.Strings(words)
	return words
}

func TestScoreEmbedded(t *testing.T) {
	dir := corpus(t, "reply", "discourse")
	s := score{name: "discourse: mails in mails", floor: 99}
	for _, name := range list(t, filepath.Join(dir, "embedded")) {
		m := ParseBodyWithSubject(readFile(t, filepath.Join(dir, "emails", name)), false, "Fwd: x")
		before, embedded := string(readFile(t, filepath.Join(dir, "before", name))), string(readFile(t, filepath.Join(dir, "embedded", name)))
		alone := before == "" && m.Forwarded != nil && m.NewText == m.Forwarded.Text
		ok := m.Forwarded != nil && (alone || squash(m.NewText) == squash(before)) && strings.HasSuffix(squash(embedded), squash(m.Forwarded.Text))
		s.check(ok, fmt.Sprintf("%s: got %q, %+v", name, m.NewText, m.Forwarded))
	}
	s.report(t)
}

func TestContactBlock(t *testing.T) {
	mail := func(text string) *Message {
		return Parse([]byte("From: Ann Miller <ann@example.com>\nSubject: x\n\n" + text))
	}
	m := mail("It does not print.\n\nAnn Miller\nHead of Sales\nExample Ltd\n+44 20 7946 0000")
	if m.NewText != "It does not print." || m.Signature != "Ann Miller\nHead of Sales\nExample Ltd\n+44 20 7946 0000" {
		t.Errorf("got %q, %q", m.NewText, m.Signature)
	}
	for _, text := range []string{
		"Please add our new colleague:\n\nBob Stone\nExample Ltd\n+44 20 7946 0000\nbob@example.com",
		"Thanks\n\nAnn",
		"Thanks\n\nAnn Miller\nHead of Sales\nExample Ltd",
		"Ann Miller\nHead of Sales\n+44 20 7946 0000",
		"These broke:\n\nAnn's screen\n- a mouse, see www.example.com\n- a cable",
	} {
		if m := mail(text); m.NewText != text {
			t.Errorf("%q became %q", text, m.NewText)
		}
	}
}
