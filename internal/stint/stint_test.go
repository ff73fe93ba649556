package stint_test

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/draft"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/kb"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/redact"
	"goodturn/internal/secret"
	"goodturn/internal/stint"
	"goodturn/internal/ticket"
)

// fixture is a desk with a mentor, a lead, a private team, and a developer whose turn it is. Its clock is set by the test.
type fixture struct {
	*testing.T
	db                          *db.DB
	desk                        *ticket.Desk
	keeper                      *stint.Keeper
	at                          clock.Instant
	team, payroll               int64
	lead, mentor, dev, customer person.Actor
	mailed                      []stint.Letter
	told                        []string
	rota                        stint.Rota // none, unless a test has one
}

func each(t *testing.T, fn func(f *fixture)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := &fixture{T: t, db: d, at: clock.From(time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC))} // a Monday
		d.SetClock(func() clock.Instant { return f.at })
		f.desk = &ticket.Desk{}
		key, err := secret.NewSigner(bytes.Repeat([]byte("k"), 32))
		f.must(err)
		calendars := &calendar.Store{}
		f.keeper = &stint.Keeper{
			DB: d, Desk: f.desk, Key: key, Papercuts: &papercut.Book{DB: d},
			Hours: func(ctx context.Context, tx *db.Tx, _ int64) (*calendar.Calendar, error) {
				_, c, err := calendars.Standard(ctx, tx)
				return c, err
			},
			Mail: func(_ context.Context, _ *db.Tx, l stint.Letter) error { f.mailed = append(f.mailed, l); return nil },
			Tell: func(_ context.Context, _ *db.Tx, _ []int64, _ string, words i18n.Text) error {
				f.told = append(f.told, words.String())
				return nil
			},
			Rota: func(_ context.Context, _ *db.Tx, _ int64, _, _ clock.Instant) (stint.Rota, error) { return f.rota, nil },
		}
		f.desk.Later = []ticket.Hook{f.keeper.Hook()}
		f.write(func(ctx context.Context, tx *db.Tx) error {
			f.must(calendars.Begin(ctx, tx, "UTC"))
			var err error
			f.team, err = person.SaveTeam(ctx, tx, person.Team{Slug: "desk", Name: "Desk"})
			f.must(err)
			f.payroll, err = person.SaveTeam(ctx, tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true})
			f.must(err)
			f.lead, f.mentor = f.person(ctx, tx, "Priya Kaur", person.Lead), f.person(ctx, tx, "Amara Okafor", person.Agent)
			f.dev, f.customer = f.person(ctx, tx, "Dana Reyes", person.Requester), f.person(ctx, tx, "Hana Sato", person.Requester)
			f.must(person.SetMembers(ctx, tx, f.payroll, []int64{f.mentor.ID}))
			f.mentor = f.actor(ctx, tx, f.mentor.ID)
			f.must(person.SetJobs(ctx, tx, f.dev.ID, []person.Job{{Department: "Engineering", Job: "developer"}}))
			f.must(stint.SetMentor(ctx, tx, f.mentor, true))
			_, err = kb.Create(ctx, tx, f.lead, kb.New{Title: "The printer prints half pages", Body: "The printer prints half pages when the tray is set to Letter. Set the tray to A4.", Language: "en", Publish: true})
			return err
		})
		fn(f)
	})
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) person(ctx context.Context, tx *db.Tx, name string, role person.Role) person.Actor {
	p, err := person.Create(ctx, tx, person.New{Name: name, Role: role, Addresses: []string{strings.ToLower(strings.Fields(name)[0]) + "@example.com"}})
	f.must(err)
	return f.actor(ctx, tx, p.ID)
}

func (f *fixture) actor(ctx context.Context, tx *db.Tx, id int64) person.Actor {
	f.Helper()
	a, err := person.ActorOf(ctx, tx, id)
	f.must(err)
	return a
}

func (f *fixture) write(fn func(ctx context.Context, tx *db.Tx) error) {
	f.Helper()
	f.must(f.db.Write(f.Context(), func(tx *db.Tx) error { return fn(f.Context(), tx) }))
}

// ask makes a ticket of the customer's.
func (f *fixture) ask(subject, text string, team int64) (t ticket.Ticket) {
	f.Helper()
	f.write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = f.desk.Create(ctx, tx, ticket.By{Actor: person.System}, ticket.New{Subject: subject, Requester: f.customer.ID, Team: team, Message: ticket.Draft{Text: text}})
		return err
	})
	return t
}

// policy says that Engineering takes a turn of four hours every year.
func (f *fixture) policy() (p stint.Policy) {
	f.Helper()
	f.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = stint.SavePolicy(ctx, tx, f.lead, stint.Policy{Name: "Engineering", TeamID: f.team, Departments: []string{"Engineering"}, Minutes: 240, EveryMonths: 12, Active: true})
		return err
	})
	return p
}

// runs has the developer's turn begin.
func (f *fixture) runs() (s stint.Stint) {
	f.Helper()
	p := f.policy()
	f.write(func(ctx context.Context, tx *db.Tx) (err error) {
		s, err = f.keeper.Propose(ctx, tx, f.lead, p, f.dev.ID)
		f.must(err)
		f.must(f.keeper.Invite(ctx, tx, f.lead, s.ID))
		return f.keeper.Agree(ctx, tx, f.dev, s.ID)
	})
	f.at = s.FromAt
	f.must(f.keeper.Sweep(f.Context()))
	f.write(func(ctx context.Context, tx *db.Tx) (err error) {
		s, err = stint.Now(ctx, tx, f.dev.ID)
		f.dev = f.actor(ctx, tx, f.dev.ID)
		return err
	})
	if s.State != stint.Running {
		f.Fatalf("the stint does not run: %+v", s)
	}
	return s
}

// TestATurnFromProposalToDebrief goes the whole way: a date that fits, an invitation, a ticket of the starter line, a draft that the mentor
// sends, the end of all rights, and what became of what was seen.
func TestATurnFromProposalToDebrief(t *testing.T) {
	each(t, func(f *fixture) {
		asked := f.ask("Printer prints half pages", "Hello, the printer prints half pages. Call me at +49 30 1234567 or hana.private@example.net. Thanks, Hana", f.team)
		f.ask("A question nobody knows", "Zorgle the flumph.", f.team)
		s := f.runs()
		if at := s.FromAt.Time().UTC(); at.Hour() != 9 || at.Minute() != 30 || s.Length() != 4*time.Hour || s.FromAt < f.at || s.MentorID != f.mentor.ID {
			t.Errorf("from %v for %v beside %d", at, s.Length(), s.MentorID)
		}
		f.write(func(ctx context.Context, tx *db.Tx) error {
			fitting, err := f.keeper.Fitting(ctx, tx, f.dev)
			f.must(err)
			if len(fitting) != 1 || fitting[0].TicketID != asked.ID || fitting[0].Why[0].What != stint.KnownArticle {
				t.Fatalf("the starter line is %+v", fitting)
			}
			if _, err := stint.Read(ctx, tx, f.dev, asked.ID, redact.English); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("before it is lent: %v", err)
			}
			f.must(f.keeper.Take(ctx, tx, f.dev, asked.ID))
			f.dev = f.actor(ctx, tx, f.dev.ID)
			r, err := stint.Read(ctx, tx, f.dev, asked.ID, redact.English)
			f.must(err)
			if text := r.Said[0].Text; strings.Contains(text, "1234567") || strings.Contains(text, "example.net") || !strings.Contains(text, "half pages") || r.Name != "Hana Sato" || r.Said[0].Taken != 2 {
				t.Errorf("the guest reads %+v", r)
			}
			if _, err := ticket.Get(ctx, tx, f.dev, person.SeeTicket, asked.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("the desk's own page: %v", err)
			}
			if rows, err := ticket.List(ctx, tx, f.dev, person.SeeTicket, ticket.Page{Size: 10}); err == nil && len(rows.Items) > 0 {
				t.Errorf("in a list: %+v", rows)
			}
			_, err = draft.Save(ctx, tx, f.dev, draft.Place{TicketID: asked.ID}, draft.Content{Text: "Please set the tray to A4."})
			f.must(err)
			f.must(f.keeper.HandOn(ctx, tx, f.dev, asked.ID, "Kind enough?"))
			all, err := draft.On(ctx, tx, f.mentor, asked.ID)
			f.must(err)
			if len(all) != 1 || all[0].PersonID != f.dev.ID || all[0].AskedID != f.mentor.ID {
				t.Fatalf("the mentor has %+v", all)
			}
			if _, err := f.desk.Reply(ctx, tx, ticket.By{Actor: f.dev}, asked.ID, ticket.Draft{Text: "I send it myself"}, ticket.Solved); err == nil {
				t.Error("a guest has sent an answer")
			}
			now, err := ticket.Get(ctx, tx, f.mentor, person.ChangeTicket, asked.ID)
			if now.AssigneeID != f.mentor.ID {
				t.Errorf("it is with %d", now.AssigneeID)
			}
			return err
		})
		f.at = s.Until
		f.must(f.keeper.Sweep(f.Context()))
		f.write(func(ctx context.Context, tx *db.Tx) error {
			f.dev = f.actor(ctx, tx, f.dev.ID)
			if _, err := stint.Read(ctx, tx, f.dev, asked.ID, redact.English); !fault.Is(err, fault.KindNotFound) || f.dev.Guest {
				t.Errorf("after the end: %v, %+v", err, f.dev)
			}
			d := stint.Debrief{Saw: "Trays.", Points: []stint.Point{
				{Kind: stint.Papercut, Text: "The tray is Letter by default"},
				{Kind: stint.Papercut, Text: "  "},
				{Kind: stint.Product, Text: "Say which tray is wrong"},
				{Kind: stint.OutOfHand, Text: "Buy printers with one tray", Tickets: []int64{asked.ID, asked.ID + 1}},
			}, DeciderID: f.lead.ID, Thanks: "You were kind"}
			f.must(f.keeper.Debrief(ctx, tx, f.dev, s.ID, d))
			if err := f.keeper.Debrief(ctx, tx, f.dev, s.ID, d); !fault.Is(err, fault.KindConflict) {
				t.Errorf("twice: %v", err)
			}
			said, done, err := stint.DebriefOf(ctx, tx, s.ID)
			f.must(err)
			if !done || len(said.Points) != 3 || said.Points[0].PapercutID == 0 || said.Points[1].TicketID == 0 || said.Points[2].Hours <= 0 {
				t.Fatalf("the debrief is %+v", said)
			}
			for _, p := range said.Points[1:] {
				made, err := ticket.Get(ctx, tx, f.dev, person.SeeOwn, p.TicketID)
				if err != nil || p.Kind == stint.OutOfHand && made.AssigneeID != f.lead.ID {
					t.Errorf("%+v became %+v, %v", p, made, err)
				}
			}
			return nil
		})
	})
}

// TestNothingPrivateIsLent holds that a ticket which becomes private is gone for a guest at once, and that theirs end whatever is forgotten.
func TestNothingPrivateIsLent(t *testing.T) {
	each(t, func(f *fixture) {
		asked, secret := f.ask("Printer prints half pages", "The printer prints half pages.", f.team), f.ask("Printer prints half pages", "My salary is printed on half pages.", f.payroll)
		s := f.runs()
		f.write(func(ctx context.Context, tx *db.Tx) error {
			if err := f.keeper.Lend(ctx, tx, f.mentor, s.ID, secret.ID); !fault.Is(err, fault.KindConflict) {
				t.Errorf("a private ticket is lent: %v", err)
			}
			f.must(f.keeper.Lend(ctx, tx, f.mentor, s.ID, asked.ID))
			a := f.actor(ctx, tx, f.dev.ID)
			if _, err := stint.Read(ctx, tx, a, asked.ID, redact.English); err != nil {
				t.Errorf("what is lent: %v", err)
			}
			f.must(f.desk.MoveTo(ctx, tx, ticket.By{Actor: f.mentor}, asked.ID, f.payroll))
			for _, who := range []person.Actor{a, f.actor(ctx, tx, f.dev.ID)} { // also with rights that were read before
				if _, err := stint.Read(ctx, tx, who, asked.ID, redact.English); !fault.Is(err, fault.KindNotFound) {
					t.Errorf("after it became private: %v", err)
				}
			}
			return nil
		})
		f.at = s.Until // nobody sweeps
		f.write(func(ctx context.Context, tx *db.Tx) error {
			if a := f.actor(ctx, tx, f.dev.ID); a.Guest || len(a.Lent) > 0 || person.Can(a, person.VisitDesk, person.Thing{}) {
				t.Errorf("after its time, %+v", a)
			}
			return nil
		})
	})
}

// TestWhispersAreForTheTwo holds that nobody else hears them, and that they are gone some time after.
func TestWhispersAreForTheTwo(t *testing.T) {
	each(t, func(f *fixture) {
		s := f.runs()
		f.write(func(ctx context.Context, tx *db.Tx) error {
			f.must(f.keeper.Whisper(ctx, tx, f.dev, s.ID, 0, "Is he always so curt?"))
			if err := f.keeper.Whisper(ctx, tx, f.lead, s.ID, 0, "What do you two say?"); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("a third one whispers: %v", err)
			}
			if err := f.keeper.Whisper(ctx, tx, f.dev, s.ID, 0, " "); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("nothing is whispered: %v", err)
			}
			for who, want := range map[*person.Actor]int{&f.mentor: 1, &f.dev: 1, &f.lead: 0, &f.customer: 0} {
				if all, err := stint.Whispers(ctx, tx, *who, s, 0); err != nil || len(all) != want {
					t.Errorf("%s hears %v, %v", who.Name, all, err)
				}
			}
			return f.keeper.Finish(ctx, tx, f.dev, s.ID)
		})
		f.at = f.at.Add(stint.WhispersKept + time.Hour)
		f.must(f.keeper.Forget(f.Context()))
		f.write(func(ctx context.Context, tx *db.Tx) error {
			if n, err := db.One[int](ctx, tx, `SELECT count(*) FROM whisper`); err != nil || n != 0 {
				t.Errorf("%d whispers are kept, %v", n, err)
			}
			return nil
		})
	})
}

// TestAMentorWhoLeaves is replaced, or the leads are told that nobody is there.
func TestAMentorWhoLeaves(t *testing.T) {
	each(t, func(f *fixture) {
		s := f.runs()
		f.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE person SET active = FALSE WHERE id = $1`, f.mentor.ID); err != nil {
				return err
			}
			f.must(f.keeper.ReplaceMentor(ctx, tx, f.mentor.ID))
			now, err := stint.ByID(ctx, tx, s.ID)
			f.must(err)
			if now.MentorID != 0 || !strings.Contains(strings.Join(f.told, "\n"), "no mentor") {
				t.Errorf("beside %d; told %q", now.MentorID, f.told)
			}
			if err := f.keeper.Whisper(ctx, tx, f.dev, s.ID, 0, "Hello?"); !fault.Is(err, fault.KindConflict) {
				t.Errorf("whispering to nobody: %v", err)
			}
			if _, err := tx.Exec(ctx, `INSERT INTO whisper (stint_id, mentor_id, from_id, text, at) VALUES ($1, $2, $3, 'For Amara alone', $4)`, s.ID, f.mentor.ID, f.dev.ID, tx.Now); err != nil {
				return err
			}
			jonas := f.person(ctx, tx, "Jonas Weber", person.Agent)
			f.must(stint.SetMentor(ctx, tx, jonas, true))
			now.MentorID = f.mentor.ID
			if _, err := tx.Exec(ctx, `UPDATE stint SET mentor_id = $2 WHERE id = $1`, s.ID, f.mentor.ID); err != nil {
				return err
			}
			f.must(f.keeper.ReplaceMentor(ctx, tx, f.mentor.ID))
			if now, err = stint.ByID(ctx, tx, s.ID); now.MentorID != jonas.ID {
				t.Errorf("beside %d, want Jonas", now.MentorID)
			}
			if all, err := stint.Whispers(ctx, tx, jonas, now, 0); err != nil || len(all) != 0 {
				t.Errorf("a mentor who came later hears %v, %v", all, err)
			}
			return err
		})
	})
}

// TestStages goes from reading along to working alone, and a step back.
func TestStages(t *testing.T) {
	each(t, func(f *fixture) {
		asked := f.ask("Printer prints half pages", "The printer prints half pages.", f.team)
		f.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := f.keeper.Apprentice(ctx, tx, f.lead, f.team, f.dev.ID, f.mentor.ID)
			f.must(err)
			return f.desk.Assign(ctx, tx, ticket.By{Actor: f.mentor}, asked.ID, f.mentor.ID)
		})
		f.write(func(ctx context.Context, tx *db.Tx) error {
			s, err := stint.Now(ctx, tx, f.dev.ID)
			f.must(err)
			a := f.actor(ctx, tx, f.dev.ID)
			if _, err := stint.Read(ctx, tx, a, asked.ID, redact.English); err != nil {
				t.Errorf("reading along: %v", err)
			}
			if _, err := draft.Save(ctx, tx, a, draft.Place{TicketID: asked.ID}, draft.Content{Text: "Mine"}); !fault.Is(err, fault.KindNotFound) && !fault.Is(err, fault.KindDenied) {
				t.Errorf("who reads along has written: %v", err)
			}
			if err := f.keeper.SetStage(ctx, tx, f.dev, s.ID, stint.Drafts, "I can"); !fault.Is(err, fault.KindDenied) {
				t.Errorf("somebody let themselves go on: %v", err)
			}
			f.must(f.keeper.SetStage(ctx, tx, f.mentor, s.ID, stint.Drafts, "You read well"))
			a = f.actor(ctx, tx, f.dev.ID)
			if _, err := draft.Save(ctx, tx, a, draft.Place{TicketID: asked.ID}, draft.Content{Text: "Mine"}); err != nil {
				t.Errorf("a draft: %v", err)
			}
			f.must(f.keeper.SetStage(ctx, tx, f.dev, s.ID, stint.Shadow, "A little more reading"))
			all, err := stint.SignOffs(ctx, tx, a, s)
			if len(all) != 2 || all[1].ByID != f.dev.ID {
				t.Errorf("steps: %+v", all)
			}
			if none, _ := stint.SignOffs(ctx, tx, f.customer, s); len(none) > 0 {
				t.Errorf("others read the steps: %+v", none)
			}
			f.must(err)
			if _, err := f.keeper.Apprentice(ctx, tx, f.lead, f.team, f.dev.ID, f.mentor.ID); !fault.Is(err, fault.KindConflict) {
				t.Errorf("a second one at once: %v", err)
			}
			_, err = tx.Exec(ctx, `UPDATE person SET role = 'agent' WHERE id = $1`, f.dev.ID)
			return err
		})
		f.must(f.keeper.Sweep(f.Context()))
		f.write(func(ctx context.Context, tx *db.Tx) error {
			s, err := stint.Now(ctx, tx, f.dev.ID)
			if s.ID != 0 {
				t.Errorf("who works at the desk by now is a guest still: %+v", s)
			}
			return err
		})
	})
}

// TestWhoIsDue reads a policy: done, overdue, excused, and a date that does not fit.
func TestWhoIsDue(t *testing.T) {
	each(t, func(f *fixture) {
		p := f.policy()
		f.write(func(ctx context.Context, tx *db.Tx) error {
			all, err := stint.Standings(ctx, tx, p, nil)
			if len(all) != 1 || all[0].PersonID != f.dev.ID || all[0].Overdue(tx.Now) || !all[0].Overdue(tx.Now.Add(366*24*time.Hour)) {
				t.Errorf("at first: %+v", all)
			}
			f.must(err)
			if err := stint.Excuse(ctx, tx, f.lead, p.ID, f.dev.ID, " ", 0); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("without a reason: %v", err)
			}
			f.must(stint.Excuse(ctx, tx, f.lead, p.ID, f.dev.ID, "on parental leave", 0))
			if all, err = stint.Standings(ctx, tx, p, nil); all[0].Excuse == "" || all[0].Overdue(tx.Now.Add(1000*24*time.Hour)) {
				t.Errorf("excused: %+v", all)
			}
			f.must(err)
			f.must(stint.SetMentor(ctx, tx, f.mentor, false))
			if _, err := f.keeper.Propose(ctx, tx, f.lead, p, f.dev.ID); !fault.Is(err, fault.KindConflict) {
				t.Errorf("without a mentor: %v", err)
			}
			_, err = stint.SavePolicy(ctx, tx, f.lead, stint.Policy{Name: " ", TeamID: f.payroll, Minutes: 1, EveryMonths: 0})
			if x, ok := fault.Of(err); !ok || len(x.Fields) != 4 {
				t.Errorf("a policy that cannot be: %v", err)
			}
			if _, err := stint.SavePolicy(ctx, tx, f.mentor, p); !fault.Is(err, fault.KindDenied) {
				t.Errorf("an agent plans: %v", err)
			}
			return nil
		})
	})
}

// TestDates moves a turn in one step, as the guest and as who plans it; two guests never have one mentor at once.
func TestDates(t *testing.T) {
	each(t, func(f *fixture) {
		p := f.policy()
		var s stint.Stint
		f.write(func(ctx context.Context, tx *db.Tx) (err error) {
			other := f.person(ctx, tx, "Omar Haddad", person.Requester)
			f.must(person.SetJobs(ctx, tx, other.ID, []person.Job{{Department: "Engineering"}}))
			if s, err = f.keeper.Propose(ctx, tx, f.lead, p, f.dev.ID); err != nil {
				return err
			}
			second, err := f.keeper.Propose(ctx, tx, f.lead, p, other.ID)
			f.must(err)
			if second.FromAt < s.Until && s.FromAt < second.Until {
				t.Errorf("both at once: %v and %v", s.FromAt.Time(), second.FromAt.Time())
			}
			if err := f.keeper.Move(ctx, tx, f.dev, s.ID, second.Until); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("a date that nobody was told of: %v", err)
			}
			f.must(f.keeper.Invite(ctx, tx, f.lead, s.ID))
			if err := f.keeper.Move(ctx, tx, f.dev, s.ID, second.FromAt); !fault.Is(err, fault.KindConflict) {
				t.Errorf("onto a mentor who is taken: %v", err)
			}
			if err := f.keeper.Move(ctx, tx, f.dev, s.ID, clock.From(time.Date(2026, 12, 6, 10, 0, 0, 0, time.UTC))); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("onto a Sunday: %v", err)
			}
			if err := f.keeper.Move(ctx, tx, f.customer, s.ID, second.FromAt); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("by somebody else: %v", err)
			}
			dates, err := f.keeper.Dates(ctx, tx, s, 3, 0)
			f.must(err)
			if len(dates) != 3 {
				t.Fatalf("%d dates", len(dates))
			}
			f.must(f.keeper.Move(ctx, tx, f.dev, s.ID, dates[0].FromAt))
			s, err = stint.ByID(ctx, tx, s.ID)
			if s.State != stint.Agreed || s.Sequence != 1 || s.FromAt != dates[0].FromAt {
				t.Errorf("moved: %+v", s)
			}
			f.must(f.keeper.Decline(ctx, tx, f.dev, s.ID, "A release that week"))
			f.must(f.keeper.Cancel(ctx, tx, f.lead, s.ID))
			return err
		})
		if err := f.db.Write(t.Context(), func(tx *db.Tx) error { return f.keeper.Agree(t.Context(), tx, f.dev, s.ID) }); !fault.Is(err, fault.KindConflict) {
			t.Errorf("agreed to what was called off: %v", err)
		}
	})
}

// TestManyPeople counts by department in the store what the list says of each, and that a list which is too long says so.
func TestManyPeople(t *testing.T) {
	each(t, func(f *fixture) {
		f.write(func(ctx context.Context, tx *db.Tx) error {
			p, err := stint.SavePolicy(ctx, tx, f.lead, stint.Policy{Name: "All", TeamID: f.team, Minutes: 60, EveryMonths: 1, Active: true})
			f.must(err)
			for i := range 230 {
				who := f.person(ctx, tx, "P"+strconv.Itoa(i), person.Requester)
				f.must(person.SetJobs(ctx, tx, who.ID, []person.Job{{Department: []string{"Sales", "Legal"}[i%2]}}))
				switch i % 5 {
				case 0:
					f.must(stint.Excuse(ctx, tx, f.lead, p.ID, who.ID, "on leave", 0))
				case 1:
					_, err := tx.Exec(ctx, `INSERT INTO stint (policy_id, team_id, person_id, kind, stage, state, from_at, until, ended_at, created_at) VALUES ($1, $2, $3, 'stint', 'draft', 'over', $4, $4, $4, 0)`, p.ID, f.team, who.ID, tx.Now.Add(time.Duration(i)*24*time.Hour))
					f.must(err)
				}
			}
			if all, err := stint.ExcusesOf(ctx, tx, f.dev.ID); err != nil || len(all) != 0 {
				t.Errorf("%+v, %v", all, err)
			}
			now := tx.Now
			defer func() { tx.Now = now }()
			for _, days := range []int{0, 29, 30, 31, 75, 200} {
				tx.Now = now.Add(time.Duration(days) * 24 * time.Hour)
				counts, err := stint.Tallies(ctx, tx, p)
				f.must(err)
				listed := 0
				for _, c := range counts {
					all, err := stint.Standings(ctx, tx, p, &c.Department)
					f.must(err)
					want := stint.Tally{Department: c.Department, People: len(all)}
					for _, x := range all {
						if x.Excuse != "" {
							want.Excused++
						}
						if x.Overdue(tx.Now) {
							want.Overdue++
						}
						if x.LastAt != 0 && x.DueAt > tx.Now {
							want.Done++
						}
					}
					if c != want {
						t.Errorf("after %d days: counted %+v, listed %+v", days, c, want)
					}
					listed += len(all)
				}
				if all, err := stint.Standings(ctx, tx, p, nil); err != nil || len(all) != stint.MostStandings || listed != 232 || all[0].Excuse != "" {
					t.Errorf("%d of %d listed, %v", len(all), listed, err)
				}
			}
			return nil
		})
	})
}
