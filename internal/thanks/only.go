package thanks

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Said is what somebody wrote on a ticket that is done, as far as it decides whether it only says thanks.
type Said struct {
	// Text is what they wrote now, plain, without what they quoted and without a signature that is known as such.
	Text string
	// Subject is that of a mail, TicketSubject that of the ticket; "" where there is none.
	Subject, TicketSubject string
	// Names are those of the people of the ticket: whoever is greeted, and whoever signs.
	Names []string
	// Files says that something is attached.
	Files bool
}

// The longest text that may be nothing but thanks.
const (
	longestThanks = 400 // letters
	mostParts     = 16  // sentences, clauses and lines
)

// OnlyThanks tells whether somebody said thanks and nothing else. It knows whole sentences in five languages, and says no to everything
// else: a question, a file, a number, an address, a name that nobody on the ticket has, any sentence that it does not know. An unsolved
// trouble that was taken for thanks would be lost, and thanks that were taken for an answer only open a ticket.
func OnlyThanks(s Said) bool {
	text := strings.TrimSpace(s.Text)
	if s.Files || text == "" || sad.MatchString(text) || utf8.RuneCountInString(text) > longestThanks || !s.sameSubject() {
		return false
	}
	parts := partsOf(text)
	if len(parts) > mostParts {
		return false
	}
	names := namesOf(s.Names)
	thanked := false
	for i, part := range parts {
		kind := kindOf(part, names, i == 0)
		if kind == unknown {
			return false
		}
		thanked = thanked || kind == thanking
	}
	return thanked
}

// sameSubject tells that a mail's subject says nothing new: it is the ticket's, or thanks itself.
func (s Said) sameSubject() bool {
	mine, theirs := foldSubject(s.Subject), foldSubject(s.TicketSubject)
	if mine == "" || theirs == "" || mine == theirs {
		return true
	}
	return OnlyThanks(Said{Text: mine, Names: s.Names})
}

var (
	subjectNumber = regexp.MustCompile(`\[#\d+\]`)
	subjectMark   = regexp.MustCompile(`^\s*\pL{1,10}\s*(\[\d+\])?\s*[:：]\s*`) // "Re:", "AW:", "Rép :"
)

func foldSubject(s string) string {
	s = subjectNumber.ReplaceAllString(s, " ")
	for {
		shorter := subjectMark.ReplaceAllString(s, "")
		if shorter == s {
			return strings.ToLower(strings.Join(strings.Fields(s), " "))
		}
		s = shorter
	}
}

// kind is what a part of a text says.
type kind int

const (
	unknown  kind = iota
	courtesy      // a greeting, a wish, a name, that it works
	thanking
)

// kindOf finds out what a part says. Names alone are somebody who is greeted or who signs.
func kindOf(part string, names map[string]bool, first bool) kind {
	words := strings.Fields(part)
	kept := words[:0:0]
	for _, w := range words {
		if !names[w] {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		if len(words) > 5 {
			return unknown
		}
		return courtesy
	}
	if len(words)-len(kept) > 3 {
		return unknown
	}
	plain := strings.Join(kept, " ")
	for _, t := range tongues() {
		switch {
		case t.thanks.MatchString(plain):
			return thanking
		case t.polite.MatchString(plain), first && t.hello.MatchString(plain):
			return courtesy
		}
	}
	return unknown
}

// partsOf cuts a text where a sentence, a clause or a line ends, folds it, and takes out signs that say nothing by themselves. A question,
// a digit and everything that makes an address stay, so that no sentence that is known matches.
func partsOf(text string) (parts []string) {
	var b strings.Builder
	end := func() {
		if p := strings.Join(strings.Fields(b.String()), " "); p != "" {
			parts = append(parts, p)
		}
		b.Reset()
	}
	text = smileys.ReplaceAllString(text, " ")
	letters := []rune(text)
	for i, r := range letters {
		switch {
		case r == '’' || r == '‘' || r == '\'' || r == '´' || r == '`':
			b.WriteByte('\'')
		case r == '.' && i+1 < len(letters) && !unicode.IsSpace(letters[i+1]) && unicode.IsLetter(letters[i+1]):
			b.WriteRune(r) // part of an address
		case strings.ContainsRune(".!,;:\n\r…–—()\u00a1\u2028", r), r == '-' && (i == 0 || unicode.IsSpace(letters[i-1])):
			end()
		case r == '"' || r == '“' || r == '”' || r == '„' || r == '*' || r == '\u200d' || r == '\ufe0f' || r == '\u200b' || r == '\ufeff' || kindEmoji(r):
			b.WriteByte(' ')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	end()
	return parts
}

// smileys are those of letters and signs that are glad; others are not taken out.
var smileys = regexp.MustCompile(`(^|\s)(:-?[)D]|;-?\)|<3|\^\^|:-?\*|\(y\))($|[\s.,!])`)

// sad are smileys of trouble.
var sad = regexp.MustCompile(`[:;]['’]?-?[(/\\|\[<]`)

// kindEmoji are signs that go with thanks. Any other says something that is not known.
func kindEmoji(r rune) bool {
	return strings.ContainsRune("🙂😀😃😄😁😊☺😉🥰😍🤗🙏👍👏👌🎉💐🌷🌻🌹💙💚💛🧡❤💜💖✨🥳😌🤝💪⭐🌟🍀🍻☕🎂🏻🏼🏽🏾🏿", r)
}

// namesOf are the words of names, folded. What also is a word of trouble is no name.
func namesOf(all []string) map[string]bool {
	names := map[string]bool{}
	for _, n := range all {
		for _, w := range strings.FieldsFunc(strings.ToLower(n), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '\'' }) {
			if !troubling[w] {
				names[w] = true
			}
		}
	}
	return names
}

// troubling words are never taken for names, whatever somebody calls themselves.
var troubling = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`but still again not no never nothing however though although yet except broken fails failed error problem issue wrong help please urgent
		aber noch wieder nicht kein keine nein nie nichts doch leider trotzdem jedoch kaputt fehler problem falsch bitte hilfe
		mais encore toujours pas non jamais rien cependant pourtant panne erreur problème faux aide
		pero aún aun todavía todavia no nunca nada sin embargo roto error problema ayuda
		maar nog steeds weer niet geen nee nooit niets echter kapot fout probleem hulp`) {
		out[w] = true
	}
	return out
}()
