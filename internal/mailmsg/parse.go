package mailmsg

import (
	"bytes"
	"fmt"
	"strings"
)

// Parse reads a raw message. It always returns a Message; see the package
// comment for what it promises.
func Parse(raw []byte) *Message { return parse(raw, 0) }

// ParseBody reads a bare body, without any header, as plain text or HTML: the
// quote, signature and forward rules apply, nothing else.
func ParseBody(body []byte, html bool) *Message { return ParseBodyWithSubject(body, html, "") }

// ParseBodyWithSubject is ParseBody for a body whose subject is known: some
// clients tell a forward by nothing else.
func ParseBodyWithSubject(body []byte, html bool, subject string) (m *Message) {
	m = &Message{Kind: KindMessage, Subject: subject}
	defer m.survive()
	text, sure := toUTF8(body, "")
	if !sure {
		m.warn("The charset of the text was guessed.")
	}
	b := block{plain: cleanText(text)}
	if html {
		b = block{html: text, hasHTML: true}
		m.HTML = text
	}
	m.read([]block{b})
	m.Language = guessLanguage(m.NewText)
	m.Broken = m.Text == "" && m.HTML == "" && len(bytes.TrimSpace(body)) > 0
	return m
}

// survive keeps what was read when a library or a rule of ours panics on a mail
// nobody thought of.
func (m *Message) survive() {
	if r := recover(); r != nil {
		m.Broken = true
		m.warn(fmt.Sprintf("The mail could not be read to its end (%v).", r))
	}
}

// parse reads raw; nested counts the mails around it.
func parse(raw []byte, nested int) (m *Message) {
	m = &Message{Kind: KindMessage}
	defer m.survive()
	if isCompound(raw) {
		if o := parseOutlook(raw, nested); o != nil {
			return o
		}
	}
	if o := parseTNEF(raw, nested); o != nil {
		return o
	}
	body := prepare(raw)
	if len(bytes.TrimSpace(body)) == 0 {
		m.warn("The mail is empty.")
		m.Broken = true
		return m
	}
	root := readTree(m, body)
	m.readFields(root)
	c := collector{m: m, nested: nested, charset: wordCharset(root.header)}
	c.walk(root, nil, nil)
	c.finish()
	m.read(c.blocks)
	m.readCalendar(c.calendar)
	m.classify(root, &c)
	m.readForwardedFile(nested)
	m.Language = guessLanguage(m.NewText)
	if len(root.header) == 0 || m.Text == "" && m.HTML == "" && len(m.Attachments) == 0 && m.From == (Address{}) && m.Subject == "" {
		m.Broken = true
	}
	return m
}

// prepare takes off what stands before the first field and makes bare CR line
// ends readable.
func prepare(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		raw = []byte(decodeUTF16(raw, "utf-16")) // saved by an editor
	}
	raw = lineEnds(raw)
	// The separator of an mbox file, or what a pipe put before the mail.
	for range 5 {
		line, rest := nextLine(raw)
		empty := len(bytes.TrimSpace(line)) == 0
		separator := fieldName(line) == 0 && (bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From ")))
		junk := fieldName(line) == 0 && bytes.HasPrefix(line, []byte("--")) && headerFollows(rest)
		if rest == nil || !empty && !separator && !junk {
			break
		}
		raw = rest
	}
	if bare := bytes.TrimLeft(raw, " \t"); len(bare) < len(raw) && headerWord(bare[:min(len(bare), 100)]) {
		return bare
	}
	return raw
}

// lineEnds mends what some systems make of line ends: bare CR, and CR CR LF. The
// first 4 KiB tell; a mail that ends its lines rightly is left as it is.
func lineEnds(raw []byte) []byte {
	head := raw[:min(len(raw), 4096)]
	returns, feeds, both := bytes.Count(head, []byte("\r")), bytes.Count(head, []byte("\n")), bytes.Count(head, []byte("\r\n"))
	switch {
	case feeds > 0 && bytes.Count(head, []byte("\r\r\n")) == feeds:
		return bytes.ReplaceAll(raw, []byte("\r\r\n"), []byte("\r\n"))
	case returns > 0 && bytes.IndexByte(raw, '\n') < 0:
		return bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	case returns-both > 2*feeds && returns-both > 2:
		return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	return raw
}

// readFields fills what the top header says.
func (m *Message) readFields(root *entity) {
	h := root.header
	hint := textCharset(root)
	m.Subject = undouble(strings.TrimSpace(decodeWords(h.get("Subject"), hint)), 2)
	if from := parseAddresses(quoteName(h.get("From")), hint); len(from) > 0 && strings.Contains(bestFrom(from).Address, "@") {
		m.From = bestFrom(from)
	} else if from := addressesOf(h, "From", hint); len(from) > 0 {
		m.From = bestFrom(from)
	}
	if m.From.Address == "" {
		for _, name := range []string{"Sender", "Reply-To", "Return-Path", "X-Envelope-From"} {
			if list := parseAddresses(h.get(name), hint); len(list) > 0 && list[0].Address != "" {
				if m.From.Name == "" {
					m.From.Name = list[0].Name
				}
				m.From.Address = list[0].Address
				m.warn("The sender's address was taken from " + name + ".")
				break
			}
		}
	}
	m.To = addressesOf(h, "To", hint)
	m.CC = addressesOf(h, "Cc", hint)
	m.ReplyTo = addressesOf(h, "Reply-To", hint)
	m.Date = sentDate(h)
	m.MessageID = singleID(h.get("Message-ID"))
	m.InReplyTo = messageIDs(h.get("In-Reply-To"))
	for _, v := range h.all("References") {
		m.References = append(m.References, messageIDs(v)...)
	}
	m.Authentication = authentication(h)
}

// textCharset is the charset that the first text of a mail names: header fields
// with raw 8-bit letters were written by the same program.
func textCharset(e *entity) string {
	if label := e.params["charset"]; label != "" {
		return label
	}
	for _, child := range e.children {
		if strings.HasPrefix(child.typ, "text/") || child.multipart() {
			if label := textCharset(child); label != "" {
				return label
			}
		}
	}
	return ""
}

// wordCharset is the charset of the first encoded word of the header, other than
// UTF-8: the likeliest for a text that names none.
func wordCharset(h header) string {
	for _, name := range []string{"Subject", "From", "To"} {
		value := h.get(name)
		if i := bytes.Index(value, []byte("=?")); i >= 0 {
			if w, size := encodedWord(value[i:]); size > 0 && w.charset != "utf-8" && w.charset != "us-ascii" && charsetFor(w.charset) != nil {
				return w.charset
			}
		}
	}
	return ""
}

// bestFrom takes the first mailbox that has an address; the names of those
// without one are usually the first half of an unquoted name with a comma.
func bestFrom(list []Address) Address {
	for _, a := range list {
		if strings.Contains(a.Address, "@") {
			return a
		}
	}
	return list[0]
}

func addressesOf(h header, name, hint string) []Address {
	var list []Address
	for _, v := range h.all(name) {
		if len(list) < maxAddresses {
			list = append(list, parseAddresses(v, hint)...)
		}
	}
	return list
}
