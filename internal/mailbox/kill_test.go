package mailbox_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/mailbox"
	"goodturn/internal/ticket"
)

func TestKillBetweenFileAndRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		raw := mail(hana, "Printer", "Half pages.")
		h.must(h.post.StoreRawOnly(t.Context(), []byte(raw)))
		h.rebuild(h.post.Key)
		h.take(raw) // nobody was told 250, so it comes again
		h.last(mailbox.BecameTicket)
		if n := len(h.mails()); n != 1 || h.tickets() != 1 {
			t.Errorf("%d rows, %d tickets", n, h.tickets())
		}
	})
}

func TestKillBetweenRowAndTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var in []mailbox.Incoming
		for i := range 40 {
			in = append(in, mailbox.Incoming{To: []string{deskAddress}, Raw: []byte(mail(fmt.Sprintf("p%d@customer.example", i), fmt.Sprintf("Mail %d", i), "Text.")), Source: mailbox.SourceLMTP})
		}
		h.must(h.post.Take(t.Context(), in))
		ctx, kill := context.WithCancel(t.Context())
		made := 0
		h.desk.Hooks = append(h.desk.Hooks, func(_ context.Context, _ *db.Tx, e ticket.Event, _ ticket.Ticket, _ *ticket.Message) error {
			if e.What == ticket.Created {
				if made++; made > 35 {
					kill()
				}
			}
			return ctx.Err()
		})
		if err := h.post.FileAll(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v", err)
		}
		if n := h.tickets(); n == 0 || n == 40 {
			t.Fatalf("%d tickets, want the kill in the middle", n)
		}
		h.rebuild(h.post.Key)
		h.must(h.post.FileAll(t.Context()))
		rows := h.mails()
		for _, r := range rows {
			if r.Outcome != mailbox.BecameTicket {
				t.Errorf("row %+v", r)
			}
		}
		if len(rows) != 40 || h.tickets() != 40 {
			t.Errorf("%d rows, %d tickets", len(rows), h.tickets())
		}
	})
}

func TestKillBetweenTakingAndRemovingASpoolFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.must(mailbox.PrepareSpool(h.data))
		h.must(h.post.WriteAddresses(t.Context()))
		h.must(h.deliver(deskAddress, mail(hana, "Printer", "Half pages.")))
		files, err := os.ReadDir(filepath.Join(h.data, "spool", "new"))
		h.must(err)
		m, err := mailbox.ReadSpooled(filepath.Join(h.data, "spool", "new", files[0].Name()))
		h.must(err)
		h.must(h.post.Take(t.Context(), []mailbox.Incoming{m}))
		h.rebuild(h.post.Key)
		made := h.running()
		h.await(made)
		h.must(h.deliver(deskAddress, mail(hana, "Another", "Half pages.")))
		h.await(made)
		if h.tickets() != 2 || len(h.mails()) != 3 {
			t.Errorf("%d rows, %d tickets", len(h.mails()), h.tickets())
		}
	})
}
