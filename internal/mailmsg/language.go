package mailmsg

import (
	"strings"
	"unicode"
)

// stopwords are the commonest short words of the languages told apart by words, and
// those that people write to a help desk.
var stopwords = func() map[string][]string {
	table := make(map[string][]string)
	for _, lang := range spelled {
		for _, w := range strings.Fields(commonWords[lang]) {
			table[w] = append(table[w], lang)
		}
	}
	return table
}()

// spelled are the languages that are told apart by their words.
var spelled = strings.Fields("en de fr es it pt nl sv da no fi pl cs sk hu ro tr vi hr ca")

var commonWords = map[string]string{
	"en": "the and is to of you i in that it for my with have this not on are please can cannot could we was be thanks thank does do work works when what how would your our hello hi since from there an has need help password printer screen but if will now been they here by or at as which should all any their these those more also about out up may use who its other new make only than into no yes",
	"de": "du dein deine deinen dir dich ihm dann dies bereits falls alles was wer wo unter der die das und ich nicht ist ein eine mit zu den auf es wir sie mein meine meinen kann bitte für von haben wird auch danke noch nach mehr seit sich mich jetzt geht hallo guten drucker passwort bleibt kein keine im dem des werden sind war hat dass wie bei oder aber wenn nur zum zur als einen einer eines ihr ihre uns unser können muss hier nun man durch aus über sowie um am alle wurde diese dieser dieses heute vom beim",
	"fr": "le la les et je est pas un une de des vous pour dans que ce mon ma avec sur nous bonjour merci ne du au qui plus me il elle on sont cette votre vos par mais ou si ça se aux être avez puis fonctionne marche imprimante peut pouvez peux depuis mes son sa ses leur tout très ici c'est n'est j'ai d'un d'une l'on en à été comme faire fait y nos notre donc cela",
	"es": "el la los las que de y en un una no por con para es mi se lo gracias hola como puedo está del al su pueden puede funciona impresora contraseña muy ya me sesión más pero este esta son hay sin desde cuando tengo buenos días ha le nos si sus también porque ser todo favor",
	"it": "il la che di e un una non per con mi è sono ho grazie come del della lo si gli buongiorno ma mia mio più funziona stampante posso adesso riesco nel alla dal ad da sul i le al questo questa può potete siamo anche ciao nella dei delle ci se cosa quando ancora salve",
	"pt": "o a que de e um uma não para com meu minha por os é em do da obrigado obrigada como estou você olá se no na funciona impressora agora consigo bom dia podem posso mais foi ao são está isso senha sem mas desde dos das pelo nos ele já seu sua ou quando ser tem também muito ter",
	"nl": "de het een en ik is niet van met op voor dat mijn te zijn wij kan bedankt graag ook aan naar maar meer werkt kunnen jullie nu weer sinds er die wordt bij u uw als om heb hallo goedemorgen dit geen door deze we wachtwoord of uit was nog wel over zo hoe wat ons moet dank",
	"sv": "och det att jag är inte en ett som på för med av har den min kan vi tack till om nu fungerar hej ni de från var mitt mina så men när skrivare igen någon får vill ska hur kunde skulle sedan eller bara mer mycket här alla detta",
	"da": "og det at jeg er ikke en et som på for med af har den min kan vi tak til om nu virker hej de fra mit mine så men når igen nogen får vil skal hvordan kunne siden eller bare mere meget her alle printer hvad også venlig hilsen logge ind",
	"no": "og det at jeg er ikke en et som på for med av har den min kan vi takk til om nå fungerer virker hei de fra mitt mine så men når igjen noen får vil skal hvordan kunne siden eller bare mer mye her alle skriveren hva også vennlig hilsen logget inn",
	"fi": "ja on ei että en se minun kun mutta voi ole kiitos hei myös olen tämä nyt toimi toimii sisään pääse miten voin voitko voisitko eivät ovat jos tai kuin oli kanssa vielä jo mitä olisi tulostin terveisin siitä saa",
	"pl": "i nie się na w z że do jest to mam proszę jak dla ale czy dziękuję mój moja tak po już działa dzień dobry mogę od przez o są co za który która można może jestem by lub przy tego nam witam pozdrawiam hasło tym ze",
	"cs": "a se na je že v to nemohu s prosím pro jak ale mi jsem děkuji dobrý den není už moje můj funguje nefunguje přihlásit o do z jsou co který která nebo být mám od po při tak jsme kdy tiskárna heslo za mě bych ve",
	"sk": "a sa na je že v to nemôžem s prosím pre ako ale mi som ďakujem dobrý deň nie už moja môj funguje nefunguje prihlásiť o do z sú čo ktorý ktorá alebo byť mám od po pri tak sme kedy tlačiareň heslo za ma by neviem vo",
	"hu": "a az és nem hogy egy van köszönöm meg is de ez kérem vagy nincs jó napot tudok most már működik mi ha csak volt lehet be ki el fel én ön üdvözlettel kell még mert nyomtató jelszó miért ezt azt",
	"ro": "și nu de la un o în că pe este cu mai pentru am mulțumesc vă rog să bună ziua mă pot acum mea meu imprimanta funcționează merge sunt dar din sau ce cum care ai fi a al dacă îmi parola ale lui",
	"tr": "bir ve bu için de değil ile var ben ne teşekkürler çok lütfen merhaba ama yok çalışmıyor çalışıyor beri şimdi bana benim nasıl olarak daha gibi mı mi mu sonra kadar en o olan yazıcı şifre yapamıyorum edebilir iyi günler",
	"vi": "của tôi không là và có được cho này đã với các một những trong để khi người bạn cảm ơn bây giờ rồi máy hoạt động xin chào vui lòng giúp",
	"hr": "i je ne da se na u za mi li to kako sam su ali ili što s od do moj moja radi možete pomoći hvala lijep pozdrav molim nije mogu još kod biti pisač lozinka smo dobar dan",
	"ca": "el la els les que de i en un una no per amb meva meu em és del gràcies hola podeu puc funciona impressora ajudar si us plau però aquest aquesta bon dia com més són tinc ha",
}

// ownLetters are letters that only some languages use: a word with one of them
// speaks for those, whatever it is.
var ownLetters = map[string]string{
	"ß": "de", "ä": "de fi sv", "ö": "de fi sv hu tr", "ü": "de hu tr", "ñ": "es", "¿": "es", "¡": "es", "ã": "pt vi", "õ": "pt vi", "ç": "fr pt tr ca", "è": "fr it ca", "ê": "fr pt vi", "ù": "fr it vi", "œ": "fr", "å": "sv da no fi", "æ": "da no", "ø": "da no",
	"ł": "pl", "ą": "pl", "ę": "pl", "ż": "pl", "ś": "pl", "ź": "pl", "ć": "pl hr", "ń": "pl", "ř": "cs", "ě": "cs", "ů": "cs", "ľ": "sk", "ĺ": "sk", "ŕ": "sk", "ô": "sk fr vi", "ď": "cs sk", "ť": "cs sk", "ň": "cs sk", "č": "cs sk hr", "š": "cs sk hr", "ž": "cs sk hr", "đ": "hr vi",
	"ő": "hu", "ű": "hu", "ș": "ro", "ț": "ro", "ă": "ro vi", "î": "ro fr", "ğ": "tr", "ı": "tr", "ş": "tr ro", "ơ": "vi", "ư": "vi", "ạ": "vi", "ả": "vi", "ấ": "vi", "ầ": "vi", "ậ": "vi", "ế": "vi", "ề": "vi", "ể": "vi", "ệ": "vi", "ị": "vi", "ọ": "vi", "ố": "vi", "ồ": "vi", "ộ": "vi", "ờ": "vi", "ớ": "vi", "ợ": "vi", "ủ": "vi", "ứ": "vi", "ừ": "vi", "ự": "vi",
}

// guessLanguage names the language of a text by its script, or by its commonest
// words and its letters; "" when neither decides, as for very short texts. Words
// that several languages share count less than those of one.
func guessLanguage(s string) string {
	if len(s) > 4000 {
		s = strings.ToValidUTF8(s[:4000], "")
	}
	if lang := scriptLanguage(s); lang != "" {
		return lang
	}
	points := make(map[string]float64)
	known, all := 0, 0
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\'' && r != '¿' && r != '¡' && !unicode.IsMark(r)
	}) {
		all++
		langs := stopwords[w]
		if len(langs) > 0 {
			known++
		}
		for _, lang := range langs {
			points[lang] += 0.4 + 1.6/float64(len(langs))
		}
		for _, r := range w {
			if r < 0x80 && r != '\'' {
				continue
			}
			for _, lang := range strings.Fields(ownLetters[string(r)]) {
				points[lang] += 0.7
			}
		}
	}
	best, second := "", ""
	for _, lang := range spelled {
		switch {
		case points[lang] > points[best]:
			best, second = lang, best
		case points[lang] > points[second]:
			second = lang
		}
	}
	// A word or two of a language stand in texts of every language.
	if known < 2 && points[best] < 2.7 || points[best] < 2 || points[best] < points[second]*1.08 || known*12 < all {
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
		return cyrillicLanguage(s)
	case greek > 3 && greek > latin:
		return "el"
	case arabic > 3 && arabic > latin:
		return "ar"
	case hebrew > 3 && hebrew > latin:
		return "he"
	}
	return ""
}

// cyrillicLanguage tells Russian from Bulgarian, which has no ы, э and ё, writes ъ
// within words and has other small words.
func cyrillicLanguage(s string) string {
	lower := strings.ToLower(s)
	russian, bulgarian := strings.Count(lower, "ы")+strings.Count(lower, "э")+strings.Count(lower, "ё"), 0
	for _, w := range strings.FieldsFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch w {
		case "и", "не", "на", "с", "от", "за":
		case "ми", "се", "съм", "да", "ще", "е", "са", "сега", "благодаря", "моля", "как", "той", "това", "има", "няма", "ви", "след", "всичко", "ни", "си":
			bulgarian++
		case "я", "мой", "моя", "что", "это", "в", "у", "меня", "мне", "спасибо", "теперь", "пожалуйста", "как-то", "но", "был", "есть", "нет", "можно", "могу", "работает", "здравствуйте":
			russian++
		}
		if i := strings.Index(w, "ъ"); i > 0 && !strings.ContainsAny(w[i:], "еёюя") {
			bulgarian += 2
		}
	}
	if bulgarian > russian {
		return "bg"
	}
	return "ru"
}

// LanguageOf names the language of a text as Message.Language does: "de", or "" when a few words do not decide.
func LanguageOf(text string) string { return guessLanguage(text) }
