package portal

import (
	"context"
	"strings"

	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// A page of a long conversation begins with its newest part, so that it stays small on a bad line. Sizes are in bytes
// of text.
const (
	windowMessages = 12
	windowBytes    = 7000
	windowQuoted   = 600
)

// conversation gives the public messages, oldest first, as far as the visitor may read them; all of them, or the newest
// part and how many there are before it.
func (l *loader) conversation(ctx context.Context, all bool) (said []Said, earlier int, err error) {
	messages, err := ticket.Messages(ctx, l.tx, l.ticket.ID, false)
	if err != nil {
		return nil, 0, err
	}
	seen, err := l.sees(ctx, l.tx)
	if err != nil {
		return nil, 0, err
	}
	files, err := l.attached(ctx)
	if err != nil {
		return nil, 0, err
	}
	if !all {
		earlier = windowStart(messages)
	}
	for _, m := range messages[earlier:] {
		s, err := l.said(ctx, m, seen(m))
		if err != nil {
			return nil, 0, err
		}
		if !s.Hidden {
			s.Files = files[m.ID]
		}
		if !all {
			s.cut()
		}
		said = append(said, s)
	}
	return said, earlier, nil
}

// windowStart is the index of the first message that is shown at first.
func windowStart(messages []ticket.Message) int {
	size := 0
	for i := len(messages) - 1; i >= 0; i-- {
		size += min(len(messages[i].Text), windowBytes) + min(len(messages[i].Quoted), windowQuoted) + 200
		if shown := len(messages) - i; shown > 1 && (size > windowBytes || shown > windowMessages) {
			return i + 1
		}
	}
	return 0
}

func (l *loader) said(ctx context.Context, m ticket.Message, seen bool) (s Said, err error) {
	s = Said{Ours: !m.Inbound, Automatic: m.Automatic, At: m.CreatedAt, You: m.Inbound && m.AuthorID == l.actor.ID, Hidden: !seen}
	if s.Hidden {
		return s, nil
	}
	s.Text, s.Quoted = strings.TrimSpace(m.Text), strings.TrimSpace(m.Quoted)
	if l.unproven {
		s.Quoted = "" // a quote may hold what came by mail
	}
	if !s.You {
		s.Who, err = l.first(ctx, m.AuthorID)
	}
	return s, err
}

// attached gives the files of public messages by message.
func (l *loader) attached(ctx context.Context) (map[int64][]File, error) {
	all, err := ticket.Attachments(ctx, l.tx, l.ticket.ID, false)
	out := map[int64][]File{}
	for _, f := range all {
		out[f.MessageID] = append(out[f.MessageID], File{Name: f.Name, URL: fileURL(l.ticket.ID, f.ID), Size: f.Size, Picture: page.IsPicture(f.Type)})
	}
	return out, err
}

// cut shortens what is very long; the page offers the whole.
func (s *Said) cut() {
	var text, quoted bool
	s.Text, text = shorten(s.Text, windowBytes)
	s.Quoted, quoted = shorten(s.Quoted, windowQuoted)
	s.Cut = text || quoted
}

func shorten(text string, limit int) (string, bool) {
	if len(text) <= limit {
		return text, false
	}
	return strings.ToValidUTF8(text[:limit], "") + " …", true
}

// pictures are the files of which a small picture can be shown.
func (s Said) pictures() (out []File) {
	for _, f := range s.Files {
		if f.Picture {
			out = append(out, f)
		}
	}
	return out
}

// who names the writer of a message for the reader.
func (s Said) who(ctx context.Context, site string) string {
	switch {
	case s.You:
		return i18n.T(ctx, "You")
	case s.Who != "":
		return s.Who
	}
	return siteName(site)
}

// siteName is what the desk is called.
func siteName(name string) string {
	if name == "" {
		return "Goodturn"
	}
	return name
}
