package bench

import (
	"context"
	"fmt"
	"math/rand"
	"net/url"
	"strings"

	"goodturn/internal/app"
	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

// articles are how many help articles there are, where they are measured.
const articles = 10_000

// glue holds sentences together; the other words of an article are as common as words are (Zipf).
var glue = strings.Fields("the of and to in a is that it was for on with as be at by this from or which you an are not were have one we they has been all when would their there will more if out so what up them can could some do my then into about your")

// speech makes texts of words that nobody speaks.
type speech struct {
	*rand.Rand
	common *rand.Zipf
}

func newSpeech(seed int64) speech {
	r := rand.New(rand.NewSource(seed))
	return speech{r, rand.NewZipf(r, 1.07, 8, 30_000)}
}

func (s speech) words(n int) string {
	syllables := [16]string{"ba", "ke", "li", "mo", "nu", "pra", "ste", "tri", "von", "wex", "fal", "gor", "hin", "jub", "dest", "lam"}
	words := make([]string, n)
	for i := range words {
		n := s.common.Uint64()
		if n < uint64(len(glue)) {
			words[i] = glue[n]
			continue
		}
		for n++; n > 0; n /= 16 {
			words[i] += syllables[n%16]
		}
	}
	return strings.Join(words, " ")
}

// write publishes the articles, in the store before the program runs.
func (s speech) write(ctx context.Context, a *app.App) error {
	for first := 0; first < articles; first += 50 {
		err := a.DB.Write(ctx, func(tx *db.Tx) error {
			for i := range 50 {
				n := kb.New{Title: s.words(3 + s.Intn(8)), Body: s.words(100 + s.Intn(600)), Language: "en", Slug: fmt.Sprintf("article-%d", first+i), Publish: true}
				if _, err := kb.Create(ctx, tx, person.System, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return a.DB.Analyze(ctx)
}

// help asks for what the requester's page of articles finds for questions of two to twelve words.
func (b *bench) help(ctx context.Context) error {
	s := newSpeech(2)
	asked := make([]string, 1000)
	for i := range asked {
		asked[i] = "/help?q=" + url.QueryEscape(s.words(2+s.Intn(11)))
	}
	l := b.load(func(n int64) request { return request{method: "GET", path: asked[n%int64(len(asked))]} })
	one, err := l.run(ctx, 1, b.Each)
	if err != nil {
		return err
	}
	eight, err := l.run(ctx, 8, b.Each)
	if err != nil {
		return err
	}
	b.figures = append(b.figures,
		figure{key: "articles", name: fmt.Sprintf("a question among %d articles, a page", articles), p50: one.percentile(50), p99: one.percentile(99)},
		figure{key: "articles_eight", name: "… eight at once", p50: eight.percentile(50), p99: eight.percentile(99)})
	return nil
}
