package mailmsg

import (
	"strings"
	"unicode"
)

// stopwords are the commonest short words of the languages told apart by words.
var stopwords = func() map[string][]string {
	table := make(map[string][]string)
	for lang, words := range map[string]string{
		"en": "the and is to of you i in that it for my with have this not on are please can we was be thanks",
		"de": "der die und ich das nicht ist ein eine mit zu den auf es wir sie mein kann bitte für von haben wird auch danke noch nach",
		"fr": "le la les et je est pas une un de des vous pour dans que ce mon avec sur nous bonjour merci ne du au qui",
		"es": "el la los que de y en un una no por con para es mi se lo gracias hola como puedo las está",
		"it": "il la che di e un una non per con mi è sono ho grazie come del della lo si gli buongiorno ma",
		"pt": "o a que de e um uma não para com meu por os é em do da obrigado como estou você olá se",
		"nl": "de het een en ik is niet van met op voor dat mijn te zijn wij kan bedankt graag ook aan naar maar",
		"sv": "och det att jag är inte en ett som på för med av har den min kan vi tack till om",
		"da": "og det at jeg er ikke en et som på for med af har den min kan vi tak til om",
		"no": "og det at jeg er ikke en et som på for med av har den min kan vi takk til om",
		"fi": "ja on ei että en se minun kun mutta voi ole kiitos hei myös olen tämä",
		"pl": "i nie się na w z że do jest to mam proszę jak dla ale czy dziękuję mój tak po",
		"cs": "a se na je že v to nemohu s prosím pro jak ale mi jsem děkuji dobrý den není",
		"hu": "a az és nem hogy egy van köszönöm meg is de ez kérem vagy nincs",
		"ro": "și nu de la un o în că pe este cu mai pentru am mulțumesc vă rog să",
		"tr": "bir ve bu için de değil ile var ben ne teşekkürler çok lütfen merhaba ama",
	} {
		for _, w := range strings.Fields(words) {
			table[w] = append(table[w], lang)
		}
	}
	return table
}()

// guessLanguage names the language of a text by its script or its commonest
// words; "" when neither decides, as for very short texts.
func guessLanguage(s string) string {
	if len(s) > 4000 {
		s = strings.ToValidUTF8(s[:4000], "")
	}
	if lang := scriptLanguage(s); lang != "" {
		return lang
	}
	hits := make(map[string]int)
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, lang := range stopwords[w] {
			hits[lang]++
		}
	}
	best, second := "", ""
	for _, lang := range []string{"en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "hu", "ro", "tr"} {
		switch {
		case hits[lang] > hits[best]:
			best, second = lang, best
		case hits[lang] > hits[second]:
			second = lang
		}
	}
	if hits[best] < 2 || hits[best] == hits[second] {
		return ""
	}
	return best
}

func scriptLanguage(s string) string {
	var latin, cyrillic, ukrainian, han, kana, hangul, greek, arabic, hebrew int
	for _, r := range s {
		switch {
		case r < 0x80:
			if unicode.IsLetter(r) {
				latin++
			}
		case strings.ContainsRune("іїєґІЇЄҐ", r):
			ukrainian++
			cyrillic++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r):
			kana++
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case unicode.Is(unicode.Greek, r):
			greek++
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.Is(unicode.Hebrew, r):
			hebrew++
		}
	}
	switch {
	case kana > 2 && (kana+han)*2 > latin:
		return "ja"
	case han > 2 && han*3 > latin:
		return "zh"
	case hangul > 2 && hangul*2 > latin:
		return "ko"
	case cyrillic > 3 && cyrillic > latin && ukrainian*50 > cyrillic:
		return "uk"
	case cyrillic > 3 && cyrillic > latin:
		return "ru"
	case greek > 3 && greek > latin:
		return "el"
	case arabic > 3 && arabic > latin:
		return "ar"
	case hebrew > 3 && hebrew > latin:
		return "he"
	}
	return ""
}
