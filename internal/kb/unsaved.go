package kb

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Unsaved is what somebody is writing and has not saved. It is theirs alone.
type Unsaved struct {
	ID        int64
	ArticleID int64 // 0 for an article that is not there yet, whose form is known by Key
	Key       string
	Language  string
	Title     string
	Body      string
	Was       int64 // the version that they began with
	At        clock.Instant
}

const (
	unsavedColumns = `id, article_id, key, language, title, body, was, at`
	unsavedKept    = 90 * 24 * time.Hour
	mostBegun      = 20 // articles that one person has begun and not saved; the oldest goes
	maxKey         = 40
)

// Keep keeps what somebody is writing. Nothing is asked of it but that it fits.
func Keep(ctx context.Context, tx *db.Tx, a person.Actor, u Unsaved) error {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	u.Title, u.Body, u.Key = clean(u.Title), tidyBody(u.Body), u.Key[:min(len(u.Key), maxKey)]
	if len(u.Body) > maxBody || utf8.RuneCountInString(u.Title) > maxTitle || u.ArticleID == 0 && u.Key == "" || !languages.MatchString(u.Language) {
		return fault.Invalid(fault.F("body", i18n.M("This is longer than {{.Most}}. Please make two articles of it.", "Most", i18n.Size(maxBody))))
	}
	if u.Title == "" && u.Body == "" {
		return Forget(ctx, tx, a, u)
	}
	if u.ArticleID != 0 {
		if _, err := ByID(ctx, tx, a, u.ArticleID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO article_unsaved (person_id, article_id, key, language, title, body, was, at) VALUES ($1, $2, '', $3, $4, $5, $6, $7)
			ON CONFLICT (person_id, article_id, language) WHERE article_id IS NOT NULL DO UPDATE SET title = excluded.title, body = excluded.body, was = excluded.was, at = excluded.at`,
			a.ID, u.ArticleID, u.Language, u.Title, u.Body, u.Was, tx.Now)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO article_unsaved (person_id, article_id, key, language, title, body, was, at) VALUES ($1, NULL, $2, $3, $4, $5, 0, $6)
		ON CONFLICT (person_id, key) WHERE article_id IS NULL DO UPDATE SET language = excluded.language, title = excluded.title, body = excluded.body, at = excluded.at`,
		a.ID, u.Key, u.Language, u.Title, u.Body, tx.Now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM article_unsaved WHERE person_id = $1 AND article_id IS NULL AND id NOT IN (SELECT id FROM article_unsaved WHERE person_id = $1 AND article_id IS NULL ORDER BY at DESC, id DESC LIMIT $2)`, a.ID, mostBegun)
	return err
}

// UnsavedOf gives what somebody has not saved of an article; the zero Unsaved where there is nothing.
func UnsavedOf(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64, language string) (Unsaved, error) {
	u, err := db.One[Unsaved](ctx, tx, `SELECT `+unsavedColumns+` FROM article_unsaved WHERE person_id = $1 AND article_id = $2 AND language = $3`, a.ID, articleID, language)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return u, err
}

// Begun are the articles that somebody has begun and never saved, the last first.
func Begun(ctx context.Context, tx *db.Tx, a person.Actor) ([]Unsaved, error) {
	return db.All[Unsaved](ctx, tx, `SELECT `+unsavedColumns+` FROM article_unsaved WHERE person_id = $1 AND article_id IS NULL ORDER BY at DESC, id DESC LIMIT $2`, a.ID, mostBegun)
}

// Forget drops what was not saved: it is saved now, or thrown away.
func Forget(ctx context.Context, tx *db.Tx, a person.Actor, u Unsaved) error {
	if u.ArticleID == 0 {
		_, err := tx.Exec(ctx, `DELETE FROM article_unsaved WHERE person_id = $1 AND article_id IS NULL AND key = $2`, a.ID, u.Key)
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM article_unsaved WHERE person_id = $1 AND article_id = $2 AND language = $3`, a.ID, u.ArticleID, u.Language)
	return err
}

// ForgetOld drops what nobody came back to for ninety days.
func ForgetOld(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM article_unsaved WHERE at < $1`, tx.Now.Add(-unsavedKept))
	return err
}

// SweepUnsaved does ForgetOld.
func SweepUnsaved(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error { return ForgetOld(ctx, tx) })
}
