// Package mailauth finds out whether the domain in a mail's From vouches for it: by the
// Authentication-Results of a mail server that the reader trusts (RFC 8601), or by checking a DKIM signature of
// that very domain (RFC 6376). It knows nothing of who people are; what an authentic mail may do is for the
// caller.
//
// Invariants:
//   - A mail is authentic only when it has exactly one From with exactly one mailbox, that mailbox is the one the
//     caller shows to people, and the domain that vouches belongs to the same organisation (RFC 7489 §3.1).
//   - Of Authentication-Results only the topmost field counts, and only if its authserv-id is exactly the one that
//     the caller trusts (RFC 8601 §5). Everybody can write the others.
//   - A header that two readers could understand in two ways (fields twice, bare CR, white space in names) is never
//     authentic.
//   - Without a signature of the From's organisation no name is looked up. A check ends within Limit.
//
// An example:
//
//	c := &mailauth.Checker{}
//	r := c.Check(ctx, mailauth.Mail{Raw: raw, From: "mia@example.com", AuthservID: "mx.desk.example"})
//	if r.Authentic() && r.Covers("To") { … }
package mailauth

import (
	"context"
	"net"
	"strings"
	"time"
)

// OwnCheck is the By of a result that rests on a signature checked here.
const OwnCheck = "own check"

// Limit is how long one check may take, all look-ups included.
const Limit = 3 * time.Second

// Result is what was found out about one mail. SPF, DKIM and DMARC hold words of RFC 8601 §2.7 ("pass", "fail",
// "none" …), or "" where nothing trustworthy is known.
type Result struct {
	SPF   string `json:"spf,omitempty"`
	DKIM  string `json:"dkim,omitempty"`
	DMARC string `json:"dmarc,omitempty"`
	// Aligned is the domain that vouches for the From; "" when none does.
	Aligned string `json:"aligned,omitempty"`
	// By is OwnCheck, or the authserv-id of the server that was believed; "" when nobody said anything.
	By string `json:"by,omitempty"`
	// Covered are the fields that stand as their writer sent them, in lower case, "*" for all of them.
	Covered []string `json:"covered,omitempty"`
}

// Authentic tells that the domain in From vouches for this mail.
func (r Result) Authentic() bool { return r.Aligned != "" }

// Covers tells that a header field is as the mail's writer sent it: nobody on the way can have changed or added it.
func (r Result) Covers(field string) bool {
	field = strings.ToLower(field)
	for _, c := range r.Covered {
		if c == field || c == "*" {
			return true
		}
	}
	return false
}

// Mail is what is to be checked.
type Mail struct {
	Raw  []byte
	From string // the address that people are shown as the sender's
	// AuthservID is the name that the reader's own mail server puts into Authentication-Results; "" trusts none.
	AuthservID string
}

// Checker checks mails. Its zero value asks the system's name servers. It is safe for concurrent use.
type Checker struct {
	// Resolver asks for keys and policies. Optional.
	Resolver *net.Resolver

	names names
}

// Check finds out who vouches for a mail. It never fails: what cannot be found out is not authentic.
func (c *Checker) Check(ctx context.Context, m Mail) Result {
	h, body, ok := readHeader(m.Raw)
	domain := ""
	if ok {
		domain = h.fromDomain(m.From)
	}
	var r Result
	if m.AuthservID != "" {
		// What the server says of a mail with an unclear header is told, too, but vouches for nothing.
		if field := topmost(m.Raw, "authentication-results"); field != "" {
			r = judge(field, m.AuthservID, domain, h)
		}
	}
	if domain == "" || r.Authentic() || r.DMARC == "fail" {
		return r
	}
	own := c.ownCheck(ctx, h, body, domain)
	switch {
	case own.Authentic(), r.By == "":
		own.SPF, own.DMARC = r.SPF, orElse(own.DMARC, r.DMARC)
		return own
	}
	return r
}

func orElse(s, usual string) string {
	if s == "" {
		return usual
	}
	return s
}
