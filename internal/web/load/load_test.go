package load

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/forecast"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/proposal"
	"goodturn/internal/quiet"
	"goodturn/internal/secret"
	"goodturn/internal/shift"
	"goodturn/internal/stint"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
	"goodturn/internal/web/ui/uitest"
)

// monday is 23 November 2026, half past nine in UTC.
var monday = clock.From(time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC))

func samples() map[string]templ.Component {
	at := func(hours float64) clock.Instant { return monday.Add(time.Duration(hours * float64(time.Hour))) }
	hour := func(h float64, people, planned int) proposal.Hour {
		return proposal.Hour{Hour: forecast.Hour{At: at(h), Mean: 3, Low: 1, High: 5}, Open: true, People: people, Planned: planned, Lies: 2}
	}
	on := func(name string, h float64) OnShift {
		return OnShift{Shift: shift.Shift{FromAt: at(h), UntilAt: at(h + 8)}, Name: name}
	}
	broken := on("Jonas Lind", -3)
	broken.Back = at(.5)
	first := person.Team{ID: 1, Name: "First line"}
	whole := TeamPart{
		Team: first, Now: monday, Here: []OnShift{on("Amara Okafor", -2), broken}, Next: []OnShift{on("ليلى حداد", 3), on("", 3)}, Waiting: 12, Free: 4, LastHour: 3, Today: 9, Rota: true,
		Outlook: proposal.Outlook{Pace: 2.5, Measured: forecast.Measured{Weeks: 8, Days: forecast.Error{Off: .2, AsLastWeek: .3}}},
		Hours:   []proposal.Hour{hour(-.5, 2, 2), hour(.5, 3, 1), hour(1.5, 1, 1)},
		Days:    []DayPart{{Date: calendar.DateAt(monday.Time()), Comes: 31.4, Needed: 14, Planned: 12, Short: []string{"10:00–11:00: 2 more", "12", "13", "14"}}, {Date: calendar.DateAt(monday.Time()) + 1}},
	}
	little := TeamPart{Team: person.Team{ID: 2, Name: "Network"}, Now: monday, Waiting: 1, Free: 1, Outlook: proposal.Outlook{Little: &forecast.TooLittle{Weeks: 1, NeedWeeks: 3, Counted: 5, NeedCount: 60}}}
	guest := Guest{Stint: stint.Stint{ID: 1, FromAt: at(20), State: stint.Invited}, Name: "Hana Sato", Mentor: "Priya Kaur"}
	view := View{
		Site: "Goodturn", Nav: page.Nav{Me: page.Me{Name: "Ruth"}}, Now: monday, Teams: []person.Team{first, little.Team}, Parts: []TeamPart{whole, little},
		Turns: Turns{Today: []Guest{guest}, Soon: []Guest{guest}, Undated: []Guest{guest}, Overdue: 3, Mentors: []MentorPart{{"Priya Kaur", []Guest{guest, guest}}}, Alone: []string{"First line: Priya is the only mentor"}, None: []string{"Network"}},
		Cards: []thanks.Card{{ID: 1, Text: "Danke", FromName: "Hana", ToName: "Jonas", ToID: 2}, {ID: 2, Text: "Thank you"}}, Quiet: quiet.Told{People: 4},
	}
	one := view
	one.Only, one.Parts = 1, []TeamPart{whole}
	more := View{Site: "Goodturn", Parts: []TeamPart{little}, Only: 2, Now: monday, Quiet: quiet.Told{People: 3, OrMore: true}}
	return map[string]templ.Component{"whole": Page(view), "team": Page(one), "little": Page(more), "empty": Page(View{Site: "Goodturn", Now: monday})}
}

func TestPagesAreSound(t *testing.T) {
	for _, lang := range []string{"en", "de"} {
		for name, c := range samples() {
			t.Run(lang+"/"+name, func(t *testing.T) {
				uitest.Sound(t, uitest.Render(t, i18n.With(context.Background(), lang, time.UTC), c))
			})
		}
	}
}

// stage is a desk with a team of three, a private team with one, and a clock that the test sets.
type stage struct {
	*testing.T
	db            *db.DB
	url           string
	now           clock.Instant
	rota          *shift.Rota
	desk          *ticket.Desk
	team, private int64
	people        map[string]person.Actor
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func newStage(t *testing.T, d *db.DB) *stage {
	t.Helper()
	s := &stage{T: t, db: d, now: monday, people: map[string]person.Actor{}, desk: &ticket.Desk{}}
	d.SetClock(func() clock.Instant { return s.now })
	key := must(secret.NewSigner(bytes.Repeat([]byte("k"), 32)))
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	site := &page.Site{DB: d, Key: key, Hub: live.New(10), Log: log, Zone: time.UTC, Door: &person.Door{DB: d, Key: key, Log: log}}
	s.rota = &shift.Rota{DB: d, Queue: job.NewQueue(d, log, 1), Key: key, Log: log, Zone: time.UTC}
	s.rota.Handlers()
	office := must(calendar.Compile(calendar.Standard("UTC")))
	planner := &proposal.Planner{DB: d, Rota: s.rota, Log: log, Hours: func(context.Context, *db.Tx, int64) (*calendar.Calendar, error) { return office, nil }}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	site.Mount(mux, Routes(&Load{Site: site, Planner: planner, Quiet: &quiet.Keeper{DB: d}}))
	server := httptest.NewServer(must(site.Guard(mux)))
	t.Cleanup(server.Close)
	s.url = server.URL
	s.write(func(tx *db.Tx) error {
		s.team = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		s.private = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		var ids []int64
		for name, role := range map[string]person.Role{"Amara": person.Agent, "Jonas": person.Agent, "Priya": person.Agent, "Lena": person.Lead, "Hana": person.Requester, "Omar": person.Requester} {
			p := must(person.Create(t.Context(), tx, person.New{Name: name, Role: role, Addresses: []string{name + "@desk.example"}}))
			s.people[name] = person.Actor{ID: p.ID}
			if role == person.Agent {
				ids = append(ids, p.ID)
			}
		}
		if err := person.SetMembers(t.Context(), tx, s.private, []int64{s.people["Amara"].ID}); err != nil {
			return err
		}
		return person.SetMembers(t.Context(), tx, s.team, ids)
	})
	for name, a := range s.people {
		s.write(func(tx *db.Tx) error { s.people[name] = must(person.ActorOf(t.Context(), tx, a.ID)); return nil })
	}
	return s
}

func (s *stage) write(fn func(tx *db.Tx) error) {
	s.Helper()
	if err := s.db.Write(s.Context(), fn); err != nil {
		s.Fatal(err)
	}
}

// sees gives what a page shows to somebody.
func (s *stage) sees(name string, status int, path string) (string, *html.Node) {
	s.Helper()
	jar := must(cookiejar.New(nil))
	s.write(func(tx *db.Tx) error {
		token, err := person.StartSession(s.Context(), tx, s.people[name].ID, "Firefox", "192.0.2.7")
		jar.SetCookies(must(url.Parse(s.url)), []*http.Cookie{{Name: "goodturn-session", Value: token, Path: "/"}})
		return err
	})
	r, err := (&http.Client{Jar: jar}).Get(s.url + path)
	if err != nil {
		s.Fatal(err)
	}
	defer r.Body.Close()
	raw := must(io.ReadAll(r.Body))
	if r.StatusCode != status {
		s.Fatalf("%s: status %d, want %d: %s", path, r.StatusCode, status, raw)
	}
	doc := must(html.Parse(bytes.NewReader(raw)))
	uitest.Sound(s.T, doc)
	return uitest.Text(doc), doc
}

func (s *stage) shows(text string, all ...string) {
	s.Helper()
	for _, x := range all {
		if !strings.Contains(text, x) {
			s.Errorf("%q is missing: %s", x, text)
		}
	}
}

func (s *stage) hides(text string, all ...string) {
	s.Helper()
	for _, x := range all {
		if strings.Contains(text, x) {
			s.Errorf("%q is there: %s", x, text)
		}
	}
}

// ticket has somebody ask a team.
func (s *stage) ticket(team int64) (id int64) {
	s.Helper()
	s.write(func(tx *db.Tx) error {
		id = must(s.desk.Create(s.Context(), tx, ticket.By{Actor: s.people["Hana"]}, ticket.New{Requester: s.people["Hana"].ID, Team: team, Message: ticket.Draft{Text: "Printer"}})).ID
		return nil
	})
	return id
}

// shift plans a published one today; for nobody with "".
func (s *stage) shift(who, hours, breaks string) {
	s.Helper()
	s.write(func(tx *db.Tx) error {
		made := must(s.rota.Add(s.Context(), tx, s.people["Lena"], shift.Plan{TeamID: s.team, Name: "Day", Day: calendar.DateOf(2026, 11, 23), Zone: "UTC", Hours: hours, Breaks: breaks}))
		if who != "" {
			must(s.rota.Assign(s.Context(), tx, s.people["Lena"], made, s.people[who].ID, false))
		}
		_, _, err := s.rota.Publish(s.Context(), tx, s.people["Lena"], s.team, shift.Span{From: 0, Until: monday.Add(14 * 24 * time.Hour)})
		return err
	})
}

func TestHowItIsAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		s.now = monday.Add(-50 * 24 * time.Hour) // what is learned of a team is forgotten within an hour
		text, _ := s.sees("Lena", 200, "/load")
		s.shows(text, "Nothing waits, and nobody is planned")
		for back := 6 * 7; back > 0; back-- { // six weeks in which eight came between nine and one
			day := monday.Time().AddDate(0, 0, -back)
			if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
				continue
			}
			for hour := 9; hour < 13; hour++ {
				s.now = clock.From(time.Date(day.Year(), day.Month(), day.Day(), hour, 10, 0, 0, time.UTC))
				for range 2 {
					id := s.ticket(s.team)
					s.write(func(tx *db.Tx) error {
						return s.desk.SetStatus(t.Context(), tx, ticket.By{Actor: person.System}, id, ticket.Solved)
					})
				}
			}
		}
		s.now = monday.Add(-2 * time.Hour) // before the hour before now
		s.ticket(s.team)
		s.now = monday
		id := s.ticket(s.team)
		s.ticket(s.private)
		s.write(func(tx *db.Tx) error {
			if err := proposal.SaveNeed(t.Context(), tx, s.people["Lena"], proposal.Need{TeamID: s.team, Share: 90, WithinMinutes: 60, PerHour: 100, Least: 1}); err != nil {
				return err
			}
			return s.desk.Assign(t.Context(), tx, ticket.By{Actor: s.people["Jonas"]}, id, s.people["Jonas"].ID)
		})
		s.shift("Amara", "8–13", "9:15–9:45")
		s.shift("Jonas", "9–12", "")
		s.shift("Priya", "14–17", "")
		s.shift("", "14–17", "")
		text, doc := s.sees("Lena", 200, "/load")
		s.shows(text, "One is here; 2 tickets wait for the desk, one of which nobody has.", "1 came in the last hour, 2 today.", "Amara until 13:00, in a break until 09:45", "Jonas until 12:00", "Priya from 14:00", "somebody who is not found yet from 14:00",
			"10:00–11:00: about 2 come (0 to 4)", "That takes 4; 2 are planned.", "See the plan")
		s.hides(text, "Payroll", "quiet hour", "Printer")
		if link := uitest.All(doc, func(n *html.Node) bool {
			return uitest.Attr(n, "href") == "/rota/need?team="+decimal(s.team)+"&week=2026-11-23"
		}); len(link) == 0 {
			t.Error("nothing leads to the plan")
		}
		text, _ = s.sees("Lena", 200, "/load?team="+decimal(s.team))
		s.shows(text, "The next hours", "The days ahead", "a day was off by", "Tuesday 8 20 0", "09:00–12:00: 2 more")
		s.sees("Lena", 404, "/load?team="+decimal(s.private))
		s.sees("Amara", 403, "/load")
		s.sees("Hana", 403, "/load")
	})
}

func TestTurnsThatAreNear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		s.write(func(tx *db.Tx) error {
			s.turn(tx, "Hana", "Priya", stint.Running, -1)
			s.turn(tx, "Omar", "Priya", stint.Agreed, 3*24)
			s.turn(tx, "Hana", "Priya", stint.Agreed, 40*24) // too far ahead for both
			s.turn(tx, "Omar", "Priya", stint.Over, -48)     // what was is told of no mentor
			if err := stint.SetMentor(t.Context(), tx, s.people["Priya"], true); err != nil {
				return err
			}
			tx.Now = monday.Add(-800 * 24 * time.Hour)
			_, err := stint.SavePolicy(t.Context(), tx, s.people["Lena"], stint.Policy{Name: "An hour", TeamID: s.team, Minutes: 60, EveryMonths: 12, Active: true})
			return err
		})
		text, _ := s.sees("Lena", 200, "/load")
		s.shows(text, "At the desk today", "Hana , Monday, 23 November 2026, 08:30 · beside Priya · at the desk now", "Until the end of next week", "Omar , Thursday, 26 November 2026", "More than one guest is planned beside Priya:", "First line: Priya is the only mentor. Nobody could stand in.", "2 turns are due and have no date.")
		s.hides(text, "January 2027")
		if n := strings.Count(text, "Omar ,"); n != 2 { // near, and beside whom
			t.Errorf("Omar is named %d times: %s", n, text)
		}
		text, _ = s.sees("Lena", 200, "/load?team="+decimal(s.team))
		s.shows(text, "beside Priya")
	})
}

// turn stores a turn of two hours, so many hours from now.
func (s *stage) turn(tx *db.Tx, guest, mentor string, state stint.State, hours int) {
	from := monday.Add(time.Duration(hours) * time.Hour)
	must(tx.Exec(s.Context(), `INSERT INTO stint (team_id, person_id, mentor_id, kind, stage, state, from_at, until, ended_at, created_at) VALUES ($1, $2, $3, 'stint', 'draft', $4, $5, $6, 0, $7)`,
		s.team, s.people[guest].ID, s.people[mentor].ID, state, from, from.Add(2*time.Hour), monday))
}

func TestCardsAndTheQuietHour(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		id, private := s.ticket(s.team), s.ticket(s.private)
		card := func(tx *db.Tx, ticket int64, text string, back time.Duration, kept bool) {
			must(tx.Exec(t.Context(), `INSERT INTO card (ticket_id, from_id, to_id, text, how, at, kept) VALUES ($1, $2, $3, $4, 'page', $5, $6)`, ticket, s.people["Hana"].ID, s.people["Jonas"].ID, text, monday.Add(-back), kept))
		}
		s.write(func(tx *db.Tx) error {
			card(tx, id, "Of three days ago", 72*time.Hour, false)
			card(tx, id, "Kept to themselves", 72*time.Hour, true)
			card(tx, id, "Of this morning", time.Hour, false)
			card(tx, id, "Of last month", 30*24*time.Hour, false)
			card(tx, private, "Of payroll", 72*time.Hour, false)
			_, err := tx.Exec(t.Context(), `INSERT INTO quiet_week (week, people, or_more) VALUES ($1, 4, FALSE)`, int64(calendar.DateOf(2026, 11, 16)))
			return err
		})
		text, _ := s.sees("Lena", 200, "/load")
		s.shows(text, "Of three days ago", "Hana to Jonas", "Last week 4 people had a day without a quiet hour.", "Who it is, only they see.")
		s.hides(text, "Kept to themselves", "Of this morning", "Of last month", "Of payroll")
		text, _ = s.sees("Lena", 200, "/load?team="+decimal(s.team))
		s.hides(text, "quiet hour", "Of three days ago")
		s.write(func(tx *db.Tx) error { return thanks.Setting{NoDigest: true}.Save(t.Context(), tx) })
		text, _ = s.sees("Lena", 200, "/load")
		s.hides(text, "Of three days ago", "Cards of the week")
	})
}
