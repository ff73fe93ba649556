package care

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// longestThreat is how much of a threat is told, in letters.
const longestThreat = 160

// threat gives the sentence of a text that threatens somebody, or "". A line that goes on is one sentence with the next.
func threat(text string) string {
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		for part != "" {
			end := strings.IndexAny(part, ".!?") + 1
			if end == 0 {
				end = len(part)
			}
			if words := threatIn(strings.Join(strings.Fields(part[:end]), " ")); words != "" {
				return words
			}
			part = part[end:]
		}
	}
	return ""
}

// threatIn gives a sentence, or of a long one what threatens and follows, if it threatens somebody. Its words have single spaces between them.
func threatIn(sentence string) string {
	low := strings.ToLower(sentence)
	for _, r := range threatRules {
		if !slices.ContainsFunc(r.needles, func(s string) bool { return strings.Contains(low, s) }) {
			continue
		}
		for _, at := range r.pattern.FindAllStringSubmatchIndex(sentence, 8) {
			begin, end := at[2], at[3]
			if r.mild != nil && r.mild.MatchString(sentence[end:]) || denied.MatchString(sentence[begin:end]) || toy.MatchString(sentence[begin:end]) && with.MatchString(sentence[end:]) {
				continue
			}
			if utf8.RuneCountInString(sentence) > longestThreat {
				return cut(sentence[begin:])
			}
			return sentence
		}
	}
	return ""
}

// cut leaves the beginning of a long sentence.
func cut(words string) string {
	if letters := []rune(words); len(letters) > longestThreat {
		return string(letters[:longestThreat]) + "…"
	}
	return words
}
