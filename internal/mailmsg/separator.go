package mailmsg

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// separatorWords stand between dashes above an answered or forwarded mail.
var originalWords = []string{
	"original message", "original appointment", "reply message", "ursprüngliche nachricht", "originalnachricht", "original nachricht", "originalmessage", "original-nachricht", "ursprungliche nachricht",
	"message d'origine", "message d’origine", "message original", "message initial", "mensaje original", "mensagem original", "messaggio originale", "messaggio iniziale", "oorspronkelijk bericht", "origineel bericht",
	"oprindelig meddelelse", "oprindelig besked", "ursprungligt meddelande", "originalmeddelande", "opprinnelig melding", "alkuperäinen viesti", "eredeti üzenet", "eredeti levél", "původní zpráva", "původní e-mail", "pôvodná správa",
	"исходное сообщение", "оригинальное сообщение", "вихідне повідомлення", "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość pierwotna", "orijinal mesaj", "orijinal ileti", "özgün ileti", "mesaj original", "originalna poruka", "izvorna poruka", "izvirno sporočilo",
	"原始邮件", "原始郵件", "元のメッセージ", "원본 메시지", "원본메시지",
}

var forwardWords = []string{
	"forwarded message", "forwarded email", "forwarded mail", "begin forwarded", "forwarded by", "original message forwarded", "weitergeleitete nachricht", "weitergeleitete e-mail", "anfang der weitergeleiteten", "anfang der weitergeleiteten nachricht", "weitergeleitet von",
	"message transféré", "message transmis", "message réexpédié", "début du message", "courriel transféré", "mail transféré", "mensaje reenviado", "mensaje remitido", "comienzo del mensaje", "inicio del mensaje", "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem", "início de mensagem",
	"messaggio inoltrato", "inizio messaggio", "doorgestuurd bericht", "doorgestuurde e-mail", "begin doorgestuurd", "begin van doorgestuurd", "videresendt besked", "videresendt meddelelse", "videresendt mail", "start på videresendt", "videresendt melding", "videresendt e-post", "begynnelse på videresendt", "starten på den videresendte",
	"vidarebefordrat meddelande", "vidarebefordrat mail", "vidarebefordrat brev", "början på vidarebefordrat", "börjar det vidarebefordrade", "vidarebefordrat meddelande", "välitetty viesti", "edelleenlähetetty viesti", "edelleen lähetetty viesti", "välitetyn viestin alku", "viesti välitetty",
	"továbbított üzenet", "továbbított levél", "a továbbított levél kezdete", "továbbított", "přeposlaná zpráva", "předávaná zpráva", "přeposlaný e-mail", "začátek přeposílané zprávy", "preposlaná správa", "preposlaný e-mail", "začiatok preposlanej správy", "preposlaná zpráva",
	"пересылаемое сообщение", "пересланное сообщение", "перенаправленное сообщение", "начало переадресованного", "начало пересылаемого", "переслане повідомлення", "початок листа", "перенаправлене повідомлення", "treść przekazanej wiadomości", "przekazana wiadomość", "przesłana dalej wiadomość", "wiadomość przekazana", "początek przekazywanej wiadomości", "początek przekazywanej", "przesłana wiadomość", "przekazywana wiadomość",
	"iletilmiş mesaj", "începe mesajul redirecționat", "vidarebefordrat mejl", "wiadomość przesłana dalej", "メッセージを転送", "iletilen mesaj", "iletilen ileti", "yönlendirilmiş ileti", "yönlendirilen ileti", "yönlendirilen mesaj", "iletilen mail", "mesaj redirecţionat", "mesaj redirecționat", "mesaj transmis", "mesaj redirectat", "mesaj retrimis", "început mesaj redirecționat", "începutul mesajului", "proslijeđena poruka", "prosleđena poruka", "prosljeđena poruka", "poruka proslijeđena", "početak proslijeđene poruke", "posredovano sporočilo", "препратено съобщение",
	"转发的邮件", "转发邮件", "轉寄郵件", "轉寄的郵件", "以下是转发的邮件", "転送メッセージ", "転送されたメール", "전달된 메시지", "전달 메시지", "الرسالة المعاد توجيهها", "הודעה שהועברה", "προωθημένο μήνυμα", "missatge reenviat", "edastatud sõnum", "ανακατευθυνόμενο μήνυμα",
}

// forwardStems are what the words for "forwarded" have in common within a language.
// They count only above a header block, so they may be short.
var forwardStems = []string{
	"forward", "weitergeleitet", "weiterleit", "transfér", "transmis", "réexpédi", "reenviad", "reenviat", "remitid", "encaminhad", "inoltrat", "doorgestuur", "videresend", "videresendt", "vidarebefordra",
	"välitet", "edelleenläh", "edelleen läh", "továbbít", "přeposl", "přeposíl", "předáv", "předan", "preposl", "preposiel", "пересыл", "переслан", "перенаправ", "переадрес", "przekaz", "przesłan", "iletil", "ileti başlangıcı", "yönlendiri",
	"redirec", "retrimis", "înaintat", "proslijeđ", "prosleđ", "prosljeđ", "прослеђ", "posredovan", "препратен", "προωθ", "ανακατευθυν", "edastat", "persiųst", "pārsūt", "chuyển tiếp", "ส่งต่อ", "diteruskan", "áfram",
	"转发", "轉寄", "轉發", "転送", "전달", "المعاد توجي", "إعادة توجي", "معاد توجي", "הועבר", "ارسال مجدد", "هدایت",
}

// announcesForward is true for a short line, between dashes or with a colon, that
// speaks of forwarding. Only a header block below it makes it sure.
func announcesForward(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) < 6 || len(text) > 160 || !startsDashed(text) && !strings.HasSuffix(text, ":") && !strings.HasSuffix(text, "：") {
		return false
	}
	lower := strings.ReplaceAll(strings.ToLower(text), "i̇", "i")
	for _, stem := range forwardStems {
		if strings.Contains(lower, stem) {
			return true
		}
	}
	return false
}

// separatorRow matches a line of dashes, underscores or the like with words between.
var separatorRow = regexp.MustCompile(`^[>|*\s]{0,6}[-_=~*‐‑–—]{2,40} ?(\p{L}[^\n]{2,60}?) ?[-_=~*‐‑–—]{2,60}[:\s]{0,3}$`)

var ruleRow = regexp.MustCompile(`^\s*(_{10,}|-{10,}|={10,})\s*$`)

type separatorKind uint8

const (
	noSeparator separatorKind = iota
	originalSeparator
	forwardSeparator
)

// startsDashed is true for a line that starts with a sign that clients draw lines of.
func startsDashed(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune("-_=~*>|‐‑–—", r)
}

// replyLines are what help desks print so that nobody writes below it.
var replyLines = []string{
	"above this line", "oberhalb dieser zeile", "über dieser zeile", "au-dessus de cette ligne", "encima de esta línea", "arriba de esta línea", "acima desta linha", "sopra questa riga", "al di sopra di questa", "boven deze regel", "boven deze lijn",
	"ovanför denna rad", "over denne linje", "over denne linjen", "tämän rivin yläpuolelle", "powyżej tej linii", "powyżej tego wiersza", "nad tento řádek", "nad tento riadok", "e sor fölé", "выше этой линии", "выше этой строки", "выше этой черты", "вище цього рядка",
	"bu satırın üst", "この線より上", "この行より上", "请在此行上方", "請在此行上方", "이 줄 위에", "deasupra acestei linii",
}

// replyLine is true for such a line, which stands between signs.
func replyLine(text string) bool {
	if len(text) > 200 || len(text) < 12 || strings.IndexByte("#-*=_~+<>[(", text[0]) < 0 {
		return false
	}
	lower := strings.ToLower(text)
	for _, w := range replyLines {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}

// separatorOf tells whether a line announces an answered or forwarded mail.
func separatorOf(text string) separatorKind {
	text = strings.TrimSpace(text)
	if len(text) < 6 || len(text) > 160 {
		return noSeparator
	}
	last := text[len(text)-1]
	if replyLine(text) {
		return originalSeparator
	}
	dashed := startsDashed(text)
	if !dashed && last != ':' && last != '*' && !strings.HasSuffix(text, "：") && len(text) > 64 {
		return noSeparator
	}
	words := text
	if dashed {
		found := separatorRow.FindStringSubmatch(text)
		if dashed = found != nil; dashed {
			words = found[1]
		}
	}
	words = strings.ReplaceAll(strings.ToLower(strings.Trim(words, " *-_:：>‐‑–—\u00a0")), "i̇", "i")
	if !dashed {
		return bareSeparator(text, words)
	}
	for _, w := range forwardWords {
		if strings.Contains(words, w) {
			return forwardSeparator
		}
	}
	for _, w := range originalWords {
		if strings.Contains(words, w) {
			return originalSeparator
		}
	}
	return noSeparator
}

// forwardByStart holds forwardWords by their first two bytes.
var forwardByStart = func() map[string][]string {
	table := make(map[string][]string)
	for _, w := range forwardWords {
		table[w[:2]] = append(table[w[:2]], w)
	}
	return table
}()

// bareSeparator judges words that stand without dashes.
func bareSeparator(text, words string) separatorKind {
	if len(words) < 6 {
		return noSeparator
	}
	for _, w := range forwardByStart[words[:2]] {
		if strings.HasPrefix(words, w) && shortSeparator(text, w) {
			return forwardSeparator
		}
	}
	if strings.HasSuffix(text, ":") && slices.Contains(originalWords, words) {
		return originalSeparator
	}
	return noSeparator
}

// shortSeparator keeps "Forwarded message about the …" in a sentence from counting.
func shortSeparator(text, word string) bool {
	return strings.ContainsAny(text[len(text)-1:], ":-*") && len(text) < len(word)+60 || strings.HasSuffix(text, "：") ||
		len(text) <= len(word)+3
}

// separator is true when line i separates new text from history: known words
// between dashes, or a rule or any words between dashes above a header block.
func separator(lines []line, i int) bool {
	text := lines[i].raw
	if separatorOf(text) != noSeparator {
		return true
	}
	if ruled(text) {
		next := nextFull(lines, i+1)
		return next-i <= 3 && headerBlock(lines, next).found()
	}
	return false
}
