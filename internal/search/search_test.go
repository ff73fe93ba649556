package search_test

import (
	"math"
	"slices"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/search"
)

func TestWords(t *testing.T) {
	for in, want := range map[string][]string{
		"Büro-Drucker, 2. Stock": {"buro", "drucker", "2", "stock"},
		"ORD-0000042":            {"ord", "0000042"},
		"Straße ŁÓDŹ Ørsted":     {"strasse", "lodz", "orsted"},
		"Ｆｕｌｌ ﬁ \xff x":          {"full", "fi", "x"},
		"  ,;!":                  {},
		"":                       {},
	} {
		if got := search.Words(in); !slices.Equal(got, want) {
			t.Errorf("Words(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d,
			search.Document{ID: 1, Subject: "Printer prints half pages", Body: "The lower half stays white"},
			search.Document{ID: 2, Subject: "VPN drops", Body: "Since the printer was moved, order ORD-0000042"},
			search.Document{ID: 3, Subject: "Drücker klemmt", Body: "Der Drucker im zweiten Stock, and a half of pages"},
			search.Document{ID: 4, Subject: "x", Body: "replaced"},
		)
		put(t, d, search.Document{ID: 4, Subject: "x", Body: "printer & co | !"})
		for _, c := range []struct {
			query string
			want  []search.Hit
		}{
			{"printer", []search.Hit{{4, false, true}, {2, false, true}, {1, true, true}}},
			{"PRINTER half", []search.Hit{{1, true, true}}},
			{"drucker", []search.Hit{{3, true, true}}},
			{`"half pages"`, []search.Hit{{1, true, true}}},
			{"half pages", []search.Hit{{3, false, true}, {1, true, true}}},
			{"ORD-0000042", []search.Hit{{2, false, true}}},
			{"prin*", []search.Hit{{4, false, true}, {2, false, true}, {1, true, true}}},
			{"replaced", nil},
			{`" & | ! ( ) : * '`, nil},
			{`"unclosed phr`, nil},
			{"", nil},
		} {
			if got := find(t, d, c.query); !slices.Equal(got, c.want) {
				t.Errorf("%s finds %v, want %v", c.query, got, c.want)
			}
		}
	})
}

func TestRangeKeepsCollectionsApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, search.Document{ID: 5, Body: "same"}, search.Document{ID: 1 << 60, Body: "same"})
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			hits, err := search.Find(t.Context(), tx, search.Parse("same"), search.Range{From: 0, To: 1 << 60})
			if len(hits) != 1 || hits[0].ID != 5 {
				t.Errorf("hits are %v", hits)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzParse(f *testing.F) {
	d := dbtest.Open(f, db.SQLite)
	for _, s := range []string{`"`, `a* "b c`, `NEAR(a b)`, `subject:x`, "\x00", `'"'`, `a AND NOT b`, "日本 語"} {
		f.Add(s)
	}
	learnFuzz := []string{"printer", "printers", "drucker"}
	f.Fuzz(func(t *testing.T, s string) {
		find(t, d, s)
		learn(t, d, 0, learnFuzz...)
		expand(t, d, s, search.Wish{Near: true, Unfinished: true, Beginnings: true})
	})
}

func put(t *testing.T, d *db.DB, docs ...search.Document) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, x := range docs {
			if err := search.Put(t.Context(), tx, x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, d *db.DB, text string) (hits []search.Hit) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		hits, err = search.Find(t.Context(), tx, search.Parse(text), search.Range{To: math.MaxInt64})
		return err
	})
	if err != nil {
		t.Fatalf("find %q: %v", text, err)
	}
	return hits
}
