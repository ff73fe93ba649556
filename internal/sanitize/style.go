package sanitize

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
)

// declaration is one property with a value that was understood and written anew.
type declaration struct {
	property, value string
	important       bool
}

// hiding is the property of a declaration that takes its element out of sight; it is never written.
const hiding = "hidden"

// maxStyle bounds the bytes of one style attribute, and maxDeclarations what is kept of one element or rule.
const (
	maxStyle        = 16 << 10
	maxDeclarations = 60
)

// declarations reads the value of a style attribute: what is allowed of it, in its order.
func declarations(style string) []declaration {
	if len(style) > maxStyle {
		return nil
	}
	var out []declaration
	p := css.NewParser(parse.NewInputString(style), true)
	for range maxDeclarations {
		kind, _, name := p.Next()
		if kind == css.ErrorGrammar && !p.HasParseError() {
			break
		}
		if kind == css.DeclarationGrammar {
			out = appendDeclaration(out, string(name), p.Values())
		}
	}
	return out
}

func appendDeclaration(out []declaration, name string, values []css.Token) []declaration {
	name = strings.ToLower(name)
	values, important := cutImportant(values)
	if hides(name, values) {
		return append(out, declaration{property: hiding, important: important})
	}
	if name == "background" {
		// Of the shorthand only the colour is kept: the rest is pictures and where they stand.
		name, values = "background-color", colourOf(values)
	}
	p, ok := properties[name]
	if !ok {
		return out
	}
	value, ok := p.write(values)
	if !ok {
		return out
	}
	return append(out, declaration{property: name, value: value, important: important})
}

func cutImportant(values []css.Token) ([]css.Token, bool) {
	n := len(values)
	if n >= 2 && strings.EqualFold(string(values[n-1].Data), "important") && string(values[n-2].Data) == "!" {
		values = values[:n-2]
		for len(values) > 0 && values[len(values)-1].TokenType == css.WhitespaceToken {
			values = values[:len(values)-1]
		}
		return values, true
	}
	return values, false
}

// hides knows the ways in which senders hide text, such as the line that a list of mails shows: it stays hidden.
func hides(name string, values []css.Token) bool {
	if len(values) != 1 {
		return false
	}
	value := strings.ToLower(string(values[0].Data))
	switch name {
	case "display":
		return value == "none"
	case "visibility":
		return value == "hidden" || value == "collapse"
	case "mso-hide":
		return value == "all"
	case "max-height", "opacity":
		n, ok := number(values[0].Data)
		return ok && n == 0
	}
	return false
}

func number(data []byte) (float64, bool) {
	n := bytes.IndexFunc(data, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' && r != '+' })
	if n < 0 {
		n = len(data)
	}
	v, err := strconv.ParseFloat(string(data[:n]), 64)
	return v, err == nil
}

// colourOf picks the colour out of a background: the first word, hash or function that can be one.
func colourOf(values []css.Token) []css.Token {
	for i, v := range values {
		switch v.TokenType {
		case css.HashToken:
			return values[i : i+1]
		case css.IdentToken:
			if colourNames[strings.ToLower(string(v.Data))] {
				return values[i : i+1]
			}
		case css.FunctionToken:
			if end := closing(values[i:]); end > 0 && colourFunctions[strings.ToLower(string(v.Data))] {
				return values[i : i+end]
			}
			return nil
		}
	}
	return nil
}

// closing is how many tokens a function has, with its parenthesis; 0 when it has no end.
func closing(values []css.Token) int {
	for i, v := range values {
		if v.TokenType == css.RightParenthesisToken {
			return i + 1
		}
	}
	return 0
}

// property says what the value of a CSS property may hold. Lengths are bounded in CSS pixels, so that nothing grows out of
// a page, and nothing may be negative that could move one thing over another.
type property struct {
	words    string  // the words that it knows, with spaces around each; " * " for any
	colour   bool    // takes colours
	low      float64 // the smallest length
	high     float64 // the largest length; 0 for no lengths
	percent  bool    // takes percentages up to 100
	factor   float64 // the largest number without a unit, 0 for none but "0"
	strings  bool    // takes quoted names
	slash    bool    // takes "/" and commas between its parts
	most     int     // how many parts it may have; 0 is one
	fraction bool    // a percentage may go up to 300, as sizes of letters and lines do
}

// write gives a value in a form of ours, or false when there is anything in it that is not known.
func (p property) write(values []css.Token) (string, bool) {
	var b strings.Builder
	parts := 0
	for i := 0; i < len(values); i++ {
		v := values[i]
		if v.TokenType == css.WhitespaceToken || v.TokenType == css.CommentToken {
			continue
		}
		if v.TokenType == css.CommaToken || v.TokenType == css.DelimToken && string(v.Data) == "/" {
			if !p.slash || parts == 0 {
				return "", false
			}
			b.Write(v.Data)
			continue
		}
		var text string
		var ok bool
		if v.TokenType == css.FunctionToken {
			n := closing(values[i:])
			if n == 0 || !p.colour {
				return "", false
			}
			text, ok = colourFunction(values[i : i+n])
			i += n - 1
		} else {
			text, ok = p.part(v, b.String()[max(b.Len()-1, 0):])
		}
		if parts++; !ok || parts > max(p.most, 1) {
			return "", false
		}
		if parts > 1 && !strings.HasSuffix(b.String(), ",") && !strings.HasSuffix(b.String(), "/") {
			b.WriteByte(' ')
		}
		b.WriteString(text)
	}
	text := b.String()
	return text, parts > 0 && !strings.HasSuffix(text, ",") && !strings.HasSuffix(text, "/")
}

// part writes one word, number or name; after is the character before it.
func (p property) part(v css.Token, after string) (string, bool) {
	text := strings.ToLower(string(v.Data))
	switch v.TokenType {
	case css.IdentToken:
		if !isWord(text) || len(text) > 40 {
			return "", false
		}
		known := strings.Contains(p.words, " "+text+" ") || p.words == " * " || p.colour && colourNames[text]
		return text, known || text == "inherit" || text == "initial"
	case css.HashToken:
		return text, p.colour && isHexColour(text)
	case css.StringToken:
		return quotedName(string(v.Data), p.strings)
	case css.NumberToken:
		n, err := strconv.ParseFloat(text, 64)
		if after == "/" && n > 5 {
			return "", false
		}
		return text, err == nil && n >= p.low && (n == 0 && (p.high > 0 || p.factor > 0) || n > 0 && n <= p.factor)
	case css.PercentageToken:
		n, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
		most := 100.0
		if p.fraction {
			most = 300
		}
		return text, err == nil && p.percent && n >= 0 && n <= most
	case css.DimensionToken:
		px, ok := pixels(text)
		return text, ok && p.high > 0 && px >= p.low && px <= p.high
	}
	return "", false
}

var units = map[string]float64{"px": 1, "pt": 4.0 / 3, "pc": 16, "em": 16, "rem": 16, "ex": 8, "ch": 8, "in": 96, "cm": 37.8, "mm": 3.78}

// pixels is a length in CSS pixels, with letters taken for 16 of them.
func pixels(text string) (float64, bool) {
	n := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' && r != '+' })
	if n <= 0 {
		return 0, false
	}
	unit, ok := units[text[n:]]
	v, err := strconv.ParseFloat(text[:n], 64)
	return v * unit, ok && err == nil
}

func isWord(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && c != '-' && (c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

func isHexColour(s string) bool {
	if len(s) != 4 && len(s) != 5 && len(s) != 7 && len(s) != 9 {
		return false
	}
	return strings.Trim(s[1:], "0123456789abcdef") == ""
}

// quotedName writes a font's name in single quotes.
func quotedName(data string, allowed bool) (string, bool) {
	name := strings.Trim(data, `"'`)
	if !allowed || name == "" || len(name) > 60 {
		return "", false
	}
	for _, c := range []byte(name) {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != ' ' && c != '-' && c != '_' {
			return "", false
		}
	}
	return "'" + name + "'", true
}

var colourFunctions = map[string]bool{"rgb(": true, "rgba(": true, "hsl(": true, "hsla(": true}

func colourFunction(values []css.Token) (string, bool) {
	name := strings.ToLower(string(values[0].Data))
	if !colourFunctions[name] || len(values) > 20 {
		return "", false
	}
	var b strings.Builder
	b.WriteString(name)
	for _, v := range values[1 : len(values)-1] {
		switch v.TokenType {
		case css.NumberToken, css.PercentageToken, css.CommaToken:
			b.Write(v.Data)
		case css.WhitespaceToken:
			b.WriteByte(' ')
		case css.DelimToken:
			if string(v.Data) != "/" {
				return "", false
			}
			b.WriteByte('/')
		default:
			return "", false
		}
	}
	b.WriteByte(')')
	return b.String(), true
}
