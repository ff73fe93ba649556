package ui

import (
	"path"
	"strings"
)

// prepare makes one source fit to be joined with others. Third-party files stay as they are.
func prepare(name, text string) string {
	if strings.Contains(name, "/vendor/") {
		return text + "\n"
	}
	switch path.Ext(name) {
	case ".css":
		return squeezeCSS(text)
	case ".js":
		return squeezeJS(text)
	}
	return text
}

// squeezeCSS drops comments and indentation. It knows no strings with comment marks in them; the sheets have none.
func squeezeCSS(text string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "/*")
		out.WriteString(before)
		if !found {
			break
		}
		_, text, _ = strings.Cut(rest, "*/")
	}
	return trimLines(out.String(), func(string) bool { return true })
}

// squeezeJS turns an ES module into a piece of one larger module: its imports go, because what they name stands in the
// same scope after joining, and its exports become plain declarations. So a name at the top level of a file must be
// unique among the files of a bundle, an import stands on one line, and exports are declarations. Lines that are only a
// comment go too.
func squeezeJS(text string) string {
	text = trimLines(text, func(line string) bool {
		return !strings.HasPrefix(line, "//") && !strings.HasPrefix(line, "import ")
	})
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "export ")
	}
	return strings.Join(lines, "\n")
}

func trimLines(text string, keep func(line string) bool) string {
	var out strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" && keep(line) {
			out.WriteString(line)
			out.WriteByte('\n')
		}
	}
	return out.String()
}
