package search_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/search"
)

// TestSynonymsOfTheDeskAreFound writes groups down, changes one that comes with the program, and takes them away again.
func TestSynonymsOfTheDeskAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, search.Document{ID: 1, Subject: "Tunnel to the office", Body: "closed"}, search.Document{ID: 2, Subject: "Mail", Body: "The secure client hangs."}, search.Document{ID: 3, Subject: "A client hangs", Body: "secure"})
		learn(t, d, 0, "tunnel", "tunnels", "secure", "client", "hangs")
		putPages(t, d, search.Page{ID: 1, Heading: "The tunnel to the office"}, search.Page{ID: 2, Heading: "The secure client"}, search.Page{ID: 3, Heading: "A client", Body: "is secure"})
		for i := range 20 {
			putPages(t, d, search.Page{ID: int64(10 + i), Heading: "Something else"})
		}
		widened := func(text string) (ids []int64) {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				q, err := search.Expand(t.Context(), tx, search.Parse(text), search.Wish{Scopes: []int64{0}})
				if err != nil {
					return err
				}
				hits, err := search.Find(t.Context(), tx, q, search.Range{To: math.MaxInt64})
				for _, h := range hits {
					ids = append(ids, h.ID)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		save := func(s search.Synonyms) (id int64) {
			err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				id, err = search.SaveSynonyms(t.Context(), tx, s)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		if got := widened("anyconnect"); got != nil {
			t.Errorf("before: %v", got)
		}
		id := save(search.Synonyms{Words: "AnyConnect\nTunnel\nsecure client"})
		for typed, want := range map[string][]int64{"anyconnect": {2, 1}, "tunnels": {2, 1}, "secure client": {3, 2, 1}, `"anyconnect"`: nil, "anyconnect mail": {2}} {
			if got := widened(typed); !slices.Equal(got, want) {
				t.Errorf("%s finds %v, want %v", typed, got, want)
			}
		}
		for typed, want := range map[string][]int64{"anyconnect": {1, 2}, "tunnel": {1, 2}, "secure client": {2, 3}} {
			got := best(t, d, search.Asked{Text: typed, Shelves: []int64{0}})
			found := ids(got)
			if slices.Sort(found); len(got.Found) < 2 || got.Found[0].ID != want[0] && typed != "anyconnect" || !slices.Contains(found, want[1]) {
				t.Errorf("%s: pages %v, want %v", typed, found, want)
			}
		}
		var marked []string
		for _, s := range search.Mark("A tunnel, in client", best(t, d, search.Asked{Text: "secure client", Shelves: []int64{0}}).Query) {
			if s.Hit {
				marked = append(marked, s.Text)
			}
		}
		if strings.Join(marked, " ") != "tunnel client" {
			t.Errorf("marked are %q", marked)
		}
		save(search.Synonyms{ID: id, Words: "AnyConnect\nzebra"})
		if got := widened("anyconnect"); got != nil {
			t.Errorf("changed: %v", got)
		}
		if got := widened("crash"); !slices.Equal(got, []int64{3, 2}) {
			t.Errorf("a group of the program: %v", got)
		}
		off := save(search.Synonyms{Name: "crash"})
		if again := save(search.Synonyms{Name: "crash"}); again != off {
			t.Errorf("left out twice makes two rows, %d and %d", off, again)
		}
		if got := widened("crash"); got != nil {
			t.Errorf("left out: %v", got)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return search.RemoveSynonyms(t.Context(), tx, off) }); err != nil {
			t.Fatal(err)
		}
		if got := widened("crash"); !slices.Equal(got, []int64{3, 2}) {
			t.Errorf("taken in again: %v", got)
		}
	})
}

// TestOwnSynonymsAreSound holds that every group says something, under a name of its own.
func TestOwnSynonymsAreSound(t *testing.T) {
	names := map[string]bool{}
	for _, s := range search.OwnSynonyms() {
		if s.Name == "" || names[s.Name] || len(s.Phrases()) < 2 {
			t.Errorf("%+v", s)
		}
		names[s.Name] = true
	}
}
