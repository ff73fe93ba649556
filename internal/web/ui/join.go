package ui

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// join makes one file of the sources of a bundle, as small as it gets without changing what it does. A module that is alone
// in its bundle keeps its exports: others import it by its address.
func join(b bundle) []byte {
	var all bytes.Buffer
	for _, source := range b.sources {
		text, err := files.ReadFile(source)
		if err != nil {
			panic(fmt.Sprintf("ui: %s: %v", b.name, err))
		}
		if path.Ext(source) == ".js" && !strings.Contains(source, "/vendor/") && len(b.sources) > 1 {
			text = inScope(text)
		}
		all.Write(text)
		all.WriteByte('\n')
	}
	var small bytes.Buffer
	var err error
	switch m := minify.New(); path.Ext(b.name) {
	case ".css":
		err = (&css.Minifier{}).Minify(m, &small, &all, nil)
	case ".js":
		err = (&js.Minifier{}).Minify(m, &small, bytes.NewReader(withoutAir(all.Bytes())), nil)
	default:
		small = all
	}
	if err != nil {
		panic(fmt.Sprintf("ui: %s: %v", b.name, err))
	}
	return small.Bytes()
}

var sheetInScript = regexp.MustCompile("(?s)replaceSync\\(`.*?`\\)")

// withoutAir makes the style sheets small that stand in a script as text.
func withoutAir(text []byte) []byte {
	return sheetInScript.ReplaceAllFunc(text, func(call []byte) []byte {
		var out bytes.Buffer
		head := len("replaceSync(`")
		out.Write(call[:head])
		if err := (&css.Minifier{}).Minify(minify.New(), &out, bytes.NewReader(call[head:len(call)-2]), nil); err != nil {
			return call
		}
		out.WriteString("`)")
		return out.Bytes()
	})
}

// inScope turns an ES module into a piece of one larger module: its imports go, because what they name stands in the
// same scope after joining, and its exports become plain declarations. So a name at the top level of a file must be
// unique among the files of a bundle, an import stands on one line, and exports are declarations.
func inScope(text []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte("import ")) {
			out.Write(bytes.TrimPrefix(line, []byte("export ")))
		}
	}
	return out.Bytes()
}
