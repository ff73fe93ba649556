package redact_test

import (
	"compress/gzip"
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"goodturn/internal/mailmsg"
	"goodturn/internal/redact"
	"goodturn/internal/search"
)

func corpus(t *testing.T) string {
	dir := os.Getenv("GOODTURN_TESTDATA")
	if dir == "" {
		t.Skip("GOODTURN_TESTDATA is not set: it names the folder of the shared test data")
	}
	return dir
}

// score is how often something personal stands in texts, and how often it stands there still.
type score struct{ before, after int }

func (s score) recall() float64 {
	if s.before == 0 {
		return 1
	}
	return 1 - float64(s.after)/float64(s.before)
}

// names are the parts of a name in a header by which its bearer can be recognised: of those that consist of two words and more, which are
// people's as a rule.
func names(name string) (out []string) {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
	if len(words) < 2 || len(words) > 4 || strings.Contains(name, "@") {
		return nil
	}
	for _, w := range words {
		if first, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(first) || w == strings.ToUpper(w) && utf8.RuneCountInString(w) > 2 {
			return nil // "RT List", "notmuch discussion list"
		}
		switch strings.ToLower(w) {
		case "the", "windows", "list", "support", "team", "service", "desk", "mailing", "discussion", "test", "user", "users", "customer", "bugs", "mail", "delivery", "system", "recipient", "sender", "group", "help", "development", "news", "undisclosed", "recipients":
			return nil
		}
	}
	for _, w := range words {
		if utf8.RuneCountInString(w) >= 3 {
			out = append(out, w)
		}
	}
	return out
}

// count tells how often a word stands in a text as a word of its own, with a capital.
func count(text, word string) (n int) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\'' && r != '’' && r != '-' && r != '@' && r != '.' && r != '_'
	}) {
		w = strings.TrimSuffix(strings.TrimSuffix(strings.Trim(w, ".'’-"), "'s"), "’s")
		if first, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(first) && strings.EqualFold(w, word) {
			n++
		}
	}
	return n
}

// TestRecallOnMails measures how much of the names and addresses that stand in the headers of real mails is taken out of their bodies: by
// somebody who knows those of the headers, as the desk does, and by the rules alone.
func TestRecallOnMails(t *testing.T) {
	dir := corpus(t)
	var mails int
	known, blind := [2]score{}, [2]score{}
	var missed []string
	for _, set := range []string{"mail/redmine", "mail/rt", "mail/zammad", "mail/freescout", "mail/chatwoot", "mail/frappe", "mail/django-helpdesk", "mail/threads-notmuch", "mail/nodemailer", "mail/postal-mime", "mail/flanker", "mail/enmime", "spam/easy-ham-1", "spam/easy-ham-2", "spam/hard-ham-1"} {
		err := filepath.WalkDir(filepath.Join(dir, set), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".json") {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			m := mailmsg.Parse(raw)
			body := strings.Join([]string{m.NewText, m.QuotedText, m.Signature}, "\n")
			var who, parts, addresses []string
			for _, a := range append(append([]mailmsg.Address{m.From}, m.To...), m.CC...) {
				who = append(who, a.Name, a.Address)
				parts = append(parts, names(a.Name)...)
				if strings.Contains(a.Address, "@") {
					addresses = append(addresses, strings.ToLower(a.Address))
				}
			}
			mails++
			for i, k := range []*redact.Known{redact.Know(who, nil), redact.Know(nil, nil)} {
				left := k.Redact(body, redact.English).Text
				s := []*[2]score{&known, &blind}[i]
				seen := map[string]bool{}
				for _, p := range parts {
					if seen[strings.ToLower(p)] {
						continue
					}
					seen[strings.ToLower(p)] = true
					s[0].before += count(body, p)
					if n := count(left, p); n > 0 {
						s[0].after += n
						if i == 0 {
							missed = append(missed, filepath.Base(path)+": "+p)
						} else if os.Getenv("GOODTURN_SAMPLES") != "" {
							t.Logf("not by the rules alone: %s in %s", p, path)
						}
					}
				}
				for _, a := range addresses {
					if !seen[a] {
						seen[a] = true
						s[1].before += strings.Count(strings.ToLower(body), a)
						s[1].after += strings.Count(strings.ToLower(left), a)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d mails: names of their headers %d times in their bodies, addresses %d times", mails, known[0].before, known[1].before)
	t.Logf("taken out where the desk knows them: names %.3f, addresses %.3f", known[0].recall(), known[1].recall())
	t.Logf("taken out by the rules alone:        names %.3f, addresses %.3f", blind[0].recall(), blind[1].recall())
	t.Logf("missed though known: %q", missed[:min(len(missed), 30)])
	if known[0].recall() < 0.98 || known[1].recall() < 0.99 || blind[1].recall() < 0.99 || blind[0].recall() < 0.4 {
		t.Error("too little is taken out")
	}
}

// TestRecallOnTickets does the same with tickets whose caller is known by name; their names are made of letters at random.
func TestRecallOnTickets(t *testing.T) {
	f, err := os.Open(filepath.Join(corpus(t), "tickets/grp/tickets.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var known, blind score
	stands := func(text string, parts []string) (n int) {
		for _, w := range search.Words(text) {
			for _, p := range parts {
				if w == p {
					n++
				}
			}
		}
		return n
	}
	tickets := 0
	for _, r := range rows[1:] {
		parts := search.Words(r[3])
		if n := stands(r[2], parts); n > 0 {
			tickets++
			known.before, blind.before = known.before+n, blind.before+n
			known.after += stands(redact.Know([]string{r[3]}, nil).Redact(r[2], redact.English).Text, parts)
			blind.after += stands(redact.Know(nil, nil).Redact(r[2], redact.English).Text, parts)
		}
	}
	t.Logf("%d of %d tickets name their caller, %d times; taken out where the desk knows the caller %.3f, by the rules alone %.3f", tickets, len(rows)-1, known.before, known.recall(), blind.recall())
	if known.recall() < 0.98 {
		t.Error("too little is taken out")
	}
}

// TestWhatIsTakenOutOfArticles counts what rules take out of texts that are about no one: handbooks, and questions of the web.
func TestWhatIsTakenOutOfArticles(t *testing.T) {
	dir := corpus(t)
	for _, set := range []string{"kb/hbghelp", "kb/srcf", "kb/eppsac", "kb/alias-fr", "kb/openhsr-de", "kb/18f-handbook"} {
		words := 0
		found := map[redact.Kind]int{}
		samples := map[redact.Kind][]string{}
		err := filepath.WalkDir(filepath.Join(dir, set), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if ext := filepath.Ext(path); ext != ".md" && ext != ".rst" && ext != ".txt" {
				return nil
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			words += len(strings.Fields(string(raw)))
			for _, c := range redact.Know(nil, nil).Redact(string(raw), redact.English).Cuts {
				found[c.Kind]++
				if len(samples[c.Kind]) < 25 {
					samples[c.Kind] = append(samples[c.Kind], c.Was)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, k := range found {
			n += k
		}
		t.Logf("%s: %d words, %.2f taken out of 1,000: %v", set, words, 1000*float64(n)/float64(words), found)
		for _, k := range redact.Kinds() {
			if len(samples[k]) > 0 && os.Getenv("GOODTURN_SAMPLES") != "" {
				t.Logf("   %s: %q", k, samples[k])
			}
		}
	}
}
