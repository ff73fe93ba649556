package sanitize

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/publicsuffix"
)

// link makes a cleaned anchor lead outside, or nowhere. Its title is where it leads; where its text names another place,
// that is said behind it.
func (w *walk) link(parent, made, source *html.Node) {
	href, ok := safeHref(nodeAttribute(source, "href"))
	if !ok {
		return
	}
	made.Attr = append(made.Attr,
		html.Attribute{Key: "href", Val: href}, html.Attribute{Key: "title", Val: href},
		html.Attribute{Key: "rel", Val: "noopener noreferrer nofollow ugc"}, html.Attribute{Key: "target", Val: "_blank"})
	if host := misleads(textOf(made), href); host != "" {
		warning := newElement("span")
		warning.Attr = []html.Attribute{{Key: "class", Val: "leads"}}
		warning.AppendChild(&html.Node{Type: html.TextNode, Data: "\u00a0(→ " + host + ")"})
		parent.AppendChild(warning)
	}
}

// safeHref gives an address as a browser would read it, if it is of a kind that a reader may follow.
func safeHref(href string) (string, bool) {
	href = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, href)
	href = strings.TrimSpace(href)
	if len(href) > 4000 || !linkScheme(href) {
		return "", false
	}
	lower := strings.ToLower(href)
	if (strings.HasPrefix(lower, "http:") || strings.HasPrefix(lower, "https:")) && hostOf(href) == "" {
		return "", false
	}
	return href, true
}

// hostOf is the host of a web address, in small letters, without a port.
func hostOf(address string) string {
	u, err := url.Parse(strings.ReplaceAll(strings.TrimSpace(address), `\`, "/"))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

var namesPlace = regexp.MustCompile(`(?i)^(?:https?:/*)?(?:[^\s/@]*@)?((?:[\p{L}\p{N}-]+\.)+[\p{L}][\p{L}\p{N}-]+)\.?(?::\d+)?(?:[/?#]|$)`)

// misleads gives the host to which a link leads when its text names a place of somebody else, else "".
func misleads(text, href string) string {
	lower := strings.ToLower(href)
	if !strings.HasPrefix(lower, "http:") && !strings.HasPrefix(lower, "https:") {
		return ""
	}
	host := hostOf(href)
	m := namesPlace.FindStringSubmatch(strings.Trim(strings.TrimSpace(text), "<>[]()\"'"))
	if m == nil {
		return ""
	}
	named := strings.ToLower(m[1])
	if _, icann := publicsuffix.PublicSuffix(named); !icann {
		return "" // "report.docx" is a name of no place
	}
	if registered(named) == registered(host) {
		return ""
	}
	return host
}

func registered(host string) string {
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

// picture cleans an <img>: what the mail carries is shown, what is elsewhere waits to be asked for, and what is too small to
// see is there to spy and goes.
func (w *walk) picture(parent, n *html.Node, declares []declaration) {
	src, alt := strings.TrimSpace(nodeAttribute(n, "src")), cleanText(nodeAttribute(n, "alt"), true)
	width, height := pictureSize(n, "width", declares), pictureSize(n, "height", declares)
	made := newElement("img")
	if id, inline := ContentID(src); inline {
		address, ok := "", false
		if w.options.Picture != nil {
			address, ok = w.options.Picture(id)
		}
		if !ok {
			w.missing(parent, alt)
			return
		}
		w.shown.Inline[id] = true
		made.Attr = append(made.Attr, html.Attribute{Key: "src", Val: address})
	} else if dataPicture(src) {
		made.Attr = append(made.Attr, html.Attribute{Key: "src", Val: src})
	} else {
		index, ok := w.remotePicture(src, width, height)
		if !ok {
			w.missing(parent, alt)
			return
		}
		if index < 0 {
			return
		}
		if w.options.Remote == nil {
			w.box(parent, alt, width, height)
			return
		}
		made.Attr = append(made.Attr, html.Attribute{Key: "src", Val: w.options.Remote(index)})
	}
	made.Attr = append(made.Attr, html.Attribute{Key: "alt", Val: alt})
	if width > 0 && width <= 4000 {
		made.Attr = append(made.Attr, html.Attribute{Key: "width", Val: strconv.Itoa(width)})
	}
	if height > 0 && height <= 4000 {
		made.Attr = append(made.Attr, html.Attribute{Key: "height", Val: strconv.Itoa(height)})
	}
	made.Attr = append(made.Attr, html.Attribute{Key: "loading", Val: "lazy"})
	w.styled = append(w.styled, styled{made, declares})
	parent.AppendChild(made)
}

// remotePicture gives the index of a remote picture, -1 for one that is too small to be seen, or false for no picture.
func (w *walk) remotePicture(src string, width, height int) (int, bool) {
	if strings.HasPrefix(src, "//") {
		src = "https:" + src
	}
	src, ok := safeHref(src)
	lower := strings.ToLower(src)
	if !ok || !strings.HasPrefix(lower, "http:") && !strings.HasPrefix(lower, "https:") {
		return 0, false
	}
	if width >= 0 && width <= 2 || height >= 0 && height <= 2 {
		return -1, true
	}
	index, known := w.remote[src]
	if !known {
		if index = len(w.shown.Remote); index >= maxRemote {
			return 0, false
		}
		w.remote[src], w.shown.Remote = index, append(w.shown.Remote, src)
	}
	return index, true
}

// missing puts the words of a picture in its place.
func (w *walk) missing(parent *html.Node, alt string) {
	if alt != "" {
		parent.AppendChild(&html.Node{Type: html.TextNode, Data: alt})
	}
}

// box keeps the place of a picture that was not loaded, with its words or its size.
func (w *walk) box(parent *html.Node, alt string, width, height int) {
	made := newElement("span")
	made.Attr = []html.Attribute{{Key: "class", Val: "remote"}}
	var size []declaration
	if width > 0 && width <= 4000 {
		size = append(size, declaration{property: "width", value: strconv.Itoa(width) + "px"})
	}
	if height > 0 && height <= 2000 {
		size = append(size, declaration{property: "height", value: strconv.Itoa(height) + "px"})
	}
	if alt == "" && width > 0 && height > 0 {
		alt = strconv.Itoa(width) + " × " + strconv.Itoa(height)
	}
	made.AppendChild(&html.Node{Type: html.TextNode, Data: alt})
	w.styled = append(w.styled, styled{made, size})
	parent.AppendChild(made)
}

// pictureSize is a side of a picture in pixels as its attribute or style has it, -1 when it does not say.
func pictureSize(n *html.Node, side string, declares []declaration) int {
	for _, d := range declares {
		if d.property == side {
			if px, ok := pixels(d.value); ok {
				return int(px)
			}
			if d.value == "0" {
				return 0
			}
		}
	}
	value := strings.TrimSuffix(strings.TrimSpace(nodeAttribute(n, side)), "px")
	px, err := strconv.Atoi(value)
	if err != nil || px < 0 {
		return -1
	}
	return px
}

// maxDataPicture is the longest data: address of a picture that is shown, in bytes.
const maxDataPicture = 512 << 10

// dataPicture tells whether an address holds a picture in itself, of a kind that cannot act.
func dataPicture(src string) bool {
	if len(src) > maxDataPicture {
		return false
	}
	kind, body, ok := strings.Cut(src, ",")
	switch strings.ToLower(kind) {
	case "data:image/png;base64", "data:image/jpeg;base64", "data:image/jpg;base64", "data:image/gif;base64", "data:image/webp;base64":
	default:
		return false
	}
	for _, c := range []byte(body) {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '+' && c != '/' && c != '=' {
			return false
		}
	}
	return ok
}
