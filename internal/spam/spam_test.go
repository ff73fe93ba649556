package spam_test

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/i18n"
	"goodturn/internal/spam"
)

const soundHead = "From: a@b.example\r\nTo: help@desk.example\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\nMessage-ID: <1@b.example>\r\nContent-Type: text/plain\r\n\r\n"

func codes(g spam.Guess) (out []string) {
	for _, r := range g.Reasons {
		out = append(out, string(r.Code))
	}
	slices.Sort(out)
	return out
}

func TestSignsAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		mail  spam.Mail
		want  string // codes, sorted
		facts spam.Facts
	}{
		"an ordinary request":      {mail: spam.Mail{Head: []byte(soundHead), FromAddress: "a@b.example", Subject: "Printer", Text: "It prints half pages. Could you have a look?"}, want: ""},
		"an acronym in capitals":   {mail: spam.Mail{Head: []byte(soundHead), Subject: "VPN USB PDF"}, want: ""},
		"no id, no date":           {mail: spam.Mail{Head: []byte("To: x@y.example\n\n")}, want: "no_date no_message_id"},
		"nobody it is for":         {mail: spam.Mail{Head: []byte("Date: x\nMessage-ID: <1>\nTo: undisclosed-recipients:;\n\n")}, want: "no_recipient"},
		"only HTML":                {mail: spam.Mail{Head: []byte(strings.Replace(soundHead, "text/plain", "text/html; charset=utf-8", 1))}, want: "only_html"},
		"Latin-1 in the head":      {mail: spam.Mail{Head: []byte("Subject: Gr\xfc\xdfe\n" + soundHead)}, want: "raw_letters"},
		"UTF-8 in the head":        {mail: spam.Mail{Head: []byte("Subject: Grüße\n" + soundHead)}, want: ""},
		"shouting":                 {mail: spam.Mail{Head: []byte(soundHead), Subject: "URGENT BUSINESS PROPOSAL"}, want: "shouting"},
		"a padded subject":         {mail: spam.Mail{Head: []byte(soundHead), Subject: "Lose weight now         8812"}, want: "padded_subject"},
		"another's address":        {mail: spam.Mail{Head: []byte(soundHead), FromName: "support@bank.example", FromAddress: "x@evil.example"}, want: "other_name"},
		"one's own address":        {mail: spam.Mail{Head: []byte(soundHead), FromName: "x@firm.example", FromAddress: "x@firm.example"}, want: ""},
		"answers go elsewhere":     {mail: spam.Mail{Head: []byte(soundHead), FromAddress: "chief@firm.example", ReplyTo: "chief.firm@gmail.com"}, want: "other_answer"},
		"a link that lies":         {mail: spam.Mail{Head: []byte(soundHead), HTML: `<a href="http://evil.example/x">https://www.bank.example/login</a>`, Text: "x"}, want: "other_link"},
		"a link to a subdomain":    {mail: spam.Mail{Head: []byte(soundHead), HTML: `<a href="https://click.bank.example/x">www.bank.example</a>`, Text: "x"}, want: ""},
		"a link with words":        {mail: spam.Mail{Head: []byte(soundHead), HTML: `<a href="https://evil.example">our page</a>`, Text: "x"}, want: ""},
		"a number for a host":      {mail: spam.Mail{Head: []byte(soundHead), Text: "see http://203.0.113.7/offer now"}, want: "numeric_link"},
		"a phrase":                 {mail: spam.Mail{Head: []byte(soundHead), Text: "You have won the lottery of the year"}, want: "phrases"},
		"a word within another":    {mail: spam.Mail{Head: []byte(soundHead), Text: "a specialist for unsexy socialism"}, want: ""},
		"a forged domain":          {mail: spam.Mail{Head: []byte(soundHead)}, want: "dmarc", facts: spam.Facts{DMARC: "fail"}},
		"a flag not to be trusted": {mail: spam.Mail{Head: []byte("X-Spam-Flag: YES\n" + soundHead)}, want: ""},
		"a flag of our own":        {mail: spam.Mail{Head: []byte("X-Spam-Flag: YES\n" + soundHead)}, want: "flag", facts: spam.Facts{BelieveFlag: true}},
		"an unwanted sender":       {mail: spam.Mail{Head: []byte(soundHead)}, want: "unwanted", facts: spam.Facts{Unwanted: true}},
	} {
		g := spam.Look(c.mail).Judge(c.facts)
		if got := strings.Join(codes(g), " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		for _, r := range g.Reasons {
			if said := i18n.Print(t.Context(), r.Text()); said == "" || said == i18n.Print(t.Context(), (spam.Reason{Code: "none such"}).Text()) {
				t.Errorf("%s: the reason %q has no words", name, r.Code)
			}
		}
	}
}

func TestOneKindOfEvidenceIsNotEnoughForTheCautious(t *testing.T) {
	odd := spam.Mail{
		Head: []byte("X: y\nSubject: \xfc\nContent-Type: text/html\n\n"), FromName: "a@b.example", FromAddress: "c@d.example", ReplyTo: "x@gmail.com",
		Subject: "ADV: BUY IT ALL NOW!!          1234", HTML: `<a href="http://1.2.3.4/">www.bank.example</a>`,
	}
	learnt := spam.Table{}
	for range 50 {
		learnt.Learn([]string{"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "theta", "iota", "kappa", "lambda", "sigma", "omega", "omicron"}, true, 1)
		learnt.Learn([]string{"printer"}, false, 1)
	}
	wordy := spam.Mail{Head: []byte(soundHead), Text: "alpha beta gamma delta epsilon zeta theta iota kappa lambda sigma omega omicron"}
	for name, g := range map[string]spam.Guess{
		"signs":   spam.Look(odd).Judge(spam.Facts{}),
		"words":   spam.Look(wordy).Judge(spam.Facts{}, learnt),
		"unknown": spam.Look(spam.Mail{}).Judge(spam.Facts{}, spam.Prior(), learnt),
	} {
		if g.Score >= spam.Cautious.Threshold() || g.Score < 0 || math.IsNaN(g.Score) {
			t.Errorf("%s alone: %.3f %v", name, g.Score, g.Reasons)
		}
	}
	if g := spam.Look(wordy).Judge(spam.Facts{}, learnt); g.Score < spam.Normal.Threshold() {
		t.Errorf("learnt words weigh only %.3f", g.Score)
	}
}

func TestWhatIsLearntCanBeTakenBack(t *testing.T) {
	table := spam.Table{}
	table.Learn([]string{"printer", "paper"}, false, 1)
	before := maps.Clone(table)
	table.Learn([]string{"paper", "prize"}, true, 1)
	if table["paper"] != (spam.Count{Spam: 1, Ham: 1}) || table[""] != (spam.Count{Spam: 1, Ham: 1}) {
		t.Fatal(table)
	}
	table.Learn([]string{"paper", "prize"}, true, -1)
	if !maps.Equal(before, table) {
		t.Fatalf("%v, want %v", table, before)
	}
}

func TestWords(t *testing.T) {
	m := spam.Mail{FromAddress: "x@Firm.Example", Subject: "Über Drucker", Text: "Don't print: 打印机 坏了! ab " + strings.Repeat("x", 30)}
	got := strings.Join(spam.Words(m), " ")
	if want := "from:firm.example über subject:über drucker subject:drucker don't print 打印 印机 坏了"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	long := spam.Mail{}
	for i := range 2000 {
		long.Text += " w" + strings.Repeat("a", i%20) + string(rune('a'+i%26)) + string(rune('a'+i/26%26))
	}
	if n := len(spam.Words(long)); n != spam.MaxWords {
		t.Errorf("%d words", n)
	}
}

func TestThePriorIsThere(t *testing.T) {
	p := spam.Prior()
	if p[""].Spam < 10 || p[""].Ham < 10 || len(p) < 500 || len(p) > 5000 {
		t.Fatalf("%d words of %+v mails", len(p), p[""])
	}
}

func FuzzJudge(f *testing.F) {
	f.Add([]byte(soundHead), "a@b", "Subject", "text", "<a href=x>y</a>")
	f.Add([]byte(":\n :\n\n"), "@", "\xff", "打", "<a href=http://[::1>www.x.yz</a><!--")
	f.Fuzz(func(t *testing.T, head []byte, from, subject, text, html string) {
		m := spam.Mail{Head: head, FromName: from, FromAddress: from, ReplyTo: from, Subject: subject, Text: text, HTML: html}
		e := spam.Look(m)
		if g := e.Judge(spam.Facts{}, spam.Prior()); !(g.Score >= 0 && g.Score <= 1) || len(e.Words) > spam.MaxWords {
			t.Fatalf("%v, %d words", g.Score, len(e.Words))
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	m := spam.Mail{Head: []byte(soundHead), FromAddress: "a@b.example", Subject: "Printer", Text: strings.Repeat("Good morning, the printer prints half pages since the last update, whatever I try. ", 25)}
	b.SetBytes(int64(len(m.Text)))
	for b.Loop() {
		spam.Look(m).Judge(spam.Facts{}, spam.Prior())
	}
}
