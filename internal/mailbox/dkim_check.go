package mailbox

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/i18n"
)

const dkimLookupTime = 8 * time.Second

// CheckDKIM looks up the record of a domain's key and says in words whether it is the one that is needed. found is
// true when it is.
func (p *Post) CheckDKIM(ctx context.Context, domain string) (words i18n.Text, found bool, err error) {
	var row dkimRow
	err = p.DB.Read(ctx, func(tx *db.Tx) (err error) {
		row, err = db.One[dkimRow](ctx, tx, `SELECT `+dkimColumns+` FROM dkim_key WHERE domain = $1`, domain)
		return err
	})
	if errors.Is(err, db.ErrNoRow) {
		return words, false, noDKIMKey()
	}
	if err != nil {
		return words, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, dkimLookupTime)
	defer cancel()
	lookup := p.LookupTXT
	if lookup == nil {
		lookup = net.DefaultResolver.LookupTXT
	}
	records, err := lookup(ctx, row.RecordName()+".")
	words, found = row.compare(records, err)
	return words, found, nil
}

// compare judges what the lookup of a key's record gave.
func (k DKIMKey) compare(records []string, err error) (i18n.Text, bool) {
	name := k.RecordName()
	if dns := (*net.DNSError)(nil); errors.As(err, &dns) && dns.IsNotFound {
		return i18n.M("There is no TXT record at {{.Name}} yet. A new record can take some minutes, at some providers hours, until it is seen everywhere.", "Name", name), false
	}
	if err != nil {
		return i18n.M("{{.Name}} could not be looked up from here. Please try again, or look with another program.", "Name", name), false
	}
	var keys []map[string]string
	for _, r := range records {
		if tags := recordTags(r); tags["p"] != "" || strings.Contains(r, "p=") {
			keys = append(keys, tags)
		}
	}
	switch {
	case len(keys) == 0:
		return i18n.M("The TXT record at {{.Name}} holds no key. It must be exactly the one shown here.", "Name", name), false
	case len(keys) > 1:
		return i18n.M("There are {{.Count}} records with keys at {{.Name}}; mail servers take one by chance. Please leave only the one shown here.", "Count", len(keys), "Name", name), false
	}
	tags := keys[0]
	switch {
	case tags["p"] == "":
		return i18n.M("The record at {{.Name}} says that the key was withdrawn (“p=” is empty).", "Name", name), false
	case tags["v"] != "" && tags["v"] != "DKIM1":
		return i18n.M("The record at {{.Name}} says “v={{.Value}}”; it must say “v=DKIM1”.", "Name", name, "Value", tags["v"]), false
	case orElse(tags["k"], "rsa") != k.Algorithm:
		return i18n.M("The record at {{.Name}} is for another kind of key: it says “k={{.Value}}”, and this key is {{.Kind}}.", "Name", name, "Value", orElse(tags["k"], "rsa"), "Kind", k.Algorithm), false
	case tags["p"] != k.PublicKey && strings.HasPrefix(k.PublicKey, tags["p"]):
		return i18n.M("The record at {{.Name}} holds only the beginning of the key. Providers that limit a line to 255 characters take it in several quoted parts.", "Name", name), false
	case tags["p"] != k.PublicKey:
		return i18n.M("The record at {{.Name}} holds another key than this one.", "Name", name), false
	case strings.Contains(tags["t"], "y"):
		return i18n.M("The record matches, but says that signing is only being tried out (“t=y”). Mail servers then ignore the signature."), true
	}
	return i18n.M("The record at {{.Name}} matches.", "Name", name), true
}

// recordTags reads "v=DKIM1; k=rsa; p=…" (RFC 6376 §3.2); white space within values does not count.
func recordTags(record string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(record, ";") {
		name, value, ok := strings.Cut(part, "=")
		if ok {
			out[strings.TrimSpace(name)] = strings.Join(strings.Fields(value), "")
		}
	}
	return out
}
