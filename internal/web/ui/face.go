package ui

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
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
