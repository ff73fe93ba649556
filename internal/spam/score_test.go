package spam_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"text/tabwriter"

	"goodturn/internal/mailmsg"
	"goodturn/internal/spam"
)

// sample is a mail with its label.
type sample struct {
	name     string
	set      string
	spam     bool
	evidence spam.Evidence
}

func corpus(t *testing.T, part string) []sample {
	t.Helper()
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set: no corpus to measure on")
	}
	var out []sample
	err := filepath.WalkDir(filepath.Join(root, part), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(filepath.Join(root, part), path)
		set, _, _ := strings.Cut(rel, string(filepath.Separator))
		m := mailmsg.Parse(raw)
		if m.Broken || (part != "spam" && m.From.Address == "") {
			return nil
		}
		s := sample{name: rel, set: set, spam: strings.HasPrefix(set, "spam"), evidence: spam.Look(mailOf(raw, m))}
		out = append(out, s)
		return nil
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("read %s: %d mails, %v", part, len(out), err)
	}
	return out
}

func mailOf(raw []byte, m *mailmsg.Message) spam.Mail {
	out := spam.Mail{Head: bytes.TrimLeft(raw, "\r\n"), FromName: m.From.Name, FromAddress: m.From.Address, Recipients: len(m.To) + len(m.CC), Subject: m.Subject, Text: m.Text, HTML: m.HTML}
	if len(m.ReplyTo) > 0 {
		out.ReplyTo = m.ReplyTo[0].Address
	}
	return out
}

const folds = 8

// judgeAcross judges each mail by a table of those of the other folds alone.
func judgeAcross(all []sample) []spam.Guess {
	out := make([]spam.Guess, len(all))
	for fold := range folds {
		t := spam.Table{}
		for i, s := range all {
			if i%folds != fold {
				t.Learn(s.evidence.Words, s.spam, 1)
			}
		}
		for i, s := range all {
			if i%folds == fold {
				out[i] = s.evidence.Judge(spam.Facts{}, t.Portable())
			}
		}
	}
	return out
}

// Each mail is judged by a table that was made without it: no wanted mail may be put aside, and a third of the spam
// should be, as a guess that is never wrong is worth more than one that finds all.
func TestScoreOnLabelledMails(t *testing.T) {
	all := corpus(t, "spam")
	sets := map[string][]float64{}
	found, of := 0, 0
	for i, g := range judgeAcross(all) {
		s := all[i]
		sets[s.set] = append(sets[s.set], g.Score)
		aside := g.Score >= spam.Cautious.Threshold()
		switch {
		case s.spam && aside:
			found++
		case !s.spam && aside:
			t.Errorf("a false alarm: %s, %.3f %v", s.name, g.Score, g.Reasons)
		}
		if s.spam {
			of++
		}
	}
	table(t, sets)
	t.Logf("cautious: %d of %d spam mails found", found, of)
	if found*3 < of {
		t.Errorf("only %d of %d spam mails found", found, of)
	}
}

// The ordinary mail of other sets must not be put aside. The table is the one that the program comes with.
func TestScoreOnOrdinaryMails(t *testing.T) {
	sets := map[string][]float64{}
	for _, part := range []string{"mail", "reply"} {
		for _, s := range corpus(t, part) {
			g := s.evidence.Judge(spam.Facts{}, spam.Prior())
			sets[part+"/"+s.set] = append(sets[part+"/"+s.set], g.Score)
			if g.Score >= spam.Cautious.Threshold() {
				t.Errorf("a false alarm: %s/%s, %.3f %v", part, s.name, g.Score, g.Reasons)
			}
		}
	}
	table(t, sets)
}

func table(t *testing.T, sets map[string][]float64) {
	t.Helper()
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "set\tmails\tcautious\tnormal\tstrict\thighest\t")
	var names []string
	for n := range sets {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		over := func(l spam.Level) (c int) {
			for _, s := range sets[n] {
				if s >= l.Threshold() {
					c++
				}
			}
			return c
		}
		sort.Float64s(sets[n])
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%.3f\t\n", n, len(sets[n]), over(spam.Cautious), over(spam.Normal), over(spam.Strict), sets[n][len(sets[n])-1])
	}
	w.Flush()
	t.Log("\n" + b.String())
}
