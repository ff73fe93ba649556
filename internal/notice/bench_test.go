package notice

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// BenchmarkMessage is an answer of the requester to a ticket that ten colleagues follow, told to all of them and to nobody.
func BenchmarkMessage(b *testing.B) {
	for _, told := range []bool{false, true} {
		b.Run(fmt.Sprintf("told=%t", told), func(b *testing.B) {
			ctx := b.Context()
			d, err := db.Open(ctx, filepath.Join(b.TempDir(), "desk.db"))
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { d.Close() })
			if err := d.Migrate(ctx); err != nil {
				b.Fatal(err)
			}
			center := &Center{DB: d, Queue: job.NewQueue(d, slog.New(slog.DiscardHandler), 1), Mail: func(context.Context, Mail) error { return nil }}
			desk := &ticket.Desk{}
			if told {
				desk.Hooks = []ticket.Hook{center.Hook()}
			}
			var tk ticket.Ticket
			var hana person.Actor
			write := func(do func(tx *db.Tx) error) {
				if err := d.Write(ctx, do); err != nil {
					b.Fatal(err)
				}
			}
			write(func(tx *db.Tx) error {
				team, err := person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"})
				if err != nil {
					return err
				}
				p, err := person.Create(ctx, tx, person.New{Name: "Hana", Role: person.Requester, Addresses: []string{"hana@example.com"}})
				if err != nil {
					return err
				}
				if hana, err = person.ActorOf(ctx, tx, p.ID); err != nil {
					return err
				}
				tk, err = desk.Create(ctx, tx, ticket.By{Actor: hana}, ticket.New{Subject: "Printer", Requester: p.ID, Team: team, Message: ticket.Draft{Text: "Half pages"}})
				for i := range 10 {
					if err != nil {
						return err
					}
					if p, err = person.Create(ctx, tx, person.New{Name: fmt.Sprint("Agent ", i), Role: person.Agent, Addresses: []string{fmt.Sprintf("agent%d@example.com", i)}}); err == nil {
						_, err = tx.Exec(ctx, `INSERT INTO follower (ticket_id, person_id) VALUES ($1, $2)`, tk.ID, p.ID)
					}
				}
				return err
			})
			for b.Loop() {
				write(func(tx *db.Tx) error {
					_, err := desk.Answer(ctx, tx, ticket.By{Actor: hana}, tk.ID, ticket.Draft{Text: "Any news?"})
					return err
				})
			}
		})
	}
}
