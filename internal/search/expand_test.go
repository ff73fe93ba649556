package search_test

import (
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/search"
)

func TestWordsLeadToTheirFormsAndToWhatWasMeant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learn(t, d, 0, "printer", "printers", "printing", "printed", "laptop", "laptops", "Drucker", "Druckern", "Büro", "buero", "Häuser", "Haus", "Netzwerk", "Netzwerken",
			"password", "passwords", "Passwort", "Passwörter", "monitor", "certificate", "configuration", "replies", "reply", "batteries", "battery", "Rechnung", "Rechnungen", "does", "dos", "vpn", "van", "login")
		for _, c := range []struct {
			typed string
			wish  search.Wish
			want  string // all of these
			not   string // none of these
		}{
			{"printers", search.Wish{}, "printer", "laptop"},
			{"printing", search.Wish{}, "printed", "laptop"},
			{"Drucker", search.Wish{}, "druckern", ""},
			{"Druckern", search.Wish{}, "drucker", ""},
			{"haus", search.Wish{}, "hauser", ""},
			{"Häusern", search.Wish{}, "haus hauser", ""},
			{"Netzwerke", search.Wish{}, "netzwerk netzwerken", ""},
			{"Rechnungen", search.Wish{}, "rechnung", ""},
			{"battery", search.Wish{}, "batteries", ""},
			{"replied", search.Wish{}, "reply replies", ""},
			{"buero", search.Wish{}, "buro", ""},
			{"Büro", search.Wish{}, "buero", ""},
			{"Büros", search.Wish{}, "buro buero", ""},
			{"pritner", search.Wish{}, "", "printer"},
			{"pritner", search.Wish{Near: true}, "printer", "printers"},
			{"Druker", search.Wish{Near: true}, "drucker", "druckern"},
			{"pasword", search.Wish{Near: true}, "password", ""},
			{"passwrod", search.Wish{Near: true}, "password", ""},
			{"certifcat", search.Wish{Near: true}, "certificate", ""},
			{"ceritficate", search.Wish{Near: true}, "certificate", ""},
			{"konfiguration", search.Wish{Near: true}, "configuration", ""},
			{"configuratoin", search.Wish{Near: true}, "configuration", ""},
			{"moniter", search.Wish{Near: true}, "monitor", ""},
			{"vpm", search.Wish{Near: true}, "", "vpn van"},
			{"zebra", search.Wish{Near: true}, "", "printer"},
			{"prin", search.Wish{Unfinished: true}, "printer printing printed", "laptop"},
			{"lap printer", search.Wish{Unfinished: true}, "printers", "laptop"},
			{"lap printer", search.Wish{Beginnings: true}, "laptop laptops printers", ""},
			{"lap*", search.Wish{}, "laptop laptops", ""},
			{"notebook", search.Wish{}, "laptop laptops", "printer"},
			{"kennwort", search.Wish{}, "passwort passworter", ""},
			{"signing in", search.Wish{}, "login", ""},
			{`"notebook"`, search.Wish{}, "", "laptop"},
			{`"printers"`, search.Wish{Unfinished: true, Near: true}, "", "printer"},
		} {
			got := expand(t, d, c.typed, c.wish)
			for w := range strings.FieldsSeq(c.want) {
				if !slices.Contains(got, w) {
					t.Errorf("%s %+v gives %q, without %q", c.typed, c.wish, got, w)
				}
			}
			for w := range strings.FieldsSeq(c.not) {
				if slices.Contains(got, w) {
					t.Errorf("%s %+v gives %q, with %q", c.typed, c.wish, got, w)
				}
			}
		}
	})
}

func TestWordsOfAnotherScopeAreNotKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		learn(t, d, 7, "merger", "mergers")
		for _, w := range []search.Wish{{Unfinished: true, Near: true, Beginnings: true}} {
			if got := expand(t, d, "mergr merge mer", w); len(got) > 0 {
				t.Errorf("words that stand only in scope 7 are told to others: %q", got)
			}
			w.Scopes = []int64{0, 7}
			if got := expand(t, d, "mergr", w); !slices.Contains(got, "merger") {
				t.Errorf("scope 7 does not know its own word: %q", got)
			}
		}
	})
}

func TestExactIsToldFromWidened(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, search.Document{ID: 1, Subject: "Printers"}, search.Document{ID: 2, Body: "a printer"}, search.Document{ID: 3, Body: "half printing"}, search.Document{ID: 4, Body: "vpn"})
		learn(t, d, 0, "printers", "printer", "printing", "half")
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			q, err := search.Expand(t.Context(), tx, search.Parse("printer"), search.Wish{Scopes: []int64{0}})
			if err != nil {
				return err
			}
			hits, err := search.Find(t.Context(), tx, q, search.Range{To: 100})
			want := []search.Hit{{ID: 3}, {ID: 2, Exact: true}, {ID: 1, InSubject: true}}
			if !slices.Equal(hits, want) {
				t.Errorf("hits are %+v, want %+v", hits, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestCountsGrowWithTheDocuments(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	var v search.Vocabulary
	for range 500 {
		v.Gather([]search.Lesson{{Text: "printer printer mail"}})
		for v.Waiting() {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return v.Keep(t.Context(), tx) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		of, all, err := search.Frequency(t.Context(), tx, []int64{0}, []string{"printer", "mail", "nothing"})
		if of["printer"] < 450 || of["printer"] > 500 || all < 450 || len(of) != 2 {
			t.Errorf("of 500 documents %v of %d are counted", of, all)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func learn(t *testing.T, d *db.DB, scope int64, words ...string) {
	t.Helper()
	var v search.Vocabulary
	for _, w := range words {
		v.Gather([]search.Lesson{{Scope: scope, Text: w}})
	}
	for v.Waiting() {
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return v.Keep(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
	}
}

// expand gives all that the words were widened by.
func expand(t *testing.T, d *db.DB, typed string, w search.Wish) (also []string) {
	t.Helper()
	if w.Scopes == nil {
		w.Scopes = []int64{0}
	}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		q, err := search.Expand(t.Context(), tx, search.Parse(typed), w)
		for _, term := range q.Terms {
			also = append(also, term.Also...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return also
}
