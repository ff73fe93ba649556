package redact

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// rule finds one kind. group is the part of a match that is taken out; fits looks at that part once more, and may say which of it.
type rule struct {
	kind  Kind
	re    *regexp.Regexp
	group int
	fits  func(text string, from, to int) (int, int, bool)
}

// rules stand in the order of their strength: what an earlier one takes, no later one does.
var rules = []rule{
	{Secret, regexp.MustCompile(`-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|\z)`), 0, nil},
	{Secret, regexp.MustCompile(`\b(?:eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]{4,}|AKIA[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{20,}|xox[abp]-[\w-]{10,})`), 0, nil},
	{Secret, regexp.MustCompile(`(?i)\bbearer\s+([\w.~+/=-]{12,})`), 1, nil},
	{Secret, regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s/@:]*:[^\s/@]+@\S+`), 0, trimmed},
	{Link, regexp.MustCompile(`(?i)\b(?:https?|ftps?|sftp|ssh|smb|rdp|file|ldaps?)://[^\s<>"“”]+|\bwww\.[^\s<>"“”]+`), 0, tellingLink},
	{Secret, secretAfter(`\s*(?:[:=]|->|=>)+[ \t]*`), 1, notAWord},
	{Secret, secretAfter(`\s+(?:is|was|ist|war|lautet|lautete|heisst|heißt|are|will be|changed to|set to)\s*:?\s+`), 1, codeLike},
	{Secret, secretAfter(`[ \t]+`), 1, shortCode},
	{Mail, regexp.MustCompile(`(?i)(?:mailto:)?[\p{L}\p{N}._%+'=&~!#$*/?^{|}-]+@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+`), 0, nil},
	{Mail, regexp.MustCompile(`(?i)\b[\w.+-]+\s*[(\[{<]\s*(?:at|æt)\s*[)\]}>]\s*[\w-]+(?:\s*(?:\.|[(\[{<]\s*(?:dot|punkt)\s*[)\]}>])\s*[\w-]+)+`), 0, nil},
	{Machine, regexp.MustCompile(`\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b|\b[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\b`), 0, nil},
	{Machine, regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|:\d{2,5})?\b`), 0, address4},
	{Machine, regexp.MustCompile(`(?i)[0-9a-f]{0,4}:[0-9a-f:.]*:[0-9a-f]{0,4}(?:%\w+)?(?:/\d{1,3})?`), 0, address6},
	{Machine, regexp.MustCompile(`\\\\([\w.$-]+)`), 1, nil},
	{Account, regexp.MustCompile(`(?i)(?:\bc:\\(?:users|benutzer|documents and settings)\\|/home/|/Users/)([^\\/\s:*?"<>|]+)`), 1, notShared},
	{Account, regexp.MustCompile(`(?:^|[\s("'„“:,;=])([A-Za-z][\w.-]{1,20}\\[\w.$-]{2,})`), 1, domainUser},
	{Account, regexp.MustCompile(`\b[\w.-]+@[\w-]+\b`), 0, nil},
	{Account, regexp.MustCompile(`(?:^|[\s(,;:])(@[\p{L}_][\p{L}\p{N}_.-]{1,40})`), 1, trimmed},
	{Account, regexp.MustCompile(`(?i)\b(?:user ?-?name|user ?-?id|login ?-?name|login ?-?id|logon ?-?name|benutzer ?-?name|benutzer ?-?kennung|kennung|anmelde ?-?name|net ?-?id|windows ?-?id)\s*(?:(?:[:=]|->)+|\s(?:is|ist|lautet))\s*["'“„]?([\p{L}\p{N}][\p{L}\p{N}._$-]{1,60})`), 1, notAWord},
	{Number, regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b`), 0, hasDigits(8)},
	{Number, regexp.MustCompile(`(?i)\b(?:INC|REQ|RITM|CHG|SCTASK|TASK|CASE|PRB|TKT)[-_ #]?\d{4,}\b`), 0, nil},
	{Number, regexp.MustCompile(`(?:^|[\s(\[,;:])(#\d{3,})\b`), 1, nil},
	{Number, regexp.MustCompile(`(?i)\b(?:tickets?|requests?|incidents?|cases?|orders?|vorgang|vorgänge|fall|bestellung|auftrag|anfrage)[ -]?(?:no\.?|nr\.?|number|nummer|id|#)?[ \t]*[:#]?[ \t]*#?(\d{3,}[\d-]*)\b`), 1, notAYear},
	{Number, regexp.MustCompile(`(?i)\b(?:asset|serial|inventory|inventar|serien|service|customer|client|kunden|employee|personal|staff|student|matrikel|account|konto|contract|vertrags|invoice|rechnungs|policy|device|geräte|imei|s/n|sn)[ -]?(?:tag|no\.?|nr\.?|number|nummer|id|#)?(?:\s+|\s*[:#=]\s*)["“„]?([A-Z0-9][A-Z0-9_/-]{3,30})\b`), 1, hasDigits(3)},
	{Number, regexp.MustCompile(`\b(?:\d[ -]?){12,18}\d\b`), 0, luhn},
	{Key, regexp.MustCompile(`\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b|\b[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){2,}\b`), 0, lettersAndDigits},
	{Phone, regexp.MustCompile(`(?i)\b(?:tel|telefon|telephone|phone|ph|fax|mobile?|mobil|cell|handy|call|ext|extn|extension|durchwahl|dw|nebenstelle|rufnummer)\b(?:[ .:-]*(?:no|nr|number|nummer|is|at|me at|on|us at)?\b)?[ .:#-]*(\+?\(?\d[\d ()/.–-]{1,22}\d)`), 1, phoneAfter},
	{Phone, regexp.MustCompile(`(?:\+|\b00)\d[\d ()/.–-]{5,20}\d\b`), 0, phone},
	{Phone, regexp.MustCompile(`(?:\(\d{2,5}\)|\b0\d{1,5})[ /–-]{1,3}\d[\d /–-]{3,14}\d\b`), 0, phone},
	{Phone, regexp.MustCompile(`\b(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-.]\d{4}\b(?: ?(?:x|ext\.?) ?\d{1,5}\b)?`), 0, phone},
	{Place, regexp.MustCompile(`\b\d{1,5}[a-z]?,?\s+(?:[NSEW]\.?\s+)?(?:\p{Lu}[\p{L}'.-]*\s+){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Square|Sq|Parkway|Pkwy|Highway|Hwy|Terrace|Crescent)\b\.?`), 0, nil},
	{Place, regexp.MustCompile(`\p{Lu}[\p{L}.-]*(?:straße|strasse|str\.|allee|gasse|weg|platz|damm|ufer)\s+\d{1,4}\s?[a-h]?\b`), 0, nil},
	{Place, regexp.MustCompile(`\p{Lu}\p{L}+(?:er|ner)? (?:Straße|Strasse|Str\.|Allee|Weg|Platz|Damm|Ring)\s+\d{1,4}\s?[a-h]?\b`), 0, nil},
	{Place, regexp.MustCompile(`(?i)\b\d{1,4}(?: ?bis| ?ter)?,?\s+(?:rue|avenue|boulevard|place|chemin|quai|impasse|allée)\s+(?:de la |de l'|des |du |de )?\p{L}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)*`), 0, nil},
	{Place, regexp.MustCompile(`(?i)\bP\.? ?O\.? ?Box\s+\d+|\bPostfach\s+[\d ]*\d`), 0, nil},
	{Place, regexp.MustCompile(`\b(?:\p{Lu}[\p{L}.]+ ){0,2}\p{Lu}[\p{L}.]+,\s+[A-Z]{2}\.?\s+\d{5}(?:-\d{4})?\b`), 0, nil},
	{Place, regexp.MustCompile(`\b[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}\b`), 0, nil},
	{Place, regexp.MustCompile(`(?:[,\n` + hole + `]\s*|^)((?:[A-Z]{1,2}-)?\d{5}[ \t]+\p{Lu}\p{Ll}+(?:[ -]\p{Lu}\p{Ll}+)?)\s*(?:[,.\n]|$)`), 1, nil},
	{Secret, regexp.MustCompile(`[^\s"'“”„<>()\[\]{}` + hole + `]{8,128}`), 0, random},
}

// secretAfter matches a word for a secret, what stands between, and the secret.
func secretAfter(between string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:\b|_)(?:pass ?-?(?:word|code|phrase|key)s?|pass|passwd|pwd|pw|passwort|passwörter|kennwort|kennwörter|pin(?: ?-?(?:code|number|nummer))?|puk|tan|otp|mot de passe|` +
		`(?:security|access|reset|verification|login|zugangs|bestätigungs|sicherheits|freischalt|activation|aktivierungs|auth(?:entication)?|door|tür) ?-?(?:code|pin|schlüssel)|code|secret|geheimnis|(?:api|access|secret|licen[cs]e|product|lizenz|produkt|recovery|encryption) ?-?(?:key|token|schlüssel)|token|wlan-schlüssel|wpa2?-?(?:key)?)` +
		between + `["'“„‚` + "`" + `*]*([^\s"'“”„‘’` + "`" + hole + `]{2,})`)
}

// plain are words that stand where a secret might, and are none.
var plain = setOf(`a an and any are as at be been both but by can cannot case contact could do does expired expires field for from has have he her his how i if in incorrect invalid is it
	its kept left locked longer made may me missing must my need needed needs new no none not now of on one only or our page please protected required requires reset resets see sent set she should so
	some that the their them then there these they this those to too try two unknown used using valid very via was we were what when where which who will with works would wrong yes you your yours
	again also always another use change changed click create enter error first generate go here inside type minimum maximum leave blank same still characters hint
	aber abgelaufen alle als am an auf aus bei bitte da das dein deine dem den der des die dies diese dieser du ein eine einem einen einer er es falsch für gesperrt gibt hat ich ihr ihre im immer in ist ja
	kann kein keine mal man mein meine mich mir mit muss nach nein neu neue neues nicht nichts noch nur oder ohne sein sehr sich sie siehe sind so um und uns unbekannt ungültig unser vergessen von vor wann war warum was
	wegen weil wenn wer wie wir wird wo zu zum zur zurücksetzen zurückgesetzt geändert ändern eingeben eingegeben erforderlich n/a tbd xxx`)

func setOf(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// edge cuts off the marks at the end of a word.
func edge(text string, from, to int) (int, int) {
	for to > from && strings.ContainsRune(".,;:!?)]}>*", rune(text[to-1])) {
		to--
	}
	return from, to
}

func trimmed(text string, from, to int) (int, int, bool) {
	from, to = edge(text, from, to)
	return from, to, to > from
}

// notAWord lets everything be a secret that is no plain word.
func notAWord(text string, from, to int) (int, int, bool) {
	if isErrorCode(text, from) {
		return 0, 0, false
	}
	word := strings.ToLower(strings.Trim(text[from:to], ".,;:!?)]}>*-/"))
	if len(word) < 2 || plain[word] || strings.HasPrefix(word, "//") {
		return 0, 0, false
	}
	from, to = edgeKeep(text, from, to)
	return from, to, to > from
}

// edgeKeep is edge for secrets, which may well end in a mark: only what ends a sentence is cut off.
func edgeKeep(text string, from, to int) (int, int) {
	if to > from && strings.ContainsRune(".,;)", rune(text[to-1])) {
		to--
	}
	return from, to
}

// codeLike lets that be a secret which no word looks like.
func codeLike(text string, from, to int) (int, int, bool) {
	from, to = edgeKeep(text, from, to)
	quoted := from > 0 && strings.ContainsAny(text[from-1:from], "\"'`*") || strings.HasSuffix(text[:from], "“") || strings.HasSuffix(text[:from], "„")
	word := text[from:to]
	if isErrorCode(text, from) || plain[strings.ToLower(strings.Trim(word, ".,;:!?)"))] {
		return 0, 0, false
	}
	digits, letters, _, turns := shape(strings.TrimRight(word, ".,;:!?)"))
	return from, to, quoted || digits > 0 && (letters > 0 || digits >= 4) || turns >= 4 || strings.ContainsAny(strings.TrimRight(word, ".!?"), "!$%&#@^")
}

// shortCode lets that be a secret which follows its word at once, such as "PIN 4711".
func shortCode(text string, from, to int) (int, int, bool) {
	from, to = edgeKeep(text, from, to)
	if isErrorCode(text, from) {
		return 0, 0, false
	}
	digits, letters, marks, turns := shape(strings.TrimRight(text[from:to], ".,;:!?)"))
	if digits+letters < 4 || strings.Contains(text[from:to], "://") {
		return 0, 0, false
	}
	return from, to, digits >= 4 && letters == 0 && marks == 0 || digits > 0 && letters > 0 && (turns >= 2 || marks > 0)
}

var harmless = regexp.MustCompile(`(?i)(?:error|fehler|exit|status|return|result|stop|product|zip|postal|area|country|source|qr|bar|stopp|reason|response|http|event|ländervorwahl|sap|t|transaction|transaktions)[ -]?codes?\W{0,4}(?:is|ist|was)?\W{0,4}$`)

// isErrorCode tells that the code before a place says what went wrong, not how to come in.
func isErrorCode(text string, at int) bool {
	return harmless.MatchString(text[max(0, at-40):at])
}

// shape counts the digits, the letters and the other marks of a word, and how often these change.
func shape(word string) (digits, letters, marks, turns int) {
	last := 0
	for _, r := range word {
		kind := 4
		switch {
		case unicode.IsDigit(r):
			digits++
			kind = 1
		case unicode.IsUpper(r):
			letters++
			kind = 2
		case unicode.IsLetter(r):
			letters++
			kind = 3
		default:
			marks++
		}
		if last != 0 && kind != last {
			turns++
		}
		last = kind
	}
	return digits, letters, marks, turns
}

var secretWord = regexp.MustCompile(`(?i)pass ?(?:word|code|phrase)|passwort|kennwort|\bpin\b|\bpwd?\b|login|zugang|credential`)

// random lets that be a secret which looks like no word at all, or which looks a little like that and stands near a word for secrets.
func random(text string, from, to int) (int, int, bool) {
	from, to = edgeKeep(text, from, to)
	word := text[from:to]
	if strings.ContainsAny(word, `/\,`) || strings.Count(word, ".") > 1 || strings.Contains(word, "--") || strings.Contains(word, "__") {
		return 0, 0, false
	}
	digits, letters, marks, turns := shape(word)
	if digits == 0 || letters == 0 || len(word) < 8 {
		return 0, 0, false
	}
	pieces := 0 // a name such as Screenshot-2023-12-04.png has several
	for _, p := range strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune("-_.=:", r) }) {
		if len(p) >= 2 {
			pieces++
		}
	}
	mixed := word != strings.ToLower(word) && word != strings.ToUpper(word) && digits >= 2
	long := len(word) >= 24 && marks <= len(word)/8 && turns >= 8 && pieces <= 2
	inner := strings.ContainsAny(word, "!$%&#^") && pieces <= 2
	near := mixed && turns >= 2 && pieces == 1 && (secretWord.MatchString(text[max(0, from-80):from]) || secretWord.MatchString(text[to:min(len(text), to+40)]))
	return from, to, long || mixed && turns >= 5 && (inner || marks == 0) || near
}

func hasDigits(least int) func(string, int, int) (int, int, bool) {
	return func(text string, from, to int) (int, int, bool) {
		n, _, _, _ := shape(text[from:to])
		return from, to, n >= least
	}
}

func lettersAndDigits(text string, from, to int) (int, int, bool) {
	digits, letters, _, _ := shape(text[from:to])
	return from, to, digits >= 2 && letters >= 2
}

// notAYear lets numbers be taken out that are no year.
func notAYear(text string, from, to int) (int, int, bool) {
	n := text[from:to]
	return from, to, !(len(n) == 4 && (strings.HasPrefix(n, "19") || strings.HasPrefix(n, "20")))
}

// tellingLink takes out addresses with something behind a question mark, a person before an @, or a name that only one network knows.
func tellingLink(text string, from, to int) (int, int, bool) {
	from, to = edge(text, from, to)
	raw := text[from:to]
	u, err := url.Parse(raw)
	if err != nil {
		return from, to, true
	}
	if u.RawQuery != "" || u.User != nil || strings.ContainsAny(u.Fragment, "=?") || strings.Contains(raw, "~") {
		return from, to, true
	}
	for _, part := range strings.FieldsFunc(u.Path, func(r rune) bool { return strings.ContainsRune("/-_.%", r) }) {
		if digits, letters, _, turns := shape(part); len(part) >= 12 && digits >= 2 && letters >= 2 && turns >= 5 {
			return from, to, true
		}
	}
	_, bad := netip.ParseAddr(u.Hostname())
	return from, to, bad == nil
}

var versionBefore = regexp.MustCompile(`(?i)(?:version|release|firmware|build|ver\.?|\bv)[ :]*$`)

// address4 takes out addresses of the network that belong to somebody.
func address4(text string, from, to int) (int, int, bool) {
	if versionBefore.MatchString(text[max(0, from-16):from]) || from > 0 && text[from-1] == '.' || to < len(text)-1 && text[to] == '.' && text[to+1] >= '0' && text[to+1] <= '9' {
		return 0, 0, false
	}
	plain, _, _ := strings.Cut(text[from:to], "/")
	plain, _, _ = strings.Cut(plain, ":")
	a, err := netip.ParseAddr(plain)
	return from, to, err == nil && !a.IsLoopback() && !a.IsUnspecified() && !strings.HasPrefix(plain, "255.")
}

func address6(text string, from, to int) (int, int, bool) {
	for to > from && (text[to-1] == '.' || text[to-1] == ':' && !strings.HasSuffix(text[from:to], "::")) {
		to--
	}
	plain, _, _ := strings.Cut(text[from:to], "/")
	plain, _, _ = strings.Cut(plain, "%")
	a, err := netip.ParseAddr(plain)
	before := from == 0 || !isWordByte(text[from-1])
	return from, to, err == nil && before && len(plain) > 5 && !a.IsLoopback()
}

func isWordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b >= 0x80
}

// notShared leaves the folders that every computer has.
func notShared(text string, from, to int) (int, int, bool) {
	switch strings.ToLower(text[from:to]) {
	case "public", "default", "all", "shared", "%username%", "username", "user", "öffentlich":
		return 0, 0, false
	}
	return from, to, true
}

// domainUser tells "CORP\hana" from the beginning of a path and from a key of the registry.
func domainUser(text string, from, to int) (int, int, bool) {
	first, _, _ := strings.Cut(text[from:to], `\`)
	if _, second, _ := strings.Cut(text[from:to], `\`); !unicode.IsLetter(rune(second[0])) && !unicode.IsDigit(rune(second[0])) {
		return 0, 0, false // an escaped sign of Markdown
	}
	if to < len(text) && (text[to] == '\\' || text[to] == '/') || strings.HasPrefix(strings.ToUpper(first), "HK") || strings.HasPrefix(first, "%") {
		return 0, 0, false
	}
	from, to = edge(text, from, to)
	return from, to, true
}

var dates = regexp.MustCompile(`^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{4}-\d{4})(?:\D.*)?$`)

func phone(text string, from, to int) (int, int, bool) {
	s := text[from:to]
	n, _, _, _ := shape(s)
	if n < 7 || n > 15 || dates.MatchString(s) || from > 0 && (isWordByte(text[from-1]) || text[from-1] == '.' || text[from-1] == '-') || strings.Count(s, ".") > 3 {
		return 0, 0, false
	}
	return from, to, true
}

// phoneAfter takes out what follows a word for the telephone: an extension is short.
func phoneAfter(text string, from, to int) (int, int, bool) {
	s := text[from:to]
	n, _, _, _ := shape(s)
	return from, to, n >= 3 && n <= 15 && !dates.MatchString(s)
}

// luhn tells that digits are those of a card.
func luhn(text string, from, to int) (int, int, bool) {
	sum, n := 0, 0
	for i := to - 1; i >= from; i-- {
		c := text[i]
		if c < '0' || c > '9' {
			continue
		}
		d := int(c - '0')
		if n%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, n = sum+d, n+1
	}
	return from, to, n >= 13 && sum%10 == 0
}
