package draft_test

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/draft"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// TestDraftsFollowAMergedTicket merges tickets on which somebody writes.
func TestDraftsFollowAMergedTicket(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		desk := &ticket.Desk{Hooks: []ticket.Hook{draft.Hook()}}
		var amara person.Actor
		var kept, gone, third ticket.Ticket
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) error {
			if _, err := person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"}); err != nil {
				return err
			}
			p, err := person.Create(ctx, tx, person.New{Name: "Amara Okafor", Addresses: []string{"amara@example.org"}, Role: person.Agent})
			if err != nil {
				return err
			}
			if amara, err = person.ActorOf(ctx, tx, p.ID); err != nil {
				return err
			}
			for _, into := range []*ticket.Ticket{&kept, &gone, &third} {
				if *into, err = desk.Create(ctx, tx, ticket.By{Actor: amara}, ticket.New{Requester: p.ID, Message: ticket.Draft{Text: "Half pages"}}); err != nil {
					return err
				}
			}
			return nil
		})
		save := func(id int64, text string) {
			write(func(tx *db.Tx) error {
				return saved(draft.Save(ctx, tx, amara, draft.Place{TicketID: id}, draft.Content{Text: text, Writer: "tab"}))
			})
		}
		merge := func(id int64) {
			write(func(tx *db.Tx) error {
				_, err := desk.Merge(ctx, tx, ticket.By{Actor: amara}, kept.ID, []int64{id})
				return err
			})
		}
		on := func(id int64) (out []draft.Draft) {
			write(func(tx *db.Tx) (err error) {
				out, err = draft.On(ctx, tx, amara, id)
				return err
			})
			return out
		}
		save(gone.ID, "Good morning")
		merge(gone.ID)
		if got := on(kept.ID); len(got) != 1 || got[0].Text != "Good morning" {
			t.Fatalf("what was being written went along: %+v", got)
		}
		save(third.ID, "Good evening")
		merge(third.ID)
		if got := on(kept.ID); len(got) != 1 || got[0].Text != "Good morning" || len(got[0].Copies) != 1 || got[0].Copies[0].Text != "Good evening" {
			t.Errorf("two texts on one ticket: %+v", got)
		}
		write(func(tx *db.Tx) error {
			_, err := desk.UndoMerge(ctx, tx, ticket.By{Actor: amara}, third.ID)
			return err
		})
		if got := on(third.ID); len(got) != 1 || got[0].Text != "Good evening" {
			t.Errorf("after the undo: %+v", got)
		}
	})
}

func saved[T any](_ T, err error) error { return err }
