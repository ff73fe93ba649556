package ui

import (
	"context"
	"io"
	"regexp"
	"sync"

	"github.com/a-h/templ"
)

var symbol = regexp.MustCompile(`<symbol id="([a-z0-9-]+)"([^>]*)>(.*)</symbol>`)

// icons holds the finished markup of each symbol of the sprite: a list shows hundreds of icons.
var icons = sync.OnceValue(func() map[string]icon {
	sprite, err := files.ReadFile("icon/sprite.svg")
	if err != nil {
		panic(err)
	}
	made := map[string]icon{}
	for _, m := range symbol.FindAllSubmatch(sprite, -1) {
		name := string(m[1])
		made[name] = icon{
			pointing: `<svg class="icon" aria-hidden="true"><use href="` + URL("sprite.svg") + "#" + name + `"></use></svg>`,
			drawn:    `<svg class="icon" aria-hidden="true"` + string(m[2]) + ">" + string(m[3]) + "</svg>",
		}
	}
	return made
})

// icon is a shape that points into the sprite, and the same with its lines.
type icon struct{ pointing, drawn string }

type drawnKey struct{}

// Drawn has the icons of what is rendered with this context be drawn in place: a page with two of them needs no sprite, and
// loads one file less.
func Drawn(ctx context.Context) context.Context { return context.WithValue(ctx, drawnKey{}, true) }

// Render writes it.
func (i icon) Render(ctx context.Context, w io.Writer) error {
	text := i.pointing
	if ctx.Value(drawnKey{}) != nil {
		text = i.drawn
	}
	_, err := io.WriteString(w, text)
	return err
}

// Icon is a shape of the sprite by its lucide name ("reply"), as large as the text beside it and in its colour. It is
// hidden from assistive technology: words stand beside it, or an aria-label on the button around it. An unknown name
// panics, which a test of any page that uses it finds.
func Icon(name string) templ.Component {
	i, ok := icons()[name]
	if !ok {
		panic("ui: no icon named " + name)
	}
	return i
}

// markup is finished HTML.
type markup string

// Render writes it.
func (m markup) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(m))
	return err
}
