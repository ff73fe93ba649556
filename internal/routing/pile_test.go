package routing_test

import (
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

func (f *fixture) pass(d time.Duration) {
	f.Helper()
	f.at = f.at.Add(d)
	f.sweep()
}

func (f *fixture) sweep() {
	f.Helper()
	if err := f.router.Sweep(f.Context()); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) nobodyHas(id int64) {
	f.Helper()
	if t := f.get(id); t.AssigneeID != 0 {
		f.Fatalf("ticket %d was given to person %d because of %+v", id, t.AssigneeID, f.why(id))
	}
}

func (f *fixture) solve(id int64) {
	f.Helper()
	f.write(func(tx *db.Tx) error { return f.desk.Solve(f.Context(), tx, ticket.By{Actor: f.lead}, id) })
}

func (f *fixture) call(who person.Actor) {
	f.Helper()
	f.write(func(tx *db.Tx) error { return routing.BeginCall(f.Context(), tx, who.ID) })
}

func TestWhatIsAboveTheLimitWaitsInOrder(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns, Capacity: 1})
		var have []int64
		for range 3 {
			have = append(have, f.create("one each").ID)
		}
		low := f.create("this waits", func(n *ticket.New) { n.Priority = ticket.Low })
		urgent := f.create("this waits less", func(n *ticket.New) { n.Priority = ticket.Urgent })
		f.nobodyHas(low.ID)
		f.nobodyHas(urgent.ID)
		f.pass(time.Minute)
		f.nobodyHas(urgent.ID)
		f.solve(have[1])
		f.sweep()
		f.has(urgent.ID, f.jonas, routing.ByTurn)
		f.nobodyHas(low.ID)
		f.write(func(tx *db.Tx) error { // what waits for them makes room too
			_, err := f.desk.Reply(f.Context(), tx, ticket.By{Actor: f.amara}, have[0], ticket.Draft{Text: "Which room?"}, ticket.Pending)
			return err
		})
		f.sweep()
		f.has(low.ID, f.amara, routing.ByTurn)
	})
}

func TestALimitOfTheirOwn(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns})
		f.write(func(tx *db.Tx) error {
			return routing.SaveShares(f.Context(), tx, f.team, []routing.Share{{PersonID: f.amara.ID, Capacity: 0}, {PersonID: f.jonas.ID, Capacity: 1}})
		})
		f.has(f.create("one").ID, f.jonas, routing.ByTurn)
		f.has(f.create("two").ID, f.priya, routing.ByTurn)
		f.has(f.create("three").ID, f.priya, routing.ByTurn)
		f.refused("capacity-"+itoa(f.priya.ID), func(tx *db.Tx) error {
			return routing.SaveShares(f.Context(), tx, f.team, []routing.Share{{PersonID: f.priya.ID, Capacity: 5000}})
		})
	})
}

func TestALongCallHoldsWhatIsGiven(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns})
		f.call(f.amara)
		f.has(f.create("one").ID, f.jonas, routing.ByTurn)
		f.call(f.jonas)
		f.call(f.priya)
		waits := f.create("two")
		f.nobodyHas(waits.ID)
		f.pass(30 * time.Minute)
		f.nobodyHas(waits.ID)
		f.write(func(tx *db.Tx) error { return f.router.EndCall(f.Context(), tx, f.priya.ID) })
		f.sweep()
		f.has(waits.ID, f.priya, routing.ByTurn)
		f.call(f.priya)
		late := f.create("three")
		f.pass(31 * time.Minute) // those of Amara and Jonas end by themselves
		f.has(late.ID, f.amara, routing.ByTurn)
	})
}

func TestWhatIsGivenBackIsNotGivenOnAtOnce(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns})
		x := f.create("one")
		f.write(func(tx *db.Tx) error { return f.desk.Assign(f.Context(), tx, ticket.By{Actor: f.amara}, x.ID, 0) })
		f.pass(time.Minute)
		f.nobodyHas(x.ID)
		f.write(func(tx *db.Tx) error {
			return f.desk.SetStatus(f.Context(), tx, ticket.By{Actor: f.amara}, x.ID, ticket.Solved)
		})
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Answer(f.Context(), tx, ticket.By{Actor: f.hana}, x.ID, ticket.Draft{Text: "It is back"})
			return err
		})
		f.has(x.ID, f.jonas, routing.ByTurn) // it came back, and nobody has it
	})
}

func TestAMoveGivesTheTicketInItsNewTeam(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{TeamID: f.private, Way: routing.Least})
		x := f.create("my payslip")
		f.nobodyHas(x.ID)
		f.write(func(tx *db.Tx) error {
			return f.desk.MoveTo(f.Context(), tx, ticket.By{Actor: f.amara}, x.ID, f.private)
		})
		f.has(x.ID, f.jonas, routing.LeastToDo)
	})
}

// What somebody has in a private team is nobody else's to know: it counts there alone.
func TestPrivateTicketsDoNotCountElsewhere(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{TeamID: f.private, Way: routing.Turns})
		f.shares(routing.Sharing{Way: routing.Least})
		for range 3 {
			f.has(f.create("my payslip", func(n *ticket.New) { n.Team = f.private }).ID, f.jonas, routing.ByTurn)
		}
		f.has(f.create("one").ID, f.amara, routing.LeastToDo)
		x := f.create("two")
		f.has(x.ID, f.jonas, routing.LeastToDo)
		if why := f.why(x.ID); why.Open != 0 {
			t.Errorf("the reason tells of %d tickets that nobody may know of", why.Open)
		}
	})
}

func TestRoutesLeadToTeams(t *testing.T) {
	each(t, func(f *fixture) {
		var network int64
		var first, second int64
		f.write(func(tx *db.Tx) error {
			network = must(person.SaveTeam(f.Context(), tx, person.Team{Slug: "network", Name: "Network"}))
			first = must(routing.SaveRoute(f.Context(), tx, routing.Route{Filter: "payslip", TeamID: f.private, Active: true}))
			second = must(routing.SaveRoute(f.Context(), tx, routing.Route{Filter: "channel:form,mail subject:vpn", TeamID: network, Active: true}))
			return nil
		})
		f.shares(routing.Sharing{TeamID: f.private, Way: routing.Turns})
		pay := f.create("my payslip is wrong, and the vpn too")
		if pay.TeamID != f.private {
			t.Fatalf("it went to team %d", pay.TeamID)
		}
		f.has(pay.ID, f.jonas, routing.ByTurn)
		f.write(func(tx *db.Tx) error {
			for _, e := range must(ticket.Events(f.Context(), tx, pay.ID)) {
				if e.What == ticket.TeamChanged && e.Cause != "route "+itoa(first) {
					t.Errorf("the spine says %q", e.Cause)
				}
			}
			return routing.MoveRoute(f.Context(), tx, second, true)
		})
		if x := f.create("vpn and payslip", func(n *ticket.New) { n.Subject = "vpn" }); x.TeamID != network {
			t.Errorf("moved up, the route of the network comes first: it went to team %d", x.TeamID)
		}
		if x := f.create("vpn", func(n *ticket.New) { n.Subject = "vpn"; n.Channel = ticket.ByPhone }); x.TeamID != f.team {
			t.Errorf("what a colleague wrote down went to team %d", x.TeamID)
		}
		if x := f.create("payslip", func(n *ticket.New) { n.Team = network }); x.TeamID != network {
			t.Errorf("what a program gave a team went to team %d", x.TeamID)
		}
		f.refused("filter", func(tx *db.Tx) error {
			_, err := routing.SaveRoute(f.Context(), tx, routing.Route{Filter: "team:nowhere", TeamID: network})
			return err
		})
		f.refused("filter", func(tx *db.Tx) error {
			_, err := routing.SaveRoute(f.Context(), tx, routing.Route{Filter: " ", TeamID: network})
			return err
		})
		f.refused("team", func(tx *db.Tx) error {
			_, err := routing.SaveRoute(f.Context(), tx, routing.Route{Filter: "vpn"})
			return err
		})
	})
}

// A mail that was put aside is led and given once somebody says that it is wanted, and not before.
func TestASuspectTicketIsRoutedWhenItIsWanted(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns})
		x := f.create("you have won", func(n *ticket.New) { n.Suspect = true })
		f.nobodyHas(x.ID)
		f.at = f.at.Add(time.Hour)
		f.write(func(tx *db.Tx) error { return f.desk.MarkWanted(f.Context(), tx, ticket.By{Actor: f.priya}, x.ID) })
		f.has(x.ID, f.amara, routing.ByTurn)
	})
}
