package kb

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Opinion is what a reader says of an article.
type Opinion struct {
	ID, ArticleID int64
	Language      string
	Version       int64  // of the text that they read
	Helped        string // "yes", "no", or "" where only words were written
	Words         string // what is missing
	PersonID      int64  // 0 for somebody of whom nothing is known
	At, SettledAt clock.Instant
	SettledBy     int64
}

const opinionColumns = `id, article_id, language, version, helped, words, person_id, at, settled_at, settled_by`

const maxWords = 2000 // characters of what is missing

// Say keeps what a reader says of the article that they read: whether it helped ("yes", "no"), or in words what is missing, which becomes
// its owner's work. Who says it again of the same text has changed their mind. The field of what is wrong is words.
func Say(ctx context.Context, tx *db.Tx, a person.Actor, p Page, helped, words string) (Opinion, error) {
	o := Opinion{ArticleID: p.ID, Language: p.Text.Language, Version: p.Text.Live, Helped: helped, Words: strings.TrimSpace(words), At: tx.Now}
	if a.SignedIn() {
		o.PersonID = a.ID
	}
	if helped != "yes" && helped != "no" {
		o.Helped = ""
	}
	switch {
	case o.Helped == "" && o.Words == "":
		return o, fault.Invalid(fault.F("words", i18n.M("Please write what is missing; a few words are enough.")))
	case utf8.RuneCountInString(o.Words) > maxWords:
		return o, fault.Invalid(fault.F("words", i18n.M("Please use at most {{.Most}} characters; the rest fits into the text.", "Most", maxWords)))
	}
	if o.Helped != "" && o.PersonID != 0 {
		if _, err := tx.Exec(ctx, `DELETE FROM article_answer WHERE article_id = $1 AND person_id = $2 AND version = $3 AND helped <> '' AND words = ''`, o.ArticleID, o.PersonID, o.Version); err != nil {
			return o, err
		}
	}
	if o.Words != "" { // the same form sent twice
		twice, err := db.Exists(ctx, tx, `SELECT 1 FROM article_answer WHERE article_id = $1 AND settled_at = 0 AND words = $2`, o.ArticleID, o.Words)
		if err != nil || twice {
			return o, err
		}
	}
	var err error
	o.ID, err = db.One[int64](ctx, tx, `INSERT INTO article_answer (article_id, language, version, helped, words, person_id, at, settled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0) RETURNING id`,
		o.ArticleID, o.Language, o.Version, o.Helped, o.Words, orNull(o.PersonID), o.At)
	return o, err
}

// Counts says how many readers an article helped.
type Counts struct{ Yes, No int64 }

// Opinions are what readers said of an article: how many it helped, and in words what they miss, the newest first.
func Opinions(ctx context.Context, tx *db.Tx, articleID int64) (Counts, []Opinion, error) {
	c, err := db.One[Counts](ctx, tx, `SELECT count(*) FILTER (WHERE helped = 'yes') AS yes, count(*) FILTER (WHERE helped = 'no') AS no FROM article_answer WHERE article_id = $1`, articleID)
	if err != nil {
		return c, nil, err
	}
	all, err := db.All[Opinion](ctx, tx, `SELECT `+opinionColumns+` FROM article_answer WHERE article_id = $1 AND words <> '' ORDER BY id DESC LIMIT 50`, articleID)
	return c, all, err
}

// Settle says that what a reader missed was dealt with.
func Settle(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	_, err := tx.Exec(ctx, `UPDATE article_answer SET settled_at = $2, settled_by = $3 WHERE id = $1 AND settled_at = 0`, id, tx.Now, orNull(a.ID))
	return err
}

// ByOpinion is the article that somebody said something of.
func ByOpinion(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Article, error) {
	of, err := db.One[int64](ctx, tx, `SELECT article_id FROM article_answer WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return Article{}, gone()
	}
	if err != nil {
		return Article{}, err
	}
	return ByID(ctx, tx, a, of)
}

// Work is what waits for the owner of articles.
type Work struct {
	Due    []Listed  // to be looked at again, the longest due first
	Missed []Opinion // what readers miss, the oldest first
	Behind []Listed  // translations whose original has changed
}

// Empty tells that nothing waits.
func (w Work) Empty() bool { return len(w.Due)+len(w.Missed)+len(w.Behind) == 0 }

const workShown = 20 // of each kind

// WorkOf is what waits for somebody; for those who lead the desk also what waits for nobody, as its owner is gone.
func WorkOf(ctx context.Context, tx *db.Tx, a person.Actor) (w Work, err error) {
	args := db.Args{a.ID}
	whose := `a.owner_id = $1`
	if person.Can(a, person.ManageArticles, person.Thing{}) {
		whose = `(a.owner_id = $1 OR a.owner_id IS NULL OR NOT EXISTS (SELECT 1 FROM person p WHERE p.id = a.owner_id AND p.active AND p.role <> 'requester'))`
	}
	const listed = columns + `, ` + draftTitle + ` AS title, ` + pending + ` AS pending, 1 AS texts FROM article a WHERE `
	w.Due, err = db.All[Listed](ctx, tx, `SELECT `+listed+`a.review_at > 0 AND a.review_at <= $2 AND a.published AND `+whose+` ORDER BY a.review_at, a.id LIMIT $3`, append(args, tx.Now, workShown)...)
	if err != nil {
		return w, err
	}
	w.Missed, err = db.All[Opinion](ctx, tx, `SELECT o.id, o.article_id, o.language, o.version, o.helped, o.words, o.person_id, o.at, o.settled_at, o.settled_by FROM article_answer o JOIN article a ON a.id = o.article_id
		WHERE o.settled_at = 0 AND o.words <> '' AND `+whose+` ORDER BY o.at, o.id LIMIT $2`, append(args, workShown)...)
	if err != nil {
		return w, err
	}
	w.Behind, err = db.All[Listed](ctx, tx, `SELECT `+listed+whose+` AND EXISTS (SELECT 1 FROM article_text t JOIN article_text o ON o.article_id = t.article_id AND o.language = a.language
		WHERE t.article_id = a.id AND t.language <> a.language AND o.live > t.follows AND t.live > 0) ORDER BY a.changed_at, a.id LIMIT $2`, append(args, workShown)...)
	return w, err
}
