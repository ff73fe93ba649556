package handoff

import (
	"encoding/base32"
	"strconv"
	"strings"
)

// A token is four words of five letters, consonant and vowel in turn, so that it can be read out and typed (as D. S. Wilkerson's
// "proquints" are, arXiv:0901.4016). They carry 64 bits of what the installation's key makes of the link's id.
const (
	consonants = "bdfghjklmnprstvz"
	vowels     = "aiou"
	wordCount  = 4
	wordLength = 5
)

const linkPurpose = "help link"

var tags = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func (k *Keeper) token(id int64) string {
	raw, err := tags.DecodeString(k.Key.Sign(linkPurpose, []byte(strconv.FormatInt(id, 10)))[:16])
	if err != nil {
		panic(err) // Sign writes nothing else
	}
	var out strings.Builder
	for i := range wordCount {
		if i > 0 {
			out.WriteByte('-')
		}
		n := uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
		out.Write([]byte{consonants[n>>12], vowels[n>>10&3], consonants[n>>6&15], vowels[n>>4&3], consonants[n&15]})
	}
	return out.String()
}

// readToken gives a token as it is written by us, however it was typed: "Lusab Babad gutih-tugad".
func readToken(typed string) (token string, ok bool) {
	if len(typed) > 100 {
		return "", false
	}
	var out strings.Builder
	letters := 0
	for _, r := range strings.ToLower(typed) {
		switch {
		case r == '-' || r == ' ' || r == '_' || r == '.' || r == '‑' || r == '–':
			continue
		case strings.ContainsRune(consonants, r) && letters%wordLength%2 == 0, strings.ContainsRune(vowels, r) && letters%wordLength%2 == 1:
		default:
			return "", false
		}
		if letters > 0 && letters%wordLength == 0 {
			out.WriteByte('-')
		}
		out.WriteRune(r)
		letters++
	}
	return out.String(), letters == wordCount*wordLength
}
