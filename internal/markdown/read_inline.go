package markdown

import (
	"bytes"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// inline gathers what stands in a line of text.
type inline struct {
	reader
	out  []Node
	lost bool
}

func (in *inline) all(n ast.Node, marks []Mark) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		in.one(c, marks)
	}
}

func (in *inline) one(n ast.Node, marks []Mark) {
	switch x := n.(type) {
	case *ast.Text:
		in.text(x, marks)
	case *ast.String:
		in.add(string(x.Value), marks)
	case *ast.Emphasis:
		kind := Em
		if x.Level == 2 {
			kind = Strong
		}
		in.all(n, with(marks, Mark{Type: kind}))
	case *extast.Strikethrough:
		in.all(n, with(marks, Mark{Type: Strike}))
	case *ast.CodeSpan:
		in.code(x, marks)
	case *ast.Link:
		in.all(n, with(marks, Mark{Type: Link, Attrs: Attrs{Href: unescaped(string(x.Destination)), Title: unescaped(string(x.Title))}}))
	case *ast.AutoLink:
		href := string(x.URL(in.source))
		if x.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(href), "mailto:") {
			href = "mailto:" + href
		}
		in.add(string(x.Label(in.source)), with(marks, Mark{Type: Link, Attrs: Attrs{Href: href}}))
	case *ast.Image:
		words := inline{reader: in.reader}
		words.all(n, nil)
		in.out = append(in.out, Node{Type: Image, Marks: marks, Attrs: Attrs{Src: unescaped(string(x.Destination)), Title: unescaped(string(x.Title)), Alt: plain(words.out)}})
	case *ast.RawHTML:
		in.raw(string(segments(x, in.source)), marks)
	case *extast.FootnoteLink:
		in.raw(string(footnoteCall.Find(in.source[max(x.Pos(), 0):])), marks)
	case *extast.TaskCheckBox: // the item has it
	default:
		in.lost = true
	}
}

var (
	footnoteCall = regexp.MustCompile(`^\[\^[^\]\n]+\]`)
	lineBreak    = regexp.MustCompile(`(?i)^<br\s*/?>$`)
)

func (in *inline) raw(source string, marks []Mark) {
	switch {
	case source == "":
		in.lost = true
	case lineBreak.MatchString(source):
		in.breakLine(marks)
	default:
		in.out = append(in.out, Node{Type: RawInline, Attrs: Attrs{Source: source}, Marks: marks})
	}
}

func segments(x *ast.RawHTML, source []byte) []byte {
	var b bytes.Buffer
	for i := range x.Segments.Len() {
		s := x.Segments.At(i)
		b.Write(s.Value(source))
	}
	return b.Bytes()
}

func (in *inline) text(x *ast.Text, marks []Mark) {
	s := string(x.Segment.Value(in.source))
	if !x.IsRaw() {
		s = unescaped(s)
	}
	in.add(s, marks)
	switch {
	case x.HardLineBreak():
		in.breakLine(marks)
	case x.SoftLineBreak():
		in.add(" ", with(marks, Mark{Type: Soft}))
	}
}

func (in *inline) code(x *ast.CodeSpan, marks []Mark) {
	var b strings.Builder
	for c := x.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(in.source))
		}
	}
	in.add(strings.ReplaceAll(b.String(), "\n", " "), with(marks, Mark{Type: Code}))
}

// breakLine ends a line, without spaces before it.
func (in *inline) breakLine(marks []Mark) {
	if n := len(in.out); n > 0 && in.out[n-1].Type == Text && !coded(in.out[n-1]) {
		if in.out[n-1].Text = strings.TrimRight(in.out[n-1].Text, " "); in.out[n-1].Text == "" {
			in.out = in.out[:n-1]
		}
	}
	in.out = append(in.out, Node{Type: HardBreak, Marks: marks})
}

// add puts text behind what is there, into the same run where the same is said of it.
func (in *inline) add(s string, marks []Mark) {
	if n := len(in.out); n > 0 && in.out[n-1].Type == HardBreak { // nor behind it
		s = strings.TrimLeft(s, " ")
	}
	if s == "" {
		return
	}
	if n := len(in.out); n > 0 && in.out[n-1].Type == Text && reflect.DeepEqual(in.out[n-1].Marks, marks) {
		in.out[n-1].Text += s
		return
	}
	in.out = append(in.out, Node{Type: Text, Text: s, Marks: marks})
}

// order is the one in which the editor keeps marks, outermost first.
var order = []string{Link, Em, Strong, Strike, Code, Soft}

func with(marks []Mark, m Mark) []Mark {
	if slices.ContainsFunc(marks, func(o Mark) bool { return o.Type == m.Type }) {
		return marks
	}
	out := append(slices.Clone(marks), m)
	slices.SortStableFunc(out, func(a, b Mark) int { return slices.Index(order, a.Type) - slices.Index(order, b.Type) })
	return out
}

// plain is what a line of text says without its marks.
func plain(nodes []Node) string {
	var b strings.Builder
	for _, n := range nodes {
		switch n.Type {
		case Text:
			b.WriteString(n.Text)
		case Image:
			b.WriteString(n.Attrs.Alt)
		case HardBreak:
			b.WriteByte(' ')
		}
	}
	return b.String()
}
