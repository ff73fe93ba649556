package mailmsg

import (
	"path"
	"slices"
	"strings"
	"time"
)

// parseOutlook reads a .msg file as the mail that it holds; nil when it holds none.
func parseOutlook(data []byte, nested int) *Message {
	o, err := readOutlook(data)
	if err != nil {
		return nil
	}
	m := &Message{Kind: KindMessage}
	m.fromOutlook(o, nested)
	return m
}

// fromOutlook fills m. What came over the Internet has its header kept; that of
// mail within a house is made up of the properties.
func (m *Message) fromOutlook(o *outlook, nested int) {
	defer m.survive()
	var h header
	if len(o.headers) > 0 {
		h, _ = readHeader(prepare(o.headers), m.warn, nil)
	}
	root := newEntity(h)
	m.readFields(root)
	m.takeProperties(o)
	c := collector{m: m, nested: nested}
	switch signed := o.signedEntity(); {
	case signed != nil:
		c.walk(readTree(m, signed), nil, nil)
	default:
		if o.body != (block{}) {
			c.blocks = append(c.blocks, o.body)
		}
		c.outlookFiles(o)
	}
	c.finish()
	m.read(c.blocks)
	m.classify(root, &c)
	if strings.HasPrefix(strings.ToUpper(o.class), "IPM.NOTE.SMIME") && !m.Signed {
		m.Encrypted, m.Crypto = true, CryptoSMIME
	}
	m.Language = guessLanguage(m.NewText)
	if o.unreadable > 0 {
		m.warn("An attachment of an Outlook file could not be unpacked.")
	}
	m.Broken = m.Text == "" && m.HTML == "" && len(m.Attachments) == 0 && m.From == (Address{}) && m.Subject == ""
}

// takeProperties fills what the header left open.
func (m *Message) takeProperties(o *outlook) {
	if m.From == (Address{}) || m.From.Address == "" && o.from.Address != "" {
		m.From = o.from
	}
	if !reachable(m.To) && (len(m.To) == 0 || reachable(o.to)) {
		m.To = o.to
	}
	if !reachable(m.CC) && (len(m.CC) == 0 || reachable(o.cc)) {
		m.CC = o.cc
	}
	if len(m.ReplyTo) == 0 {
		m.ReplyTo = o.replyTo
	}
	if m.Subject == "" {
		m.Subject = o.subject
	}
	if m.Date.IsZero() {
		m.Date = o.date
	}
	if m.MessageID == "" {
		m.MessageID = o.id
	}
	if len(m.InReplyTo) == 0 {
		m.InReplyTo = o.inReplyTo
	}
	if len(m.References) == 0 {
		m.References = o.refs
	}
}

// reachable is true when any of the list has an address and not only a name.
func reachable(list []Address) bool {
	return slices.ContainsFunc(list, func(a Address) bool { return strings.Contains(a.Address, "@") })
}

// signedEntity gives the MIME entity that Outlook keeps as the only file of a
// signed message, nil for every other message ([MS-OXOSMIME] §2.1).
func (o *outlook) signedEntity() []byte {
	if len(o.files) != 1 || !strings.HasPrefix(strings.ToUpper(o.class), "IPM.NOTE.SMIME") {
		return nil
	}
	f := o.files[0]
	if f.Type == "multipart/signed" || headerFollows(f.Data) {
		return f.Data
	}
	if f.Type == "" || f.Type == "application/octet-stream" {
		return nil
	}
	return append([]byte("Content-Type: "+f.Type+"; name=\"smime.p7m\"\r\n\r\n"), f.Data...)
}

// outlookFiles keeps the files of a message and unpacks the messages among them.
func (c *collector) outlookFiles(o *outlook) {
	rest := o.messages
	for i := 0; i <= len(o.files); i++ {
		for len(rest) > 0 && rest[0].place == i {
			inner := &Message{Kind: KindMessage}
			inner.fromOutlook(rest[0], c.nested+1)
			c.addInner(inner, orElse(rest[0].subject, rest[0].name))
			rest = rest[1:]
		}
		if i < len(o.files) {
			c.outlookFile(o.files[i])
		}
	}
}

func (c *collector) outlookFile(f Attachment) {
	if f.Type == "" || f.Type == "application/octet-stream" {
		f.Type = typeByName(f.Name)
	}
	if f.Name = fileName(f.Name); f.Name == "" {
		f.Name = "attachment" + extension(f.Type, f.Data)
	}
	if c.decoded += len(f.Data); c.decoded > maxDecoded {
		c.m.warn("The mail is too large to be unpacked whole; some parts are kept only in the raw mail.")
		return
	}
	c.add(f)
	c.unpackOutlook(f)
}

// unpackOutlook adds what is in a .msg file that was just kept: its text, with
// who wrote it to whom, as a text file, and its files.
func (c *collector) unpackOutlook(a Attachment) {
	if !isCompound(a.Data) || c.nested >= maxOutlookDepth || a.Type != "application/vnd.ms-outlook" && !strings.EqualFold(path.Ext(a.Name), ".msg") {
		return
	}
	inner := parseOutlook(a.Data, c.nested+1)
	if inner == nil {
		c.m.warn("An Outlook file could not be unpacked.")
		return
	}
	c.addInner(inner, strings.TrimSuffix(a.Name, path.Ext(a.Name)))
}

// addInner adds a message that was found in an Outlook file, as files.
func (c *collector) addInner(inner *Message, name string) {
	for _, w := range inner.Warnings {
		c.m.warn(w)
	}
	if len(c.m.Attachments) >= maxParts {
		return
	}
	name = strings.NewReplacer("/", "-", `\`, "-").Replace(strings.Trim(name, " ."))
	c.add(Attachment{Name: orElse(name, "message") + ".txt", Type: "text/plain", Data: []byte(inner.letter())})
	for _, a := range inner.Attachments {
		if c.decoded += len(a.Data); c.decoded > maxDecoded || len(c.m.Attachments) >= maxParts {
			c.m.warn("The mail is too large to be unpacked whole; some parts are kept only in the raw mail.")
			return
		}
		// It belongs to the inner text, whatever the outer one calls by the same name.
		a.ContentID, a.Inline = "", false
		c.add(a)
	}
}

// letter writes a message as plain text with its main fields above.
func (m *Message) letter() string {
	var b strings.Builder
	field := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	field("From", m.From.line())
	field("To", addressLine(m.To))
	field("Cc", addressLine(m.CC))
	if !m.Date.IsZero() {
		field("Date", m.Date.Format(time.RFC1123Z))
	}
	field("Subject", m.Subject)
	return b.String() + "\n" + m.Text + "\n"
}

func (a Address) line() string {
	switch {
	case a.Name == "":
		return a.Address
	case a.Address == "":
		return a.Name
	}
	return a.Name + " <" + a.Address + ">"
}

func addressLine(list []Address) string {
	lines := make([]string, len(list))
	for i, a := range list {
		lines[i] = a.line()
	}
	return strings.Join(lines, ", ")
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
