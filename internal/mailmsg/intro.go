package mailmsg

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// introVerbs are the words by which clients say that somebody wrote what follows.
// They count as whole words; those of scripts without spaces wherever they stand.
var introVerbs = strings.Split("wrote|writes|schrieb|schreef|geschreven|geschrieben|a écrit|écrit|escribió|escreveu|ha scritto|scrisse|skrev|skriver|kirjoitti|írta|ezt írta|napisał|napisała|napisał(a)|napisał(-a)|napisana przez|napisane przez|pisze|napsal|napsala|napsal(a)|"+
	"napísal|napísala|napísal(a)|написал|написала|написал(а)|написав|написала|написав(ла)|пишет|писал|писала|писал(а)|пише|написа|yazdı|yazmış|a scris|napisao|napisala|napisao/la je|napisal|pisal|pisao|написао|rašė|parašė|rakstīja|va escriure|kirjutas|skrifaði|"+
	"menulis|έγραψε|đã viết|viết|כתב|כתבה|כתב/ה|sent you", "|")

var introVerbsAnywhere = []string{"写道", "寫道", "来信", "のメッセージ", "のメール", "書きました", "作成しました", "작성", "님이", "쓴 글", "כתב", "كتب", "كتابة", "نوشت", "เขียน", "missatge de "}

// introFirst are first words of an intro: "on" in its languages, and the days.
var introFirst = func() map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields("on at am le el em il op w dnia dnem dne dňa den på pe în in la v vo u на в у от from quoting στις vào pada no kuupäev missatge wiadomość בתאריך ב في " +
		"mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag " +
		"lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom seg ter qua qui sex " +
		"ma ti ke to pe la su man tir ons tor fre lør søn mån tis lör sön pon wt śr czw pt sob nie niedz po út st čt pá so ne št pi hétfő " +
		"пн вт ср чт пт сб вс нд понедельник вторник среда четверг пятница суббота воскресенье понеділок вівторок середа четвер п'ятниця субота неділя pirmd otrd trešd ceturtd piektd sestd svētd " +
		"jan feb march mar apr april may june july aug sep sept oct nov dec january february august september october november december") {
		set[w] = true
	}
	return set
}()

var (
	introTime = regexp.MustCompile(`\d{1,2}[:.h]\d{2}`)
	introDate = regexp.MustCompile(`\d{4}|\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4}|\d{1,2}(st|nd|rd|th)?[.,]? ?(de |of )?\p{L}{3,12}|\p{L}{3,9}\.? \d{1,2}\b`)
	// A whole date: with a year, or day, month and year in figures.
	introFullDate = regexp.MustCompile(`(^|[^\d])(19|20)\d{2}([^\d]|$)|(^|[^\d])\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2}([^\d]|$)`)
	introAt       = regexp.MustCompile(`[^\s<>()\[\]:;,"]+@[^\s<>()\[\]:;,"]+\.[\p{L}\d-]{2,}`)
	// An address, with or without what clients put around it, at the very end.
	introEndsInAddress = regexp.MustCompile(`[^\s<>()\[\]:;,"]+@[^\s<>()\[\]:;,"]+\.[\p{L}\d-]{2,} ?[>)\]]* ?:$`)
)

// isoIntro is the intro of clients without words: date, name, no verb.
var isoIntro = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(:\d{2})?( ?(GMT|UTC)?[+-]\d{1,2}:?\d{0,2})? \S.{1,200}(>:?|[^.!?])$`)

// certainty says how far a line can be trusted to be an intro.
type certainty uint8

const (
	noIntro     certainty = iota
	weakIntro             // only when a quotation follows: a person may write so, too
	strongIntro           // whatever follows is history
)

const maxIntro = 320

// introLength returns how many lines from i form an intro such as "On … wrote:",
// 0 when there is none.
func introLength(lines []line, i int) int {
	if i > maxSeam {
		return 0
	}
	if lines[i].intro == 0 {
		lines[i].intro = int8(1 + findIntro(lines, i))
	}
	return int(lines[i].intro - 1)
}

func findIntro(lines []line, i int) int {
	if !introMayEnd(lines, i) {
		return 0
	}
	joined := ""
	for n := i; n < len(lines) && n < i+6; n++ {
		text := strings.TrimSpace(lines[n].text)
		if text == "" || lines[n].depth != lines[i].depth {
			break
		}
		joined = strings.TrimSpace(joined + " " + text)
		if len(joined) > maxIntro {
			break
		}
		sure := judgeIntro(joined)
		if sure == noIntro || sure == weakIntro && !quoteFollows(lines, n+1, lines[i].depth) {
			continue
		}
		first := plainIntro(lines[i].text)
		if n > i && (!introStarts(first) || endsSentence(first)) && introWithin(lines[:n+1], i+1) {
			return 0 // the last line of the text above is no part of it
		}
		return n - i + 1
	}
	return 0
}

// quoteFollows is true when the next line with text is quoted deeper.
func quoteFollows(lines []line, from, depth int) bool {
	next := nextFull(lines, from)
	return next < len(lines) && (lines[next].depth > depth || lines[next].mark == markQuote)
}

// introMayEnd looks, before any pattern is tried, whether one of the next lines
// ends as an intro does; most lines of most mails stop here.
func introMayEnd(lines []line, i int) bool {
	for n := i; n < len(lines) && n < i+6; n++ {
		text := strings.TrimRight(lines[n].text, " \t*_\u00a0\u200e\u200f\u202c\u202a\u202b")
		if text == "" {
			return false
		}
		switch text[len(text)-1] {
		case ':', '-', '>':
			return true
		}
		if strings.HasSuffix(text, "：") || strings.HasSuffix(text, "wrote") || n == i && text[0] >= '0' && text[0] <= '9' {
			return true
		}
	}
	return false
}

func introWithin(lines []line, from int) bool {
	for i := from; i < len(lines); i++ {
		if judgeIntro(joinText(lines[i:])) != noIntro {
			return true
		}
	}
	return false
}

func joinText(lines []line) string {
	words := make([]string, len(lines))
	for i, l := range lines {
		words[i] = strings.TrimSpace(l.text)
	}
	return strings.Join(words, " ")
}

// introStarts is true for a line that begins as an intro does: with a day, a date,
// an "on", or the writer's address.
func introStarts(s string) bool {
	s = strings.TrimLeft(s, " \t-–—*_\"„“«>")
	if s == "" {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(s); unicode.IsDigit(r) || strings.ContainsRune("在於于เ", r) {
		return true
	}
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' })
	if end < 0 {
		end = len(s)
	}
	if introFirst[strings.ToLower(s[:end])] && introDate.MatchString(s) {
		return true
	}
	at := strings.IndexAny(s, "@<")
	return at >= 0 && at < 60 && !strings.ContainsAny(s[:at], ".!?:")
}

func endsSentence(s string) bool {
	s = strings.TrimSpace(s)
	if strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return true
	}
	word := s[strings.LastIndexByte(s, ' ')+1:]
	return strings.HasSuffix(s, ".") && len(word) > 5 && introAt.FindString(word) == "" && !strings.ContainsAny(word, "0123456789")
}

var introPlain = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u200e", "", "\u200f", "", "\u202a", "", "\u202b", "", "\u202c", "", "\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "", "\ufeff", "", "\u200b", "",
	"：", ":", "，", ", ", "、", ", ", "٠", "0", "١", "1", "٢", "2", "٣", "3", "٤", "4", "٥", "5", "٦", "6", "٧", "7", "٨", "8", "٩", "9", "،", ",")

// plainIntro takes out what clients vary without meaning anything by it.
func plainIntro(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			s = introPlain.Replace(s)
			break
		}
	}
	return strings.Trim(s, " \t*_")
}

// judgeIntro judges one joined line. The verb alone is not enough: a sentence may
// end in "wrote:" as well, so a date or an address must be there too.
func judgeIntro(s string) certainty {
	s = plainIntro(s)
	if len(s) < 8 || len(s) > maxIntro {
		return noIntro
	}
	dashed := len(s) > 12 && (s[0] == '-' && strings.HasPrefix(s, "--") && strings.HasSuffix(s, "--"))
	if dashed {
		if s = strings.Trim(s, "- "); !strings.HasSuffix(s, ":") {
			s += ":"
		}
		if hasIntroVerb(s) && !strings.HasPrefix(s, ":") {
			return strongIntro
		}
	}
	if strings.HasSuffix(s, ">>>") {
		s = strings.TrimSpace(strings.Trim(s, "> "))
		if introFullDate.MatchString(s) && introTime.MatchString(s) {
			return strongIntro
		}
		return noIntro
	}
	if !strings.HasSuffix(s, ":") {
		if isoIntro.MatchString(s) && (strings.Contains(s, "GMT") || strings.HasSuffix(s, ">")) ||
			strings.HasPrefix(s, "On ") && strings.HasSuffix(s, " wrote") && strings.Contains(s, "@") {
			return strongIntro
		}
		return noIntro
	}
	return judgeColon(s)
}

// judgeColon judges a line that ends in a colon.
func judgeColon(s string) certainty {
	address := strings.Contains(s, "@") && introAt.MatchString(s)
	if !address && !strings.ContainsAny(s, "0123456789") {
		return noIntro
	}
	if isoIntro.MatchString(s) && (address || strings.Contains(s, "GMT")) {
		return strongIntro
	}
	whole := introFullDate.MatchString(s) && introTime.MatchString(s)
	if !whole && !address && !introStarts(s) {
		return noIntro
	}
	verb := hasIntroVerb(s)
	said := strings.Contains(s, " said:") && address
	switch {
	case address && whole && len(s) < 200 && introEndsInAddress.MatchString(s):
		return strongIntro
	case !verb && !said:
		return noIntro
	case address && (introDate.MatchString(s) || strings.Contains(s, "<") || len(s) < 120):
		return strongIntro
	case len(s) > 200:
		return noIntro
	case whole && introStarts(s):
		return strongIntro
	case whole, introDate.MatchString(s) && introStarts(s):
		return weakIntro
	}
	return noIntro
}

// hasIntroVerb looks for a verb that stands as words of its own.
func hasIntroVerb(s string) bool {
	lower := strings.ToLower(s)
	for _, v := range introVerbs {
		for from := 0; ; {
			i := strings.Index(lower[from:], v)
			if i < 0 {
				break
			}
			i += from
			before, _ := utf8.DecodeLastRuneInString(lower[:i])
			after, _ := utf8.DecodeRuneInString(lower[i+len(v):])
			if (i == 0 || !unicode.IsLetter(before)) && !unicode.IsLetter(after) {
				return true
			}
			from = i + len(v)
		}
	}
	for _, v := range introVerbsAnywhere {
		if strings.Contains(lower, v) {
			return true
		}
	}
	return false
}
