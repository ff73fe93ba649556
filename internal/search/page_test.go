package search_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/search"
)

// TestPagesAreFoundByWhatTheyAreAbout puts a few pages and asks for them in other words, with slips, in other forms.
func TestPagesAreFoundByWhatTheyAreAbout(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		putPages(t, d,
			search.Page{ID: 1, Heading: "How to connect to the VPN from home", Body: "Start the client and sign in with your password. It takes a minute."},
			search.Page{ID: 2, Heading: "The printer prints half pages", Body: "Take the paper out, and put it back. Ask the help desk when it stays."},
			search.Page{ID: 3, Heading: "Forgotten password", Body: "You can set a new one on the page where you sign in."},
			search.Page{ID: 4, Heading: "Drucker im zweiten Stock einrichten", Body: "Wählen Sie den Drucker in der Liste aus."},
			search.Page{ID: 5, Heading: "Borrowing a projector", Body: "They lie in the cupboard beside the printers."},
		)
		for _, c := range []struct {
			asked   string
			want    []int64 // the first ones
			instead string
		}{
			{"printer", []int64{2}, ""},
			{"printing half a page", []int64{2}, ""},
			{"I forgot my password", []int64{3}, ""},
			{"passwords", []int64{3, 1}, ""},
			{"passwrod", []int64{3, 1}, "password"},
			{"borowing a beamer", []int64{5}, "borrowing"},
			{"beamer", []int64{5}, ""},
			{"log in", []int64{3}, ""},
			{"Druckern", []int64{4}, ""},
			{"Drucker im Stock", []int64{4}, ""},
			{`"half pages"`, []int64{2}, ""},
			{`"pages half"`, nil, ""},
			{"how do I", []int64{1}, ""},
			{"zebra", nil, ""},
			{"", nil, ""},
			{`" & | ! ( ) : * '`, nil, ""},
		} {
			got := best(t, d, search.Asked{Text: c.asked, Shelves: []int64{0}})
			if found := ids(got); len(found) < len(c.want) || !slices.Equal(found[:len(c.want)], c.want) || len(c.want) == 0 && len(found) > 0 {
				t.Errorf("%q finds %v, want %v first", c.asked, found, c.want)
			}
			meant := ""
			for _, i := range got.Instead {
				meant += i.Meant
			}
			if meant != c.instead {
				t.Errorf("%q is taken for %q, want %q", c.asked, meant, c.instead)
			}
		}
		if got := best(t, d, search.Asked{Text: "how do I prin", Shelves: []int64{0}, Unfinished: true}); len(got.Found) == 0 || got.Found[0].ID != 2 {
			t.Errorf("an unfinished word finds %v", ids(got))
		}
	})
}

// TestOtherShelvesChangeNothing holds that who may not look at a shelf is answered as if it were empty.
func TestOtherShelvesChangeNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		putPages(t, d, search.Page{ID: 1, Heading: "The router in the cellar", Body: "It blinks."}, search.Page{ID: 2, Heading: "The router upstairs", Body: "It hums, in the cellar too."})
		asked := search.Asked{Text: "router cellar zephir", Shelves: []int64{0}}
		before := best(t, d, asked)
		putPages(t, d, search.Page{ID: 3, Shelf: 7, Heading: "The cellar and its zephyr", Body: "router cellar"}, search.Page{ID: 4, Shelf: 7, Heading: "More of the cellar"})
		after := best(t, d, asked)
		if !slices.Equal(before.Found, after.Found) || len(after.Instead) != 0 {
			t.Errorf("hidden pages change %v to %v, %v", before.Found, after.Found, after.Instead)
		}
		asked.Shelves = []int64{0, 7}
		if got := best(t, d, asked); got.Found[0].ID != 3 || len(got.Instead) != 1 {
			t.Errorf("with both shelves: %v, %v", ids(got), got.Instead)
		}
		asked.Shelves, asked.Some = []int64{0}, []int64{4}
		if got := ids(best(t, d, asked)); slices.Contains(got, 3) || !slices.Contains(got, 4) {
			t.Errorf("with one page of the other shelf: %v", got)
		}
	})
}

// TestPagesAreReplacedAndRemoved holds that what is gone is not found, and does not count.
func TestPagesAreReplacedAndRemoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		putPages(t, d, search.Page{ID: 1, Heading: "Kettle"}, search.Page{ID: 2, Heading: "Kettle and cup"})
		putPages(t, d, search.Page{ID: 1, Shelf: 3, Heading: "Teapot"})
		if got := ids(best(t, d, search.Asked{Text: "kettle", Shelves: []int64{0, 3}})); !slices.Equal(got, []int64{2}) {
			t.Errorf("replaced: %v", got)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := search.RemovePage(t.Context(), tx, 99); err != nil {
				return err
			}
			return search.RemovePage(t.Context(), tx, 2)
		})
		if got := ids(best(t, d, search.Asked{Text: "kettle teapot", Shelves: []int64{0, 3}})); err != nil || !slices.Equal(got, []int64{1}) {
			t.Errorf("removed: %v, %v", got, err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			n, err := db.All[int64](t.Context(), tx, `SELECT pages + heading_words + body_words FROM search_shelf ORDER BY shelf`)
			if !slices.Equal(n, []int64{0, 2}) {
				t.Errorf("the shelves count %v", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestCommonWordsAreKeptNoLongerThanTheyAreTrue holds that what is kept of words that many pages hold is not used once a page has changed,
// within a transaction, after it, or when it was rolled back; and that it shows nobody what stands on another shelf.
func TestCommonWordsAreKeptNoLongerThanTheyAreTrue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var many []search.Page
		for i := range int64(300) {
			many = append(many, search.Page{ID: i + 1, Shelf: i % 2, Heading: "Printer " + strconv.FormatInt(i, 36)})
		}
		putPages(t, d, many...)
		asked := search.Asked{Text: "printer", Shelves: []int64{0}, Most: 50}
		for range 2 {
			if got := ids(best(t, d, asked)); len(got) != 50 || got[0] != 299 || slices.ContainsFunc(got, func(id int64) bool { return id%2 == 0 }) {
				t.Fatalf("found %v", got)
			}
		}
		undone := errors.New("undone")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := search.PutPage(t.Context(), tx, search.Page{ID: 1001, Heading: "Printer"}); err != nil {
				return err
			}
			if got, err := search.Best(t.Context(), tx, asked); err != nil || got.Found[0].ID != 1001 {
				t.Errorf("within the transaction: %v, %v", ids(got), err)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if got := ids(best(t, d, asked)); got[0] != 299 {
			t.Errorf("after what was undone: %v", got)
		}
		putPages(t, d, search.Page{ID: 1001, Heading: "Printer"})
		if got := ids(best(t, d, asked)); got[0] != 1001 {
			t.Errorf("after a new page: %v", got)
		}
	})
}

func putPages(t testing.TB, d *db.DB, pages ...search.Page) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, p := range pages {
			if err := search.PutPage(t.Context(), tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func best(t testing.TB, d *db.DB, a search.Asked) (out search.Answer) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		out, err = search.Best(t.Context(), tx, a)
		return err
	})
	if err != nil {
		t.Fatalf("best %q: %v", a.Text, err)
	}
	return out
}

func ids(a search.Answer) (out []int64) {
	for _, f := range a.Found {
		out = append(out, f.ID)
	}
	return out
}

func FuzzBest(f *testing.F) {
	d := dbtest.Open(f, db.SQLite)
	putPages(f, d, search.Page{ID: 1, Heading: "Printer, Drucker & Büro", Body: "It prints \"half\" pages | ( ) * : ^ - AND OR NOT NEAR"})
	for _, s := range []string{`"`, `"half pages`, `a* OR b`, `NEAR(a b)`, "\x00", "log in", "日本 語", "pritner", "ﬀ\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		best(t, d, search.Asked{Text: s, Shelves: []int64{0}, Unfinished: len(s)%2 == 0})
	})
}
