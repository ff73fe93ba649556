package mailauth

import (
	"strings"
)

// finding is one result of a method in an Authentication-Results field (RFC 8601 §2.2).
type finding struct {
	method, result string
	props          map[string]string // "header.d", "smtp.mailfrom" …, in lower case
}

// judge reads the topmost Authentication-Results field for a From of that domain ("" when the From is none that could
// be vouched for). Unless the field is from the trusted server, it says nothing.
func judge(value, trusted, domain string, h header) Result {
	id, findings, ok := parseResults(value)
	if !ok || !strings.EqualFold(id, trusted) {
		return Result{}
	}
	r := Result{By: id}
	var spfAligned, refused, dmarc bool
	var signers []string
	for _, f := range findings {
		switch f.method {
		case "spf":
			r.SPF = orElse(r.SPF, f.result)
			spfAligned = spfAligned || f.result == "pass" && aligned(mailDomain(f.props["smtp.mailfrom"]), domain)
		case "dkim":
			if r.DKIM != "pass" {
				r.DKIM = f.result
			}
			if d := signer(f); f.result == "pass" && aligned(d, domain) {
				signers = append(signers, d)
			}
		case "dmarc":
			same := domain != "" && mailDomain(f.props["header.from"]) == domain
			if r.DMARC == "" || r.DMARC == "pass" {
				r.DMARC = f.result
			}
			if f.result == "pass" && !same {
				r.DMARC = "" // it passed for another From than the one that people see
				refused = true
			}
			dmarc = dmarc || f.result == "pass" && same
			refused = refused || f.result != "pass" && f.result != "none" && f.result != "bestguesspass"
		}
	}
	if domain == "" || refused || !dmarc && len(signers) == 0 {
		return r
	}
	r.Aligned = domain
	if spfAligned && dmarc {
		r.Covered = []string{"*"} // the domain's own server handed it over
		return r
	}
	if len(signers) == 0 { // only the outcome is told
		signers = h.signers(domain)
	}
	if r.Covered = h.signedBy(signers); len(signers) == 0 {
		r.Covered = []string{"*"} // without any signature the sending server alone can have passed
	}
	return r
}

// signer is the domain that a dkim result speaks of.
func signer(f finding) string {
	if d := f.props["header.d"]; d != "" {
		return ascii(d)
	}
	return mailDomain(f.props["header.i"])
}

// mailDomain takes the domain of an address, or of what is a domain already.
func mailDomain(s string) string {
	s = strings.Trim(s, "<>")
	if strings.Contains(s, "@") {
		return domainOf(s)
	}
	return ascii(s)
}

// parseResults reads a field: authserv-id [version] *(";" method [version] "=" result [reason] *(ptype.property "="
// value)). Comments go, quoted strings keep what they hold.
func parseResults(value string) (id string, all []finding, ok bool) {
	clauses, ok := split(value)
	if !ok || len(clauses) == 0 || len(clauses[0]) == 0 {
		return "", nil, false
	}
	head := clauses[0]
	if id = head[0]; id == "=" || len(head) > 2 || len(head) == 2 && head[1] != "1" {
		return "", nil, false
	}
	for _, words := range clauses[1:] {
		if f, found := parseFinding(words); found {
			all = append(all, f)
		}
	}
	return id, all, true
}

func parseFinding(words []string) (f finding, ok bool) {
	if len(words) < 3 || words[1] != "=" {
		return f, false // "none", or nothing that can be read
	}
	method, version, versioned := strings.Cut(strings.ToLower(words[0]), "/")
	if versioned && version != "1" {
		return f, false
	}
	f = finding{method: method, result: strings.ToLower(words[2]), props: map[string]string{}}
	rest := words[3:]
	for len(rest) >= 3 && rest[1] == "=" {
		name := strings.ToLower(rest[0])
		if _, twice := f.props[name]; twice {
			return f, false
		}
		f.props[name] = rest[2]
		rest = rest[3:]
	}
	return f, len(rest) == 0 || rest[0] != "="
}

// split cuts a field into its clauses of words. "=" is a word by itself; comments (RFC 5322 §3.2.2) are left out.
func split(s string) (clauses [][]string, ok bool) {
	var words []string
	var word strings.Builder
	inWord := false
	end := func() {
		if inWord {
			words = append(words, word.String())
			word.Reset()
			inWord = false
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '(':
			end()
			if i = skipComment(s, i); i < 0 {
				return nil, false
			}
		case '"':
			inWord = true
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
				if i < len(s) {
					word.WriteByte(s[i])
				}
			}
			if i >= len(s) {
				return nil, false
			}
		case ' ', '\t', '\r', '\n':
			end()
		case ';':
			end()
			clauses = append(clauses, words)
			words = nil
		case '=':
			// A value may hold "=" (an encoded sender); the sign of a clause stands after its first word and before any
			// value.
			if n := len(words); inWord && n > 0 && words[n-1] == "=" {
				word.WriteByte(c)
				continue
			}
			end()
			words = append(words, "=")
		default:
			inWord = true
			word.WriteByte(c)
		}
	}
	end()
	return append(clauses, words), true
}

// skipComment gives the place of the ")" that ends the comment at i, or -1.
func skipComment(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
