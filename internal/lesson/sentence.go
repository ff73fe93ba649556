package lesson

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/search"
)

var (
	greeting = regexp.MustCompile(`(?i)^\W*(?:hi|hello|hey|hallo|dear|good (?:morning|afternoon|evening|day)|guten (?:morgen|tag|abend)|moin|servus|liebe[rs]?|sehr geehrte[rs]?|bonjour|salut|to whom)\b`)
	greeted  = regexp.MustCompile(`(?i)^\W*(?:hi|hello|hey|hallo|dear|good (?:morning|afternoon|evening|day)|guten (?:morgen|tag|abend)|moin|servus|liebe[rs]?|sehr geehrte[rs]?|bonjour|salut)(?:\s+[\p{L}'’.-]+){0,3}\s*[,!:]\s+`)
	parting  = regexp.MustCompile(`(?i)^\W*(?:(?:best|kind|warm|many|with (?:best|kind))?\s*(?:regards|wishes)|cheers|sincerely|yours\b.*|best|thanks?(?:\s+(?:and regards|again|you|in advance|so much|a lot|very much))*|thx|mit (?:freundlichen|besten|lieben|herzlichen)\b.*|(?:viele|beste|liebe|freundliche|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e.*|gr(?:u|ü|ue)(?:ß|ss)e?\b.{0,20}|mfg|vg|lg|danke(?:\s+(?:und gruß|schön|im voraus|dir|ihnen))*|vielen dank(?: im voraus)?|--|__+|cordialement|merci)\W*$`)
	sentFrom = regexp.MustCompile(`(?i)^\W*(?:sent from|gesendet von|von meinem|get outlook|received from:|envoyé de)\b`)
	item     = regexp.MustCompile(`^\s*(?:[-*•·–]|\d{1,2}[.)]|[a-h]\))\s+`)
)

// body is a text without what is above and below what it says: the greeting, and everything from the parting words on.
func body(text string) string {
	lines := strings.Split(text, "\n")
	for len(lines) > 0 {
		l := strings.TrimSpace(lines[0])
		if l != "" && !(greeting.MatchString(l) && len(strings.Fields(l)) <= 6 && !strings.ContainsAny(strings.TrimRight(l, ",.!:; "), ".!?")) {
			break
		}
		lines = lines[1:]
	}
	var out []string
	for i, l := range lines {
		if i == 0 {
			l = greeted.ReplaceAllString(l, "")
		}
		trimmed := strings.TrimSpace(l)
		if i > 0 && parting.MatchString(trimmed) && utf8.RuneCountInString(trimmed) < 60 {
			break
		}
		if !sentFrom.MatchString(trimmed) {
			out = append(out, l)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// sentences cuts a text into its sentences; an item of a list is one. What says nothing is left out.
func sentences(text string) (out []string) {
	var run []string
	flush := func() {
		for _, s := range cutSentences(strings.Join(run, " ")) {
			if says(s) {
				out = append(out, s)
			}
		}
		run = nil
	}
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if l == "" {
			flush()
			continue
		}
		if at := item.FindString(l); at != "" {
			flush()
			l = l[len(at):]
		}
		run = append(run, strings.Join(strings.Fields(l), " "))
	}
	flush()
	return out
}

var ends = regexp.MustCompile(`[.!?…]+["'”“)\]]*\s+`)

// abbreviated are words whose point ends no sentence.
var abbreviated = regexp.MustCompile(`(?i)(?:\b(?:e\.g|i\.e|etc|z\.\s?b|d\.\s?h|u\.\s?a|bzw|ca|nr|no|dr|mr|mrs|ms|prof|vs|evtl|ggf|inkl|zzgl|tel|st|str|approx|incl|resp|abt|max|min|[a-z])\.)["')]*\s+$`)

// ordinal and month are the parts of "3. Mai".
var (
	ordinal = regexp.MustCompile(`\b\d{1,2}\.\s+$`)
	month   = regexp.MustCompile(`^(?:Jan|Feb|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec|Stock|Etage)`)
)

func cutSentences(text string) (out []string) {
	from := 0
	for _, m := range ends.FindAllStringIndex(text, -1) {
		next, _ := utf8.DecodeRuneInString(text[m[1]:])
		if abbreviated.MatchString(text[from:m[1]]) || unicode.IsLower(next) || ordinal.MatchString(text[from:m[1]]) && month.MatchString(text[m[1]:]) {
			continue
		}
		out = append(out, strings.TrimSpace(text[from:m[1]]))
		from = m[1]
	}
	if rest := strings.TrimSpace(text[from:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// longest is how long a sentence is at most, in characters; what is longer is a log, or nobody reads it.
const longest = 400

var (
	polite = regexp.MustCompile(`(?i)^\W*(?:(?:many |lots of )?(?:thanks|thank you|thx)\b|(?:vielen |besten |herzlichen )?dank(?:e|\b)|sorry (?:for|to)|entschuldig|(?:please|can|could|would) (?:you |someone |anybody |anyone )?(?:please |kindly )?(?:help|advise|assist|look|check on|have a look|let me know|fix)|please let (?:me|us)|let (?:me|us) know|(?:i|we) (?:hope|look forward|trust|appreciate|would appreciate|am writing)|hope (?:this|that|you)|any (?:help|ideas?)|(?:bitte )?(?:um (?:hilfe|unterstützung|rückmeldung)|melden sie sich|geben sie (?:mir|uns) bescheid)|können sie (?:mir |uns )?(?:bitte )?(?:helfen|weiterhelfen)|kann mir (?:bitte )?(?:jemand|wer) helfen|(?:was|wer) kann (?:ich|mir)|ich (?:hoffe|freue mich|würde mich freuen)|ich bitte um|freundliche|you(?:'re| are) welcome|gern(?:e)? geschehen|glad (?:to|that|it)|no problem|is there anything|have a (?:nice|good|great)|schönen? (?:tag|abend|woche)|happy to|feel free|don't hesitate|(?:i|we) will (?:close|now close|mark)|closing this|i(?:'ll| will) (?:get back|look into|have a look)|we(?:'ll| will) (?:get back|look into)|wir (?:melden uns|schauen)|ich (?:melde mich|schaue)|good to hear|great to hear|(?:das )?freut mich|it seems we can close|what can i do|need(?:ed)? (?:your )?help|help(?: me)?\W*$|hilfe\W*$|asap\W*$|urgent\W*$|dringend\W*$|re:|fwd?:|aw:|wg:)`)
	header = regexp.MustCompile(`(?i)^\s*(?:from|to|cc|bcc|sent|date|subject|von|an|gesendet|datum|betreff)\s*:`)
)

// says tells that a sentence says something: it is none of the words that letters are made polite with, and no log.
func says(s string) bool {
	n := utf8.RuneCountInString(s)
	if n > longest || polite.MatchString(s) || greeting.MatchString(s) && n < 40 || header.MatchString(s) || parting.MatchString(s) {
		return false
	}
	letters, words := 0, len(search.Words(s))
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return words >= 3 && letters*2 >= n
}

// complaint are words, folded, with which people say that something is not as it should be.
var complaint = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`error errors message fail fails failed failing cannot cant can't wont won't doesnt doesn't dont don't isnt isn't didnt didn't not never nothing no crash crashes crashed freeze freezes frozen hang hangs hanging
		slow stuck stops stopped blank black white empty missing gone lost disappeared broken wrong refuses refused denied blocked locked expired unable impossible keeps shows says displays appears flashes blinks asks
		disconnects disconnected drops dropped jammed jam loop loops timeout unreachable offline invalid when whenever after since every without instead
		fehler fehlermeldung meldung nicht kein keine keinen nie nichts weder hangt hangen sturzt absturz eingefroren langsam steht bleibt leer schwarz weiss weg verschwunden fehlt fehlen kaputt defekt falsch verweigert
		gesperrt abgelaufen unmoglich zeigt sagt meldet erscheint blinkt fragt verbindung unterbrochen abgebrochen abbruch gestort storung wenn sobald seit nachdem immer statt ohne`) {
		out[w] = true
	}
	return out
}()

// symptom says how much a sentence tells what somebody sees: more for words of trouble and for those of the subject.
func symptom(s string, subject map[string]bool, place int) float64 {
	score := 1.0 / float64(place+2)
	trouble := 0
	seen := map[string]bool{}
	for _, w := range search.Words(strings.ReplaceAll(s, "'", "")) {
		if complaint[w] && trouble < 3 {
			trouble++
		}
		for _, stem := range search.Stems(w) {
			if subject[stem] && !seen[stem] && len(seen) < 4 {
				seen[stem] = true
			}
		}
	}
	score += float64(trouble) + 0.5*float64(len(seen))
	if strings.ContainsAny(s, "“„\"«") {
		score++ // the words of a message
	}
	if strings.HasSuffix(strings.TrimSpace(s), "?") {
		score -= 1.5
	}
	return score
}

// stems are those of the words of a text that are long enough to say something.
func stems(text string) map[string]bool { return stemsFrom(text, 4) }

func stemsFrom(text string, least int) map[string]bool {
	out := map[string]bool{}
	for _, w := range search.Words(text) {
		if utf8.RuneCountInString(w) < least {
			continue
		}
		for _, s := range search.Stems(w) {
			out[s] = true
		}
	}
	return out
}

// alike is how much two sets of stems have in common: 1 for the same.
func alike(a, b map[string]bool) float64 {
	both := 0
	for s := range a {
		if b[s] {
			both++
		}
	}
	if all := len(a) + len(b) - both; all > 0 {
		return float64(both) / float64(all)
	}
	return 0
}

// SaysSame tells that two texts say the same, by their words.
func SaysSame(a, b string) bool { return alike(stems(a), stems(b)) >= sameText }

// same is how alike two sentences are that say the same, and two answers that do.
const (
	same     = 0.5
	sameText = 0.4
)

var imperative = regexp.MustCompile(`(?i)^\W*(?:(?:then|next|now|first|second|finally|after that|dann|danach|zuerst|zunächst|anschließend|jetzt|nun)[ ,]+)?(?:please|try|open|click|press|choose|select|go to|enter|type|restart|reboot|turn|switch|check|install|uninstall|remove|delete|download|log|sign|close|start|run|set|change|use|hold|wait|unplug|plug|connect|disconnect|make sure|ensure|right-click|double-click|update|clear|add|move|copy|paste|save|reset|replace|tick|untick|disable|enable|follow|scroll|pull|push|clean|take|put|empty|contact|keep|leave|look|find|call|ask|visit|` +
	`bitte|öffnen|klicken|drücken|wählen|gehen|geben|tippen|starten|schalten|prüfen|überprüfen|installieren|deinstallieren|entfernen|löschen|laden|melden|schließen|stellen|ändern|halten|warten|stecken|ziehen|verbinden|trennen|achten|aktualisieren|leeren|fügen|kopieren|speichern|setzen|ersetzen|aktivieren|deaktivieren|nehmen|legen|versuchen|probieren|führen|rufen|entsperren)\b`)

var advice = regexp.MustCompile(`(?i)\b(?:you can|you need to|you have to|you should|please|next time|bitte|sie können|sie müssen|sie sollten|du kannst|du musst|beim nächsten mal|nächstes mal)\b`)

// tells tells that a sentence says what to do.
func tells(s string) bool { return imperative.MatchString(s) || advice.MatchString(s) }

var question = regexp.MustCompile(`(?i)^\W*(?:and |und )?(?:which|what|when|where|since when|does|do|did|is|are|have|has|can you (?:see|tell)|could you (?:tell|send)|how (?:often|many|long)|welche[rsnm]?|was|wann|wo|seit wann|ist|sind|hat|haben|können sie|wie (?:oft|viele|lange)|steht|leuchtet|blinkt)\b`)

// wantsToKnow tells that a sentence asks what the desk needs to know of the trouble.
func wantsToKnow(s string) bool {
	return strings.HasSuffix(s, "?") && question.MatchString(s) && len(strings.Fields(s)) >= 4 && len(strings.Fields(s)) <= 25
}
