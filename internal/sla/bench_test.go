package sla_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
)

// benchDesk is a desk with so many policies, of which the last holds; none for a desk without promises.
func benchDesk(b *testing.B, d *db.DB, policies int) (*ticket.Desk, *sla.Keeper, person.Actor, int64) {
	b.Helper()
	ctx := b.Context()
	log := slog.New(slog.DiscardHandler)
	desk := &ticket.Desk{}
	keeper := &sla.Keeper{DB: d, Desk: desk, Queue: job.NewQueue(d, log, 1), Calendars: &calendar.Store{}, Log: log}
	desk.Later = []ticket.Hook{keeper.Hook()}
	var who person.Actor
	var team int64
	err := d.Write(ctx, func(tx *db.Tx) error {
		if err := keeper.Calendars.Begin(ctx, tx, "Europe/Berlin"); err != nil {
			return err
		}
		team = need(person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"}))
		p := need(person.ByAddress(ctx, tx, person.Contact{Name: "Hana", Address: "hana@example.com"}))
		who = need(person.ActorOf(ctx, tx, p.ID))
		for i := range policies {
			x := standard()
			x.Name, x.Level, x.Active, x.Filter = fmt.Sprint("Policy ", i), sla.ToRequesters, true, fmt.Sprintf("tag:never-%d", i)
			if i == policies-1 {
				x.Filter = ""
			}
			if _, err := sla.Save(ctx, tx, keeper.Calendars, person.System, x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return desk, keeper, who, team
}

// BenchmarkTicket is a ticket that comes, is answered and waits, is written on by its requester, and is solved, in four transactions:
// without promises, and with the last of ten policies.
func BenchmarkTicket(b *testing.B) {
	for _, e := range dbtest.Engines() {
		for _, policies := range []int{0, 10} {
			b.Run(fmt.Sprintf("%s/%d policies", e, policies), func(b *testing.B) {
				d := dbtest.Open(b, e)
				desk, _, who, team := benchDesk(b, d, policies)
				ctx, by := b.Context(), ticket.By{Actor: person.System}
				write := func(fn func(tx *db.Tx) error) {
					if err := d.Write(ctx, fn); err != nil {
						b.Fatal(err)
					}
				}
				for b.Loop() {
					var x ticket.Ticket
					write(func(tx *db.Tx) (err error) {
						x, err = desk.Create(ctx, tx, ticket.By{Actor: who}, ticket.New{Subject: "No paper", Requester: who.ID, Team: team, Message: ticket.Draft{Text: "No paper in the printer"}})
						return err
					})
					write(func(tx *db.Tx) error {
						_, err := desk.Reply(ctx, tx, by, x.ID, ticket.Draft{Text: "Which one?", Author: who.ID}, ticket.Pending)
						return err
					})
					write(func(tx *db.Tx) error {
						_, err := desk.Answer(ctx, tx, by, x.ID, ticket.Draft{Text: "The one here", Author: who.ID})
						return err
					})
					write(func(tx *db.Tx) error {
						_, err := desk.Reply(ctx, tx, by, x.ID, ticket.Draft{Text: "Done", Author: who.ID}, ticket.Solved)
						return err
					})
				}
			})
		}
	}
}

// BenchmarkSweepOfAMillion looks for what is due among a million clocks, of which nothing is.
func BenchmarkSweepOfAMillion(b *testing.B) {
	if testing.Short() {
		b.Skip("it takes a minute to fill")
	}
	for _, e := range dbtest.Engines() {
		b.Run(string(e), func(b *testing.B) {
			d := dbtest.Open(b, e)
			_, keeper, who, team := benchDesk(b, d, 1)
			ctx := b.Context()
			fillClocks(ctx, b, d, who.ID, team, 1_000_000)
			b.ResetTimer()
			for b.Loop() {
				if err := keeper.Sweep(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fillClocks makes tickets with a running clock each that is due some time after tomorrow.
func fillClocks(ctx context.Context, b *testing.B, d *db.DB, who, team int64, n int) {
	b.Helper()
	const most = 1000
	tomorrow := clock.Now().Add(24 * time.Hour)
	for from := 0; from < n; from += most {
		var tickets, clocks [][]any
		for i := from; i < min(n, from+most); i++ {
			id, due := int64(i+1), tomorrow.Add(time.Duration(i)*time.Second)
			tickets = append(tickets, []any{id, "x", "open", true, "ours", "normal", "incident", "mail", team, who, "", "", 1, 1, 0, 0, 0, 1, 1})
			clocks = append(clocks, []any{id, "solve", 0, 1, "1/1/1", "running", "", 3_600_000, 0, 1, 1, due, due, 0, 0, 0, 0})
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := db.InsertRows(ctx, tx, "ticket (id, subject, status, is_open, turn, priority, kind, channel, team_id, requester_id, last_text, last_by, messages, waiting_since, answered_at, solved_at, closed_at, created_at, activity_at)", tickets); err != nil {
				return err
			}
			return db.InsertRows(ctx, tx, "sla_clock (ticket_id, promise, team_id, policy_id, terms, state, why, target, used, since, started_at, due_at, next_at, warned, ended_at, breached_at, brought_by)", clocks)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
