package handoff_test

import (
	"context"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/handoff"
	"goodturn/internal/person"
)

func TestWhoIsMergedTakesLinkAndLedgerAlong(t *testing.T) {
	each(t, func(o *office) {
		var link handoff.Link
		var merge int64
		_, token := o.asks(o.hana)
		entry := o.note(handoff.Entry{Minutes: 15, Words: "printer"})
		admin := person.Actor{ID: o.zoe.ID, Role: person.Administrator}
		owner := func() (shares, noted, handed int64) {
			o.write(func(ctx context.Context, tx *db.Tx) error {
				who, err := o.keeper.Helper(ctx, tx, link.Token)
				if err != nil {
					return err
				}
				shares = who.ID
				noted, err = db.One[int64](ctx, tx, `SELECT person_id FROM help_entry WHERE id = $1`, entry)
				return err
			})
			return shares, noted, o.state(token).PersonID
		}
		o.write(func(ctx context.Context, tx *db.Tx) (err error) {
			if link, err = o.keeper.SwitchOn(ctx, tx, o.jo.ID); err == nil {
				merge, err = person.MergeInto(ctx, tx, admin, o.zoe.ID, o.jo.ID, "")
			}
			return err
		})
		if a, b, c := owner(); a != o.zoe.ID || b != o.zoe.ID || c != o.zoe.ID {
			o.Errorf("merged: the link is %d's, the entry %d's, what was handed on %d's", a, b, c)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error { return person.UndoMerge(ctx, tx, admin, merge, "") })
		if a, b, c := owner(); a != o.jo.ID || b != o.jo.ID || c != o.jo.ID {
			o.Errorf("undone: the link is %d's, the entry %d's, what was handed on %d's", a, b, c)
		}
	})
}
