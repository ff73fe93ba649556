package mailbox_test

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/mailbox"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestBlockedSender(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		by := ticket.By{Actor: h.agent}
		all := func() (out []ticket.Ticket) {
			h.read(func(tx *db.Tx) error {
				ids, err := db.All[int64](ctx, tx, `SELECT id FROM ticket ORDER BY id`)
				for _, id := range ids {
					x, err := ticket.Get(ctx, tx, person.System, person.SeeTicket, id)
					if err != nil {
						return err
					}
					out = append(out, x)
				}
				return err
			})
			return out
		}
		h.take(request("rude@elsewhere.example", 1))
		first := all()[0]
		learnt := len(h.learnt())
		h.write(func(tx *db.Tx) error {
			address, err := h.post.Block(ctx, tx, by, first.ID, "")
			if address != "rude@elsewhere.example" {
				t.Errorf("blocked %q", address)
			}
			return err
		})
		h.take(request("rude@elsewhere.example", 2), request("kind@elsewhere.example", 3))
		got := all()
		if len(got) != 3 || got[1].Turn != ticket.Spam || got[1].IsOpen || got[2].Turn != ticket.Ours || got[0].Turn != ticket.Ours {
			t.Fatalf("the tickets are %+v", got)
		}
		if n := len(h.learnt()); n != learnt {
			t.Errorf("%d words were learnt from a blocked sender", n-learnt)
		}
		h.read(func(tx *db.Tx) error {
			blocked, err := h.blocked(tx)
			if len(blocked) != 1 || blocked[0] != "rude@elsewhere.example" {
				t.Errorf("blocked are %v", blocked)
			}
			return err
		})
		h.write(func(tx *db.Tx) error {
			_, err := h.post.UnblockOf(ctx, tx, by, first.ID, "")
			return err
		})
		h.take(request("rude@elsewhere.example", 4))
		if got := all(); len(got) != 4 || got[3].Turn != ticket.Ours {
			t.Errorf("after unblocking: %+v", got[3])
		}
	})
}

func TestNobodyAtTheDeskIsBlocked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		var id int64
		h.write(func(tx *db.Tx) error {
			x, err := h.desk.Create(ctx, tx, ticket.By{Actor: h.agent}, ticket.New{Requester: h.agent.ID, Message: ticket.Draft{Text: "mine"}})
			id = x.ID
			return err
		})
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := h.post.Block(ctx, tx, ticket.By{Actor: h.agent}, id, "")
			return err
		}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a colleague can be blocked: %v", err)
		}
	})
}

// blocked are the addresses that are blocked.
func (h *house) blocked(tx *db.Tx) (addresses []string, err error) {
	all, err := mailbox.BlockedSenders(h.Context(), tx)
	for _, b := range all {
		addresses = append(addresses, b.Address)
	}
	return addresses, err
}
