package sla_test

import (
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/sla"
	"goodturn/internal/ticket"
)

// solveIn is a policy that promises a solution within so many hours, which rest while pending.
func solveIn(targets map[ticket.Priority]int64, wall bool) sla.Policy {
	return sla.Policy{Name: "Example", Terms: sla.Terms{
		Wall: wall, Targets: map[sla.Promise]map[ticket.Priority]int64{sla.Solve: targets}, Rests: map[ticket.Status][]sla.Promise{ticket.Pending: {sla.Solve}},
	}}
}

// TestTheWorkedExamples are those of docs/sla.md.
func TestTheWorkedExamples(t *testing.T) {
	for _, x := range []struct {
		name, comes string
		policy      sla.Policy
		then        func(s *stage, id int64)
		due         string
		used        int64 // minutes, up to its last change
	}{
		{"over the night", "2026-03-02 15:00", solveIn(hours(4), false), nil, "2026-03-03 11:00", 0},
		{"over the change of the clocks", "2026-03-27 16:00", solveIn(hours(2), false), nil, "2026-03-30 10:00", 0},
		{"over the change of the clocks, on the wall", "2026-03-28 15:00", solveIn(hours(24), true), nil, "2026-03-29 16:00", 0},
		{"over Easter", "2026-04-02 16:00", solveIn(hours(4), false), nil, "2026-04-07 12:00", 0},
		{"a pause", "2026-03-02 09:00", solveIn(hours(8), false), func(s *stage, id int64) {
			s.drive("2026-03-02 11:00")
			s.reply(id, ticket.Pending)
			s.drive("2026-03-04 10:00")
			s.answer(id)
		}, "2026-03-04 16:00", 120},
		{"the priority is raised", "2026-03-02 09:00", solveIn(hours(16, ticket.Urgent, 12.0), false), func(s *stage, id int64) {
			s.drive("2026-03-03 10:00")
			s.write(func(tx *db.Tx) error {
				return s.desk.SetPriority(s.ctx, tx, ticket.By{Actor: s.amara}, id, ticket.Urgent)
			})
		}, "2026-03-03 13:00", 540},
		{"the priority is raised too late", "2026-03-02 09:00", solveIn(hours(16, ticket.Urgent, 8.0), false), func(s *stage, id int64) {
			s.drive("2026-03-03 10:00")
			s.write(func(tx *db.Tx) error {
				return s.desk.SetPriority(s.ctx, tx, ticket.By{Actor: s.amara}, id, ticket.Urgent)
			})
		}, "2026-03-03 10:00", 540},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := open(t, dbtest.Open(t, db.SQLite))
			s.write(func(tx *db.Tx) error {
				s.office.Definition.Regions = []string{"DE-BE"}
				_, err := s.keeper.Calendars.Save(s.ctx, tx, s.office)
				return err
			})
			s.policy(x.policy)
			s.at(x.comes)
			made := s.create("It does not work")
			if x.then != nil {
				x.then(s, made.ID)
			}
			s.is(made.ID, sla.Solve, sla.Running, x.due, x.used)
		})
	}
}

// TestEveryDueTimeIsExplained adds up what the explanation counts, on a ticket to which everything happened.
func TestEveryDueTimeIsExplained(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.policy(standard())
		s.at("2026-03-27 16:20")
		x := s.create("No paper")
		s.drive("2026-03-30 09:10")
		s.reply(x.ID, ticket.Pending)
		s.drive("2026-03-31 12:00")
		s.answer(x.ID)
		s.drive("2026-03-31 13:30")
		s.write(func(tx *db.Tx) error {
			return s.desk.SetPriority(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID, ticket.High)
		})
		s.status(x.ID, ticket.OnHold)
		s.drive("2026-04-01 10:00")
		s.status(x.ID, ticket.Open)
		s.drive("2026-04-01 11:00")
		s.write(func(tx *db.Tx) error {
			all, err := s.keeper.Explain(s.ctx, tx, x.ID, tx.Now)
			if err != nil {
				return err
			}
			if len(all) != 3 {
				t.Errorf("there are %d accounts", len(all))
			}
			for _, a := range all {
				sum, ahead, last := int64(0), int64(0), a.StartedAt
				for _, e := range a.Entries {
					if e.From != last {
						t.Errorf("%s: nothing is said of the time from %s to %s", a.Promise, s.clock(last), s.clock(e.From))
					}
					last = e.To
					if e.Counted > int64(e.To-e.From) || e.Counted != 0 && (e.Why != "" || e.Closed != "") || e.Counted == 0 && e.Why == "" && e.Closed == "" {
						t.Errorf("%s: what is said of %s is %+v", a.Promise, s.clock(e.From), e)
					}
					if e.Ahead {
						ahead += e.Counted
					} else {
						sum += e.Counted
					}
				}
				if sum != a.Spent {
					t.Errorf("%s: %v add up, and %v are used", a.Promise, time.Duration(sum)*time.Millisecond, time.Duration(a.Spent)*time.Millisecond)
				}
				if a.State == sla.Running && a.BreachedAt == 0 && (sum+ahead != a.Target || last != a.DueAt) {
					t.Errorf("%s: with what is ahead, %v of %v add up, up to %s; it is due at %s", a.Promise, sum+ahead, a.Target, s.clock(last), s.clock(a.DueAt))
				}
			}
			return nil
		})
	})
}

// TestAPolicyOfNoTicketCostsNothing has nothing written where nothing is promised.
func TestAPolicyOfNoTicketCostsNothing(t *testing.T) {
	s := open(t, dbtest.Open(t, db.SQLite))
	s.policy(sla.Policy{Name: "Nobody", Filter: "tag:never", Terms: solveIn(hours(1), false).Terms})
	x := s.create("No paper")
	s.reply(x.ID, ticket.Solved)
	s.write(func(tx *db.Tx) error {
		written, err := db.Exists(s.ctx, tx, `SELECT 1 FROM sla_ticket UNION ALL SELECT 1 FROM sla_clock UNION ALL SELECT 1 FROM event WHERE what LIKE 'sla%'`)
		if written {
			t.Error("something was written")
		}
		return err
	})
}

// TestNothingOfADeletedTicketStays purges one with clocks.
func TestNothingOfADeletedTicketStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.policy(standard())
		x := s.create("No paper")
		s.drive("2026-03-02 10:00")
		s.reply(x.ID, "")
		s.write(func(tx *db.Tx) error {
			if _, err := sla.Forget(s.ctx, tx, x.ID); err != nil {
				return err
			}
			left, err := db.Exists(s.ctx, tx, `SELECT 1 FROM sla_clock UNION ALL SELECT 1 FROM sla_span UNION ALL SELECT 1 FROM sla_ticket`)
			if left {
				t.Error("something stayed")
			}
			return err
		})
	})
}
