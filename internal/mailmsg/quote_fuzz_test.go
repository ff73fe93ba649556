package mailmsg

import (
	"strings"
	"testing"
)

// FuzzQuotes holds that no word of a text gets lost between what is new, what is
// quoted, the signature and the forwarded mail.
func FuzzQuotes(f *testing.F) {
	for _, c := range clientIntros[:20] {
		f.Add(answerText+"\n\n"+c.intro+"\n\n"+oldQuote, "Re: x")
	}
	for _, c := range keptTexts {
		f.Add(c.text, "x")
	}
	f.Add("Look.\n\n-----Original Message-----\n"+headerLines("From:|Sent:|To:|Cc:|Subject:", " ")+"\n\nold", "Fwd: x")
	f.Add("> a\nb\n> c\n-- \nd\nSent from my iPhone", "")
	f.Fuzz(func(t *testing.T, text, subject string) {
		m := ParseBodyWithSubject([]byte(text), false, subject)
		if m.Forwarded != nil {
			return // its header is taken apart
		}
		kept := strings.NewReplacer(">", " ").Replace(m.NewText + "\n" + m.QuotedText + "\n" + m.Signature)
		have := map[string]bool{}
		for _, w := range strings.Fields(kept) {
			have[w] = true
		}
		for _, w := range strings.Fields(strings.ReplaceAll(m.Text, ">", " ")) {
			if !have[w] && strings.Trim(w, "-_=*~#+—–•ᐧ") != "" && len(have) > 0 {
				t.Fatalf("%q is lost of %q: %q, %q, %q", w, m.Text, m.NewText, m.QuotedText, m.Signature)
			}
		}
	})
}
