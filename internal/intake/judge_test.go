package intake

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		text, subject string
		vague         bool
		why           []Reason
		language      string
		topic         string
	}{
		{text: "it no workie", vague: true, why: []Reason{Short, NoThing, NoSymptom}, language: "en"},
		{text: "Hello, it does not work. Please help me, it is urgent, my boss is waiting. Thanks", vague: true, why: []Reason{Short, NoThing}, language: "en"},
		{text: "Outlook problem", vague: true, why: []Reason{Short, NoSymptom}, language: "en", topic: "mail"},
		{text: "Outlook", vague: true, why: []Reason{Short, NoSymptom}, language: "en", topic: "mail"},
		{text: "I cannot log in", vague: true, why: []Reason{Short, NoThing}, language: "en"},
		{text: "cannot open a website", vague: true, why: []Reason{Short, NoThing}, language: "en"},
		{text: "issue with the vpn", vague: true, why: []Reason{Short, NoSymptom}, language: "en", topic: "vpn"},
		{text: "vpn drops every ten minutes", language: "en", topic: "vpn"},
		{text: "Outlook does not open since the update this morning", language: "en", topic: "mail"},
		{text: "outlok does not open", language: "en", topic: "mail"},
		{text: "the prnter is jamed", language: "en", topic: "printer"},
		{text: "problem with the login of Bobj", language: "en"},
		{text: "I need a second monitor", language: "en", topic: "screen"},
		{text: "How can I share a calendar with a colleague?", language: "en", topic: "mail"},
		{text: "see attached", subject: "error in Excel", language: "en", topic: "office"},
		{text: "my password for Outlook has expired", language: "en", topic: "mail"},
		{text: "cannot reach WE111", language: "en"},

		{text: "geht nicht", vague: true, why: []Reason{Short, NoThing}, language: "de"},
		{text: "Hallo, es funktioniert wieder mal nichts, bitte dringend um Hilfe. Danke", vague: true, why: []Reason{Short, NoThing}, language: "de"},
		{text: "Probleme mit Outlook", vague: true, why: []Reason{Short, NoSymptom}, language: "de", topic: "mail"},
		{text: "Bitte einmal nachsehen. Danke", subject: "Drucker", vague: true, why: []Reason{Short, NoSymptom}, language: "de", topic: "printer"},
		{text: "ich kann mich nicht anmelden", vague: true, why: []Reason{Short, NoThing}, language: "de"},
		{text: "Etikettendrucker druckt nicht", language: "de", topic: "printer"},
		{text: "Bitte den Ordner Vertrieb freigeben", language: "de", topic: "files"},
		{text: "Mein Bildschirm flackert", language: "de", topic: "screen"},
		{text: "Ich hätte gerne eine neue Maus", language: "de", topic: "screen"},
		{text: "das Passwort für SAP ist abgelaufen", language: "de", topic: "business"},

		{text: "Bonjour, je ne peux pas imprimer depuis ce matin, pouvez-vous m'aider ?"},
		{text: "プリンターが動かない"},
		{text: "", vague: true, why: []Reason{Short, NoThing, NoSymptom}, language: "en"},
	} {
		v := Judge(c.text, c.subject, "")
		if v.Vague != c.vague || !slices.Equal(v.Why, c.why) || v.Language != c.language || c.topic != "" && v.Topic != c.topic {
			t.Errorf("%q %q: %+v", c.subject, c.text, v)
		}
	}
}

func TestJudgeReadsTheLetterNotItsFrame(t *testing.T) {
	letter := "From: Hana <hana@example.com>\nSent: Monday\n\nHello team,\nI have a problem.\n\nBest regards\nHana Novak\nSales printer outlook cannot\n"
	if v := Judge(letter, "", ""); !v.Vague || !v.Has(NoThing) || !v.Has(NoSymptom) {
		t.Errorf("a letter that says nothing is %+v", v)
	}
	if v := Judge("probleme mit dem bildschirm, bleibt hÃ¤ngen, auch nach dem neustart", "", ""); v.Vague {
		t.Errorf("letters encoded twice hide what is wrong: %+v", v)
	}
}

func TestWordListsAreReadable(t *testing.T) {
	if got := Languages(); !slices.Equal(got, []string{"de", "en"}) {
		t.Errorf("languages: %v", got)
	}
	for _, wrong := range []string{"printer", "[things]\nprinter"} {
		if _, err := readWords("xx", wrong); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func FuzzJudge(f *testing.F) {
	for _, s := range []string{"it no workie", "geht nicht", "vpn", "[cid:x", "Ã¤Ã¶", "-- \n", "\xff\xfe", "a-", "*", strings.Repeat("x ", 5000)} {
		f.Add(s, "subject", "de")
	}
	f.Fuzz(func(t *testing.T, text, subject, language string) {
		start := time.Now()
		v := Judge(text, subject, language)
		if v.Vague != (len(v.Why) > 0) {
			t.Errorf("%+v", v)
		}
		if !utf8.ValidString(v.Thing) || !utf8.ValidString(v.Symptom) {
			t.Errorf("%+v is no text", v)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("took %s", d)
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	long := strings.Repeat("Hello team, since yesterday the printer in the second floor prints nothing and blinks, prntr jam maybe. ", 40)
	for _, c := range []struct{ name, text string }{{"short", "Hello, it does not work, please help"}, {"long", long}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Judge(c.text, "Printer", "en")
			}
		})
	}
}
