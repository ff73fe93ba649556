package intake

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/mailmsg"
	"goodturn/internal/search"
)

// maxRead is how much of a text is judged, in bytes: who writes more has said what it is about.
const maxRead = 2000

// heads begin the lines that a mail program or a web form puts before the words of a person.
var heads = map[string]bool{
	"received from": true, "from": true, "sent": true, "to": true, "cc": true, "importance": true, "date": true, "name": true, "email": true, "e-mail": true, "language": true,
	"browser": true, "telephone": true, "phone": true, "customer number": true, "von": true, "gesendet": true, "an": true, "datum": true, "wichtigkeit": true,
}

// closings begin the line that ends a letter; what stands behind it is a signature.
var closings = []string{
	"best regards", "kind regards", "warm regards", "kindest regards", "many regards", "with best regards", "with kind regards", "regards,", "sincerely", "cheers,",
	"mit freundlichen gr", "freundliche gr", "viele gr", "beste gr", "liebe gr", "gruß", "gruss", "sent from my ", "von meinem iphone gesendet",
}

// strip takes away what is not a person's request: what programs put around it, addresses, links and the signature.
func strip(text string) string {
	if len(text) > maxRead {
		text = strings.ToValidUTF8(text[:maxRead], "")
	}
	text = mailmsg.Undouble(text)
	var b strings.Builder
	said := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if head, _, ok := strings.Cut(line, ":"); ok && heads[strings.ToLower(head)] {
			continue
		}
		if said && closes(line) {
			break
		}
		for _, field := range strings.Fields(line) {
			if !noise(field) {
				b.WriteString(field)
				b.WriteByte(' ')
				said = true
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func closes(line string) bool {
	if line == "--" {
		return true
	}
	start := line[:min(len(line), 40)]
	return slices.ContainsFunc(closings, func(c string) bool {
		return len(start) >= len(c) && strings.EqualFold(start[:len(c)], c)
	})
}

// noise tells that a word is an address, a link or the place of a picture.
func noise(field string) bool {
	if name, domain, ok := strings.Cut(field, "@"); ok && name != "" && strings.Contains(domain, ".") {
		return true
	}
	return strings.Contains(field, "://") || strings.Contains(field, "[cid:")
}

// cut makes tokens of folded text: letters, digits and underscores; apostrophes are left out.
func cut(folded string) []string {
	tokens := make([]string, 0, len(folded)/6+1)
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			tokens = append(tokens, b.String())
			b.Reset()
		}
	}
	for i, r := range folded {
		switch {
		case r == '-' && b.Len() == 1 && i+1 < len(folded) && folded[i+1] != ' ': // "e-mail" is a word
		case r == '\'' || r == '’' || r == '´' || r == '`':
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
			b.WriteRune(r)
		default:
			flush()
		}
	}
	flush()
	return tokens
}

// own tells that a word looks like the name or number of one certain thing: "we111", "sid_34", "1054687".
func own(token string) bool {
	digits, letters, other := 0, 0, false
	for _, r := range token {
		switch {
		case unicode.IsDigit(r):
			digits++
		case r == '_':
			other = true
		default:
			letters++
		}
	}
	return other && letters > 2 || digits > 0 && letters > 0 && len(token) > 2 || letters == 0 && digits >= 4
}

// tokensOf are the words of a text as they are judged.
func tokensOf(text string) []string { return cut(search.Fold(text)) }

// foreign tells that a text is not written in letters that the lists know about.
func foreign(text string) bool {
	latin, other := 0, 0
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf && unicode.IsLetter(r), unicode.Is(unicode.Latin, r):
			latin++
		case unicode.IsLetter(r):
			other++
		}
	}
	return other > latin
}
