package markdown

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// manner is how careful a line is written.
type manner int

const (
	lightly manner = iota // no escapes but those at the beginning of a line
	fully
	asHTML // and emphasis as elements
)

// trimmed leaves out spaces at the ends of a line, which Markdown has none of.
func trimmed(nodes []Node) []Node {
	nodes = slices.Clone(nodes)
	for len(nodes) > 0 && nodes[0].Type == Text && !coded(nodes[0]) {
		if nodes[0].Text = strings.TrimLeft(nodes[0].Text, " \t\n"); nodes[0].Text != "" {
			break
		}
		nodes = nodes[1:]
	}
	for n := len(nodes); n > 0 && (nodes[n-1].Type == HardBreak || nodes[n-1].Type == Text && !coded(nodes[n-1])); n = len(nodes) {
		if nodes[n-1].Text = strings.TrimRight(nodes[n-1].Text, " \t\n"); nodes[n-1].Text != "" {
			break
		}
		nodes = nodes[:n-1]
	}
	return nodes
}

func coded(n Node) bool { return marked(n, Code) }

func marked(n Node, kind string) bool {
	return slices.ContainsFunc(n.Marks, func(m Mark) bool { return m.Type == kind })
}

// alike compares lines; in a cell an end of line in the source is a space.
func alike(a, b []Node, inCell bool) bool {
	if inCell {
		a, b = unsoft(a), unsoft(b)
	}
	return reflect.DeepEqual(a, b) || len(a)+len(b) == 0
}

func unsoft(nodes []Node) []Node { return without(nodes, Soft) }

// without leaves out one kind of marks.
func without(nodes []Node, kind string) []Node {
	in := inline{}
	for _, n := range nodes {
		n.Marks = slices.DeleteFunc(slices.Clone(n.Marks), func(m Mark) bool { return m.Type == kind })
		if len(n.Marks) == 0 {
			n.Marks = nil
		}
		in.put(n)
	}
	return in.out
}

// outside moves spaces at the ends of emphasis out of it, where Markdown wants them.
func outside(nodes []Node) []Node {
	for _, kind := range []string{Strong, Em, Strike} {
		in := inline{}
		for i, n := range nodes {
			if n.Type != Text || coded(n) || !marked(n, kind) || marked(n, Soft) {
				in.put(n)
				continue
			}
			before, after := "", ""
			if i == 0 || !marked(nodes[i-1], kind) {
				words := strings.TrimLeft(n.Text, " ")
				before, n.Text = n.Text[:len(n.Text)-len(words)], words
			}
			if i+1 == len(nodes) || !marked(nodes[i+1], kind) {
				words := strings.TrimRight(n.Text, " ")
				after, n.Text = n.Text[len(words):], words
			}
			plain := without([]Node{{Type: Text, Text: "x", Marks: n.Marks}}, kind)[0].Marks
			in.add(before, plain)
			if n.Text != "" {
				in.put(n)
			}
			in.add(after, plain)
		}
		nodes = in.out
	}
	return nodes
}

// put puts a node behind what is there.
func (in *inline) put(n Node) {
	if n.Type == Text {
		in.add(n.Text, n.Marks)
		return
	}
	in.out = append(in.out, n)
}

// spans writes what stands in a line.
func spans(nodes []Node, how manner) string {
	var b strings.Builder
	var open []Mark
	for i, n := range nodes {
		marks := slices.DeleteFunc(slices.Clone(n.Marks), func(m Mark) bool { return m.Type == Soft || m.Type == Code })
		keep := 0
		for keep < len(open) && slices.ContainsFunc(marks, func(m Mark) bool { return reflect.DeepEqual(m, open[keep]) }) {
			keep++
		}
		for len(open) > keep {
			b.WriteString(ends(open[len(open)-1], how))
			open = open[:len(open)-1]
		}
		fresh := slices.DeleteFunc(marks, func(m Mark) bool {
			return slices.ContainsFunc(open, func(o Mark) bool { return reflect.DeepEqual(m, o) })
		})
		// What lasts longest is opened first.
		slices.SortStableFunc(fresh, func(x, y Mark) int { return lasts(nodes[i:], y) - lasts(nodes[i:], x) })
		if l, ok := bare(nodes, i, fresh, how); ok {
			b.WriteString(l)
			open = append(open, fresh...)
			continue
		}
		for _, m := range fresh {
			b.WriteString(begins(m, how))
			open = append(open, m)
		}
		b.WriteString(span(n, how, b.Len() == 0 || strings.HasSuffix(b.String(), "\n")))
	}
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString(ends(open[i], how))
	}
	return unbare(b.String())
}

// bareEnd stands for the end of a link that is written as its address alone, which has none.
const bareEnd = "\x00"

// bare writes a link as its address, where it says just that.
func bare(nodes []Node, i int, fresh []Mark, how manner) (string, bool) {
	if len(fresh) != 1 || fresh[0].Type != Link || nodes[i].Type != Text || coded(nodes[i]) || i+1 < len(nodes) && slices.ContainsFunc(nodes[i+1].Marks, func(m Mark) bool { return reflect.DeepEqual(m, fresh[0]) }) {
		return "", false
	}
	href, said := fresh[0].Attrs.Href, nodes[i].Text
	if fresh[0].Attrs.Title != "" || href != said && href != "mailto:"+said && href != "http://"+said {
		return "", false
	}
	if how == lightly {
		return said + bareEnd, true
	}
	if href == "http://"+said || strings.ContainsAny(said, " <>\n") {
		return "", false
	}
	return "<" + said + ">" + bareEnd, true
}

func unbare(s string) string {
	for {
		at := strings.Index(s, bareEnd)
		if at < 0 {
			return s
		}
		rest := s[at+1:]
		if strings.HasPrefix(rest, "](") { // the end of the link
			if end := linkEnd.FindString(rest); end != "" {
				rest = rest[len(end):]
			}
		}
		s = s[:at] + rest
	}
}

var linkEnd = regexp.MustCompile(`^\]\((?:<[^>\n]*>|[^()\s]*)\)`)

func lasts(nodes []Node, m Mark) int {
	for i, n := range nodes {
		if !slices.ContainsFunc(n.Marks, func(o Mark) bool { return reflect.DeepEqual(m, o) }) {
			return i
		}
	}
	return len(nodes)
}

func begins(m Mark, how manner) string {
	switch {
	case m.Type == Link:
		return "["
	case how == asHTML:
		return map[string]string{Strong: "<strong>", Em: "<em>", Strike: "<del>"}[m.Type]
	}
	return map[string]string{Strong: "**", Em: "*", Strike: "~~"}[m.Type]
}

func ends(m Mark, how manner) string {
	switch {
	case m.Type == Link:
		return "](" + destination(m.Attrs.Href) + titled(m.Attrs.Title) + ")"
	case how == asHTML:
		return map[string]string{Strong: "</strong>", Em: "</em>", Strike: "</del>"}[m.Type]
	}
	return begins(m, how)
}

// destination writes an address so that nothing in it ends it.
func destination(s string) string {
	s = strings.NewReplacer("\n", "", "\r", "").Replace(s)
	s = entity.ReplaceAllString(strings.ReplaceAll(s, `\`, `\\`), `\$0`)
	if s == "" || strings.ContainsAny(s, " ()<>\t") || s[0] == '<' {
		return "<" + strings.NewReplacer("<", `\<`, ">", `\>`).Replace(s) + ">"
	}
	return s
}

func titled(s string) string {
	if s == "" {
		return ""
	}
	return ` "` + escape(strings.ReplaceAll(s, "\n", " "), `\"&`) + `"`
}

// span writes one node of a line; begin says that it is the first of a line.
func span(n Node, how manner, begin bool) string {
	switch {
	case n.Type == HardBreak:
		return "\\\n"
	case n.Type == RawInline:
		return n.Attrs.Source
	case n.Type == Image:
		return "![" + escape(strings.ReplaceAll(n.Attrs.Alt, "\n", " "), "\\[]`*_<&!") + "](" + destination(n.Attrs.Src) + titled(n.Attrs.Title) + ")"
	case marked(n, Soft):
		return "\n"
	case coded(n):
		return codeSpan(n.Text)
	}
	s := strings.ReplaceAll(n.Text, "\n", " ")
	if how != lightly {
		s = escape(s, "\\`*_[]<>&~!")
	}
	if begin {
		s = lineStart(s)
	}
	return s
}

func codeSpan(s string) string {
	s = strings.ReplaceAll(s, "\n", " ")
	fence := "`"
	for hasRun(s, len(fence)) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || len(s) > 1 && s[0] == ' ' && s[len(s)-1] == ' ' && strings.TrimSpace(s) != "" {
		s = " " + s + " "
	}
	return fence + s + fence
}

// hasRun tells whether a text has so many backticks in a row, no more.
func hasRun(s string, n int) bool {
	run := 0
	for i := range len(s) + 1 {
		if i < len(s) && s[i] == '`' {
			run++
			continue
		}
		if run == n {
			return true
		}
		run = 0
	}
	return false
}

var entity = regexp.MustCompile(`&(?:#|[A-Za-z])`)

// escape puts a backslash before these characters; before "&" only where it would begin a reference.
func escape(s, these string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if strings.IndexByte(these, c) >= 0 {
			switch c {
			case '&':
				if entity.MatchString(s[i:min(len(s), i+2)]) {
					b.WriteByte('\\')
				}
			case '!':
				if i+1 == len(s) || s[i+1] == '[' {
					b.WriteByte('\\')
				}
			default:
				b.WriteByte('\\')
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

var starting = regexp.MustCompile(`^(?:([0-9]{1,9})([.)])(\s|$)|([-+*:])(\s|$)|(#{1,6})(\s|$)|(>)|([-=_*~` + "`" + `])|(\|))`)

// lineStart keeps the first words of a line from being taken for a list, a heading, a quotation or a rule.
func lineStart(s string) string {
	m := starting.FindStringSubmatch(s)
	switch {
	case m == nil:
		return s
	case m[1] != "":
		return m[1] + `\` + s[len(m[1]):]
	case m[9] != "" && !opensBlock(s):
		return s
	}
	return `\` + s
}

var ruler = regexp.MustCompile("^(?:[-=_*][-=_* \t]*$|~~~|```)")

func opensBlock(s string) bool { return ruler.MatchString(s) }
