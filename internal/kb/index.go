package kb

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/search"
)

// A published text is a page of the index. Its shelf says who may find it: what is for everybody, for staff, for the people of one
// organisation, or for those of several, which are named one by one to whoever searches.
const (
	publicShelf = iota
	staffShelf
	severalShelf
	firstOwnShelf = 16 // of the organisation with the id 0
)

// Pages of articles have numbers of their own among those of all kinds.
func pageOf(textID int64) int64 { return textID<<2 | 1 }

func textOf(pageID int64) int64 { return pageID >> 2 }

func (x Article) shelf() int64 {
	switch {
	case x.Audience == Everybody:
		return publicShelf
	case x.Audience == StaffOnly || len(x.Organisations) == 0:
		return staffShelf
	case len(x.Organisations) == 1 && ownShelf(x.Organisations[0]) != severalShelf:
		return ownShelf(x.Organisations[0])
	}
	return severalShelf
}

// ownShelf is the shelf of an organisation; there are only so many.
func ownShelf(organisationID int64) int64 {
	if organisationID+firstOwnShelf >= search.MaxShelf {
		return severalShelf
	}
	return organisationID + firstOwnShelf
}

// index puts what is read of a text before those who search, or takes it away from them.
func index(ctx context.Context, tx *db.Tx, x Article, t Text) error {
	if t.Live == 0 {
		return search.RemovePage(ctx, tx, pageOf(t.ID))
	}
	return search.PutPage(ctx, tx, search.Page{ID: pageOf(t.ID), Shelf: x.shelf(), Heading: t.LiveTitle, Body: Plain(t.LiveBody)})
}

// reindex puts all texts of an article where they belong now.
func reindex(ctx context.Context, tx *db.Tx, x Article) error {
	texts, err := Texts(ctx, tx, x)
	for _, t := range texts {
		if err == nil {
			err = index(ctx, tx, x, t)
		}
	}
	return err
}

// mostNamed is how many articles for several organisations one of them can find.
const mostNamed = 2000

// reach is what somebody may find.
func reach(ctx context.Context, tx *db.Tx, a person.Actor, asked *search.Asked) error {
	asked.Shelves = []int64{publicShelf}
	if a.Staff() {
		asked.Shelves = append(asked.Shelves, staffShelf, severalShelf)
		own, err := db.All[int64](ctx, tx, `SELECT organisation_id FROM article_organisation GROUP BY organisation_id`)
		for _, id := range own {
			if s := ownShelf(id); s != severalShelf {
				asked.Shelves = append(asked.Shelves, s)
			}
		}
		return err
	}
	if !a.SignedIn() || a.OrganisationID == 0 {
		return nil
	}
	if s := ownShelf(a.OrganisationID); s != severalShelf {
		asked.Shelves = append(asked.Shelves, s)
	}
	named, err := db.All[int64](ctx, tx, `SELECT t.id FROM article_organisation o JOIN article a ON a.id = o.article_id AND a.audience = 'organisations' AND a.published JOIN article_text t ON t.article_id = a.id AND t.live > 0
		WHERE o.organisation_id = $1 AND ($2 OR (SELECT count(*) FROM article_organisation m WHERE m.article_id = a.id) > 1) ORDER BY t.id DESC LIMIT $3`,
		a.OrganisationID, ownShelf(a.OrganisationID) == severalShelf, mostNamed)
	for _, id := range named {
		asked.Some = append(asked.Some, pageOf(id))
	}
	return err
}
