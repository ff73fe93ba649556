package draft_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/draft"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// begun is a ticket with two agents.
func begun(t *testing.T, d *db.DB) (number int64, amara, jonas person.Actor) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		ctx := t.Context()
		team, err := person.SaveTeam(ctx, tx, person.Team{Slug: "desk", Name: "Desk"})
		if err != nil {
			return err
		}
		var ids []int64
		for _, name := range []string{"amara", "jonas", "hana"} {
			role := person.Agent
			if name == "hana" {
				role = person.Requester
			}
			p, err := person.Create(ctx, tx, person.New{Name: name, Role: role, Addresses: []string{name + "@example.com"}})
			if err != nil {
				return err
			}
			ids = append(ids, p.ID)
		}
		amara, jonas = person.Actor{ID: ids[0], Role: person.Agent}, person.Actor{ID: ids[1], Role: person.Agent}
		made, err := (&ticket.Desk{}).Create(ctx, tx, ticket.By{Actor: person.System}, ticket.New{Subject: "Printer", Requester: ids[2], Team: team, Message: ticket.Draft{Text: "It prints."}})
		number = made.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return number, amara, jonas
}

func TestSavesAtOnceLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		number, amara, _ := begun(t, d)
		texts := []string{"from the desk", "on the phone", "at home", "in the train"}
		var wg sync.WaitGroup
		for _, text := range texts {
			wg.Go(func() {
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := draft.Save(t.Context(), tx, amara, draft.Place{TicketID: number}, draft.Content{Text: text, Writer: text})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			all, err := draft.On(ctx, tx, amara, number)
			if err != nil || len(all) != 1 || all[0].Version != int64(len(texts)) {
				t.Fatalf("drafts %+v, %v", all, err)
			}
			kept := all[0].Text
			for _, c := range all[0].Copies {
				kept += c.Text
			}
			for _, text := range texts {
				if !strings.Contains(kept, text) {
					t.Errorf("%q is lost; there is %q", text, kept)
				}
			}
			has, err := draft.Of(ctx, tx, amara.ID, []int64{number, number + 1})
			if !has[number] || has[number+1] {
				t.Errorf("on %v", has)
			}
			return err
		})
	})
}

func TestOnlyWhoIsAskedSeesADraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		number, amara, jonas := begun(t, d)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			ctx := t.Context()
			saved, err := draft.Save(ctx, tx, amara, draft.Place{TicketID: number}, draft.Content{Text: "Half an answer"})
			if err != nil {
				return err
			}
			theirs := draft.Place{TicketID: number, ID: saved.ID}
			if _, err := draft.Find(ctx, tx, jonas, theirs); !fault.Is(err, fault.KindConflict) {
				t.Errorf("a colleague who was not asked: %v", err)
			}
			if _, err := draft.Ask(ctx, tx, amara, draft.Place{TicketID: number}, jonas.ID, "Kind enough?"); err != nil {
				return err
			}
			if _, err := draft.Save(ctx, tx, jonas, theirs, draft.Content{Text: "A whole answer", Version: saved.Version, Writer: "j"}); err != nil {
				return err
			}
			if _, err := draft.Ask(ctx, tx, jonas, theirs, 0, ""); !fault.Is(err, fault.KindDenied) {
				t.Errorf("who was asked asks on: %v", err)
			}
			if _, err := draft.Return(ctx, tx, jonas, theirs); err != nil {
				return err
			}
			if all, err := draft.On(ctx, tx, jonas, number); err != nil || len(all) != 0 {
				t.Errorf("after handing back: %+v, %v", all, err)
			}
			if mine, err := draft.Find(ctx, tx, amara, draft.Place{TicketID: number}); err != nil || mine.Text != "A whole answer" || mine.EditorID != jonas.ID {
				t.Errorf("draft %+v, %v", mine, err)
			}
			if _, err := tx.Exec(ctx, `UPDATE draft SET updated_at = updated_at - $1`, int64(draft.Kept/1e6)+1); err != nil {
				return err
			}
			if err := draft.Sweep(ctx, tx); err != nil {
				return err
			}
			if all, err := draft.On(ctx, tx, amara, number); err != nil || len(all) != 0 {
				t.Errorf("an old draft stays: %+v, %v", all, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func read(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}
