package cluster

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// labelled is a set of texts that people sorted.
type labelled struct {
	name  string
	texts []Text
	label []string
}

func (s *labelled) add(label string, text ...string) {
	s.texts = append(s.texts, Text{ID: int64(len(s.texts) + 1), Words: strings.Join(text, "\n")})
	s.label = append(s.label, label)
}

// kinds is how many labels there are.
func (s *labelled) kinds() int {
	all := map[string]bool{}
	for _, l := range s.label {
		all[l] = true
	}
	return len(all)
}

// sets reads the shared sets of tickets.
func sets(t testing.TB) []*labelled {
	t.Helper()
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set: the quality of topics is not measured")
	}
	root = filepath.Join(root, "tickets")
	all := []*labelled{
		table(t, root, "banking77", "banking77/train.csv.gz", "category", "text"),
		clinc(t, root),
		table(t, root, "endava-topics", "endava-topics/tickets.csv.gz", "Topic_group", "Document"),
		table(t, root, "grp", "grp/tickets.csv.gz", "Assignment group", "Short description", "Description"),
		incidents(t, root),
	}
	for _, column := range []string{"category", "sub_category1", "sub_category2", "business_service"} {
		all = append(all, table(t, root, "endava-fields "+column, "endava-fields/all_tickets.csv.gz", column, "title", "body"))
	}
	return append(all, corpus(t, root, "AskUbuntu"), corpus(t, root, "WebApplications"))
}

func open(t testing.TB, path ...string) io.Reader {
	t.Helper()
	name := filepath.Join(path...)
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func table(t testing.TB, root, name, file, label string, text ...string) *labelled {
	t.Helper()
	s := &labelled{name: name}
	for _, row := range rowsOf(t, root, file) {
		var said []string
		for _, c := range text {
			said = append(said, row[c])
		}
		s.add(row[label], said...)
	}
	return s
}

func rowsOf(t testing.TB, root, file string) []map[string]string {
	t.Helper()
	r := csv.NewReader(open(t, root, file))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]map[string]string, 0, len(all))
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, c := range all[0] {
			row[c] = line[i]
		}
		out = append(out, row)
	}
	return out
}

func clinc(t testing.TB, root string) *labelled {
	t.Helper()
	var parts map[string][][2]string
	if err := json.NewDecoder(open(t, root, "clinc-oos/train.json.gz")).Decode(&parts); err != nil {
		t.Fatal(err)
	}
	s := &labelled{name: "clinc-oos"}
	for _, part := range []string{"train", "oos_train"} {
		for _, x := range parts[part] {
			s.add(x[1], x[0])
		}
	}
	return s
}

// incidents takes what is known of an incident when it comes; who worked on it is the label. The codes stand for words.
func incidents(t testing.TB, root string) *labelled {
	t.Helper()
	s := &labelled{name: "incident-log"}
	var order []string
	last := map[string]map[string]string{}
	for _, row := range rowsOf(t, root, "incident-log/incident_event_log.csv.gz") {
		if last[row["number"]] == nil {
			order = append(order, row["number"])
		}
		last[row["number"]] = row
	}
	for _, n := range order {
		var said []string
		for _, c := range []string{"category", "subcategory", "u_symptom", "location", "contact_type", "cmdb_ci"} {
			said = append(said, strings.ReplaceAll(last[n][c], " ", ""))
		}
		s.add(last[n]["assignment_group"], said...)
	}
	return s
}

func corpus(t testing.TB, root, name string) *labelled {
	t.Helper()
	var all []struct{ Text, Intent string }
	if err := json.NewDecoder(open(t, root, "nlu-askubuntu-webapps", name+"Corpus.train.json")).Decode(&all); err != nil {
		t.Fatal(err)
	}
	s := &labelled{name: fmt.Sprintf("nlu %s", name)}
	for _, x := range all {
		s.add(x.Intent, x.Text)
	}
	return s
}
