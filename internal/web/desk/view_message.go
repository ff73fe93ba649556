package desk

import (
	"context"
	"path"
	"strings"
	"unicode/utf8"

	"goodturn/internal/i18n"
)

// A message that was read before is cut where it is longer than longLines, as lines of about lineRunes.
const (
	longLines = 40
	lineRunes = 75
)

// Of one message so many pictures stand below its text, and so many files are listed; the rest is folded.
const (
	shownPictures = 6
	shownFiles    = 12
)

// linesOf estimates how many lines a text takes on the page. It stops counting where that no longer matters.
func linesOf(text string) (n int) {
	for line := range strings.SplitSeq(text, "\n") {
		if n += 1 + utf8.RuneCountInString(line)/lineRunes; n > 10*longLines {
			break
		}
	}
	return n
}

// fold decides what of a message is folded: one that a program wrote is a line, a long one that was read is cut. The last
// message is never cut.
func (c *conversation) fold(m *Message, automatic bool) {
	m.Slim = automatic && !m.Note
	m.Long = !m.Slim && m.Seq <= c.reading.mark && m.Seq < c.ticket.Messages && linesOf(m.Text) > longLines
}

// slimLine is what a folded message says in one line: its first words.
func (m Message) slimLine(ctx context.Context) string {
	text := strings.Join(strings.Fields(m.Text[:min(len(m.Text), 600)]), " ")
	if text == "" {
		return i18n.T(ctx, "(This message is empty.)")
	}
	r := []rune(strings.ToValidUTF8(text, ""))
	if len(r) <= 90 {
		return string(r)
	}
	return string(r[:90]) + "…"
}

func (m Message) class() string {
	out := "message is-theirs"
	switch {
	case m.Note:
		out = "message is-note"
	case m.Ours:
		out = "message is-ours"
	}
	if m.Slim {
		out += " is-slim"
	}
	if m.Long {
		out += " is-long"
	}
	return out
}

// label names the article for screen readers.
func (m Message) label(ctx context.Context) string {
	switch {
	case m.Note:
		return i18n.T(ctx, "Note by {{.Name}}, only staff see this", "Name", m.Author)
	case m.Ours:
		return i18n.T(ctx, "Our answer, by {{.Name}}", "Name", m.Author)
	}
	return i18n.T(ctx, "Message from {{.Name}}", "Name", m.Author)
}

// pictures are those that stand below the text.
func (m Message) pictures() []Attachment {
	var out []Attachment
	for _, a := range m.Attachments {
		if a.Picture && len(out) < shownPictures {
			out = append(out, a)
		}
	}
	return out
}

// files are those that are listed, and those that are folded.
func (m Message) files() (first, more []Attachment) {
	n := min(len(m.Attachments), shownFiles)
	if n == len(m.Attachments)-1 {
		n++ // a fold for one file saves nothing
	}
	return m.Attachments[:n], m.Attachments[n:]
}

// ending is what kind of file it is, as its name says: "pdf".
func (a Attachment) ending() string {
	e := strings.ToLower(strings.TrimPrefix(path.Ext(a.Name), "."))
	if len(e) > 5 {
		return ""
	}
	return e
}

func (a Attachment) icon() string {
	switch {
	case a.Picture:
		return "image"
	case strings.HasSuffix(strings.ToLower(a.Name), ".eml"):
		return "mail"
	}
	return "file-text"
}
