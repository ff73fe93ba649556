package search_test

import (
	"math/rand"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/search"
)

// TestBestAmongManyPages tells how long a question takes among GOODTURN_BENCH pages, of 400 words each that are as common as words are
// (Zipf, the commonest are those that hold sentences together), and questions of two to twelve of them.
func TestBestAmongManyPages(t *testing.T) {
	pages, err := strconv.Atoi(os.Getenv("GOODTURN_BENCH"))
	if err != nil {
		t.Skip("GOODTURN_BENCH, a number of pages, is not set")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := rand.New(rand.NewSource(1))
		common := rand.NewZipf(r, 1.07, 8, 30_000)
		syllables := strings.Fields("ba ke li mo nu pra ste tri von wex fal gor hin jub dest lam")
		glue := strings.Fields("the of and to in a is that it was for on with as be at by this from or which you an are not were have one we they has been all when would their there will more if out so what up said them can could some do my then into her about your")
		word := func() string {
			n := common.Uint64()
			if n < uint64(len(glue)) {
				return glue[n]
			}
			w := ""
			for n++; n > 0; n /= 16 {
				w += syllables[n%16]
			}
			return w
		}
		text := func(n int) string {
			words := make([]string, n)
			for i := range words {
				words[i] = word()
			}
			return strings.Join(words, " ")
		}
		began := time.Now()
		for first := 1; first <= pages; first += 100 {
			some := make([]search.Page, 100)
			for i := range some {
				some[i] = search.Page{ID: int64(first + i), Heading: text(3 + r.Intn(8)), Body: text(100 + r.Intn(600))}
			}
			putPages(t, d, some...)
		}
		put := time.Since(began)
		if err := d.Analyze(t.Context()); err != nil {
			t.Fatal(err)
		}
		var took []time.Duration
		for range 1000 {
			asked := search.Asked{Text: text(2 + r.Intn(11)), Shelves: []int64{0}}
			began := time.Now()
			best(t, d, asked)
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		t.Logf("%d pages put in %s; a question takes %s in the median, %s at the 99th percentile, %s at most", pages, put.Round(time.Second), took[500], took[990], took[999])
	})
}
