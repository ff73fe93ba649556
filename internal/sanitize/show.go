package sanitize

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Shown is the HTML of a mail made fit for a shadow root in a page of ours. It holds nothing that acts, nothing that loads
// but pictures from our own addresses, and no style but classes whose rules are CSS.
type Shown struct {
	// HTML is what was newly written; Rest, or "", what follows it: quoted history and signature.
	HTML, Rest string
	// CSS are rules for the classes in both. They hold letters, digits and a few marks, never a "<".
	CSS string
	// Paper says that the mail has colours of its own, which were chosen for a light ground.
	Paper bool
	// Rich says that HTML shows something that plain text would lose.
	Rich bool
	// Remote are the addresses of its remote pictures, each once, in their order. Nothing is loaded from them; see ShowOptions.
	Remote []string
	// Inline are the Content-IDs of the pictures that stand in it.
	Inline map[string]bool
}

// ShowOptions are what Show has to know besides the mail.
type ShowOptions struct {
	// Picture resolves pictures that the mail carries; nil resolves none.
	Picture Picture
	// Remote gives the address of ours for the remote picture with that index in Shown.Remote; nil leaves a box in its place.
	Remote func(index int) string
	// New is what was newly written and Old what else the mail said, in plain text. Where the HTML begins with the new
	// and goes on with nothing but the old, that becomes Shown.Rest.
	New, Old string
	// Quoted is the HTML of the history that the mail quotes, where that was taken apart; it ends Shown.Rest.
	Quoted string
}

// Bounds of what is shown as it is; beyond them a mail is shown as its text. Real mails have some thousands of tags.
const (
	maxTags    = 20_000
	maxClasses = 2_000
	maxRemote  = 400
)

// Show cleans the HTML of a mail for display in a shadow root. Work and memory are linear in the input. A mail that
// cannot be shown as it is (too large, too deep) gives the zero Shown.
//
//	shown := sanitize.Show(`<style>p{color:red}</style><p onclick="x()">Hello`, sanitize.ShowOptions{})
//	// HTML: <div><p class="g0">Hello</p></div>, CSS: .g0{color:red}
func Show(source string, o ShowOptions) Shown {
	w := &walk{options: o, classes: map[string]int{}, remote: map[string]int{}, coloured: map[*html.Node]bool{}, shown: Shown{Inline: map[string]bool{}}}
	root := w.read(source)
	var quoted *html.Node
	if o.Quoted != "" {
		quoted = w.read(o.Quoted)
	}
	if w.failed {
		return Shown{}
	}
	w.paint()
	rest := splitAfter(root, o.New, o.Old)
	w.shown.HTML = render(root)
	for _, n := range []*html.Node{rest, quoted} {
		if n != nil {
			w.shown.Rest += render(n)
		}
	}
	w.shown.Rich = shapely(root, w.coloured)
	return w.shown
}

// read gives the clean tree of one source.
func (w *walk) read(source string) *html.Node {
	root := newElement("div")
	source, tags := tame(bound(source))
	if w.tags += tags; w.tags > maxTags {
		w.failed = true
		return root
	}
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		w.failed = true
		return root
	}
	sheets(doc, &w.sheet)
	w.children(root, doc, frame{})
	w.failed = w.failed || w.nodes > 4*maxTags
	return root
}

// tame rewrites tags whose elements a parser opens again and again where those of the same end (HTML §13.2.4.3), so that a
// small mail cannot become a tree that fills the memory. It also counts the tags.
func tame(source string) (tamed string, tags int) {
	var b strings.Builder
	b.Grow(len(source) + len(source)/16)
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String(), tags
		}
		raw := z.Raw()
		if kind != html.StartTagToken && kind != html.EndTagToken && kind != html.SelfClosingTagToken {
			b.Write(raw)
			continue
		}
		tags++
		from := 1
		if kind == html.EndTagToken {
			from = 2
		}
		text := string(raw) // TagName lowers the letters of raw in place
		if name, _ := z.TagName(); reopened[string(name)] {
			text = text[:from] + tamePrefix + text[from:]
		}
		b.WriteString(text)
	}
}

const tamePrefix = "x-"

var reopened = map[string]bool{
	"b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true, "s": true, "small": true, "strike": true,
	"strong": true, "tt": true, "u": true,
}

// elementName is what an element was called before it was tamed.
func elementName(n *html.Node) string {
	if name, ok := strings.CutPrefix(n.Data, tamePrefix); ok && reopened[name] {
		return name
	}
	return n.Data
}

// sheets reads the <style> elements of a document.
func sheets(doc *html.Node, s *sheet) {
	left := maxSheet
	for n := range doc.Descendants() {
		if n.DataAtom != atom.Style || n.Namespace != "" || n.FirstChild == nil {
			continue
		}
		if media := strings.ToLower(nodeAttribute(n, "media")); media != "" && !strings.Contains(media, "screen") && !strings.Contains(media, "all") {
			continue
		}
		text := n.FirstChild.Data
		if left -= len(text); left < 0 {
			return
		}
		s.read(text)
	}
}

// walk builds the clean tree of one mail.
type walk struct {
	options ShowOptions
	sheet   sheet
	classes map[string]int // by their declarations
	styled  []styled
	remote  map[string]int // the index of an address
	nodes   int
	tags    int
	failed  bool // it cannot be shown as it is
	// coloured are the elements with colours of their own.
	coloured map[*html.Node]bool
	shown    Shown
}

// styled is an element of the clean tree with what is to be set for it.
type styled struct {
	node     *html.Node
	declares []declaration
}

// frame is what an element takes over from those around it.
type frame struct {
	padding, border string // of the cells of the table around, as cellpadding and border say
	link            bool   // within a link
}

func newElement(name string) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
}

// children cleans the children of a node of the source into parent.
func (w *walk) children(parent, source *html.Node, f frame) {
	for n := range source.ChildNodes() {
		if w.nodes++; w.nodes > 4*maxTags {
			return
		}
		switch n.Type {
		case html.TextNode:
			text := cleanText(n.Data, f.link)
			parent.AppendChild(&html.Node{Type: html.TextNode, Data: text})
		case html.ElementNode:
			if n.Namespace == "" && !dropped[n.Data] {
				w.element(parent, n, f)
			}
		}
	}
}

// element cleans one element of the source into parent: as what stands for it, as its children alone, or not at all.
func (w *walk) element(parent, n *html.Node, f frame) {
	name := elementName(n)
	as, known := shownAs[name]
	if !known {
		w.children(parent, n, f)
		return
	}
	declares := w.declares(n, name, f)
	for _, d := range declares {
		if d.property == hiding {
			return
		}
	}
	if name == "img" {
		w.picture(parent, n, declares)
		return
	}
	made := newElement(as)
	for _, a := range n.Attr {
		if value, ok := kept(name, a.Key, a.Val); ok {
			made.Attr = append(made.Attr, html.Attribute{Key: a.Key, Val: value})
		}
	}
	w.styled = append(w.styled, styled{made, declares})
	parent.AppendChild(made)
	if name == "table" {
		f.padding, f.border = nodeAttribute(n, "cellpadding"), nodeAttribute(n, "border")
	}
	if name != "a" {
		w.children(made, n, f)
		return
	}
	f.link = true
	w.children(made, n, f)
	w.link(parent, made, n)
}

// declares gathers what is set for an element: by its attributes of old, by the sheets, and by its style, in the order of
// the cascade (CSS Cascade 4, §6).
func (w *walk) declares(n *html.Node, name string, f frame) []declaration {
	all := presented(n, name, f)
	rules := w.sheet.of(n)
	sortRules(rules)
	for _, r := range rules {
		all = append(all, r.declares...)
	}
	if style := nodeAttribute(n, "style"); style != "" {
		all = append(all, declarations(style)...)
	}
	return cascade(all)
}

// cascade keeps the last declaration of each property, those that are important after all others.
func cascade(all []declaration) []declaration {
	if len(all) < 2 {
		return all
	}
	ordered := make([]declaration, 0, len(all))
	for _, important := range []bool{false, true} {
		for _, d := range all {
			if d.important == important {
				ordered = append(ordered, d)
			}
		}
	}
	last := make(map[string]int, len(ordered))
	for i, d := range ordered {
		last[d.property] = i
	}
	out := ordered[:0]
	for i, d := range ordered {
		if last[d.property] == i {
			out = append(out, d)
		}
	}
	// What a later rule shows again is not hidden.
	if h, ok := last[hiding]; ok && last["display"] > h {
		for i, d := range out {
			if d.property == hiding {
				return append(out[:i], out[i+1:]...)
			}
		}
	}
	return out
}

// paint gives the elements their classes. A mail that is dark on light alone leaves its colours to the page.
func (w *walk) paint() {
	for _, s := range w.styled {
		for _, d := range s.declares {
			if coloured, _ := d.tint(); coloured {
				w.shown.Paper, w.coloured[s.node] = true, true
			}
		}
	}
	var sheet, rule strings.Builder
	for _, s := range w.styled {
		rule.Reset()
		for _, d := range s.declares {
			if _, plain := d.tint(); plain && !w.shown.Paper {
				continue
			}
			if rule.Len() > 0 {
				rule.WriteByte(';')
			}
			rule.WriteString(d.property + ":" + d.value)
		}
		if rule.Len() == 0 {
			continue
		}
		class, known := w.classes[rule.String()]
		if !known {
			if class = len(w.classes); class >= maxClasses {
				continue
			}
			w.classes[rule.String()] = class
			sheet.WriteString(".g" + strconv.Itoa(class) + "{" + rule.String() + "}")
		}
		name := "g" + strconv.Itoa(class)
		for _, a := range s.node.Attr {
			if a.Key == "class" {
				name = a.Val + " " + name
			}
		}
		setAttribute(s.node, "class", name)
	}
	w.shown.CSS = sheet.String()
}

func setAttribute(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

func render(n *html.Node) string {
	var b strings.Builder
	if err := html.Render(&b, n); err != nil {
		return ""
	}
	return b.String()
}
