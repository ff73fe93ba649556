package thanks

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

// data is the folder of real texts. Without one the test is left out, and says so.
func data(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("GOODTURN_TESTDATA")
	if dir == "" {
		t.Skip("GOODTURN_TESTDATA is not set")
	}
	return dir
}

// seen is what came of the texts of one kind.
type seen struct{ texts, thanks int }

// TestThanksAreToldFromRealTexts holds the figures of docs/thanks.md. Every text that is taken is printed with -v, to be read by eye.
func TestThanksAreToldFromRealTexts(t *testing.T) {
	dir := data(t)
	got := map[string]seen{"tickets": inTickets(t, dir), "mails": inMails(t, dir)}
	got["requests"], got["thanks"] = inRequests(t, dir)
	for name, want := range map[string]seen{"tickets": {32342, 0}, "mails": {968, 2}, "requests": {15000, 1}, "thanks": {100, 77}} {
		if got[name] != want {
			t.Errorf("%s: %+v, and docs/thanks.md says %+v", name, got[name], want)
		}
	}
	t.Logf("%+v", got)
}

func (s *seen) take(t *testing.T, where string, said Said) {
	s.texts++
	if OnlyThanks(said) {
		s.thanks++
		t.Logf("%s: %q", where, said.Text)
	}
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

// inTickets looks at whole tickets: each is a trouble or a request.
func inTickets(t *testing.T, dir string) (s seen) {
	for file, columns := range map[string][]int{"grp/tickets.csv.gz": {1, 2}, "endava-topics/tickets.csv.gz": {1}, "endava-fields/all_tickets.csv.gz": {0, 1}, "banking77/train.csv.gz": {0}} {
		for _, r := range rows(t, filepath.Join(dir, "tickets", file)) {
			for _, c := range columns {
				if c < len(r) && r[c] != "" {
					s.take(t, file, Said{Text: r[c]})
				}
			}
		}
	}
	return s
}

// inRequests looks at what people said to an assistant: those who were asked to thank it, and all others.
func inRequests(t *testing.T, dir string) (others, thankful seen) {
	f, err := os.Open(filepath.Join(dir, "tickets/clinc-oos/train.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][][]string
	if err := json.NewDecoder(z).Decode(&all); err != nil {
		t.Fatal(err)
	}
	for _, part := range all {
		for _, x := range part {
			if x[1] == "thank_you" {
				thankful.texts++
				if OnlyThanks(Said{Text: x[0]}) {
					thankful.thanks++
				} else {
					t.Logf("not understood: %q", x[0])
				}
			} else {
				others.take(t, x[1], Said{Text: x[0]})
			}
		}
	}
	return others, thankful
}

// inMails looks at real mails as the desk reads them, with the name of their sender.
func inMails(t *testing.T, dir string) (s seen) {
	for _, part := range []string{"mail", "reply", "spam", "bounce"} {
		err := filepath.WalkDir(filepath.Join(dir, part), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".json") || strings.HasSuffix(path, ".xml") {
				return err
			}
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			m := mailmsg.Parse(raw)
			if strings.Contains(path, "/crisp/") || strings.Contains(path, "/zapier/") { // bodies alone
				m = mailmsg.ParseBody(raw, false)
			}
			if m.Broken || strings.TrimSpace(m.NewText) == "" {
				return nil
			}
			rel, _ := filepath.Rel(dir, path)
			names := []string{m.From.Name}
			for _, a := range append(m.To, m.CC...) {
				names = append(names, a.Name)
			}
			s.take(t, rel, Said{Text: m.NewText, Files: len(m.Attachments) > 0, Names: names})
			if low := strings.ToLower(m.NewText); len(m.NewText) < 200 && (strings.Contains(low, "thank") || strings.Contains(low, "danke") || strings.Contains(low, "merci") || strings.Contains(low, "gracias")) {
				t.Logf("%s may be thanks: %q", rel, m.NewText)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}
