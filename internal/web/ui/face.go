package ui

import (
	"context"
	"hash/fnv"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"goodturn/internal/i18n"
)

// faceColours is how many hues part.css knows.
const faceColours = 12

// Initials are one or two capitals for a name: "Hana Sato" gives "HS", "Cher" gives "C", an address its first letter.
// A name without a letter or digit gives "?".
func Initials(name string) string {
	if at := strings.IndexByte(name, '@'); at > 0 && !strings.Contains(name, " ") {
		name = name[:at]
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' })
	switch len(words) {
	case 0:
		return "?"
	case 1:
		return firstRune(words[0])
	}
	return firstRune(words[0]) + firstRune(words[len(words)-1])
}

func firstRune(word string) string {
	for _, r := range word {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return ""
}

// faceClass gives a name its colour; the same name has the same one on every page.
func faceClass(name string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.ToLower(strings.TrimSpace(name))))
	return "face-" + strconv.Itoa(int(h.Sum32()%faceColours))
}

// FaceSize chooses how large a Face is drawn.
type FaceSize string

// The sizes of a face.
const (
	FaceNormal FaceSize = ""
	FaceSmall  FaceSize = "is-small"
	FaceLarge  FaceSize = "is-large"
)

// Face is a person as initials on a colour that stays the same for the same name. It is decoration beside the name; where
// it stands alone, use FaceAlone. Both are plain Go, because lists draw one a row.
func Face(name string, size FaceSize) templ.Component {
	return markup(`<span class="face ` + faceClass(name) + " " + string(size) + `" aria-hidden="true">` + templ.EscapeString(Initials(name)) + `</span>`)
}

// FaceAlone is a face that no name stands beside: it says the name to everyone who asks. An empty name is nobody yet.
func FaceAlone(name string, size FaceSize) templ.Component {
	if name == "" {
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			label := templ.EscapeString(i18n.T(ctx, "Nobody has it yet"))
			_, err := io.WriteString(w, `<span class="face is-nobody `+string(size)+`" role="img" aria-label="`+label+`" title="`+label+`"></span>`)
			return err
		})
	}
	label := templ.EscapeString(name)
	return markup(`<span class="face ` + faceClass(name) + " " + string(size) + `" role="img" aria-label="` + label + `" title="` + label + `">` + templ.EscapeString(Initials(name)) + `</span>`)
}
