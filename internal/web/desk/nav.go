package desk

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/web/page"
)

// Nav is the navigation of the desk, for pages of other surfaces that keep it at their side.
func (d *Desk) Nav(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error) {
	f, err := d.frame(ctx, &look{tx: tx, visit: v, seq: d.Site.Hub.Seq()}, "")
	return f.Nav, err
}
