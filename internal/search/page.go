package search

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"goodturn/internal/db"
)

// Page is a text that is found by what it is about rather than by all words that were typed, such as an article. Best ranks pages.
// Putting one with the same ID again replaces it.
type Page struct {
	ID int64 // 0 < ID < MaxPage, and of all kinds of pages together
	// Shelf says who may find the page, 0 ≤ Shelf < MaxShelf: a search names the shelves that the searcher may look at, and of what
	// stands on others it knows nothing, not even that there is something.
	Shelf   int64
	Heading string // what it is called and answers, with other names that people use for it
	Body    string
}

// The limits of the numbers of pages and of shelves: both fit into one number of the index.
const (
	MaxPage  = int64(1) << 46
	MaxShelf = int64(1) << shelfBits

	shelfBits = 16
)

// So many words of a page are ranked; the rest of a long one is found, and counts nothing.
const (
	maxHeadingWords = 60
	maxBodyWords    = 4000
)

// PutPage adds or replaces a page, and has the searchers of its shelf know its words.
func PutPage(ctx context.Context, tx *db.Tx, p Page) error {
	if p.ID <= 0 || p.ID >= MaxPage || p.Shelf < 0 || p.Shelf >= MaxShelf {
		return fmt.Errorf("page %d on shelf %d has a number out of range", p.ID, p.Shelf)
	}
	if err := RemovePage(ctx, tx, p.ID); err != nil {
		return err
	}
	heading, body := formsOf(p.Heading, maxHeadingWords), formsOf(p.Body, maxBodyWords)
	indexHeading := spread(formsOf(p.Heading, maxBody))
	indexBody := spread(formsOf(p.Body[:min(len(p.Body), maxBody)], maxBody))
	if _, err := tx.Exec(ctx, `INSERT INTO search_page (id, shelf, heading, body, heading_words, body_words) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.ID, p.Shelf, strings.Join(heading, " "), strings.Join(body, " "), telling(heading), telling(body)); err != nil {
		return fmt.Errorf("keep page %d: %w", p.ID, err)
	}
	if err := addPlace(ctx, tx, placeOf(p.ID, p.Shelf), indexHeading, indexHeading+indexBody); err != nil {
		return fmt.Errorf("index page %d: %w", p.ID, err)
	}
	if err := countPages(ctx, tx, p.Shelf, 1, telling(heading), telling(body)); err != nil {
		return err
	}
	return Learn(ctx, tx, Lesson{Scope: shelfScope(p.Shelf), Text: p.Heading + "\n" + p.Body})
}

// RemovePage takes a page out; one that is not there is no error.
func RemovePage(ctx context.Context, tx *db.Tx, id int64) error {
	was, err := db.One[struct{ Shelf, HeadingWords, BodyWords int64 }](ctx, tx, `DELETE FROM search_page WHERE id = $1 RETURNING shelf, heading_words, body_words`, id)
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := removePlace(ctx, tx, placeOf(id, was.Shelf)); err != nil {
		return fmt.Errorf("remove page %d from the index: %w", id, err)
	}
	return countPages(ctx, tx, was.Shelf, -1, -int(was.HeadingWords), -int(was.BodyWords))
}

func countPages(ctx context.Context, tx *db.Tx, shelf int64, pages, heading, body int) error {
	_, err := tx.Exec(ctx, `INSERT INTO search_shelf (shelf, pages, heading_words, body_words) VALUES ($1, $2, $3, $4) ON CONFLICT (shelf) DO UPDATE SET
		pages = search_shelf.pages + excluded.pages, heading_words = search_shelf.heading_words + excluded.heading_words,
		body_words = search_shelf.body_words + excluded.body_words`, shelf, pages, heading, body)
	if err != nil {
		return err
	}
	return newEdition(ctx, tx)
}

// placeOf is the number of a page in the index: newer pages have higher ones, and it tells the shelf without asking.
func placeOf(id, shelf int64) int64 { return id<<shelfBits | shelf }

// shelfScope is the scope of the vocabulary for the words of a shelf; those of the desk are 0 and above.
func shelfScope(shelf int64) int64 { return -1 - shelf }

// formsOf gives the words of a text in their order, each with those of its stems that are other than it: "messages|messag".
func formsOf(text string, most int) []string {
	words := Words(text)
	words = words[:min(len(words), most)]
	for i, w := range words {
		for _, s := range Stems(w) {
			if s != w {
				words[i] += "|" + s
			}
		}
	}
	return words
}

// spread gives forms as the index takes them: every one a word of its own, once.
func spread(forms []string) string {
	seen := map[string]bool{}
	var b strings.Builder
	for _, f := range forms {
		if seen[f] {
			continue
		}
		seen[f] = true
		for one := range strings.SplitSeq(f, "|") {
			if !seen["="+one] {
				seen["="+one] = true
				b.WriteString(one)
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// telling counts the words that say what a text is about.
func telling(forms []string) int {
	n := 0
	for _, f := range forms {
		if word, _, _ := strings.Cut(f, "|"); !idle[word] {
			n++
		}
	}
	return n
}
