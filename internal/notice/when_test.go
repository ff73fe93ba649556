package notice

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func instant(t *testing.T, text string) clock.Instant {
	t.Helper()
	when, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return clock.From(when)
}

func TestQuietHours(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var q Quiet
	for d := range q.Days {
		q.Days[d] = Span{On: true, From: 20 * 60, To: 7 * 60}
	}
	q.Days[time.Saturday] = Span{On: true} // the whole day
	q.Days[time.Sunday] = Span{On: true}
	q.Days[time.Wednesday] = Span{On: true, From: 12 * 60, To: 13 * 60} // and no night
	for _, x := range []struct{ at, end string }{
		{"2026-11-16 18:59", ""},                 // Monday 19:59 in Berlin
		{"2026-11-16 19:00", "2026-11-17 06:00"}, // 20:00
		{"2026-11-17 05:59", "2026-11-17 06:00"},
		{"2026-11-17 06:00", ""},
		{"2026-11-18 11:30", "2026-11-18 12:00"}, // Wednesday noon
		{"2026-11-18 20:00", ""},
		{"2026-11-20 22:00", "2026-11-22 23:00"}, // Friday night, then the weekend, to Monday 00:00
		{"2026-03-27 20:00", "2026-03-29 22:00"}, // the same when the clocks go forward on Sunday
		{"2026-10-24 12:00", "2026-10-25 23:00"}, // and when they go back
	} {
		at := instant(t, x.at)
		end, quiet := q.until(at, zone)
		want := at
		if x.end != "" {
			want = instant(t, x.end)
		}
		if end != want || quiet != (x.end != "") {
			t.Errorf("%s: until %s (%t), want %q", x.at, end.Time().Format(time.DateTime), quiet, x.end)
		}
	}
	var always Quiet
	for d := range always.Days {
		always.Days[d] = Span{On: true}
	}
	if end, _ := always.until(instant(t, "2026-11-16 12:00"), zone); end.Sub(instant(t, "2026-11-16 12:00")) > 9*24*time.Hour {
		t.Error("what waits for the end of quiet that never ends waits for ever")
	}
}

// What the clocks show on the days they change, asked of every minute of them.
func TestWall(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns", "Africa/Cairo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for day := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
			first, last := map[int]clock.Instant{}, map[int]clock.Instant{}
			for at := day.Add(-30 * time.Hour); at.Before(day.Add(30 * time.Hour)); at = at.Add(time.Minute) {
				l := at.In(zone)
				if l.Day() != day.Day() || l.Month() != day.Month() || l.Minute()%5 != 0 && l.Minute() != 59 {
					continue
				}
				m := l.Hour()*60 + l.Minute()
				if _, ok := first[m]; !ok {
					first[m] = clock.From(at)
				}
				last[m] = clock.From(at)
			}
			for m := 0; m < dayMinutes; m += 5 {
				early, late := wall(day, m, zone, false), wall(day, m, zone, true)
				if _, shown := first[m]; shown && (early != first[m] || late != last[m]) {
					t.Fatalf("%s %s minute %d: %s and %s", name, day.Format(time.DateOnly), m, early.Time(), late.Time())
				} else if !shown {
					next := m
					for first[next] == 0 && next < dayMinutes {
						next += 5
					}
					if early != first[next] || late != early {
						t.Fatalf("%s %s minute %d is skipped: %s, want %s", name, day.Format(time.DateOnly), m, early.Time(), first[next].Time())
					}
				}
			}
		}
	}
}

func (s *stage) mailed() (out []string) {
	for _, m := range s.mails {
		var words []string
		for _, n := range m.Notices {
			words = append(words, string(n.Kind))
		}
		out = append(out, fmt.Sprintf("%s %d: %s", m.Form, m.Ticket, strings.Join(words, " ")))
	}
	s.mails = nil
	return out
}

// now has somebody mailed of everything at once.
func (s *stage) atOnce(who string, more func(c *Choice)) {
	s.chooses(who, func(c *Choice) {
		for _, k := range Kinds() {
			c.Now[k] = true
		}
		if more != nil {
			more(c)
		}
	})
}

func TestMailAtOnce(t *testing.T) {
	each(t, func(s *stage) {
		s.atOnce("amara", nil)
		first, second := s.made("first-line"), s.made("first-line")
		s.assign("jonas", first.ID, "amara")
		s.assign("jonas", second.ID, "amara")
		s.passes(time.Minute)
		s.is(s.mailed(), "now 1002: assigned", "now 1001: assigned")
		s.answers(first.ID)
		s.answers(first.ID)
		s.passes(time.Minute)
		s.is(s.mailed(), "now 1001: answered")
		s.passes(5 * time.Hour) // and it is not collected besides
		s.is(s.mailed())
		for range 30 {
			s.assign("jonas", s.made("first-line").ID, "amara")
		}
		s.passes(time.Minute)
		if len(s.mails) != 1 || len(s.mails[0].Notices) != 30 || s.mails[0].Ticket != 0 {
			t.Errorf("a storm is %q", s.mailed())
		}
	})
}

func TestMailsAMinuteAreBounded(t *testing.T) {
	each(t, func(s *stage) {
		s.atOnce("amara", nil)
		s.now = clock.From(time.Date(2026, 11, 18, 10, 0, 0, 0, time.UTC))
		for range 11 { // one every five seconds
			s.assign("jonas", s.made("first-line").ID, "amara")
			s.now = s.now.Add(gather)
			s.run()
		}
		if len(s.mails) != paceMost {
			t.Errorf("%d mails in a minute", len(s.mails))
		}
		s.passes(time.Minute)
		if len(s.mails) != paceMost+1 || len(s.mails[paceMost].Notices) != 11-paceMost {
			t.Errorf("%d mails, %q", len(s.mails), s.mailed())
		}
	})
}

func TestQuietHoursHoldMailsAndChats(t *testing.T) {
	each(t, func(s *stage) {
		r := newRoom(s)
		s.chats("amara", r)
		s.atOnce("amara", func(c *Choice) {
			for d := range c.Quiet.Days {
				c.Quiet.Days[d] = Span{On: true, From: 20 * 60, To: 7 * 60}
			}
			c.Quiet.Urgent = true
		})
		s.now = clock.From(time.Date(2026, 11, 18, 23, 0, 0, 0, time.UTC))
		for range 3 {
			s.assign("jonas", s.made("first-line").ID, "amara")
		}
		s.want("amara", "assigned Jonas ×1, assigned Jonas ×1, assigned Jonas ×1") // on the page at once
		s.passes(time.Hour)
		s.is(s.mailed())
		s.is(r.took())
		hot := s.made("first-line")
		s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.SetPriority(ctx, tx, by, hot.ID, ticket.Urgent)
		})
		s.assign("jonas", hot.ID, "amara")
		s.passes(time.Minute)
		s.is(s.mailed(), "now 1004: assigned")
		s.is(r.took(), "<https://desk.example/tickets/1004|#1004 Printer>: Jonas gave it to you")
		s.passes(8 * time.Hour) // to 08:01
		s.is(s.mailed(), "now 0: assigned assigned assigned")
		if got := r.took(); len(got) != 1 || strings.Count(got[0], "\n") != 2 {
			t.Errorf("the chat says %q", got)
		}
	})
}

func TestOverview(t *testing.T) {
	each(t, func(s *stage) {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return person.SetMembers(ctx, tx, s.teams["first-line"], []int64{s.people["amara"].ID})
		})
		s.chooses("amara", func(c *Choice) {
			c.Digest = Off
			c.Overview = Overview{Every: EveryWeek, Weekday: time.Thursday, Hour: 9}
		})
		mine, due, read, follows, solved := s.made("first-line"), s.made("first-line"), s.made("first-line"), s.made("first-line"), s.made("first-line")
		s.made("people")
		for _, x := range []ticket.Ticket{mine, due, read, solved} {
			s.assign("jonas", x.ID, "amara")
		}
		s.write(func(ctx context.Context, tx *db.Tx) error {
			if err := s.desk.SetDue(ctx, tx, due.ID, tx.Now.Add(48*time.Hour)); err != nil {
				return err
			}
			return Read(ctx, tx, s.people["amara"].ID, read.ID)
		})
		s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			if _, err := s.desk.Reply(ctx, tx, by, read.ID, ticket.Draft{Text: "Done?"}, ticket.Pending); err != nil {
				return err
			}
			if err := Read(ctx, tx, s.people["amara"].ID, read.ID); err != nil {
				return err
			}
			if err := s.desk.Follow(ctx, tx, by, follows.ID, s.people["amara"].ID); err != nil {
				return err
			}
			_, err := s.desk.Reply(ctx, tx, by, solved.ID, ticket.Draft{Text: "Done."}, ticket.Solved)
			return err
		})
		s.write(func(ctx context.Context, tx *db.Tx) error { return Read(ctx, tx, s.people["amara"].ID, solved.ID) })
		s.answers(follows.ID)
		s.passes(21 * time.Hour)
		s.is(s.mailed())
		s.passes(3 * time.Hour)
		if len(s.mails) != 1 {
			t.Fatalf("%d mails", len(s.mails))
		}
		ctx := i18n.With(t.Context(), "en", time.UTC)
		says := func(m Mail) string {
			var b strings.Builder
			for _, x := range m.Sections {
				fmt.Fprintf(&b, "[%s]\n", x.Part)
				for _, l := range x.Lines {
					fmt.Fprintf(&b, "%s: %s\n", l.About(), l.Text(ctx, x.Part, m.Now))
				}
			}
			return b.String()
		}
		want := `[due]
#1002 Printer: due 20 Nov 2026, 10:00 · Jonas gave it to you
[waits]
#1001 Printer: they wait since 18 Nov 2026, 10:00 · Jonas gave it to you
[news]
#1004 Printer: Hana answered
[teams]
First line: 1 ticket that nobody has · the longest wait began 23 hours ago
[solved]
#1005 Printer: 
`
		if got := says(s.mails[0]); !strings.EqualFold(strings.Map(notSpace, got), strings.Map(notSpace, want)) {
			t.Errorf("says:\n%s\nwant:\n%s", got, want)
		}
		s.mails = nil
		s.passes(6 * 24 * time.Hour)
		s.is(s.mailed())
		s.passes(24 * time.Hour)
		if len(s.mails) != 1 || strings.Contains(says(s.mails[0]), "gave it") || strings.Contains(says(s.mails[0]), "[news]") || strings.Contains(says(s.mails[0]), "[solved]") || !strings.Contains(says(s.mails[0]), "was due") {
			t.Errorf("a week later: %d mails", len(s.mails))
			for _, m := range s.mails {
				t.Log(says(m))
			}
		}
		s.mails = nil
		s.chooses("amara", func(c *Choice) { c.Overview.Every = Never })
		s.passes(15 * 24 * time.Hour)
		s.is(s.mailed())
	})
}

func notSpace(r rune) rune {
	if r == ' ' || r == '\u00a0' || r == '\u202f' {
		return -1
	}
	return r
}

func TestAnEmptyOverviewIsNotSent(t *testing.T) {
	each(t, func(s *stage) {
		s.chooses("priya", func(c *Choice) { c.Overview = Overview{Every: EveryDay, Hour: 7} })
		s.passes(50 * time.Hour)
		s.is(s.mailed())
	})
}

// What the page about it says of a night that ends where the clocks skip an hour.
func TestQuietEndsWhereTheClocksSkip(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var q Quiet
	q.Days[time.Saturday] = Span{On: true, From: 20 * 60, To: 2*60 + 30}
	if end, _ := q.until(instant(t, "2026-03-28 22:00"), zone); end != instant(t, "2026-03-29 01:00") {
		t.Errorf("until %s", end.Time())
	}
	if end, _ := q.until(instant(t, "2026-10-24 22:00"), zone); end != instant(t, "2026-10-25 01:30") {
		t.Errorf("in autumn until %s", end.Time())
	}
}
