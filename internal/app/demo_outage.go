package app

import (
	"context"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/outage"
	"goodturn/internal/ticket"
)

// outages posts what is broken at the demonstration desk, and what is planned.
func (f *demoFiller) outages(ctx context.Context, tx *db.Tx) error {
	by := f.people["noor"]
	o, err := f.app.Board.Post(ctx, tx, by, outage.New{
		Title: "Stockroom is slow", What: "Picking lists take half a minute to open. We look at its database; nothing that you enter is lost.",
		Words: "stockroom\npicking list\nLagerverwaltung\nPackliste", Since: tx.Now.Add(-48 * time.Minute), NextAt: tx.Now.Add(50 * time.Minute),
	})
	if err != nil {
		return err
	}
	slow, err := db.All[int64](ctx, tx, `SELECT t.id FROM ticket t JOIN ticket_tag g ON g.ticket_id = t.id WHERE t.is_open AND g.tag = 'stockroom' ORDER BY t.id`)
	if err != nil {
		return err
	}
	for _, id := range slow {
		if err := f.app.Board.Link(ctx, tx, ticket.By{Actor: by}, o.ID, id); err != nil {
			return err
		}
	}
	from := tx.Now.Add(3 * 24 * time.Hour)
	_, err = f.app.Board.Post(ctx, tx, by, outage.New{
		Planned: true, Title: "The wireless network of the Lisbon office is renewed", What: "For about an hour there is no wireless network on the third floor. The cables work.",
		Words: "wlan\nwireless\nwifi lisbon", Since: from, Until: from.Add(time.Hour),
	})
	return err
}
