// Package kb is the knowledge base: articles in sections, written once for many who would ask.
//
// An article has an address, an audience and an owner, and a text in one or more languages. A text is written as Markdown; saving keeps a
// version, publishing puts one of them before its readers and into the one search. Who may read is one rule (person.ReadArticle) with
// person.Readable as its twin in SQL: pages, lists, search, suggestions, files, the sitemap and the API all ask it.
//
//	x, err := kb.Create(ctx, tx, actor, kb.New{Title: "Set up the VPN", Body: "1. Open …", Language: "en", Publish: true})
//	page, err := kb.Read(ctx, tx, reader, "set-up-the-vpn", "de")
//	html := page.HTML()
//
// Invariants: an address that an article ever had leads to it; only what is published is in the search index; a version is never changed;
// nobody learns of an article, a section or a file that they may not read that it exists; what a text holds cannot act in a page.
package kb

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// Audience is for whom an article is.
type Audience string

// The audiences.
const (
	Everybody         Audience = "everybody"
	SomeOrganisations Audience = "organisations"
	StaffOnly         Audience = "staff"
)

// Article is one article without its texts.
type Article struct {
	ID        int64
	Slug      string // in addresses
	SectionID int64  // 0 for none
	Place     int64
	Language  string // of the original
	Audience  Audience
	Published bool // in some language
	// ToCheck says that it was made of what people wrote, and that nobody has looked yet whether somebody can be recognised in it.
	ToCheck bool
	OwnerID int64
	// ReviewDays is how long a look at it holds, ReviewAt when the next is due; 0 for never.
	ReviewDays int64
	ReviewAt   clock.Instant
	// Version counts the changes of what stands here; texts have versions of their own.
	Version              int64
	CreatedAt, ChangedAt clock.Instant
	// Organisations are those whose people it is for.
	Organisations []int64 `db:"-"`
}

const columns = `a.id, a.slug, a.section_id, a.place, a.language, a.audience, a.published, a.to_check, a.owner_id, a.review_days, a.review_at, a.version, a.created_at, a.changed_at`

// Text is an article in one language.
type Text struct {
	ID, ArticleID int64
	Language      string
	// Title and Body are what is being written, as of Version.
	Title, Body string
	Version     int64
	// LiveTitle and LiveBody are what is read, as of the version Live; 0 for a text that is not published.
	LiveTitle, LiveBody string
	Live                int64
	LiveAt              clock.Instant
	Follows             int64 // the version of the original that a translation was made from
	ByID                int64
	ChangedAt           clock.Instant
}

// Pending tells that something was written which readers do not see yet.
func (t Text) Pending() bool {
	return t.Live != t.Version && (t.Live == 0 || t.Title != t.LiveTitle || t.Body != t.LiveBody)
}

const textColumns = `id, article_id, language, title, body, version, live_title, live_body, live, live_at, follows, by_id, changed_at`

// Thing is what the rule of who may read asks of an article.
func (x Article) Thing() person.Thing {
	t := person.Thing{Published: x.Published, Public: x.Audience == Everybody}
	if x.Audience == SomeOrganisations {
		t.Readers = x.Organisations
	}
	return t
}

// ByID gives an article to staff.
func ByID(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Article, error) {
	if !person.Can(a, person.WriteArticles, person.Thing{}) && !a.ReadOnly {
		return Article{}, gone()
	}
	return one(ctx, tx, `SELECT `+columns+` FROM article a WHERE a.id = $1`, id)
}

func one(ctx context.Context, tx *db.Tx, query string, args ...any) (Article, error) {
	x, err := db.One[Article](ctx, tx, query, args...)
	if errors.Is(err, db.ErrNoRow) {
		return x, gone()
	}
	if err != nil {
		return x, err
	}
	x.Organisations, err = db.All[int64](ctx, tx, `SELECT organisation_id FROM article_organisation WHERE article_id = $1 ORDER BY organisation_id`, x.ID)
	return x, err
}

// gone is the one answer for what is not there and for what is not for the asker.
func gone() error {
	return fault.NotFound(i18n.M("There is no article here that you may read. It may have been taken back, or it is not for you any more."))
}

// Texts are all texts of an article, the original first.
func Texts(ctx context.Context, tx *db.Tx, x Article) ([]Text, error) {
	return db.All[Text](ctx, tx, `SELECT `+textColumns+` FROM article_text WHERE article_id = $1 ORDER BY CASE WHEN language = $2 THEN 0 ELSE 1 END, language`, x.ID, x.Language)
}

// TextOf is an article's text in a language; the zero Text where there is none.
func TextOf(ctx context.Context, tx *db.Tx, articleID int64, language string) (Text, error) {
	t, err := db.One[Text](ctx, tx, `SELECT `+textColumns+` FROM article_text WHERE article_id = $1 AND language = $2`, articleID, language)
	if errors.Is(err, db.ErrNoRow) {
		return Text{ArticleID: articleID, Language: language}, nil
	}
	return t, err
}

const (
	maxTitle = 200
	maxBody  = 300_000
	maxSlug  = 80
)

var (
	slugs     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	languages = regexp.MustCompile(`^[a-z]{2,3}$`)
)

// reserved are addresses beside those of articles.
var reserved = []string{"in", "files", "new", "search"}

// slugOf makes an address of a title: "Set up the VPN" is "set-up-the-vpn". Of a title in other letters nothing may be left.
func slugOf(title string) string {
	parts := search.Words(title)
	var b strings.Builder
	for _, w := range parts {
		w = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, w)
		if w == "" || b.Len()+len(w) >= maxSlug {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		b.WriteString(w)
	}
	if s := b.String(); !slices.Contains(reserved, s) {
		return s
	}
	return ""
}

func clean(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

// orNull binds 0 as NULL.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
