package mailmsg

import (
	"strings"

	"goodturn/internal/sanitize"
)

// unpackTNEF replaces a winmail.dat by what it holds; false keeps it as a file.
func (c *collector) unpackTNEF(data []byte) bool {
	t, err := readTNEF(data)
	if err != nil {
		c.m.warn("A winmail.dat could not be unpacked.")
		return false
	}
	if !c.hasText() {
		if b := t.block(); b != (block{}) {
			c.blocks = append(c.blocks, b)
		}
	}
	c.tnefFiles(t, 0)
	return true
}

// tnefFiles keeps the files of t. A message within it is a stream of its own: its
// text is kept as a file beside its files.
func (c *collector) tnefFiles(t *tnef, depth int) {
	for _, f := range t.files {
		if inner, err := readTNEF(f.Data); err == nil && depth < 5 {
			if text := inner.block().text(); text != "" {
				name := strings.NewReplacer("/", "-", `\`, "-").Replace(firstFull(inner.subject, f.Name, "message"))
				c.add(Attachment{Name: name + ".txt", Type: "text/plain", Data: []byte(text)})
			}
			c.tnefFiles(inner, depth+1)
			continue
		}
		if f.Type == "" || f.Type == "application/octet-stream" {
			f.Type = typeByName(f.Name)
		}
		if f.Name = fileName(f.Name); f.Name == "" {
			f.Name = "attachment" + extension(f.Type, f.Data)
		}
		c.add(f)
	}
}

func firstFull(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

// parseTNEF reads a bare stream, saved out of a mail, as the mail that it was; nil
// when it is none.
func parseTNEF(data []byte, nested int) *Message {
	t, err := readTNEF(data)
	if err != nil {
		return nil
	}
	m := &Message{Kind: KindMessage, Subject: t.subject, From: t.from}
	defer m.survive()
	c := collector{m: m, nested: nested, blocks: []block{t.block()}}
	c.tnefFiles(t, 0)
	c.finish()
	m.read(c.blocks)
	m.Language = guessLanguage(m.NewText)
	return m
}

func (c *collector) hasText() bool {
	for _, b := range c.blocks {
		if strings.TrimSpace(b.plain) != "" || b.hasHTML {
			return true
		}
	}
	return false
}

// text is the words of a block in whichever form it has them.
func (b block) text() string {
	if strings.TrimSpace(b.plain) == "" && b.hasHTML {
		return strings.TrimSpace(sanitize.Text(b.html))
	}
	return strings.TrimSpace(b.plain)
}

// block is the text of t.
func (t *tnef) block() block {
	b := block{plain: cleanText(t.plain)}
	switch {
	case len(t.html) > 0:
		label := metaCharset(t.html)
		if label == "" {
			label = t.codepage
		}
		b.html, _ = toUTF8(t.html, label)
		b.hasHTML = true
	case len(t.rtf) > 0:
		text, html := readRTF(t.rtf)
		if html != "" {
			b.html, b.hasHTML = html, true
		} else if strings.TrimSpace(b.plain) == "" {
			b.plain = text
		}
	}
	return b
}
