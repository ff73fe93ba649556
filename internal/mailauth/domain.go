package mailauth

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// domainOf gives the domain of an address in ASCII and lower case, or "" where there is none that mail could have.
func domainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	return ascii(address[at+1:])
}

func ascii(domain string) string {
	domain = strings.TrimSuffix(strings.TrimSpace(domain), ".")
	if domain == "" || strings.HasPrefix(domain, "[") {
		return ""
	}
	out, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return ""
	}
	return strings.ToLower(out)
}

// organisational gives the domain that somebody registered (RFC 7489 §3.2); a public suffix stands for itself.
func organisational(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

// aligned tells whether two domains belong to one organisation: relaxed alignment (RFC 7489 §3.1).
func aligned(a, b string) bool {
	return a != "" && b != "" && (a == b || organisational(a) == organisational(b))
}
