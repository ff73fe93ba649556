package rota

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

	"goodturn/internal/calendar"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/i18n"
	"goodturn/internal/job"
	"goodturn/internal/live"
	"goodturn/internal/person"
	"goodturn/internal/secret"
	"goodturn/internal/shift"
	"goodturn/internal/thanks"
	"goodturn/internal/web/page"
	"goodturn/internal/web/ui"
	"goodturn/internal/web/ui/uitest"
)

// monday is a Monday in winter, ten in the morning in UTC.
var monday = clock.From(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))

func samples() map[string]templ.Component {
	f := Frame{Site: "Goodturn", Now: monday, Nav: page.Nav{Me: page.Me{Name: "Priya Kaur"}}}
	team := person.Team{ID: 1, Name: "First line"}
	at := func(hours int) clock.Instant { return monday.Add(time.Duration(hours) * time.Hour) }
	now := ShiftRow{Shift: shift.Shift{ID: 1, TeamID: 1, Name: "Early", Zone: "UTC", FromAt: at(-2), UntilAt: at(6), PersonID: 1, Published: true, Breaks: shift.Spans{{From: at(2), Until: at(3)}}, Unloved: 60}, Who: "Amara Okafor", Now: true, Mine: true}
	open := ShiftRow{Shift: shift.Shift{ID: 2, TeamID: 1, Name: "Night", Zone: "Europe/Berlin", FromAt: at(12), UntilAt: at(20), Published: true, Skills: "de printer"}}
	draft := ShiftRow{Shift: shift.Shift{ID: 3, TeamID: 1, Name: "Late", Zone: "UTC", FromAt: at(30), UntilAt: at(36), PersonID: 2}, Who: "ليلى حداد", For: "Amara Okafor"}
	week := WeekView{
		Frame: f, Teams: []person.Team{team, {ID: 2, Name: "Network"}}, Team: team, From: calendar.DateAt(monday.Time()), Plans: true, Drafts: 1, Open: 1, Gaps: []string{"Night, Monday"}, Against: []Against{{draft, []string{"Only 8 h of rest."}}}, Left: []shift.Member{{ID: 2, Name: "ليلى حداد"}},
		Covered: true, AtDesk: []string{"Amara Okafor"}, InBreak: []string{"Jonas until 11:00"}, Elsewhere: "Europe/Berlin", Days: []DayView{{Date: calendar.DateAt(monday.Time()), Today: true, Rows: []ShiftRow{now, open}}, {Date: calendar.DateAt(monday.Time()) + 1, Rows: []ShiftRow{draft}}, {Date: calendar.DateAt(monday.Time()) + 2}},
	}
	swap := SwapRow{Swap: shift.Swap{ID: 1, State: shift.Asked, Note: "My daughter plays"}, Given: now, Wanted: draft, Asker: "Amara Okafor", Other: "Jonas Lind"}
	cover := shift.Cover{ID: 1, FromAt: at(0), UntilAt: at(1), State: shift.Asked, DueAt: at(1)}
	form := PatternForm{Name: "Early", First: "2026-11-23", Hours: "8–16", Zone: "Europe/Berlin", Needed: "2", Days: weekdays[:5], Rule: "FREQ=DAILY"}
	state := func(s shift.State) CoverView {
		c := cover
		c.State = s
		return CoverView{Frame: f, Cover: c, Asker: "Jonas Lind", Taker: "Amara Okafor", Asked: []string{"Amara Okafor"}, Mine: true}
	}
	thank, thanked := state(shift.Taken), state(shift.Taken)
	thank.MayThank, thank.Text, thank.Wrong = true, "Thank you for covering for me.", map[string]string{"text": "Please write a few words."}
	thanked.Thanked = true
	return map[string]templ.Component{
		"week":          WeekPage(week),
		"week-empty":    WeekPage(WeekView{Frame: f, Team: team, From: week.From, Days: []DayView{{Date: week.From}}, Plans: true, Wrong: map[string]string{"hours": "From when until when?"}}),
		"week-nothing":  WeekPage(WeekView{Frame: f, Team: team, From: week.From, Covered: true}),
		"shift":         ShiftPage(ShiftView{Frame: f, Row: now, Team: "First line", Against: []string{"It is night."}, Left: "Amara Okafor", Plans: true, Swaps: []ui.Choice{{Value: "3", Label: "Jonas"}}, People: []ui.Choice{{Value: "0", Label: "nobody"}}, Next: "By the rule.", Anyway: true, Wrong: map[string]string{"person": "Away.", "hours": "No."}, Answers: []AnswerView{{shift.Invite{ID: 1, Answer: shift.Tentative, Comment: "late", WantedFrom: at(3), WantedUntil: at(9), Strays: "a@b.example declined"}, "Jonas"}}}),
		"shift-open":    ShiftPage(ShiftView{Frame: f, Row: open, Team: "First line", MayTake: true}),
		"mine":          MinePage(MineView{Frame: f, Days: week.Days[:2], Week: 900, Most: 2400, Swaps: []SwapRow{swap}, Covers: []CoverRow{{Cover: cover, Asker: "Jonas Lind"}}, ToThank: []CoverRow{{Cover: cover, Taker: "Amara Okafor"}}, Fairs: []FairRow{{shift.Fair{Span: shift.Span{From: at(-9), Until: at(9)}, Mine: 300, Mean: 100, People: 4}, "First line"}}, Open: []ShiftRow{open}, Feed: "https://desk.example/rota-feed/x/rota.ics", Feeds: []TeamFeed{{"First line", "https://desk.example/y"}}, Invites: true, Coverable: true, Loud: []calendar.Date{week.From - 3, week.From - 2}}),
		"mine-loud":     MinePage(MineView{Frame: f, Loud: []calendar.Date{week.From}}),
		"mine-empty":    MinePage(MineView{Frame: f}),
		"swap":          SwapPage(SwapView{f, swap}),
		"cover-form":    CoverFormPage(CoverForm{Frame: f, Has: true, Row: now, From: "10:00", Until: "11:00", When: "10:00–11:00", Who: []string{"Jonas"}, Wrong: map[string]string{"until": "It ends before it begins."}}),
		"cover-none":    CoverFormPage(CoverForm{Frame: f}),
		"cover-again":   CoverFormPage(CoverForm{Frame: f, Has: true, Asked: cover}),
		"cover-asked":   CoverPage(state(shift.Asked)),
		"cover-me":      CoverPage(CoverView{Frame: f, Cover: cover, Asker: "Jonas Lind", CanAnswer: true}),
		"cover-taken":   CoverPage(state(shift.Taken)),
		"cover-thank":   CoverPage(thank),
		"cover-thanked": CoverPage(thanked),
		"cover-nobody":  CoverPage(state(shift.Nobody)),
		"cover-void":    CoverPage(state(shift.Void)),
		"patterns":      PatternsPage(PatternsView{Frame: f, Team: team, Rows: []PatternRow{{shift.Pattern{ID: 1, Name: "Early", Zone: "Europe/Berlin", Needed: 2}, "Monday", "8–16", "12–12:30"}}}),
		"patterns-none": PatternsPage(PatternsView{Frame: f, Team: team}),
		"pattern":       PatternPage(PatternView{Frame: f, Team: team, ID: 1, Typed: form, Tried: true, Shown: []ShiftRow{now, open}}),
		"pattern-wrong": PatternPage(PatternView{Frame: f, Team: team, Typed: form, Wrong: map[string]string{"name": "What?", "rule": "Never fires.", "hours": "When?", "breaks": "Overlap.", "zone": "Where?", "needed": "How many?", "first": "When?", "skills": "Words."}}),
		"settings":      SettingsPage(SettingsView{Frame: f, Team: team, Rest: "11", Week: "40", Ahead: "6", People: []LimitRow{{ID: 1, Name: "Amara", Hours: "20"}, {ID: 2, Name: "Jonas", Hours: "x", Error: "Hours."}}}),
	}
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

// office is a desk's server with a team of three, a private team and a lead.
type office struct {
	*testing.T
	db                        *db.DB
	rota                      *shift.Rota
	url                       string
	amara, jonas, priya, lead int64
	team, private             int64
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	key, err := secret.NewSigner(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	site := &page.Site{DB: d, Key: key, Hub: live.New(10), Log: log, Zone: time.UTC, Door: &person.Door{DB: d, Key: key, Log: log}}
	o := &office{T: t, db: d, rota: &shift.Rota{DB: d, Queue: job.NewQueue(d, log, 1), Key: key, Log: log, Zone: time.UTC}}
	book := &thanks.Book{}
	o.rota.Card = func(ctx context.Context, tx *db.Tx, by person.Actor, to int64, w shift.CardWords) (int64, error) {
		c, err := book.ToColleague(ctx, tx, by, thanks.Words{To: to, Text: w.Text, Wall: w.Wall}, w.Alone)
		return c.ID, err
	}
	o.rota.Handlers()
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Handler())
	site.Mount(mux, Routes(&Pages{Site: site, Rota: o.rota, URL: func() string { return o.url }}))
	h, err := site.Guard(mux)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	o.url = s.URL
	err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
		for name, x := range map[string]struct {
			id   *int64
			role person.Role
		}{"Amara": {&o.amara, person.Agent}, "Jonas": {&o.jonas, person.Agent}, "Priya": {&o.priya, person.Agent}, "Lena": {&o.lead, person.Lead}} {
			p, err := person.Create(t.Context(), tx, person.New{Name: name, Role: x.role, Addresses: []string{name + "@desk.example"}})
			if err != nil {
				return err
			}
			*x.id = p.ID
		}
		if o.team, err = person.SaveTeam(t.Context(), tx, person.Team{Slug: "a-first", Name: "A first line"}); err != nil {
			return err
		}
		if o.private, err = person.SaveTeam(t.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}); err != nil {
			return err
		}
		if err := person.SetMembers(t.Context(), tx, o.private, []int64{o.priya}); err != nil {
			return err
		}
		return person.SetMembers(t.Context(), tx, o.team, []int64{o.amara, o.jonas, o.priya})
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// as is a browser without scripts in which somebody is signed in.
func (o *office) as(who int64) *http.Client {
	o.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.Fatal(err)
	}
	var token string
	err = o.db.Write(o.Context(), func(tx *db.Tx) (err error) {
		token, err = person.StartSession(o.Context(), tx, who, "test", "")
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	at, _ := url.Parse(o.url)
	jar.SetCookies(at, []*http.Cookie{{Name: "goodturn-session", Value: token, Path: "/"}})
	return &http.Client{Jar: jar}
}

func (o *office) do(c *http.Client, method, path string, form url.Values) (status int, body string) {
	o.Helper()
	r, err := http.NewRequestWithContext(o.Context(), method, o.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		o.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", o.url)
	w, err := c.Do(r)
	if err != nil {
		o.Fatal(err)
	}
	defer w.Body.Close()
	raw, err := io.ReadAll(w.Body)
	if err != nil {
		o.Fatal(err)
	}
	return w.StatusCode, string(raw)
}
