package desk

import (
	"context"

	"goodturn/internal/db"
	"goodturn/internal/web/page"
)

// Nav is the navigation of the desk, for pages of other surfaces that keep it at their side. What is counted here is not
// remembered: the transaction began before anybody could note what had changed until then.
func (d *Desk) Nav(ctx context.Context, tx *db.Tx, v page.Visit) (page.Nav, error) {
	f, err := d.frame(ctx, &look{tx: tx, visit: v}, "")
	return f.Nav, err
}
