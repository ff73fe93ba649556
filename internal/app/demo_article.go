package app

import (
	"context"
	"fmt"

	"goodturn/internal/app/demodata"
	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

// articles are what the demo's desk has written down; whoever works there longest keeps them.
func (f *demoFiller) articles(ctx context.Context, tx *db.Tx) error {
	keeper, err := db.One[int64](ctx, tx, `SELECT coalesce(min(id), 0) FROM person WHERE role = 'agent' AND active`)
	if err != nil {
		return err
	}
	sections := map[string]int64{}
	for _, d := range demodata.Articles() {
		if sections[d.Section] == 0 {
			s, err := kb.SaveSection(ctx, tx, person.System, kb.Section{Name: d.Section})
			if err != nil {
				return fmt.Errorf("make section %q: %w", d.Section, err)
			}
			sections[d.Section] = s.ID
		}
		n := kb.New{Title: d.Title, Body: d.Body, Language: "en", SectionID: sections[d.Section], OwnerID: keeper, Publish: true}
		if d.StaffOnly {
			n.Audience = kb.StaffOnly
		}
		x, err := kb.Create(ctx, tx, person.System, n)
		if err != nil {
			return fmt.Errorf("make article %q: %w", d.Title, err)
		}
		if d.German[0] != "" {
			if _, err := kb.Save(ctx, tx, person.System, kb.Edit{ArticleID: x.ID, Language: "de", Title: d.German[0], Body: d.German[1], Publish: true, Follows: 1}); err != nil {
				return fmt.Errorf("translate article %q: %w", d.Title, err)
			}
		}
	}
	return nil
}
