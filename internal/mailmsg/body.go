package mailmsg

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"goodturn/internal/sanitize"
)

// block is one piece of the text of a mail, in one or both of its forms.
type block struct {
	plain, html string
	hasHTML     bool
}

// collector walks the MIME tree and sorts the parts into text and attachments.
type collector struct {
	m        *Message
	blocks   []block
	nested   int
	unwraps  int    // signatures that were opened
	charset  string // that of encoded words in the header, "" when unknown
	decoded  int    // bytes that decoding has produced
	calendar calendarPart
	reports  []*entity // message/delivery-status, feedback-report and the like
	original []byte    // the mail or header that a report sends back
}

// walk takes e apart. into is the block of an enclosing alternative, nil outside.
func (c *collector) walk(e, parent *entity, into *block) {
	if !e.multipart() {
		c.leaf(e, parent, into)
		return
	}
	switch e.subtype() {
	case "alternative":
		c.alternative(e, into)
	case "related":
		c.related(e, into)
	case "signed":
		c.m.Signed, c.m.Crypto = true, cryptoOf(e.params["protocol"])
		c.each(e, into)
	case "encrypted":
		c.encrypted(e)
	default:
		c.each(e, into)
	}
}

func (c *collector) each(e *entity, into *block) {
	for _, child := range e.children {
		c.walk(child, e, into)
	}
}

func (c *collector) alternative(e *entity, into *block) {
	if into != nil {
		c.each(e, into)
		return
	}
	var b block
	c.each(e, &b)
	if b != (block{}) {
		c.blocks = append(c.blocks, b)
	}
}

// related holds a root and what it shows (RFC 2387); the root is named by start
// or is the first.
func (c *collector) related(e *entity, into *block) {
	root := 0
	if start := strings.Trim(e.params["start"], "<>"); start != "" {
		for i, child := range e.children {
			if contentID(child.header) == start {
				root = i
			}
		}
	}
	for i, child := range e.children {
		if i == root || child.multipart() {
			c.walk(child, e, into)
			continue
		}
		if strings.HasPrefix(child.typ, "text/") && contentID(child.header) == "" {
			c.walk(child, e, into)
			continue
		}
		c.attach(child)
	}
}

func (c *collector) leaf(e, parent *entity, into *block) {
	disposition, dparams := parseParams(e.header.get("Content-Disposition"))
	named := dparams["filename"] != "" || e.params["name"] != "" || dparams["name"] != ""
	inAlternative := parent != nil && parent.subtype() == "alternative"
	isText := e.typ == "text/plain" || e.typ == "text/html" || e.typ == "text/enriched" || e.typ == "text/richtext"
	c.note(e, parent)
	switch {
	case c.unwrapSigned(e):
		return
	case e.typ == "text/x-amp-html" || e.typ == "text/watch-html":
		return
	case !isText || disposition == "attachment":
		c.attach(e)
		return
	case named && !inAlternative && parent != nil && (len(c.blocks) > 0 || dparams["filename"] != "" && disposition != "inline"):
		c.attach(e)
		return
	}
	c.text(e, into)
}

// note remembers what decides the kind of the mail.
func (c *collector) note(e, parent *entity) {
	switch e.typ {
	case "text/calendar":
		c.calendar.note(e)
	case "message/delivery-status", "message/feedback-report", "message/disposition-notification":
		c.reports = append(c.reports, e)
	case "message/rfc822", "text/rfc822-headers", "message/global", "message/partial":
		if c.original == nil {
			c.original = c.decode(e)
		}
	case "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature":
		c.m.Signed, c.m.Crypto = true, cryptoOf(e.typ)
	}
}

// decode undoes the transfer encoding within the budget of the whole mail.
func (c *collector) decode(e *entity) []byte {
	encoding := e.header.plain("Content-Transfer-Encoding")
	if encoding != "" {
		// Only decoded copies count; the rest are slices of the mail itself.
		if c.decoded+len(e.raw) > maxDecoded {
			c.m.warn("The mail is too large to be unpacked whole; some parts are kept only in the raw mail.")
			return nil
		}
	}
	data, ok := decodeTransfer(e.raw, encoding)
	if !ok {
		c.m.warn("A part is damaged (" + encodingName(encoding) + ").")
	}
	if len(data) > 0 && len(e.raw) > 0 && &data[0] != &e.raw[0] {
		c.decoded += len(data)
	}
	return data
}

func (c *collector) text(e *entity, into *block) {
	data := c.decode(e)
	if end := readable(data, e.typ == "text/html"); end < len(data) {
		c.m.warn("A text is longer than 2 MiB or 50,000 lines; it is attached whole and shown cut.")
		c.attachData(e, data)
		data = data[:end]
	}
	if e.typ == "text/plain" {
		var files []uuFile
		if files, data = splitUU(data); len(files) > 0 {
			for _, f := range files {
				c.add(Attachment{Name: f.name, Type: typeByName(f.name), Data: f.data})
			}
		}
	}
	label := e.params["charset"]
	if label == "" && e.typ == "text/html" {
		label = metaCharset(data)
	}
	s, sure := toUTF8(data, label)
	if !sure && !utf8.Valid(data) {
		if other := c.otherCharset(e, data, label); other != "" {
			s, _ = toUTF8(data, other)
		}
	}
	if !sure {
		c.m.warn("The charset of a text was guessed.")
	}
	if once := undouble(s, 3); len(once) != len(s) {
		c.m.warn("A text was encoded twice.")
		s = once
	}
	if e.typ == "text/html" {
		c.put(block{html: strings.ReplaceAll(s, "\x00", ""), hasHTML: true}, into)
		return
	}
	s = cleanText(s)
	switch {
	case e.typ != "text/plain":
		s = stripEnriched(s)
	case strings.EqualFold(e.params["format"], "flowed"):
		s = unflow(s, strings.EqualFold(e.params["delsp"], "yes"))
	}
	s = c.inlinePGP(s)
	c.put(block{plain: s}, into)
}

// otherCharset is what else speaks of the charset of a text whose label is missing
// or wrong: the page itself, then the header of the mail.
func (c *collector) otherCharset(e *entity, data []byte, label string) string {
	if e.typ == "text/html" {
		if meta := metaCharset(data); meta != "" && !strings.EqualFold(meta, label) && !strings.HasPrefix(strings.ToLower(meta), "utf") && knownCharset(meta) {
			return meta
		}
	}
	if knownCharset(label) && singleByte(charsetFor(cleanLabel(label))) {
		return ""
	}
	return c.charset
}

// readable is how much of a text is read as such.
func readable(data []byte, html bool) int {
	end := min(len(data), 2*maxText)
	if html || bytes.Count(data[:end], []byte("\n")) <= maxLines {
		return end
	}
	at := 0
	for range maxLines {
		at += bytes.IndexByte(data[at:], '\n') + 1
	}
	return at
}

// put adds a text; inside an alternative the forms of one text share a block.
func (c *collector) put(b block, into *block) {
	if into == nil {
		c.blocks = append(c.blocks, b)
		return
	}
	if b.hasHTML {
		into.html, into.hasHTML = joinNonEmpty(into.html, b.html, "\n"), true
		return
	}
	into.plain = joinNonEmpty(into.plain, b.plain, "\n")
}

func joinNonEmpty(a, b, sep string) string {
	switch {
	case strings.TrimSpace(a) == "":
		return b
	case strings.TrimSpace(b) == "":
		return a
	}
	return a + sep + b
}

// finish settles what depends on the whole: HTML and which pictures it shows.
func (c *collector) finish() {
	any := false
	for _, b := range c.blocks {
		any = any || b.hasHTML
	}
	if !any {
		return
	}
	var parts []string
	for _, b := range c.blocks {
		switch {
		case b.hasHTML:
			parts = append(parts, b.html)
		case strings.TrimSpace(b.plain) != "":
			parts = append(parts, "<div>"+strings.ReplaceAll(html.EscapeString(strings.TrimRight(b.plain, "\n")), "\n", "<br>\n")+"</div>")
		}
	}
	c.m.HTML = strings.Join(parts, "\n")
	c.markInline()
}

func (c *collector) markInline() {
	var shown map[string]bool
	for i := range c.m.Attachments {
		a := &c.m.Attachments[i]
		if a.ContentID == "" || a.Inline {
			continue
		}
		if shown == nil {
			shown = shownIDs(c.m.HTML)
		}
		a.Inline = shown[a.ContentID]
	}
}

// shownIDs are the Content-IDs that links of HTML name (RFC 2392), in both cases of
// the scheme and with and without escapes.
func shownIDs(source string) map[string]bool {
	ids := make(map[string]bool)
	for rest := source; ; {
		i := strings.IndexByte(rest, ':')
		if i < 0 {
			return ids
		}
		isID := i >= 3 && strings.EqualFold(rest[i-3:i], "cid")
		rest = rest[i+1:]
		if !isID {
			continue
		}
		id := rest
		if end := strings.IndexAny(rest[:min(len(rest), 1000)], "\"'<> \t\r\n)"); end >= 0 {
			id = rest[:end]
		} else if len(rest) > 1000 {
			continue
		}
		id = html.UnescapeString(id)
		ids[id] = true
		if plain, err := url.PathUnescape(id); err == nil {
			ids[plain] = true
		}
	}
}

// cleanText brings plain text to one form: line ends \n, no null bytes.
func cleanText(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// unflow joins the soft line breaks of format=flowed (RFC 3676 §4).
func unflow(s string, delsp bool) string {
	var b strings.Builder
	b.Grow(len(s))
	open, openDepth := false, 0
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		depth := len(line) - len(strings.TrimLeft(line, ">"))
		text := strings.TrimPrefix(line[depth:], " ")
		if depth == 0 && strings.HasPrefix(line, ">") {
			text = line
		}
		signature := text == "-- "
		if open && (depth != openDepth || signature) {
			b.WriteByte('\n')
			open = false
		}
		if !open {
			b.WriteString(strings.Repeat(">", depth))
			if depth > 0 && text != "" {
				b.WriteByte(' ')
			}
		}
		open = strings.HasSuffix(text, " ") && !signature
		openDepth = depth
		if open && delsp {
			text = text[:len(text)-1]
		}
		b.WriteString(text)
		if !open {
			b.WriteByte('\n')
		}
	}
	if open {
		b.WriteByte('\n')
	}
	return b.String()
}

var enrichedTag = regexp.MustCompile(`</?[A-Za-z][A-Za-z0-9-]{0,60}>`)

// stripEnriched reads text/enriched (RFC 1896) as the text it carries.
func stripEnriched(s string) string {
	s = strings.ReplaceAll(s, "<<", "\x01")
	s = enrichedTag.ReplaceAllString(s, "")
	return strings.ReplaceAll(s, "\x01", "<")
}

var metaTag = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9_:.-]{2,40})`)

func metaCharset(data []byte) string {
	head := data[:min(len(data), 4096)]
	if !bytes.Contains(head, []byte("harset")) && !bytes.Contains(head, []byte("HARSET")) {
		return ""
	}
	if found := metaTag.FindSubmatch(head); found != nil {
		return string(found[1])
	}
	return ""
}

var noHTMLReader = regexp.MustCompile(`(?i)(does not|doesn't|can't|cannot|unable to|not able to|kann|nicht)\W+(support|display|view|read|show|anzeigen|darstellen|unterst).{0,60}html|html.{0,40}(e-?mail|message|version|format).{0,60}(view|client|reader|browser|capable|enabled)`)

// read builds Text from the blocks and parts it into what is new and what is not.
func (m *Message) read(blocks []block) {
	var lines []line
	structured := false
	for i, b := range blocks {
		if i > 0 && len(lines) > 0 {
			lines = append(lines, line{})
		}
		plain := strings.TrimSpace(b.plain)
		if b.hasHTML && (plain == "" || len(plain) < 400 && noHTMLReader.MatchString(plain)) {
			if rendered := htmlLines(b.html); len(rendered) > 0 {
				lines = append(lines, rendered...)
				structured = true
				continue
			}
		}
		lines = append(lines, textLines(b.plain)...)
	}
	m.Text = joinRaw(lines)
	parts := split(lines, m.Subject)
	if !structured && len(blocks) == 1 && blocks[0].hasHTML && mayMark(blocks[0].html) {
		parts = parts.against(split(htmlLines(blocks[0].html), m.Subject))
	}
	m.NewText, m.QuotedText, m.Signature, m.Forwarded = parts.fresh, parts.quoted, parts.signature, parts.forwarded
	m.cutContact()
}

// htmlLines renders HTML with the marks that mail clients leave in it.
func htmlLines(source string) []line {
	rendered := sanitize.Lines(source, clientMark)
	lines := make([]line, len(rendered))
	for i, l := range rendered {
		raw := l.Text
		if l.Depth > 0 {
			raw = strings.TrimRight(strings.Repeat(">", min(l.Depth, 20))+" "+l.Text, " ")
		}
		lines[i] = line{raw: raw, text: l.Text, depth: l.Depth, mark: l.Mark, at: l.At}
	}
	return lines
}
