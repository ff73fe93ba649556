package notice

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/job"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/ticket"
)

// stage is a desk whose spine is listened to.
type stage struct {
	t      *testing.T
	db     *db.DB
	desk   *ticket.Desk
	center *Center
	people map[string]person.Person
	teams  map[string]int64
	mails  []Mail
	now    clock.Instant
}

func newStage(t *testing.T, d *db.DB) *stage {
	s := &stage{t: t, db: d, people: map[string]person.Person{}, teams: map[string]int64{}}
	queue := job.NewQueue(d, slog.New(slog.DiscardHandler), 1)
	s.center = &Center{DB: d, Queue: queue, Mail: func(_ context.Context, m Mail) error {
		s.mails = append(s.mails, m)
		return nil
	}}
	key, err := secret.NewSigner([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	s.center.Key, s.center.PublicURL = key, func() string { return "https://desk.example" }
	s.center.Handlers()
	s.desk = &ticket.Desk{Hooks: []ticket.Hook{s.center.Hook()}, Later: []ticket.Hook{s.center.Channels()}}
	s.now = clock.From(time.Date(2026, 11, 18, 10, 0, 2, 0, time.UTC)) // a Wednesday
	d.SetClock(func() clock.Instant { return s.now })
	s.write(func(ctx context.Context, tx *db.Tx) error {
		for _, x := range []person.Team{{Slug: "first-line", Name: "First line"}, {Slug: "people", Name: "People", Private: true}} {
			id, err := person.SaveTeam(ctx, tx, x)
			if err != nil {
				return err
			}
			s.teams[x.Slug] = id
		}
		for name, role := range map[string]person.Role{"amara": person.Agent, "jonas": person.Agent, "priya": person.Lead, "hana": person.Requester} {
			p, err := person.Create(ctx, tx, person.New{Name: strings.ToUpper(name[:1]) + name[1:], Role: role, Addresses: []string{name + "@example.com"}})
			if err != nil {
				return err
			}
			s.people[name] = p
		}
		return person.SetMembers(ctx, tx, s.teams["people"], []int64{s.people["jonas"].ID})
	})
	return s
}

func (s *stage) write(do func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	ctx := s.t.Context()
	if err := s.db.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx) }); err != nil {
		s.t.Fatal(err)
	}
}

// by does something as somebody.
func (s *stage) by(who string, do func(ctx context.Context, tx *db.Tx, by ticket.By) error) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, s.people[who].ID)
		if err != nil {
			return err
		}
		return do(ctx, tx, ticket.By{Actor: a})
	})
}

func (s *stage) made(team string) (t ticket.Ticket) {
	s.t.Helper()
	s.by("hana", func(ctx context.Context, tx *db.Tx, by ticket.By) (err error) {
		t, err = s.desk.Create(ctx, tx, by, ticket.New{Subject: "Printer", Requester: s.people["hana"].ID, Team: s.teams[team], Message: ticket.Draft{Text: "Half pages"}})
		return err
	})
	return t
}

// told lists what is unread for somebody as "kind by ×count", and checks the count.
func (s *stage) told(who string) string {
	s.t.Helper()
	var out []string
	s.write(func(ctx context.Context, tx *db.Tx) error {
		a, err := person.ActorOf(ctx, tx, s.people[who].ID)
		if err != nil {
			return err
		}
		all, err := List(ctx, tx, a, true, Cursor{}, 100)
		if err != nil {
			return err
		}
		n, err := Count(ctx, tx, a)
		if n != len(all) {
			s.t.Errorf("%d are counted and %d listed", n, len(all))
		}
		for _, x := range all {
			out = append(out, fmt.Sprintf("%s %s ×%d", x.Kind, x.ByName, x.Count))
		}
		return err
	})
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (s *stage) want(who, what string) {
	s.t.Helper()
	if got := s.told(who); got != what {
		s.t.Errorf("%s is told %q, want %q", who, got, what)
	}
}

func each(t *testing.T, test func(s *stage)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newStage(t, d)) })
}

func TestWhoIsToldWhat(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("first-line")
		say := func(who, text string, then ticket.Status) {
			s.t.Helper()
			s.by(who, func(ctx context.Context, tx *db.Tx, by ticket.By) error {
				if who == "hana" {
					_, err := s.desk.Answer(ctx, tx, by, tk.ID, ticket.Draft{Text: text})
					return err
				}
				_, err := s.desk.Reply(ctx, tx, by, tk.ID, ticket.Draft{Text: text}, then)
				return err
			})
		}
		s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.Assign(ctx, tx, by, tk.ID, s.people["amara"].ID)
		})
		s.want("amara", "assigned Jonas ×1")
		s.want("jonas", "")
		s.by("priya", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.Follow(ctx, tx, by, tk.ID, by.ID)
		})
		say("hana", "Any news?", "")
		say("hana", "Hello?", "")
		s.want("amara", "answered Hana ×2, assigned Jonas ×1")
		s.want("priya", "answered Hana ×2")
		s.write(func(ctx context.Context, tx *db.Tx) error { return Read(ctx, tx, s.people["amara"].ID, tk.ID) })
		s.want("amara", "")
		say("amara", "Done.", ticket.Solved)
		s.want("amara", "")
		s.want("priya", "answered Hana ×2, replied Amara ×1")
		say("hana", "Not at all.", "")
		s.want("amara", "back Hana ×1")
		s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			_, err := s.desk.Note(ctx, tx, by, tk.ID, ticket.Draft{Text: "Look at the drum."})
			return err
		})
		s.by("amara", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.Assign(ctx, tx, by, tk.ID, s.people["jonas"].ID)
		})
		s.want("amara", "back Hana ×1, noted Jonas ×1")
		s.want("jonas", "assigned Amara ×1")
		s.by("priya", func(ctx context.Context, tx *db.Tx, by ticket.By) error { return s.desk.Assign(ctx, tx, by, tk.ID, 0) })
		s.want("jonas", "assigned Amara ×1, taken Priya ×1")
		s.want("hana", "")
	})
}

func TestReadAllIsUndone(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("first-line")
		amara := s.people["amara"].ID
		s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.Assign(ctx, tx, by, tk.ID, amara)
		})
		var at clock.Instant
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			at, err = ReadAll(ctx, tx, amara, tx.Now)
			return err
		})
		s.want("amara", "")
		s.write(func(ctx context.Context, tx *db.Tx) error { return Unmark(ctx, tx, amara, at) })
		s.want("amara", "assigned Jonas ×1")
	})
}

// A private team's tickets are told of to its members alone, also when a ticket becomes private afterwards.
func TestNobodyIsToldOfWhatIsHidden(t *testing.T) {
	each(t, func(s *stage) {
		tk := s.made("first-line")
		s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.Assign(ctx, tx, by, tk.ID, s.people["amara"].ID)
		})
		s.want("amara", "assigned Jonas ×1")
		s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.MoveTo(ctx, tx, by, tk.ID, s.teams["people"])
		})
		s.want("amara", "")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO follower (ticket_id, person_id) VALUES ($1, $2)`, tk.ID, s.people["amara"].ID)
			return err
		})
		s.by("hana", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			_, err := s.desk.Answer(ctx, tx, by, tk.ID, ticket.Draft{Text: "It is about my salary."})
			return err
		})
		s.want("amara", "")
	})
}

func TestDigestHasWhatWasNotRead(t *testing.T) {
	each(t, func(s *stage) {
		amara := s.people["amara"].ID
		first, second := s.made("first-line"), s.made("first-line")
		give := func(id int64) {
			s.t.Helper()
			s.by("jonas", func(ctx context.Context, tx *db.Tx, by ticket.By) error { return s.desk.Assign(ctx, tx, by, id, amara) })
		}
		run := func() {
			s.t.Helper()
			if err := s.center.digest(s.t.Context(), fmt.Appendf(nil, `{"person":%d}`, amara)); err != nil {
				s.t.Fatal(err)
			}
		}
		give(first.ID)
		give(second.ID)
		jobs := func() (n int64) {
			s.write(func(ctx context.Context, tx *db.Tx) (err error) {
				n, err = db.One[int64](ctx, tx, `SELECT count(*) FROM job WHERE kind = $1`, digestJob)
				return err
			})
			return n
		}
		if n := jobs(); n != 1 {
			s.t.Errorf("%d jobs for one mail", n)
		}
		s.write(func(ctx context.Context, tx *db.Tx) error { return Read(ctx, tx, amara, first.ID) })
		run()
		run()
		if len(s.mails) != 1 || len(s.mails[0].Notices) != 1 || s.mails[0].Notices[0].TicketID != second.ID {
			s.t.Fatalf("mails: %+v", s.mails)
		}
		s.write(func(ctx context.Context, tx *db.Tx) error {
			c, err := ChoiceOf(ctx, tx, amara)
			if err != nil {
				return err
			}
			c.Digest, c.Page[Assigned] = Off, false
			return s.center.SetChoice(ctx, tx, amara, c)
		})
		give(s.made("first-line").ID)
		run()
		if len(s.mails) != 1 {
			s.t.Errorf("%d mails after they were switched off", len(s.mails))
		}
		s.want("amara", "assigned Jonas ×1") // the one that was mailed, and not the new one
	})
}

func TestDigestIsDue(t *testing.T) {
	c := &Center{Zone: time.UTC}
	at := func(text string) clock.Instant {
		t.Helper()
		when, err := time.Parse("2006-01-02 15:04:05", text)
		if err != nil {
			t.Fatal(err)
		}
		return clock.From(when)
	}
	for _, x := range []struct {
		now    string
		digest Digest
		zone   string
		want   string
	}{
		{"2026-11-22 10:20:30", Soon, "", "2026-11-22 10:23:00"},
		{"2026-11-22 10:20:30", Hourly, "", "2026-11-22 11:00:00"},
		{"2026-11-22 10:20:30", Daily, "", "2026-11-23 08:00:00"},
		{"2026-11-22 07:59:59", Daily, "", "2026-11-22 08:00:00"},
		{"2026-11-22 10:20:30", Daily, "America/New_York", "2026-11-22 13:00:00"},
		{"2026-03-28 20:00:00", Daily, "Europe/Berlin", "2026-03-29 06:00:00"}, // the clocks change in the night
	} {
		if got := c.due(at(x.now), Choice{Digest: x.digest, Hour: 8}, x.zone); got != at(x.want) {
			t.Errorf("%+v: %s", x, got.Time().UTC())
		}
	}
}

func TestRulesTell(t *testing.T) {
	each(t, func(s *stage) {
		tk, secret := s.made("first-line"), s.made("people")
		amara, jonas := s.people["amara"].ID, s.people["jonas"].ID
		say := func(tk ticket.Ticket, rule int64, name, text string) {
			s.t.Helper()
			s.write(func(ctx context.Context, tx *db.Tx) error {
				return s.center.TellByRule(ctx, tx, tk, rule, name, []int64{amara, jonas, s.people["hana"].ID, 999}, text)
			})
		}
		say(tk, 7, "Three days", "waits for\nthree days")
		say(tk, 7, "Three days", "waits for four days")
		say(tk, 8, "VIP", "")
		say(secret, 7, "Three days", "waits")
		s.want("amara", "rule  ×1, rule  ×2")
		s.want("jonas", "rule  ×1, rule  ×1, rule  ×2")
		s.want("hana", "")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			a, err := person.ActorOf(ctx, tx, amara)
			if err != nil {
				return err
			}
			all, err := List(ctx, tx, a, true, Cursor{}, 10)
			var words []string
			for _, n := range all {
				words = append(words, n.Words(ctx)+" | "+n.About()+" | "+n.Path())
			}
			slices.Sort(words)
			want := fmt.Sprintf("Rule “Three days”: waits for four days | #%d Printer | /tickets/%[1]d; Rule “VIP” | #%[1]d Printer | /tickets/%[1]d", tk.ID)
			if got := strings.Join(words, "; "); got != want {
				t.Errorf("says %q, want %q", got, want)
			}
			return err
		})
	})
}

func TestTellingWithoutATicket(t *testing.T) {
	each(t, func(s *stage) {
		priya := []int64{s.people["priya"].ID, s.people["hana"].ID}
		about := func(link, text string) (err error) {
			return s.db.Write(s.t.Context(), func(tx *db.Tx) error {
				return s.center.TellAbout(s.t.Context(), tx, priya, Failing, link, text)
			})
		}
		for range 2 {
			if err := about("/rules/3", "Your rule “VIP” failed on 3 tickets"); err != nil {
				t.Fatal(err)
			}
		}
		if err := about("/rules/4", "Your rule “Wake” failed"); err != nil {
			t.Fatal(err)
		}
		s.want("priya", "failing  ×1, failing  ×2")
		s.want("hana", "")
		for _, bad := range []string{"", "//evil.example/", "https://evil.example/"} {
			if err := about(bad, "Look"); err == nil {
				t.Errorf("%q is taken for a page of the desk", bad)
			}
		}
		s.write(func(ctx context.Context, tx *db.Tx) error { return ReadLink(ctx, tx, priya[0], "/rules/3") })
		s.want("priya", "failing  ×1")
	})
}

// A promise asks whoever has the ticket, and the whole team when nobody does.
func TestPromisesAskWhoCanKeepThem(t *testing.T) {
	each(t, func(s *stage) {
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return person.SetMembers(ctx, tx, s.teams["first-line"], []int64{s.people["amara"].ID, s.people["priya"].ID})
		})
		tk := s.made("first-line")
		promise := func(what ticket.What) {
			s.t.Helper()
			s.write(func(ctx context.Context, tx *db.Tx) error {
				return s.desk.Promise(ctx, tx, tk.ID, what, "", "solve", "1")
			})
		}
		promise(ticket.Warned)
		s.want("amara", "warned  ×1")
		s.want("priya", "warned  ×1")
		s.want("jonas", "")
		s.by("priya", func(ctx context.Context, tx *db.Tx, by ticket.By) error {
			return s.desk.Assign(ctx, tx, by, tk.ID, s.people["jonas"].ID)
		})
		promise(ticket.Breached)
		s.want("amara", "warned  ×1")
		s.want("jonas", "assigned Priya ×1, breached  ×1")
	})
}
