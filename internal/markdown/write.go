package markdown

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/parser"
)

// Write gives a block as Markdown, without an end of line behind it.
func Write(n Node) string {
	var w writer
	return strings.TrimRight(w.block(n), "\n")
}

// writer makes Markdown. Nothing nests deeper than it goes.
type writer struct{ depth int }

const deepest = 40

// block writes one block.
func (w *writer) block(n Node) string {
	if w.depth++; w.depth > deepest {
		w.depth--
		return ""
	}
	defer func() { w.depth-- }()
	switch n.Type {
	case Heading:
		words := strings.ReplaceAll(line(n.Content, false), "\n", " ")
		return strings.TrimRight(strings.Repeat("#", min(max(n.Attrs.Level, 1), 6))+" "+closingless(words), " ")
	case Quotation:
		return prefixed(w.blocks(n.Content, false), "> ", "> ")
	case BulletList, OrderedList:
		return w.list(n)
	case CodeBlock:
		return fenced(plain(n.Content), n.Attrs.Params)
	case Rule:
		return "---"
	case Table:
		return table(n)
	case RawBlock:
		return n.Attrs.Source
	default:
		return line(n.Content, false)
	}
}

// closingless keeps a "#" at the end of a heading from being taken for its end.
func closingless(s string) string {
	if t := strings.TrimRight(s, "#"); t != s && (t == "" || strings.HasSuffix(t, " ")) {
		return t + `\` + s[len(t):]
	}
	return s
}

// blocks writes what stands below each other; compact says that it stands in a list without empty lines.
func (w *writer) blocks(all []Node, compact bool) string {
	var b strings.Builder
	last := ""
	for i, n := range all {
		if i > 0 {
			last = all[i-1].Type
			b.WriteString("\n")
			if !compact || n.Type == Paragraph {
				b.WriteString("\n")
			}
			if isList(n.Type) && last == n.Type {
				n.Attrs.Marker = other(all[i-1].Attrs.Marker, n.Type)
				all[i].Attrs.Marker = n.Attrs.Marker
			}
		}
		b.WriteString(w.block(n))
	}
	return b.String()
}

func isList(kind string) bool { return kind == BulletList || kind == OrderedList }

// other is a marker that parts a list from one before it.
func other(marker, kind string) string {
	switch {
	case kind == OrderedList && marker == ")":
		return "."
	case kind == OrderedList:
		return ")"
	case marker == "*":
		return "-"
	}
	return "*"
}

func (w *writer) list(n Node) string {
	loose, first := n.Attrs.Loose, 1
	if n.Attrs.Order != nil {
		first = max(*n.Attrs.Order, 0)
	}
	for _, item := range n.Content {
		for i, c := range item.Content {
			loose = loose || i > 0 && (!isList(c.Type) || !interrupts(c)) // what is no list needs an empty line before it
		}
	}
	var b strings.Builder
	for i, item := range n.Content {
		if i > 0 {
			b.WriteString("\n")
			if loose {
				b.WriteString("\n")
			}
		}
		mark := n.Attrs.Marker
		if n.Type == OrderedList {
			if mark != ")" {
				mark = "."
			}
			mark = strconv.Itoa(min(first+i, 999_999_999)) + mark
		} else if mark != "*" && mark != "+" {
			mark = "-"
		}
		mark += " "
		indent := strings.Repeat(" ", len(mark))
		switch item.Attrs.Checked {
		case "yes":
			mark += "[x] "
		case "no":
			mark += "[ ] "
		}
		b.WriteString(strings.TrimRight(prefixed(w.blocks(item.Content, !loose), mark, indent), " "))
	}
	return b.String()
}

// interrupts tells whether a list can stand right below a line of text.
func interrupts(l Node) bool {
	if l.Attrs.Order != nil && *l.Attrs.Order != 1 || len(l.Content) == 0 || len(l.Content[0].Content) == 0 {
		return false
	}
	return len(l.Content[0].Content[0].Content) > 0
}

// prefixed puts something before each line; empty lines get no spaces.
func prefixed(s, first, rest string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		p := rest
		if i == 0 {
			p = first
		}
		if l == "" && i > 0 {
			p = strings.TrimRight(p, " ")
		}
		lines[i] = p + l
	}
	return strings.Join(lines, "\n")
}

func fenced(code, params string) string {
	fence := "```"
	for strings.Contains(code, fence) || strings.Contains(params, "`") && fence[0] == '`' {
		if strings.Contains(params, "`") && fence[0] == '`' {
			fence = "~~~"
			continue
		}
		fence += fence[:1]
	}
	if params != "" {
		params = escape(strings.ReplaceAll(params, "\n", " "), `\&`)
	}
	if code != "" {
		code += "\n"
	}
	return fence + params + "\n" + code + fence
}

func table(n Node) string {
	var b strings.Builder
	wide := 0
	for _, row := range n.Content {
		wide = max(wide, len(row.Content))
	}
	for i, row := range n.Content {
		b.WriteString("|")
		for c := range wide {
			b.WriteString(" ")
			if c < len(row.Content) {
				var parts []string
				for _, p := range row.Content[c].Content {
					parts = append(parts, cell(p.Content))
				}
				b.WriteString(strings.Join(parts, "<br>"))
			}
			b.WriteString(" |")
		}
		b.WriteString("\n")
		if i > 0 {
			continue
		}
		b.WriteString("|")
		for c := range wide {
			rule := "---"
			if c < len(row.Content) {
				rule = map[string]string{"left": ":--", "center": ":-:", "right": "--:", "": "---"}[row.Content[c].Attrs.Align]
			}
			b.WriteString(" " + rule + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// cell is a line of text in a table.
func cell(nodes []Node) string {
	s := strings.ReplaceAll(strings.ReplaceAll(line(nodes, true), "\\\n", "<br>"), "\n", " ")
	return barred(s)
}

// barred hides the bars of a text that is a cell; those that are hidden already stay so.
func barred(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] == '|' && (i == 0 || s[i-1] != '\\') {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// line writes what stands in a line, with as few escapes as it takes: with none, else with those in the text. An address that was typed
// becomes a link. Emphasis where Markdown knows none (before a letter, behind a full stop) is written as HTML.
func line(nodes []Node, inCell bool) string {
	nodes = outside(trimmed(nodes))
	var ways [2]string
	var read [2][]Node
	for i, how := range []manner{lightly, fully} {
		ways[i] = spans(nodes, how)
		check := ways[i]
		if inCell {
			check = strings.ReplaceAll(strings.ReplaceAll(check, "\\\n", "<br>"), "\n", " ")
		}
		again, ok := reread(check, footnotesIn(Node{Content: nodes}, nil), parser.NewContext())
		if !ok || len(again) != 1 || again[0].Type != Paragraph {
			if len(again) == 0 && len(nodes) == 0 {
				return ""
			}
			continue
		}
		if read[i] = again[0].Content; alike(read[i], nodes, inCell) {
			return ways[i]
		}
	}
	for i, again := range read {
		if again != nil && alike(without(again, Link), without(nodes, Link), inCell) {
			return ways[i]
		}
	}
	if slices.ContainsFunc(nodes, func(n Node) bool { return marked(n, Strong) || marked(n, Em) || marked(n, Strike) }) {
		return spans(nodes, asHTML)
	}
	return ways[1]
}
