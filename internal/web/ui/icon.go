package ui

import (
	"context"
	"io"
	"regexp"
	"sync"

	"github.com/a-h/templ"
)

var symbolID = regexp.MustCompile(`<symbol id="([a-z0-9-]+)"`)

// icons holds the finished markup of each symbol of the sprite: a list shows hundreds of icons.
var icons = sync.OnceValue(func() map[string]string {
	sprite, err := files.ReadFile("icon/sprite.svg")
	if err != nil {
		panic(err)
	}
	made := map[string]string{}
	for _, m := range symbolID.FindAllSubmatch(sprite, -1) {
		name := string(m[1])
		made[name] = `<svg class="icon" aria-hidden="true"><use href="` + URL("sprite.svg") + "#" + name + `"></use></svg>`
	}
	return made
})

// Icon is a shape of the sprite by its lucide name ("reply"), as large as the text beside it and in its colour. It is
// hidden from assistive technology: words stand beside it, or an aria-label on the button around it. An unknown name
// panics, which a test of any page that uses it finds.
func Icon(name string) templ.Component {
	text, ok := icons()[name]
	if !ok {
		panic("ui: no icon named " + name)
	}
	return markup(text)
}

// markup is finished HTML.
type markup string

// Render writes it.
func (m markup) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(m))
	return err
}
