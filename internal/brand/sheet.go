package brand

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// Plain says that it looks as without a brand, so that the usual style sheet serves.
func (b Brand) Plain() bool { return b.Accent == "" && len(b.Logo) == 0 }

// Sheet is what the brand adds to the style sheet: some colours, and the logo in the place of our mark. Nothing in it was written by anybody:
// colours were read and written anew, the logo is a picture that we drew.
func (b Brand) Sheet() string {
	var s strings.Builder
	s.WriteString("@layer pages {\n")
	if l, ok := readColour(b.Accent); ok {
		d, known := readColour(b.AccentDark)
		if !known {
			d = nearest(l, dark)
		}
		pair := func(name string, x, y colour) { fmt.Fprintf(&s, "--%s: light-dark(%s, %s);\n", name, x, y) }
		s.WriteString("@media not (prefers-contrast: more) {\n:root {\n")
		pair("accent", l, d)
		pair("accent-ink", light(l).ink, dark(d).ink)
		pair("accent-wash", light(l).wash, dark(d).wash)
		pair("accent-deep", l.mixed(black, .15), d.mixed(white, .2))
		s.WriteString("}\n}\n")
	}
	if len(b.Logo) > 0 && b.LogoHeight > 0 && (b.LogoType == "image/png" || b.LogoType == "image/jpeg") {
		fmt.Fprintf(&s, ".brand svg { display: none; }\n.brand::before { content: \"\"; block-size: 1.75rem; inline-size: %.2frem; background: url(data:%s;base64,%s) center / contain no-repeat; }\n",
			1.75*float64(b.LogoWidth)/float64(b.LogoHeight), b.LogoType, base64.StdEncoding.EncodeToString(b.Logo))
	}
	s.WriteString("}\n")
	return s.String()
}

// Hash names a sheet that the brand's is added to, by the content of both.
func (b Brand) Hash(before []byte) string {
	sum := sha256.Sum256(append(append([]byte{}, before...), b.Sheet()...))
	return base64.RawURLEncoding.EncodeToString(sum[:8])
}
