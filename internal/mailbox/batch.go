package mailbox

import (
	"context"

	"goodturn/internal/db"
)

// batch is what is asked once for all mails that are filed together.
type batch struct {
	directory *directory
	filed     map[string]result // what mails with these dedupe keys became, those of this batch too
	own       map[string]bool   // Message-IDs of mails that went out from here
}

func newBatch(ctx context.Context, tx *db.Tx, d *directory, letters []*letter) (*batch, error) {
	b := &batch{directory: d, filed: map[string]result{}, own: map[string]bool{}}
	var keys, ids []string
	for _, l := range letters {
		keys = append(keys, l.dedupe)
		if id := plainText(l.msg.MessageID); id != "" {
			ids = append(ids, id)
		}
	}
	type earlier struct {
		Dedupe    string
		TicketID  int64
		MessageID int64
	}
	var args db.Args
	before, err := db.All[earlier](ctx, tx, `SELECT dedupe, ticket_id, message_id FROM mail WHERE dedupe IN (`+db.List(&args, keys)+`)`, args...)
	if err != nil {
		return nil, err
	}
	for _, e := range before {
		b.filed[e.Dedupe] = result{ticketID: e.TicketID, messageID: e.MessageID}
	}
	args = nil
	own, err := db.All[string](ctx, tx, `SELECT rfc_message_id FROM message WHERE rfc_message_id IN (`+db.List(&args, ids)+`) AND rfc_message_id <> '' AND NOT inbound AND NOT internal`, args...)
	if err != nil {
		return nil, err
	}
	for _, id := range own {
		b.own[id] = true
	}
	g, err := loadGuard(ctx, tx)
	for _, l := range letters {
		l.guard = g
	}
	return b, err
}
