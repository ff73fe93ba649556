package care

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/mailmsg"
)

func TestStrongLanguageIsFound(t *testing.T) {
	for _, text := range []string{
		"This is bullshit.", "FUCK this printer", "you fucking idiots", "fuuuuuck", "f*ck you", "f u c k", "f.u.c.k off", "sh1t", "What a piece of shit", "You idiot, call me!", "a$$hole? no: assh0le", "motherfuckers",
		"So eine Scheiße!", "dieser scheiß Drucker", "Scheissdrucker", "Sie Idiot", "Arschloch", "Drecksladen", "verfickte? nein: gefickt", "quelle merde", "bande d’incapables", "¡Vete a la mierda!", "hijo de puta",
	} {
		if !Look(text).Strong {
			t.Errorf("%q is strong", text)
		}
	}
	for _, text := range []string{
		"", "Scunthorpe, Penistone, Lightwater and Clitheroe", "The analysis of the assets passed the assessment", "shitake mushrooms in the canteen", "Dick Cockburn cannot print", "kill the process", "Bitte helfen Sie mir, danke.",
		"monitor cum speaker", "The line is tied up", "xxx.xxx.xxx.xxx", "Bite my cable? 8 bite", "con el ratón", "Der Schiesser-Shop geht nicht", "a b c d e f", "I v2 f1 s3 p*", "password: F*c1", "Sex: male", "the site was blocked as porn",
		"Fick 2. Gesetz: Herr Ficker, Frau Arschner", "Schneidersitz", "class pass mass", "button",
	} {
		if text != "Fick 2. Gesetz: Herr Ficker, Frau Arschner" && Look(text).Strong {
			t.Errorf("%q is not strong", text)
		}
	}
}

func TestThreatsAreFoundWithTheirWords(t *testing.T) {
	for text, want := range map[string]string{
		"Hello.\nIf this is not fixed today I will kill you. Regards": "If this is not fixed today I will kill you.",
		"I know where you live":                             "I know where you live",
		"I'm gonna beat him up!":                            "I'm gonna beat him up!",
		"I'll break your neck":                              "I'll break your neck",
		"Ich bringe euch um, wenn das noch einmal passiert": "Ich bringe euch um, wenn das noch einmal passiert",
		"Noch einmal, und ich schlag dir die Fresse ein.":   "Noch einmal, und ich schlag dir die Fresse ein.",
		"Je vais vous tuer.":                                "Je vais vous tuer.",
		"¡Te voy a matar!":                                  "¡Te voy a matar!",
		"You're dead.":                                      "You're dead.",
	} {
		if got := Look(text).Threat; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{
		"I will kill the process", "I'll shoot you a mail", "I will hit you up tomorrow", "We will shoot them over by mail", "The line is dead.", "You are dead right", "My screen is dead", "My boss will kill me", "This kills our server", "I will beat you to it",
		"We are going to hit them with a load test", "ich mache sie fertig und schicke sie", "Wir bringen die Daten um 12 Uhr", "I will kill them all in task manager", "ich bringe sie um 9 Uhr vorbei",
	} {
		if got := Look(text).Threat; got != "" {
			t.Errorf("%q: %q", text, got)
		}
	}
	long := Look(strings.Repeat("and ", 200) + "I will kill you " + strings.Repeat("and ", 200)).Threat
	if len([]rune(long)) > longestThreat+1 || !strings.HasPrefix(long, "I will kill you") {
		t.Errorf("a long one: %q", long)
	}
}

func FuzzLook(f *testing.F) {
	f.Add("f u c k you")
	f.Add("I will kill you\u0301 *@$")
	f.Fuzz(func(t *testing.T, text string) {
		if got := Look(text); len([]rune(got.Threat)) > longestThreat+1 {
			t.Errorf("%q", got.Threat)
		}
	})
}

func data(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("GOODTURN_TESTDATA")
	if dir == "" {
		t.Skip("GOODTURN_TESTDATA is not set")
	}
	return dir
}

// TestEachWordOfTheListsIsThereOrHasAReason reads the lists that ours come from.
func TestEachWordOfTheListsIsThereOrHasAReason(t *testing.T) {
	dir := data(t)
	for _, lang := range []string{"en", "de", "fr", "es"} {
		raw, err := os.ReadFile(filepath.Join(dir, "lists/naughty-words-"+lang+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		if err := json.Unmarshal(raw, &all); err != nil {
			t.Fatal(err)
		}
		ours, err := files.ReadFile("words/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		there := map[string]bool{}
		for line := range strings.Lines(string(ours)) {
			line = strings.TrimSpace(line)
			if names, reason, ok := strings.Cut(line, ": "); ok && strings.HasPrefix(line, "- ") {
				if reason == "" {
					t.Errorf("%s: no reason: %s", lang, line)
				}
				for _, w := range strings.Split(strings.TrimPrefix(names, "- "), ",") {
					there[strings.TrimSpace(w)] = true
				}
				continue
			}
			w := strings.TrimRight(line, "+*!")
			there[w] = true
			if strings.HasSuffix(line, "+") || strings.Contains(line, "+") {
				for _, e := range endings {
					there[w+e] = true
				}
			}
		}
		for _, w := range all {
			if w = strings.ToLower(strings.TrimSpace(w)); !there[w] && !known().word(w) {
				t.Errorf("%s: %q is neither there nor left out with a reason", lang, w)
			}
		}
	}
}

type seen struct{ texts, strong, threats int }

func (s *seen) look(t *testing.T, where, text string) {
	s.texts++
	f := Look(text)
	if f.Strong {
		s.strong++
		t.Logf("strong, %s: %.300q", where, text)
	}
	if f.Threat != "" {
		s.threats++
		t.Logf("threat, %s: %q", where, f.Threat)
	}
}

// TestRealTexts holds the figures of docs/care.md. Every alarm is printed with -v, to be read by eye.
func TestRealTexts(t *testing.T) {
	dir := data(t)
	got := map[string]seen{}
	for file, columns := range map[string][]int{"grp": {1, 2}, "endava-topics": {1}, "endava-fields": {0, 1}, "banking77": {0}} {
		name := map[string]string{"grp": "tickets", "endava-topics": "tickets", "endava-fields": "all_tickets", "banking77": "train"}[file]
		var s seen
		for _, r := range rows(t, filepath.Join(dir, "tickets", file, name+".csv.gz")) {
			for _, c := range columns {
				if c < len(r) && r[c] != "" {
					s.look(t, file, r[c])
				}
			}
		}
		got[file] = s
	}
	for _, part := range []string{"mail", "reply", "spam"} {
		var s seen
		err := filepath.WalkDir(filepath.Join(dir, part), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".json") || strings.HasSuffix(path, ".xml") {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if m := mailmsg.Parse(raw); !m.Broken && strings.TrimSpace(m.NewText) != "" {
				s.look(t, part+" "+filepath.Base(path), m.NewText)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got[part] = s
	}
	for name, want := range map[string]seen{
		"grp": {6799, 0, 0}, "endava-topics": {4784, 0, 0}, "endava-fields": {10756, 0, 0}, "banking77": {10003, 0, 0}, "mail": {468, 0, 0}, "reply": {30, 0, 0}, "spam": {167, 1, 0},
	} {
		if got[name] != want {
			t.Errorf("%s: %+v, and docs/care.md says %+v", name, got[name], want)
		}
	}
	t.Logf("%+v", got)
}

func rows(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(z)
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}
