package mailmsg

import (
	"regexp"
	"strings"
)

// introVerb is the word by which a client says that somebody wrote what follows.
var introVerb = regexp.MustCompile(`(?i)(\bwrote\b|\bwrites\b|\bschrieb\b|\bschreef\b|\bgeschreven\b|\ba écrit\b|écrit\s?:|\bescribió\b|\bescreveu\b|\bha scritto\b|\bskrev\b|\bkirjoitti\b|\bírta\b|\bnapisał|\bnapsal|\bnapísal|` +
	`написал|пишет|писал|пише|\byazdı|\byazmış|\bşunları yazdı|\ba scris\b|\bje napisa|\bje pisa|\bje napísal|写道|寫道|来信|のメッセージ|書きました|작성|님이|كتب|כתב|έγραψε|\bva escriure\b|\bkirjutas\b|\bsaid\b|\bsent you\b)`)

var introStart = regexp.MustCompile(`(?i)^\W{0,3}(\d|在|(on|am|at|le|el|em|il|op|w dniu|dnia|den|på|pe|în|v|dne|dňa|u|на|в|у|a|kl|lør|fre|tor|ons|tir|man|søn|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|пн|вт|ср|чт|пт|сб|вс|from|quoting)[\s.,])`)

var introDate = regexp.MustCompile(`(?i)(\d{4}|\d{1,2}[:.h]\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? ?\p{L}{3,9})`)

// isoIntro is the intro of clients without words: date, name, no verb.
var isoIntro = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}(:\d{2})?( ?(GMT|UTC)?[+-]\d{1,2}:?\d{0,2})? \S.{1,200}(>:?|[^.!?])$`)

const maxIntro = 320

// introLength returns how many lines from i form an intro such as "On … wrote:",
// 0 when there is none.
func introLength(lines []line, i int) int {
	if !introMayEnd(lines, i) {
		return 0
	}
	joined := ""
	for n := i; n < len(lines) && n < i+5; n++ {
		text := strings.TrimSpace(lines[n].text)
		if text == "" || lines[n].depth != lines[i].depth {
			break
		}
		joined = strings.TrimSpace(joined + " " + text)
		if len(joined) > maxIntro {
			break
		}
		if !isIntro(joined) {
			continue
		}
		first := lines[i].text
		if n > i && !(introStart.MatchString(first) && introDate.MatchString(first)) && introWithin(lines[:n+1], i+1) {
			return 0 // the last line of the text above is no part of it
		}
		return n - i + 1
	}
	return 0
}

// introMayEnd looks, before any pattern is tried, whether one of the next lines
// ends as an intro does; most lines of most mails stop here.
func introMayEnd(lines []line, i int) bool {
	for n := i; n < len(lines) && n < i+5; n++ {
		text := strings.TrimRight(lines[n].text, " \t*_")
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
		if introLength(lines, i) > 0 {
			return true
		}
	}
	return false
}

// isIntro judges one joined line. The verb alone is not enough: a sentence may end
// in "wrote:" as well, so a date or an address must be there too.
func isIntro(s string) bool {
	s = strings.Trim(s, " *_\ufeff")
	if strings.HasPrefix(s, "--") && strings.HasSuffix(s, "--") {
		if s = strings.Trim(s, "- "); !strings.HasSuffix(s, ":") {
			s += ":"
		}
	}
	colon := strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")
	if !colon {
		return isoIntro.MatchString(s) && (strings.Contains(s, "GMT") || strings.HasSuffix(s, ">")) ||
			strings.HasPrefix(s, "On ") && strings.HasSuffix(s, " wrote") && strings.Contains(s, "@")
	}
	if isoIntro.MatchString(s) || strings.HasSuffix(s, ">:") && strings.Contains(s, "@") && introDate.MatchString(s) && len(s) < 160 {
		return true
	}
	if !introVerb.MatchString(s) {
		return false
	}
	address := strings.Contains(s, "@")
	dated := introDate.MatchString(s)
	return address && (dated || strings.Contains(s, "<") || len(s) < 120) || dated && introStart.MatchString(s) && len(s) < 200
}
