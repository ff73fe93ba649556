package kb

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// New is an article that is about to be made.
type New struct {
	Title, Body, Language string
	Slug                  string // "" makes one of the title
	SectionID             int64
	Audience              Audience // "" is everybody
	Organisations         []int64
	OwnerID               int64 // 0 is whoever writes it
	ReviewDays            int64 // 0 is the usual; below 0 is never
	Publish               bool
	ToCheck               bool // it is not published before somebody says that they looked; see Article
}

const usualReview = 180 // days

// Create makes an article with its first text. The fields of what is wrong are title, body, language, slug, section, audience,
// organisations, owner and review.
func Create(ctx context.Context, tx *db.Tx, a person.Actor, n New) (Article, error) {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return Article{}, fault.Denied(i18n.Text{})
	}
	x := Article{Slug: n.Slug, SectionID: n.SectionID, Language: n.Language, Audience: n.Audience, Organisations: n.Organisations, OwnerID: n.OwnerID, ReviewDays: n.ReviewDays, ToCheck: n.ToCheck}
	if x.Audience == "" {
		x.Audience = Everybody
	}
	if x.OwnerID == 0 {
		x.OwnerID = a.ID
	}
	if x.ReviewDays == 0 {
		x.ReviewDays = usualReview
	}
	e := Edit{Language: n.Language, Title: clean(n.Title), Body: tidyBody(n.Body), Publish: n.Publish}
	wrong := e.wrong()
	if x.Slug == "" {
		var err error
		if x.Slug, err = freeSlug(ctx, tx, e.Title, 0); err != nil {
			return x, err
		}
	}
	more, err := x.wrong(ctx, tx)
	if err != nil {
		return x, err
	}
	if err := fault.Check(append(wrong, more...)); err != nil {
		return x, err
	}
	x.review(tx)
	x.ID, err = db.One[int64](ctx, tx, `INSERT INTO article (slug, section_id, place, language, audience, published, to_check, owner_id, review_days, review_at, version, created_at, changed_at)
		VALUES ($1, $2, (SELECT coalesce(max(place), 0) + 1 FROM article), $3, $4, FALSE, $9, $5, $6, $7, 1, $8, $8) RETURNING id`,
		x.Slug, orNull(x.SectionID), x.Language, x.Audience, orNull(x.OwnerID), x.ReviewDays, x.ReviewAt, tx.Now, x.ToCheck)
	if err != nil {
		return x, err
	}
	if err := x.keepOrganisations(ctx, tx); err != nil {
		return x, err
	}
	e.ArticleID = x.ID
	if _, err := Save(ctx, tx, a, e); err != nil {
		return x, err
	}
	return ByID(ctx, tx, a, x.ID)
}

// review sets when the next look is due.
func (x *Article) review(tx *db.Tx) {
	x.ReviewDays, x.ReviewAt = max(x.ReviewDays, 0), 0
	if x.ReviewDays > 0 {
		x.ReviewAt = tx.Now.Add(time.Duration(x.ReviewDays) * 24 * time.Hour)
	}
}

// Edit is a text as somebody wants it to be. Was is the version that they began with, 0 for the first of its language.
type Edit struct {
	ArticleID   int64
	Language    string
	Title, Body string
	Was         int64
	Publish     bool
	Checked     bool  // of an article to be checked: the writer looked, and nobody can be recognised
	Follows     int64 // of a translation: the version of the original that it was made from; 0 leaves that as it is
}

func tidyBody(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.TrimRight(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD"), " \n\t")
}

func (e Edit) wrong() (wrong []fault.Field) {
	if e.Title == "" {
		wrong = append(wrong, fault.F("title", i18n.M("Please give it a title in the words of those who look for it, such as “The printer prints half pages”.")))
	} else if utf8.RuneCountInString(e.Title) > maxTitle {
		wrong = append(wrong, fault.F("title", i18n.M("Please use at most {{.Most}} characters; the rest fits into the text.", "Most", maxTitle)))
	}
	switch {
	case len(e.Body) > maxBody:
		wrong = append(wrong, fault.F("body", i18n.M("This is longer than {{.Most}}. Please make two articles of it.", "Most", i18n.Size(maxBody))))
	case e.Publish && strings.TrimSpace(e.Body) == "":
		wrong = append(wrong, fault.F("body", i18n.M("Please write what helps before it is published. It can be saved as a draft.")))
	}
	if !languages.MatchString(e.Language) {
		wrong = append(wrong, fault.F("language", i18n.M("Please choose one of the languages.")))
	}
	return wrong
}

// Save keeps a text as a new version, and publishes it when asked to. When somebody saved it since e.Was, that is a conflict and nothing
// is saved. The fields of what is wrong are title, body and language.
func Save(ctx context.Context, tx *db.Tx, a person.Actor, e Edit) (Text, error) {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return Text{}, fault.Denied(i18n.Text{})
	}
	e.Title, e.Body = clean(e.Title), tidyBody(e.Body)
	if err := fault.Check(e.wrong()); err != nil {
		return Text{}, err
	}
	if err := tx.Lock(ctx, "article", e.ArticleID); err != nil {
		return Text{}, err
	}
	x, err := ByID(ctx, tx, a, e.ArticleID)
	if err != nil {
		return Text{}, err
	}
	if e.Publish && x.ToCheck && !e.Checked {
		return Text{}, fault.Invalid(fault.F("checked", i18n.M("Please look at what was taken out and at the rest, and tick this before it is published. It can be saved as a draft.")))
	}
	t, err := TextOf(ctx, tx, x.ID, e.Language)
	if err != nil {
		return t, err
	}
	if t.Version != e.Was && (t.Title != e.Title || t.Body != e.Body) {
		return t, fault.Conflict(i18n.M("Somebody saved this article while you wrote. Both texts stand below."))
	}
	if t.ID == 0 || t.Title != e.Title || t.Body != e.Body {
		if t, err = keep(ctx, tx, a, t, e); err != nil {
			return t, err
		}
	}
	if e.Follows != 0 && e.Language != x.Language {
		if _, err := tx.Exec(ctx, `UPDATE article_text SET follows = $2 WHERE id = $1`, t.ID, e.Follows); err != nil {
			return t, err
		}
	}
	if e.Publish && x.ToCheck {
		if err := x.checked(ctx, tx, t.Title); err != nil {
			return t, err
		}
	}
	if e.Publish {
		if err := setLive(ctx, tx, x, t, true); err != nil {
			return t, err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE article SET changed_at = $2 WHERE id = $1`, x.ID, tx.Now); err != nil {
		return t, err
	}
	return TextOf(ctx, tx, x.ID, e.Language)
}

// checked notes that somebody looked at what was made of tickets. An address that was made of the first title is made of the last one: no
// reader has it yet, and what was taken out of the title is gone from there too.
func (x *Article) checked(ctx context.Context, tx *db.Tx, title string) error {
	first, err := VersionOf(ctx, tx, x.ID, x.Language, 1)
	if err != nil {
		return err
	}
	if slug := slugOf(first.Title); title != first.Title && (slug == "" || x.Slug == slug || strings.HasPrefix(x.Slug, slug+"-")) {
		if x.Slug, err = freeSlug(ctx, tx, title, x.ID); err != nil {
			return err
		}
	}
	x.ToCheck = false
	_, err = tx.Exec(ctx, `UPDATE article SET to_check = FALSE, slug = $2 WHERE id = $1`, x.ID, x.Slug)
	return err
}

// Withdraw takes a text back from its readers; what was written stays.
func Withdraw(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64, language string) error {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	if err := tx.Lock(ctx, "article", articleID); err != nil {
		return err
	}
	t, err := TextOf(ctx, tx, articleID, language)
	if err != nil || t.Live == 0 {
		return err
	}
	x, err := ByID(ctx, tx, a, articleID)
	if err != nil {
		return err
	}
	return setLive(ctx, tx, x, t, false)
}

// keep writes the next version of a text.
func keep(ctx context.Context, tx *db.Tx, a person.Actor, t Text, e Edit) (Text, error) {
	t.Version++
	t.Title, t.Body = e.Title, e.Body
	var err error
	if t.ID == 0 {
		t.ID, err = db.One[int64](ctx, tx, `INSERT INTO article_text (article_id, language, title, body, version, live_title, live_body, live, live_at, follows, by_id, changed_at)
			VALUES ($1, $2, $3, $4, $5, '', '', 0, 0, 0, $6, $7) RETURNING id`, e.ArticleID, e.Language, t.Title, t.Body, t.Version, orNull(a.ID), tx.Now)
	} else {
		_, err = tx.Exec(ctx, `UPDATE article_text SET title = $2, body = $3, version = $4, by_id = $5, changed_at = $6 WHERE id = $1`, t.ID, t.Title, t.Body, t.Version, orNull(a.ID), tx.Now)
	}
	if err != nil {
		return t, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO article_version (article_id, language, version, title, body, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ArticleID, e.Language, t.Version, t.Title, t.Body, orNull(a.ID), tx.Now)
	return t, err
}

// setLive puts what is written before the readers, or takes the text back from them.
func setLive(ctx context.Context, tx *db.Tx, x Article, t Text, live bool) error {
	var err error
	if live {
		_, err = tx.Exec(ctx, `UPDATE article_text SET live_title = title, live_body = body, live = version, live_at = $2 WHERE id = $1`, t.ID, tx.Now)
		t.LiveTitle, t.LiveBody, t.Live = t.Title, t.Body, t.Version
	} else {
		_, err = tx.Exec(ctx, `UPDATE article_text SET live_title = '', live_body = '', live = 0, live_at = 0 WHERE id = $1`, t.ID)
		t.LiveTitle, t.LiveBody, t.Live = "", "", 0
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE article SET published = EXISTS (SELECT 1 FROM article_text t WHERE t.article_id = article.id AND t.live > 0) WHERE id = $1`, t.ArticleID); err != nil {
		return err
	}
	return index(ctx, tx, x, t)
}

// freeSlug makes an address of a title that no other article has or had.
func freeSlug(ctx context.Context, tx *db.Tx, title string, id int64) (string, error) {
	slug := slugOf(title)
	if slug == "" {
		slug = "article"
	}
	for n := 1; ; n++ {
		try := slug
		if n > 1 {
			try += "-" + strconv.Itoa(n)
		}
		taken, err := slugTaken(ctx, tx, try, id)
		if err != nil || !taken {
			return try, err
		}
	}
}

func slugTaken(ctx context.Context, tx *db.Tx, slug string, id int64) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM article WHERE slug = $1 AND id <> $2 UNION ALL SELECT 1 FROM article_address WHERE slug = $1 AND article_id <> $2`, slug, id)
}
