package routing_test

import (
	"slices"
	"sync"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

func TestTicketsGoRoundByTurn(t *testing.T) {
	each(t, func(f *fixture) {
		if x := f.create("the printer"); x.AssigneeID != 0 {
			t.Fatalf("a team that shares nothing gave ticket %d to %d", x.ID, x.AssigneeID)
		}
		f.shares(routing.Sharing{Way: routing.Turns})
		for i, who := range []person.Actor{f.amara, f.jonas, f.priya, f.amara, f.jonas} {
			x := f.create("the printer, again")
			f.has(x.ID, who, routing.ByTurn)
			if x.Status != ticket.Open {
				t.Errorf("ticket %d is %s, want open: somebody has it", i, x.Status)
			}
		}
		f.write(func(tx *db.Tx) error { return switchOff(f, tx, f.priya) })
		f.has(f.create("once more").ID, f.amara, routing.ByTurn)
	})
}

func TestLeastToDo(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Least})
		x := f.create("one")
		f.has(x.ID, f.amara, routing.LeastToDo)
		f.has(f.create("two").ID, f.jonas, routing.LeastToDo)
		f.has(f.create("three").ID, f.priya, routing.LeastToDo)
		f.write(func(tx *db.Tx) error { return f.desk.Solve(f.Context(), tx, ticket.By{Actor: f.amara}, x.ID) })
		four := f.create("four")
		f.has(four.ID, f.amara, routing.LeastToDo)
		if why := f.why(four.ID); why.Open != 0 {
			t.Errorf("the reason says %d open", why.Open)
		}
		if why := f.why(f.create("five").ID); why.Open != 1 {
			t.Errorf("the reason says %d open, want 1", why.Open)
		}
	})
}

func TestLanguagesAndSkillsComeFirst(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns})
		f.write(func(tx *db.Tx) error {
			if err := routing.SetTags(f.Context(), tx, f.jonas.ID, []string{"de", "Printer"}); err != nil {
				return err
			}
			return routing.SetTags(f.Context(), tx, f.priya.ID, []string{"printer"})
		})
		german := f.create("Guten Tag, der Drucker im zweiten Stock druckt seit heute morgen nur noch halbe Seiten. Können Sie mir bitte helfen?")
		f.has(german.ID, f.jonas, routing.ByTurn)
		if why := f.why(german.ID); why.Speaks != "de" || why.Knows != nil {
			t.Errorf("the reason is %+v", why)
		}
		printer := f.create("Good morning, the printer prints half pages", func(n *ticket.New) { n.Tags = []string{"printer"} })
		f.has(printer.ID, f.priya, routing.ByTurn) // Jonas had his turn
		if why := f.why(printer.ID); !slices.Equal(why.Knows, []string{"printer"}) {
			t.Errorf("the reason is %+v", why)
		}
		f.has(f.create("Good morning, the phone is silent", func(n *ticket.New) { n.Tags = []string{"phone"} }).ID, f.amara, routing.ByTurn)
	})
}

func TestWhoHelpedLastComesFirst(t *testing.T) {
	each(t, func(f *fixture) {
		x := f.create("the printer")
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Reply(f.Context(), tx, ticket.By{Actor: f.priya}, x.ID, ticket.Draft{Text: "Good morning"}, ticket.Solved)
			if err == nil {
				err = f.desk.Assign(f.Context(), tx, ticket.By{Actor: f.priya}, x.ID, f.priya.ID)
			}
			return err
		})
		f.shares(routing.Sharing{Way: routing.Turns, LastHelper: true})
		f.has(f.create("the printer, again").ID, f.priya, routing.HelpedLast)
		f.shares(routing.Sharing{Way: routing.Turns})
		f.has(f.create("the printer, once more").ID, f.amara, routing.ByTurn)
	})
}

// Tickets that come at the same moment over several connections are not both given to the one whose turn it is.
func TestTicketsAtOnceGoRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		f.shares(routing.Sharing{Way: routing.Turns, Capacity: 5})
		var all sync.WaitGroup
		for range 15 {
			all.Go(func() {
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := f.desk.Create(t.Context(), tx, ticket.By{Actor: person.System}, ticket.New{Requester: f.hana.ID, Team: f.team, Channel: ticket.ByMail, Message: ticket.Draft{Text: "the printer"}})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		type row struct{ AssigneeID, Count int64 }
		f.write(func(tx *db.Tx) error {
			for _, r := range must(db.All[row](t.Context(), tx, `SELECT assignee_id, count(*) AS count FROM ticket GROUP BY assignee_id`)) {
				if r.AssigneeID == 0 || r.Count != 5 {
					t.Errorf("person %d has %d tickets, want 5 each", r.AssigneeID, r.Count)
				}
			}
			return nil
		})
	})
}

func TestReasonsAreReadAsWritten(t *testing.T) {
	for _, r := range []routing.Reason{
		{Why: routing.ByTurn}, {Why: routing.LeastToDo, Open: 3, Speaks: "de", Knows: []string{"printer", "größe_2.x"}}, {Why: routing.ForAway, Away: 17}, {Why: routing.RouteWas, Route: 3},
	} {
		got, ok := routing.ReadReason(r.Cause())
		if !ok || got.Why != r.Why || got.Open != r.Open || got.Speaks != r.Speaks || !slices.Equal(got.Knows, r.Knows) || got.Away != r.Away || got.Route != r.Route {
			t.Errorf("%q is read as %+v", r.Cause(), got)
		}
	}
	for _, other := range []string{"", "mail", "route", "route x", "routing:", "routing:boredom", "router 3"} {
		if r, ok := routing.ReadReason(other); ok {
			t.Errorf("%q is read as %+v", other, r)
		}
	}
}
