package mailmsg

import (
	"bytes"
	"strings"
)

// entity is one part of the MIME tree: a leaf with a raw body, or a multipart
// with children.
type entity struct {
	header   header
	typ      string // media type, lower case, "text/plain" when none is given
	params   map[string]string
	raw      []byte // body as sent, still encoded; for a multipart its preamble
	children []*entity
	boundary string
}

func (e *entity) multipart() bool { return e.boundary != "" }

func (e *entity) subtype() string { return e.typ[strings.IndexByte(e.typ, '/')+1:] }

// tree reads the MIME structure in one pass over the lines that start with "--".
// The open multiparts are a stack, so the cost does not grow with the nesting.
type tree struct {
	m        *Message
	stack    []*entity
	levels   map[string]int // boundary → index into stack
	parts    int
	searches int // searches for a boundary that a header does not name rightly
}

// readTree reads raw as one entity. It never returns nil.
func readTree(m *Message, raw []byte) *entity {
	t := &tree{m: m}
	root, body := t.start(raw)
	if !root.multipart() {
		root.raw = body
		return root
	}
	t.scan(body)
	if len(root.children) == 0 {
		m.warn("A multipart mail has no parts.")
		root.boundary, root.typ = "", "text/plain"
		root.raw = body
	}
	return root
}

// start reads a header and pushes the entity on the stack if it is a multipart.
func (t *tree) start(b []byte) (*entity, []byte) {
	h, body := readHeader(b, t.m.warn, t.delimits)
	e := newEntity(h)
	t.parts++
	if !strings.HasPrefix(e.typ, "multipart/") {
		return e, body
	}
	if len(t.stack) >= maxDepth {
		t.m.warn("The parts are nested too deeply; the innermost are kept as one.")
		e.typ = "application/octet-stream"
		return e, body
	}
	if t.parts == 1 {
		body = t.encodedWhole(e, body)
	}
	boundary := t.findBoundary(e, body)
	if boundary == "" {
		t.m.warn("A multipart has no boundary; it was read as text.")
		e.typ = "text/plain"
		return e, body
	}
	e.boundary = boundary
	t.push(e)
	return e, body
}

// encodedWhole undoes an encoding of a whole multipart, which RFC 2045 §6.4 forbids
// and some senders do.
func (t *tree) encodedWhole(e *entity, body []byte) []byte {
	encoding := encodingName(e.header.plain("Content-Transfer-Encoding"))
	delimiter := append([]byte("--"), e.params["boundary"]...)
	if encoding != "base64" && encoding != "quoted-printable" || len(delimiter) == 2 || bytes.Contains(body, delimiter) {
		return body
	}
	if data, _ := decodeTransfer(body, encoding); bytes.Contains(data, delimiter) {
		t.m.warn("A multipart was encoded as a whole.")
		return data
	}
	return body
}

func (t *tree) push(e *entity) {
	if t.levels == nil {
		t.levels = make(map[string]int)
	}
	t.stack = append(t.stack, e)
	t.levels[e.boundary] = len(t.stack) - 1
}

func (t *tree) delimits(line []byte) bool {
	_, _, ok := t.match(line)
	return ok
}

// match tells which open multipart a line delimits (RFC 2046 §5.1.1), innermost first.
func (t *tree) match(line []byte) (level int, last, ok bool) {
	if len(line) < 2 || len(line) > 300 || len(t.stack) == 0 {
		return 0, false, false
	}
	word := bytes.TrimRight(line[2:], "\r")
	if level, ok = t.levels[string(word)]; ok {
		return level, false, true
	}
	word = bytes.TrimRight(word, " \t")
	if level, ok = t.levels[string(word)]; ok {
		return level, false, true
	}
	// What a gateway wrote behind the closing dashes does no harm.
	if i := bytes.LastIndex(word, []byte("--")); i > 0 {
		level, ok = t.levels[string(word[:i])]
		return level, true, ok
	}
	return 0, false, false
}

// findBoundary takes the boundary of the header; when it is missing or does not
// occur, the first line that looks like one.
func (t *tree) findBoundary(e *entity, body []byte) string {
	named := e.params["boundary"]
	// A boundary must not end in white space, so that what was added on the way
	// can be passed over; the few that do must occur as they are.
	if bare := strings.TrimRight(named, " \t"); bare != named && !bytes.Contains(body, append([]byte("--"), named...)) {
		named = bare
	}
	if named != "" && len(named) < 290 {
		if t.searches > 20 || bytes.Contains(body, append([]byte("--"), named...)) {
			return named
		}
	}
	t.searches++
	if t.searches > 20 {
		return ""
	}
	rest := body
	for range 50 {
		var line []byte
		if line, rest = nextLine(rest); rest == nil {
			break
		}
		next, _ := nextLine(rest)
		if len(line) > 3 && len(line) < 290 && line[0] == '-' && line[1] == '-' && !t.delimits(line) && (len(next) == 0 || headerWord(next)) {
			t.m.warn("A multipart names a boundary that does not occur.")
			return string(bytes.TrimRight(line[2:], " \t"))
		}
	}
	return ""
}

// scan distributes body over the open multiparts.
func (t *tree) scan(body []byte) {
	rest := body
	var leaf *entity // the open leaf, nil inside a preamble or epilogue
	leafAt := 0
	end := func(at int) {
		if leaf == nil {
			return
		}
		leaf.raw = trimLastEnd(body[leafAt:at])
		leaf = nil
	}
	for len(rest) > 0 && t.parts < maxParts {
		at := nextDashes(rest)
		if at < 0 {
			break
		}
		from := len(body) - len(rest) + at
		line, after := nextLine(rest[at:])
		rest = after
		level, last, ok := t.match(line)
		if !ok {
			continue
		}
		end(from)
		t.unwind(level + 1)
		if last {
			// The multipart stays on the stack: some mailers send more parts after
			// the closing line. An outer boundary takes it off.
			continue
		}
		parent := t.stack[level]
		child, childBody := t.start(rest)
		if parent.typ == "multipart/digest" && !child.header.has("Content-Type") {
			child.typ = "message/rfc822" // RFC 2046 §5.1.5
		}
		parent.children = append(parent.children, child)
		rest = childBody
		if !child.multipart() {
			leaf, leafAt = child, len(body)-len(childBody)
		}
	}
	if t.parts >= maxParts {
		t.m.warn("The mail has more than 1,000 parts; the rest was ignored.")
	}
	end(len(body))
}

func (t *tree) unwind(depth int) {
	for len(t.stack) > depth {
		e := t.stack[len(t.stack)-1]
		delete(t.levels, e.boundary)
		t.stack = t.stack[:len(t.stack)-1]
	}
	// Two nested multiparts may share one boundary: the outer one is found again.
	if depth > 0 && len(t.levels) < depth {
		t.levels[t.stack[depth-1].boundary] = depth - 1
	}
}

// nextDashes finds the next line that starts with "--", or -1.
func nextDashes(b []byte) int {
	if bytes.HasPrefix(b, []byte("--")) {
		return 0
	}
	i := bytes.Index(b, []byte("\n--"))
	if i < 0 {
		return -1
	}
	return i + 1
}

// trimLastEnd drops the line end that belongs to the boundary line.
func trimLastEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

func newEntity(h header) *entity {
	e := &entity{header: h}
	if value := h.get("Content-Type"); value != nil {
		e.typ, e.params = parseParams(value)
	}
	switch {
	case e.typ == "" && len(e.params) > 0 && e.params["boundary"] != "":
		e.typ = "multipart/mixed"
	case e.typ == "text":
		e.typ = "text/plain"
	case e.typ == "html":
		e.typ = "text/html"
	case e.typ == "multipart":
		e.typ = "multipart/mixed"
	case e.typ == "":
		e.typ = "text/plain"
	case !strings.Contains(e.typ, "/"):
		e.typ = "application/octet-stream"
	}
	return e
}
