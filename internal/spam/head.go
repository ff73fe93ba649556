package spam

import (
	"bytes"
	"strings"
)

// maxHead is how much of a mail is looked through for its fields, in bytes.
const maxHead = 64 << 10

// head holds the fields of a mail, by lower-case name; of several of one name the first.
type head map[string]string

func readHead(raw []byte) head {
	h := head{}
	last := ""
	for line := range bytes.Lines(raw[:min(len(raw), maxHead)]) {
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			break
		}
		if (text[0] == ' ' || text[0] == '\t') && last != "" {
			h[last] += " " + strings.TrimSpace(text)
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		last = ""
		if _, had := h[name]; ok && !had && name != "" && !strings.Contains(name, " ") {
			h[name], last = strings.TrimSpace(value), name
		}
	}
	return h
}

func (h head) has(name string) bool {
	_, ok := h[name]
	return ok
}

// flagged is the verdict of a spam filter that the mail went through.
func (h head) flagged() bool {
	return strings.HasPrefix(strings.ToLower(h["x-spam-flag"]), "yes") || strings.HasPrefix(strings.ToLower(h["x-spam-status"]), "yes")
}
