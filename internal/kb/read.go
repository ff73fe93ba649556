package kb

import (
	"context"
	"errors"
	"math"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Page is an article as somebody reads it.
type Page struct {
	Article
	// Text has what is read in LiveTitle and LiveBody.
	Text Text
	// Languages are those in which it can be read, the original's first.
	Languages []string
	// Behind says that the original has changed since this translation was made.
	Behind bool
	// Files are its pictures and files.
	Files []File
}

// Read gives the article at an address to somebody who may read it, in a language where it is published in that, else in that of the
// original. An address that the article had before finds it too: Page.Slug is the one that it has now.
func Read(ctx context.Context, tx *db.Tx, a person.Actor, slug, language string) (Page, error) {
	x, err := one(ctx, tx, `SELECT `+columns+` FROM article a WHERE a.id = coalesce((SELECT id FROM article WHERE slug = $1), (SELECT article_id FROM article_address WHERE slug = $1))`, slug)
	if err != nil {
		return Page{}, err
	}
	if !person.Can(a, person.ReadArticle, x.Thing()) {
		return Page{}, gone()
	}
	p := Page{Article: x}
	texts, err := Texts(ctx, tx, x)
	if err != nil {
		return p, err
	}
	var original int64
	for _, t := range texts {
		if t.Live == 0 {
			continue
		}
		p.Languages = append(p.Languages, t.Language)
		if t.Language == x.Language {
			original = t.Live
		}
		if p.Text.ID == 0 || t.Language == language {
			p.Text = t
		}
	}
	if p.Text.ID == 0 { // staff read of a draft that it is one; nobody else gets here
		return Page{}, gone()
	}
	p.Behind = p.Text.Language != x.Language && original > 0 && p.Text.Follows < original
	p.Files, err = Files(ctx, tx, x.ID)
	return p, err
}

// Row is an article in a list of those that somebody may read.
type Row struct {
	ID, SectionID int64
	Slug, Title   string
	ChangedAt     clock.Instant
	Place         int64
}

// title is what an article is called in the language $1, or in that of its original, or in any.
const title = `coalesce((SELECT t.live_title FROM article_text t WHERE t.article_id = a.id AND t.language = $1 AND t.live > 0), (SELECT t.live_title FROM article_text t WHERE t.article_id = a.id AND t.language = a.language AND t.live > 0),
	(SELECT min(t.live_title) FROM article_text t WHERE t.article_id = a.id AND t.live > 0))`

const rowColumns = `a.id, a.section_id, a.slug, ` + title + ` AS title, a.changed_at, a.place`

// In lists the published articles of a section that somebody may read, in their order, behind a place in it; 0 is the beginning. Section 0
// has those of no section.
func In(ctx context.Context, tx *db.Tx, a person.Actor, language string, sectionID, after int64, size int) ([]Row, error) {
	args := db.Args{language}
	where := `a.section_id IS NULL`
	if sectionID != 0 {
		where = `a.section_id = ` + args.Add(sectionID)
	}
	where += ` AND a.published AND a.place > ` + args.Add(after) + ` AND ` + person.Readable(a, &args)
	return db.All[Row](ctx, tx, `SELECT `+rowColumns+` FROM article a WHERE `+where+` ORDER BY a.place, a.id LIMIT `+args.Add(size), args...)
}

// ReadableBy lists all published articles that somebody may read, by id, behind one.
func ReadableBy(ctx context.Context, tx *db.Tx, a person.Actor, language string, after int64, size int) ([]Row, error) {
	args := db.Args{language, after}
	where := `a.published AND a.id > $2 AND ` + person.Readable(a, &args)
	return db.All[Row](ctx, tx, `SELECT `+rowColumns+` FROM article a WHERE `+where+` ORDER BY a.id LIMIT `+args.Add(size), args...)
}

// Public lists what everybody may read, by id, behind one; for the sitemap.
func Public(ctx context.Context, tx *db.Tx, after int64, size int) ([]Row, error) {
	return db.All[Row](ctx, tx, `SELECT a.id, a.section_id, a.slug, '' AS title, (SELECT max(t.live_at) FROM article_text t WHERE t.article_id = a.id) AS changed_at, a.place
		FROM article a WHERE a.published AND a.audience = 'everybody' AND a.id > $1 ORDER BY a.id LIMIT $2`, after, size)
}

// readable are the ids of the sections in which somebody may read something.
func readable(ctx context.Context, tx *db.Tx, a person.Actor) (map[int64]bool, error) {
	var args db.Args
	ids, err := db.All[int64](ctx, tx, `SELECT a.section_id FROM article a WHERE a.section_id IS NOT NULL AND a.published AND `+person.Readable(a, &args)+` GROUP BY a.section_id`, args...)
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// List is which articles staff want to see.
type List struct {
	OwnerID, SectionID int64
	Drafts             bool // those with something that readers do not see yet
	Before             clock.Instant
	BeforeID           int64
	Size               int
}

// Listed is an article in the desk's list.
type Listed struct {
	Article
	Title   string
	Pending bool // something was written that readers do not see yet
	Texts   int64
}

// All lists articles for staff, the last changed first; those of a section in their order, without pages.
func All(ctx context.Context, tx *db.Tx, l List) ([]Listed, error) {
	if l.Before == 0 {
		l.Before, l.BeforeID = math.MaxInt64, math.MaxInt64
	}
	args := db.Args{l.Before, l.BeforeID}
	where := `(a.changed_at, a.id) < ($1, $2)`
	if l.OwnerID != 0 {
		where += ` AND a.owner_id = ` + args.Add(l.OwnerID)
	}
	if l.SectionID != 0 {
		where += ` AND a.section_id = ` + args.Add(l.SectionID)
	}
	if l.Drafts {
		where += ` AND ` + pending
	}
	if l.SectionID != 0 { // as its readers see it
		return db.All[Listed](ctx, tx, `SELECT `+columns+`, `+draftTitle+` AS title, `+pending+` AS pending, (SELECT count(*) FROM article_text t WHERE t.article_id = a.id) AS texts
			FROM article a WHERE `+where+` ORDER BY a.place, a.id LIMIT `+args.Add(mostInSection), args...)
	}
	return db.All[Listed](ctx, tx, `SELECT `+columns+`, `+draftTitle+` AS title, `+pending+` AS pending, (SELECT count(*) FROM article_text t WHERE t.article_id = a.id) AS texts
		FROM article a WHERE `+where+` ORDER BY a.changed_at DESC, a.id DESC LIMIT `+args.Add(l.Size), args...)
}

// mostInSection is how many articles of a section the desk lists at once.
const mostInSection = 500

const (
	draftTitle = `coalesce((SELECT t.title FROM article_text t WHERE t.article_id = a.id AND t.language = a.language), '')`
	pending    = `EXISTS (SELECT 1 FROM article_text t WHERE t.article_id = a.id AND t.live <> t.version)`
)

// Titles are what articles are called at the desk, by id.
func Titles(ctx context.Context, tx *db.Tx, ids []int64) (map[int64]string, error) {
	type titled struct {
		ID    int64
		Title string
	}
	var args db.Args
	all, err := db.All[titled](ctx, tx, `SELECT a.id, `+draftTitle+` AS title FROM article a WHERE a.id IN (`+db.List(&args, ids)+`)`, args...)
	out := make(map[int64]string, len(all))
	for _, t := range all {
		out[t.ID] = t.Title
	}
	return out, err
}

// FileFor gives a file of an article to somebody who may read that.
func FileFor(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64, name string) (File, error) {
	x, err := one(ctx, tx, `SELECT `+columns+` FROM article a WHERE a.id = $1`, articleID)
	if err != nil {
		return File{}, err
	}
	if !person.Can(a, person.ReadArticle, x.Thing()) {
		return File{}, gone()
	}
	f, err := db.One[File](ctx, tx, `SELECT `+fileColumns+` FROM article_file WHERE article_id = $1 AND name = $2`, articleID, name)
	if errors.Is(err, db.ErrNoRow) {
		err = gone()
	}
	return f, err
}
