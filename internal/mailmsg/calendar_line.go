package mailmsg

import "strings"

// icsProperty is one content line of iCalendar (RFC 5545 §3.1), unfolded.
type icsProperty struct {
	name   string // upper case
	params map[string]string
	value  string
}

// icsComponent is what stands between BEGIN and END.
type icsComponent struct {
	name       string // upper case
	properties []icsProperty
	children   []*icsComponent
}

const (
	maxICS           = 1 << 20 // bytes of a calendar part that are read
	maxICSComponents = 5000
	maxICSDepth      = 8
)

// readICS reads the components of a calendar. It forgives what senders get wrong:
// bare line ends, lines that were broken without a fold, missing END, an END too
// many; nil when nothing in it is a calendar.
func readICS(s string) *icsComponent {
	if len(s) > maxICS {
		s = s[:maxICS]
	}
	s = strings.TrimPrefix(s, "\ufeff")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	root := &icsComponent{}
	stack := []*icsComponent{root}
	count := 0
	for line := range unfoldICS(s) {
		p, ok := parseICSLine(line)
		top := stack[len(stack)-1]
		if !ok {
			// A line break inside a text that the sender forgot to escape.
			if n := len(top.properties); n > 0 && strings.TrimSpace(line) != "" && len(stack) > 1 {
				top.properties[n-1].value += "\\n" + line
			}
			continue
		}
		switch p.name {
		case "BEGIN":
			if count++; count > maxICSComponents || len(stack) > maxICSDepth {
				return root
			}
			c := &icsComponent{name: strings.ToUpper(strings.TrimSpace(p.value))}
			top.children = append(top.children, c)
			stack = append(stack, c)
		case "END":
			stack = stack[:closeICS(stack, strings.ToUpper(strings.TrimSpace(p.value)))]
		default:
			top.properties = append(top.properties, p)
		}
	}
	return root
}

// closeICS tells how much of the stack stays open after END:name.
func closeICS(stack []*icsComponent, name string) int {
	for i := len(stack) - 1; i > 0; i-- {
		if stack[i].name == name {
			return i
		}
	}
	return len(stack)
}

// unfoldICS gives the logical lines: a line that starts with white space goes on
// the one before it.
func unfoldICS(s string) func(func(string) bool) {
	return func(yield func(string) bool) {
		var line strings.Builder
		started := false
		for row := range strings.SplitSeq(s, "\n") {
			if started && row != "" && (row[0] == ' ' || row[0] == '\t') {
				line.WriteString(row[1:])
				continue
			}
			if started && !yield(line.String()) {
				return
			}
			line.Reset()
			line.WriteString(row)
			started = true
		}
		if started {
			yield(line.String())
		}
	}
}

// parseICSLine reads "NAME;PARAM=value;PARAM="a:b":value".
func parseICSLine(line string) (p icsProperty, ok bool) {
	end := strings.IndexAny(line, ":;")
	if end <= 0 || !icsName(line[:end]) {
		return p, false
	}
	p.name = strings.ToUpper(line[:end])
	rest := line[end:]
	for strings.HasPrefix(rest, ";") {
		if rest = strings.TrimLeft(rest[1:], "; "); strings.HasPrefix(rest, ":") {
			break
		}
		key, after, found := strings.Cut(rest, "=")
		if !found || !icsName(key) {
			return p, false
		}
		value, tail := icsParamValue(after)
		if p.params == nil {
			p.params = map[string]string{}
		}
		p.params[strings.ToUpper(key)] = value
		rest = tail
	}
	if !strings.HasPrefix(rest, ":") {
		return p, false
	}
	p.value = rest[1:]
	return p, true
}

// icsParamValue takes one value, quoted or not, off the front (RFC 5545 §3.2, and
// the carets of RFC 6868).
func icsParamValue(s string) (value, rest string) {
	if strings.HasPrefix(s, `"`) {
		if end := strings.IndexByte(s[1:], '"'); end >= 0 {
			value, rest = s[1:1+end], s[end+2:]
			for rest != "" && rest[0] != ';' && rest[0] != ':' {
				value, rest = value+rest[:1], rest[1:]
			}
			return icsCarets(value), rest
		}
	}
	end := strings.IndexAny(s, ";:")
	if end < 0 {
		return icsCarets(s), ""
	}
	return icsCarets(s[:end]), s[end:]
}

func icsCarets(s string) string {
	if !strings.Contains(s, "^") {
		return s
	}
	return strings.NewReplacer("^n", " ", "^'", `"`, "^^", "^").Replace(s)
}

func icsName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}

// get gives the first property of a name; ok is false when there is none.
func (c *icsComponent) get(name string) (p icsProperty, ok bool) {
	for _, p := range c.properties {
		if p.name == name {
			return p, true
		}
	}
	return icsProperty{}, false
}

// text gives the value of the first property of a name as text (RFC 5545 §3.3.11),
// at most limit bytes of it.
func (c *icsComponent) text(name string, limit int) string {
	p, _ := c.get(name)
	s := p.value
	if strings.Contains(s, `\`) {
		s = strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`, `\:`, ":", `\"`, `"`).Replace(s)
	}
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
}

func (c *icsComponent) all(name string) []*icsComponent {
	var list []*icsComponent
	for _, child := range c.children {
		if child.name == name {
			list = append(list, child)
		}
	}
	return list
}
