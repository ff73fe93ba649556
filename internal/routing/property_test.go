package routing_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/routing"
	"goodturn/internal/ticket"
)

// TestAssignmentIsFair has a team live through what happens at a desk, and holds each ticket that the desk gives to its rules.
func TestAssignmentIsFair(t *testing.T) {
	for _, e := range dbtest.Engines() {
		t.Run(string(e), func(t *testing.T) {
			f := setUp(t, dbtest.Open(t, e))
			rapid.Check(t, func(rt *rapid.T) { f.live(rt) })
		})
	}
}

// world is a team as the test knows it, without asking the package.
type world struct {
	*fixture
	rt     *rapid.T
	team   int64
	s      routing.Sharing
	people []person.Actor
	hold   map[int64]clock.Instant
	off    map[int64]bool
	since  map[int64]int // how many tickets were given by turn since the set of people who can be given something changed
	set    []int64
	open   []int64
}

func (f *fixture) live(rt *rapid.T) {
	w := &world{fixture: f, rt: rt, hold: map[int64]clock.Instant{}, off: map[int64]bool{}, since: map[int64]int{}}
	f.at = f.at.Add(1000 * time.Hour)
	w.s = routing.Sharing{
		Way:      rapid.SampledFrom([]routing.Way{routing.Turns, routing.Least}).Draw(rt, "way"),
		Capacity: int64(rapid.IntRange(0, 4).Draw(rt, "capacity")), LastHelper: false,
	}
	number := rapid.IntRange(1, 5).Draw(rt, "people")
	f.write(func(tx *db.Tx) error {
		w.team = must(person.SaveTeam(f.Context(), tx, person.Team{Slug: "t" + itoa(int64(f.at)), Name: "Team", Private: rapid.Bool().Draw(rt, "private")}))
		var ids []int64
		for i := range number {
			p := must(person.Create(f.Context(), tx, person.New{Name: fmt.Sprintf("Agent %d", i), Addresses: []string{fmt.Sprintf("a%d.%d@desk.example", f.at, i)}, Role: person.Agent}))
			ids = append(ids, p.ID)
			w.people = append(w.people, person.Actor{ID: p.ID})
		}
		w.s.TeamID = w.team
		if err := f.router.SaveSharing(f.Context(), tx, w.s); err != nil {
			return err
		}
		return person.SetMembers(f.Context(), tx, w.team, ids)
	})
	for range rapid.IntRange(1, 40).Draw(rt, "steps") {
		w.step()
	}
}

func (w *world) step() {
	who := rapid.SampledFrom(w.people).Draw(w.rt, "who")
	switch rapid.SampledFrom([]string{"ticket", "ticket", "ticket", "ticket", "solve", "call", "off", "time", "away"}).Draw(w.rt, "what") {
	case "ticket":
		w.comes()
	case "solve":
		if len(w.open) > 0 {
			w.solve(w.open[0])
			w.open = w.open[1:]
		}
	case "call":
		w.call(who)
		w.hold[who.ID] = max(w.hold[who.ID], w.at.Add(routing.LongCall))
	case "away":
		until := w.at.Add(2 * time.Hour)
		w.write(func(tx *db.Tx) error {
			_, err := tx.Exec(w.Context(), `INSERT INTO absence (person_id, from_at, until_at, note, hand_over, created_at, begun_at) VALUES ($1, $2, $3, '', 'keep', $2, $2)`, who.ID, w.at, until)
			return err
		})
		w.hold[who.ID] = max(w.hold[who.ID], until)
	case "off":
		w.off[who.ID] = !w.off[who.ID]
		on := !w.off[who.ID]
		w.write(func(tx *db.Tx) error { return person.Update(w.Context(), tx, who.ID, person.Change{Active: &on}) })
	case "time":
		w.at = w.at.Add(time.Duration(rapid.IntRange(1, 90).Draw(w.rt, "minutes")) * time.Minute)
	}
}

// load is what somebody has in the team.
func (w *world) load(id int64) (n int64) {
	w.write(func(tx *db.Tx) (err error) {
		n, err = db.One[int64](w.Context(), tx, `SELECT count(*) FROM ticket WHERE assignee_id = $1 AND turn = 'ours'`, id)
		return err
	})
	return n
}

func (w *world) comes() {
	loads := map[int64]int64{}
	var can []int64
	for _, p := range w.people {
		loads[p.ID] = w.load(p.ID)
		if !w.off[p.ID] && w.hold[p.ID] <= w.at && (w.s.Capacity == 0 || loads[p.ID] < w.s.Capacity) {
			can = append(can, p.ID)
		}
	}
	x := w.create("something", func(n *ticket.New) { n.Team = w.team })
	to := x.AssigneeID
	if len(can) == 0 {
		if to != 0 {
			w.rt.Fatalf("nobody can be given anything, and person %d has it", to)
		}
		return
	}
	w.open = append(w.open, x.ID)
	if !slices.Contains(can, to) {
		w.rt.Fatalf("person %d has it, of those who can be given something: %v", to, can)
	}
	if w.s.Way == routing.Least {
		if least := slices.MinFunc(can, func(a, b int64) int { return cmp.Compare(loads[a], loads[b]) }); loads[to] > loads[least] {
			w.rt.Fatalf("person %d with %d has it, and person %d has %d", to, loads[to], least, loads[least])
		}
		return
	}
	if !slices.Equal(can, w.set) {
		w.set, w.since = can, map[int64]int{}
	}
	w.since[to]++
	for _, p := range can {
		if w.since[to] > w.since[p]+1 {
			w.rt.Fatalf("person %d was given %d while person %d was given %d, of %v", to, w.since[to], p, w.since[p], can)
		}
	}
}

// TestTheSameTwice has one transaction run twice, as it does when the store asks for it: it decides the same.
func TestTheSameTwice(t *testing.T) {
	each(t, func(f *fixture) {
		f.shares(routing.Sharing{Way: routing.Turns, LastHelper: true, Capacity: 3})
		for range 7 {
			var first int64
			for _, keep := range []bool{false, true} {
				err := f.db.Write(f.Context(), func(tx *db.Tx) error {
					x, err := f.desk.Create(f.Context(), tx, ticket.By{Actor: person.System}, ticket.New{Requester: f.hana.ID, Team: f.team, Channel: ticket.ByMail, Message: ticket.Draft{Text: "the printer"}})
					if err == nil {
						err = tx.Settle()
					}
					if err != nil {
						return err
					}
					if x, err = ticket.Get(f.Context(), tx, person.System, person.SeeTicket, x.ID); err != nil {
						return err
					}
					if !keep {
						first = x.AssigneeID
						return errAgain
					}
					if x.AssigneeID != first || first == 0 {
						t.Errorf("the first time person %d had it, the second time person %d", first, x.AssigneeID)
					}
					return nil
				})
				if keep == (err != nil) {
					t.Fatal(err)
				}
			}
		}
	})
}

var errAgain = fmt.Errorf("the store asks for another try")
