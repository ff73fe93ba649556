package kb

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"goodturn/internal/i18n"
)

var (
	fence = regexp.MustCompile("^ {0,3}(```+|~~~+)")
	// tags of site generators that stand where an address does, or for one
	pageTag  = regexp.MustCompile(`\{%-?\s*(?:page|link|image|lightbox|download|asset_path|image_with_class)\s+["']([^"']+)["'][^%]*%\}|\{\{[<%]\s*(?:rel)?ref\s+["']([^"']+)["']\s*[>%]\}\}`)
	baseTag  = regexp.MustCompile(`\{\{\s*(?:site\.baseurl|site\.url)\s*\}\}`)
	filtered = regexp.MustCompile(`\{\{\s*["']([^"']+)["']\s*\|\s*(?:relative_url|absolute_url|url|prepend:[^}]*)\s*\}\}`)
	address  = regexp.MustCompile(`(\]\(\s*)(<[^>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)((?:\s+(?:"[^"]*"|'[^']*'))?\s*\))|(?m:(^ {0,3}\[[^\]\n]+\]:\s*)(\S+))|((?:href|src)\s*=\s*["'])([^"'\n]*)(["'])`)
	inCode   = regexp.MustCompile("`[^`\n]+`")
)

// missingScheme stands before an address that could not be mended: what it leads to is shown as words, and whoever writes on the article
// finds it.
const missingScheme = "missing:"

// mend has the links and pictures of a document lead to what they lead to here.
func (m *importing) mend(d *document) {
	if d.language == "" {
		d.language = m.Language
	}
	tags := func(text string) string {
		return pageTag.ReplaceAllString(filtered.ReplaceAllString(baseTag.ReplaceAllString(text, ""), "$1"), "$1$2")
	}
	d.body = outsideCode(d.body, tags)
	d.body = readdressed(d.body, func(to string) string { return m.target(d, to) })
}

// outsideCode changes a text but for what stands in it as code.
func outsideCode(body string, change func(text string) string) string {
	var out, piece strings.Builder
	open := ""
	for line := range strings.Lines(body) {
		mark := ""
		if f := fence.FindStringSubmatch(line); f != nil {
			mark = f[1]
		}
		switch {
		case open == "" && mark != "":
			out.WriteString(change(piece.String()))
			piece.Reset()
			open = mark
			out.WriteString(line)
		case open != "":
			out.WriteString(line)
			if mark != "" && mark[0] == open[0] && len(mark) >= len(open) {
				open = ""
			}
		default:
			piece.WriteString(line)
		}
	}
	out.WriteString(change(piece.String()))
	return out.String()
}

// readdressed changes the addresses of the links and pictures of a text.
func readdressed(body string, change func(to string) string) string {
	return outsideCode(body, func(text string) string {
		var kept []string // words in code stay as they are
		text = inCode.ReplaceAllStringFunc(text, func(s string) string {
			kept = append(kept, s)
			return "`\x01`"
		})
		text = address.ReplaceAllStringFunc(text, func(s string) string {
			p := address.FindStringSubmatch(s)
			before, to, after := p[1], p[2], p[3]
			switch {
			case p[4] != "":
				before, to, after = p[4], p[5], ""
				if strings.HasPrefix(strings.TrimSpace(before), "[^") { // a footnote
					return s
				}
			case p[6] != "":
				before, to, after = p[6], p[7], p[8]
			}
			bare := strings.Trim(to, "<>")
			became := change(bare)
			if became == bare {
				return s
			}
			return before + became + after
		})
		for _, code := range kept {
			text = strings.Replace(text, "`\x01`", code, 1)
		}
		return text
	})
}

// target is where an address leads here.
func (m *importing) target(d *document, to string) string {
	u, err := url.Parse(strings.TrimSpace(to))
	switch {
	case to == "" || strings.HasPrefix(to, "#"):
		return to
	case err == nil && u.Scheme == strings.TrimSuffix(missingScheme, ":"):
		m.report.Broken++
		d.row.Missing = append(d.row.Missing, to)
		return to
	case err == nil && (u.Scheme != "" || u.Host != ""):
		m.report.Elsewhere++
		return to
	}
	if err == nil {
		if x := m.documentAt(d, u.Path); x != nil {
			m.report.Mended++
			if u.Fragment != "" {
				return "/help/" + x.slug + "#" + u.Fragment
			}
			return "/help/" + x.slug
		}
		if p := m.assetAt(d, u.Path); p != "" {
			m.report.Mended++
			return url.PathEscape(d.take(p))
		}
	}
	m.report.Broken++
	d.row.Missing = append(d.row.Missing, to)
	return missingScheme + strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E").Replace(to)
}

// take has a file come with the document, and gives the name by which its text calls it.
func (d *document) take(p string) string {
	base := fileName(path.Base(p))
	if base == "" {
		base = "file"
	}
	name := base
	for n := 2; d.files[name] != "" && d.files[name] != p; n++ {
		name = strings.TrimSuffix(base, path.Ext(base)) + "-" + string(rune('0'+n%10)) + path.Ext(base)
	}
	d.files[name] = p
	return name
}

// places are where an address of a document may lead, from the root of the folder.
func places(d *document, to string) []string {
	if strings.HasPrefix(to, "/") {
		return []string{path.Clean(strings.TrimLeft(to, "/"))}
	}
	dir := path.Dir(d.row.Path)
	page := strings.TrimSuffix(d.row.Path, path.Ext(d.row.Path))
	// Beside the file; below the address that the page had; from the root, as some generators write it.
	return []string{path.Join(dir, to), path.Join(page, to), path.Clean(to)}
}

func (m *importing) documentAt(d *document, to string) *document {
	if to == "" || to == "/" {
		return nil
	}
	for _, p := range places(d, to) {
		p = strings.ToLower(p)
		for _, try := range []string{p, strings.TrimSuffix(p, path.Ext(p)), path.Join(p, "index"), path.Join(p, "_index")} {
			if x := m.byPath[strings.Trim(try, "/")]; x != nil && mayBePage(p) {
				return x
			}
		}
	}
	base := strings.ToLower(path.Base(to))
	if !mayBePage(base) {
		return nil
	}
	if all := m.byBase[strings.TrimSuffix(base, path.Ext(base))]; len(all) == 1 && base != "index" {
		return all[0]
	}
	return nil
}

// mayBePage tells that an address may be that of a page and is not that of a picture or a file.
func mayBePage(p string) bool {
	ext := path.Ext(p)
	return ext == "" || kindOf(p) != notText || strings.ContainsAny(ext, " /") || len(ext) > 6
}

func (m *importing) assetAt(d *document, to string) string {
	all := places(d, to)
	for _, p := range all {
		for _, root := range []string{"", "static", "assets", "public", "content", "src"} {
			if found := m.byAsset[strings.ToLower(path.Join(root, p))]; found != "" {
				return found
			}
		}
	}
	if same := m.byName[strings.ToLower(path.Base(to))]; len(same) == 1 && path.Ext(to) != "" {
		return same[0]
	}
	return ""
}

// MissingWords says how many links of a file could not be mended, and which.
func (r ReportRow) MissingWords() i18n.Text {
	return i18n.M("These could not be mended: {{.Links}}", "Links", strings.Join(r.Missing, ", "))
}
