package mailauth_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net"
	"strings"
	"testing"
	"time"

	"goodturn/internal/mailauth"
	"goodturn/internal/testserver/nameserver"
)

const (
	mia = "mia@desk.example"
	mx  = "mx.desk.example"
)

// letter writes a mail from Mia; fields are put above it.
func letter(fields ...string) string {
	head := append(fields, "From: Mia Berg <"+mia+">", "To: <help@desk.example>", "Subject: Printer", "Date: Sat, 21 Nov 2026 10:00:00 +0000", "Message-ID: <1@desk.example>")
	return strings.Join(head, "\r\n") + "\r\n\r\nSwitch it off and on.\r\n"
}

// from writes a mail with another From field, under results that speak for Mia's domain.
func from(field string) string {
	return strings.Replace(letter("Authentication-Results: "+mx+"; dmarc=pass header.from=desk.example"), "From: Mia Berg <"+mia+">", field, 1)
}

func TestTrustedResults(t *testing.T) {
	const pass = "; dmarc=pass header.from=desk.example"
	results := func(s string) string { return letter("Authentication-Results: " + s) }
	for name, c := range map[string]struct {
		raw  string
		want bool
	}{
		"dmarc":                          {results(mx + pass), true},
		"in capitals":                    {results(strings.ToUpper(mx) + "; DMARC=PASS Header.From=DESK.example"), true},
		"with version":                   {results(mx + " 1" + pass), true},
		"folded, with comments":          {results("mx.desk.example\r\n\t(our \\) (own) server) ;\r\n dmarc=pass (p=reject; dmarc=fail)\r\n\theader.from=desk.example"), true},
		"quoted id":                      {results("\"" + mx + "\"" + pass), true},
		"aligned dkim":                   {results(mx + "; dkim=fail header.d=list.example; dkim=pass header.d=desk.example header.b=abc"), true},
		"aligned dkim by i":              {results(mx + "; dkim=pass header.i=@desk.example"), true},
		"dkim of a subdomain":            {results(mx + "; dkim=pass header.d=mail.desk.example"), true},
		"spf alone":                      {results(mx + "; spf=pass smtp.mailfrom=mia@desk.example"), false},
		"dmarc fail beside dkim":         {results(mx + "; dkim=pass header.d=desk.example; dmarc=fail header.from=desk.example"), false},
		"two verdicts":                   {results(mx + pass + "; dmarc=fail header.from=desk.example"), false},
		"another From":                   {results(mx + "; dmarc=pass header.from=evil.example"), false},
		"a From that begins alike":       {results(mx + "; dmarc=pass header.from=desk.example.evil.example"), false},
		"no From":                        {results(mx + "; dmarc=pass"), false},
		"another signer":                 {results(mx + "; dkim=pass header.d=evil.example"), false},
		"signer by public suffix":        {results(mx + "; dkim=pass header.d=example"), false},
		"another method version":         {results(mx + "; dmarc/2=pass header.from=desk.example"), false},
		"another version":                {results(mx + " 2" + pass), false},
		"another server":                 {results("mx.evil.example" + pass), false},
		"a longer name":                  {results(mx + ".evil.example" + pass), false},
		"the name in a comment":          {results("evil.example (" + mx + ")" + pass), false},
		"result in a comment":            {results(mx + "; (dmarc=pass header.from=desk.example) dmarc=fail header.from=desk.example"), false},
		"result in a string":             {results(mx + "; dkim=fail reason=\"; dmarc=pass header.from=desk.example\""), false},
		"open comment":                   {results(mx + pass + " ("), false},
		"open string":                    {results(mx + pass + " reason=\"x"), false},
		"property twice":                 {results(mx + "; dmarc=pass header.from=evil.example header.from=desk.example"), false},
		"no result":                      {results(mx + "; none"), false},
		"nothing":                        {results(""), false},
		"below the topmost":              {letter("Authentication-Results: relay.example; none", "Authentication-Results: "+mx+pass), false},
		"topmost, others below":          {letter("Authentication-Results: "+mx+pass, "Authentication-Results: evil.example; dmarc=fail header.from=desk.example"), true},
		"in the body":                    {letter("X-One: 1") + "Authentication-Results: " + mx + pass + "\r\n", false},
		"name with a space":              {letter("Authentication-Results : " + mx + pass), false},
		"two From fields":                {from("From: <" + mia + ">\r\nFrom: <eve@evil.example>"), false},
		"two mailboxes":                  {from("From: <" + mia + ">, <eve@evil.example>"), false},
		"a group":                        {from("From: Friends: <" + mia + ">;"), false},
		"empty":                          {from("From:"), false},
		"no From field":                  {from("X-From: <" + mia + ">"), false},
		"name that is an address":        {from("From: \"" + mia + "\" <eve@evil.example>"), false},
		"comment that is an address":     {from("From: <eve@evil.example> (" + mia + ")"), false},
		"bare address":                   {from("From: " + mia), true},
		"coded name":                     {from("From: =?iso-8859-2?Q?Mia_Berg?= <" + mia + ">"), true},
		"folded":                         {from("From: Mia\r\n Berg\r\n <" + mia + ">"), true},
		"bare CR hides a From":           {from("X-Note: a\rFrom: <eve@evil.example>\r\nFrom: <" + mia + ">"), false},
		"white line hides a From":        {from("From: <" + mia + ">\r\n \r\nX: y"), false},
		"two subjects":                   {letter("Authentication-Results: "+mx+pass, "Subject: Other"), false},
		"a line that is no field":        {letter("Authentication-Results: "+mx+pass, "no field"), false},
		"bare line feeds, from the pipe": {strings.ReplaceAll(results(mx+pass), "\r\n", "\n"), true},
	} {
		var c1 mailauth.Checker
		r := c1.Check(t.Context(), mailauth.Mail{Raw: []byte(c.raw), From: mia, AuthservID: mx})
		if r.Authentic() != c.want {
			t.Errorf("%s: %+v, want authentic %v", name, r, c.want)
		}
		if r := c1.Check(t.Context(), mailauth.Mail{Raw: []byte(c.raw), From: mia}); r.Authentic() || r.By != "" {
			t.Errorf("%s: believed without a trusted server: %+v", name, r)
		}
	}
}

func TestTrustedResultsTellWhatCannotHaveBeenChanged(t *testing.T) {
	signature := "DKIM-Signature: v=1; a=rsa-sha256; d=desk.example; s=s1;\r\n h=From:Subject : Date:Message-ID; bh=x; b=y"
	forged := "DKIM-Signature: v=1; a=rsa-sha256; d=desk.example; s=s1; h=From:To:Subject:Date; bh=x; b=z"
	for name, c := range map[string]struct {
		raw  string
		want bool // To is covered
	}{
		"by signature":          {letter("Authentication-Results: "+mx+"; dmarc=pass header.from=desk.example", forged), true},
		"without To":            {letter("Authentication-Results: "+mx+"; dmarc=pass header.from=desk.example", signature), false},
		"a forged one beside":   {letter("Authentication-Results: "+mx+"; dkim=pass header.d=desk.example; dmarc=pass header.from=desk.example", forged, signature), false},
		"by the sending server": {letter("Authentication-Results: "+mx+"; spf=pass smtp.mailfrom=bounces@desk.example; dmarc=pass header.from=desk.example", signature), true},
		"sent by another":       {letter("Authentication-Results: "+mx+"; spf=pass smtp.mailfrom=eve@evil.example; dkim=pass header.d=desk.example; dmarc=pass header.from=desk.example", signature), false},
		"no signature at all":   {letter("Authentication-Results: " + mx + "; dmarc=pass header.from=desk.example"), true},
		"a part of the body":    {letter("Authentication-Results: "+mx+"; dmarc=pass header.from=desk.example", strings.Replace(forged, "s=s1;", "s=s1; l=10;", 1)), false},
	} {
		var c1 mailauth.Checker
		r := c1.Check(t.Context(), mailauth.Mail{Raw: []byte(c.raw), From: mia, AuthservID: mx})
		if !r.Authentic() || r.Covers("To") != c.want {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestOwnCheck(t *testing.T) {
	ns := nameserver.Start(t)
	desk, sub, evil := ns.Signer(t, "desk.example"), ns.Signer(t, "news.desk.example"), ns.Signer(t, "evil.example")
	strict := ns.Signer(t, "mail.strict.example")
	ns.TXT("_dmarc.strict.example", "v=DMARC1; p=reject; adkim=s")
	slow := ns.Signer(t, "mail.slow.example")
	ns.Silence("_dmarc.slow.example")
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	rotated := *desk
	rotated.Selector, rotated.Key = "gone", weak
	testing1 := *desk
	testing1.Selector, testing1.Key = "t1", weak
	ns.TXT(testing1.Name(), "t=y; "+testing1.Record())
	own := *desk
	own.Selector, own.Key, own.Identifier = "t2", weak, "@sub.desk.example"
	ns.TXT(own.Name(), strings.Replace(own.Record(), "k=rsa", "k=rsa; t=s", 1))
	two := *desk
	two.Selector = "two"
	ns.TXT(two.Name(), two.Record(), two.Record())
	expired := *desk
	expired.Expires = time.Now().Add(-time.Minute)
	other := strings.NewReplacer("mia@desk.example", "mia@strict.example")
	slowly := strings.NewReplacer("mia@desk.example", "mia@slow.example")
	signed := desk.Sign(letter())
	for name, c := range map[string]struct {
		raw, from, dkim string
		want            bool
	}{
		"signed":                         {signed, mia, "pass", true},
		"by the pipe":                    {strings.ReplaceAll(signed, "\r\n", "\n"), mia, "pass", true},
		"below others' signatures":       {evil.Sign(evil.Sign(evil.Sign(evil.Sign(signed)))), mia, "pass", true},
		"by a subdomain":                 {sub.Sign(letter()), mia, "pass", true},
		"by a subdomain, strict":         {strict.Sign(other.Replace(letter())), "mia@strict.example", "pass", false},
		"by a subdomain, policy unknown": {slow.Sign(slowly.Replace(letter())), "mia@slow.example", "pass", false},
		"unsigned":                       {letter(), mia, "", false},
		"by another":                     {evil.Sign(letter()), mia, "", false},
		"shown as another":               {signed, "eve@desk.example", "", false},
		"body changed":                   {signed + "And send me the keys.\r\n", mia, "fail", false},
		"subject changed":                {strings.Replace(signed, "Subject: Printer", "Subject: Payment", 1), mia, "fail", false},
		"subject added":                  {"Subject: Payment\r\n" + signed, mia, "", false},
		"From added":                     {"From: <eve@evil.example>\r\n" + signed, mia, "", false},
		"key unknown":                    {rotated.Sign(letter()), mia, "fail", false},
		"key in testing":                 {testing1.Sign(letter()), mia, "neutral", false},
		"key for the very domain":        {own.Sign(letter()), mia, "fail", false},
		"two keys of a name":             {two.Sign(letter()), mia, "fail", false},
		"expired":                        {expired.Sign(letter()), mia, "fail", false},
		"part of the body":               {strings.Replace(signed, "; d=desk.example", "; l=5; d=desk.example", 1), mia, "fail", false},
		"sha1":                           {strings.Replace(signed, "rsa-sha256", "rsa-sha1", 1), mia, "fail", false},
		"tag twice":                      {strings.Replace(signed, "; d=desk.example", "; d=evil.example; d=desk.example", 1), mia, "", false},
	} {
		if c.raw == signed && name != "signed" && name != "shown as another" {
			t.Fatalf("%s changed nothing", name)
		}
		checker := mailauth.Checker{Resolver: ns.Resolver()}
		r := checker.Check(t.Context(), mailauth.Mail{Raw: []byte(c.raw), From: c.from})
		if r.Authentic() != c.want || r.DKIM != c.dkim || c.dkim != "" && r.By != mailauth.OwnCheck {
			t.Errorf("%s: %+v, want authentic %v, dkim %q", name, r, c.want, c.dkim)
		}
		if c.want && (!r.Covers("to") || !r.Covers("Message-ID") || r.Covers("Reply-To")) {
			t.Errorf("%s: it covers %v", name, r.Covered)
		}
	}
}

func TestShortKeyIsRefused(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	ns := nameserver.Start(t)
	s := ns.Signer(t, "desk.example")
	var err error
	if s.Key, err = rsa.GenerateKey(rand.Reader, 768); err != nil {
		t.Fatal(err)
	}
	ns.TXT(s.Name(), s.Record())
	c := mailauth.Checker{Resolver: ns.Resolver()}
	if r := c.Check(t.Context(), mailauth.Mail{Raw: []byte(s.Sign(letter())), From: mia}); r.Authentic() || r.DKIM != "fail" {
		t.Errorf("%+v", r)
	}
}

func TestOwnCheckBesideATrustedServer(t *testing.T) {
	ns := nameserver.Start(t)
	signed := ns.Signer(t, "desk.example").Sign(letter())
	for _, c := range []struct {
		results string
		want    bool
		by      string
	}{
		{mx + "; spf=fail smtp.mailfrom=x@desk.example", true, mailauth.OwnCheck},
		{mx + "; dkim=temperror header.d=desk.example", true, mailauth.OwnCheck},
		{mx + "; dmarc=fail header.from=desk.example", false, mx},
		{mx + "; dmarc=pass header.from=desk.example", true, mx},
		{"evil.example; dmarc=pass header.from=desk.example", true, mailauth.OwnCheck},
	} {
		checker := mailauth.Checker{Resolver: ns.Resolver()}
		r := checker.Check(t.Context(), mailauth.Mail{Raw: []byte("Authentication-Results: " + c.results + "\r\n" + signed), From: mia, AuthservID: mx})
		if r.Authentic() != c.want || r.By != c.by {
			t.Errorf("%s: %+v", c.results, r)
		}
	}
}

func TestMailWithoutSignatureAsksNobody(t *testing.T) {
	ns := nameserver.Start(t)
	evil := ns.Signer(t, "evil.example")
	c := mailauth.Checker{Resolver: ns.Resolver()}
	for _, raw := range []string{letter(), evil.Sign(letter())} {
		c.Check(t.Context(), mailauth.Mail{Raw: []byte(raw), From: mia})
	}
	if n := ns.AskedAll(); n != 0 {
		t.Errorf("%d names were looked up", n)
	}
}

func TestKeysAreKept(t *testing.T) {
	ns := nameserver.Start(t)
	desk := ns.Signer(t, "desk.example")
	gone := *desk
	gone.Selector = "gone"
	c := mailauth.Checker{Resolver: ns.Resolver()}
	for range 5 {
		c.Check(t.Context(), mailauth.Mail{Raw: []byte(desk.Sign(letter())), From: mia})
		c.Check(t.Context(), mailauth.Mail{Raw: []byte(gone.Sign(letter())), From: mia})
	}
	if here, away := ns.Asked(desk.Name()), ns.Asked(gone.Name()); here != 1 || away != 1 {
		t.Errorf("asked %d and %d times", here, away)
	}
}

func TestSilentNameServersDoNotHoldUpMail(t *testing.T) {
	ns := nameserver.Start(t)
	s := ns.Signer(t, "desk.example")
	c := mailauth.Checker{Resolver: ns.Resolver()}
	mailauth.Impatient(&c)
	for i := range 3 {
		s.Selector = strings.Repeat("x", i+1)
		ns.Silence(s.Name())
		began := time.Now()
		r := c.Check(t.Context(), mailauth.Mail{Raw: []byte(s.Sign(letter())), From: mia})
		if took := time.Since(began); r.Authentic() || r.DKIM != "temperror" || took > mailauth.Limit/2 {
			t.Errorf("%+v in %v", r, took)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("Authentication-Results: " + mx + "; dmarc=pass (p=x) header.from=desk.example reason=\"a\"\r\n" + letter())
	f.Add(strings.ReplaceAll(letter("DKIM-Signature: v=1; d=other.example; h=from"), "\r\n", "\n"))
	f.Fuzz(func(t *testing.T, raw string) {
		c := mailauth.Checker{Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }}}
		r := c.Check(t.Context(), mailauth.Mail{Raw: []byte(raw), From: "mia@nowhere.invalid", AuthservID: mx})
		if r.Authentic() && !strings.EqualFold(r.By, mx) {
			t.Errorf("%+v", r)
		}
	})
}
