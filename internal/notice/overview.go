package notice

import (
	"context"

	"goodturn/internal/db"
)

// Section is a part of the overview.
type Section struct {
	Title string
}

func (c *Center) planOverview(context.Context, *db.Tx, int64, Choice) error { return nil }
