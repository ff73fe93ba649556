package plan

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/blob"
	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/job"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/proposal"
	"goodturn/internal/routing"
	"goodturn/internal/secret"
	"goodturn/internal/shift"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
	"goodturn/internal/web/ui/uitest"
)

// monday is 23 November 2026, eight o'clock.
var monday = clock.From(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))

// stage is a desk with a team of four, a lead, and a clock that the test sets.
type stage struct {
	*testing.T
	db            *db.DB
	url           string
	now           clock.Instant
	queue         *job.Queue
	rota          *shift.Rota
	planner       *proposal.Planner
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
	s := &stage{T: t, db: d, now: monday, people: map[string]person.Actor{}}
	d.SetClock(func() clock.Instant { return s.now })
	blobs := must(blob.Open(t.TempDir()))
	key := must(secret.NewSigner(bytes.Repeat([]byte("k"), 32)))
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	site := &page.Site{DB: d, Blobs: blobs, Key: key, Hub: live.New(10), Log: log, Zone: time.UTC, Door: &person.Door{DB: d, Key: key, Log: log}}
	s.queue = job.NewQueue(d, log, 1)
	s.rota = &shift.Rota{DB: d, Queue: s.queue, Key: key, Log: log, Zone: time.UTC}
	s.rota.Handlers()
	s.planner = &proposal.Planner{DB: d, Queue: s.queue, Rota: s.rota, Log: log}
	s.planner.Handlers()
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	site.Mount(mux, Routes(&Pages{Site: site, Planner: s.planner}))
	site.Mount(mux, []page.Route{{Pattern: "GET /rota", Verb: person.UseDesk, Handle: func(w http.ResponseWriter, r *http.Request, v page.Visit) error {
		return page.Render(w, r, 200, WishPage(WishView{Frame: Frame{Flash: v.Flash}})) // stands for the week
	}}})
	h := must(site.Guard(mux))
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	s.url = server.URL
	s.write(func(tx *db.Tx) error {
		s.team = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		s.private = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		var ids []int64
		for _, name := range []string{"Amara", "Jonas", "Priya", "Ben", "Lena", "Hana"} {
			role := map[string]person.Role{"Lena": person.Lead, "Hana": person.Requester}[name]
			if role == "" {
				role = person.Agent
			}
			p := must(person.Create(t.Context(), tx, person.New{Name: name, Role: role, Addresses: []string{name + "@desk.example"}}))
			s.people[name] = person.Actor{ID: p.ID}
			if role == person.Agent {
				ids = append(ids, p.ID)
			}
		}
		if err := person.SetMembers(t.Context(), tx, s.private, ids[:1]); err != nil {
			return err
		}
		return person.SetMembers(t.Context(), tx, s.team, ids)
	})
	for name, a := range s.people {
		s.write(func(tx *db.Tx) error {
			s.people[name] = must(person.ActorOf(t.Context(), tx, a.ID))
			return nil
		})
	}
	return s
}

func (s *stage) write(fn func(tx *db.Tx) error) {
	s.Helper()
	if err := s.db.Write(s.Context(), fn); err != nil {
		s.Fatal(err)
	}
}

// visitor is a browser without scripts.
func (s *stage) visitor(name string) *http.Client {
	s.Helper()
	jar := must(cookiejar.New(nil))
	s.write(func(tx *db.Tx) error {
		token, err := person.StartSession(s.Context(), tx, s.people[name].ID, "Firefox", "192.0.2.7")
		jar.SetCookies(must(url.Parse(s.url)), []*http.Cookie{{Name: "goodturn-session", Value: token, Path: "/"}})
		return err
	})
	return &http.Client{Jar: jar}
}

// ask gets a page, or posts a form of names and values to it; text is what it shows, at where it was led to.
func (s *stage) ask(c *http.Client, status int, path string, form ...string) (text string, doc *html.Node, at string) {
	s.Helper()
	var r *http.Response
	var err error
	if len(form) > 0 {
		v := url.Values{}
		for i := 0; i < len(form); i += 2 {
			v.Add(form[i], form[i+1])
		}
		r, err = c.PostForm(s.url+path, v)
	} else {
		r, err = c.Get(s.url + path)
	}
	if err != nil {
		s.Fatal(err)
	}
	defer r.Body.Close()
	raw := must(io.ReadAll(r.Body))
	if r.StatusCode != status {
		s.Fatalf("%s: status %d, want %d: %s", path, r.StatusCode, status, raw)
	}
	doc = must(html.Parse(bytes.NewReader(raw)))
	uitest.Sound(s.T, doc)
	return uitest.Text(doc), doc, r.Request.URL.Path
}

func (s *stage) shows(text string, all ...string) {
	s.Helper()
	for _, x := range all {
		if !strings.Contains(text, x) {
			s.Errorf("%q is missing: %s", x, text)
		}
	}
}

// tickets has the team asked three times an hour from nine to five, Monday to Friday, for so many weeks before now.
func (s *stage) tickets(weeks int) {
	s.Helper()
	now, desk := s.now, &ticket.Desk{}
	for day := now.Time().AddDate(0, 0, -7*weeks); day.Before(now.Time()); day = day.AddDate(0, 0, 1) {
		if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			continue
		}
		for hour := 9; hour < 17; hour++ {
			s.now = clock.From(time.Date(day.Year(), day.Month(), day.Day(), hour, 10, 0, 0, time.UTC))
			s.write(func(tx *db.Tx) error {
				for range 3 {
					if _, err := desk.Create(s.Context(), tx, ticket.By{Actor: s.people["Hana"]}, ticket.New{Requester: s.people["Hana"].ID, Team: s.team, Message: ticket.Draft{Text: "Printer"}}); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	s.now = now
}

// shifts makes two shifts a working day of this week, and one on Tuesday night for which German is needed.
func (s *stage) shifts() {
	s.write(func(tx *db.Tx) error {
		for day := range 5 {
			for range 2 {
				must(s.rota.Add(s.Context(), tx, s.people["Lena"], shift.Plan{TeamID: s.team, Name: "Day", Day: calendar.DateOf(2026, 11, 24+day), Zone: "UTC", Hours: "9–17"}))
			}
		}
		must(s.rota.Add(s.Context(), tx, s.people["Lena"], shift.Plan{TeamID: s.team, Name: "Night", Day: calendar.DateOf(2026, 11, 24), Zone: "UTC", Hours: "22–6", Skills: "de"}))
		return nil
	})
}

func (s *stage) all() (out []shift.Shift) {
	s.write(func(tx *db.Tx) error {
		out = must(shift.Between(s.Context(), tx, s.team, shift.Span{From: monday, Until: monday.Add(7 * 24 * time.Hour)}))
		return nil
	})
	return out
}

func TestHowManyAreNeeded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		s.shifts()
		lena := s.visitor("Lena")
		text, _, _ := s.ask(lena, 200, "/rota/need")
		s.shows(text, "There is too little to foretell anything yet", "It takes 3 whole weeks with 60 tickets", "11 shifts of this week are open")
		s.tickets(6)
		s.now += hourLong // what was learned is an hour old
		text, _, _ = s.ask(lena, 200, "/rota/need")
		s.shows(text, "is not known yet", "a day was off by")
		s.ask(lena, 422, "/rota/need", "team", decimal(s.team), "share", "90", "within", "soon", "hour", "a lot", "least", "1")
		text, _, at := s.ask(lena, 200, "/rota/need", "team", decimal(s.team), "week", "2026-11-23", "share", "90", "within", "60", "hour", "2,5", "least", "1")
		s.shows(text, "It is reckoned anew", "with 2.5 conversations an hour for each at the desk, as was said below", "Wednesday, 09:00–17:00: 2 more are needed")
		if at != needURL {
			t.Errorf("led to %s", at)
		}
		all := s.all()
		s.write(func(tx *db.Tx) error {
			for _, x := range all {
				if x.FromAt.Time().Weekday() == time.Wednesday && x.Name == "Day" {
					who := s.people[[]string{"Amara", "Jonas"}[x.ID%2]].ID
					if _, err := s.rota.Assign(t.Context(), tx, s.people["Lena"], x.ID, who, false); err != nil {
						return err
					}
				}
			}
			return nil
		})
		text, _, _ = s.ask(lena, 200, "/rota/need")
		if strings.Contains(text, "Wednesday, 09:00–17:00") {
			t.Errorf("two are planned on Wednesday, and still: %s", text)
		}
		s.ask(s.visitor("Amara"), 403, "/rota/need")
		s.ask(lena, 404, "/rota/need?team="+decimal(s.private))
		s.ask(s.visitor("Amara"), 403, "/rota/need", "team", decimal(s.team), "share", "90", "within", "60", "least", "1")
	})
}

func TestARotaIsProposedAndTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		s.shifts()
		text, _, _ := s.ask(s.visitor("Jonas"), 200, "/rota/wishes", "wednesday", "3", "thursday", "-3")
		s.shows(text, "Your wishes are kept")
		s.ask(s.visitor("Jonas"), 422, "/rota/wishes", "wednesday", "lots")
		lena := s.visitor("Lena")
		s.ask(s.visitor("Amara"), 403, "/rota/proposals", "team", decimal(s.team), "week", "2026-11-23")
		text, doc, at := s.ask(lena, 200, "/rota/proposals", "team", decimal(s.team), "week", "2026-11-23", "weeks", "1")
		s.shows(text, "Looking for a good rota")
		if len(uitest.All(doc, func(n *html.Node) bool { return uitest.Has(n, "data-running") })) != 1 {
			t.Error("the page is not looked at again")
		}
		if _, _, again := s.ask(lena, 200, "/rota/proposals", "team", decimal(s.team), "week", "2026-11-23", "weeks", "1"); again != at {
			t.Errorf("sent twice, there are two: %s and %s", at, again)
		}
		must(s.queue.Drain(t.Context()))
		text, doc, _ = s.ask(lena, 200, at)
		s.shows(text, "8 h of shifts stay open. No rota that keeps the rules fills more.", "Night, Tuesday, 24 November 2026, 22:00–06:00: one is missing. Nobody in the team has: de.", "Jonas wished for it", "no rota is better than this one")
		for _, x := range s.all() {
			if x.PersonID != 0 || x.Published {
				t.Errorf("proposing changed %+v", x)
			}
		}
		s.ask(s.visitor("Amara"), 404, at)
		s.ask(lena, 409, at+"/taking", "with", "")
		var form []string
		for _, in := range uitest.Named(doc, "input") {
			if uitest.Attr(in, "name") == "with" {
				form = append(form, "with", uitest.Attr(in, "value"))
			}
		}
		if len(form) != 20 {
			t.Fatalf("%d places", len(form)/2)
		}
		first, second := number(form[1]), number(form[3])
		s.write(func(tx *db.Tx) error { // in the meantime the first has somebody, and the second is left out below
			_, err := s.rota.Assign(t.Context(), tx, s.people["Lena"], first, s.people["Ben"].ID, false)
			return err
		})
		text, _, _ = s.ask(lena, 200, at+"/taking", append(form[:2:2], form[4:]...)...)
		s.shows(text, "shifts have somebody now. Nothing was published by it.", "left as", "Somebody has this shift now")
		open := 0
		for _, x := range s.all() {
			if x.Published {
				t.Errorf("taking published %+v", x)
			}
			if x.ID == first && x.PersonID != s.people["Ben"].ID || x.ID == second && x.PersonID != 0 {
				t.Errorf("it became %+v", x)
			}
			if x.PersonID == 0 {
				open++
			}
		}
		if open > 3 { // the night, the one that was left out, and what stands against Ben's
			t.Errorf("%d shifts are open", open)
		}
		s.ask(lena, 409, at+"/taking", form...)
		text, _, _ = s.ask(lena, 200, at)
		s.shows(text, "This proposal was taken")
	})
}

func TestAProposalIsPutAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		lena := s.visitor("Lena")
		s.ask(lena, 409, "/rota/proposals", "team", decimal(s.team), "week", "2026-11-23", "weeks", "1")
		s.ask(lena, 404, "/rota/proposals", "team", decimal(s.private), "week", "2026-11-23", "weeks", "1")
		s.shifts()
		_, _, at := s.ask(lena, 200, "/rota/proposals", "team", decimal(s.team), "week", "2026-11-23", "weeks", "4")
		must(s.queue.Drain(t.Context()))
		text, _, _ := s.ask(lena, 200, at+"/removal", "x", "")
		s.shows(text, "The rota is as it was")
		text, _, _ = s.ask(lena, 200, at)
		s.shows(text, "was put away")
		s.ask(lena, 409, at+"/taking", "with", "1")
		s.now = s.now.Add(70 * 24 * time.Hour)
		s.write(func(tx *db.Tx) error { return proposal.Sweep(t.Context(), tx) })
		s.ask(lena, 404, at)
	})
}

// TestWhatNobodyCanFillIsNamed: of each shift that stays open the page says when it is, of which team, and what is missing; also where somebody has two jobs, of which one is nobody's business,
// or lives in another zone.
func TestWhatNobodyCanFillIsNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		lena, amara, jonas := s.people["Lena"], s.people["Amara"], s.people["Jonas"]
		tokyo := "Asia/Tokyo"
		add := func(team int64, name, day, hours, skills string) (id int64) {
			s.write(func(tx *db.Tx) (err error) {
				by := lena
				if team == s.private {
					by = person.System
				}
				id, err = s.rota.Add(t.Context(), tx, by, shift.Plan{TeamID: team, Name: name, Day: must(calendar.ParseDate(day)), Zone: "UTC", Hours: hours, Skills: skills})
				return err
			})
			return id
		}
		s.write(func(tx *db.Tx) error {
			if err := person.SetMembers(t.Context(), tx, s.team, []int64{amara.ID, jonas.ID}); err != nil {
				return err
			}
			if err := person.Update(t.Context(), tx, jonas.ID, person.Change{Zone: &tokyo}); err != nil {
				return err
			}
			for _, away := range []struct {
				who         int64
				from, until string
			}{{jonas.ID, "2026-11-24", "2026-11-26"}, {amara.ID, "2026-11-25", "2026-11-26"}} {
				if _, err := routing.SaveAbsence(t.Context(), tx, lena, routing.Absence{PersonID: away.who, FromAt: clock.From(must(calendar.ParseDate(away.from)).Time()), UntilAt: clock.From(must(calendar.ParseDate(away.until)).Time()), HandOver: routing.Keeps}); err != nil {
					return err
				}
			}
			return nil
		})
		payroll := add(s.private, "Payroll run", "2026-11-24", "9–17", "")
		s.write(func(tx *db.Tx) error {
			_, err := s.rota.Assign(t.Context(), tx, person.System, payroll, amara.ID, false)
			return err
		})
		add(s.team, "Day", "2026-11-24", "10–14", "")          // Jonas is away, Amara has her other job
		add(s.team, "Day", "2026-11-25", "10–14", "")          // both are away
		add(s.team, "Consoles", "2026-11-26", "10–14", "unix") // nobody has it
		night := add(s.team, "Late", "2026-11-27", "15–21", "")
		add(s.team, "Late", "2026-11-27", "15–21", "") // both of them are needed, for one it is night

		lead := s.visitor("Lena")
		_, _, at := s.ask(lead, 200, "/rota/proposals", "team", decimal(s.team), "week", "2026-11-23", "weeks", "1")
		must(s.queue.Drain(t.Context()))
		text, _, _ := s.ask(lead, 200, at)
		s.shows(text, "First line, from Monday, 23 November 2026",
			"Day, Tuesday, 24 November 2026, 10:00–14:00: one is missing. None of the 2 in the team can: one is away, one has another shift then.",
			"Day, Wednesday, 25 November 2026, 10:00–14:00: one is missing. None of the 2 in the team can: 2 are away.",
			"Consoles, Thursday, 26 November 2026, 10:00–14:00: one is missing. Nobody in the team has: unix.")
		if strings.Contains(text, "Payroll") || strings.Contains(text, "Late, Friday") {
			t.Errorf("it tells of a private team, or misses what can be filled: %s", text)
		}
		s.write(func(tx *db.Tx) error {
			x := must(shift.See(t.Context(), tx, lena, night))
			crew := must(s.rota.CrewOf(t.Context(), tx, lena, s.team, x.Span()))
			if all := crew.Against(x, jonas.ID); len(all) != 1 || all[0].What != shift.TheirDark || all[0].Weight != shift.Note || !strings.Contains(all[0].Words.String(), "their clock shows 00:00 when it begins (Asia/Tokyo)") {
				t.Errorf("of his night: %+v", all)
			}
			return nil
		})
	})
}
