package automation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

func (s *stage) sweep() {
	s.Helper()
	if err := s.engine.Sweep(s.Context()); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) status(id int64, to ticket.Status) {
	s.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		return s.desk.SetStatus(ctx, tx, ticket.By{Actor: s.amara}, id, to)
	})
}

// office gives the desk its standard calendar: Monday to Friday, 9 to 17, UTC.
func (s *stage) office() {
	s.write(func(ctx context.Context, tx *db.Tx) error { return s.engine.Calendars.Begin(ctx, tx, "UTC") })
}

func TestPendingForWorkingDays(t *testing.T) {
	each(t, func(s *stage) {
		s.office()
		id := s.on("when pending for 3 working days\nif -tag:keep\nthen set status solved\nthen tag stale")
		s.now = s.now.Add(time.Hour) // Monday, 10:00
		x, keep := s.comes("Printer").ID, s.comes("Printer", func(n *ticket.New) { n.Tags = []string{"keep"} }).ID
		s.status(x, ticket.Pending)
		s.status(keep, ticket.Pending)
		for range 5 { // twice over, so that a mark that does not hold shows
			s.sweep()
		}
		s.now = monday.Add(3*24*time.Hour + time.Hour - time.Millisecond) // Thursday, a moment before 10:00
		s.sweep()
		s.want("before the time", s.get(x).Status, ticket.Pending)
		s.now = s.now.Add(time.Millisecond)
		s.sweep()
		s.want("status", s.get(x).Status, ticket.Solved)
		s.want("tags", s.tags(x), "stale")
		s.want("the other", s.get(keep).Status, ticket.Pending)
		s.sweep()
		s.want("runs", len(s.runs(id, "")), 1)
		s.want("why", s.runs(id, "")[0].Cause, "pending for 3 working days")
		// It is pending again: the time begins anew.
		s.status(x, ticket.Pending)
		s.now = s.now.Add(4 * 24 * time.Hour) // Monday
		s.sweep()
		s.want("over the weekend", s.get(x).Status, ticket.Pending)
		s.now = s.now.Add(24 * time.Hour)
		s.sweep()
		s.want("status", s.get(x).Status, ticket.Solved)
	})
}

func TestFromNowOnOrAlready(t *testing.T) {
	each(t, func(s *stage) {
		old := s.comes("Printer").ID
		s.status(old, ticket.Pending)
		s.now = s.now.Add(50 * time.Hour)
		young := s.comes("Printer").ID
		s.status(young, ticket.Pending)
		s.onFor(s.lena, "when pending for 2 days\nthen tag later", false)
		s.onFor(s.lena, "when pending for 2 days\nthen tag already", true)
		s.sweep()
		s.want("the old one", s.tags(old), "already")
		s.want("the young one", s.tags(young), "")
		s.now = s.now.Add(48 * time.Hour)
		s.sweep()
		s.want("the old one", s.tags(old), "already")
		s.want("the young one", s.tags(young), "already later")
	})
}

func TestWaitingUnansweredAndAge(t *testing.T) {
	each(t, func(s *stage) {
		s.on("when waiting for us for 4 hours\nthen tag waits")
		s.on("when no answer for 5 hours\nthen tag unanswered")
		s.on("when created 6 hours ago\nthen tag aged")
		open, answered := s.comes("Printer").ID, s.comes("Printer").ID
		asleep := s.comes("Printer").ID
		s.write(func(ctx context.Context, tx *db.Tx) error {
			if err := s.desk.Snooze(ctx, tx, ticket.By{Actor: s.amara}, asleep, ticket.Snooze{Mode: ticket.UntilAnswer}); err != nil {
				return err
			}
			_, err := s.desk.Reply(ctx, tx, ticket.By{Actor: s.amara}, answered, ticket.Draft{Text: "Done."}, ticket.Pending)
			return err
		})
		for range 7 * 6 {
			s.now = s.now.Add(10 * time.Minute)
			s.sweep()
		}
		s.want("open", s.tags(open), "aged unanswered waits")
		s.want("answered", s.tags(answered), "aged")
		s.want("asleep", s.tags(asleep), "aged unanswered")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return s.desk.Wake(ctx, tx, ticket.By{Actor: s.amara}, asleep)
		})
		s.want("awake", s.tags(asleep), "aged unanswered waits")
	})
}

func TestWhatIsPutBackIsNotForgotten(t *testing.T) {
	each(t, func(s *stage) {
		id := s.on("when pending for 2 days\nthen tag stale")
		x := s.comes("Printer").ID
		s.status(x, ticket.Pending)
		s.now = s.now.Add(24 * time.Hour)
		var done ticket.Applied
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			done, err = s.desk.Apply(ctx, tx, byAmara(s), x, []ticket.Action{{Do: ticket.DoStatus, Value: "solved"}})
			return err
		})
		for range 30 {
			s.now = s.now.Add(2 * time.Hour)
			s.sweep()
		}
		s.want("while it is solved", s.tags(x), "")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := s.desk.Revert(ctx, tx, byAmara(s), x, done)
			return err
		})
		s.want("once it is pending as before", s.tags(x), "stale")
		s.sweep()
		s.want("runs", len(s.runs(id, automation.Acted)), 1)
	})
}

func TestManyDueAtOneMoment(t *testing.T) {
	each(t, func(s *stage) {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			for range 70 {
				if _, err := s.desk.Create(ctx, tx, ticket.By{Actor: s.hana}, ticket.New{Requester: s.hana.ID, Team: s.first, Message: ticket.Draft{Text: "x"}}); err != nil {
					return err
				}
			}
			return nil
		})
		id := s.on("when created 1 hour ago\nthen tag aged")
		s.now = s.now.Add(time.Hour)
		s.sweep()
		s.want("acted", len(s.runs(id, automation.Acted)), 70)
	})
}

func TestACalendarThatIsGone(t *testing.T) {
	each(t, func(s *stage) {
		s.office()
		var c calendar.Row
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			c, err = s.engine.Calendars.Save(ctx, tx, calendar.Row{Name: "Nights", Definition: calendar.Standard("UTC")})
			return err
		})
		id := s.on("when pending for 4 working hours in nights\nthen tag x")
		s.write(func(ctx context.Context, tx *db.Tx) error { return s.engine.Calendars.Remove(ctx, tx, c.ID) })
		s.sweep()
		s.sweep()
		failures := s.runs(id, automation.Failed)
		s.want("failures", len(failures), 1)
		s.want("words", failures[0].Detail, "There is no calendar “nights”.")
		s.want("told", len(s.told), 1)
	})
}

func TestRecurringTickets(t *testing.T) {
	each(t, func(s *stage) {
		id := s.on("when every FREQ=WEEKLY;BYDAY=MO,TH from 2026-12-01 08:00 in Europe/Berlin\nthen create ticket for hana@example.org in first-line about Check the backups\n  | Restore one file.")
		s.on("when a ticket comes\nif subject:backups\nthen tag backup\nthen reply\n  | Thank you.")
		find := func() (ids []int64) {
			s.write(func(ctx context.Context, tx *db.Tx) (err error) {
				ids, err = db.All[int64](ctx, tx, `SELECT id FROM ticket ORDER BY id`)
				return err
			})
			return ids
		}
		s.sweep()
		s.want("on the Monday, after eight", len(find()), 0)
		s.now = clock.From(time.Date(2026, 12, 10, 7, 0, 0, 0, time.UTC)) // Thursday, 8:00 in Berlin
		s.sweep()
		s.sweep()
		all := find()
		s.want("tickets", len(all), 1)
		x := s.get(all[0])
		s.want("subject", x.Subject, "Check the backups")
		s.want("requester", x.RequesterID, s.hana.ID)
		s.want("tags", s.tags(x.ID), "backup")
		s.want("messages", len(s.said(x.ID)), 1)
		s.now = clock.From(time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC))
		s.sweep()
		s.want("tickets after the program stood still", len(find()), 2)
		s.want("runs", len(s.runs(id, automation.Acted)), 2)
	})
}

func TestRecurrencesThatCannotBe(t *testing.T) {
	each(t, func(s *stage) {
		for every, want := range map[string]string{
			"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30": "never comes round",
			"FREQ=SECONDLY":                       "once an hour at most",
			"FREQ=HOURLY;BYMINUTE=1,2":            "once an hour at most",
			"EVERY=DAY":                           "no recurrence rule",
			"FREQ=DAILY;COUNT=0;UNTIL=19990101":   "never comes round",
		} {
			d := automation.Definition{When: []automation.When{{On: automation.Recurs, Every: every, Start: "2026-12-01 08:00"}}, Then: []automation.Deed{{Do: automation.Create, To: []string{"hana@example.org"}, Value: "x", Text: "x"}}}
			s.write(func(ctx context.Context, tx *db.Tx) error {
				err := automation.Check(ctx, tx, s.lena, &automation.Rule{Name: "x", Definition: d})
				if !strings.Contains(words(err), want) {
					s.Errorf("%s: %v %s", every, err, words(err))
				}
				return nil
			})
		}
	})
}
