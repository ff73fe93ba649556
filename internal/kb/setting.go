package kb

import (
	"context"
	"errors"
	"slices"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Settings is what stands around the texts of an article: where it is, for whom, and who keeps it. Was is its Version when the changing
// began. Reviewed says that its owner looked at it now, so that the next look is due ReviewDays from now.
type Settings struct {
	Slug          string
	SectionID     int64
	Audience      Audience
	Organisations []int64
	OwnerID       int64
	ReviewDays    int64
	Was           int64
}

// Set changes what stands around an article. An address that it had leads to it still. The fields of what is wrong are slug, section,
// audience, organisations, owner, review and version.
func Set(ctx context.Context, tx *db.Tx, a person.Actor, id int64, s Settings) (Article, error) {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return Article{}, fault.Denied(i18n.Text{})
	}
	if err := tx.Lock(ctx, "article", id); err != nil {
		return Article{}, err
	}
	was, err := ByID(ctx, tx, a, id)
	if err != nil {
		return was, err
	}
	x := was
	x.Slug, x.SectionID, x.Audience, x.Organisations, x.OwnerID, x.ReviewDays = s.Slug, s.SectionID, s.Audience, s.Organisations, s.OwnerID, s.ReviewDays
	wrong, err := x.wrong(ctx, tx)
	if err != nil {
		return x, err
	}
	if s.Was != was.Version {
		wrong = append(wrong, fault.F("version", i18n.M("Somebody changed this while you did. Look at it in another window; saving once more puts yours in the place of theirs.")))
	}
	if err := fault.Check(wrong); err != nil {
		return x, err
	}
	if x.ReviewDays != was.ReviewDays {
		x.review(tx)
	}
	if x.Slug != was.Slug {
		if _, err := tx.Exec(ctx, `DELETE FROM article_address WHERE slug = $1`, x.Slug); err != nil { // its own of before
			return x, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO article_address (slug, article_id) VALUES ($1, $2)`, was.Slug, id); err != nil {
			return x, err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE article SET slug = $2, section_id = $3, audience = $4, owner_id = $5, review_days = $6, review_at = $7, version = version + 1, changed_at = $8 WHERE id = $1`,
		id, x.Slug, orNull(x.SectionID), x.Audience, orNull(x.OwnerID), x.ReviewDays, x.ReviewAt, tx.Now); err != nil {
		return x, err
	}
	if err := x.keepOrganisations(ctx, tx); err != nil {
		return x, err
	}
	if x, err = ByID(ctx, tx, a, id); err != nil || x.shelf() == was.shelf() {
		return x, err
	}
	return x, reindex(ctx, tx, x)
}

// Reviewed notes that somebody looked at an article and found it right: the next look is due as many days from now as it says.
func Reviewed(ctx context.Context, tx *db.Tx, a person.Actor, id int64) error {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	x, err := ByID(ctx, tx, a, id)
	if err != nil {
		return err
	}
	x.review(tx)
	_, err = tx.Exec(ctx, `UPDATE article SET review_at = $2 WHERE id = $1`, id, x.ReviewAt)
	return err
}

func (x Article) keepOrganisations(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM article_organisation WHERE article_id = $1`, x.ID); err != nil || x.Audience != SomeOrganisations {
		return err
	}
	ids := slices.Clone(x.Organisations)
	slices.Sort(ids)
	var rows [][]any
	for _, o := range slices.Compact(ids) {
		rows = append(rows, []any{x.ID, o})
	}
	return db.InsertRows(ctx, tx, "article_organisation (article_id, organisation_id)", rows)
}

// wrong tells what is wrong with what stands around the texts.
func (x Article) wrong(ctx context.Context, tx *db.Tx) (wrong []fault.Field, err error) {
	say := func(field string, m i18n.Text) { wrong = append(wrong, fault.F(field, m)) }
	switch {
	case len(x.Slug) > maxSlug+10 || !slugs.MatchString(x.Slug) || slices.Contains(reserved, x.Slug):
		say("slug", i18n.M("Please use up to {{.Most}} small letters, digits and hyphens, such as set-up-the-vpn.", "Most", maxSlug))
	default:
		taken, err := slugTaken(ctx, tx, x.Slug, x.ID)
		if err != nil {
			return nil, err
		}
		if taken {
			say("slug", i18n.M("Another article has this address, or had it before."))
		}
	}
	if x.SectionID != 0 {
		if there, err := db.Exists(ctx, tx, `SELECT 1 FROM section WHERE id = $1`, x.SectionID); err != nil {
			return nil, err
		} else if !there {
			say("section", i18n.M("This section is gone. Please choose another."))
		}
	}
	switch x.Audience {
	case Everybody, StaffOnly:
	case SomeOrganisations:
		if len(x.Organisations) == 0 {
			say("organisations", i18n.M("Please choose at least one organisation."))
		}
		for _, id := range x.Organisations {
			if _, err := person.OrganisationByID(ctx, tx, id); fault.Is(err, fault.KindNotFound) || errors.Is(err, db.ErrNoRow) {
				say("organisations", i18n.M("One of these organisations is gone. Please choose again."))
				break
			} else if err != nil {
				return nil, err
			}
		}
	default:
		say("audience", i18n.M("Please choose who may read it."))
	}
	if x.OwnerID != 0 {
		owner, err := person.ActorOf(ctx, tx, x.OwnerID)
		if err != nil && !errors.Is(err, db.ErrNoRow) {
			return nil, err
		}
		if !owner.Staff() {
			say("owner", i18n.M("Please choose somebody who works at the desk."))
		}
	}
	if x.ReviewDays > 3650 {
		say("review", i18n.M("Please choose one of these."))
	}
	return wrong, nil
}
