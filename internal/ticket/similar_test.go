package ticket_test

import (
	"compress/gzip"
	"encoding/csv"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func (f *fixture) similar(a person.Actor, id int64) (all []ticket.Solution) {
	f.Helper()
	f.write(func(tx *db.Tx) error {
		t, err := ticket.Get(f.Context(), tx, a, person.SeeTicket, id)
		if err != nil {
			return err
		}
		all, err = ticket.Similar(f.Context(), tx, a, t, 5)
		return err
	})
	return all
}

func TestSimilarAreSolvedTicketsWithTheirAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		solve := func(team int64, subject, text string, answers ...string) (id int64) {
			f.write(func(tx *db.Tx) error {
				x := must(f.desk.Create(f.Context(), tx, ticket.By{Actor: person.System}, ticket.New{Subject: subject, Requester: f.hana.ID, Team: team, Message: ticket.Draft{Text: text}}))
				id = x.ID
				for _, a := range answers {
					must(f.desk.Reply(f.Context(), tx, ticket.By{Actor: f.jonas}, id, ticket.Draft{Text: a}, ticket.Solved))
				}
				must(f.desk.Note(f.Context(), tx, ticket.By{Actor: f.jonas}, id, ticket.Draft{Text: "an internal remark that nobody else should take for the answer to this"}))
				return nil
			})
			return id
		}
		answer := "Please hold the paper tray at both sides and push until it clicks; the sensor then sees it again."
		good := solve(f.open, "Printer reports paper jam", "There is no paper inside, but the display says jam.", answer, "You are welcome!")
		solve(f.private, "Printer paper jam in payroll", "Secret paper jam display.", answer)
		solve(f.open, "Cannot sign in to the VPN", "It says that the certificate has expired.", "We renewed the certificate, please connect again and tell us whether it works now.")
		solve(f.open, "Paper jam again", "The printers display a jam") // not solved
		for range 12 {
			solve(f.open, "Please order a keyboard", "Mine is broken.", "Ordered; it arrives on Tuesday at your desk, the old one may be thrown away.")
		}
		asked := solve(f.open, "Printers: paper jam on the display", "Nothing is stuck in there.")
		f.learn()
		all := f.similar(f.amara, asked)
		if len(all) != 1 || all[0].ID != good || all[0].Answer != answer || all[0].AnswerBy != "Jonas Lind" || all[0].AnswerSeq != 2 {
			t.Errorf("similar are %+v", all)
		}
		if all := f.similar(f.jonas, asked); len(all) != 2 {
			t.Errorf("a member of the private team is shown %+v", all)
		}
	})
}

// TestSimilarAreOfTheSameLabel measures on tickets of real desks how many of the five most similar have the same
// label, beside how many would by chance.
func TestSimilarAreOfTheSameLabel(t *testing.T) {
	dir := os.Getenv("GOODTURN_TESTDATA")
	if dir == "" {
		t.Skip("GOODTURN_TESTDATA is not set")
	}
	if testing.Short() {
		t.Skip("long")
	}
	for _, set := range []struct {
		file                 string
		subject, text, label string
		times                float64 // better than chance
	}{
		{"grp", "Short description", "Description", "Assignment group", 2},
		{"endava-topics", "", "Document", "Topic_group", 2},
		{"banking77", "", "text", "category", 20},
	} {
		t.Run(set.file, func(t *testing.T) {
			rows := readTable(t, filepath.Join(dir, "tickets", set.file), set.subject, set.text, set.label)
			f := setUp(t, dbtest.Open(t, db.SQLite))
			first := f.bringIn(rows)
			f.learn()
			r := rand.New(rand.NewSource(1))
			same, shown, byChance := 0, 0, 0.0
			var took time.Duration
			const asked = 100
			for range asked {
				i := r.Intn(len(rows))
				began := time.Now()
				all := f.similar(f.amara, first+int64(i))
				took += time.Since(began)
				for _, s := range all {
					shown++
					if rows[s.ID-first].label == rows[i].label {
						same++
					}
				}
				byChance += float64(count(rows, rows[i].label)) / float64(len(rows)) / asked
			}
			share := float64(same) / float64(max(1, shown))
			t.Logf("%s: %d tickets, %.1f shown each, %.0f%% of the same label (by chance %.0f%%), %v each", set.file, len(rows), float64(shown)/asked, 100*share, 100*byChance, took/asked)
			if share < byChance*set.times || shown < asked {
				t.Errorf("only %.2f of %d shown have the same label, by chance %.2f", share, shown, byChance)
			}
		})
	}
}

type labelled struct{ subject, text, label string }

func count(rows []labelled, label string) (n int) {
	for _, r := range rows {
		if r.label == label {
			n++
		}
	}
	return n
}

// readTable reads the one table in a folder of labelled tickets.
func readTable(t *testing.T, dir, subject, text, label string) (out []labelled) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.csv.gz"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no table in %s (%v)", dir, err)
	}
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		raw, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		all, err := csv.NewReader(raw).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		at := func(column string) int { return slices.Index(all[0], column) }
		for _, row := range all[1:] {
			l := labelled{text: row[at(text)], label: row[at(label)]}
			if subject != "" {
				l.subject = row[at(subject)]
			}
			out = append(out, l)
		}
	}
	return out[:min(len(out), 4000)]
}

// bringIn stores labelled tickets as solved ones and gives the number of the first.
func (f *fixture) bringIn(rows []labelled) (first int64) {
	var all []ticket.Past
	for i, r := range rows {
		at := clock.Instant(1_700_000_000_000 + int64(i)*60_000)
		all = append(all, ticket.Past{
			Subject: r.subject, Status: ticket.Closed, Priority: ticket.Normal, Kind: ticket.Incident, Channel: ticket.ByMail, Team: f.open, Requester: f.hana.ID, At: at,
			Messages: []ticket.PastMessage{{Author: f.hana.ID, AuthorName: "Hana", Inbound: true, Text: r.text, At: at}, {Author: f.jonas.ID, AuthorName: "Jonas", Text: "Done.", At: at + 1}},
		})
	}
	f.write(func(tx *db.Tx) (err error) {
		first, err = ticket.BringIn(f.Context(), tx, all)
		return err
	})
	return first
}
