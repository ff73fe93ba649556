package mailauth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
)

// maxSignatures of the From's organisation are checked. Real mails carry one or two.
const maxSignatures = 3

// tags reads the tag list of a DKIM-Signature (RFC 6376 §3.2); a tag that is there twice makes it none.
func tags(value string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(value, ";") {
		name, v, ok := strings.Cut(part, "=")
		if name = strings.TrimSpace(name); !ok {
			continue
		}
		if _, twice := out[name]; twice {
			return nil
		}
		out[name] = strings.Join(strings.Fields(v), "")
	}
	return out
}

// signatures gives the places of the signatures whose domain is aligned with that of From, the same domain's first.
func (h header) signatures(domain string) []int {
	var exact, related []int
	for i, f := range h {
		if f.name != "dkim-signature" {
			continue
		}
		switch d := ascii(tags(f.value)["d"]); {
		case d == domain:
			exact = append(exact, i)
		case aligned(d, domain):
			related = append(related, i)
		}
	}
	all := append(exact, related...)
	return all[:min(len(all), maxSignatures)]
}

// signers gives the aligned domains that the header's signatures name.
func (h header) signers(domain string) (all []string) {
	for _, f := range h {
		if d := ascii(tags(f.value)["d"]); f.name == "dkim-signature" && aligned(d, domain) {
			all = append(all, d)
		}
	}
	return all
}

// signedBy gives the fields that signatures of all of these domains cover, without checking them.
func (h header) signedBy(domains []string) (covered []string) {
	first := true
	for _, f := range h {
		if f.name != "dkim-signature" {
			continue
		}
		t := tags(f.value)
		if !slices.Contains(domains, ascii(t["d"])) {
			continue
		}
		fields := strings.Split(strings.ToLower(t["h"]), ":")
		if _, part := t["l"]; part {
			fields = nil // whoever handed it on may have written more below
		}
		if first {
			covered, first = fields, false
			continue
		}
		// Which of several signatures was good is not told, so that only what all cover is sure.
		covered = slices.DeleteFunc(covered, func(name string) bool { return !slices.Contains(fields, name) })
	}
	return covered
}

// ownCheck checks the signatures that could vouch for the From.
func (c *Checker) ownCheck(ctx context.Context, h header, body []byte, domain string) Result {
	places := h.signatures(domain)
	if len(places) == 0 {
		return Result{}
	}
	ctx, cancel := context.WithTimeout(ctx, c.names.patience())
	defer cancel()
	r := Result{By: OwnCheck}
	for _, at := range places {
		v, err := c.verify(ctx, h, body, at)
		if err != nil {
			if r.DKIM != "pass" {
				r.DKIM = verdict(err)
			}
			continue
		}
		r.DKIM = "pass"
		if d := ascii(v.Domain); d != domain && !c.relaxed(ctx, domain) {
			continue
		}
		r.Aligned = domain
		for _, name := range v.HeaderKeys {
			r.Covered = append(r.Covered, strings.ToLower(name))
		}
		slices.Sort(r.Covered)
		r.Covered = slices.Compact(r.Covered)
		return r
	}
	return r
}

// errTesting is a key whose owner says that its signatures mean nothing yet (RFC 6376 §3.6.1, flag y).
var errTesting = errors.New("the key is in testing")

// verify checks the signature at a place as if it were the only one. The library refuses SHA-1, RSA keys under 1024
// bits, signatures of a part of the body (l=), and expired ones.
func (c *Checker) verify(ctx context.Context, h header, body []byte, at int) (*dkim.Verification, error) {
	var head bytes.Buffer
	for i, f := range h {
		if f.name != "dkim-signature" || i == at {
			head.Write(f.raw)
		}
	}
	head.WriteString("\r\n")
	t := tags(h[at].value)
	testing := false
	lookup := func(name string) ([]string, error) {
		records, err := c.lookup(ctx, name)
		for _, record := range records {
			flags := strings.Split(tags(record)["t"], ":")
			if slices.Contains(flags, "y") {
				testing = true
				return nil, errTesting
			}
			_, of, _ := strings.Cut(t["i"], "@")
			if slices.Contains(flags, "s") && t["i"] != "" && !strings.EqualFold(of, t["d"]) {
				return nil, errors.New("the key is for its very domain only")
			}
		}
		return records, err
	}
	all, err := dkim.VerifyWithOptions(io.MultiReader(&head, bytes.NewReader(body)), &dkim.VerifyOptions{LookupTXT: lookup, MaxVerifications: 1})
	if testing {
		return nil, errTesting
	}
	if err != nil {
		return nil, err
	}
	if len(all) != 1 {
		return nil, errors.New("no signature")
	}
	if v := all[0]; v.Err != nil {
		return nil, v.Err
	} else if !v.Time.IsZero() && v.Time.After(time.Now().Add(time.Hour)) {
		return nil, errors.New("the signature is from the future")
	}
	return all[0], nil
}

func verdict(err error) string {
	switch {
	case errors.Is(err, errTesting):
		return "neutral"
	case dkim.IsTempFail(err):
		return "temperror"
	}
	return "fail"
}

// relaxed tells whether a domain lets its organisation's other domains sign for it (adkim of RFC 7489 §6.3). When that
// cannot be found out now, it does not.
func (c *Checker) relaxed(ctx context.Context, domain string) bool {
	lookup := &dmarc.LookupOptions{LookupTXT: func(name string) ([]string, error) { return c.lookup(ctx, name) }}
	record, err := dmarc.LookupWithOptions(domain, lookup)
	if org := organisational(domain); errors.Is(err, dmarc.ErrNoPolicy) && org != domain {
		record, err = dmarc.LookupWithOptions(org, lookup)
	}
	if errors.Is(err, dmarc.ErrNoPolicy) {
		return true
	}
	return err == nil && record.DKIMAlignment != dmarc.AlignmentStrict
}
