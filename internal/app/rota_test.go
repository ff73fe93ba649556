package app

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/button"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/shift"
	"goodturn/internal/ticket"
)

// TestWhoIsOnShiftDrivesTheDesk has tickets, chats and the line follow the rota: who is on shift, who is in a break, who covers.
func TestWhoIsOnShiftDrivesTheDesk(t *testing.T) {
	ctx := t.Context()
	a, err := Open(ctx, Config{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	write := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := a.DB.Write(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	people := map[string]person.Actor{}
	var team, hana, shiftID int64
	write(func(tx *db.Tx) error {
		team = must(db.One[int64](ctx, tx, `SELECT min(id) FROM team`))
		var members []int64
		for _, name := range []string{"Amara", "Jonas", "Priya"} {
			p := must(person.Create(ctx, tx, person.New{Name: name, Role: person.Agent, Addresses: []string{name + "@desk.example"}}))
			people[name] = must(person.ActorOf(ctx, tx, p.ID))
			members = append(members, p.ID)
		}
		hana = must(person.Create(ctx, tx, person.New{Name: "Hana", Role: person.Requester, Addresses: []string{"hana@example.com"}})).ID
		check(person.SetMembers(ctx, tx, team, members))
		now := tx.Now
		add := func(who string, from, until clock.Instant, breaks shift.Spans) int64 {
			return must(db.One[int64](ctx, tx, `INSERT INTO shift (team_id, day, slot, name, zone, from_at, until_at, breaks, skills, unloved, person_id, published, by_hand, created_at, changed_at)
				VALUES ($1, 1, 0, 'Desk', 'UTC', $2, $3, $4, '', 0, $5, TRUE, TRUE, $6, $6) RETURNING id`, team, from, until, breaks.String(), people[who].ID, now))
		}
		shiftID = add("Amara", now.Add(-time.Hour), now.Add(3*time.Hour), nil)
		add("Jonas", now.Add(-time.Hour), now.Add(3*time.Hour), shift.Spans{{From: now.Add(-time.Minute), Until: now.Add(time.Hour)}})
		check(button.Save(ctx, tx, button.Settings{Chat: true, ChatTeamID: team}))
		for _, p := range people {
			check(setTakesChats(ctx, tx, p))
		}
		return nil
	})
	a.Chats.There = func() []int64 { return []int64{people["Amara"].ID, people["Jonas"].ID, people["Priya"].ID} }
	// given are whom so many tickets go to, as the team shares them.
	given := func(s routing.Sharing, n int) (out []int64) {
		t.Helper()
		s.TeamID, s.Way = team, routing.Turns
		write(func(tx *db.Tx) error { return a.Router.SaveSharing(ctx, tx, s) })
		for range n {
			var made ticket.Ticket
			write(func(tx *db.Tx) (err error) {
				made, err = a.Tickets.Create(ctx, tx, ticket.By{Actor: person.System}, ticket.New{Subject: "Printer", Requester: hana, Team: team, Message: ticket.Draft{Text: "Half pages."}})
				return err
			})
			write(func(tx *db.Tx) error {
				out = append(out, must(ticket.Get(ctx, tx, person.System, person.SeeTicket, made.ID)).AssigneeID)
				return nil
			})
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	chats := func() (out []int64) {
		t.Helper()
		write(func(tx *db.Tx) error {
			out = must(a.Chats.Opening(ctx, tx)).Who
			return nil
		})
		return out
	}
	if got := given(routing.Sharing{AtWork: true}, 4); !slices.Equal(got, []int64{people["Amara"].ID}) {
		t.Errorf("tickets go to %v; Amara alone (%d) is at the desk", got, people["Amara"].ID)
	}
	if got := chats(); !slices.Equal(got, []int64{people["Amara"].ID}) {
		t.Errorf("chats go to %v", got)
	}
	// A break is not overridden by a team that gives work outside of hours too.
	if got := given(routing.Sharing{}, 6); slices.Contains(got, people["Jonas"].ID) || !slices.Contains(got, people["Priya"].ID) {
		t.Errorf("without hours tickets go to %v, and Jonas (%d) is in a break", got, people["Jonas"].ID)
	}
	// Covered, at once.
	var c shift.Cover
	write(func(tx *db.Tx) (err error) {
		c, err = a.Rota.AskCover(ctx, tx, people["Amara"], shiftID, shift.Span{From: tx.Now, Until: tx.Now.Add(time.Hour)})
		return err
	})
	write(func(tx *db.Tx) error {
		_, err := a.Rota.AcceptCover(ctx, tx, people["Priya"], c.ID)
		return err
	})
	if got := given(routing.Sharing{AtWork: true}, 3); !slices.Equal(got, []int64{people["Priya"].ID}) {
		t.Errorf("after that tickets go to %v, want Priya (%d)", got, people["Priya"].ID)
	}
	if got := chats(); !slices.Equal(got, []int64{people["Priya"].ID}) {
		t.Errorf("chats go to %v", got)
	}
	write(func(tx *db.Tx) error {
		notes := must(db.All[string](ctx, tx, `SELECT text FROM notice WHERE person_id = $1 AND kind = 'rota'`, people["Priya"].ID))
		if len(notes) != 1 || !strings.HasPrefix(notes[0], "Thank you for covering for Amara, ") {
			t.Errorf("Priya is told %q", notes)
		}
		return nil
	})
}

func setTakesChats(ctx context.Context, tx *db.Tx, p person.Actor) error {
	_, err := tx.Exec(ctx, `INSERT INTO live_chat_taker (person_id, since) VALUES ($1, $2)`, p.ID, tx.Now)
	return err
}
