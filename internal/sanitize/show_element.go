package sanitize

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dropped are elements that go with all that is in them.
var dropped = words(`script style noscript template iframe object applet embed select datalist textarea button audio video canvas xml frameset noframes
	noembed plaintext xmp title head_ meta link base input map area dialog portal slot svg math`)

// shownAs are the elements that are shown, and as what.
var shownAs = func() map[string]string {
	all := map[string]string{"font": "span", "center": "div", "body": "div", "nobr": "span", "tt": "code", "strike": "s"}
	for name := range words(`p div br hr span address article section header footer main figure figcaption h1 h2 h3 h4 h5 h6 blockquote pre code kbd
		samp var b strong i em u s del ins small big sub sup mark abbr cite q dfn ul ol li dl dt dd table caption thead tbody tfoot tr td th
		colgroup col a img bdi wbr`) {
		all[name] = name
	}
	return all
}()

func words(list string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		all[w] = true
	}
	return all
}

// kept gives the value with which an attribute stays, if it does.
func kept(element, key, value string) (string, bool) {
	switch key {
	case "dir":
		value = strings.ToLower(strings.TrimSpace(value))
		return value, value == "ltr" || value == "rtl" || value == "auto"
	case "colspan", "rowspan":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		return strconv.Itoa(n), (element == "td" || element == "th") && err == nil && n > 1 && n <= 100
	case "start":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		return strconv.Itoa(n), element == "ol" && err == nil && n >= -10_000 && n <= 100_000
	case "span":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		return strconv.Itoa(n), (element == "col" || element == "colgroup") && err == nil && n > 1 && n <= 100
	}
	return "", false
}

// presented reads the attributes by which HTML was styled before there was CSS, which mail still uses (HTML §15.3).
func presented(n *html.Node, name string, f frame) []declaration {
	var out []declaration
	set := func(property, value string) {
		if d := declarations(property + ":" + value); len(d) == 1 {
			out = append(out, d[0])
		}
	}
	cell := name == "td" || name == "th"
	table := cell || name == "table" || name == "tr" || name == "tbody" || name == "thead" || name == "tfoot" || name == "col"
	if name == "center" {
		set("text-align", "center")
	}
	if cell {
		if f.padding != "" {
			set("padding", length(f.padding))
		}
		if f.border != "" && f.border != "0" {
			set("border", "1px solid")
		}
	}
	for _, a := range n.Attr {
		value := strings.TrimSpace(a.Val)
		if value == "" && a.Key != "nowrap" && a.Key != "hidden" || len(value) > 100 || strings.ContainsAny(value, ";{}:") {
			continue
		}
		switch {
		case a.Key == "bgcolor" && (table || name == "body"):
			set("background-color", colourAttribute(value))
		case a.Key == "color" && name == "font", a.Key == "text" && name == "body":
			set("color", colourAttribute(value))
		case a.Key == "face" && name == "font":
			set("font-family", value)
		case a.Key == "size" && name == "font":
			set("font-size", fontSizes[value])
		case a.Key == "align":
			out = append(out, aligned(name, strings.ToLower(value))...)
		case a.Key == "valign" && table:
			set("vertical-align", value)
		case (a.Key == "width" || a.Key == "height") && table:
			set(a.Key, length(value))
		case a.Key == "nowrap" && cell:
			set("white-space", "nowrap")
		case a.Key == "cellspacing" && name == "table":
			set("border-spacing", length(value))
		case a.Key == "border" && name == "table" && value != "0":
			set("border", length(value)+" solid")
		case a.Key == "hidden":
			out = append(out, declaration{property: hiding})
		}
	}
	return out
}

var fontSizes = map[string]string{"1": "x-small", "2": "small", "3": "medium", "4": "large", "5": "x-large", "6": "xx-large", "7": "xx-large", "-1": "small", "-2": "x-small", "+1": "large", "+2": "x-large", "+3": "xx-large"}

// aligned is what align does: it moves the text in a block, and a table or picture as a whole.
func aligned(name, value string) []declaration {
	switch {
	case value != "left" && value != "right" && value != "center" && value != "justify" && value != "middle":
		return nil
	case name == "table" && value == "center":
		return []declaration{{property: "margin-left", value: "auto"}, {property: "margin-right", value: "auto"}}
	case (name == "table" || name == "img") && (value == "left" || value == "right"):
		return []declaration{{property: "float", value: value}}
	case name == "img" || name == "table" || value == "middle":
		return nil
	}
	return []declaration{{property: "text-align", value: value}}
}

// length is a number of pixels or a percentage as attributes have it.
func length(value string) string {
	if strings.HasSuffix(value, "%") || strings.HasSuffix(value, "px") {
		return value
	}
	return value + "px"
}

// colourAttribute adds the "#" that attributes may lack.
func colourAttribute(value string) string {
	if len(value) == 6 && strings.Trim(strings.ToLower(value), "0123456789abcdef") == "" {
		return "#" + value
	}
	return value
}

func sortRules(rules []*rule) {
	slices.SortStableFunc(rules, func(a, b *rule) int {
		if a.weight != b.weight {
			return a.weight - b.weight
		}
		return a.order - b.order
	})
}

// cleanText drops what turns the direction of letters by force, with which a name or an address is made to read as
// another; within a link nothing that turns stays.
func cleanText(text string, link bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0x202d || r == 0x202e:
			return -1
		case link && (r >= 0x202a && r <= 0x202c || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f):
			return -1
		}
		return r
	}, text)
}

// shapely tells whether a clean tree has a shape that plain text would lose.
func shapely(root *html.Node, coloured map[*html.Node]bool) bool {
	cells := 0
	for n := range root.Descendants() {
		if coloured[n] || hasWord(nodeAttribute(n, "class"), "remote") {
			return true
		}
		switch n.DataAtom {
		case atom.Img:
			return true
		case atom.Ul, atom.Ol, atom.Pre, atom.H1, atom.H2, atom.H3, atom.H4, atom.B, atom.Strong, atom.Em, atom.I, atom.U, atom.S, atom.Mark, atom.Code:
			return true
		case atom.A:
			if href := nodeAttribute(n, "href"); href != "" && !strings.Contains(href, strings.TrimSpace(textOf(n))) {
				return true
			}
		case atom.Td, atom.Th:
			cells++
		}
	}
	return cells > 1
}

// textOf is the text within an element.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
