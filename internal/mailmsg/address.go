package mailmsg

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
)

// String writes the address as a person reads it: Name <address>.
func (a Address) String() string {
	switch {
	case a.Name == "":
		return a.Address
	case a.Address == "":
		return a.Name
	}
	return a.Name + " <" + a.Address + ">"
}

// ParseAddresses reads an address list as it stands in a header (RFC 5322 §3.4),
// forgiving what senders get wrong: unquoted commas' relatives, missing angle
// brackets, quotes around whole addresses, encoded words over name and address,
// names as comments, semicolons as separators. Groups give their members.
func ParseAddresses(value []byte) []Address {
	return parseAddresses(value, "")
}

func parseAddresses(value []byte, hint string) []Address {
	if len(value) == 0 {
		return nil
	}
	s := unfold(value)
	if bytes.Contains(s, []byte("=?")) && !bytes.Contains(s, []byte("@")) {
		// The whole list went through an encoder.
		s = []byte(decodeWords(s, hint))
	}
	var list []Address
	for len(s) > 0 && len(list) < maxAddresses {
		var item []byte
		item, s = cutAddress(s)
		if words := bytes.Fields(item); len(words) > 1 && len(words) < 50 && bareAddresses(words) {
			for _, w := range words {
				list = append(list, Address{Address: cleanAddress(w, hint)})
			}
			continue
		}
		if a, ok := parseAddress(item, hint); ok {
			list = append(list, a)
		}
	}
	return list
}

// bareAddresses is true for a list that is parted by nothing but white space.
func bareAddresses(words [][]byte) bool {
	for _, w := range words {
		if bytes.Count(w, []byte("@")) != 1 || w[0] == '@' || w[len(w)-1] == '@' || bytes.ContainsAny(w, `<>()"\:`) {
			return false
		}
	}
	return true
}

// unquotedComma matches one sender whose name should stand in quotes:
// Miller, Ann <ann@example.com>.
var unquotedComma = regexp.MustCompile(`^\s*"?([^<>@":;()]+,[^<>@":;()]+?)"?\s*(<[^<>@]+@[^<>@]+>)\s*$`)

// quoteName puts the quotes where unquotedComma misses them.
func quoteName(value []byte) []byte {
	if len(value) > 1000 || bytes.IndexByte(value, ',') < 0 || bytes.Contains(value, []byte("=?")) {
		return value
	}
	return unquotedComma.ReplaceAll(unfold(value), []byte(`"$1" $2`))
}

// cutAddress cuts the list at the next comma, semicolon or end of a group name
// outside quotes, comments and angle brackets.
func cutAddress(s []byte) (item, rest []byte) {
	quoted, comment, angle := false, 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && (quoted || comment > 0 || i+1 < len(s) && s[i+1] == ','):
			i++
		case c == '"' && comment == 0:
			if quoted || closesLater(s[i+1:]) {
				quoted = !quoted
			}
		case quoted:
		case c == '=' && i+1 < len(s) && s[i+1] == '?':
			if _, size := encodedWord(s[i:]); size > 0 {
				i += size - 1 // a comma inside separates nothing
			}
		case c == '(':
			if comment > 0 || bytes.IndexByte(s[i:], ')') > 0 {
				comment++
			}
		case c == ')' && comment > 0:
			comment--
		case comment > 0:
		case c == '<':
			angle = bytes.IndexByte(s[i:], '>') > 0
		case c == '>':
			angle = false
			// "<a@b> <c@d>" without a comma.
			if tail := bytes.TrimLeft(s[i+1:], " \t"); len(tail) > 0 && (tail[0] == '<' || tail[0] == '"') && bytes.IndexByte(tail, '@') > 0 {
				return s[:i+1], tail
			}
		case angle:
		case c == '\'' && len(bytes.TrimSpace(s[:i])) == 0:
			// 'Doe, Ann' <ann@example.com>: Outlook quotes names so.
			if end := bytes.Index(s[i+1:], []byte("' <")); end > 0 && end < 100 && !bytes.ContainsAny(s[i+1:i+1+end], "<@;") {
				i += end
			}
		case c == ',' || c == ';':
			return s[:i], s[i+1:]
		case c == ':' && groupName(s[:i], s[i+1:]):
			return nil, s[i+1:]
		}
	}
	return s, nil
}

func closesLater(s []byte) bool {
	return bytes.IndexByte(s, '"') >= 0
}

// groupName is true for "Friends:" but not for "mailto:a@b" or "[2001:db8::1]".
func groupName(before, after []byte) bool {
	return len(before) < 200 && bytes.IndexByte(before, '@') < 0 && bytes.IndexByte(before, '[') < 0 && !strings.EqualFold(string(bytes.TrimSpace(before)), "mailto") &&
		bytes.IndexByte(after, ';') >= 0
}

func parseAddress(item []byte, hint string) (Address, bool) {
	item = bytes.TrimSpace(item)
	if len(item) == 0 {
		return Address{}, false
	}
	if open := lastOutside(item, '<'); open >= 0 {
		end := bytes.IndexByte(item[open:], '>')
		if end > 0 && bytes.IndexByte(item[open:open+end], '"') >= 0 {
			end = lastOutside(item, '>') - open // a quoted local part may hold one
		}
		inner, after := item[open+1:], []byte(nil)
		if end > 0 {
			inner, after = item[open+1:open+end], item[open+end+1:]
		}
		return angleAddress(item[:open], inner, after, hint)
	}
	text, comment := splitComment(item)
	if len(bytes.TrimSpace(text)) == 0 && bytes.IndexByte(item, '@') < 0 {
		return Address{}, false // a remark, such as "(end of the group)"
	}
	addr := cleanAddress(text, hint)
	name := phrase(comment, hint)
	if looksLikeAddress(addr) {
		return Address{Name: name, Address: addr}, true
	}
	a := looseAddress(phrase(item, hint))
	return a, a != Address{}
}

func angleAddress(before, inner, after []byte, hint string) (Address, bool) {
	text, comment := splitComment(bytes.TrimRight(before, "< \t"))
	a := Address{Name: phrase(text, hint), Address: cleanAddress(inner, hint)}
	if a.Name == "" && len(comment) > 0 {
		a.Name = phrase(comment, hint)
	}
	if a.Name == "" {
		if _, c := splitComment(after); len(c) > 0 {
			a.Name = phrase(c, hint)
		}
	}
	if a.Address == "" && strings.Contains(a.Name, "@") {
		return looseAddress(a.Name), true
	}
	if a.Address != "" && !strings.Contains(a.Address, "@") && strings.Contains(a.Name, "@") && !strings.Contains(a.Name, " ") {
		a.Name, a.Address = a.Address, a.Name
	}
	return a, a.Name != "" || a.Address != ""
}

// looseAddress takes an address out of running words, such as "Ann ann@example.com".
func looseAddress(s string) Address {
	for _, w := range strings.Fields(s) {
		if addr := strings.Trim(w, `"'<>()[],;:`); looksLikeAddress(addr) {
			name := strings.TrimSpace(strings.Replace(s, w, "", 1))
			return Address{Name: strings.Trim(name, `"'<>()`), Address: addr}
		}
	}
	return Address{Name: s}
}

func looksLikeAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && (strings.IndexFunc(s, unicode.IsSpace) < 0 || s[0] == '"')
}

// lastOutside finds the last c outside quotes, or -1.
func lastOutside(s []byte, c byte) int {
	found, quoted := -1, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted && closesLater(s[i+1:])
		case s[i] == c && !quoted:
			found = i
		}
	}
	return found
}

// splitComment parts "a@b (Name)" into text and the last comment's content.
func splitComment(s []byte) (text, comment []byte) {
	open := bytes.IndexByte(s, '(')
	if open < 0 || insideQuotes(s, open) {
		return s, nil
	}
	end := bytes.LastIndexByte(s, ')')
	if end < open {
		return s, nil
	}
	return append(append([]byte{}, s[:open]...), s[end+1:]...), s[open+1 : end]
}

func insideQuotes(s []byte, at int) bool {
	return bytes.Count(s[:at], []byte(`"`))%2 == 1
}

// phrase reads a display name: quotes off, escapes undone, words decoded.
func phrase(s []byte, hint string) string {
	s = bytes.TrimSpace(s)
	if len(s) == 0 {
		return ""
	}
	if bytes.IndexByte(s, '"') >= 0 || bytes.IndexByte(s, '\\') >= 0 {
		s = unquote(s)
	}
	name := strings.Join(strings.FieldsFunc(decodeWords(s, hint), unicode.IsSpace), " ")
	if len(name) > 1 && name[0] == '"' && name[len(name)-1] == '"' {
		name = strings.TrimSpace(name[1 : len(name)-1])
	}
	return undouble(name, 1)
}

func unquote(s []byte) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			out = append(out, s[i])
		case s[i] != '"':
			out = append(out, s[i])
		}
	}
	return out
}

// looseDot are a dot or @ with the white space that the old syntax allowed around
// them (RFC 5322 §4.4).
var looseDot = regexp.MustCompile(`[ \t]*([.@])[ \t]*`)

// cleanAddress takes comments, white space, a source route and "mailto:" off.
func cleanAddress(s []byte, hint string) string {
	s = []byte(stripComments(string(s)))
	if bytes.Contains(s, []byte("=?")) {
		s = []byte(decodeWords(s, hint))
	}
	a := headerText(bytes.TrimSpace(s), hint)
	a = strings.Trim(a, "<>'` ")
	if len(a) > 7 && strings.EqualFold(a[:7], "mailto:") {
		a = a[7:]
	}
	if strings.HasPrefix(a, "@") {
		if _, after, ok := strings.Cut(a, ":"); ok {
			a = after
		}
	}
	if n := len(a); n > 2 && a[0] == '"' && a[n-1] == '"' {
		a = a[1 : n-1]
	}
	if strings.ContainsAny(a, " \t") && !strings.HasPrefix(a, `"`) {
		a = looseDot.ReplaceAllString(a, "$1")
	}
	if at := strings.LastIndexByte(a, '@'); at >= 0 && strings.ContainsAny(a, " \t") && !strings.HasPrefix(a, `"`) {
		local, domain := strings.TrimSpace(a[:at]), strings.TrimSpace(a[at+1:])
		if !strings.ContainsAny(local+domain, " \t") || strings.Contains(local, ".") {
			a = strings.NewReplacer(" ", "", "\t", "").Replace(local) + "@" + strings.NewReplacer(" ", "", "\t", "").Replace(domain)
		}
	}
	return printable(a)
}
