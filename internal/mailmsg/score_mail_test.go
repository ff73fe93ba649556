package mailmsg

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"goodturn/internal/sanitize"
)

type zammadWant struct {
	From        *string
	FromEmail   *string `json:"from_email"`
	FromName    *string `json:"from_display_name"`
	To, CC      *string
	Subject     *string
	ReplyTo     *string `json:"reply-to"`
	MessageID   *string `json:"message_id"`
	Body        *string
	ContentType string `json:"content_type"`
	Attachments []struct {
		FileName    string `json:"filename"`
		Size        int
		SHA256      string
		Preferences map[string]any
	}
}

func TestScoreZammad(t *testing.T) {
	dir := corpus(t, "mail", "zammad")
	s := score{name: "zammad fields", floor: 97.5}
	for _, file := range list(t, dir) {
		name, ok := strings.CutSuffix(file, ".expected.json")
		if !ok {
			continue
		}
		var w zammadWant
		if err := json.Unmarshal(readFile(t, filepath.Join(dir, file)), &w); err != nil {
			t.Fatal(err)
		}
		m := Parse(readFile(t, filepath.Join(dir, name+".box")))
		text := func(field, got string, want *string) {
			if want != nil {
				s.check(squash(got) == squash(*want), fmt.Sprintf("%s %s: got %q, want %q", name, field, cut(got), cut(*want)))
			}
		}
		text("address", m.From.Address, w.FromEmail)
		if w.FromEmail != nil && *w.FromName != *w.FromEmail {
			text("name", m.From.Name, w.FromName)
		}
		text("subject", m.Subject, w.Subject)
		addresses(&s, name+" to", m.To, w.To)
		addresses(&s, name+" cc", m.CC, w.CC)
		addresses(&s, name+" reply-to", m.ReplyTo, w.ReplyTo)
		if w.MessageID != nil && !strings.HasPrefix(*w.MessageID, "<gen-") {
			text("message id", "<"+m.MessageID+">", w.MessageID)
		}
		if w.Body != nil && *w.Body != "no visible content" {
			zammadBody(&s, name, m, w)
		}
		zammadFiles(&s, name, m, w)
	}
	s.report(t)
}

func addresses(s *score, label string, got []Address, want *string) {
	if want == nil {
		return
	}
	wanted := ParseAddresses([]byte(*want))
	ok := len(got) == len(wanted)
	for i := range min(len(got), len(wanted)) {
		ok = ok && strings.EqualFold(got[i].Address, wanted[i].Address)
	}
	s.check(ok, fmt.Sprintf("%s: got %q, want %q", label, got, *want))
}

var pageTitle = regexp.MustCompile(`(?is)<title>(.*?)</title>`)

// zammadBody compares the words of the body, whatever the markup.
func zammadBody(s *score, name string, m *Message, w zammadWant) {
	words := func(html string) string {
		s := squash(sanitize.Text(html))
		if plain, err := url.PathUnescape(s); err == nil {
			return plain // Zammad escapes the letters of a link that it shows
		}
		return s
	}
	want := squash(*w.Body)
	got := squash(m.Text)
	if m.HTML != "" {
		want, got = words(*w.Body), words(m.HTML)
		// Zammad shows the title of the page as its first words.
		if title := pageTitle.FindStringSubmatch(m.HTML); title != nil {
			want = strings.TrimPrefix(want, words(title[1]))
		}
	}
	s.check(got == want, fmt.Sprintf("%s body: got %q, want %q", name, cut(got), cut(want)))
}

func zammadFiles(s *score, name string, m *Message, w zammadWant) {
	for _, a := range w.Attachments {
		if a.Preferences["content-alternative"] == true {
			continue
		}
		named, bytes := false, false
		for _, b := range m.Attachments {
			named = named || sameName(b.Name, a.FileName) || a.FileName == "file" && strings.HasPrefix(b.Name, "attachment-")
			bytes = bytes || b.SHA256 == a.SHA256 || sha(toLF(b.Data)) == a.SHA256
		}
		var have []string
		for _, b := range m.Attachments {
			have = append(have, fmt.Sprintf("%s (%d)", b.Name, b.Size))
		}
		s.check(named, fmt.Sprintf("%s attachment name %q of %q", name, a.FileName, have))
		s.check(bytes, fmt.Sprintf("%s attachment bytes of %q (%d), have %q", name, a.FileName, a.Size, have))
	}
}

// toLF and sha: Zammad stores what came as text with line ends of \n, where the
// files beside it have \r\n; so do the results of stalwart. A file is right when
// nothing else differs.
func toLF(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }

func sha(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// sameName takes a U+FFFD of the expected name for any one letter: that reader could
// not read the byte, which is no reason for ours not to.
func sameName(got, want string) bool {
	g, w := []rune(squash(got)), []rune(squash(want))
	if len(g) != len(w) {
		return false
	}
	for i := range w {
		if w[i] != g[i] && (w[i] != '\uFFFD' || !unicode.IsLetter(g[i])) {
			return false
		}
	}
	return true
}

type stalwartPart struct {
	Headers []struct {
		Name  any
		Value json.RawMessage
	}
	Body map[string]json.RawMessage
}

type stalwartMail struct {
	HTMLBody    []int `json:"html_body"`
	TextBody    []int `json:"text_body"`
	Attachments []int
	Parts       []stalwartPart
}

func (p stalwartPart) value(name string) json.RawMessage {
	var last json.RawMessage
	for _, h := range p.Headers {
		if h.Name == name {
			last = h.Value
		}
	}
	return last
}

func TestScoreStalwart(t *testing.T) {
	subjects := score{name: "stalwart subjects", floor: 99}
	people := score{name: "stalwart addresses", floor: 99}
	files := score{name: "stalwart attachments", floor: 99}
	content := score{name: "stalwart attached bytes", floor: 99}
	// What is missed are the six of "malformed" where a multipart without parts is
	// read as text, or an outer boundary ends an inner multipart (RFC 2046 §5.1.2).
	counts := score{name: "stalwart attachment counts", floor: 86}
	texts := score{name: "stalwart texts", floor: 95}
	senders := score{name: "stalwart senders", floor: 99}
	for _, set := range []string{"rfc", "legacy", "malformed", "thirdparty"} {
		dir := corpus(t, "mail", "stalwart", set)
		for _, file := range list(t, dir) {
			name, ok := strings.CutSuffix(file, ".json")
			if !ok {
				continue
			}
			var w stalwartMail
			if err := json.Unmarshal(readFile(t, filepath.Join(dir, file)), &w); err != nil || len(w.Parts) == 0 {
				t.Fatalf("%s: %v", file, err)
			}
			m := Parse(readFile(t, filepath.Join(dir, name+".eml")))
			label := set + "/" + name
			var subject struct{ Text string }
			if v := w.Parts[0].value("subject"); v != nil && json.Unmarshal(v, &subject) == nil {
				subjects.check(squash(m.Subject) == squash(subject.Text), fmt.Sprintf("%s: got %q, want %q", label, m.Subject, subject.Text))
			}
			stalwartPeople(&senders, label+" from", []Address{m.From}, w.Parts[0].value("from"))
			stalwartPeople(&people, label+" reply-to", m.ReplyTo, w.Parts[0].value("reply_to"))
			counts.check(len(w.Attachments) == len(m.Attachments), fmt.Sprintf("%s: %d attachments, want %d", label, len(m.Attachments), len(w.Attachments)))
			for _, i := range w.TextBody {
				var text string
				if raw, ok := w.Parts[i].Body["Text"]; ok && json.Unmarshal(raw, &text) == nil {
					texts.check(strings.Contains(squash(m.Text), squash(text)), fmt.Sprintf("%s: text %q, want %q", label, cut(m.Text), cut(text)))
				}
			}
			stalwartPeople(&people, label+" to", m.To, w.Parts[0].value("to"))
			stalwartPeople(&people, label+" cc", m.CC, w.Parts[0].value("cc"))
			stalwartFiles(&files, &content, label, m, w)
		}
	}
	for _, s := range []*score{&subjects, &senders, &people, &files, &content, &counts, &texts} {
		s.report(t)
	}
}

func stalwartPeople(s *score, label string, got []Address, v json.RawMessage) {
	var want struct {
		Address struct {
			List  []struct{ Name, Address string }
			Group []struct {
				Addresses []struct{ Name, Address string }
			}
		}
	}
	if v == nil || json.Unmarshal(v, &want) != nil {
		return
	}
	list := want.Address.List
	for _, g := range want.Address.Group {
		list = append(list, g.Addresses...)
	}
	for i, w := range list {
		ok := i < len(got) && got[i].Address == w.Address && squash(got[i].Name) == squash(w.Name)
		var have any
		if i < len(got) {
			have = got[i]
		}
		s.check(ok, fmt.Sprintf("%s[%d]: got %+v, want %+v", label, i, have, w))
	}
}

func stalwartFiles(files, content *score, label string, m *Message, w stalwartMail) {
	for _, i := range w.Attachments {
		part := w.Parts[i]
		name := ""
		for _, field := range []string{"content_disposition", "content_type"} {
			var v struct {
				ContentType struct {
					Attributes []struct{ Name, Value string }
				}
			}
			if raw := part.value(field); raw != nil && json.Unmarshal(raw, &v) == nil {
				for _, a := range v.ContentType.Attributes {
					if name == "" && (a.Name == "filename" || a.Name == "name") {
						name = a.Value
					}
				}
			}
		}
		var have []string
		found := false
		for _, a := range m.Attachments {
			have = append(have, a.Name)
			found = found || sameName(a.Name, fileName(name))
		}
		if name != "" {
			files.check(found, fmt.Sprintf("%s: %q of %q", label, name, have))
		}
		var numbers []int
		if raw, ok := part.Body["Binary"]; ok && json.Unmarshal(raw, &numbers) == nil {
			data := make([]byte, len(numbers))
			for i, n := range numbers {
				data[i] = byte(n)
			}
			same := false
			for _, a := range m.Attachments {
				same = same || bytes.Equal(a.Data, data) || bytes.Equal(toLF(a.Data), data)
			}
			content.check(same, fmt.Sprintf("%s: bytes of %q (%d), have %q", label, name, len(data), have))
		}
	}
}

// TestScoreMime4j compares the decoded parts: each binary part must be an
// attachment byte by byte, each text part must be found in text or attachment.
func TestScoreMime4j(t *testing.T) {
	s := score{name: "mime4j decoded parts", floor: 99}
	for _, set := range []string{"mimetools-testmsgs", "testmsgs"} {
		dir := corpus(t, "mail", "mime4j", set)
		for _, file := range list(t, dir) {
			base, ok := strings.CutSuffix(file, ".msg")
			if !ok {
				continue
			}
			raw := readFile(t, filepath.Join(dir, file))
			m := Parse(raw)
			parts, err := filepath.Glob(filepath.Join(dir, base+"_decoded_*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range parts {
				data, err := os.ReadFile(part)
				if err != nil || len(strings.TrimSpace(string(data))) == 0 {
					continue
				}
				s.check(holds(m, data) || holdsText(m, raw, data), fmt.Sprintf("%s: %s (%d bytes)", base, filepath.Base(part), len(data)))
			}
		}
	}
	s.report(t)
}

// holds looks for bytes in a mail and in the mails attached to it.
func holds(m *Message, data []byte) bool {
	text, _ := toUTF8(data, "")
	if strings.Contains(squash(m.Text+m.HTML), squash(text)) {
		return true
	}
	for _, a := range m.Attachments {
		if string(a.Data) == string(data) || squash(string(a.Data)) == squash(string(data)) {
			return true
		}
		if a.Type == "message/rfc822" && holds(Parse(a.Data), data) {
			return true
		}
	}
	return false
}

var (
	namedCharset = regexp.MustCompile(`(?i)charset="?([\w-]+)`)
	markup       = regexp.MustCompile(`</?\w+>`)
	uuBlock      = regexp.MustCompile(`(?ms)^begin [0-7]{3} ([^\r\n]+)$.*?^end$`)
)

// holdsText allows for what mime4j leaves as it came and we do not: the charset,
// the markup of text/richtext, and files uuencoded within a text, of which the text
// around must be there and each file under its name.
func holdsText(m *Message, raw, data []byte) bool {
	for _, c := range namedCharset.FindAllSubmatch(raw, -1) {
		if text, _ := toUTF8(data, string(c[1])); holds(m, []byte(text)) {
			return true
		}
	}
	data = toLF(data)
	for _, file := range uuBlock.FindAllSubmatch(data, -1) {
		if !slices.ContainsFunc(m.Attachments, func(a Attachment) bool { return a.Name == string(file[1]) && a.Size > 0 }) {
			return false
		}
	}
	bare := markup.ReplaceAll(uuBlock.ReplaceAll(data, nil), nil)
	return len(bytes.TrimSpace(bare)) > 20 && holds(m, bare)
}
